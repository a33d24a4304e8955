// Talks to the playground: the people's API that tests use, and one stream of what happens.
import { bus, world } from "./model.js";
import { W } from "./words.js";

export class Trouble extends Error {}

async function ask(path, options = {}) {
  const token = world.bots.get(world.bot)?.token;
  const headers = { ...(token && { "X-Playground-Bot": token }) };
  let answer;
  try { answer = await fetch(path, { ...options, headers }); } catch { throw new Trouble(W.offline); }
  const read = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Trouble(explain(read.error ?? read.description ?? String(answer.status)));
  return read;
}

function explain(error) {
  const known = Object.keys(W.troubles).find((words) => error.includes(words));
  return known ? W.troubles[known] : error;
}

export const get = (path) => ask(path);
export const post = (path, body = {}) => ask(path, { method: "POST", body: JSON.stringify(body) });
export const remove = (path) => ask(path, { method: "DELETE" });

export function notice(text, isBad = false) {
  bus.emit("notice", { text, isBad });
}

// Does something and tells the person when it did not go.
export async function attempt(work) {
  try { return await work(); } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    notice(error.message, true);
    return undefined;
  }
}

// One person's act in a chat: "send", "press", "file", … as in playground/routes.py.
export function act(userId, name, chat, body = {}) {
  return attempt(() => post(`/playground/users/${userId}/${name}`, { ...body, chat: chat ?? undefined }));
}

export async function listen() {
  const stream = new EventSource("/playground/events");
  let early = [];
  stream.onmessage = (event) => {
    const told = JSON.parse(event.data);
    if (early) early.push(told); else bus.emit("told", told);
  };
  stream.onerror = () => bus.emit("line", { up: false });
  stream.onopen = async () => {
    early = [];
    const everything = await attempt(() => get("/playground/world"));
    if (!everything) return;
    bus.emit("everything", everything);
    for (const told of early) bus.emit("told", told);
    early = null;
    bus.emit("line", { up: true });
  };
}

export const fileAddress = (id) => `/playground/files/${encodeURIComponent(id)}`;

export async function encoded(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) {
    text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  }
  return btoa(text);
}
