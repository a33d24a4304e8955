// What the page knows: people, chats with their messages, bots, the clock, calls, what was read.
class Bus extends EventTarget {
  emit(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
  on(name, heard) { this.addEventListener(name, (event) => heard(event.detail)); }
}
export const bus = new Bus();

export const world = {
  bots: new Map(), users: new Map(), chats: new Map(), calls: [], bot: null, abilities: [],
  roles: {}, clock: { now: 0, rate: 0, at: 0 }, places: [],
};
const CALLS_KEPT = 500;

export const chatKey = (bot, id) => (id < 0 ? `g${id}` : `p${bot}.${id}`);
export const privateKey = (userId) => chatKey(world.bot, userId);
export const can = (ability) => world.abilities.includes(ability);
export const isService = (m) => SERVICE.some((name) => name in m);
const SERVICE = ["new_chat_members", "left_chat_member", "pinned_message", "migrate_to_chat_id",
  "migrate_from_chat_id", "group_chat_created"];

function putChat(state) {
  const key = chatKey(state.bot, state.id);
  const before = world.chats.get(key);
  const chat = { ...state, key, messages: before?.messages ?? new Map() };
  for (const shown of state.messages ?? []) chat.messages.set(shown.message.message_id, shown);
  world.chats.set(key, chat);
  return chat;
}

function putBot(bot) {
  world.bots.set(bot.id, bot);
  world.bot ??= bot.id;
}

function putClock(time) {
  world.clock = { now: Date.parse(time.now), rate: time.rate, at: performance.now() };
}

// The moment in the playground now, in milliseconds.
export function now() {
  const { now: base, rate, at } = world.clock;
  return base + (performance.now() - at) * rate;
}

bus.on("everything", (all) => {
  for (const name of ["bots", "users", "chats"]) world[name].clear();
  all.bots.forEach(putBot);
  if (!world.bots.has(world.bot)) world.bot = all.bots[0]?.id ?? null;
  for (const user of all.users) world.users.set(user.id, user);
  all.chats.forEach(putChat);
  world.calls = all.calls;
  world.abilities = all.abilities;
  putClock(all.clock);
  readAll();
  bus.emit("reset");
});

const HEARD = {
  message: putMessage, edit: putMessage, delete: putMessage,
  user: ({ user }) => { world.users.set(user.id, user); bus.emit("people"); },
  bot: ({ bot }) => { const isFirst = !world.bots.size; putBot(bot); bus.emit(isFirst ? "reset" : "people"); },
  chat: ({ chat }) => { const put = putChat(chat); bus.emit("people"); bus.emit("chat", put); },
  clock: (time) => { putClock(time); bus.emit("clock"); },
  call: ({ call }) => {
    world.calls.push(call);
    if (world.calls.length > CALLS_KEPT) world.calls.shift();
    bus.emit("call", call);
  },
  answer: (told) => bus.emit("answer", told),
  action: (told) => bus.emit("typing", told),
  backstage: () => bus.emit("backstage"),
};
bus.on("told", (told) => HEARD[told.event]?.(told));

function putMessage(shown) {
  const { chat: where, message_id: id } = shown.message;
  const key = chatKey(shown.bot, where.id);
  const chat = world.chats.get(key) ?? putChat({ ...where, bot: shown.bot, members:
    where.id < 0 ? {} : { [where.id]: "member", [shown.bot]: "member" } });
  const isNew = !chat.messages.has(id);
  chat.messages.set(id, shown);
  bus.emit("message", { chat, shown, isNew });
}

// -- who is where -----------------------------------------------------------------------

const PRESENT = ["creator", "administrator", "member"];
export const isPresent = (chat, id) => PRESENT.includes(chat?.members[id]);
export const groups = () => [...world.chats.values()].filter((c) => c.id < 0 && !c.moved_to);
export const groupsOf = (userId) => groups().filter((c) => isPresent(c, userId));
export const peopleIn = (chat) => [...world.users.values()].filter((u) => isPresent(chat, u.id));
export const botName = () => world.bots.get(world.bot)?.first_name ?? "";

// -- what was read ----------------------------------------------------------------------

const read = new Map(Object.entries(JSON.parse(sessionStorage.getItem("read") ?? "{}")));

function readAll() {
  for (const chat of world.chats.values()) {
    const last = Math.max(0, ...chat.messages.keys());
    read.set(chat.key, Math.min(read.get(chat.key) ?? last, last));
  }
}

export function unread(chat) {
  if (!chat) return 0;
  const since = read.get(chat.key) ?? 0;
  let count = 0;
  for (const [id, shown] of chat.messages) {
    const isOther = chat.id < 0 ? shown.message.from.is_bot : shown.message.from.id !== chat.id;
    count += id > since && isOther && !shown.deleted && !isService(shown.message);
  }
  return count;
}

export function markRead(chat) {
  if (!chat || !unread(chat)) return;
  read.set(chat.key, Math.max(0, ...chat.messages.keys()));
  sessionStorage.setItem("read", JSON.stringify(Object.fromEntries(read)));
  bus.emit("read", chat);
}
