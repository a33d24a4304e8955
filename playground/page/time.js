// The clock at the top, and the buttons that move it.
import { h, button } from "./dom.js";
import { bus, can, now, world } from "./model.js";
import { attempt, post } from "./net.js";
import { day, withSeconds } from "./format.js";
import { W } from "./words.js";

let isMoving = false;

// Through every due moment where the bot runs backstage; else the clock just jumps.
async function move(body) {
  setMoving(true);
  const path = can("forward") ? "/backstage/time" : "/playground/clock";
  const plain = body.seconds ? { advance: body.seconds } : body;
  await attempt(() => post(path, can("forward") ? body : plain));
  setMoving(false);
}

function setMoving(is) {
  isMoving = is;
  bus.emit("moving", is);
}

export function timeBar() {
  const date = h("span.date"), hours = h("time.hours", { ariaLabel: W.clock });
  const ahead = Object.entries(W.ahead).map(([seconds, words]) =>
    button(words, () => move({ seconds: Number(seconds) }), { data: { ahead: seconds } }));
  const next = button(W.next, () => move({ next: true }), { data: { ahead: "next" } });
  const rate = h("select", { ariaLabel: W.speed, title: W.speed, onchange: () => move({ rate: Number(rate.value) }) },
    Object.entries(W.rates).map(([value, words]) => h("option", { value }, words)));
  const halt = button(W.halt, () => post("/backstage/time", { halt: true }), { className: "bad", hidden: true });
  const draw = () => {
    const moment = now();
    date.textContent = day(moment);
    hours.textContent = withSeconds(moment);
    hours.dateTime = new Date(moment).toISOString();
  };
  bus.on("moving", (is) => {
    for (const each of [...ahead, next]) each.disabled = is;
    halt.hidden = !(is && can("forward"));
  });
  bus.on("clock", () => { draw(); if (!isMoving && document.activeElement !== rate) choose(rate, world.clock.rate); });
  bus.on("reset", () => { next.hidden = !can("forward"); draw(); choose(rate, world.clock.rate); });
  bus.on("rate", (value) => choose(rate, value));
  setInterval(draw, 250);
  draw();
  return h("div.time", { role: "group", ariaLabel: W.clock }, h("span.now", {}, hours, date), h("span.ahead", {}, ahead, next, rate, halt));
}

function choose(rate, value) {
  if ([...rate.options].some((option) => Number(option.value) === value)) rate.value = String(value);
}
