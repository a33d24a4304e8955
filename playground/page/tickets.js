// The tickets as the bot keeps them: state, steps, clocks, timers, and what is owed.
import { h, button } from "./dom.js";
import { now } from "./model.js";
import { diagram, ways } from "./diagram.js";
import { shortMoment } from "./format.js";
import { W } from "./words.js";

const NEAR = 0.75;

// What is seen by colour has a sign before its words as well.
const SIGNS = { late: "⚠ ", good: "✓ " };
const chip = (words, kind = "") => h("span", { className: `chip ${kind}` }, (SIGNS[kind] ?? "") + words);

export class Tickets {
  constructor(choose) {
    this.choose = choose;
    this.root = h("div.tickets", {}, h("p.dim.hint", {}, W.noTickets));
  }

  see(seen, states) {
    const { scrollTop } = this.root.parentElement ?? {};
    const open = new Set([...this.root.querySelectorAll("details")].filter((d) => !d.open).map((d) => d.dataset.part));
    const focus = document.activeElement?.dataset?.ticket;
    this.root.replaceChildren(...[this.list(seen), seen.ticket ? this.one(seen.ticket, states) : h("p.dim.hint", {}, W.noTickets),
      part("timers", W.timers, seen.timers.length, timers(seen.timers)),
      part("owed", W.owed, seen.owed.length, owed(seen.owed))].filter(Boolean));
    for (const each of this.root.querySelectorAll("details")) each.open = !open.has(each.dataset.part);
    if (scrollTop) this.root.parentElement.scrollTop = scrollTop;
    if (focus) this.root.querySelector(`[data-ticket="${focus}"]`)?.focus();
  }

  list({ tickets, ticket }) {
    return tickets.length > 0 && h("div.ticketlist", { role: "group", ariaLabel: W.tabs.tickets }, tickets.toReversed().map((each) =>
      button([h("b", {}, each.number), ` ${each.category}`, h("span.chips", {}, each.late && chip(W.late, "late"), chip(each.word))],
        () => this.choose(each.id), { ariaPressed: String(each.id === ticket?.id), data: { ticket: each.id } })));
  }

  one(ticket, states) {
    return h("article", {}, facts(ticket), part("diagram", W.diagram, 0, diagram(states, ticket), h("p.chips", {}, ways(states, ticket).map((way) => h("span.chip", {}, way)))),
      part("clocks", W.clocks, ticket.clocks.length, ticket.clocks.length ? ticket.clocks.map(clock) : [h("p.dim", {}, W.noClocks)]),
      part("steps", W.steps, ticket.steps.length, steps(ticket.steps, states)));
  }
}

function part(name, title, count, ...content) {
  return h("details", { open: true, data: { part: name } }, h("summary", {}, title, count > 0 && h("i.count", {}, String(count))), content);
}

function facts(ticket) {
  const chips = [[ticket.word, "state"], ticket.urgent && [W.urgent, "late"], ticket.breached && [`${W.late} ${shortMoment(Date.parse(ticket.breached))}`, "late"],
    ticket.told && [`${W.told} ${shortMoment(Date.parse(ticket.told))}`, "good"], ticket.untold && [W.untold, "late"]].filter(Boolean);
  const lines = [[W.resident, ticket.resident], [W.handler, ticket.handler], [W.offered, ticket.offered], [W.plan, ticket.plan]].filter(([, v]) => v);
  return h("div.facts", { data: { state: ticket.state } }, h("h3", {}, `${ticket.number} ${ticket.category} · ${ticket.place}`), h("p.said", {}, ticket.text),
    h("p.chips", {}, chips.map(([words, kind]) => chip(words, kind))),
    h("dl", {}, lines.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])));
}

function clock(each) {
  const start = Date.parse(each.started), due = Date.parse(each.due), moment = each.paused ? Date.parse(each.paused) : now();
  const share = Math.min(1, Math.max(0, (moment - start) / (due - start || 1)));
  const left = (due - moment) / 1000;
  const bar = h("i", { className: share >= 1 ? "over" : share >= NEAR ? "near" : "" });
  bar.style.width = `${share * 100}%`;
  return h("div.clock", {}, h("span", {}, each.word, each.promise && h("span.chip", {}, W.promise)),
    each.paused ? h("span.dim", {}, W.pausedClock) : remaining(left, share),
    h("div.bar", {}, bar), h("small.dim", {}, `${W.due} ${shortMoment(due)}`, each.rang.length > 0 && `　${W.rang} ${each.rang.join("、")}`));
}

function remaining(left, share) {
  if (left < 0) return h("span.over", {}, `${SIGNS.late}${W.over} ${W.span(left)}`);
  const words = `${W.left} ${W.span(left)}`;
  return share < NEAR ? h("span.dim", {}, words) : h("span.near", {}, `${SIGNS.late}${W.near} · ${words}`);
}

function steps(all, { states }) {
  const word = new Map(states.map((state) => [state.name, state.word]));
  return h("ol.steps", {}, all.toReversed().map((step) => {
    const isMoved = step.from !== step.to;
    return h("li", { className: step.system ? "system" : isMoved ? "moved" : "" }, h("time", {}, shortMoment(Date.parse(step.at))),
      h("span", {}, h("b", {}, step.who), ` ${step.what}`, isMoved && h("i.to", {}, ` → ${word.get(step.to)}`), step.said && h("small", {}, step.said)));
  }));
}

function timers(all) {
  if (!all.length) return h("p.dim", {}, W.noTimers);
  return h("ul.timers", {}, all.map((timer) => h("li", {}, h("time", {}, shortMoment(Date.parse(timer.at))),
    h("span", {}, h("b", {}, timer.number), ` ${timer.clock} `, h("span.chip", {}, timer.mark)))));
}

function owed(all) {
  if (!all.length) return h("p.dim", {}, W.noneOwed);
  return h("ul.timers", {}, all.map((row) => h("li", {}, h("time", {}, shortMoment(Date.parse(row.at))),
    h("span", {}, h("b", {}, row.to), ` ${row.number} ${row.template} `, chip(W.outboxStates[row.state] ?? row.state, row.state === "queued" ? "" : "late"),
      row.attempts > 0 && h("small", {}, `${W.tries(row.attempts)} ${row.error}`)))));
}
