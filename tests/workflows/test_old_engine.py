"""The page over `core.flow` answers as the engine before it did; goes with `old_engine/`."""

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest
from folk import (
    DAY,
    EVERYBODY,
    FAR_GRID,
    HOUR,
    LI,
    NOW,
    OTHER_GRID,
    SUN,
    UNAPPROVED,
    ZHOU,
    filed,
    new_ticket,
)
from folk import RULES as EXAMPLE
from msgspec.structs import replace
from old_engine import lifecycle as old
from old_engine import ticket as old_page
from test_ticket_rights import in_state

from workflows import lifecycle, sla, ticket
from workflows.attempt import NOTHING, Given, Heard
from workflows.model import (
    SYSTEM,
    Action,
    ClockName,
    Exclusion,
    Extension,
    Proposal,
    Refusal,
    State,
    Ticket,
    Timer,
)
from workflows.rules import ClockChange

A, S = Action, State
HURRIED = {ClockName.RESPONSE: ClockChange(length=2 * HOUR)}
RULES = replace(EXAMPLE, urgent_clocks=HURRIED)
EVERYTHING = Given(
    text="原因，还有电线冒烟", where="物业", due=NOW + 40 * DAY, to=SUN, rating=2, into=filed(2002),
    grid=OTHER_GRID, partner="物业公司", solved="partly", contact="13800000000",
)  # fmt: skip
PAST = replace(EVERYTHING, due=NOW - DAY, grid=FAR_GRID, to_group=True, heard=Heard(by=1, text="x"))
GIVEN = (NOTHING, EVERYTHING, PAST)
RICH = {
    "followers": (ZHOU.id,), "helpers": (LI.id,), "partner": "物业", "referred_to": FAR_GRID,
    "referred_by": SUN.id, "contact": "13800000000", "on_behalf": "奶奶", "supervisor": 41,
    "exclusion": Exclusion(reason="天灾", by=21), "checker": SUN.id, "nudged_at": NOW - 20 * HOUR,
}  # fmt: skip
POOR = {"rating": 1, "untold": True, "nudged_at": NOW - HOUR, "open_to_grid": True}
BESIDE = (ClockName.SUPERVISE, ClockName.PARTNER, ClockName.REFERRAL)
KEPT = {S.WAITING, S.SUSPENDED, S.RESOLVED}
ENDED = {S.CLOSED, S.DECLINED, S.WITHDRAWN, S.MERGED}
PENDING = {"extension": Extension(reason="缺件", due=NOW + 50 * DAY), "handler": SUN.id,
           "proposal": Proposal(text="换", due=NOW + 50 * DAY)}  # fmt: skip


def tickets(state: State) -> Iterator[Ticket]:
    """Tickets that stand there, with everything that a row may ask for, and with nothing of it."""
    ticket = in_state(state)
    lasting = {name: sla.start(name, ticket, NOW - HOUR, RULES) for name in BESIDE}
    yield ticket
    yield replace(ticket, urgent=True, category=UNAPPROVED)
    yield replace(ticket, **RICH, clocks={**ticket.clocks, **lasting})
    yield replace(ticket, **POOR)
    yield replace(ticket, **PENDING)
    yield replace(ticket, before=S.PLANNED if state is S.WAITING else ticket.before)


def answer(engine, asked: tuple, given: Given) -> object:
    person, action, subject, now = asked
    try:
        decision = engine.decide(subject, action, person, now, RULES, given)
    except Refusal as refusal:
        return refusal.template, refusal.values
    return decision.ticket, decision.event, decision.notices, decision.timers


def row(engine, asked: tuple) -> object:
    try:
        step = engine.needs(*asked, RULES)
    except Refusal as refusal:
        return refusal.template, refusal.values
    needs = [need.value for need in step.needs]  # each engine has an enum of its own
    return step.action, step.sources, step.who, needs, step.resident, step.staff


@pytest.mark.parametrize("state", sorted(S))
def test_who_may_do_what_is_the_same(state: State):
    for subject, person, now in product(tickets(state), EVERYBODY, (NOW, NOW + 9 * DAY)):
        for action in A:
            asked = (person, action, subject, now)
            assert lifecycle.may(*asked, RULES) == old.may(*asked, RULES), (action, person.name)
        buttons = (person, subject, now, RULES)
        assert lifecycle.actions(*buttons) == old.actions(*buttons), person.name
        assert lifecycle.open_to(person, subject) == old.open_to(person, subject)


@pytest.mark.parametrize("state", sorted(S))
def test_what_follows_is_the_same(state: State):
    cells = product(EVERYBODY, A, tickets(state), (NOW, NOW + 9 * DAY))
    for asked in cells:
        assert row(lifecycle, asked) == row(old, asked)
        for given in GIVEN:
            assert answer(lifecycle, asked, given) == answer(old, asked, given), asked[:2]


@pytest.mark.parametrize("seed", range(40))
def test_a_walk_goes_the_same_way(seed: int):
    luck, now, subject = Random(seed), NOW, filed(urgent=bool(seed % 2))
    for _ in range(60):
        now += luck.choice([0, 1, 30]) * HOUR
        person, given = luck.choice(EVERYBODY), luck.choice(GIVEN)
        action = luck.choice(lifecycle.actions(person, subject, now, RULES) or (A.NOTE,))
        new, was = (answer(e, (person, action, subject, now), given) for e in (lifecycle, old))
        assert new == was
        subject = new[0] if isinstance(new[0], Ticket) else subject


def test_a_clock_that_rings_does_the_same():
    for name, mark in product(ClockName, ("50", "due", "climb1", "late1")):
        timer = Timer(ticket_id=1, clock=name, mark=mark, due_at=NOW)
        assert lifecycle.on_time(timer) == old.on_time(timer)


@pytest.mark.parametrize("state", sorted(S))
def test_a_reminder_and_a_breach_tell_the_same(state: State):
    for subject, action in product(tickets(state), (A.REMIND, A.ESCALATE)):
        for timer in sla.timers(subject, RULES):
            asked = (SYSTEM, action, subject, timer.due_at)
            given = Given(timer=timer)
            assert answer(lifecycle, asked, given) == answer(old, asked, given)


def test_filing_is_the_same():
    for more in ({}, {"urgent": True}, {"on_behalf": "奶奶", "parent": 7}):
        asked = (new_ticket(**more), NOW, RULES)
        new, was = lifecycle.file(*asked, has_consent=True), old.file(*asked, has_consent=True)
        assert (new.ticket, new.event, new.notices) == (was.ticket, was.event, was.notices)


@pytest.mark.parametrize(
    "name", ["HIS_OWN", "SPOKEN_TO_RESIDENTS", "TOLD_TO_RESIDENTS", "RESIDENTS_ALONE", "PROMISES"]
)
def test_what_the_rows_say_is_what_the_lists_beside_them_said(name: str):
    assert getattr(ticket, name) == getattr(old_page, name)


def test_every_fact_of_a_state_is_what_the_lists_beside_them_said():
    stages = ticket.STAGES
    assert {s for s, stage in stages.items() if stage.keeps_holder} == KEPT
    assert {s for s, stage in stages.items() if stage.is_answer} == ENDED | {
        S.SUSPENDED,
        S.RESOLVED,
    }
    assert {s for s, stage in stages.items() if stage.is_work} == set(S) - ENDED - {S.RESOLVED}
    assert {s for s, stage in stages.items() if stage.is_end} == ENDED
    assert lifecycle.ASIDE == old.ASIDE
