"""The intake as aiogram's state machine in memory; with `sqlite`, tickets are on disk first."""

import asyncio
import sys
from contextlib import nullcontext

import given
from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from tickets import Tickets, stored_tickets
from words import CHOICES, CHOOSE, GREETING, MENU, UNCATEGORISED, Button, chosen, filed, preview


class Intake(StatesGroup):
    """Where somebody is."""

    telling = State()
    checking = State()
    choosing = State()


def keyboard(rows: list[list[Button]]) -> InlineKeyboardMarkup:
    """The library's buttons."""
    keys = [[InlineKeyboardButton(text=t, callback_data=data) for t, data in row] for row in rows]
    return InlineKeyboardMarkup(inline_keyboard=keys)


MENU_KEYS, CHOICE_KEYS = keyboard(MENU), keyboard(CHOICES)
dispatcher = Dispatcher(storage=MemoryStorage())


@dispatcher.message(CommandStart())
async def greet(message: Message, state: FSMContext) -> None:
    """A draft begins."""
    await state.set_state(Intake.telling)
    await state.set_data({"text": "", "category": UNCATEGORISED})
    await message.answer(GREETING)


@dispatcher.message(Intake.telling, F.text)
@dispatcher.message(Intake.checking, F.text)
async def add(message: Message, state: FSMContext) -> None:
    """The draft's text grows."""
    text = await state.get_value("text")
    draft = await state.update_data(text=f"{text}\n{message.text}".strip())
    await state.set_state(Intake.checking)
    await message.answer(preview(**draft), reply_markup=MENU_KEYS)


@dispatcher.callback_query(Intake.checking, F.data == "category")
async def show_categories(query: CallbackQuery, state: FSMContext) -> None:
    """Offer the categories in the preview's place."""
    await state.set_state(Intake.choosing)
    await query.answer()
    await query.message.edit_text(CHOOSE, reply_markup=CHOICE_KEYS)


@dispatcher.callback_query(Intake.choosing, F.data.startswith("category:"))
async def choose(query: CallbackQuery, state: FSMContext) -> None:
    """Back to the preview, with the category."""
    draft = await state.update_data(category=chosen(query.data))
    await state.set_state(Intake.checking)
    await query.answer()
    await query.message.edit_text(preview(**draft), reply_markup=MENU_KEYS)


@dispatcher.callback_query(Intake.checking, F.data == "submit")
async def submit(query: CallbackQuery, state: FSMContext, tickets: Tickets) -> None:
    """File the draft and say its number."""
    count = await tickets.file(query.from_user.id, await state.get_data())
    await state.clear()
    await query.answer()
    await query.message.answer(filed(count))


async def main() -> None:
    """Poll until stopped."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(given.BASE_URL))
    if given.CA:  # there is no setting for it
        session._connector_init["ssl"].load_verify_locations(given.CA)
    html = DefaultBotProperties(parse_mode="HTML")
    keeping = stored_tickets(given.DATA) if "sqlite" in sys.argv else nullcontext(Tickets())
    async with keeping as tickets, Bot(given.TOKEN, session=session, default=html) as bot:
        await dispatcher.start_polling(bot, tickets=tickets)


asyncio.run(main())
