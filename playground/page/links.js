// Links: the bot's own start links are opened by whoever is chosen; nothing leads outside.
import { button, copy, dialog, h } from "./dom.js";
import { bus, world } from "./model.js";
import { act, attempt, notice, post } from "./net.js";
import { W } from "./words.js";

// The payload of a start link or of what was typed in its place; null for an address elsewhere.
export function payloadOf(text) {
  const words = text.trim();
  const found = words.match(/^(?:https?:\/\/)?(?:t|telegram)\.me\/([^/?#]+)\/?(?:\?(.*))?$/i);
  if (found) {
    const isOurs = found[1].toLowerCase() === world.bots.get(world.bot)?.username.toLowerCase();
    return isOurs ? new URLSearchParams(found[2] ?? "").get("start") ?? "" : null;
  }
  if (/^[a-z]+:\/\//i.test(words)) return null;
  return words.replace(/^\/start\s*/, "");
}

export const start = (userId, payload) => act(userId, "start", null, { payload });

// `isTapped`: a button was pressed, which in life opens the link at once.
export function openLink(address, userId, isTapped = false) {
  const payload = payloadOf(address);
  if (payload === null) return outside(address);
  if (isTapped && address) return start(userId, payload).then(() => bus.emit("open", userId));
  return choosePerson(address, userId);
}

function outside(address) {
  dialog(W.outside, (close) => h("div", {}, h("p", {}, h("code", {}, address)),
    button(W.copy, () => { copy(address); notice(W.copied); close(); })));
}

function choosePerson(address, userId) {
  dialog(W.whoOpens, (close) => {
    const typed = h("input", { value: address, placeholder: W.openedLinkHint, ariaLabel: W.openedLink });
    const open = async (id) => {
      const payload = payloadOf(typed.value);
      if (payload === null) return outside(typed.value);
      close();
      await start(id, payload);
      return bus.emit("open", id);
    };
    const others = [...world.users.values()].filter((u) => u.id !== userId && !u.gone);
    const submit = (event) => { event.preventDefault(); open(userId); };
    return h("form.stackup", { onsubmit: submit }, typed, h("div.choices", {},
      h("button.main", { type: "submit" }, world.users.get(userId).first_name),
      others.map((user) => button(user.first_name, () => open(user.id))),
      button(W.newcomer, () => { close(); addPerson(typed.value); })));
  });
}

export function addPerson(address = "") {
  dialog(W.addPerson, (close) => {
    const name = h("input", { placeholder: W.addPersonHint, ariaLabel: W.addPersonHint, required: true, maxLength: 60 });
    const link = h("input", { value: address, placeholder: W.openedLinkHint, ariaLabel: W.openedLink });
    const add = async (event) => {
      event.preventDefault();
      if (!name.value.trim()) return;
      const made = await attempt(() => post("/playground/users", { name: name.value.trim() }));
      if (!made) return;
      close();
      if (link.value.trim()) await start(made.user_id, payloadOf(link.value) ?? "");
      bus.emit("open", made.user_id);
    };
    return h("form.stackup", { onsubmit: add }, name, h("label", {}, W.openedLink, link), h("button.main", { type: "submit" }, W.add));
  });
}
