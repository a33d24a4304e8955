// Moments and people as the page shows them.
import { W } from "./words.js";

const ZONE = "Asia/Shanghai";
const parts = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour12: false, hourCycle: "h23",
  year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });

function pieces(moment) {
  const found = {};
  for (const { type, value } of parts.formatToParts(moment)) found[type] = value;
  return found;
}

export const clockTime = (moment) => { const p = pieces(moment); return `${p.hour}:${p.minute}`; };
export const withSeconds = (moment) => { const p = pieces(moment); return `${p.hour}:${p.minute}:${p.second}`; };
export function day(moment) {
  const p = pieces(moment);
  const weekday = W.weekdays[new Date(Date.UTC(p.year, p.month - 1, p.day)).getUTCDay()];
  return `${p.month}月${p.day}日 ${weekday}`;
}
export const shortMoment = (moment) => {
  const p = pieces(moment);
  return `${p.month}-${p.day} ${p.hour}:${p.minute}`;
};

const COLOURS = 8;
export const colour = (id) => `c${Math.abs(id) % COLOURS}`;
export const initial = (name) => [...(name || "?")][0];
