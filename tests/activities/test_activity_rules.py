"""What holds whoever talks: how long a place is held, how long somebody helped, who reads what."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from beside import samples
from folk import CHEN, GRID, HOUR, LEAD, NOW, RULES, WANG
from msgspec.structs import replace

from bot.config.settings import Settings
from workflows.activities import needs as n
from workflows.activities.lifecycle import ACTIVITY
from workflows.activities.model import CAME, WENT, Activity
from workflows.activities.relations import attempt
from workflows.activities.store.kept import ACTIVITIES
from workflows.activities.words import Action, State
from workflows.core.engine.decision import decide
from workflows.core.errors import Refusal
from workflows.core.kernels.causes import Seed
from workflows.core.kernels.presence import Presence, Way
from workflows.core.people import Membership, Person, Role
from workflows.core.talk.needs import TEXT, Answers
from workflows.council.workflow import COUNCIL_WORKFLOW
from workflows.desk.context import Context
from workflows.desk.workflow import Workflows
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store

PLANNED: Activity = samples("activities").SAMPLE.fresh[2]
HE = PLANNED.helpers[0]


def until(starts: timedelta) -> timedelta:
    soon = replace(PLANNED, starts_at=NOW + starts)
    return attempt(soon, Action.LEAVE, CHEN, NOW, RULES).until - NOW


def test_a_place_is_held_for_four_hours_or_half_of_one_where_it_begins_soon():
    assert [until(timedelta(days=2)), until(10 * HOUR)] == [4 * HOUR, HOUR / 2]
    assert until(timedelta(minutes=10)) == timedelta(minutes=10)


def helped(way: Way, since: int, left: int | None = None) -> int:
    starts = PLANNED.starts_at
    assert starts
    at = {CAME: since} | ({WENT: left} if left is not None else {})
    seen = tuple(
        Presence(subject=1001, name=name, person=HE, at=starts + timedelta(minutes=m), way=way)
        for name, m in at.items()
    )
    return replace(PLANNED, present=seen).minutes_of(HE)


def test_nobody_has_helped_longer_than_was_planned():
    assert [helped(Way.CODE, -30), helped(Way.CODE, 20), helped(Way.CODE, 0, 45)] == [60, 40, 45]
    assert [helped(Way.WITNESS, 20), helped(Way.CODE, 90), helped(Way.CODE, 0, 500)] == [60, 0, 60]


def test_nobody_approves_his_own():
    own = Person(id=7, name="", memberships=(Membership(role=Role.COMMITTEE, place=GRID[:8]),))
    waits = replace(PLANNED, state=State.REVIEW, leader=LEAD.id)
    assert ACTIVITY.may(attempt(waits, Action.APPROVE, own, NOW, RULES))
    assert not ACTIVITY.may(attempt(replace(waits, leader=own.id), Action.APPROVE, own, NOW, RULES))


@pytest.mark.parametrize(("said", "number"), [("3", 3), ("三个人", 3), ("两位", 2), ("12 人", 12)])
def test_a_number_of_people_is_read_as_people_say_it(said: str, number: int):
    assert n.SIZE.read(said, NOW, RULES) == number


@pytest.mark.parametrize("said", ["3幢", "3号楼", "很多", "0", "21", "1.5"])
def test_what_is_none_is_asked_again(said: str):
    with pytest.raises(Refusal, match="form_no_count"):
        n.SIZE.read(said, NOW, RULES)


def test_what_is_handed_out_says_how_much():
    assert n.amount_of(n.ITEM.read("水 120瓶", NOW, RULES)) == ("水 120瓶", 120)
    with pytest.raises(Refusal, match="form_no_amount"):
        n.ITEM.read("水", NOW, RULES)


def test_where_it_is_known_who_is_in_every_slot_counts_what_changed():
    on = replace(PLANNED, state=State.ANNOUNCED)
    moved = decide(ACTIVITY, attempt(on, Action.JOIN, CHEN, NOW, RULES)).subject
    assert [slot.version for slot in moved.slots] == [1, 0]


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    """An empty store."""
    made = Store.open(settings.database.url, KINDS)
    yield made
    await made.close()


async def test_what_helpers_did_is_written_down_where_that_is_kept_and_guests_have_none(
    store: Store,
):
    kept: list[Seed] = []

    async def spawned(context: Context, seed: Seed) -> Any:
        kept.append(seed)
        return await COUNCIL_WORKFLOW.spawned(context, seed)  # type: ignore[misc]

    service = replace(COUNCIL_WORKFLOW, flow=replace(COUNCIL_WORKFLOW.flow, kind="service"),
                      spawned=spawned)  # fmt: skip
    there = tuple(
        Presence(subject=1001, name=CAME, person=i, at=NOW, way=Way.WITNESS) for i in (HE, CHEN.id)
    )
    ended = replace(PLANNED, state=State.ENDED, present=there, leader=WANG.id)
    async with store.begin(NOW) as tx:
        tx.put_person(Person(id=HE, name="何老师"))
        tx.put(ended, ())
        context = Context(tx=tx, rules=RULES, workflows=Workflows(*WORKFLOWS, service), now=NOW,
                          key="t")  # fmt: skip
        await tx.next_id()
        await context.perform(ended, Action.SUM_UP, LEAD, Answers({TEXT: "好"}))
    [seed] = kept
    assert (seed.person.id, seed.cause) == (HE, 1001)
    assert seed.facts == {
        "minutes": 60, "date": "2026-03-02", "starts": 11 * 60, "service": "activities",
        "verifier": LEAD.id,
    }  # fmt: skip
    async with store.read(NOW) as tx:
        found = await tx.get(ACTIVITIES, 1001)
    assert found and found.report and found.report.helpers == 1
