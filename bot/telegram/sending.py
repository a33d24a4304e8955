"""One letter out, whatever comes of it as a value: what Telegram's refusals mean."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import structlog
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.running.clock import Clock
from bot.telegram.client import QuietBot, seconds_of
from bot.telegram.render import Renderer
from bot.telegram.ways import Ways, Went
from workflows.core.faultpoints import point
from workflows.desk import Desk, Letter
from workflows.store import Sent
from workflows.store.outbox import LEASE, Outcome

_LONGEST_RETRY = 60.0  # seconds between tries while Telegram or the network is down
_DOUBLINGS = 6  # of the first second, until the longest; a day's tries would overflow
_LONGEST_SENDING = LEASE.total_seconds() - 15
# When the message that was to be drawn again is gone.
_WITHOUT_IT = {"edit": Outcome.GONE, "redraw": Outcome.GONE, "fade": Outcome.DROPPED}
_log = structlog.get_logger()


class Sender:
    """Sends one letter; `fatal` is why no other can be sent."""

    def __init__(self, desk: Desk, bot: QuietBot, renderer: Renderer, clock: Clock) -> None:
        self.desk = desk
        self.clock = clock
        self.fatal: BaseException | None = None
        self._ways = Ways(bot, renderer)

    async def send(self, letter: Letter) -> Sent:
        """One message out. Never raises."""
        owed = letter.owed
        if owed.is_blocked:
            return Sent(owed=owed, outcome=Outcome.PARKED)
        try:
            went = await self._out(letter)
        except InvalidToken as error:
            self.fatal = error
            return self.retry(letter, 0.0, "the token was refused")
        except ChatMigrated as error:
            return await self._moved(letter, error.new_chat_id)
        except TelegramError as error:
            return self._classify(letter, error)
        except Exception as error:
            _log.error("draw_failed", outbox=owed.id, error=type(error).__name__)
            return Sent(owed=owed, outcome=Outcome.DEAD, error=repr(error))
        return Sent(
            owed=owed, outcome=Outcome.SENT, message_id=went.message_id, face=went.face,
            is_pressable=went.is_pressable,
        )  # fmt: skip

    async def _out(self, letter: Letter) -> Went:
        """The one call, ended before its lease does: what is sent twice was never given up."""
        try:
            async with asyncio.timeout(_LONGEST_SENDING):
                point("send.before")
                went = await self._ways.send(letter)
        except TimeoutError as error:
            raise TimedOut from error
        point("send.after")
        return went

    async def _moved(self, letter: Letter, new_chat_id: int) -> Sent:
        """Once more to the new id; if that cannot be written now, the old one tells it again."""
        try:
            await self.desk.rekey(letter.owed.chat_id, new_chat_id, self.clock.now())
        except Exception as error:
            _log.error("rekey_failed", error=type(error).__name__)
            return self.retry(letter, 1.0, "the group moved")
        return self.retry(letter, 0.0, "the group moved")

    def _classify(self, letter: Letter, error: TelegramError) -> Sent:
        """What a refusal means. BadRequest is a NetworkError to the library (TRAPS): first."""
        owed, text = letter.owed, str(error)
        if isinstance(error, RetryAfter):
            return self.retry(letter, seconds_of(error.retry_after), text)
        if isinstance(error, Forbidden) or "chat not found" in text.lower():
            return Sent(owed=owed, outcome=Outcome.PARKED, error=text)
        if isinstance(error, BadRequest):
            return self._refused(letter, text)
        backoff = min(2.0 ** min(owed.attempts, _DOUBLINGS), _LONGEST_RETRY)
        return self.retry(letter, backoff * random.uniform(0.5, 1.0), text)  # noqa: S311

    def _refused(self, letter: Letter, text: str) -> Sent:
        """A 400: success-like, a card that is gone, else once more as plain text, then dead."""
        owed = letter.owed
        if "not modified" in text:
            return Sent(owed=owed, outcome=Outcome.SENT, message_id=owed.card)
        if owed.kind == "delete" and "can't be deleted" in text:  # older than 48 hours
            return Sent(owed=owed, outcome=Outcome.GONE, error=text)
        if owed.kind in {"strip", "delete"}:
            return Sent(owed=owed, outcome=Outcome.DROPPED, error=text)
        if owed.kind in _WITHOUT_IT and ("not found" in text or "can't be edited" in text):
            return Sent(owed=owed, outcome=_WITHOUT_IT[owed.kind], error=text)
        outcome = Outcome.DEAD if owed.is_plain else Outcome.PLAIN
        return Sent(owed=owed, outcome=outcome, error=text)

    def retry(self, letter: Letter, seconds: float, text: str) -> Sent:
        """Not sent, and to be tried again."""
        again_at = self.clock.now() + timedelta(seconds=seconds)
        return Sent(owed=letter.owed, outcome=Outcome.RETRY, again_at=again_at, error=text)
