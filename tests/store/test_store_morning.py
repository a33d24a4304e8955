"""The morning lists in steps, for several communities: everybody's own, and each just once."""

from datetime import datetime, timedelta

import pytest
from folk import (
    BUILDING,
    COMMITTEE,
    FAR_GRID,
    LEAD,
    NOW,
    OTHER_COMMITTEE,
    OTHER_GRID,
    OTHER_LEAD,
    OTHER_PIONEER,
    OTHER_STREET,
    RULES,
    STREETMAN,
    WANG,
    filed,
    person,
    story,
)
from shelf import hire, keep, rows

from workflows.core.people import Role
from workflows.desk import Desk
from workflows.petition.words import Action
from workflows.registry import WORKFLOWS
from workflows.store import Store, schedule
from workflows.store import tables as t

DAWN = NOW + timedelta(hours=23)  # Tuesday at eight, an hour before what was filed is due
FAR_LEAD = person(65, "远网格长", (Role.LEAD, FAR_GRID))
STAFF = (WANG, LEAD, COMMITTEE, STREETMAN, OTHER_PIONEER, OTHER_LEAD, OTHER_COMMITTEE,
         OTHER_STREET, FAR_LEAD)  # fmt: skip
EXPECTED = {
    WANG.id: [1001], LEAD.id: [1001], OTHER_LEAD.id: [1002], COMMITTEE.id: [1001, 1002],
    FAR_LEAD.id: [1003], OTHER_COMMITTEE.id: [1003],
}  # fmt: skip


@pytest.fixture
async def town(store: Store) -> Store:
    """A ticket in each of three grids, two of them in one community."""
    await hire(store, *STAFF)
    await Desk(store, RULES, WORKFLOWS).plan_chores(NOW)
    accepted = story(Action.DISPATCH, Action.ACCEPT, ticket=filed(1001, place=BUILDING))
    others = (filed(n, place=f"{grid}/5幢") for n, grid in ((1002, OTHER_GRID), (1003, FAR_GRID)))
    await keep(store, accepted, *others)
    return store


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people a step."""
    monkeypatch.setattr("workflows.desk.lists.morning._PEOPLE", 2)


async def told(store: Store) -> list[tuple[int, list[int]]]:
    """Whose lists are owed, each with what is due today."""
    owed = [row for row in await rows(store, t.outbox) if row["template"] == "morning"]
    values = [(row["chat_id"], row["body"]["values"]) for row in owed]
    return sorted((chat, [line["ticket"] for line in value["today"]]) for chat, value in values)


async def due(store: Store, name: str = "morning") -> datetime:
    return {row["name"]: row["due_at"] for row in await rows(store, t.chores)}[name]


async def test_everybody_gets_one_list_of_what_is_his_and_nobody_else_one(town: Store):
    desk = Desk(town, RULES, WORKFLOWS)
    while await desk.tick(DAWN):
        pass
    assert await told(town) == sorted(EXPECTED.items())
    assert await due(town) == DAWN + timedelta(days=1)


async def test_nobody_waits_for_more_than_a_step(town: Store):
    desk, known, most = Desk(town, RULES, WORKFLOWS), 0, 0
    while await desk.tick(DAWN):
        count = len(await told(town))
        known, most = count, max(most, count - known)
        assert count == len(EXPECTED) or await due(town) == DAWN
    assert 0 < most <= 2


@pytest.mark.parametrize("size", [1, 2, 3, 99])
async def test_each_step_may_be_another_process(
    town: Store, twin: Store, size: int, monkeypatch: pytest.MonkeyPatch
):
    """It died after any of them: nobody's list is lost or doubled, and the next day is whole."""
    monkeypatch.setattr("workflows.desk.lists.morning._PEOPLE", size)
    for days in (0, 1):
        desks = [Desk(town, RULES, WORKFLOWS), Desk(twin, RULES, WORKFLOWS)]
        while await desks[0].tick(DAWN + timedelta(days=days)):
            desks.reverse()
        chats = [chat for chat, _ in await told(town)]
        assert chats == sorted([*EXPECTED] * (days + 1))


async def test_a_step_that_fails_owes_nothing_and_is_done_again(
    town: Store, monkeypatch: pytest.MonkeyPatch
):
    desk = Desk(town, RULES, WORKFLOWS)
    await desk.tick(DAWN)
    with monkeypatch.context() as broken:
        broken.setattr("workflows.desk.lists.morning.schedule.reach", None)
        with pytest.raises(TypeError):
            await desk.tick(DAWN)
    while await desk.tick(DAWN):
        pass
    assert await told(town) == sorted(EXPECTED.items())


async def test_hands_that_are_full_make_a_step_of_their_own(
    town: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("workflows.desk.lists.morning._PEOPLE", 99)
    monkeypatch.setattr("workflows.petition.lists.morning._TICKETS", 0)
    desk, steps = Desk(town, RULES, WORKFLOWS), 0
    while await desk.tick(DAWN):
        steps += await due(town) == DAWN
    assert steps >= len(EXPECTED) - 1
    assert await told(town) == sorted(EXPECTED.items())


async def test_a_lead_who_handles_it_himself_has_it_once(town: Store):
    await hire(town, person(12, "李明", (Role.PIONEER, BUILDING), (Role.LEAD, BUILDING)))
    await keep(town, story(Action.DISPATCH, Action.ACCEPT, ticket=filed(1004)))
    desk = Desk(town, RULES, WORKFLOWS)
    while await desk.tick(DAWN):
        pass
    assert (12, [1001, 1004]) in await told(town)


async def test_mornings_that_were_switched_off_midway_begin_anew(town: Store):
    await Desk(town, RULES, WORKFLOWS).tick(DAWN)
    async with town.begin(DAWN) as tx:
        assert await tx.ask(schedule.reached, "morning")
        await tx.do(schedule.plan, "morning", None, DAWN)
        await tx.do(schedule.plan, "morning", DAWN, DAWN)
        assert await tx.ask(schedule.reached, "morning") == 0
