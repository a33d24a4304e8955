"""The intake with pyTelegramBotAPI's asynchronous bot and its states in memory."""

import asyncio
from itertools import count

import given
from telebot import asyncio_helper
from telebot.async_telebot import AsyncTeleBot
from telebot.asyncio_filters import StateFilter
from telebot.asyncio_storage import StateMemoryStorage
from telebot.states import State, StatesGroup
from telebot.states.asyncio import StateContext, StateMiddleware
from telebot.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from words import CHOICES, CHOOSE, GREETING, MENU, UNCATEGORISED, Button, chosen, filed, preview


class Intake(StatesGroup):
    """Where somebody is."""

    telling = State()
    checking = State()
    choosing = State()


def keyboard(rows: list[list[Button]]) -> InlineKeyboardMarkup:
    """The library's buttons."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )


asyncio_helper.API_URL = f"{given.BASE_URL}/bot{{0}}/{{1}}"
if given.CA:
    asyncio_helper.session_manager.ssl_context.load_verify_locations(given.CA)

MENU_KEYS, CHOICE_KEYS = keyboard(MENU), keyboard(CHOICES)
bot = AsyncTeleBot(given.TOKEN, parse_mode="HTML", state_storage=StateMemoryStorage())
bot.add_custom_filter(StateFilter(bot))
bot.setup_middleware(StateMiddleware(bot))
numbers = count(1)


@bot.message_handler(commands=["start"])
async def greet(message: Message, state: StateContext) -> None:
    """A draft begins."""
    await state.set(Intake.telling)
    await state.add_data(text="", category=UNCATEGORISED)
    await bot.send_message(message.chat.id, GREETING)


@bot.message_handler(state=[Intake.telling, Intake.checking], content_types=["text"])
async def add(message: Message, state: StateContext) -> None:
    """The draft's text grows."""
    async with state.data() as draft:
        draft["text"] = f"{draft['text']}\n{message.text}".strip()
        said = preview(**draft)
    await state.set(Intake.checking)
    await bot.send_message(message.chat.id, said, reply_markup=MENU_KEYS)


@bot.callback_query_handler(lambda query: query.data == "category", state=Intake.checking)
async def show_categories(query: CallbackQuery, state: StateContext) -> None:
    """Offer the categories in the preview's place."""
    await state.set(Intake.choosing)
    await bot.answer_callback_query(query.id)
    await edit(query, CHOOSE, CHOICE_KEYS)


@bot.callback_query_handler(lambda query: query.data.startswith("category:"), state=Intake.choosing)
async def choose(query: CallbackQuery, state: StateContext) -> None:
    """Back to the preview, with the category."""
    async with state.data() as draft:
        draft["category"] = chosen(query.data)
        said = preview(**draft)
    await state.set(Intake.checking)
    await bot.answer_callback_query(query.id)
    await edit(query, said, MENU_KEYS)


async def edit(query: CallbackQuery, text: str, keys: InlineKeyboardMarkup) -> None:
    """Change the message that was tapped."""
    chat_id, message_id = query.message.chat.id, query.message.message_id
    await bot.edit_message_text(text, chat_id, message_id, reply_markup=keys)


@bot.callback_query_handler(lambda query: query.data == "submit", state=Intake.checking)
async def submit(query: CallbackQuery, state: StateContext) -> None:
    """File the draft and say its number."""
    await state.delete()
    await bot.answer_callback_query(query.id)
    await bot.send_message(query.message.chat.id, filed(next(numbers)))


asyncio.run(bot.infinity_polling())
