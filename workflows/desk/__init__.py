"""The use cases, and the only place that joins the rest: the turn and the tick.

Each is one transaction: what is true together commits together, and nothing in here talks to the
network.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache, partial
from types import ModuleType
from uuid import uuid4

import structlog
from msgspec import Struct

from workflows.core.errors import Refusal
from workflows.core.faultpoints import point
from workflows.core.people import Membership
from workflows.core.policy import Rules
from workflows.core.talk.messages import Incoming, Values
from workflows.desk import bells, guarding
from workflows.desk.context import Context, Toast
from workflows.desk.inbound import receiving, refusing, router
from workflows.desk.inbound.inbox import Unreadable, Update, handled, touched
from workflows.desk.lists import morning
from workflows.desk.outbound import deliveries, outage
from workflows.desk.outbound.composing import Composer, Letter
from workflows.desk.people import admins, roster
from workflows.desk.privacy import retention
from workflows.desk.workflow import Workflows
from workflows.store import ConflictError, Moments, Owed, Sent, Store, Tx, integrity, unreadable
from workflows.store.engine.conflicts import is_unwritable
from workflows.store.messages import dead_letters
from workflows.store.outbox import LEASE_AT_MOST, Outcome
from workflows.store.reading import UnreadableError

__all__ = ["Desk", "Letter", "Toast", "Turn", "Unreadable", "Update"]

_CHORES = (morning, retention)
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

    def __init__(
        self, store: Store, rules: Rules, workflows: Workflows, admins: tuple[int, ...] = ()
    ) -> None:
        self.store = store
        self.rules = rules
        self.workflows = workflows
        self.admins = admins
        self._chores = (*_CHORES, *workflows.chores)
        self._told: set[tuple[str, int]] = set()  # of rows that nobody can read

    def _context(self, tx: Tx, now: datetime, key: str) -> Context:
        return Context(tx=tx, rules=self.rules, workflows=self.workflows, now=now, key=key)

    @asynccontextmanager
    async def _begin(self, now: datetime) -> AsyncIterator[Tx]:
        """A unit of work; of each row that it could not read the admins hear, once."""
        async with self.store.begin(now) as tx:
            yield tx
            met = tx.take_unreadable()
            new = [one for one in met if (one.what, one.number) not in self._told]
            if new:
                key = f"unreadable{uuid4().hex}"
                context = self._context(tx.last, now, key)
                await guarding.tell_unreadable(context, new)
        self._told |= {(one.what, one.number) for one in new}

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
        async with self._begin(now) as tx:
            failed_ahead = await self._read_ahead(tx, batch) if batch else []
            await deliveries.settle(tx, self.rules, self.workflows, sent)
            toasts = await receiving.receive(tx, self.rules, self.workflows, batch)
            for error in failed_ahead:
                await guarding.tell(self._context(tx, now, f"ahead{uuid4().hex}"), error)
            after = await tx.written()
            owed = await tx.outbox.lease(is_allowed, most) if is_allowed else []
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

    async def _read_ahead(self, tx: Tx, batch: Sequence[Update]) -> list[Exception]:
        """What a batch will touch, read at once. Returns why workflows failed at it."""
        await tx.prefetch(*touched(batch))
        read = [one for one in batch if isinstance(one, Incoming)]
        found = [await guarding.failure(one.chat.ahead(tx, read)) for one in self.workflows]
        return [error for error in found if error]

    async def settle_one_by_one(self, sent: Sequence[Sent], now: datetime) -> bool:
        """So that a sending whose outcome cannot be written keeps nobody else's out: that one is a
        dead letter. Returns False when none can be written, which is not the fault of any.
        """
        refused = [found for one in sent if (found := await self._refusal(one, now))]
        if len(refused) == len(sent):
            return False
        for one, error in refused:
            await self.store.retried(partial(self._lay_down, one, error, now))
        return True

    async def _refusal(self, one: Sent, now: datetime) -> tuple[Sent, Exception] | None:
        """Why what came of a sending cannot be written alone; None when it is."""
        try:
            await self.turn(now, sent=[one])
        except Exception as error:
            if not is_unwritable(error):
                raise
            return one, error
        return None

    async def _lay_down(self, one: Sent, error: Exception, now: datetime) -> None:
        async with self._begin(now) as tx:
            context = self._context(tx, now, f"d{one.owed.id}")
            await deliveries.lay_down(context, one, error)

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
        async with self._begin(now) as tx:
            await tx.prefetch([incoming.update_id], (), ())
            context = self._context(tx, now, f"u{incoming.update_id}")
            if tx.is_seen(incoming.update_id):
                return []
            if is_silent:
                kept = context.workflows.without_secrets(incoming)
                tx.bury(incoming.update_id, incoming.person_id, repr(why), kept)
                context.toast(incoming, "refused_forged")
            else:
                await refusing.apologise(context, incoming, why)
            tx.work.handled.append(handled(incoming, "failed"))
        return context.toasts

    # the clock

    async def tick(self, now: datetime, ahead: Moments | None = None) -> int:
        """Ring every due timer, each once, the morning, and a step of upkeep. Returns how many.

        `ahead` is what the store has just told; without it, it is asked. Where nothing is due,
        which is most of the time, nothing is written.
        """
        ahead = ahead or await self.store.ahead()
        rang = await self._ring_all(now) if ahead.is_ringing(now) else 0
        return rang + await self._do_chores(ahead.chores_due(now), now)

    async def _ring_all(self, now: datetime) -> int:
        """One transaction, if nothing more is due after it."""
        rang, is_more = 0, True
        while is_more:
            count, is_more = await self.store.retried(lambda: self._ring_some(now))
            rang += count
        return rang

    async def _do_chores(self, names: Collection[str], now: datetime) -> int:
        """One that fails stops no other, and is tried again. Raises the first such failure."""
        rang, failures = 0, list[Exception]()
        for chore in (chore for chore in self._chores if chore.NAME in names):
            try:
                rang += await self.store.retried(partial(self._do_chore, chore, now))
            except Exception as error:
                failures.append(error)
        if failures:
            raise failures[0]
        return rang

    async def _do_chore(self, chore: ModuleType, now: datetime) -> int:
        async with self._begin(now) as tx:
            key = f"{chore.NAME}{now.timestamp():.0f}"
            done: int = await chore.ring(self._context(tx, now, key))
            point("chore.before")
        point("chore.after")
        return done

    async def plan_chores(self, now: datetime) -> None:
        """Once at start: when what is done daily is done next, by the config."""
        async with self.store.begin(now) as tx:
            for chore in self._chores:
                context = self._context(tx, now, f"{chore.NAME}{uuid4().hex}")
                await guarding.done(context, chore.plan(context))

    async def _ring_some(self, now: datetime) -> tuple[int, bool]:
        async with self._begin(now) as tx:
            found = await bells.ring_some(tx, self.rules, self.workflows)
            point("tick.before")
        point("tick.after")
        return found

    # the outbox

    async def _compose(
        self, tx: Tx, owed: list[Owed], now: datetime
    ) -> tuple[list[Letter], list[Sent]]:
        """The letters; a row that cannot be composed is dead, and holds up no other."""
        letters: list[Letter] = []
        failed: list[Sent] = []
        composer = await self._composer(tx, owed, now)
        for one in owed:
            try:
                letters.append(await composer.compose(one))
            except Exception as error:
                _log.error("compose_failed", outbox=one.id, error=type(error).__name__)
                is_told = isinstance(error, UnreadableError)
                failed.append(
                    Sent(owed=one, outcome=Outcome.DEAD, error=repr(error), is_told=is_told)
                )
        if (
            composer.failed and owed and not any(one.is_alert for one in owed)
        ):  # no alerts about alerts
            await guarding.tell(self._context(tx, now, f"cards{uuid4().hex}"), composer.failed[0])
        return letters, failed

    async def _composer(self, tx: Tx, owed: list[Owed], now: datetime) -> Composer:
        """With what a batch shows read at once; where that fails, each for itself."""
        composer = Composer(tx, self.rules, self.workflows, now)
        try:
            await composer.read_ahead(owed)
        except Exception as error:
            if not is_unwritable(error):
                raise
            _log.error("read_ahead_failed", error=type(error).__name__)
            return Composer(tx, self.rules, self.workflows, now)
        return composer

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
            context = self._context(tx, now, f"a{uuid4().hex}")
            await context.alert(template, **values)

    async def recover(self, since: datetime, now: datetime) -> None:
        """Telegram is heard again after nothing came since then: once, show what waits for a tap.

        In one transaction with the heartbeat, so that a crash neither forgets nor repeats it.
        """
        await self.store.retried(partial(self._recover, since, now))

    async def _recover(self, since: datetime, now: datetime) -> None:
        async with self._begin(now) as tx:
            key = f"r{since.timestamp():.0f}"
            await outage.recover(self._context(tx, now, key), since)
            await tx.do(integrity.beat, {"poll": now})

    async def retry(self, letter_id: int, incoming: Incoming, now: datetime) -> None:
        """Handle a dead letter's update as if it came now. Raises what makes it fail again."""
        await self.store.retried(partial(self._retry, letter_id, incoming, now))

    async def _retry(self, letter_id: int, incoming: Incoming, now: datetime) -> None:
        async with self.store.begin(now) as tx:
            if not await tx.do(dead_letters.settle_update, letter_id, "retried"):
                return
            context = self._context(tx, now, f"l{letter_id}")
            try:
                await guarding.without_the_failing(
                    context, partial(router.attend, context, incoming)
                )
            except Refusal as refusal:
                await refusing.refuse(context, incoming, refusal)
            await guarding.tell_of_failing(context)

    # the office

    async def appoint_admins(self, now: datetime) -> None:
        """Give the config's admins their role and menu; who is named no more loses both."""
        await self.store.retried(lambda: self._appoint_admins(now))

    async def look_over(self, now: datetime) -> None:
        """At the start: whether there are rows that this version cannot read. The bot serves all
        others, and the admins hear of these.
        """
        async with self._begin(now) as tx:
            await tx.ask(unreadable.glance, tx.kinds)

    async def _appoint_admins(self, now: datetime) -> None:
        async with self._begin(now) as tx:
            context = self._context(tx, now, f"admins{uuid4().hex}")
            await admins.appoint(context, self.admins)

    async def invite(self, membership: Membership, now: datetime) -> str:
        """An invitation made outside the chat, also beside a running bot. Returns the start
        link's payload.
        """
        return await self.store.retried(lambda: self._invite(membership, now))

    async def _invite(self, membership: Membership, now: datetime) -> str:
        async with self.store.begin(now) as tx:
            context = self._context(tx, now, "invite")
            return await roster.make_invitation(context, membership, None)
