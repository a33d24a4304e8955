"""What has happened in a house, oldest first: each with its steps, and what its kernels keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from benchmarks.scale.house.house import (
    COST,
    DAY,
    GOODS,
    GUESTS,
    LINES,
    MONDAY,
    NOW,
    PASSBOOKS,
    PLANS,
    POINTS,
    SERVED,
    STEP,
    WEEK,
    House,
)
from workflows.activities import model as activities
from workflows.activities import words as a
from workflows.core.engine.clocks import Clock
from workflows.core.kernels.checklist import Checklist, Item, Mark, Verdict
from workflows.core.kernels.ledger import Cause, Posting, moved
from workflows.core.kernels.presence import Presence, Way
from workflows.core.kernels.slots import Claim, Slot, Standing
from workflows.core.kernels.walk import Walk
from workflows.core.people import SYSTEM, Role
from workflows.passbook import words as p
from workflows.passbook.model import Gift, Service
from workflows.passbook.points import BOOK, HELD, ISSUED, SPENT, at
from workflows.patrols import findings as f
from workflows.patrols import rounds as r

_HOUR = timedelta(hours=1)
_PER_YEAR = 37  # entries of a passbook; two gifts among them, of two entries each
_HELD, _HANDED = {11, 29}, {10, 28}  # counted from the newest entry
_UNCHECKED = 1  # findings of so many weeks still wait for a check


@dataclass(frozen=True, kw_only=True)
class Made:
    """A subject as it stands now, and how it came to that: who did what, when and to where."""

    subject: Any
    steps: tuple[tuple[str, int, datetime, str], ...]
    postings: tuple[Posting, ...] = ()
    present: tuple[Presence, ...] = ()


@dataclass(frozen=True, kw_only=True, order=True)
class Opening:
    """Something that began at a moment; its number is given when all are in order."""

    at: datetime
    make: Callable[[int], Made] = field(compare=False)


def openings(house: House) -> list[Opening]:
    """Everything, oldest first."""
    found = [one for number in range(1, PASSBOOKS + 1) for one in _entries(house, number)]
    for week in range(house.weeks, -1, -1):
        for plan in range(PLANS):
            found += _patrols(house, plan, week)
        found += [_activity(house, week)] if week else []
    return sorted(found)


# passbooks


def _entries(house: House, number: int) -> Iterator[Opening]:
    """A passbook's, counted from the newest: that of one age is the same in each house."""
    for age in range(house.each - 1, -1, -1):
        moment = NOW - age * STEP - (number % PLANS + 1) * 21 * _HOUR
        if age % _PER_YEAR in _HELD and age:
            yield _gift(house, number, moment, age)
        elif age % _PER_YEAR not in _HANDED:
            yield _service(house, number, moment)


def _service(house: House, number: int, moment: datetime) -> Opening:
    lead = house.town.lead(number % PLANS)
    done_at = moment + 3 * _HOUR

    def make(subject: int) -> Made:
        service = Service(
            id=subject, version=1, state=p.State.DONE, account=number, person=house.person(number),
            place=house.home(number), what="patrol", day=moment.date(), points=SERVED, minutes=60,
            counted=60, per_hour=SERVED, text="帮着巡查", done_by=lead, opened_at=moment,
            ended_at=done_at,
        )  # fmt: skip
        steps = (("begin", house.person(number), moment, "waiting"),
                 ("confirm", lead, done_at, "done"))  # fmt: skip
        paid = _posting(service, "done", lead, done_at, (ISSUED, BOOK), SERVED)
        return Made(subject=service, steps=steps, postings=(paid,))

    return Opening(at=moment, make=make)


def _gift(house: House, number: int, moment: datetime, age: int) -> Opening:
    keeper, owner = house.town.lead(number % PLANS), house.person(number)

    def make(subject: int) -> Made:
        gift = Gift(
            id=subject, version=1, state=p.State.DONE, account=number, person=owner,
            place=house.home(number), what=house.goods[(number + age) % GOODS].name,
            day=moment.date(), points=COST, code=f"{subject % 10**6:06}", done_by=keeper,
            opened_at=moment, ended_at=moment + STEP,
        )  # fmt: skip
        steps = (("begin", owner, moment, "waiting"), ("confirm", keeper, moment + STEP, "done"))
        held = _posting(gift, "waiting", owner, moment, (BOOK, HELD), COST)
        spent = _posting(gift, "done", keeper, moment + STEP, (HELD, SPENT), COST)
        return Made(subject=gift, steps=steps, postings=(held, spent))

    return Opening(at=moment, make=make)


def _posting(
    entry: Any, event: str, by: int, moment: datetime, way: tuple[str, str], amount: int
) -> Posting:
    source, target = way
    return Posting(
        key=f"{entry.kind}:{entry.id}:{event}", cause=Cause(entry.id, event), by=by, at=moment,
        month=f"{moment + 8 * _HOUR:%Y-%m}",
        legs=moved(amount, at(source, entry.account), at(target, entry.account)),
    )  # fmt: skip


# patrols


def checklist(house: House, plan: int) -> Checklist:
    """What is looked at on a plan's rounds."""
    items = tuple(Item(key=text, text=text) for text in LINES)
    return Checklist(place=house.community, name=house.plan_name(plan), items=items)


def _patrols(house: House, plan: int, week: int) -> list[Opening]:
    """The round of a plan so many weeks ago, with what it found; that of this week is due."""
    opens, numbers = MONDAY - week * WEEK, list[int]()

    def walked(number: int) -> Made:
        numbers.append(number)
        return _round(house, plan, week, number)

    def found(number: int) -> Made:
        return _finding(house, plan, week, number, numbers[0])

    done = Opening(at=opens, make=walked)
    return [done, Opening(at=opens + 2 * _HOUR, make=found)] if week else [done]


def _round(house: House, plan: int, week: int, number: int) -> Made:
    opens, walker = MONDAY - week * WEEK, house.patroller(plan)
    done_at = opens + 2 * _HOUR
    shared = {
        "id": number, "place": house.town.grid(plan), "name": house.plan_name(plan),
        "slot": f"{opens + 8 * _HOUR:%Y-%m-%d %H:%M}", "opened_at": opens,
        "roles": (Role.PIONEER,), "holder": walker,
    }  # fmt: skip
    opened = ("open", SYSTEM.id, opens, "due")
    if not week:
        clocks = {r.ClockName.WINDOW: Clock(started=opens, due=opens + 6 * DAY)}
        fresh = Walk(checklist=checklist(house, plan), spots=house.spots(plan))
        return Made(subject=r.Round(**shared, walk=fresh, clocks=clocks), steps=(opened,))
    walk = _walked(house, plan, week, walker, done_at)
    one = r.Round(**shared, version=2, state=r.State.DONE, walk=walk, done_at=done_at,
                  ended_at=done_at)  # fmt: skip
    present = tuple(
        Presence(subject=number, name=code, person=walker, at=done_at, way=Way.POINT,
                 is_doubtful=True) for code in walk.reached
    )  # fmt: skip
    steps = (opened, ("touch", walker, done_at, "underway"), ("finish", SYSTEM.id, done_at, "done"))
    return Made(subject=one, steps=steps, present=present)


def _walked(house: House, plan: int, week: int, walker: int, moment: datetime) -> Walk:
    """Every point was reached and is well, but for one line of one."""
    well = Mark(verdict=Verdict.OK, by=walker, at=moment)
    fault = Mark(verdict=Verdict.FAULT, by=walker, at=moment, note="掉在地上")
    spots = house.spots(plan)
    wrong = spots[week % POINTS].code
    return Walk(
        checklist=checklist(house, plan), spots=spots, here={str(walker): spots[-1].code},
        reached={spot.code: "scan" for spot in spots},
        marks={spot.code: {LINES[0]: fault if spot.code == wrong else well, LINES[1]: well}
               for spot in spots},
    )  # fmt: skip


def _finding(house: House, plan: int, week: int, number: int, round_id: int) -> Made:
    """It was mended on the spot; somebody else checked it a day later, if that is over."""
    spot, walker = house.spot(plan, week % POINTS), house.patroller(plan)
    found_at = MONDAY - week * WEEK + 2 * _HOUR
    mended_at = found_at + _HOUR
    is_open, checked_at = week <= _UNCHECKED, mended_at + DAY
    clock = Clock(started=mended_at, due=mended_at + 9 * DAY)
    finding = f.Finding(
        id=number, version=1 if is_open else 2, place=spot.place, point=spot.code, name=spot.name,
        state=f.State.TO_CHECK if is_open else f.State.CLEARED, round=round_id,
        category=spot.category, item=LINES[0], text="掉在地上", finders=(walker,),
        opened_at=found_at, faulted_at=(found_at,), fixers=(walker,),
        cleared_at=None if is_open else checked_at, ended_at=None if is_open else checked_at,
        clocks={f.ClockName.CHECK: clock} if is_open else {},
    )  # fmt: skip
    steps = (("find", walker, found_at, "found"), ("fix", walker, mended_at, "to_check"),
             ("clear", house.town.lead(plan), checked_at, "cleared"))  # fmt: skip
    return Made(subject=finding, steps=steps[:2] if is_open else steps)


# activities


def _activity(house: House, week: int) -> Opening:
    """One that is over, with forty guests who all came."""
    begun, starts = MONDAY - week * WEEK - 5 * _HOUR, MONDAY - week * WEEK + 30 * _HOUR
    ended = starts + 3 * _HOUR
    guests = [house.person((week * GUESTS + i) % PASSBOOKS + 1) for i in range(GUESTS)]

    def make(number: int) -> Made:
        claims = tuple(
            Claim(person=guest, rank=rank, standing=Standing.IN, since=begun)
            for rank, guest in enumerate(guests, 1)
        )
        seats = Slot(subject=number, capacity=GUESTS, is_held=True, last=GUESTS, claims=claims)
        present = tuple(
            Presence(subject=number, name=activities.CAME, person=guest, at=starts,
                     way=Way.WITNESS, witness=house.town.lead(0)) for guest in guests
        )  # fmt: skip
        activity = activities.Activity(
            id=number, version=4, state=a.State.SUMMED, leader=house.town.lead(0),
            place=house.town.grid(0), title="手工课", opened_at=begun, starts_at=starts, minutes=90,
            venue="社区活动室", ended_at=ended, present=present,
            report=activities.Report(people=GUESTS, helpers=0, minutes=0, text="都来了"),
            slots=(seats, Slot(subject=number, name=activities.HELPERS, capacity=0)),
        )  # fmt: skip
        lead = house.town.lead(0)
        steps = (("begin", lead, begun, "draft"), ("submit", lead, begun, "announced"),
                 ("open", SYSTEM.id, starts, "running"), ("close", SYSTEM.id, ended, "ended"),
                 ("sum_up", lead, ended, "summed"))  # fmt: skip
        return Made(subject=activity, steps=steps, present=present)

    return Opening(at=begun, make=make)
