"""Residents: automata that go on when the answer to their last step has come."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections.abc import Callable

from benchmarks.load.botapi.api import BotApi, Shown
from benchmarks.load.fast import dumps
from benchmarks.load.script import FIRST_NEIGHBOUR, FIRST_RESIDENT, Step

_PATIENCE = 30.0  # seconds without an answer until a resident counts as stuck


class Resident:
    """One person in the middle of the conversation."""

    __slots__ = ("acted_at", "handed_at", "id", "message_id", "shown", "step", "town")

    def __init__(self, resident_id: int, town: Town) -> None:
        self.id = resident_id
        self.town = town
        self.step = 0
        self.message_id = 0
        self.acted_at = 0.0
        self.handed_at = 0.0
        self.shown: Shown | None = None

    def handed_out(self) -> None:
        """The bot has what was done last: from now on it is to answer."""
        self.handed_at = self.handed_at or time.perf_counter()

    def act(self) -> None:
        """Do what the step says."""
        step = self.town.script[self.step]
        self.acted_at, self.handed_at = time.perf_counter(), 0.0
        if step.says:
            self._say(step.says(self.id))
        elif self.shown is None or (data := step.finds(self.shown, self.id)) is None:
            self.town.lost += 1  # the button is not there: he gives up
            self.town.finish(self)
        else:
            self._tap(data, self.shown)

    def _say(self, text: str) -> None:
        self.message_id += 1
        entity = (
            b',"entities":[{"type":"bot_command","offset":0,"length":%d}]' % len(text)
            if text.startswith("/")
            else b""
        )
        self.town.api.feed.put(
            b'"message":{"message_id":%d,"from":%b,"chat":{"id":%d,"first_name":"Resident",'
            b'"type":"private"},"date":%d,"text":%b%b}'
            % (1_000_000 + self.message_id, self._user(), self.id, int(time.time()), dumps(text),
               entity),
            self,
        )  # fmt: skip

    def _tap(self, data: str, shown: Shown) -> None:
        self.town.taps += 1
        self.town.api.feed.put(
            b'"callback_query":{"id":"%d","from":%b,"message":%b,"chat_instance":"%d","data":%b}'
            % (self.town.taps, self._user(), shown.written, self.id, dumps(data)),
            self,
        )

    def _user(self) -> bytes:
        return (
            b'{"id":%d,"is_bot":false,"first_name":"Resident","language_code":"zh-hans"}' % self.id
        )

    def hear(self, shown: Shown) -> None:
        """A message came or changed: go on if it is the answer, else take no notice."""
        if not self.handed_at or not self.town.script[self.step].is_answered(shown):
            return
        now = time.perf_counter()
        self.town.answered(now - self.handed_at, now - self.acted_at)
        self.handed_at, self.shown = 0.0, shown
        self.step += 1
        if self.step == len(self.town.script):
            self.town.finish(self)
        else:
            self.town.later(self.act)


class Town:
    """Everybody who talks to one bot: starts them, hears for them, and counts.

    `think` is how many seconds a resident takes between an answer and his next step.
    """

    def __init__(self, api: BotApi, script: tuple[Step, ...], think: float = 0.0) -> None:
        self.api = api
        self.script = script
        self.latencies = array("d")
        self.waits = array("d")
        self.finished = 0
        self.taps = 0
        self.lost = 0
        self.pushed = 0
        self.on_finish: Callable[[], None] = lambda: None
        self._think = think
        self._here: dict[int, Resident] = {}
        self._next_id = FIRST_RESIDENT
        api.on_shown = self._shown

    @property
    def present(self) -> int:
        """How many are in the middle of it."""
        return len(self._here)

    def stuck(self) -> int:
        """How many have waited for an answer longer than anybody would."""
        long_ago = time.perf_counter() - _PATIENCE
        return sum(1 for r in self._here.values() if 0 < r.handed_at < long_ago)

    def enter(self) -> None:
        """One more resident begins."""
        resident = self._here[self._next_id] = Resident(self._next_id, self)
        self._next_id += 1
        resident.act()

    def later(self, act: Callable[[], None]) -> None:
        """Do it when he has thought."""
        if self._think:
            asyncio.get_running_loop().call_later(self._think, act)
        else:
            act()

    def answered(self, seconds: float, waited: float) -> None:
        """Count an answer: so long after the bot had the update, and after it was sent."""
        self.latencies.append(seconds)
        self.waits.append(waited)

    def finish(self, resident: Resident) -> None:
        """He is done, or has given up."""
        del self._here[resident.id]
        self.finished += 1
        self.on_finish()

    def _shown(self, shown: Shown) -> None:
        resident = self._here.get(shown.chat_id)
        if resident:
            resident.hear(shown)
        elif FIRST_NEIGHBOUR <= shown.chat_id < FIRST_RESIDENT:
            self.pushed += 1

    def reset(self) -> None:
        """Count answers from here on; who is there stays."""
        self.latencies, self.waits = array("d"), array("d")
