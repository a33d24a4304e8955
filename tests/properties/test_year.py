"""A year of many tickets: the bot is down at times, its clock jumps; every timer rings once."""

from bisect import insort
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest
from answering import answered
from effort import effort
from folk import (
    APPROVED,
    CHEN,
    COMMITTEE,
    DAY,
    HOUR,
    LEAD,
    LI,
    NOW,
    RULES,
    UNAPPROVED,
    WANG,
    filed,
    rung,
)

from workflows.core.engine.subject import Timer
from workflows.core.errors import Refusal
from workflows.core.timing import clocks
from workflows.petition import engine
from workflows.petition.model import Ticket
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.words import Action, ClockName

_PLAYERS = (WANG, WANG, CHEN, COMMITTEE, LEAD, LI)
_DULL = {Action.NOTE, Action.MERGE, Action.EDIT, Action.NUDGE, Action.SUPERVISE, Action.MOVE,
         Action.REFER, Action.ANNOUNCE, Action.SPLIT}  # fmt: skip
_TURN = timedelta(hours=7)  # how often something happens to the neighbourhood
_JUMPS = (-DAY, DAY)
Rang = tuple[int, ClockName, str, datetime, datetime]


@dataclass
class Year:
    """The neighbourhood's tickets. `late` counts what fell due while the bot was down."""

    random: Random
    tickets: dict[int, Ticket] = field(default_factory=dict)
    rang: Counter[Rang] = field(default_factory=Counter)
    late: int = 0
    steps: int = 0
    queue: list[tuple[datetime, int]] = field(default_factory=list)

    def put(self, ticket: Ticket) -> None:
        self.tickets[ticket.id] = ticket
        for timer in CLOCKWORK.timers(ticket, RULES)[:1]:
            insort(self.queue, (timer.due_at, ticket.id))

    def file(self, ticket_id: int, now: datetime) -> None:
        ticket = filed(ticket_id, filed_at=now, category=self.random.choice([APPROVED, UNAPPROVED]),
                       urgent=self.random.random() < 0.05)  # fmt: skip
        self.put(engine.file(ticket, now, RULES).subject)

    def act(self, now: datetime) -> None:
        """Somebody does something with one of the open tickets."""
        ticket = self.tickets[self.random.choice([i for i, t in self.tickets.items() if t.is_open])]
        actor = self.random.choice(_PLAYERS)
        found = [a for a in engine.actions(actor, ticket, now, RULES) if a not in _DULL]
        if not found:
            return
        given = answered(
            text="原因", where="物业", to=LI, rating=3, contact="0512-65001234",
            partner="物业公司", solved="yes", due=now + self.random.choice([3, 20, 60]) * DAY,
        )  # fmt: skip
        try:
            self.put(engine.decide(
                ticket, self.random.choice(found), actor, now, RULES, given).subject)  # fmt: skip
        except Refusal:
            return
        self.steps += 1

    def ring(self, now: datetime) -> None:
        """Let all that is due ring, the earliest first, as the desk does."""
        while self.queue and self.queue[0][0] <= now:
            _, ticket_id = self.queue.pop(0)
            ticket = self.tickets[ticket_id]
            due = [t for t in CLOCKWORK.timers(ticket, RULES) if t.due_at <= now]
            if due:
                self.put(self._rung(ticket, due[0], now))

    def _rung(self, ticket: Ticket, timer: Timer, now: datetime) -> Ticket:
        self.late += now - timer.due_at > HOUR
        decision = rung(ticket, timer, now)
        assert timer not in decision.timers
        if clocks.is_reminder(timer.mark) and CLOCKWORK.is_overtaken(ticket, timer, now, RULES):
            assert decision.notices == ()  # one reminder is enough after a while without any
        started = ticket.clocks[timer.clock].started  # another run of the clock rings anew
        self.rang[timer.ticket_id, timer.clock, timer.mark, started, timer.due_at] += 1
        return decision.subject

    def check(self, now: datetime) -> None:
        """What fell due has rung, looked at by the clocks themselves and not by their timers."""
        for ticket in self.tickets.values():
            for name, clock in ticket.clocks.items() if ticket.is_open else ():
                is_due = clock.paused is None and clock.due <= now
                assert not is_due or clocks.DUE in clock.fired, (ticket.id, name)


def _breaks(random: Random, end: datetime) -> list[tuple[datetime, datetime]]:
    """When the bot is down: minutes mostly, at times a weekend."""
    found, at = [], NOW
    while at < end:
        at += timedelta(hours=random.expovariate(1 / 90))
        until = at + timedelta(hours=random.choice([0.1, 1, 9, 60]))
        found.append((at, until))
        at = until
    return found


def live(seed: int, tickets: int, days: int) -> Year:
    """So many tickets, filed over so many days; then 120 more days in which all ends."""
    random = Random(seed)
    year, now, end = Year(random), NOW, NOW + days * DAY
    breaks, filing = _breaks(random, end), [random.random() * days for _ in range(tickets)]
    filing.sort()
    true = NOW
    offset = timedelta(0)
    turn = min(_TURN, timedelta(days=days / tickets / 4))
    while true < end:
        true += random.random() * 2 * turn
        if random.random() < turn / (30 * DAY):
            offset = random.choice([jump for jump in _JUMPS if jump != offset] + [timedelta(0)])
        now = true + offset
        if any(start <= true < until for start, until in breaks):
            continue
        year.ring(now)
        year.check(now)
        while filing and filing[0] * DAY <= true - NOW:
            filing.pop(0)
            year.file(1001 + len(year.tickets), now)
        if any(t.is_open for t in year.tickets.values()):
            year.act(now)
    return year


@pytest.mark.parametrize("seed", range(effort(change=2, night=1)))
def test_no_reminder_is_missed_or_doubled(seed: int):
    """# F27, F28"""
    year = live(seed, *effort(change=(40, 120), night=(1000, 365)))
    assert set(year.rang.values()) == {1}
    assert year.late and year.steps
    assert {mark for _, _, mark, *_ in year.rang} >= {"50", "due", "late1"}


def test_what_rings_after_the_end_rings_for_nobody():
    """# F30: whatever the order in which a close and its reminder come."""
    year = live(9, *effort(change=(20, 80), night=(200, 200)))
    over = [t for t in year.tickets.values() if not t.is_open]
    assert over
    assert all(CLOCKWORK.timers(t, RULES) == () for t in over)
