// The two stories, step by step or at speed.
import { h, button } from "./dom.js";
import { attempt, post } from "./net.js";
import { W } from "./words.js";

const turn = (body) => attempt(() => post("/backstage/story", body));

export class Stories {
  constructor() {
    this.names = h("div.storynames", { role: "group" });
    this.step = button(W.step, () => this.go({ do: "step" }), { className: "main" });
    this.play = button(W.play, () => this.go({ do: this.state.playing ? "pause" : "play" }));
    this.again = button(W.again, () => turn({ name: this.state.name }));
    this.pace = h("select", { ariaLabel: W.pace, onchange: () => turn({ pace: Number(this.pace.value) }) },
      Object.entries(W.paces).map(([value, words]) => h("option", { value }, words)));
    this.pace.value = "1";
    this.trouble = h("p.trouble", { role: "alert" });
    this.list = h("ol.story");
    this.root = h("div.stories", {}, this.names, h("div.buttons", {}, this.step, this.play, this.pace, this.again), this.trouble, this.list);
  }

  async go(body) {
    this.step.disabled = true;
    await turn({ pace: Number(this.pace.value), ...body });
    this.step.disabled = false;
  }

  see({ story, busy }) {
    const print = JSON.stringify([story, busy]);
    if (print === this.print) return;
    Object.assign(this, { print, state: story });
    this.names.replaceChildren(...Object.entries(story.names).map(([name, title]) =>
      button(title, () => turn({ name }), { ariaPressed: String(name === story.name) })));
    const isOver = story.at >= story.steps.length;
    this.step.disabled = isOver || busy || story.playing;
    this.play.textContent = story.playing ? W.pause : W.play;
    this.play.disabled = isOver;
    this.trouble.textContent = story.trouble;
    this.list.replaceChildren(...story.steps.map((words, n) => h("li", { className: n < story.at ? "done" : n === story.at ? "next" : "" }, words)),
      isOver && h("li.done", {}, W.storyEnd) || "");
    this.list.querySelector(".next")?.scrollIntoView({ block: "nearest" });
  }
}
