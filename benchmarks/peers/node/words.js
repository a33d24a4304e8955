// What every peer says, read from ../words.json; a button is [label, callback data].
import { readFileSync } from "node:fs";

const said = JSON.parse(readFileSync(new URL("../words.json", import.meta.url), "utf8"));
const choices = said.categories.map((name, i) => [name, `category:${i}`]);

export const greeting = said.greeting;
export const choose = said.choose;
export const menu = [said.menu];
export const choiceRows = [0, 3, 6, 9].map((i) => choices.slice(i, i + 3));

/** The category that a button of choiceRows stands for. */
export const chosen = (index) => said.categories[Number(index)];

export const newDraft = () => ({ text: "", category: said.category });

export function grow(draft, text) {
  draft.text = draft.text ? `${draft.text}\n${text}` : text;
}

/** The draft as HTML. */
export function preview({ text, category }) {
  const values = { text: escape(text), category: escape(category), place: said.place };
  return said.preview.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The answer to the day's ticket of this number. */
export function filed(count) {
  const today = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  return said.filed.replace("{number}", `${today}-${String(count).padStart(4, "0")}`);
}

function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
