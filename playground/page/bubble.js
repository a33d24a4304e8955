// One message, or one album, as a bubble with its buttons.
import { h, button, menu, copy } from "./dom.js";
import { drawn, kindOf, photo } from "./media.js";
import { isService } from "./model.js";
import { clockTime, colour } from "./format.js";
import { marked } from "./text.js";
import { W } from "./words.js";

// Groups messages to what is shown as one: an album's parts are one bubble.
export function blocks(messages) {
  const made = [];
  for (const shown of messages) {
    const album = shown.message.media_group_id;
    const last = made.at(-1);
    if (album && last?.[0].message.media_group_id === album) last.push(shown);
    else made.push([shown]);
  }
  return made;
}

// `me` is who looks; `on` has what can be done: tap, touch, vote, choose, jump.
export function bubble(block, me, chat, on) {
  const [{ message, pinned }] = block;
  if (isService(message)) return h("div.service", {}, said(message));
  const isMine = message.from.id === me;
  const parts = block.map((each) => each.message);
  const words = plainStart(parts.map((m) => m.text ?? m.caption).find(Boolean) ?? "", isMine);
  const marks = parts.map((m) => m.entities ?? m.caption_entities).find(Boolean);
  const body = h("div.bubble", { tabIndex: -1 },
    chat.id < 0 && !isMine && h("b.from", { className: `from ${colour(message.from.id)}` }, message.from.first_name),
    message.forward_origin && h("div.origin", {}, `${W.forwardedFrom} ${message.forward_origin.sender_user?.first_name ?? ""}`),
    message.reply_to_message && quote(message.reply_to_message, on),
    media(block, me, on),
    words && h("div.words", {}, marked(words, marks, on.touch)),
    h("span.foot", {}, pinned && "📌 ", message.edit_date && `${W.edited} `, clockTime(message.date * 1000), isMine && h("i.ticks", {}, "✓✓")));
  const more = button("⋮", (event) => menu(event.currentTarget, choices(block[0], words, isMine, on)),
    { className: "more", ariaLabel: W.more });
  body.addEventListener("contextmenu", (event) => { event.preventDefault(); more.click(); });
  const row = h("div.row", { className: `row ${isMine ? "mine" : "theirs"} ${chat.id < 0 ? "grouped" : ""}` },
    h("div.stack", {}, h("div.line", {}, body, more), keys(block[0], on)));
  row.dataset.id = message.message_id;
  if (kindOf(message) && !words) body.classList.add("bare");
  return row;
}

// As in life, a link that was opened shows as /start alone.
const plainStart = (words, isMine) => (isMine && /^\/start \S+$/.test(words) ? "/start" : words);

function said(message) {
  const kind = Object.keys(W.services).find((name) => name in message);
  return W.services[kind](message);
}

function quote(original, on) {
  return button([h("b", {}, original.from.first_name), h("span", {}, inWords(original))],
    () => on.jump(original.message_id), { className: "quote" });
}

// A message in a line: its text, or what kind of thing it is.
export const inWords = (message) => message.text ?? message.caption ?? message.poll?.question ?? `〔${W.kinds[kindOf(message)] ?? ""}〕`;

function media(block, me, on) {
  const [{ message, votes }] = block;
  if (block.length > 1 && message.photo) {
    return h("div.album", {}, block.map((each) => photo(each.message.photo)));
  }
  const vote = (options) => on.vote(message.message_id, options);
  return block.map((each) => drawn(each.message, votes?.[me], vote));
}

function keys({ message }, on) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  return h("div.keys", {}, rows.map((row) => h("div.keyrow", {}, row.map((key) => {
    const made = button(key.text, () => on.tap(key, message.message_id, made), { className: "key" });
    if (key.url) made.append(h("i.out", { ariaHidden: "true" }, "↗"));
    return made;
  }))));
}

function choices({ message }, words, isMine, on) {
  const isText = message.text != null || kindOf(message) !== undefined;
  return [
    [W.reply, () => on.choose("reply", message)],
    isMine && isText && words && [W.edit, () => on.choose("edit", message)],
    [W.forward, () => on.choose("forward", message)],
    words && [W.copy, () => copy(words)],
    isMine && [W.remove, () => on.choose("delete", message), "bad"],
  ];
}
