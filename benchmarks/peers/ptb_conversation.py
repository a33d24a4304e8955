"""The intake as a ConversationHandler; with `pickle`, what it knows is saved every 60 seconds."""

import sys
from warnings import filterwarnings

import given
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)
from telegram.warnings import PTBUserWarning
from words import CHOICES, CHOOSE, GREETING, MENU, UNCATEGORISED, Button, chosen, filed, preview

# A button's message is not followed on its own here; that is meant.
filterwarnings("ignore", message=r".*CallbackQueryHandler", category=PTBUserWarning)

TELLING, CHECKING, CHOOSING = range(3)
Context = ContextTypes.DEFAULT_TYPE


def keyboard(rows: list[list[Button]]) -> InlineKeyboardMarkup:
    """The library's buttons."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )


MENU_KEYS, CHOICE_KEYS = keyboard(MENU), keyboard(CHOICES)


async def greet(update: Update, context: Context) -> int:
    """A draft begins."""
    context.user_data.update(text="", category=UNCATEGORISED)
    await update.message.reply_html(GREETING)
    return TELLING


async def add(update: Update, context: Context) -> int:
    """The draft's text grows."""
    draft = context.user_data
    draft["text"] = f"{draft['text']}\n{update.message.text}".strip()
    await update.message.reply_html(preview(**draft), reply_markup=MENU_KEYS)
    return CHECKING


async def show_categories(update: Update, context: Context) -> int:
    """Offer the categories in the preview's place."""
    await update.callback_query.answer()
    await update.callback_query.edit_message_text(CHOOSE, reply_markup=CHOICE_KEYS)
    return CHOOSING


async def choose(update: Update, context: Context) -> int:
    """Back to the preview, with the category."""
    query = update.callback_query
    context.user_data["category"] = chosen(query.data)
    await query.answer()
    await query.edit_message_text(
        preview(**context.user_data), parse_mode=ParseMode.HTML, reply_markup=MENU_KEYS
    )
    return CHECKING


async def submit(update: Update, context: Context) -> int:
    """File the draft and say its number."""
    count = context.bot_data["count"] = context.bot_data.get("count", 0) + 1
    context.user_data.clear()
    await update.callback_query.answer()
    await update.effective_chat.send_message(filed(count))
    return ConversationHandler.END


def main() -> None:
    """Poll until stopped."""
    builder = ApplicationBuilder().token(given.TOKEN).base_url(f"{given.BASE_URL}/bot")
    if is_kept := "pickle" in sys.argv:
        builder.persistence(PicklePersistence(given.DATA / "state.pickle"))
    start = CommandHandler("start", greet)
    text = MessageHandler(filters.TEXT & ~filters.COMMAND, add)
    intake = ConversationHandler(
        entry_points=[start],
        states={
            TELLING: [text],
            CHECKING: [
                text,
                CallbackQueryHandler(show_categories, pattern="^category$"),
                CallbackQueryHandler(submit, pattern="^submit$"),
            ],
            CHOOSING: [CallbackQueryHandler(choose, pattern="^category:")],
        },
        fallbacks=[start],
        name="intake",
        persistent=is_kept,
    )
    application = builder.build()
    application.add_handler(intake)
    application.run_polling()


main()
