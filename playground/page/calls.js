// The Bot API calls as they happen: method, parameters, answer.
import { h, button, sync } from "./dom.js";
import { bus, world } from "./model.js";
import { withSeconds } from "./format.js";
import { W } from "./words.js";

const MOST = 200;

export class Calls {
  constructor() {
    this.made = new Map();
    this.since = 0;
    this.words = h("input", { type: "search", placeholder: W.filter, ariaLabel: W.filter, oninput: () => this.draw() });
    this.failed = h("input", { type: "checkbox", onchange: () => this.draw() });
    this.polls = h("input", { type: "checkbox", checked: true, onchange: () => this.draw() });
    this.count = h("span.dim");
    this.list = h("div.calllist", { role: "log" });
    this.root = h("div.calls", {}, h("div.filters", {}, this.words, h("label", {}, this.failed, W.onlyFailed), h("label", {}, this.polls, W.hidePolls),
      button(W.clear, () => { this.since = world.calls.at(-1)?.n ?? 0; this.draw(); }, { className: "quiet" }), this.count), this.list);
    for (const name of ["call", "reset"]) bus.on(name, () => this.waits ||= setTimeout(() => { this.waits = 0; this.draw(); }, 80));
  }

  draw() {
    const fitting = world.calls.filter((call) => call.n > this.since && this.fits(call)).slice(-MOST).toReversed();
    this.count.textContent = W.callsShown(fitting.length, world.calls.length);
    sync(this.list, fitting.length ? fitting.map((call) => this.row(call)) : [this.empty ??= h("p.dim", {}, W.noCalls)]);
  }

  fits(call) {
    if (this.failed.checked && call.status === 200 && !call.fault) return false;
    if (this.polls.checked && call.method === "getUpdates" && !call.fault) return false;
    const words = this.words.value.trim().toLowerCase();
    return !words || words.split(/\s+/).every((word) => this.text(call).includes(word));
  }

  text(call) { return call.text ??= JSON.stringify([call.method, call.params, call.answer, call.status, call.fault]).toLowerCase(); }

  row(call) {
    if (!this.made.has(call.n)) this.made.set(call.n, drawn(call));
    return this.made.get(call.n);
  }
}

function drawn(call) {
  const isGood = call.status === 200 && !call.fault;
  const details = h("details.call", {}, h("summary", {}, h("span", { className: `chip ${isGood ? "good" : "late"}` }, `${isGood ? "✓" : "⚠"} ${call.status}`), h("b", {}, call.method),
    h("span.dim.short", {}, inShort(call)), call.fault && h("span.chip.late", {}, `${W.fault} ${call.fault}`), h("time.dim", {}, withSeconds(Date.parse(call.at)))));
  details.addEventListener("toggle", () => {
    if (details.children.length === 1) details.append(h("h4", {}, W.params), h("pre", {}, pretty(call.params)), h("h4", {}, W.answer), h("pre", {}, pretty(call.answer)));
  }, { once: true });
  return details;
}

function inShort({ params, answer }) {
  const told = params.text ?? params.caption ?? params.action ?? answer.description ?? "";
  return [params.chat_id, String(told).replace(/<[^>]*>/g, "").split("\n")[0]].filter(Boolean).join(" · ");
}

// Parameters that are JSON in a string are shown as what they mean.
function pretty(value) {
  return JSON.stringify(value, (_, each) => {
    if (typeof each !== "string" || !/^[[{]/.test(each)) return each;
    try { return JSON.parse(each); } catch { return each; }
  }, 2);
}
