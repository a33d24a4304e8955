// A message's text with its marks as nodes: no markup is ever parsed.
import { h } from "./dom.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote" };

// `touch(kind, value)` hears of a pressed command or link.
export function marked(text, entities = [], touch) {
  const ordered = entities.filter((e) => e.length > 0 && e.offset < text.length)
    .toSorted((a, b) => a.offset - b.offset || b.length - a.length);
  return nodes(text, 0, text.length, ordered, touch);
}

function nodes(text, start, end, entities, touch) {
  const made = [];
  let at = start;
  for (let i = 0; i < entities.length; i += 1) {
    const entity = entities[i];
    if (entity.offset < at || entity.offset >= end) continue;
    const stop = Math.min(entity.offset + entity.length, end);
    made.push(text.slice(at, entity.offset));
    const inner = entities.slice(i + 1).filter((e) => e.offset < stop);
    made.push(wrap(entity, text.slice(entity.offset, stop),
      nodes(text, entity.offset, stop, inner, touch), touch));
    at = stop;
  }
  made.push(text.slice(at, end));
  return made.filter((node) => node !== "");
}

function wrap(entity, said, inner, touch) {
  const { type } = entity;
  if (type === "spoiler") {
    return h("span.spoiler", { tabIndex: 0, role: "button",
      onclick: (e) => e.currentTarget.classList.add("open"),
      onkeydown: (e) => e.key === "Enter" && e.currentTarget.classList.add("open") }, inner);
  }
  if (type === "bot_command") return link(inner, () => touch("command", said));
  if (type === "url") return link(inner, () => touch("link", said));
  if (type === "text_link") return link(inner, () => touch("link", entity.url));
  if (type === "text_mention" || type === "mention") return h("span.mention", {}, inner);
  return type in TAGS ? h(TAGS[type], {}, inner) : h("span", {}, inner);
}

const link = (inner, onclick) => h("button.link", { type: "button", onclick }, inner);
