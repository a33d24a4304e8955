"""How a command ends that cannot do what it is for: what it says, and its exit code."""

from __future__ import annotations

from collections.abc import Callable

from telegram.error import BadRequest, InvalidToken

from bot.config.settings import ConfigError
from bot.running.clock import NoClockError
from bot.running.holding import HeldError
from workflows.store.engine.founding import LostDatabaseError
from workflows.store.integrity import BrokenDatabaseError
from workflows.store.migrations import NewerSchemaError

EXIT_CONFIG = 2
EXIT_TOKEN = 3
EXIT_DATABASE = 4
EXIT_LOST = 5
EXIT_HELD = 6


def ending(error: Exception) -> tuple[int, str]:
    """The code, and the lines to tell, of one of ENDS."""
    code, told = next(found for kind, found in _TOLD.items() if isinstance(error, kind))
    return code, told(str(error))


def _clockless(url: str) -> str:
    return f"clock.url: no playground's clock is at {url}: leave it empty for real use"


def _damaged(error: str) -> str:
    return (
        f"database: is damaged: {error}\n"
        "database: move it away and `haitang restore` the newest backup"
    )


def _newer(error: str) -> str:
    return f"database: {error} is of a newer haitang: install that one (docs/upgrading.md)"


def _lost(error: str) -> str:
    return "\n".join(f"database: {line}" for line in error.splitlines())


_TOLD: dict[type[Exception], tuple[int, Callable[[str], str]]] = {
    ConfigError: (EXIT_CONFIG, str),
    InvalidToken: (EXIT_TOKEN, lambda _: "telegram.token: Telegram does not know this token"),
    BadRequest: (EXIT_CONFIG, lambda error: f"telegram: refuses what the config says: {error}"),
    NoClockError: (EXIT_CONFIG, _clockless),
    BrokenDatabaseError: (EXIT_DATABASE, _damaged),
    NewerSchemaError: (EXIT_DATABASE, _newer),
    LostDatabaseError: (EXIT_LOST, _lost),
    HeldError: (EXIT_HELD, str),
}
ENDS = tuple(_TOLD)
