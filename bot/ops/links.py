"""Links into the bot, for what an operator hands out."""

from __future__ import annotations

from telegram.error import InvalidToken, TelegramError

from bot.config.checks import TOKEN_VARIABLE
from bot.config.sections import Telegram
from bot.telegram.client import make_bot


def link(name: str, payload: str) -> str:
    """What opens the bot of that name with a payload."""
    return f"https://t.me/{name}?start={payload}"


async def bot_name(told: Telegram) -> tuple[str, str]:
    """The bot's name, or "" and why it is not known."""
    if not told.token.get_secret_value():
        return (
            "",
            f"no token is set, so nobody knows the bot's name: set {TOKEN_VARIABLE}",
        )
    try:
        async with make_bot(told)[0] as bot:
            return bot.username, ""
    except InvalidToken:
        return "", "Telegram does not know the token: ask @BotFather for a new one"
    except TelegramError as error:
        return "", f"Telegram cannot be asked for the bot's name now ({type(error).__name__})"
