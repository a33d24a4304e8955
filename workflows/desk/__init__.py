"""The use cases, and the only place that joins the rest: the turn and the tick.

Each is one transaction: what is true together commits together, and nothing in here talks to the
network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, partial
from types import ModuleType
from uuid import uuid4

import structlog
from msgspec import Struct
from structlog.contextvars import bound_contextvars

from workflows.desk import (
    acting,
    admins,
    composing,
    flood,
    morning,
    outage,
    posting,
    reception,
    roster,
    upkeep,
    weekly,
)
from workflows.desk.case import Case, Toast
from workflows.desk.composing import Ahead, Letter
from workflows.desk.updates import Unreadable, Update, handled, touched
from workflows.faultpoints import point
from workflows.model import (
    Incoming,
    Membership,
    Refusal,
    Timer,
    Values,
)
from workflows.rules import Rules
from workflows.store import ConflictError, Outbox, Owed, Sent, Store, Tx, checkup, letters, timers
from workflows.store.conflicts import is_unwritable
from workflows.store.outbox import LEASE_AT_MOST, Outcome

__all__ = ["Desk", "Letter", "Toast", "Turn", "Unreadable", "Update"]

_TIMERS_AT_ONCE = 50  # a transaction holds up the loop meanwhile
_CHORES = (morning, upkeep, weekly)
_UNREADABLE = (ValueError, TypeError, KeyError)  # what a row that is not as we wrote it raises
_log = structlog.get_logger()


class Turn(Struct, frozen=True, kw_only=True):
    """What came of a turn: answers to taps, letters to send, and rows that cannot be composed, to
    be settled by the next one.
    """

    toasts: list[Toast]
    letters: list[Letter]
    failed: list[Sent]


class Desk:
    """The use cases over one store, by one community's rules."""

    def __init__(self, store: Store, rules: Rules, admins: tuple[int, ...] = ()) -> None:
        self.store = store
        self.rules = rules
        self.admins = admins

    async def turn(
        self, now: datetime, batch: Sequence[Update] = (), sent: Sequence[Sent] = (),
        is_allowed: Callable[[int], bool] | None = None, most: int = LEASE_AT_MOST,
    ) -> Turn:  # fmt: skip
        """Handle a batch of updates, write what came of sendings with what follows from it, and
        take what may be sent now, so many at `most`: all in one transaction, so that between a
        question and its answer there is one commit. `is_allowed` tells which chats may be written
        to; without it none may.

        Confirm the updates only after it returned. One whose handling fails drops only its own
        writes and becomes a dead letter. Raises whatever kept the transaction from committing.
        """
        # A yes takes a place in the pace, and counts once.
        known = cache(is_allowed) if is_allowed else None
        return await self.store.retried(lambda: self._turn(now, batch, sent, known, most))

    async def _turn(
        self, now: datetime, batch: Sequence[Update], sent: Sequence[Sent],
        is_allowed: Callable[[int], bool] | None, most: int,
    ) -> Turn:  # fmt: skip
        async with self.store.begin(now) as tx:
            if batch:
                await tx.prefetch(*touched(batch))
            await self._settle(tx, sent, now)
            toasts = await self._receive(tx, batch, now)
            after = await tx.written()
            owed = await Outbox(tx.conn, now).lease(is_allowed, most) if is_allowed else []
            letters, failed = await self._compose(after, owed, now)
            if batch:
                point("receive.before")
            if sent or owed:
                point("exchange.before")
        if batch:
            point("receive.after")
        if sent or owed:
            point("exchange.after")
        return Turn(toasts=toasts, letters=letters, failed=failed)

    async def _settle(self, tx: Tx, sent: Sequence[Sent], now: datetime) -> None:
        """Write down what came of sendings, and what follows from it."""
        for one in await Outbox(tx.conn, now).settle(sent):
            case = Case(tx=tx, rules=self.rules, now=now, key=f"o{one.owed.id}")
            await posting.follow_up(case, one)

    async def _receive(self, tx: Tx, batch: Sequence[Update], now: datetime) -> list[Toast]:
        toasts: list[Toast] = []
        for incoming in batch:
            if incoming.update_id and tx.is_seen(incoming.update_id):
                tx.work.handled.append(handled(incoming, "repeated"))
                continue
            toasts += await self._one(tx, incoming, now)
            tx.mark_seen(incoming.update_id)
        return toasts

    async def _one(self, tx: Tx, incoming: Update, now: datetime) -> list[Toast]:
        case = Case(tx=tx, rules=self.rules, now=now, key=f"u{incoming.update_id}")
        if isinstance(incoming, Unreadable):
            tx.bury(incoming.update_id, 0, incoming.error, incoming.raw)
            tx.work.handled.append(handled(incoming, "unreadable"))
            return []
        with bound_contextvars(update_id=incoming.update_id):
            if await flood.admits(case, incoming):
                await self._attend(case, incoming)
        return case.toasts

    async def _attend(self, case: Case, incoming: Incoming) -> None:
        known, result = len(case.tx.work.events), "handled"
        try:
            async with case.tx.attempt():
                await reception.attend(case, incoming)
        except Refusal as refusal:
            result = "refused"
            await reception.refuse(case, incoming, refusal)
        except ConflictError:
            raise
        except Exception as error:
            result = "failed"
            await reception.apologise(case, incoming, error)
        events = case.tx.work.events[known:]
        case.tx.work.handled.append(handled(incoming, result, events))

    async def bury(self, incoming: Incoming, error: Exception, now: datetime) -> list[Toast]:
        """An update whose work could not be written, not even alone: a dead letter, with an apology
        to whom it came from; without one, if that is what cannot be written.
        """
        why = error.__cause__ if isinstance(error, ConflictError) and error.__cause__ else error
        try:
            return await self.store.retried(lambda: self._bury(incoming, why, now))
        except Exception as fault:
            if not is_unwritable(fault):
                raise
            _log.error("apology_failed", error=type(fault).__name__)
            return await self.store.retried(lambda: self._bury(incoming, why, now, is_silent=True))

    async def _bury(
        self, incoming: Incoming, why: BaseException, now: datetime, *, is_silent: bool = False
    ) -> list[Toast]:
        async with self.store.begin(now) as tx:
            await tx.prefetch([incoming.update_id], (), ())
            case = Case(tx=tx, rules=self.rules, now=now, key=f"u{incoming.update_id}")
            if tx.is_seen(incoming.update_id):
                return []
            if is_silent:
                tx.bury(incoming.update_id, incoming.person_id, repr(why), incoming)
                case.toast(incoming, "refused_forged")
            else:
                await reception.apologise(case, incoming, why)
            tx.work.handled.append(handled(incoming, "failed"))
        return case.toasts

    # the clock

    async def tick(self, now: datetime) -> int:
        """Ring every due timer, each once, the morning, and a step of upkeep. Returns how many."""
        due = await self.store.next_timer()
        if due is None or due > now:  # nothing to write: most of the time
            return 0
        rang = 0
        while count := await self.store.retried(lambda: self._ring_some(now)):
            rang += count
        for chore in _CHORES:
            rang += await self.store.retried(partial(self._do_chore, chore, now))
        return rang

    async def _do_chore(self, chore: ModuleType, now: datetime) -> int:
        async with self.store.begin(now) as tx:
            key = f"{chore.NAME}{now.timestamp():.0f}"
            done: int = await chore.ring(Case(tx=tx, rules=self.rules, now=now, key=key))
            point("chore.before")
        point("chore.after")
        return done

    async def plan_chores(self, now: datetime) -> None:
        """Once at start: when what is done daily is done next, by the config."""
        async with self.store.begin(now) as tx:
            for chore in _CHORES:
                await chore.plan(Case(tx=tx, rules=self.rules, now=now, key=chore.NAME))

    async def _ring_some(self, now: datetime) -> int:
        async with self.store.begin(now) as tx:
            await self._put_away_strange(tx, now)
            due = await tx.due_timers(_TIMERS_AT_ONCE)
            await self._look_ahead(tx, due)
            for timer in due:
                key = f"t{timer.ticket_id}.{timer.kind}.{timer.due_at.timestamp():.0f}"
                await self._ring(Case(tx=tx, rules=self.rules, now=now, key=key), timer)
            point("tick.before")
        point("tick.after")
        return len(due)

    async def _put_away_strange(self, tx: Tx, now: datetime) -> None:
        """A timer that this version cannot ring tells the admins so, and stops no other."""
        if count := await timers.put_away_strange(tx.conn, now):
            _log.error("strange_timers", count=count)
            case = Case(tx=tx, rules=self.rules, now=now, key=f"s{now.timestamp():.0f}")
            await case.alert("alert_timer", about=0, error=f"{count} timers of unknown clocks")

    async def _look_ahead(self, tx: Tx, due: list[Timer]) -> None:
        """What timers are about, read at once; with a row that nobody can read, each for itself."""
        try:
            about = await tx.tickets(timer.ticket_id for timer in due)
            await tx.prefetch_persons(i for x in about for i in (x.resident, x.handler) if i)
        except _UNREADABLE as error:
            _log.error("unreadable_row", error=type(error).__name__)

    async def _ring(self, case: Case, timer: Timer) -> None:
        """Ring one timer; one that fails rings no more, tells the admins, and stops no other."""
        with bound_contextvars(ticket=timer.ticket_id, timer=timer.kind):
            await self._try_to_ring(case, timer)

    async def _try_to_ring(self, case: Case, timer: Timer) -> None:
        try:
            async with case.tx.attempt():
                point("timer.before")
                await acting.ring(case, timer)
                point("timer.after")
        except ConflictError:
            raise
        except Exception as error:
            _log.error("timer_failed", error=type(error).__name__)
            case.tx.fire(timer)
            await case.alert("alert_timer", about=timer.ticket_id, error=type(error).__name__)

    # the outbox

    async def _compose(
        self, tx: Tx, owed: list[Owed], now: datetime
    ) -> tuple[list[Letter], list[Sent]]:
        """The letters; a row that cannot be composed is dead, and holds up no other."""
        letters: list[Letter] = []
        failed: list[Sent] = []
        ahead = await self._read_ahead(tx, owed)
        for one in owed:
            try:
                letters.append(await composing.compose(tx, one, self.rules, now, ahead))
            except Exception as error:
                _log.error("compose_failed", outbox=one.id, error=type(error).__name__)
                failed.append(Sent(owed=one, outcome=Outcome.DEAD, error=repr(error)))
        return letters, failed

    async def _read_ahead(self, tx: Tx, owed: list[Owed]) -> Ahead:
        """What a batch shows, read at once; with a row that nobody can read, each for itself."""
        try:
            return await composing.read_ahead(tx, owed, self.rules)
        except _UNREADABLE as error:
            _log.error("unreadable_row", error=type(error).__name__)
            return Ahead()

    async def rekey(self, old: int, new: int, now: datetime) -> None:
        """A group became a supergroup."""
        await self.store.retried(lambda: self._rekey(old, new, now))

    async def _rekey(self, old: int, new: int, now: datetime) -> None:
        async with self.store.begin(now) as tx:
            await tx.rekey_chat(old, new)

    async def alert(self, template: str, values: Values, now: datetime) -> None:
        """Tell the admins of something that happened outside of any update."""
        await self.store.retried(partial(self._alert, template, values, now))

    async def _alert(self, template: str, values: Values, now: datetime) -> None:
        async with self.store.begin(now) as tx:
            case = Case(tx=tx, rules=self.rules, now=now, key=f"a{uuid4().hex}")
            await case.alert(template, **values)

    async def recover(self, since: datetime, now: datetime) -> None:
        """Telegram is heard again after nothing came since then: once, show what waits for a tap.

        In one transaction with the heartbeat, so that a crash neither forgets nor repeats it.
        """
        await self.store.retried(partial(self._recover, since, now))

    async def _recover(self, since: datetime, now: datetime) -> None:
        async with self.store.begin(now) as tx:
            key = f"r{since.timestamp():.0f}"
            await outage.recover(Case(tx=tx, rules=self.rules, now=now, key=key), since)
            await checkup.beat(tx.conn, {"poll": now})

    async def retry(self, letter_id: int, incoming: Incoming, now: datetime) -> None:
        """Handle a dead letter's update as if it came now. Raises what makes it fail again."""
        await self.store.retried(partial(self._retry, letter_id, incoming, now))

    async def _retry(self, letter_id: int, incoming: Incoming, now: datetime) -> None:
        async with self.store.begin(now) as tx:
            if not await letters.settle_update(tx.conn, letter_id, "retried"):
                return
            case = Case(tx=tx, rules=self.rules, now=now, key=f"l{letter_id}")
            try:
                await reception.attend(case, incoming)
            except Refusal as refusal:
                await reception.refuse(case, incoming, refusal)

    # the office

    async def appoint_admins(self, now: datetime) -> None:
        """Give the config's admins their role and menu; who is named no more loses both."""
        await self.store.retried(lambda: self._appoint_admins(now))

    async def _appoint_admins(self, now: datetime) -> None:
        async with self.store.begin(now) as tx:
            case = Case(tx=tx, rules=self.rules, now=now, key=f"admins{uuid4().hex}")
            await admins.appoint(case, self.admins)

    async def invite(self, membership: Membership, now: datetime) -> str:
        """An invitation made outside the chat, also beside a running bot. Returns the start
        link's payload.
        """
        return await self.store.retried(lambda: self._invite(membership, now))

    async def _invite(self, membership: Membership, now: datetime) -> str:
        async with self.store.begin(now) as tx:
            case = Case(tx=tx, rules=self.rules, now=now, key="invite")
            return await roster.make_invitation(case, membership, None)
