"""The use cases, and the only place that joins the rest: receive, tick, settle, compose.

Each is one transaction: what is true together commits together, and nothing in here talks to the
network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from workflows import ticket as lifecycle
from workflows.desk import acting, commands, composing, roster, talking
from workflows.desk.case import Case, Toast
from workflows.desk.composing import Letter
from workflows.effects import NOTHING
from workflows.model import (
    SYSTEM,
    Action,
    HaitangError,
    Incoming,
    Kind,
    Membership,
    Notice,
    Person,
    Priority,
    Refusal,
    Role,
    Ticket,
    To,
)
from workflows.rules import Rules
from workflows.store import ConflictError, Outbox, Owed, Sent, Store, Tx
from workflows.store.outbox import Outcome

__all__ = ["Desk", "Letter", "Toast", "Unreadable"]

_TRIES = 5
_TIMERS_AT_ONCE = 200
_HEARD_IN_GROUPS = {Kind.COMMAND, Kind.PRESS}  # what else is said there is nobody's business
_log = structlog.get_logger()
talking.room("g", roster.tap)


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """An update that could not even be read; kept as it came."""

    update_id: int
    error: str
    raw: Any


class Desk:
    """The use cases over one store, by one community's rules."""

    def __init__(self, store: Store, rules: Rules, admins: tuple[int, ...] = ()) -> None:
        self.store = store
        self.rules = rules
        self.admins = admins

    async def receive(self, batch: Sequence[Incoming | Unreadable], now: datetime) -> list[Toast]:
        """Handle a batch of updates in one transaction; confirm them only after it returned.

        An update whose handling fails drops only its own writes and becomes a dead letter.
        Returns the answers to taps. Raises whatever kept the transaction from committing.
        """
        for tries_left in reversed(range(_TRIES)):
            try:
                return await self._receive(batch, now)
            except ConflictError:
                if not tries_left:
                    raise
        return []

    async def _receive(self, batch: Sequence[Incoming | Unreadable], now: datetime) -> list[Toast]:
        toasts: list[Toast] = []
        async with self.store.begin(now) as tx:
            await tx.prefetch(*_touched(batch))
            for incoming in batch:
                if not tx.is_seen(incoming.update_id):
                    toasts += await self._one(tx, incoming, now)
                    tx.mark_seen(incoming.update_id)
        return toasts

    async def _one(self, tx: Tx, incoming: Incoming | Unreadable, now: datetime) -> list[Toast]:
        case = Case(tx=tx, rules=self.rules, now=now, key=f"u{incoming.update_id}")
        if isinstance(incoming, Unreadable):
            tx.bury(incoming.update_id, 0, incoming.error, incoming.raw)
            return []
        try:
            async with tx.attempt():
                await self._handle(case, incoming)
        except Refusal as refusal:
            await self._refuse(case, incoming, refusal)
        except Exception as error:
            await self._apologise(case, incoming, error)
        return case.toasts

    async def _handle(self, case: Case, incoming: Incoming) -> None:
        if incoming.kind is Kind.MIGRATED:
            await case.tx.rekey_chat(incoming.chat_id, incoming.other_chat)
        elif incoming.kind is Kind.BLOCKED:
            await case.tx.block(incoming.person_id)
        elif incoming.person_id and (incoming.is_private or incoming.kind in _HEARD_IN_GROUPS):
            person = await self._known(case, incoming)
            await case.tx.unblock(person.id)
            await self._talk(case, incoming, person)

    async def _talk(self, case: Case, incoming: Incoming, person: Person) -> None:
        if incoming.kind is Kind.COMMAND:
            handler = commands.command if incoming.is_private else commands.group_command
            await handler(case, incoming, person)
        elif incoming.kind is Kind.PRESS or incoming.is_private:
            answer = talking.KINDS.get(incoming.kind)
            if answer:
                await answer(case, incoming, person)
            elif incoming.kind in {Kind.UNSUPPORTED, Kind.CONTACT}:
                case.say_once(person.id, template="unsupported")

    async def _known(self, case: Case, incoming: Incoming) -> Person:
        """The person by the roster as it is now; somebody new is written down first."""
        person = await case.tx.person(incoming.person_id)
        if person is None:
            person = Person(id=incoming.person_id, name=incoming.name)
            case.tx.put_person(person)
        elif incoming.name and person.name != incoming.name:
            person = replace(person, name=incoming.name)
            case.tx.put_person(person)
        return person

    async def _refuse(self, case: Case, incoming: Incoming, refusal: Refusal) -> None:
        """A kind no: as a toast to a tap (the card is drawn again), as a message otherwise."""
        values = await talking.with_name(case, refusal.values)
        if incoming.kind is Kind.PRESS:
            case.toast(incoming, refusal.template, **values)
            await self._redraw(case, incoming, values.get("about"))
        else:
            chat_id = incoming.chat_id if not incoming.is_private else incoming.person_id
            case.say(chat_id, refusal.template, **values)

    async def _redraw(self, case: Case, incoming: Incoming, ticket_id: object) -> None:
        """An old button was pressed: show the card as it is now."""
        ticket = await case.tx.ticket(ticket_id) if isinstance(ticket_id, int) else None
        if ticket and incoming.is_private:
            notice = Notice(
                to=incoming.chat_id, template="card", ticket_id=ticket.id,
                priority=Priority.REPLY, replaces=f"edit:{ticket.id}",
            )  # fmt: skip
            key = f"{case.key}:redraw"
            case.tx.owe(notice, incoming.chat_id, "edit", key, case.now)

    async def _apologise(self, case: Case, incoming: Incoming, error: Exception) -> None:
        """Nothing of this update was written: keep it, say so, tell the admins."""
        _log.error("update_failed", update_id=incoming.update_id, error=type(error).__name__,
                   exc_info=not isinstance(error, HaitangError))  # fmt: skip
        body = {"kind": incoming.kind.value, "text": incoming.text, "press": incoming.press}
        case.tx.bury(incoming.update_id, incoming.person_id, repr(error), body)
        case.toast(incoming, "refused_forged")
        if isinstance(error, HaitangError):
            return
        if incoming.person_id:
            case.say(incoming.person_id, "apology")
        await case.alert("alert_failed", update_id=incoming.update_id, error=type(error).__name__)

    # the clock

    async def tick(self, now: datetime) -> int:
        """Ring every due timer, each once. Returns how many rang."""
        rang = 0
        while count := await self._ring_some(now):
            rang += count
        return rang

    async def _ring_some(self, now: datetime) -> int:
        async with self.store.begin(now) as tx:
            due = await tx.due_timers(_TIMERS_AT_ONCE)
            for timer in due:
                key = f"t{timer.ticket_id}.{timer.kind}.{timer.due_at.timestamp():.0f}"
                await acting.ring(Case(tx=tx, rules=self.rules, now=now, key=key), timer)
        return len(due)

    # the outbox

    async def lease(self, now: datetime, is_allowed: Callable[[int], bool]) -> list[Letter]:
        """Take what may be sent now and compose it."""
        async with self.store.begin(now) as tx:
            owed = await Outbox(tx.conn, now).lease(is_allowed)
        if not owed:
            return []
        async with self.store.read(now) as tx:
            await tx.tickets(o.ticket_id for o in owed if o.ticket_id)
            return [await composing.compose(tx, o, self.rules, now) for o in owed]

    async def rekey(self, old: int, new: int, now: datetime) -> None:
        """A group became a supergroup."""
        async with self.store.begin(now) as tx:
            await tx.rekey_chat(old, new)

    async def settle(self, sent: Iterable[Sent], now: datetime) -> None:
        """Write what came of sendings, and what follows from them, in one transaction."""
        async with self.store.begin(now) as tx:
            for one in await Outbox(tx.conn, now).settle(sent):
                case = Case(tx=tx, rules=self.rules, now=now, key=f"o{one.owed.id}")
                await self._follow_up(case, one)

    async def _follow_up(self, case: Case, one: Sent) -> None:
        owed = one.owed
        if one.outcome is Outcome.SENT and owed.kind == "card" and owed.card:
            self._strip(case, owed)
        if one.outcome is Outcome.DEAD:
            await case.alert("alert_dead", outbox=owed.id, error=one.error)
        if one.outcome is Outcome.PARKED and owed.chat_id < 0:
            await self._fall_back(case, owed)
        if owed.answers:
            await self._count_answer(case, one)
        if one.outcome is Outcome.SENT and owed.template == "asked" and owed.kind == "card":
            await self._listen(case, owed)

    async def _count_answer(self, case: Case, one: Sent) -> None:
        """The promise is kept when the answer was accepted by Telegram, not when it was written."""
        actions = {Outcome.SENT: Action.TOLD, Outcome.PARKED: Action.UNTOLD,
                   Outcome.DEAD: Action.UNTOLD}  # fmt: skip
        action, ticket = actions.get(one.outcome), await self._ticket(case, one.owed)
        is_his = ticket is not None and one.owed.chat_id == ticket.resident
        if not (action and ticket and is_his):
            return
        if lifecycle.may(SYSTEM, action, ticket, case.now, case.rules):
            await acting.perform(case, ticket, action, SYSTEM, NOTHING)

    async def _listen(self, case: Case, owed: Owed) -> None:
        """He has read the question now: his next words are the answer."""
        ticket = await self._ticket(case, owed)
        if ticket and ticket.resident == owed.chat_id:
            await acting.expect_answer(case, ticket)

    async def _fall_back(self, case: Case, owed: Owed) -> None:
        """The grid's group is closed to us: its lead hears of it, and of the ticket."""
        await case.tx.bind_group(owed.chat_id, "")
        ticket = await self._ticket(case, owed)
        if ticket:
            notice = Notice(to=To.LEAD, template="group_gone", ticket_id=ticket.id, is_card=True)
            await case.tell(ticket, notice, SYSTEM)

    def _strip(self, case: Case, owed: Owed) -> None:
        """Only the newest card of a ticket keeps its buttons."""
        notice = Notice(to=owed.chat_id, template="strip", ticket_id=owed.ticket_id,
                        values={"message_id": owed.card}, priority=Priority.BROADCAST)  # fmt: skip
        case.tx.owe(notice, owed.chat_id, "strip", f"strip:{owed.id}", case.now)

    async def _ticket(self, case: Case, owed: Owed) -> Ticket | None:
        return await case.tx.ticket(owed.ticket_id) if owed.ticket_id else None

    # the office

    async def appoint_admins(self, now: datetime) -> None:
        """Give the config's admins their role, once."""
        async with self.store.begin(now) as tx:
            for person_id in self.admins:
                person = await tx.person(person_id) or Person(id=person_id, name="")
                await tx.grant(person, Membership(role=Role.ADMIN, place=""), None)

    async def invite(self, membership: Membership, now: datetime) -> str:
        """An invitation made outside the chat. Returns the start link's payload."""
        async with self.store.begin(now) as tx:
            case = Case(tx=tx, rules=self.rules, now=now, key="invite")
            return await roster.make_invitation(case, membership, None)


def _touched(
    batch: Sequence[Incoming | Unreadable],
) -> tuple[list[int], set[int], set[int]]:
    """The updates, people and tickets a batch names."""
    read = [i for i in batch if isinstance(i, Incoming)]
    parts = [i.press.split(":") for i in read if i.press]
    tickets = {int(p[1][:15]) for p in parts if len(p) > 1 and p[1].isdecimal()}
    return [i.update_id for i in batch], {i.person_id for i in read if i.person_id}, tickets
