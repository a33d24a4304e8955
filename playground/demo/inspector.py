"""The inspector: what the bot keeps about its tickets, as plain data for the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from playground.demo.ledger import Ledger
from workflows.core.engine.clocks import Clock
from workflows.core.engine.subject import Event, Timer
from workflows.core.numbers import format_number
from workflows.core.people import Person
from workflows.petition import engine
from workflows.petition.model import Ticket
from workflows.petition.stages import PROMISES, STAGES
from workflows.petition.words import Action, ClockName

Json = dict[str, Any]
_TIMERS, _OWED = 12, 30


class Inspector:
    """Looks through a ledger; writes nothing."""

    def __init__(self, ledger: Ledger, marks: Mapping[str, str]) -> None:
        self._ledger = ledger
        self._marks = marks

    def _word(self, key: str, group: str) -> str:
        return self._ledger.renderer.word(key, group)

    # -- the lifecycle ------------------------------------------------------------------

    def diagram(self) -> Json:
        """The states and arrows of the ticket's own machine, with their words."""
        states = [
            {"name": state.value, "word": self._word(state.value, "state"),
             "open": not stage.is_end, "spot": stage.spot}
            for state, stage in STAGES.items()
        ]  # fmt: skip
        arrows = [
            {"from": source, "to": target, "actions": [self._word(a, "action") for a in actions]}
            for (source, target), actions in sorted(engine.MACHINE.arrows().items())
        ]
        return {"states": states, "arrows": arrows}

    # -- the tickets --------------------------------------------------------------------

    async def look(self, chosen: int | None) -> Json:
        """All tickets in short, one in full, the timers that ring next, and what is owed."""
        tickets = await self._ledger.tickets()
        full = next((t for t in tickets if t.id == chosen), tickets[-1] if tickets else None)
        timers = await self._ledger.timers(_TIMERS)
        return {
            "tickets": [self._short(ticket) for ticket in tickets],
            "ticket": await self._full(full) if full else None,
            "timers": [self._timer(timer) for timer in timers],
            "owed": await self._owed(),
        }

    def _short(self, ticket: Ticket) -> Json:
        return {
            "id": ticket.id,
            "number": format_number(ticket.id),
            "state": ticket.state.value,
            "word": self._word(ticket.state.value, "state"),
            "category": ticket.category,
            "place": self._ledger.renderer.place(ticket.place),
            "urgent": ticket.urgent,
            "late": ticket.breached_at is not None,
        }

    async def _full(self, ticket: Ticket) -> Json:
        events = await self._ledger.events(ticket.id)
        ids = {ticket.resident, ticket.handler, ticket.offered_to, *(e.actor for e in events)}
        people = await self._ledger.persons(i for i in ids if i)
        return self._short(ticket) | {
            "text": ticket.text,
            "version": ticket.version,
            "resident": _name(people, ticket.resident),
            "handler": _name(people, ticket.handler),
            "offered": _name(people, ticket.offered_to),
            "plan": ticket.plan or (ticket.proposal.text if ticket.proposal else ""),
            "told": _moment(ticket.told_at),
            "untold": ticket.untold,
            "breached": _moment(ticket.breached_at),
            "clocks": [self._clock(name, clock) for name, clock in ticket.clocks.items()],
            "steps": [self._step(event, people) for event in events],
        }

    def _clock(self, name: ClockName, clock: Clock) -> Json:
        return {
            "word": self._word(name.value, "clock"),
            "promise": name in PROMISES,
            "started": _moment(clock.started),
            "due": _moment(clock.due),
            "paused": _moment(clock.paused),
            "rang": [self._mark(mark) for mark in clock.fired],
        }

    def _step(self, event: Event, people: Mapping[int, Person]) -> Json:
        who = _name(people, event.actor) or self._word("system", "role")
        said = str(event.data.get("text") or "")
        rang = str(event.data.get("timer") or "")
        return {
            "at": _moment(event.at),
            "who": who,
            "what": self._word(event.action, "step"),
            "said": said or (self._rang(rang) if rang else ""),
            "from": event.source,
            "to": event.target,
            "system": event.action in (Action.REMIND, Action.ESCALATE),
        }

    def _rang(self, kind: str) -> str:
        clock, _, mark = kind.partition(".")
        known = clock in list(ClockName)
        return f"{self._word(clock, 'clock')} {self._mark(mark)}" if known else kind

    def _mark(self, mark: str) -> str:
        if mark.isdigit():
            return f"{mark}%"
        kind = mark.rstrip("0123456789")
        return self._marks.get(kind, kind) + mark.removeprefix(kind)

    def _timer(self, timer: Timer) -> Json:
        return {
            "at": _moment(timer.due_at),
            "ticket": timer.ticket_id,
            "number": format_number(timer.ticket_id),
            "clock": self._word(timer.clock, "clock"),
            "mark": self._mark(timer.mark),
        }

    async def _owed(self) -> list[Json]:
        rows = await self._ledger.owed(_OWED)
        people = await self._ledger.persons(row["chat_id"] for row in rows)
        return [
            {
                "to": _name(people, row["chat_id"]) or str(row["chat_id"]),
                "number": format_number(row["ticket_id"]) if row["ticket_id"] else "",
                "kind": row["kind"],
                "template": row["template"],
                "state": row["state"],
                "at": _moment(row["not_before"]),
                "attempts": row["attempts"],
                "error": row["error"] or "",
            }
            for row in rows
        ]

    async def roles(self, ids: list[int]) -> dict[int, str]:
        """What each of the staff is: "海棠先锋 1网格 3幢"."""
        people = await self._ledger.persons(ids)
        return {
            person.id: "、".join(
                f"{self._word(m.role.value, 'role')} {self._ledger.renderer.place(m.place)}".strip()
                for m in person.memberships
            )
            for person in people.values()
            if person.memberships
        }

    def places(self) -> list[Json]:
        """The buildings that have a position, for a map."""
        buildings = self._ledger.rules.places.inside("", 4)
        place = self._ledger.renderer.place
        return [{"name": place(b.path), "at": b.position} for b in buildings if b.position]


def _name(people: Mapping[int, Person], person_id: int | None) -> str:
    person = people.get(person_id or 0)
    return person.name if person else ""


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
