// The lifecycle as a picture: where the ticket is, how it came there, where it may go next.
import { svg } from "./dom.js";
import { W } from "./words.js";

const WIDTH = 384, BOX = 84, HIGH = 30, STEP = 54;
const SIGNS = { here: "● ", seen: "✓ ", ahead: "" };
const COLUMNS = [58, WIDTH / 2, WIDTH - 58];

function place({ spot: [column, row] }) {
  return { x: COLUMNS[column], y: 24 + row * STEP, column };
}

export function diagram({ states, arrows }, ticket) {
  const at = new Map(states.map((state) => [state.name, place(state)]));
  const taken = path(ticket);
  const lines = arrows.map((arrow) => line(arrow, at, ticket, taken)).filter(Boolean);
  lines.sort((a, b) => a.rank - b.rank);
  const bottom = Math.max(...[...at.values()].map((s) => s.y)) + 26;
  return svg("svg.diagram", { viewBox: `0 0 ${WIDTH} ${bottom}`, role: "img",
    "aria-label": `${W.diagram}：${ticket?.word ?? ""}` }, heads(), lines.map((l) => l.drawn), states.map((state) => box(state, at, ticket, taken)));
}

// The arrows and states that this ticket's steps have gone.
function path(ticket) {
  const gone = new Set(), seen = new Set();
  for (const step of ticket?.steps ?? []) {
    seen.add(step.from).add(step.to);
    if (step.from !== step.to) gone.add(`${step.from}>${step.to}`);
  }
  return { gone, seen };
}

function heads() {
  return svg("defs", {}, ["plain", "gone", "next"].map((kind) => svg("marker", { id: `head-${kind}`, class: `head ${kind}`,
    viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 6, markerHeight: 6, orient: "auto" }, svg("path", { d: "M0 0 L8 4 L0 8 Z" }))));
}

function line({ from, to, actions }, at, ticket, { gone }) {
  const isNext = ticket?.state === from, isGone = gone.has(`${from}>${to}`);
  const a = at.get(from), b = at.get(to);
  const kind = isNext ? "next" : isGone ? "gone" : "plain";
  const { d, x, y, anchor } = curve(a, b);
  const label = isNext && anchor && svg("text.label", { x, y, "text-anchor": anchor }, actions.join("、"));
  const drawn = svg("g", { class: `arrow ${kind}${isGone ? " was" : ""}` }, svg("path", { d, "marker-end": `url(#head-${kind})` }),
    svg("title", {}, actions.join("、")), label);
  return { drawn, rank: isNext ? 2 : isGone ? 1 : 0 };
}

function curve(a, b) {
  const down = b.y > a.y ? 1 : -1, half = HIGH / 2;
  if (a.column === b.column && Math.abs(b.y - a.y) <= STEP + 1 && down > 0) {
    const d = `M${a.x} ${a.y + half} L${b.x} ${b.y - half - 1}`;
    return { d, x: a.x + 6, y: (a.y + b.y) / 2 + 4, anchor: "start" };
  }
  if (a.column === b.column) {
    // Past a neighbour: out at the side, downwards at the right, back up at the left.
    const side = down, x = a.x + side * (BOX / 2), bend = a.x + side * (BOX / 2 + 10 + Math.abs(b.y - a.y) / 9);
    const d = `M${x} ${a.y + 4} C${bend} ${a.y}, ${bend} ${b.y}, ${x} ${b.y - 4 * down}`;
    return { d };
  }
  const side = b.x > a.x ? 1 : -1, x1 = a.x + side * (BOX / 2), x2 = b.x - side * (BOX / 2 + 1);
  const lift = b.x > a.x === b.column > a.column && a.column !== 1 ? 7 : -5;
  const middle = (x1 + x2) / 2;
  const isAway = b.column !== 1;
  const d = `M${x1} ${a.y + lift} C${middle} ${a.y + lift}, ${middle} ${b.y + lift}, ${x2} ${b.y + lift}`;
  return isAway ? { d, x: b.x, y: b.y - HIGH / 2 - 5, anchor: "middle" } : { d };
}

function box(state, at, ticket, { seen }) {
  const { x, y } = at.get(state.name);
  const kind = ticket?.state === state.name ? "here" : seen.has(state.name) ? "seen" : "ahead";
  return svg("g", { class: `state ${kind} ${state.open ? "" : "end"}` },
    svg("rect", { x: x - BOX / 2, y: y - HIGH / 2, width: BOX, height: HIGH, rx: 15 }),
    svg("text", { x, y: y + 4.5, "text-anchor": "middle" }, SIGNS[kind] + state.word));
}

// Where the ticket may go from here, in words: "上报方案 → 方案待审".
export function ways({ states, arrows }, ticket) {
  const word = new Map(states.map((state) => [state.name, state.word]));
  return arrows.filter((arrow) => arrow.from === ticket?.state).map((arrow) => `${arrow.actions.join("、")} → ${word.get(arrow.to)}`);
}
