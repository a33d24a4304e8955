"""Prints what passes between people and the bot as a readable conversation."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playground.phones.phone import Phone
from playground.phones.phone_client import Group, Message
from playground.world.clock import Clock

WORDS = Path(__file__).parent / "demo.toml"
_ZONE = ZoneInfo("Asia/Shanghai")
_MARGIN = " " * 14


class Narrator:
    """Follows phones and groups, and prints each new message once, in order."""

    def __init__(self, clock: Clock, pause: float = 0.0) -> None:
        self.words = tomllib.loads(WORDS.read_text("utf-8"))
        self._clock = clock
        self._pause = pause
        self._seen: dict[str, int] = {}
        self._phones: dict[str, tuple[Phone, Group | None]] = {}

    async def follow(
        self, people: Mapping[str, Phone], groups: Mapping[str, tuple[Phone, Group]]
    ) -> None:
        """Follow these from now on."""
        self._phones |= {name: (phone, None) for name, phone in people.items()}
        self._phones |= dict(groups.items())
        for name in self._phones:
            found = await self._inbox(name)
            self._seen[name] = found[-1].id if found else 0

    async def tell(self) -> None:
        """Print what is new since the last time."""
        new = [(m.date, name, m) for name in self._phones for m in await self._inbox(name)]
        for _, name, message in sorted(new, key=lambda found: found[0]):
            self._seen[name] = max(self._seen[name], message.id)
            self._print_message(name, message)

    async def _inbox(self, name: str) -> list[Message]:
        phone, group = self._phones[name]
        return await phone.inbox(self._seen.get(name, 0), chat=group)

    def _print_message(self, name: str, message: Message) -> None:
        is_bot = message.sender == "bot"
        media = self.words["media"].get(message.media or "", "")
        text = f"{media}{message.text}"
        who = f"{self.words['bot']} → {name}" if is_bot else name
        self._line(datetime.fromtimestamp(message.date, UTC), who, text)
        for row in message.buttons:
            print(_MARGIN + "  ".join(f"[{button.text}]" for button in row))

    def tapped(self, now: datetime, name: str, label: str) -> None:
        """Print a tap: it is no message of its own."""
        self._line(now, name, self.words["tap"].format(label=label))

    def _line(self, at: datetime, who: str, text: str) -> None:
        local = at.astimezone(_ZONE)
        first, *rest = text.splitlines() or [""]
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


def _hours(length: timedelta, pattern: str) -> str:
    minutes = round(length.total_seconds() / 60)
    return pattern.format(hours=minutes // 60, minutes=minutes % 60)
