// One person's phone: their chats, the messages of the one that is open, and what can be done there.
import { h, button, menu, soon, sync } from "./dom.js";
import { icon } from "./icons.js";
import { blocks, bubble, inWords } from "./bubble.js";
import { Composer } from "./composer.js";
import { botName, bus, chatKey, groupsOf, isPresent, markRead, peopleIn, unread, world } from "./model.js";
import { openLink } from "./links.js";
import { act, notice } from "./net.js";
import { colour, day, initial } from "./format.js";
import { W } from "./words.js";

const NEAR = 80, TYPING = 5000, SHOWN = 3200, WAIT = 12000;

export class Phone {
  // `owner` is a person's id; `chat` a group's id, or null for the private chat with the bot.
  constructor(owner, chat, onClose) {
    Object.assign(this, { owner, chat, isGroupWindow: chat !== null, waiting: new Map(), early: new Map(), made: new Map() });
    this.stream = h("div.stream", { role: "log", tabIndex: 0, ariaLabel: W.messages });
    this.over = h("div.over", { "aria-live": "assertive" });
    this.pin = h("div.pin");
    this.head = h("header");
    this.composer = new Composer(this);
    this.root = h("section.phone", {}, this.head, this.pin, this.stream, this.composer.root, this.over);
    this.onClose = onClose;
    this.redraw = soon(() => this.draw(), 16);
    for (const name of ["pointerdown", "focusin"]) this.root.addEventListener(name, () => this.look());
    this.stream.addEventListener("scroll", () => this.scrolled());
    new ResizeObserver(() => this.stay()).observe(this.stream);
    this.stream.addEventListener("load", () => this.low && this.toBottom(), true);
    this.acceptDrops();
    this.draw();
    this.toBottom();
  }

  get user() { return world.users.get(this.owner); }
  get key() { return chatKey(world.bot, this.chat ?? this.owner); }
  get room() { return world.chats.get(this.key); }
  get isActive() { return this.root.classList.contains("active"); }
  get messages() { return [...(this.room?.messages.values() ?? [])].filter((s) => !s.deleted); }
  do(name, body) { return act(this.owner, name, this.chat, body); }

  look() {
    bus.emit("looked", this);
    this.root.classList.add("active");
    markRead(this.room);
  }

  show(chat) {
    Object.assign(this, { chat, made: new Map() });
    this.composer.leave();
    this.draw();
    this.toBottom();
    markRead(this.room);
  }

  // -- drawing --------------------------------------------------------------------------

  draw() {
    if (!this.user) return;
    const isLow = this.low ?? this.isLow();
    this.root.setAttribute("aria-label", W.phoneOf(this.user.first_name));
    this.root.dataset.owner = this.owner;
    this.drawHead();
    this.drawPin();
    sync(this.stream, this.rows());
    this.composer.draw();
    if (this.root.isConnected) this.forget();
    if (isLow) this.toBottom();
    if (this.isActive && !document.hidden) markRead(this.room);
  }

  isLow() {
    const { scrollHeight, scrollTop, clientHeight } = this.stream;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  // Only who scrolls up leaves the newest message: what comes, loads or grows meanwhile does not.
  scrolled() {
    const { scrollTop } = this.stream;
    if (this.isLow()) this.low = true;
    else if (scrollTop < this.top) this.low = false;
    this.top = scrollTop;
  }

  // With other room it goes on at the newest message if it was there.
  stay() { if (this.low !== false) this.toBottom(); }

  toBottom() { requestAnimationFrame(() => { this.stream.scrollTop = this.stream.scrollHeight; }); }

  drawHead() {
    const role = world.roles[this.owner] ?? (Object.keys(world.roles).length ? W.resident : "");
    const name = this.user.first_name;
    sync(this.head, [
      this.once(`head${role}`, () => h("div.owner", {}, h("span.face", { className: `face ${colour(this.owner)}` }, initial(name)),
        h("span.who", {}, h("b", {}, name), h("small", {}, role)),
        button(icon("more"), (e) => menu(e.currentTarget, this.choices()), { className: "quiet", ariaLabel: W.more }),
        button(icon("close"), () => this.onClose(this), { className: "quiet", ariaLabel: W.close, title: W.close }))),
      this.chatBar(),
    ]);
  }

  chatBar() {
    const room = this.room;
    const rooms = [null, ...groupsOf(this.owner).map((g) => g.id)];
    const isTyping = Date.now() < (this.typingUntil ?? 0);
    const small = isTyping ? W.typing : this.chat === null ? W.bot : W.members(peopleIn(room).length + 1);
    const title = this.chat === null ? botName() : room?.title ?? "";
    const counts = rooms.map((id) => unread(world.chats.get(chatKey(world.bot, id ?? this.owner))));
    const print = JSON.stringify([title, small, rooms, counts, this.chat, this.isGroupWindow && peopleIn(room).map((u) => u.id)]);
    return this.once(`bar${print}`, () => h("div.chatbar", { className: isTyping ? "chatbar typing" : "chatbar" },
      h("span.face", { className: `face small ${this.chat === null ? "bot" : colour(this.chat)}` }, this.chat === null ? h("img", { src: "/page/icon.svg", alt: "", width: 34, height: 34 }) : initial(title)),
      h("span.who", {}, h("b", {}, title), h("small", {}, small)),
      this.isGroupWindow ? this.whoSpeaks(room)
        : rooms.length > 1 && h("span.tabs", { role: "tablist" }, rooms.map((id, n) => this.tab(id, counts[n])))));
  }

  tab(id, count) {
    const title = id === null ? botName() : world.chats.get(chatKey(world.bot, id))?.title;
    return button([title, count > 0 && h("i.badge", {}, String(count))], () => this.show(id),
      { role: "tab", ariaSelected: String(this.chat === id), ariaLabel: `${title} ${count ? W.unread(count) : ""}` });
  }

  whoSpeaks(room) {
    const choose = h("select", { ariaLabel: W.asWhom, onchange: (e) => { this.owner = Number(e.target.value); this.made = new Map(); this.draw(); } },
      peopleIn(room).map((user) => h("option", { value: user.id, selected: user.id === this.owner }, user.first_name)));
    return choose;
  }

  drawPin() {
    const pinned = this.messages.findLast((s) => s.pinned);
    const words = pinned && inWords(pinned.message);
    sync(this.pin, pinned ? [this.once(`pin${pinned.message.message_id}${words}`, () => button([h("b", {}, W.pinned), h("span", {}, words)],
      () => this.jump(pinned.message.message_id)))] : []);
  }

  rows() {
    const rows = [];
    let last = "";
    for (const block of blocks(this.messages)) {
      const on = day(block[0].message.date * 1000);
      if (on !== last) rows.push(this.once(`day${on}`, () => h("div.day", {}, on)));
      last = on;
      const print = `${block[0].message.message_id}|${JSON.stringify(block)}`;
      rows.push(this.once(print, () => bubble(block, this.owner, this.room, this.can())));
    }
    return rows.length ? rows : [this.once("empty", () => h("div.service", {}, W.nothingHere))];
  }

  forget() {
    for (const [print, element] of this.made) if (!element.isConnected) this.made.delete(print);
  }

  // The element for what looks so, made once.
  once(print, make) {
    if (!this.made.has(print)) this.made.set(print, make());
    return this.made.get(print);
  }

  // -- what can be done in it -----------------------------------------------------------

  can() {
    return {
      tap: (key, id, made) => this.tap(key, id, made),
      touch: (kind, value) => (kind === "command" ? this.do("send", { text: value }) : openLink(value, this.owner)),
      vote: (id, options) => this.do("vote", { message_id: id, options }),
      choose: (what, message) => this.choose(what, message),
      jump: (id) => this.jump(id),
    };
  }

  async tap(key, messageId, made) {
    this.look();
    if (key.copy_text) return navigator.clipboard?.writeText(key.copy_text.text).then(() => notice(W.copied));
    if (key.url) return openLink(key.url, this.owner, true);
    if (key.callback_data == null) return notice(key.text);
    made.classList.add("waiting");
    const told = await this.do("press", { data: key.callback_data, message_id: messageId });
    if (!told) return made.classList.remove("waiting");
    this.waiting.set(told.result, made);
    if (this.early.has(told.result)) return this.answered(this.early.get(told.result));
    return setTimeout(() => this.settle(told.result), WAIT);
  }

  settle(id) {
    this.waiting.get(id)?.classList.remove("waiting");
    this.waiting.delete(id);
  }

  choose(what, message) {
    if (what === "reply" || what === "edit") return this.composer.about(what, message);
    return this.do(what, { message_id: message.message_id });
  }

  jump(id) {
    const row = this.stream.querySelector(`[data-id="${id}"]`);
    row?.scrollIntoView({ block: "center", behavior: "smooth" });
    row?.classList.add("found");
    setTimeout(() => row?.classList.remove("found"), 1600);
  }

  choices() {
    const isBlocked = this.isBlocked();
    return [
      [W.openLink, () => openLink("", this.owner)],
      this.chat !== null && isPresent(this.room, this.owner) && [W.leave, () => this.do("leave")],
      this.chat === null && this.room && [isBlocked ? W.unblock : W.block, () => this.do(isBlocked ? "start" : "block")],
      [W.deactivate, () => this.do("deactivate"), "bad"],
    ];
  }

  isBlocked() { return this.chat === null && this.room?.members[world.bot] === "kicked"; }

  acceptDrops() {
    const mark = (isOver) => (event) => { event.preventDefault(); this.root.classList.toggle("dropping", isOver); };
    this.root.addEventListener("dragover", mark(true));
    this.root.addEventListener("dragleave", mark(false));
    this.root.addEventListener("drop", (event) => { mark(false)(event); this.composer.sendFiles([...event.dataTransfer.files]); });
  }

  // -- what happens in it ---------------------------------------------------------------

  typing() {
    this.typingUntil = Date.now() + TYPING;
    this.redraw();
    setTimeout(this.redraw, TYPING + 50);
  }

  // The answer may overtake the receipt of the press it answers.
  answered(told) {
    const { callback_id: id, text, alert } = told;
    if (!this.waiting.has(id)) return this.early.set(id, told);
    this.settle(id);
    if (!text) return undefined;
    const close = () => shown.remove();
    const shown = alert
      ? h("div.alert", { role: "alertdialog", ariaLabel: botName() }, h("div", {}, h("p", {}, text), button(W.ok, close)))
      : h("div.toast", { role: "status" }, text);
    this.over.append(shown);
    if (alert) shown.querySelector("button").focus();
    else setTimeout(close, SHOWN);
    return undefined;
  }
}
