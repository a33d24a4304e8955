"""Prints what passes between people and the bot as a readable conversation.

Everything is printed as it was at its moment: a message with the words that it was sent with; when
it is changed in place, what is new on it.
"""

from __future__ import annotations

import asyncio
import time
import tomllib
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playground.text.refusals import Json
from playground.world.messages import SERVICE
from playground.world.world import World

WORDS = Path(__file__).parent / "demo.toml"
_ZONE = ZoneInfo("Asia/Shanghai")
_MARGIN = " " * 14
_TOLD = ("message", "edit", "delete")


class Narrator:
    """Follows a world, and prints what is sent and changed in it, in order."""

    def __init__(self, world: World, pause: float = 0.0) -> None:
        self.words = tomllib.loads(WORDS.read_text("utf-8"))
        self._world = world
        self._pause = pause
        self._is_hushed = False
        self._shown: dict[tuple[int, int], list[str]] = {}

    @asynccontextmanager
    async def telling(self) -> AsyncIterator[None]:
        """At the end, print what happened inside."""
        heard, self._is_hushed = self._world.feed.listen(), False
        try:
            yield
        finally:
            self._world.feed.listeners.discard(heard)
            for told in _drained(heard):
                self._tell(told)

    def hush(self) -> None:
        """What happens until the end of what is told now is not printed."""
        self._is_hushed = True

    def counted(self, now: datetime, kind: str, what: str, texts: list[list[str]]) -> None:
        """Print how many of the couriers read what: the line that says how each stands."""
        lines = Counter(next((x for x in text if x.startswith("👉")), text[0]) for text in texts)
        told = [self.words["read"].format(count=n, line=line) for line, n in lines.most_common(3)]
        self._line(now.timestamp(), self.words["riders"][kind].format(text=what), told)

    def _tell(self, told: Json) -> None:
        """Print a new message, or what a change brought; buttons that only went are no news."""
        if told["event"] not in _TOLD or SERVICE & told["message"].keys():
            return
        message, lines = told["message"], self._lines(told["message"])
        before = self._shown.get(_key(message), [])
        self._shown[_key(message)] = lines
        if self._is_hushed:
            return
        if told["event"] == "message":
            self._line(told["at"], self._who(message), lines)
        elif told["deleted"]:
            self._line(told["at"], self._who(message), [self._about("deleted", before)])
        elif new := [line for line in lines if line not in before]:
            self._line(told["at"], self._who(message), [self._about("changed", before), *new])

    def _about(self, what: str, before: list[str]) -> str:
        """That the message which stood there was changed or taken away."""
        return str(self.words[what].format(first=before[0] if before else ""))

    def _lines(self, message: Json) -> list[str]:
        """A message as a phone shows it: its words, then its buttons row by row."""
        media = "".join(word for kind, word in self.words["media"].items() if kind in message)
        text = media + (message.get("text") or message.get("caption") or "")
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        return text.splitlines() + ["  ".join(f"[{b['text']}]" for b in row) for row in rows]

    def _who(self, message: Json) -> str:
        """Who says it, and to whom where that is not the bot."""
        sender, chat = message["from"], message["chat"]
        who = self.words["bot"] if sender["is_bot"] else sender["first_name"]
        is_to_bot = sender["id"] == chat["id"]
        return who if is_to_bot else f"{who} → {chat.get('title') or chat['first_name']}"

    def tapped(self, now: datetime, name: str, label: str) -> None:
        """Print a tap: it is no message of its own."""
        self._line(now.timestamp(), name, [self.words["tap"].format(label=label)])

    def _line(self, at: float, who: str, lines: list[str]) -> None:
        local = datetime.fromtimestamp(at, UTC).astimezone(_ZONE)
        first, *rest = lines or [""]
        print(f"\n{local:%m-%d %H:%M}   {who}：{first}", flush=True)
        for line in rest:
            print(_MARGIN + line)
        time.sleep(self._pause)

    def title(self, name: str) -> None:
        """Print a story's heading."""
        heading = self.words["titles"][name]
        print(f"\n\n══ {heading} ══")

    def verdict(self, facts: Mapping[str, bool]) -> None:
        """Print each fact that the stories claim, and whether it is so."""
        print()
        for name, holds in facts.items():
            print(f"{'✓' if holds else '✗'} {self.words['facts'][name]}")

    def steps(self, heading: str, lines: list[tuple[datetime, str]]) -> None:
        """Print a ticket's steps."""
        print(f"\n── {heading} ──")
        for at, what in lines:
            print(f"{at.astimezone(_ZONE):%m-%d %H:%M}   {what}")

    def pushes(self, counts: Mapping[str, tuple[int, int]]) -> None:
        """Print how many messages a ticket brought to whom."""
        for name, (pushed, answered) in counts.items():
            said = self.words["pushed"].format(name=name, pushed=pushed, answered=answered)
            print(f"{_MARGIN}{said}")

    def clock(self, name: str, start: datetime, end: datetime | None) -> None:
        """Print how long something took, if it ever ended."""
        took = _hours(end - start, self.words["hours"]) if end else self.words["never"]
        print(f"{_MARGIN}{self.words['clocks'][name]} {took}")


def _drained(heard: asyncio.Queue[Json | None]) -> Iterator[Json]:
    """What waits in a queue, but not its end."""
    while not heard.empty():
        told = heard.get_nowait()
        if told is not None:
            yield told


def _key(message: Json) -> tuple[int, int]:
    return message["chat"]["id"], message["message_id"]


def _hours(length: timedelta, pattern: str) -> str:
    minutes = round(length.total_seconds() / 60)
    return pattern.format(hours=minutes // 60, minutes=minutes % 60)
