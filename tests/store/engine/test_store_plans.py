"""Everything that is asked all the time finds its rows by an index: the plans of the statements
themselves, on SQLite. What they cost is in test_store_cost.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from folk import BUILDING, CHEN, COMMUNITY, GRID, NOW, STREET, WANG, filed
from msgspec.structs import replace
from shelf import keep, overheard, owe

from workflows.core.kernels.consent import Who
from workflows.core.kernels.ledger import Account, Book
from workflows.core.talk.messages import Notice
from workflows.petition.store import (
    erasure,
    figures,
    holders,
    lists,
    loads,
    queries,
    texts,
    week_counts,
)
from workflows.petition.store.kept import TICKETS
from workflows.petition.store.lists import Section
from workflows.registry import KINDS
from workflows.store import Store, Tx, integrity, outbox, people, timers, upkeep
from workflows.store.kernels import (
    causes,
    checklists,
    consents,
    households,
    ledger,
    occurrences,
    presences,
    slots,
)
from workflows.store.messages import said
from workflows.store.tables import metadata

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)

Question = Callable[[Tx], Awaitable[object]]
# A few rows each, whatever happens.
SMALL = {"chores", "heartbeats", "dead_letters"}


async def plans(store: Store, question: Question) -> list[str]:
    """How a question's statements find their rows, in the plan's own words."""
    async with store.engine.connect() as conn:
        with overheard(store) as heard:
            await question(Tx(conn, NOW, KINDS))
        found = []
        for statement, parameters in heard:
            if statement.split()[0] in {"SELECT", "WITH", "UPDATE", "DELETE", "INSERT"}:
                one = parameters[0] if isinstance(parameters, list) else parameters
                plan = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", one)
                found += [row.detail for row in plan]
        await conn.rollback()
    assert found, "nothing was asked"
    return found


async def scanned(store: Store, question: Question) -> list[str]:
    """The tables that a question reads from one end to the other."""
    return [detail for detail in await plans(store, question) if _reads_all(detail)]


def _reads_all(detail: str) -> bool:
    found = re.match(r"SCAN (\w+?)(?:_\d+)?(?: |$)", detail)
    is_queue = detail.endswith("INDEX outbox_due")  # of what is to be sent, up to a limit
    return bool(found and not is_queue and found[1] in metadata.tables.keys() - SMALL)


def board(section: Section, place: str) -> Question:
    async def ask(tx: Tx) -> None:
        await tx.ask(lists.count, section, [place], NOW)
        await tx.ask(lists.page, section, [place], NOW, 10, 10)

    return ask


def holding(place: str) -> Question:
    async def ask(tx: Tx) -> None:
        await tx.ask(holders.count, [place])
        await tx.ask(holders.holdings, [place], NOW)
        await tx.ask(holders.ids_of, [place], WANG.id)

    return ask


def finding(place: str) -> Question:
    async def ask(tx: Tx) -> None:
        await tx.ask(lists.find, [("灯",)], [place], NOW, 20)
        await tx.ask(lists.is_beyond, [place])

    return ask


def counting(place: str) -> Question:
    async def ask(tx: Tx) -> None:
        since = NOW - timedelta(days=7)
        await tx.ask(figures.filed_in, [place], since, NOW)
        await tx.ask(lists.filed_since, [place], since, 100)
        for what in (week_counts.filed, week_counts.closed):
            await tx.ask(what, [place], since, NOW)
        await tx.ask(week_counts.waiting, [place])

    return ask


async def one_update(tx: Tx) -> None:
    await tx.prefetch([1, 2], {CHEN.id, WANG.id}, {1001})
    await tx.staff(BUILDING)
    await tx.group_of(GRID)
    tx.owe(Notice(to=CHEN.id, template="x", replaces="draft:1"), CHEN.id, "text", "new", NOW)
    await tx.flush()


async def mine(tx: Tx) -> None:
    await tx.ask(queries.ids_held_by, [WANG.id])
    await tx.ask(queries.ids_brought_by, CHEN.id, 10)
    await tx.ask(queries.ids_lately_by, CHEN.id, NOW, 10)
    await tx.ask(loads.in_hand, [WANG.id])


async def hints(tx: Tx) -> None:
    found = await tx.ask(texts.newest_at, [BUILDING, GRID], 50)
    assert await tx.ask(texts.glimpses, [one.id for one in found[BUILDING]])
    await tx.ask(people.peek, [CHEN.id])
    await tx.ask(lists.alike, GRID, "电梯", 10)
    await tx.ask(queries.ids_open_at, GRID, 10)


async def replies(tx: Tx) -> None:
    await tx.ask(said.id_of_message, 1, 1)
    await tx.ask(texts.id_of_text, 1, 1)
    await tx.ask(said.newest_of, 1, "alert")


async def lease(tx: Tx) -> None:
    assert await tx.outbox.lease(lambda _: True)


async def clocks(tx: Tx) -> None:
    await tx.ask(timers.due, tx.kinds, NOW, 200)
    await tx.ask(outbox.next_moment, NOW)


async def health(tx: Tx) -> None:
    await tx.ask(outbox.count_due, NOW)
    await tx.ask(integrity.queue, NOW)


async def night(tx: Tx) -> None:
    await tx.do(upkeep.prune, NOW, 10)
    await tx.ask(erasure.ids_to_erase, NOW, 10)


async def morning(tx: Tx) -> None:
    await tx.ask(people.ids_of_staff_after, 0, 20)
    await tx.ask(queries.ids_held_by, range(20))
    await tx.ask(lists.unchecked, range(20), NOW - timedelta(days=9), NOW)
    for place in ("", STREET, COMMUNITY, GRID):
        await tx.ask(lists.broken, [place], NOW, 1001)
        await tx.ask(lists.due_between, [place], NOW, NOW + timedelta(hours=9), 1001)
        await tx.ask(lists.plans, [place], 1001)
    for place in (STREET, COMMUNITY, GRID):  # nobody leads everywhere
        await tx.ask(lists.objections, [place], 1001)
    await tx.ask(lists.changed_since, NOW)


async def kernels(tx: Tx) -> None:
    """What rooms ask of them all the time."""
    book, later = Book(name="points", issuing=frozenset()), NOW + timedelta(days=9)
    await tx.ask(ledger.statement, book, Account("member", CHEN.id), 10)
    await tx.ask(slots.load, 1001)
    await tx.ask(causes.causes_of, 1001)
    await tx.ask(causes.effects_of, 1001)
    await tx.ask(checklists.current, COMMUNITY, "楼道")
    await tx.ask(checklists.names, COMMUNITY)
    await tx.ask(checklists.of_subject, 1001)
    for question in (occurrences.opened, occurrences.overdue):
        await tx.ask(question, NOW)
    await tx.ask(occurrences.counted, 1001, NOW, later)
    await tx.ask(consents.of, Who(CHEN.id))
    await tx.ask(consents.of_subject, 1001)
    await tx.ask(consents.ending, NOW, later)
    await tx.ask(households.of_place, BUILDING)
    await tx.ask(households.are_together, CHEN.id, WANG.id)
    await tx.ask(presences.of_subject, 1001)


async def forgetting(tx: Tx) -> None:
    """What is asked of them for one person, and when the words of some subjects go."""
    await tx.do(slots.forget, CHEN.id, NOW)
    await tx.do(presences.forget, CHEN.id)
    await tx.do(households.forget, CHEN.id)
    await tx.do(consents.forget, CHEN.id, NOW)
    for one in (checklists, consents, presences, slots):
        await tx.do(one.erase, [1001])


async def change(tx: Tx) -> None:
    """Everything that the writing of a change asks first."""
    ticket = await tx.get(TICKETS, 1001)
    assert ticket
    tx.put(replace(ticket, version=ticket.version + 1, urgent=True, followers=(7,)), ())
    await tx.flush()


QUESTIONS: dict[str, Question] = {
    **{f"board of {p}: {s}": board(s, p) for s in Section for p in (GRID, COMMUNITY, STREET)},
    **{f"in hand in {p}": holding(p) for p in (GRID, COMMUNITY, STREET)},
    **{f"find in {p}": finding(p) for p in (GRID, STREET)},
    **{f"figures of {p}": counting(p) for p in (GRID, COMMUNITY, STREET)},
    **{ask.__name__: ask for ask in (one_update, mine, hints, replies, lease, clocks, health,
                                     night, morning, kernels, forgetting, change)},
}  # fmt: skip


@pytest.mark.parametrize("name", QUESTIONS)
async def test_no_table_is_read_from_end_to_end(store: Store, name: str):
    await keep(store, filed())
    await owe(store, CHEN.id, "x")
    assert await scanned(store, QUESTIONS[name]) == []


async def test_a_load_is_counted_in_an_index_alone(store: Store):
    async def ask(tx: Tx) -> None:
        await tx.ask(loads.in_hand, [WANG.id])

    found = [detail for detail in await plans(store, ask) if "tickets" in detail]
    assert len(found) == 2 and all("USING COVERING INDEX" in detail for detail in found)


async def test_a_scan_would_be_noticed(store: Store):
    async def ask(tx: Tx) -> None:
        await tx.ask(people.talking_since, NOW)

    assert await scanned(store, ask) == ["SCAN dialogs"]


def by_place(section: Section) -> Question:
    return lambda tx: tx.ask(lists.page, section, [STREET], NOW, 10, 10)


@pytest.mark.parametrize("section", Section)
async def test_a_page_of_a_street_is_read_in_its_index_order(store: Store, section: Section):
    """Two sortings at the most: of what is urgent, which is little, and of the parts that were
    read, none of them longer than the page.
    """
    async with store.engine.connect() as conn:
        with overheard(store) as heard:
            await by_place(section)(Tx(conn, NOW, KINDS))
        [(statement, parameters)] = [h for h in heard if h[0].startswith("SELECT")]
        plan = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        details = [row.detail for row in plan]
    assert details.count("USE TEMP B-TREE FOR ORDER BY") == 2
    urgent, *others = [d for d in details if d.startswith("SEARCH tickets")]
    assert "tickets_urgent" in urgent
    assert all("tickets_street_" in d for d in others)
