// The panel behind the glass: tickets, stories, calls, the bot; each a tab.
import { h, button, soon } from "./dom.js";
import { bus, can, world } from "./model.js";
import { attempt, get } from "./net.js";
import { Calls } from "./calls.js";
import { Machine } from "./machine.js";
import { Stories } from "./stories.js";
import { Tickets } from "./tickets.js";
import { W } from "./words.js";

const GLANCE = 5000;

export class Panel {
  constructor(root) {
    root.setAttribute("aria-label", W.panel);
    this.chosen = null;
    this.parts = { tickets: new Tickets((id) => { this.chosen = id; this.look(); }), stories: new Stories(), calls: new Calls(), faults: new Machine() };
    this.tabs = h("div.paneltabs", { role: "tablist", onkeydown: (e) => this.walk(e) });
    this.body = h("div.panelbody", { role: "tabpanel", tabIndex: -1 });
    root.append(this.tabs, this.body);
    this.look = soon(() => this.fetch(), 120);
    for (const name of ["message", "call", "clock", "backstage", "people"]) bus.on(name, this.look);
    bus.on("reset", () => this.begin());
    bus.on("moving", this.look);
    setInterval(() => can("glass") && !document.hidden && this.look(), GLANCE);
  }

  async begin() {
    const names = Object.keys(this.parts).filter((name) => !["tickets", "stories"].includes(name) || can("glass"));
    this.tabs.replaceChildren(...names.map((name) => button(W.tabs[name], () => this.show(name), { role: "tab", data: { tab: name } })));
    this.show(names.includes(this.name) ? this.name : names[0]);
    this.fetch();
  }

  show(name) {
    this.name = name;
    for (const tab of this.tabs.children) {
      const isShown = tab.dataset.tab === name;
      tab.ariaSelected = String(isShown);
      tab.tabIndex = isShown ? 0 : -1;
    }
    this.body.replaceChildren(this.parts[name].root);
  }

  walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...this.tabs.children], at = all.indexOf(document.activeElement);
    const next = all[(at + step + all.length) % all.length];
    next.focus();
    next.click();
  }

  async fetch() {
    if (!can("glass")) return;
    if (!this.diagram) await this.fetchDiagram();
    const seen = await attempt(() => get(`/backstage/look${this.chosen ? `?ticket=${this.chosen}` : ""}`));
    if (!seen?.open) return;
    this.tellRoles(seen.roles);
    bus.emit("rate", seen.rate);
    for (const part of Object.values(this.parts)) part.see?.(seen, this.diagram);
  }

  async fetchDiagram() {
    const found = await get("/backstage/diagram").catch(() => null);
    if (!found) return;
    this.diagram = found;
    world.places = found.places;
  }

  tellRoles(roles) {
    if (JSON.stringify(roles) === JSON.stringify(world.roles)) return;
    world.roles = roles;
    bus.emit("roles");
  }
}
