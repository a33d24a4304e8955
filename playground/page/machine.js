// The bot as a process, its address, and the faults that wait for its next calls.
import { h, button } from "./dom.js";
import { bus, can, world } from "./model.js";
import { attempt, get, post, remove } from "./net.js";
import { W } from "./words.js";

const METHODS = ["sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates", "sendPhoto", "sendMediaGroup", "getFile", "*"];
const HANG_SECONDS = 20;

export class Machine {
  constructor() {
    this.light = h("p.light", { role: "status" });
    this.method = h("select", { ariaLabel: W.method }, METHODS.map((name) => h("option", { value: name }, name)));
    this.count = h("select", { ariaLabel: W.count }, [1, 2, 3, 5, 0].map((n) => h("option", { value: n }, n ? `×${n}` : W.untilCleared)));
    this.waiting = h("ul.timers");
    this.account = h("dl");
    this.root = h("div.machine", {}, h("h3", {}, W.process), this.processPart(), h("h3", {}, W.faults), this.faultPart(),
      h("h3", {}, W.faultWaits), this.waiting, button(W.clearFaults, () => this.clear()), h("h3", {}, W.account), this.account);
    bus.on("reset", () => this.begin());
    bus.on("people", () => this.drawAccount());
    bus.on("call", (call) => call.fault && this.fetch());
  }

  processPart() {
    const turn = (what) => async () => { await attempt(() => post("/backstage/bot", { do: what })); };
    this.buttons = h("div.buttons", {}, button(W.startBot, turn("start"), { className: "main", data: { bot: "start" } }),
      button(W.stopBot, turn("stop"), { data: { bot: "stop" } }), button(W.killBot, turn("kill"), { className: "bad", data: { bot: "kill" } }));
    return h("div", {}, this.light, this.buttons);
  }

  faultPart() {
    const kinds = Object.entries(W.faultKinds).map(([kind, words]) => button(words, () => this.add(kind), { data: { fault: kind } }));
    return h("div", {}, h("div.filters", {}, h("label", {}, W.method, this.method), h("label", {}, W.count, this.count)), h("div.buttons.grid", {}, kinds));
  }

  async add(kind) {
    const fault = { kind, method: kind === "duplicate" ? "getUpdates" : this.method.value, count: Number(this.count.value), seconds: HANG_SECONDS };
    this.draw(await attempt(() => post("/playground/faults", fault)));
  }

  async clear() { await attempt(() => remove("/playground/faults")); this.fetch(); }

  async fetch() { this.draw(await attempt(() => get("/playground/faults"))); }

  draw(told) {
    if (!told) return;
    this.waiting.replaceChildren(...told.result.map((fault) => h("li", {}, h("span.chip.late", {}, W.faultKinds[fault.kind] ?? fault.kind),
      ` ${fault.method} ${fault.count ? `×${fault.count}` : W.untilCleared}`)), told.result.length ? "" : h("li.dim", {}, W.noFaults));
  }

  begin() {
    this.buttons.hidden = !can("bot");
    if (!can("bot")) this.light.textContent = W.noProcess;
    this.drawAccount();
    this.fetch();
  }

  drawAccount() {
    const choose = (event) => { world.bot = Number(event.target.value); bus.emit("reset"); };
    const bots = [...world.bots.values()];
    const select = h("select", { ariaLabel: W.bot, onchange: choose }, bots.map((bot) => h("option", { value: bot.id, selected: bot.id === world.bot }, `${bot.first_name} @${bot.username}`)));
    this.account.replaceChildren(h("dt", {}, W.bot), h("dd", {}, bots.length ? select : W.noBot), h("dt", {}, W.base), h("dd", {}, h("code", {}, `${location.origin}/bot`)),
      h("dt", {}, W.token), h("dd", {}, h("code", {}, world.bots.get(world.bot)?.token ?? "123456:playground")));
  }

  see({ bot }) {
    this.light.className = `light ${bot.running ? "on" : "off"}`;
    this.light.textContent = (bot.running ? W.running : W.stopped) + (bot.waiting ? `　${W.waiting(bot.waiting)}` : "");
    const [start, stop, kill] = this.buttons.children;
    start.disabled = bot.running;
    stop.disabled = kill.disabled = !bot.running;
  }
}
