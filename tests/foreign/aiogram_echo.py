"""An echo bot as aiogram's users write it; only the address of the Bot API is not Telegram's."""

import asyncio
import sys

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

dispatcher = Dispatcher()
BUTTONS = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="再说一遍", callback_data="again")]]
)


@dispatcher.message(CommandStart())
async def greet(message: Message) -> None:
    await message.answer("<b>您好</b>", parse_mode="HTML")


@dispatcher.message(F.photo)
async def show(message: Message) -> None:
    await message.answer_photo(message.photo[-1].file_id, caption=message.caption)


@dispatcher.message()
async def echo(message: Message) -> None:
    await message.answer(message.text or "?", reply_markup=BUTTONS)


@dispatcher.callback_query(F.data == "again")
async def again(query: CallbackQuery) -> None:
    await query.message.edit_text(f"{query.message.text}！")
    await query.answer("说了")


async def main(base: str, token: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(base))
    async with Bot(token, session=session) as bot:
        await dispatcher.start_polling(bot)


asyncio.run(main(sys.argv[2], sys.argv[1]))
