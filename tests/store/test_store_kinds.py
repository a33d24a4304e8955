"""A second kind of subject beside the tickets, kept by nothing but its Kept."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import pytest
from folk import HOUR, NOW, filed
from msgspec import Struct, convert
from msgspec.structs import replace
from shelf import keep, overheard, owe, rows
from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.engine.subject import Event, Timer
from workflows.petition.store.kept import TICKETS
from workflows.store import ConflictError, Kept, Kinds, Store, unreadable
from workflows.store import tables as t

State = StrEnum("State", "RAISED CLOSED")
Action = StrEnum("Action", "RAISE CLOSE")
Bell = StrEnum("Bell", "SUPPORT")
THEIRS = MetaData()
notes = Table(
    "notes", THEIRS, Column("id", BigInteger, primary_key=True), Column("version", Integer),
    Column("state", String(16)), Column("ended_at", DateTime(timezone=True)),
    Column("changed_at", t.Moment), Column("place", String), Column("opened_at", t.Moment),
)  # fmt: skip
backers = Table(
    "backers", THEIRS, Column("ticket_id", BigInteger, primary_key=True),
    Column("person_id", BigInteger, primary_key=True),
)  # fmt: skip


class Note(Struct, frozen=True, kw_only=True):
    kind: ClassVar[str] = "note"
    is_urgent: ClassVar[bool] = False
    before: ClassVar[None] = None
    clocks: ClassVar[Mapping[Any, Any]] = {}

    id: int
    version: int = 0
    state: State = State.RAISED
    place: str = "1幢"
    opened_at: datetime = NOW
    ended_at: datetime | None = None
    backers: frozenset[int] = frozenset()


def _row(note: Note) -> dict[str, Any]:
    names = ("id", "version", "state", "place", "opened_at", "ended_at")
    return {name: getattr(note, name) for name in names}


async def _read(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, Note]:
    found = await conn.execute(select(notes).where(notes.c.id.in_(ids)))
    links = (await conn.execute(select(backers).where(backers.c.ticket_id.in_(ids)))).all()
    known = (dict(zip(map(str, notes.c.keys()), row, strict=True)) for row in found.all())
    return {
        x["id"]: convert(x | {"backers": [p for i, p in links if i == x["id"]]}, Note)
        for x in known
    }


NOTES = Kept(
    kind="note", what="note", table=notes, row=_row, read=_read, links={"backers": backers},
    states=State, actions=Action, clocks=Bell,
)  # fmt: skip
SUPPORT = Timer(ticket_id=2001, clock=Bell.SUPPORT, mark="due", due_at=NOW + HOUR)


@pytest.fixture
async def both(url: str, own_schema: None) -> AsyncIterator[Store]:
    """A store of tickets and notes, with one of each: 1001 and 2001."""
    store = Store.open(url, Kinds((TICKETS, NOTES)))
    async with store.engine.begin() as conn:
        await conn.run_sync(THEIRS.create_all)
    await keep(store, filed())
    async with store.begin(NOW) as tx:
        tx.put(Note(id=2001, backers=frozenset({7})), (SUPPORT,))
        tx.add_event(Event(ticket_id=2001, action=Action.RAISE, actor=7, at=NOW,
                           source=State.RAISED, target=State.RAISED))  # fmt: skip
    yield store
    await store.close()


async def test_a_number_alone_finds_it_whatever_it_is(both: Store):
    async with both.read(NOW) as tx:
        found = await tx.subjects([2001, 1001, 404])
        assert [(x.id, x.kind) for x in found] == [(2001, "note"), (1001, "petition")]
        assert await tx.get(NOTES, 2001) == Note(id=2001, backers=frozenset({7}))
        assert await tx.get(TICKETS, 2001) is None and await tx.get(NOTES, 1001) is None


async def test_each_is_found_by_who_asks_for_its_kind_first(both: Store):
    async with both.read(NOW) as tx:
        assert [x.id for x in await tx.get_all(NOTES, [1001, 2001])] == [2001]
        assert [x.id for x in await tx.get_all(TICKETS, [1001, 2001])] == [1001]


async def test_tickets_cost_no_more_for_it(both: Store):
    async with both.read(NOW) as tx:
        with overheard(both) as heard:
            assert await tx.subject(1001)
    assert not [s for s, _ in heard if "subjects" in s or "notes" in s]


async def test_it_is_changed_by_compare_and_set_with_its_people(both: Store):
    async with both.begin(NOW) as tx:
        note = await tx.get(NOTES, 2001)
        assert note
        tx.put(replace(note, version=1, backers=frozenset({8})), ())
    assert [row["person_id"] for row in await rows(both, backers)] == [8]
    with pytest.raises(ConflictError):
        async with both.begin(NOW) as tx:
            assert await tx.get(NOTES, 2001)
            tx._loaded[2001] = note  # what another process has changed meanwhile
            tx.put(replace(note, version=1, state=State.CLOSED), ())


async def test_its_steps_and_timers_are_in_its_own_words(both: Store):
    async with both.begin(NOW + HOUR) as tx:
        note = await tx.get(NOTES, 2001)
        assert note and [e.action for e in await tx.timeline(note)] == [Action.RAISE]
        assert SUPPORT in await tx.due_timers(9)


async def test_a_state_that_it_does_not_have_is_found(both: Store):
    async with both.begin(NOW) as tx:
        await tx.ask(AsyncConnection.execute, notes.update().values(state="odd"))
        [met] = await tx.ask(unreadable.look, tx.kinds)
    assert (met.what, met.number) == ("note", 2001)


async def test_a_message_knows_how_its_subject_stood(both: Store):
    await owe(both, 7, "raised", ticket_id=2001)
    await owe(both, 8, "filed", ticket_id=1001)
    async with both.begin(NOW) as tx:
        owed = await tx.outbox.lease(lambda _: True)
    assert [one.state for one in owed] == [State.RAISED, "unassigned"]
