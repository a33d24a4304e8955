"""The demo's look into the bot's own database: what became of the tickets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.config.settings import load, load_choices
from bot.telegram.render import Renderer
from playground.demo import setting
from playground.demo.narrator import Narrator
from playground.stage.stage import MORNING, TOKEN
from workflows.core.engine.subject import Event, Timer
from workflows.core.numbers import format_number
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Priority
from workflows.desk.outbound.composing import named
from workflows.petition.chat.cards import CARDS
from workflows.petition.model import Ticket
from workflows.petition.stages import STAGES
from workflows.petition.store import tables as own
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import ClockName, State
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store, Tx, timeline
from workflows.store import tables as t

_NEW = ("card", "text")  # what is heard; pictures come silently beside a card
_UNASKED = case((t.outbox.c.priority != Priority.REPLY, 1), else_=0)


class Ledger:
    """Reads the store of a running bot; writes nothing."""

    def __init__(self, store: Store, rules: Rules, renderer: Renderer, narrator: Narrator) -> None:
        self.store = store
        self.rules = rules
        self.renderer = renderer
        self.narrator = narrator

    @classmethod
    async def open(cls, config: Path, database: str, narrator: Narrator) -> Ledger:
        """The ledger of a database written under a config."""
        settings = load(config, {"HAITANG_TELEGRAM__TOKEN": TOKEN} | setting.FUND)
        rules = settings.rules(load_choices(settings.locale))
        renderer = Renderer(settings.locale, rules)
        return cls(Store.open(database, KINDS), rules, renderer, narrator)

    async def close(self) -> None:
        """Give back the connections."""
        await self.store.close()

    async def tickets(self) -> list[Ticket]:
        """All tickets, oldest first."""
        async with self.store.read(MORNING) as tx:
            ids = await tx.ask(_rows, select(own.tickets.c.id).order_by(own.tickets.c.id))
            return await tx.get_all(TICKETS, [row["id"] for row in ids])

    async def subjects(self, kind: str) -> list[Any]:
        """All of a kind, oldest first."""
        kept = KINDS.named(kind)
        async with self.store.read(MORNING) as tx:
            ids = await tx.ask(_rows, select(kept.table.c.id).order_by(kept.table.c.id))
            return await tx.get_all(kept, [row["id"] for row in ids])

    async def faults(self) -> list[str]:
        """What a workflow says must hold and does not."""
        async with self.store.read(MORNING) as tx:
            return await WORKFLOWS.faults(tx, self.rules)

    async def events(self, ticket_id: int) -> list[Event]:
        """A ticket's steps, oldest first."""
        async with self.store.read(MORNING) as tx:
            return await tx.ask(timeline.read, TICKETS, ticket_id)

    async def persons(self, ids: Iterable[int]) -> dict[int, Person]:
        """People by id, as far as the bot knows them."""
        async with self.store.read(MORNING) as tx:
            found = [await tx.person(person_id) for person_id in ids]
        return {person.id: person for person in found if person}

    async def timers(self, limit: int) -> list[Timer]:
        """The timers that ring next."""
        r = t.timers.c
        stmt = select(r.ticket_id, r.clock, r.mark, r.due_at).where(r.fired_at.is_(None))
        rows = await self._rows(stmt.order_by(r.due_at, r.id).limit(limit))
        return [Timer(**(dict(row) | {"clock": ClockName(row["clock"])})) for row in rows]

    async def owed(self, limit: int) -> list[RowMapping]:
        """The messages that are not sent yet, parked and dead ones included, next ones first."""
        o = t.outbox.c
        columns = (o.id, o.chat_id, o.ticket_id, o.kind, o.template, o.not_before, o.state)
        stmt = select(*columns, o.attempts, o.leased_until, o.error)
        stmt = stmt.where(o.state.in_(("queued", "parked", "dead"))).order_by(o.not_before, o.id)
        return await self._rows(stmt.limit(limit))

    async def _rows(self, stmt: Select[Any]) -> list[RowMapping]:
        async with self.store.read(MORNING) as tx:
            return await tx.ask(_rows, stmt)

    async def show(self, ticket: Ticket) -> None:
        """Print a ticket's steps and how long its promises took."""
        async with self.store.read(MORNING) as tx:
            events = await tx.timeline(ticket)
            lines = [(e.at, await self._step(tx, e, ticket)) for e in events]
        heading = (
            f"{format_number(ticket.id)} {ticket.category} {self.renderer.place(ticket.place)}"
        )
        self.narrator.steps(heading, lines)
        solved = next((e.at for e in events if STAGES[State(e.target)].done), None)
        self.narrator.clock("promise", ticket.filed_at, ticket.told_at)
        self.narrator.clock("solved", ticket.filed_at, solved)

    async def _step(self, tx: Tx, event: Event, ticket: Ticket) -> str:
        people = await named(tx, [event.actor], ticket.place, CARDS.unnamed(ticket))
        who = self.renderer.who(event.actor, people)
        action = self.renderer.word(event.action, "action")
        said = event.data.get("text") or event.data.get("timer") or ""
        return f"{who} · {action} {said}".rstrip()

    async def sent_to(self, chat_id: int, ticket_id: int) -> list[str]:
        """The templates of the messages a person was sent about a ticket."""
        o = t.outbox.c
        stmt = select(o.template).where(o.chat_id == chat_id, o.ticket_id == ticket_id)
        async with self.store.read(MORNING) as tx:
            found = await tx.ask(_rows, stmt.where(o.state == "sent"))
        return [row["template"] for row in found]

    async def pushed(self, ticket_id: int) -> dict[int, tuple[int, int]]:
        """How many messages about a ticket each chat was sent: unasked, and as the answer to what
        somebody did himself.
        """
        o = t.outbox.c
        sent = (o.ticket_id == ticket_id, o.state == "sent", o.kind.in_(_NEW))
        unasked = func.sum(_UNASKED)
        columns = (o.chat_id, unasked.label("pushed"), (func.count() - unasked).label("answered"))
        async with self.store.read(MORNING) as tx:
            found = await tx.ask(_rows, select(*columns).where(*sent).group_by(o.chat_id))
        return {row["chat_id"]: (row["pushed"], row["answered"]) for row in found}

    async def is_chained(self, ticket: Ticket) -> bool:
        """Whether the ticket's events are whole and untouched."""
        async with self.store.read(MORNING) as tx:
            return await tx.ask(timeline.is_chained, ticket.id)

    async def is_quiet(self, now: datetime) -> bool:
        """Whether the bot owes nothing at this moment."""
        backlog = await self.store.backlog(now)
        return not (backlog.owed or backlog.timers)


async def _rows(conn: AsyncConnection, stmt: Select[Any]) -> list[RowMapping]:
    return list((await conn.execute(stmt)).mappings().all())
