"""What is asked all the time costs what it finds, not what there is: SQLite's steps, and its plans.

No time is measured: a step is an instruction of SQLite's machine.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from folk import BUILDING, GRID, HOUR, NOW, OTHER_GRID, RULES, STREET
from msgspec.structs import replace
from shelf import owe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.places import street_of
from workflows.core.talk.messages import Notice
from workflows.desk.context import Context
from workflows.petition.chat import privacy
from workflows.petition.store import figures, lists, loads, queries, texts
from workflows.petition.store.kept import TICKETS
from workflows.petition.store.lists import Section
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Outbox, Store, Tx, integrity, outbox, upkeep
from workflows.store.engine.bounded_count import AT_MOST

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)

Question = Callable[[AsyncConnection], Awaitable[object]]
_EVERY = 10  # instructions between two counts


async def steps(store: Store, question: Question) -> int:
    """How many instructions an answer takes."""
    ran: list[None] = []
    async with store.engine.connect() as conn:
        await question(conn)  # what is prepared once is not counted
        raw = (await conn.get_raw_connection()).driver_connection
        assert raw
        await raw.set_progress_handler(lambda: ran.append(None), _EVERY)
        await question(conn)
        await raw.set_progress_handler(None, _EVERY)
        await conn.rollback()
    return len(ran) * _EVERY


# messages owed

_ROWS = """
WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})
INSERT INTO outbox (chat_id, kind, template, body, priority, answers, dedupe_key, replaces,
  created_at, not_before, state, attempts, is_plain, sent_at)
SELECT {chat}, 'text', 'x', '{{}}', 1, 0, 'n' || i, '{replaces}', :now, :moment, '{state}', 0, 0,
  {sent} FROM n
"""


async def pile_up(
    store: Store, state: str, first: int, last: int, *, chat: str = "7", age: timedelta = HOUR,
    replaces: str = "",
) -> None:  # fmt: skip
    """Rows of one chat, all in one state."""
    sent = ":moment" if state in {"sent", "parked"} else "NULL"
    moment = NOW + age if state == "held" else NOW - age
    rows = _ROWS.format(
        state=state, first=first, last=last, chat=chat, sent=sent, replaces=replaces
    )
    stamps = {"now": f"{NOW:%Y-%m-%d %H:%M:%S.%f}", "moment": f"{moment:%Y-%m-%d %H:%M:%S.%f}"}
    async with store.engine.begin() as conn:
        await conn.execute(text(rows), stamps)


async def halt(store: Store, chat_id: int) -> None:
    async with store.engine.begin() as conn:
        until = f"{NOW + HOUR:%Y-%m-%d %H:%M:%S.%f}"
        row = (
            "INSERT INTO chats (chat_id, place, audience, halted_until) VALUES (:c, '', 'grid', :u)"
        )
        await conn.execute(text(row), {"c": chat_id, "u": until})


async def heads(conn: AsyncConnection) -> list[int]:
    ids: list[int] = []
    await Outbox(conn, NOW, KINDS).lease(lambda chat_id: bool(ids.append(chat_id)))
    return ids


async def moment(conn: AsyncConnection) -> object:
    return await outbox.next_moment(conn, NOW)


@pytest.mark.parametrize("state", ["queued", "held", "parked", "sent"])
async def test_a_chat_with_much_that_cannot_go_slows_no_other(store: Store, state: str):
    """Halted, quiet, gone, or long served: a hundred times the rows cost the others nothing."""
    await halt(store, 7)
    for chat in range(10, 30):
        await owe(store, chat, f"to{chat}")
    await pile_up(store, state, 1, 1_000)
    few = [await steps(store, question) for question in (heads, moment)]
    await pile_up(store, state, 1_001, 100_000)
    many = [await steps(store, question) for question in (heads, moment)]
    assert all(after < 1.1 * before for before, after in zip(few, many, strict=True))
    async with store.engine.connect() as conn:
        assert await heads(conn) == list(range(10, 30))


async def test_what_replaces_a_message_does_not_look_through_the_chats_others(store: Store):
    """Neither what was sent and replaced it then, nor what waits and replaces something else."""

    async def replace_one(conn: AsyncConnection) -> None:
        tx = Tx(conn, NOW, KINDS)
        tx.owe(Notice(to=7, template="x", replaces="form"), 7, "text", "new", NOW)
        await tx.flush()
        await conn.rollback()

    await pile_up(store, "queued", 1, 20, replaces="other")
    few = await steps(store, replace_one)
    await pile_up(store, "queued", 21, 2_000, replaces="other")
    await pile_up(store, "sent", 2_001, 4_000, replaces="form")
    assert await steps(store, replace_one) < 1.1 * few + 2 * _EVERY


async def test_upkeep_reads_only_what_it_throws_away(store: Store):
    async def prune(conn: AsyncConnection) -> None:
        await upkeep.prune(conn, NOW - 7 * HOUR, 10)

    await pile_up(store, "sent", 1, 20, age=9 * HOUR)
    await pile_up(store, "sent", 21, 1_000)
    few = await steps(store, prune)
    await pile_up(store, "sent", 1_001, 20_000)
    await pile_up(store, "parked", 20_001, 40_000, age=9 * HOUR)
    assert await steps(store, prune) < 1.1 * few


# lists

_TICKETS = """
WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})
INSERT INTO tickets (id, version, state, draft_id, resident, author, on_behalf, contact, place,
  category, text, urgent, filed_at, offers, open_to_grid, referred_to, plan, partner, untold,
  result, solved, why, checked, clocks, changed_at, promise_due, overdue_at, ended_at, undecided,
  checker, street)
SELECT i, 1, '{state}', 'd' || i, 1, 1, '', '', '{place}', '其他', '灯坏了', 0, {filed}, '[]', 0,
  '', '', '', 0, '', '', '', '', '{{}}', :now, {due}, {due}, {ended}, {undecided}, {checker},
  '{street}' FROM n
"""
_SUBJECTS = """
WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)
INSERT INTO subjects (id, kind, place, opened_at) SELECT i, 'petition', :place, :now FROM n
"""


async def fill(store: Store, place: str, first: int, last: int, state: str = "unassigned") -> None:
    """Tickets of a place, overdue and to be decided as long as they are open."""
    is_open = state != "closed"
    rows = _TICKETS.format(
        first=first, last=last, state=state, place=place, street=street_of(place),
        due=":now" if is_open else "NULL", undecided="'plan'" if is_open else "NULL",
        ended="NULL" if is_open else ":long_ago", checker="NULL" if is_open else 7,
        filed=":now" if is_open else ":long_ago",
    )  # fmt: skip
    stamps = {"now": f"{NOW - HOUR:%Y-%m-%d %H:%M:%S.%f}"}
    stamps |= {} if is_open else {"long_ago": f"{NOW - 9999 * HOUR:%Y-%m-%d %H:%M:%S.%f}"}
    subjects = {"first": first, "last": last, "place": place, "now": stamps["now"]}
    async with store.engine.begin() as conn:
        await conn.execute(text(_SUBJECTS), subjects)
        await conn.execute(text(rows), stamps)


def counting(section: Section, place: str = GRID) -> Question:
    return lambda conn: lists.count(conn, section, [place], NOW)


def listing(section: Section, place: str = GRID) -> Question:
    return lambda conn: lists.page(conn, section, [place], NOW, 20, 10)


async def month(conn: AsyncConnection) -> object:
    return await figures.filed_in(conn, [GRID], NOW - 700 * HOUR, NOW)


async def unchecked(conn: AsyncConnection) -> object:
    return await lists.unchecked(conn, [7], NOW - 200 * HOUR, NOW)


async def find(conn: AsyncConnection) -> object:
    return await lists.find(conn, [("灯",)], [GRID], NOW, 20)


async def said_in(conn: AsyncConnection) -> object:
    conn.info.clear()  # nothing of it is remembered
    return await texts.newest_at(conn, [BUILDING, GRID], 50)


async def open_at(conn: AsyncConnection) -> object:
    return await queries.ids_open_at(conn, GRID, 50)


LISTS = {
    "unassigned": counting(Section.UNASSIGNED),
    "overdue": counting(Section.OVERDUE),
    "proposed": counting(Section.PROPOSED),
    "unassigned page": listing(Section.UNASSIGNED),
    "overdue page": listing(Section.OVERDUE),
    "proposed page": listing(Section.PROPOSED),
    "unchecked": unchecked,
    "find": find,
    "said_in": said_in,
    "open_at": open_at,
}


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_of_a_grid_reads_that_grid_alone(store: Store, name: str):
    """Neither the open tickets of other grids nor the old ones of its own."""
    await fill(store, BUILDING, 1, 20)
    await fill(store, f"{OTHER_GRID}/5幢", 21, 100)
    few = await steps(store, LISTS[name])
    await fill(store, f"{OTHER_GRID}/5幢", 101, 10_000)
    await fill(store, BUILDING, 10_001, 20_000, "closed")
    assert await steps(store, LISTS[name]) < 1.1 * few + 2 * _EVERY


async def find_in_street(conn: AsyncConnection) -> object:
    return await lists.find(conn, [("白蚁",)], [STREET], NOW, 20)


STREETS = {
    **{f"{s} counted": counting(s, STREET) for s in Section},
    **{f"{s} page": listing(s, STREET) for s in Section},
    "find": find_in_street,
}


@pytest.mark.parametrize("name", STREETS)
async def test_a_list_of_a_street_costs_what_it_shows(store: Store, name: str):
    """Not what the street has: the newest are looked at, and nobody counts beyond a thousand."""
    await fill(store, BUILDING, 1, lists.LOOKED_AT + 1)
    few = await steps(store, STREETS[name])
    await fill(store, f"{OTHER_GRID}/5幢", lists.LOOKED_AT + 2, 30_000)
    await fill(store, BUILDING, 30_001, 40_000, "closed")
    assert await steps(store, STREETS[name]) < 1.1 * few + 2 * _EVERY


async def test_a_section_is_counted_to_one_above_what_it_shows(store: Store):
    await fill(store, BUILDING, 1, lists.AT_MOST + 9)
    async with store.engine.connect() as conn:
        for section in Section:
            counted = await lists.count(conn, section, [STREET, GRID], NOW)
            assert counted == lists.AT_MOST + 1


async def test_what_lies_in_two_of_ones_places_is_listed_once(store: Store):
    await fill(store, BUILDING, 1, 3)
    await fill(store, f"{OTHER_GRID}/5幢", 4, 5)
    async with store.engine.connect() as conn:
        for scope in ([STREET, GRID, BUILDING], [GRID, OTHER_GRID], [""]):
            for section in Section:
                assert await lists.count(conn, section, scope, NOW) == 5
                assert await lists.page(conn, section, scope, NOW, 1, 3) == [2, 3, 4]
            assert await lists.find(conn, [("灯",)], scope, NOW, 9) == [5, 4, 3, 2, 1]


async def test_what_a_handler_had_costs_him_nothing_now(store: Store):
    async def held(conn: AsyncConnection) -> None:
        await queries.ids_held_by(conn, [7])
        await loads.in_hand(conn, [7])

    await fill(store, BUILDING, 1, 12, "accepted")
    await give(store, 7)
    few = await steps(store, held)
    await fill(store, BUILDING, 13, 10_000, "closed")
    await give(store, 7)
    assert await steps(store, held) < 1.1 * few + 2 * _EVERY


_RUNG = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :last)
INSERT INTO timers (ticket_id, clock, mark, due_at, fired_at)
SELECT 2, 'response', 'due', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000' FROM n
"""


async def test_a_change_of_a_ticket_does_not_look_for_what_refers_to_it(store: Store):
    """What rang for others, and is kept for some days, is in no index of tickets."""

    async def change(conn: AsyncConnection) -> None:
        tx = Tx(conn, NOW, KINDS)
        ticket = await tx.get(TICKETS, 1)
        assert ticket
        tx.put(replace(ticket, version=ticket.version + 1, urgent=not ticket.urgent), ())
        await tx.flush()

    await fill(store, BUILDING, 1, 100)
    few = await steps(store, change)
    async with store.engine.begin() as conn:
        await conn.execute(text(_RUNG), {"last": 20_000})
    assert await steps(store, change) < 1.1 * few + 2 * _EVERY


async def test_words_are_taken_out_of_some_tickets_at_a_time(store: Store):
    """A night's step costs as much whether a hundred tickets wait for it or ten thousand."""

    async def erase(conn: AsyncConnection) -> None:
        tx = Tx(conn, NOW, KINDS)
        await privacy.expire(Context(tx=tx, rules=RULES, workflows=WORKFLOWS, now=NOW, key="x"))
        await tx.flush()
        assert len(tx.work.events) == privacy._AT_ONCE
        await conn.rollback()

    await fill(store, BUILDING, 1, 100, "closed")
    few = await steps(store, erase)
    await fill(store, BUILDING, 101, 10_000, "closed")
    assert await steps(store, erase) < 1.1 * few + 2 * _EVERY


async def test_what_others_have_costs_nobody_anything(store: Store):
    async def held(conn: AsyncConnection) -> None:
        await queries.ids_held_by(conn, range(20))

    await fill(store, BUILDING, 1, 12, "accepted")
    await give(store, 7)
    few = await steps(store, held)
    await fill(store, BUILDING, 13, 10_000, "accepted")
    assert await steps(store, held) < 1.1 * few + 2 * _EVERY


async def give(store: Store, handler: int) -> None:
    async with store.engine.begin() as conn:
        await conn.execute(text(f"UPDATE tickets SET handler = {handler}"))


@pytest.mark.parametrize("state", ["queued", "parked"])
async def test_the_queue_is_counted_no_further_than_anybody_reads(store: Store, state: str):
    async def count(conn: AsyncConnection) -> None:
        await integrity.queue(conn, NOW)
        await outbox.count_due(conn, NOW)

    await pile_up(store, state, 1, AT_MOST)
    few = await steps(store, count)
    await pile_up(store, state, AT_MOST + 1, 10 * AT_MOST)
    assert await steps(store, count) < 1.1 * few + 2 * _EVERY
    counted = await store.queue(NOW)
    assert counted.sendable + counted.parked == AT_MOST


async def test_the_figures_of_a_month_read_that_month_alone(store: Store):
    await fill(store, BUILDING, 1, 20)
    few = await steps(store, month)
    await fill(store, BUILDING, 21, 10_000, "closed")
    assert await steps(store, month) < 1.1 * few + 2 * _EVERY
