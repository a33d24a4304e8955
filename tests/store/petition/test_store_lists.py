"""What stands where, on SQLite and on PostgreSQL."""

from folk import (
    BUILDING,
    COMMUNITY,
    DAY,
    FAR_GRID,
    GRID,
    HOUR,
    NOW,
    STREET,
    TO_PROPOSED,
    A,
    filed,
    new_ticket,
    story,
)
from msgspec.structs import replace
from shelf import keep

from workflows.petition.model import Exclusion, Ticket
from workflows.petition.rules.agenda import PendingDecision
from workflows.petition.store import figures, lists
from workflows.petition.store.kept import TICKETS
from workflows.petition.store.lists import Section
from workflows.petition.words import State
from workflows.store import Store, Tx

LATER = NOW + 30 * HOUR  # when the promises are over


def undecided(ticket_id: int, **changes: object) -> Ticket:
    return replace(story(*TO_PROPOSED, ticket=filed(ticket_id)), **changes)


async def both(tx: Tx, section: Section, scope: list[str], **more: object) -> tuple[int, list[int]]:
    count = await tx.ask(lists.count, section, scope, LATER)
    return count, await tx.ask(lists.page, section, scope, LATER, 0, 9, **more)  # type: ignore[arg-type]


async def test_a_place_of_any_size_has_its_own_list(store: Store):
    near, far = filed(1), filed(2, place=FAR_GRID)
    await keep(store, near, far, filed(3, place="别的街道/南环一/1网格"))
    async with store.read(NOW) as tx:
        for section in (Section.UNASSIGNED, Section.OVERDUE):
            for scope in ([BUILDING], [GRID], [COMMUNITY], [GRID, BUILDING]):
                assert await both(tx, section, scope) == (1, [1])
            assert await both(tx, section, [STREET]) == (2, [1, 2])
            assert await both(tx, section, [GRID, FAR_GRID, STREET]) == (2, [1, 2])
            assert await both(tx, section, [""]) == (3, [1, 2, 3])
            assert await both(tx, section, []) == (0, [])


async def test_what_is_late_longest_is_first(store: Store):
    older, newer = filed(2), story(ticket=filed(1))
    clocks = {n: replace(c, due=c.due - HOUR) for n, c in older.clocks.items()}
    await keep(store, newer, replace(older, clocks=clocks))
    async with store.read(NOW) as tx:
        for scope in (GRID, STREET):
            assert await both(tx, Section.OVERDUE, [scope]) == (2, [2, 1])


async def test_one_matter_can_be_put_ahead(store: Store):
    asked = Exclusion(reason="重复", by=1)
    await keep(store, undecided(1), replace(filed(2), exclusion=asked), undecided(3), filed(4))
    async with store.read(NOW) as tx:
        for scope in (GRID, STREET):
            assert await both(tx, Section.PROPOSED, [scope]) == (3, [1, 2, 3])
            put = await both(tx, Section.PROPOSED, [scope], ahead=PendingDecision.EXCLUSION)
            assert put == (3, [2, 1, 3])


async def test_a_page_goes_on_where_the_last_one_ended(store: Store):
    await keep(store, *(filed(i) for i in range(1, 8)))
    async with store.read(NOW) as tx:
        for scope in ([STREET], [GRID], [GRID, FAR_GRID]):
            page = await tx.ask(lists.page, Section.UNASSIGNED, scope, NOW, 4, 2)
            assert page == [5, 6]


async def test_a_word_is_looked_for_in_what_is_open_or_ended_not_long_ago(store: Store):
    ended = replace(story(A.WITHDRAW, ticket=filed(2)), ended_at=NOW - DAY)
    old = replace(ended, id=3, draft_id="3", ended_at=NOW - 99 * DAY)
    await keep(store, filed(1), ended, old, filed(4, text="路灯不亮"))
    async with store.read(NOW) as tx:
        for scope in (GRID, STREET, ""):
            found = await tx.ask(lists.find, [("充电桩",)], [scope], NOW, 9)
            assert found == [2, 1]
            assert not await tx.ask(lists.is_beyond, [scope])
        assert await tx.ask(lists.find, [("充电桩",)], [], NOW, 9) == []


async def test_a_moved_ticket_is_in_the_figures_of_its_new_street(store: Store):
    await keep(store, new_ticket(1))
    async with store.begin(NOW) as tx:
        ticket = await tx.get(TICKETS, 1)
        assert ticket
        there = replace(ticket, place="别的街道/甲/1网格", version=ticket.version + 1)
        tx.put(there, ())
    async with store.read(NOW) as tx:
        since, until = NOW - DAY, NOW + DAY
        assert await tx.ask(figures.filed_in, [STREET, GRID], since, until) == []
        [scored] = await tx.ask(figures.filed_in, ["别的街道"], since, until)
        assert scored.state is State.UNASSIGNED
        assert await tx.ask(lists.filed_since, ["别的街道/甲"], since, 9) == [1]
