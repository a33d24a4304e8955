// Where one writes: text, replies and edits, commands, reply keyboards, what is attached.
import { h, button, menu, soon, sync } from "./dom.js";
import { icon } from "./icons.js";
import { askContact, askPlace, askPoll, askSamples, askVoice } from "./pickers.js";
import { isPresent, world } from "./model.js";
import { act, encoded } from "./net.js";
import { W } from "./words.js";

const ALBUM = 10, LINES = 120;

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.topic = null;
    this.bar = h("div.topic");
    this.suggestions = h("div.suggestions");
    this.text = h("textarea", { rows: 1, placeholder: W.write, ariaLabel: W.write, maxLength: 20000,
      onkeydown: (e) => this.pressed(e), oninput: () => this.typed() });
    this.files = h("input", { type: "file", multiple: true, hidden: true, ariaLabel: W.photoFile,
      onchange: () => { this.sendFiles([...this.files.files]); this.files.value = ""; } });
    this.form = h("form.write", { onsubmit: (e) => { e.preventDefault(); this.send(); } },
      button(icon("menu"), (e) => this.showCommands(e.currentTarget), { className: "quiet", ariaLabel: W.commands, title: W.commands }),
      button(icon("clip"), (e) => this.attach(e.currentTarget), { className: "quiet", ariaLabel: W.attach, title: W.attach }),
      this.files, this.text, h("button.send", { type: "submit", ariaLabel: W.send, title: W.send }, icon("send")));
    this.keyboard = h("div.replykeys");
    this.writing = [this.bar, this.suggestions, this.form, this.keyboard];
    this.root = h("footer");
    new ResizeObserver(soon(() => this.fit(), 16)).observe(this.form);
  }

  // -- drawing --------------------------------------------------------------------------

  draw() {
    const instead = this.closed();
    sync(this.root, instead ? [this.phone.once(`instead${instead[0]}`, () => button(instead[0], instead[1], { className: "main instead" }))]
      : this.writing);
    this.drawKeyboard();
  }

  // The one button there is where one cannot write.
  closed() {
    const { phone } = this, { room } = phone;
    const begin = () => act(phone.owner, "start", null, {});
    if (phone.chat === null && !room?.messages.size) return [W.start, begin];
    if (phone.isBlocked()) return [W.unblock, begin];
    if (phone.chat !== null && !isPresent(room, phone.owner)) return [W.join, () => phone.do("join")];
    return null;
  }

  drawKeyboard() {
    const last = this.phone.messages.findLast((s) => s.keyboard && s.message.from.is_bot);
    const rows = last?.keyboard.keyboard ?? [];
    const isUsed = last?.keyboard.one_time_keyboard && this.phone.messages.at(-1)?.message.from.id === this.phone.owner;
    this.text.placeholder = last?.keyboard.input_field_placeholder ?? this.hint();
    sync(this.keyboard, isUsed ? [] : rows.map((row, n) => this.phone.once(`keys${last.message.message_id}.${n}`, () =>
      h("div.keyrow", {}, row.map((key) => button(key.text ?? key, () => this.press(key), { className: "key" }))))));
  }

  // A resident of the demo is told how to begin.
  hint() {
    const { chat, owner } = this.phone;
    const isResident = chat === null && Object.keys(world.roles).length > 0 && !world.roles[owner];
    return isResident ? W.writeProblem : W.write;
  }

  press(key) {
    if (key.request_contact) return this.phone.do("contact");
    if (key.request_location) return askPlace((point) => this.phone.do("location", point));
    return this.phone.do("send", { text: key.text ?? key });
  }

  // -- text -----------------------------------------------------------------------------

  pressed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") this.leave();
  }

  // As high as what is written; it scrolls only once there is more than fits.
  fit() {
    const { text } = this;
    text.style.height = "auto";
    const needed = text.scrollHeight + text.offsetHeight - text.clientHeight;
    text.style.height = `${Math.min(needed, LINES)}px`;
    text.style.overflowY = needed > LINES ? "auto" : "hidden";
  }

  write(words) {
    this.text.value = words;
    this.fit();
  }

  typed() {
    this.fit();
    const word = this.text.value;
    const fitting = word.startsWith("/") ? this.commands().filter((c) => `/${c.command}`.startsWith(word)) : [];
    this.suggestions.replaceChildren(...fitting.map((command) => this.suggestion(command)));
  }

  suggestion({ command, description }) {
    return button([h("b", {}, `/${command}`), h("span", {}, description)], () => { this.write(`/${command}`); this.send(); });
  }

  async send() {
    const text = this.text.value;
    if (!text.trim()) return;
    const { topic } = this;
    this.write("");
    this.leave();
    const done = topic?.what === "edit"
      ? await this.phone.do("edit", { message_id: topic.message.message_id, text })
      : await this.phone.do("send", { text, reply_to: topic?.message.message_id, split: true });
    if (!done) this.write(text);
    this.phone.toBottom();
  }

  about(what, message) {
    this.topic = { what, message };
    const words = message.text ?? message.caption ?? "";
    if (what === "edit") this.write(words);
    this.bar.replaceChildren(h("span", {}, h("b", {}, what === "edit" ? W.editing : W.replying), h("small", {}, words)),
      button("✕", () => this.leave(), { className: "quiet", ariaLabel: W.cancel }));
    this.text.focus();
  }

  leave() {
    if (this.topic?.what === "edit") this.write("");
    this.topic = null;
    this.bar.replaceChildren();
    this.suggestions.replaceChildren();
  }

  // -- commands -------------------------------------------------------------------------

  // The list that Telegram would show this person here: the narrowest scope that has one.
  commands() {
    const { chat, owner } = this.phone, all = world.bots.get(world.bot)?.commands ?? {};
    const here = chat ?? owner;
    const scopes = [`chat_member/${here}/${owner}`, `chat/${here}/`,
      chat === null ? "all_private_chats//" : "all_group_chats//", "default//"];
    for (const scope of scopes) for (const language of ["zh", ""]) {
      const found = all[`${scope}/${language}`];
      if (found?.length) return found;
    }
    return [];
  }

  showCommands(anchor) {
    const all = this.commands();
    menu(anchor, (all.length ? all : [{ command: "start", description: W.start }]).map(({ command, description }) =>
      [[h("b", {}, `/${command}`), h("span", {}, description)], () => this.phone.do("send", { text: `/${command}` }), "command"]));
  }

  // -- what is attached -----------------------------------------------------------------

  attach(anchor) {
    const { phone } = this;
    menu(anchor, [
      [[icon("picture"), W.samples], () => askSamples((blobs) => this.sendFiles(blobs))],
      [[icon("file"), W.photoFile], () => this.files.click()],
      [[icon("mic"), W.voice], () => askVoice((blob) => this.sendOne("voice", blob))],
      [[icon("pin"), W.location], () => askPlace((point) => phone.do("location", point))],
      [[icon("person"), W.contact], () => askContact(phone.user, () => phone.do("contact"))],
      [[icon("poll"), W.poll], () => askPoll((poll) => phone.do("poll", poll))],
      [[icon("die"), W.dice], () => phone.do("dice")],
    ]);
  }

  takeCaption() {
    const caption = this.text.value;
    this.write("");
    this.leave();
    return caption;
  }

  async sendFiles(files) {
    const pictures = files.filter((f) => /^image\/(png|jpeg|webp)$/.test(f.type)).slice(0, ALBUM);
    const others = files.filter((f) => !pictures.includes(f));
    const caption = pictures.length ? this.takeCaption() : "";
    if (pictures.length === 1) await this.sendOne("photo", pictures[0], caption);
    if (pictures.length > 1) await this.sendAlbum(pictures, caption);
    for (const file of others) await this.sendOne(file.type.startsWith("video/") ? "video" : "document", file);
    this.phone.toBottom();
  }

  async sendOne(kind, blob, caption = "") {
    return this.phone.do("file", { kind, caption, ...(await item(blob)) });
  }

  async sendAlbum(blobs, caption) {
    const items = await Promise.all(blobs.map(item));
    return this.phone.do("album", { items: items.map((each, n) => ({ ...each, caption: n ? "" : caption })) });
  }
}

const item = async (blob) => ({ data: await encoded(blob), name: blob.name, mime: blob.type || undefined });

