// Puts the page together: the top bar, the people, their phones, the panel behind the glass.
import { h, button } from "./dom.js";
import { icon } from "./icons.js";
import { bus, can, groups, now, privateKey, world } from "./model.js";
import { listen } from "./net.js";
import { Panel } from "./panel.js";
import { Phone } from "./phone.js";
import { keyOf, rail } from "./rail.js";
import { timeBar } from "./time.js";
import { W } from "./words.js";

const $ = (id) => document.getElementById(id);
const phones = new Map();
const TWO_PHONES = 590; // pixels, two of .phone's least width and a gap: with less there is room for one
let isSingle = false;
let front = null; // the phone last looked at: where there is room for one, it is the one
const noPhone = h("p.dim.nophone", {}, W.noPhone);

// -- light and dark -----------------------------------------------------------------------

function setTheme(name) {
  if (name) document.documentElement.dataset.theme = name;
  document.querySelector("meta[name=color-scheme]").content = name ?? "light dark";
}

function switchTheme() {
  const isDark = (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const name = isDark ? "light" : "dark";
  localStorage.setItem("theme", name);
  setTheme(name);
}

// -- phones ---------------------------------------------------------------------------------

function open(owner, chat, isFocused = true) {
  if (owner == null) return;
  const key = keyOf(owner, chat);
  if (!phones.has(key)) {
    const phone = new Phone(owner, chat, shut);
    phones.set(key, phone);
    $("phones").append(phone.root);
    phone.redraw();
  }
  const phone = phones.get(key);
  if (!front) bringToFront(phone);
  if (isFocused) {
    phone.look();
    phone.root.scrollIntoView({ inline: "center", block: "nearest" });
  }
  changed();
}

function bringToFront(phone) {
  front = phone ?? null;
  for (const each of phones.values()) each.root.classList.toggle("front", each === front);
}

function shut(phone) {
  phone.root.remove();
  for (const [key, each] of phones) if (each === phone) phones.delete(key);
  if (phone === front) bringToFront([...phones.values()].at(-1));
  changed();
}

function changed() {
  const shown = [...phones.values()].map((p) => [p.owner, p.isGroupWindow ? p.chat : null]);
  sessionStorage.setItem("phones", JSON.stringify(shown));
  if (phones.size || !world.bots.size) noPhone.remove();
  else $("phones").append(noPhone);
  bus.emit("phones");
}

const isShown = (phone) => phone !== undefined && (!isSingle || phone === front);
const isOpen = (owner, chat) => isShown(phones.get(keyOf(owner, chat)));

function toggle(owner, chat) {
  const shown = phones.get(keyOf(owner, chat));
  if (shown && !isSingle) shut(shown);
  else open(owner, chat);
  showSide("phones");
}

// Which phones are open at first: those of last time, else the ones that have something to tell.
function openFirst() {
  if (!world.bots.size) return;
  const kept = JSON.parse(sessionStorage.getItem("phones") ?? "null");
  const all = [...world.users.values()].filter((u) => !u.gone);
  const first = kept?.length ? kept : favourites(all).map((u) => [u.id, null]);
  for (const [owner, chat] of first) if (world.users.has(owner)) open(owner, chat, false);
}

function favourites(all) {
  const named = ["陈师傅", "王琴", "吴书记"].map((name) => all.find((u) => u.first_name === name)).filter(Boolean);
  return named.length ? named : all.slice(0, 3);
}

function greet() {
  document.querySelector(".greeting")?.remove();
  if (world.bots.size) return;
  $("phones").append(h("section.greeting", {}, h("h1", {}, W.noBot), h("p", {}, W.noBotHow),
    h("code", {}, `${location.origin}/bot`), h("p.dim", {}, W.token), h("code", {}, "123456:playground")));
}

// -- what there is room for: many phones or one; on a narrow screen phones or the panel -------

function measured([{ contentRect: { width } }]) {
  if (!width) return;
  isSingle = width < TWO_PHONES;
  document.body.classList.toggle("single", isSingle);
  changed();
  front?.root.scrollIntoView({ inline: "center", block: "nearest" });
}

function showSide(name) {
  document.body.dataset.side = name;
  for (const each of $("switch").children) each.ariaPressed = String(each.dataset.to === name);
}

function buildSwitch() {
  for (const [name, words] of [["phones", W.phones], ["panel", W.panel]]) {
    $("switch").append(button(words, () => showSide(name), { data: { to: name } }));
  }
  showSide("phones");
}

function togglePanel() {
  const isShut = document.body.classList.toggle("no-panel");
  localStorage.setItem("panel", isShut ? "shut" : "open");
}

// -- notices ----------------------------------------------------------------------------------

bus.on("notice", ({ text, isBad }) => {
  const shown = h("div.notice", { className: isBad ? "notice bad" : "notice" }, text);
  $("notices").append(shown);
  setTimeout(() => shown.remove(), 5000);
});

let offline = null;
bus.on("line", ({ up }) => {
  if (!up && !offline) offline = h("div.notice.bad", {}, W.offline);
  if (!up) $("notices").append(offline);
  else { offline?.remove(); offline = null; }
});

// -- what happens -------------------------------------------------------------------------------

bus.on("reset", () => {
  greet();
  if (phones.size) for (const phone of phones.values()) phone.redraw();
  else openFirst();
});
bus.on("open", (userId) => open(userId, null));
bus.on("looked", (phone) => {
  for (const each of phones.values()) if (each !== phone) each.root.classList.remove("active");
  if (phone === front) return;
  bringToFront(phone);
  if (isSingle) bus.emit("phones");
});
for (const name of ["message", "chat", "people", "roles", "read"]) {
  bus.on(name, () => { for (const phone of phones.values()) phone.redraw(); });
}
bus.on("message", ({ chat, shown, isNew }) => {
  if (isNew) for (const phone of phones.values()) if (phone.key === chat.key && shown.message.from.is_bot) phone.typingUntil = 0;
});
bus.on("typing", ({ bot, chat_id: id }) => {
  for (const phone of phones.values()) if (bot === world.bot && (phone.chat ?? phone.owner) === id) phone.typing();
});
bus.on("answer", (told) => {
  for (const phone of phones.values()) if (phone.owner === told.user_id) phone.answered(told);
});

setTheme(localStorage.getItem("theme"));
if (localStorage.getItem("panel") === "shut") document.body.classList.add("no-panel");
$("top").append(h("div.brand", {}, h("img", { src: "/page/icon.svg", alt: "", width: 26, height: 26 }), h("b", {}, W.title), h("span", {}, W.subtitle)),
  timeBar(), h("span.tools", {}, button(icon("theme"), switchTheme, { className: "quiet", ariaLabel: W.theme, title: W.theme }),
    button(icon("panel"), togglePanel, { className: "quiet wide", ariaLabel: W.showPanel, title: W.showPanel })));
buildSwitch();
rail($("rail"), toggle, isOpen);
new Panel($("panel"));
new ResizeObserver(measured).observe($("phones"));
listen();
Object.assign(window, { playground: { world, now, can, groups, privateKey } });
