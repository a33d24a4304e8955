// The intake with telegraf's sessions.
import { Markup, Telegraf, session } from "telegraf";
import { message } from "telegraf/filters";
import { agent, baseUrl, token } from "./given.js";
import { choiceRows, choose, chosen, filed, greeting, grow, menu, newDraft, preview } from "./words.js";

const keyboard = (rows) =>
  Markup.inlineKeyboard(rows.map((row) => row.map((button) => Markup.button.callback(...button))));
const menuKeys = { parse_mode: "HTML", ...keyboard(menu) };
const choiceKeys = keyboard(choiceRows);

const bot = new Telegraf(token, { telegram: { apiRoot: baseUrl, ...(agent && { agent }) } });
let count = 0;

bot.use(session({ defaultSession: newDraft }));

bot.start(async (ctx) => {
  ctx.session = newDraft();
  await ctx.replyWithHTML(greeting);
});

bot.on(message("text"), async (ctx) => {
  grow(ctx.session, ctx.message.text);
  await ctx.reply(preview(ctx.session), menuKeys);
});

bot.action("category", async (ctx) => {
  await ctx.answerCbQuery();
  await ctx.editMessageText(choose, choiceKeys);
});

bot.action(/^category:(\d+)$/, async (ctx) => {
  ctx.session.category = chosen(ctx.match[1]);
  await ctx.answerCbQuery();
  await ctx.editMessageText(preview(ctx.session), menuKeys);
});

bot.action("submit", async (ctx) => {
  ctx.session = newDraft();
  count += 1;
  await ctx.answerCbQuery();
  await ctx.reply(filed(count));
});

process.once("SIGTERM", () => bot.stop("SIGTERM"));
bot.launch();
