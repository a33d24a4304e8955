// Makes elements. What is given as text becomes a text node, never markup.
export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name || "div");
  if (classes.length) element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes ?? {})) set(element, key, value);
  element.append(...children.flat(Infinity).filter((c) => c != null && c !== false));
  return element;
}

function set(element, key, value) {
  if (value == null || value === false) return;
  if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
  else if (key === "data") Object.assign(element.dataset, value);
  else if (key in element && key !== "list" && key !== "role") element[key] = value;
  else element.setAttribute(key, value === true ? "" : value);
}

const SVG = "http://www.w3.org/2000/svg";
export function svg(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElementNS(SVG, name);
  if (classes.length) element.setAttribute("class", classes.join(" "));
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value != null && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((c) => c != null && c !== false));
  return element;
}

// Makes `parent` hold exactly these elements, moving and touching as few as possible.
export function sync(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.childNodes]) if (!keep.has(child)) child.remove();
  let at = parent.firstChild;
  for (const element of wanted) {
    if (element === at) at = at.nextSibling;
    else parent.insertBefore(element, at);
  }
}

export function button(label, onclick, more = {}) {
  return h("button", { type: "button", onclick, ...more }, label);
}

// A dialog that closes with Escape or by a click beside it. `build(close)` gives its content, whose
// first field, or else its own button, is where one begins: Enter does what the dialog is for.
export function dialog(title, build) {
  const box = h("dialog.box", { "aria-label": title });
  const close = () => box.close();
  box.append(h("header", {}, h("h2", {}, title),
    button("✕", close, { className: "quiet", ariaLabel: "关闭" })), build(close));
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => event.target === box && close());
  document.body.append(box);
  box.showModal();
  (box.querySelector("input, textarea, [tabindex]") ?? box.querySelector("button.main"))?.focus();
  return box;
}

// A small menu beside what was pressed; arrows move in it, Escape leaves it.
export function menu(anchor, entries) {
  const back = document.activeElement;
  const list = h("div.menu", { role: "menu" });
  const close = (isChosen) => {
    if (!list.isConnected) return;
    list.remove();
    document.removeEventListener("pointerdown", away, true);
    if (!isChosen && back?.isConnected) back.focus();
  };
  const away = (event) => list.contains(event.target) || close(true);
  for (const [label, act, kind] of entries.filter(Boolean)) {
    list.append(button(label, () => { close(true); act(); }, { role: "menuitem", className: kind ?? "" }));
  }
  list.addEventListener("keydown", (event) => {
    const all = [...list.children], at = all.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); all[(at + step + all.length) % all.length].focus(); }
    if (event.key === "Escape") { event.stopPropagation(); close(); }
  });
  document.body.append(list);
  place(list, anchor.getBoundingClientRect());
  document.addEventListener("pointerdown", away, true);
  list.firstChild?.focus();
  return close;
}

function place(list, at) {
  const { width, height } = list.getBoundingClientRect();
  const left = Math.min(at.left, innerWidth - width - 8);
  const below = at.bottom + 4 + height <= innerHeight;
  list.style.left = `${Math.max(8, left)}px`;
  list.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - height - 4)}px`;
}

// Runs `work` once, soon, however often it is asked to.
export function soon(work, delay = 60) {
  let waits = 0;
  return () => { if (!waits) waits = setTimeout(() => { waits = 0; work(); }, delay); };
}

export async function copy(text) {
  try { await navigator.clipboard.writeText(text); } catch { /* a page without the right to copy */ }
}
