"""A desk over one database, to be asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from workflows.core.policy import Rules
from workflows.core.talk.messages import Incoming, Kind
from workflows.core.talk.tap_text import read
from workflows.desk import Desk
from workflows.desk.context import Context
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store, Tx

OURS = 2_000_000_000  # updates from here on are ours
_SPREAD = 7919  # a prime, so that one after the other is asked somewhere else


class Office:
    """A desk over one database at one moment; every question is asked somewhere else than the last.

    `asked` counts them.
    """

    def __init__(self, path: Path, rules: Rules, now: datetime) -> None:
        self.path = path
        self.now = now
        self.store = self.opened(f"sqlite+aiosqlite:///{path}")
        self.desk = Desk(self.store, rules, WORKFLOWS)
        self.asked = 0

    def opened(self, url: str) -> Store:
        """The store that is asked."""
        return Store.open(url, KINDS)

    def somewhere(self, count: int) -> int:
        """A number below `count`, another one each time."""
        return self.asked * _SPREAD % count

    def incoming(self, person: int, **what: Any) -> Incoming:
        """One update of this person."""
        update = OURS + self.asked
        return Incoming(update_id=update, at=self.now, person_id=person, chat_id=person,
                        message_id=update, **what)  # fmt: skip

    async def hear(self, person: int, **what: Any) -> None:
        """Handle one."""
        await self.desk.turn(self.now, [self.incoming(person, **what)])

    async def command(self, person: int, name: str, text: str = "") -> None:
        """A command of this person."""
        await self.hear(person, kind=Kind.COMMAND, command=name, text=text)

    async def tap(self, person: int, press: str) -> None:
        """A button, by what it carries."""
        await self.hear(person, kind=Kind.PRESS, tap=read(press), callback_id="1")

    async def undone(
        self, work: Callable[[Context], Awaitable[object]], now: datetime | None = None
    ) -> None:
        """A unit of work as far as its commit, which it never comes to."""
        moment = now or self.now
        async with self.store.engine.connect() as conn:
            tx = Tx(conn, moment, KINDS)
            await work(self.desk._context(tx, moment, f"b{self.asked}"))
            await tx.flush()
            await conn.rollback()

    def tidy(self) -> None:
        """Take back what the questions left behind."""
