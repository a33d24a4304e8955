// Everybody at the side: whose phones there are, and where something unread waits.
import { h, button, sync, soon } from "./dom.js";
import { bus, chatKey, groups, peopleIn, privateKey, unread, world } from "./model.js";
import { addPerson } from "./links.js";
import { colour, initial } from "./format.js";
import { W } from "./words.js";

// `toggle(owner, chat)` opens or closes a phone; `isOpen` tells which are open.
export function rail(root, toggle, isOpen) {
  root.setAttribute("aria-label", W.people);
  const made = new Map(), reveal = revealer();
  const once = (print, make) => made.get(print) ?? made.set(print, make()).get(print);
  const draw = soon(() => {
    const people = [...world.users.values()].filter((u) => !u.gone).map((user) =>
      face(once, user.id, user.first_name, world.roles[user.id]?.split(" ")[0] ?? "", unread(world.chats.get(privateKey(user.id))),
        isOpen(user.id, null), () => toggle(user.id, null)));
    const rooms = groups().map((group) => face(once, group.id, group.title, W.group, unread(group), isOpen(null, group.id),
      () => toggle(peopleIn(group)[0]?.id, group.id)));
    const add = once("add", () => button([h("span.face.add", {}, "+"), h("small", {}, W.add)], () => addPerson(), { ariaLabel: W.addPerson }));
    sync(root, [...people, ...rooms, add]);
    reveal(root);
  }, 30);
  for (const name of ["reset", "people", "message", "read", "phones", "roles"]) bus.on(name, draw);
}

// Where one phone is shown, its face is brought into view when it becomes another's.
function revealer() {
  let shown;
  return (root) => {
    const [face, second] = root.querySelectorAll('[aria-pressed="true"]');
    if (face && !second && face.dataset.who !== shown) face.scrollIntoView({ inline: "nearest", block: "nearest" });
    shown = face?.dataset.who;
  };
}

function face(once, id, name, role, count, isShown, onclick) {
  const print = JSON.stringify([id, name, role, count, isShown]);
  return once(print, () => button([h("span.face", { className: `face ${colour(id)}` }, id < 0 ? "群" : initial(name), count > 0 && h("i.badge", {}, String(count))),
    h("small", {}, name), role && h("small.dim", {}, role)],
  onclick, { ariaPressed: String(isShown), ariaLabel: `${name} ${role} ${count ? W.unread(count) : ""}`, data: { who: id } }));
}

export const keyOf = (owner, chat) => (chat === null ? `u${owner}` : chatKey(0, chat));
