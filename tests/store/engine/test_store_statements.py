"""How many statements an update takes: each costs about as much as what it does."""

from collections.abc import Mapping

from folk import (
    BUILDING,
    EVERYBODY,
    GRID,
    HOUR,
    LEAD,
    LI,
    NOW,
    OTHER_GRID,
    RULES,
    UNAPPROVED,
    WANG,
    filed,
    said,
    settled,
)
from msgspec.structs import replace
from shelf import hire, keep, overheard, rows

from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.messages import Incoming, Kind
from workflows.core.talk.tap_text import read
from workflows.desk import Desk
from workflows.petition.intake.draft import Draft, Part, Step
from workflows.petition.intake.kept import with_draft
from workflows.petition.store import loads
from workflows.petition.store import tables as own
from workflows.registry import WORKFLOWS
from workflows.store import Store

# What a turn with one update takes, BEGIN and COMMIT aside, by what the update does: the lease of
# what may be sent is in it. Lower them where there is something to be saved.
LIMITS = {"words": 9, "categorize": 9, "more words": 9, "submit": 18}


async def counted(store: Store, desk: Desk, *batch: Incoming) -> int:
    """How many statements a batch takes."""
    with overheard(store) as heard:
        await desk.turn(NOW, batch, is_allowed=lambda _: False)
    return len([statement for statement, _ in heard if not statement.startswith("BEGIN")])


def words(update_id: int, person_id: int, text: str) -> Incoming:
    message = said(text, message_id=update_id, person_id=person_id, chat_id=person_id)
    return replace(message, update_id=update_id)


def tap(update_id: int, person_id: int, verb: str) -> Incoming:
    """A button of the preview of a draft that `begin` wrote."""
    press = f"d:d{person_id}:{verb}"
    return replace(words(update_id, person_id, ""), kind=Kind.PRESS, tap=read(press))


async def begin(store: Store, drafts: Mapping[int, str]) -> None:
    """People in the middle of a petition about a place, ready to submit it."""
    part = Part(message_id=1, text="灯不亮", at=NOW)
    async with store.begin(NOW) as tx:
        for person, place in drafts.items():
            draft = Draft(id=f"d{person}", step=Step.PREVIEW, parts=(part,), place=place,
                          category=UNAPPROVED)  # fmt: skip
            tx.put_dialog(with_draft(Dialog(person_id=person), draft))


async def test_an_update_takes_few_statements(store: Store):
    await hire(store, *EVERYBODY[:-1])
    await begin(store, {1: BUILDING})
    desk = Desk(store, RULES, WORKFLOWS)
    taken = {
        "words": await counted(store, desk, words(2, 1, "3幢充电桩坏了")),
        "categorize": await counted(store, desk, tap(3, 1, "categorize")),
        "more words": await counted(store, desk, words(4, 1, "好几天了")),
        "submit": await counted(store, desk, tap(5, 1, "submit")),
    }
    assert len(await rows(store, own.tickets)) == 1
    assert taken == LIMITS


async def test_a_batch_takes_as_many_for_many_residents_as_for_a_few(store: Store):
    await hire(store, WANG, LI, LEAD)
    desk, taken = Desk(store, settled(RULES, most_open=0), WORKFLOWS), []
    for first, last in ((100, 103), (200, 240)):
        await begin(store, dict.fromkeys(range(first, last), BUILDING))
        batch = [tap(i, i, "submit") for i in range(first, last)]
        taken.append(await counted(store, desk, *batch))
    assert len(await rows(store, own.tickets)) == 43
    assert taken[0] == taken[1]


async def test_due_timers_take_one_more_statement_each_and_no_more(store: Store):
    """A changed ticket is one, as its version is compared; all else is asked for all of them."""
    await hire(store, *EVERYBODY)
    desk, taken = Desk(store, RULES, WORKFLOWS), {}
    for count, first in ((3, 1001), (20, 2001)):
        tickets = [replace(filed(first + i), draft_id=f"d{first + i}") for i in range(count)]
        await keep(store, *tickets, now=NOW)
        with overheard(store) as heard:
            assert await desk.tick(NOW + HOUR) == count
        taken[count] = len([s for s, _ in heard if not s.startswith("BEGIN")])
    assert taken[20] - taken[3] == 20 - 3


async def test_who_is_around_all_grids_of_a_batch_is_asked_at_once(store: Store):
    await hire(store, *EVERYBODY[:-1])
    drafts = {1: BUILDING, 2: OTHER_GRID}
    await begin(store, drafts)
    async with store.begin(NOW) as tx:
        await tx.prefetch([], drafts, [])
        tx.expect(drafts.values())
        with overheard(store) as heard:
            for place in drafts.values():
                staff = await tx.staff(place)
                await loads.of(tx, (p.id for p in staff))
            await tx.group_of(GRID)
            await tx.group_of(OTHER_GRID)
    assert len([s for s, _ in heard if s.startswith("SELECT")]) == 3


async def test_what_is_not_expected_is_asked_when_it_is_wanted(store: Store):
    await hire(store, *EVERYBODY[:-1])
    async with store.read(NOW) as tx:
        first, second = await tx.staff(BUILDING), await tx.staff(OTHER_GRID)
        found = await loads.of(tx, (p.id for p in second))
    assert WANG in first and WANG not in second
    assert found.keys() == {p.id for p in second}
