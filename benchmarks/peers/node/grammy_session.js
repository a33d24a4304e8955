// The intake with grammY's sessions; with `runner`, chats are served side by side, each in order.
import { run, sequentialize } from "@grammyjs/runner";
import { Bot, InlineKeyboard, session } from "grammy";
import { agent, baseUrl, token } from "./given.js";
import { choiceRows, choose, chosen, filed, greeting, grow, menu, newDraft, preview } from "./words.js";

const keyboard = (rows) =>
  InlineKeyboard.from(rows.map((row) => row.map((button) => InlineKeyboard.text(...button))));
const menuKeys = { parse_mode: "HTML", reply_markup: keyboard(menu) };
const choiceKeys = { reply_markup: keyboard(choiceRows) };

const withRunner = process.argv.includes("runner");
const tls = agent && { baseFetchConfig: { agent, compress: true } };
const bot = new Bot(token, { client: { apiRoot: baseUrl, ...tls } });
let count = 0;

if (withRunner) {
  bot.use(sequentialize((ctx) => ctx.chat?.id.toString()));
}
bot.use(session({ initial: newDraft }));

bot.command("start", async (ctx) => {
  ctx.session = newDraft();
  await ctx.reply(greeting, { parse_mode: "HTML" });
});

bot.on("message:text", async (ctx) => {
  grow(ctx.session, ctx.msg.text);
  await ctx.reply(preview(ctx.session), menuKeys);
});

bot.callbackQuery("category", async (ctx) => {
  await ctx.answerCallbackQuery();
  await ctx.editMessageText(choose, choiceKeys);
});

bot.callbackQuery(/^category:(\d+)$/, async (ctx) => {
  ctx.session.category = chosen(ctx.match[1]);
  await ctx.answerCallbackQuery();
  await ctx.editMessageText(preview(ctx.session), menuKeys);
});

bot.callbackQuery("submit", async (ctx) => {
  ctx.session = newDraft();
  count += 1;
  await ctx.answerCallbackQuery();
  await ctx.reply(filed(count));
});

if (withRunner) {
  const runner = run(bot);
  process.once("SIGTERM", () => runner.isRunning() && runner.stop());
} else {
  process.once("SIGTERM", () => bot.stop());
  bot.start();
}
