"""What is counted of a week: within its bounds, at its places."""

from datetime import timedelta

from folk import BUILDING, CHEN, DAY, GRID, NOW, OTHER_GRID, new_ticket
from msgspec.structs import replace
from shelf import keep

from workflows.petition.model import Exclusion
from workflows.petition.store import week_counts
from workflows.petition.words import State
from workflows.store import Store

PLACES = [GRID, BUILDING]
SINCE = NOW - timedelta(days=7)


async def counted(store: Store, what: object) -> int:
    async with store.read(NOW) as tx:
        return len(await tx.ask(what, PLACES, SINCE, NOW))  # type: ignore[operator]


def ticket(number: int, **changes: object):
    return new_ticket(number, draft_id=f"d{number}", **changes)


async def test_a_week_begins_with_its_first_moment_and_ends_before_its_last(store: Store):
    moments = (SINCE - DAY, SINCE, NOW - DAY, NOW)
    await keep(store, *(ticket(i, filed_at=m) for i, m in enumerate(moments, start=1)))
    assert await counted(store, week_counts.filed) == 2


async def test_other_places_are_not_counted(store: Store):
    here, there = ticket(1, filed_at=SINCE), ticket(2, filed_at=SINCE, place=OTHER_GRID)
    await keep(store, here, there)
    assert await counted(store, week_counts.filed) == 1


async def test_only_what_was_closed_counts_as_done(store: Store):
    done = {"ended_at": NOW - DAY}
    await keep(store, *(ticket(i, state=s, **done) for i, s in enumerate(
        (State.CLOSED, State.WITHDRAWN, State.DECLINED), start=1)))  # fmt: skip
    assert await counted(store, week_counts.closed) == 1


async def test_only_a_second_persons_word_leaves_a_petition_out(store: Store):
    asked = Exclusion(reason="重复", by=1)
    agreed = replace(asked, approved_by=2)
    await keep(store, ticket(1, filed_at=SINCE, exclusion=asked),
               ticket(2, filed_at=SINCE, exclusion=agreed))  # fmt: skip
    async with store.begin(NOW) as tx:
        tx.put_person(replace(CHEN, is_unlisted=True))
    async with store.read(NOW) as tx:
        found = await tx.ask(week_counts.filed, PLACES, SINCE, NOW)
    assert [m.is_scored for m in found] == [True, False]
    assert not any(m.is_listed for m in found)
