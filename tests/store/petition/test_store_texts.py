"""What petitions near a place say: read once, and again when it is another."""

import pytest
from folk import (
    BUILDING,
    CHEN,
    COMMITTEE,
    GRID,
    LEAD,
    LI,
    NOW,
    OTHER_GRID,
    OTHER_PIONEER,
    SUN,
    WANG,
    ZHOU,
    A,
    filed,
    person,
    story,
)
from msgspec.structs import replace
from shelf import keep
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.people import Role
from workflows.core.talk.messages import Attachment
from workflows.petition import engine
from workflows.petition.intake.similarity import Said
from workflows.petition.store import texts
from workflows.petition.store.kept import TICKETS
from workflows.store import Store
from workflows.store.engine.memory import remembered

PEOPLE = (
    *(CHEN, ZHOU, WANG, LI, SUN, LEAD, COMMITTEE, OTHER_PIONEER),
    person(8, "邻居"),
    person(62, "外格长", (Role.LEAD, OTHER_GRID)),
)


async def newest(store: Store, *places: str) -> dict[str, list[Said]]:
    async with store.read(NOW) as tx:
        return await tx.ask(texts.newest_at, list(places), 50)


async def test_what_has_changed_is_read_again(store: Store):  # F50
    await keep(store, *(filed(1001 + i) for i in range(4)))
    assert len((await newest(store, BUILDING))[BUILDING]) == 4
    changes = ({"text": "门关不上"}, {"place": GRID}, {"ended_at": NOW}, {"followers": (7,)})
    await keep(
        store, *(replace(filed(1001 + i), version=9, **new) for i, new in enumerate(changes))
    )
    found = await newest(store, BUILDING, GRID)
    assert [(one.id, one.text, one.followers) for one in found[BUILDING]] == [
        (1004, filed().text, 1),
        (1001, "门关不上", 0),
    ]
    assert [(one.id, one.place) for one in found[GRID]] == [(1002, GRID)]


async def test_what_has_not_changed_is_not_read_again(store: Store):
    await keep(store, filed(1001))
    async with store.read(NOW) as tx:
        [once] = (await tx.ask(texts.newest_at, [BUILDING], 50))[BUILDING]
        [again] = (await tx.ask(texts.newest_at, [BUILDING], 50))[BUILDING]
    assert again is once


async def test_a_look_at_something_else_forgets_nothing(store: Store):
    await keep(store, filed(1001))
    async with store.begin(NOW) as tx:
        [once] = (await tx.ask(texts.newest_at, [BUILDING], 50))[BUILDING]
    await store.next_timer()
    async with store.begin(NOW) as tx:
        [again] = (await tx.ask(texts.newest_at, [BUILDING], 50))[BUILDING]
    assert again is once


async def _known(conn: AsyncConnection) -> list[object]:
    return [*remembered(conn, "said")]


async def test_only_so_many_places_are_remembered(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(texts, "_KEPT", 2)
    places = [f"{GRID}/{i}幢" for i in range(4)]
    await keep(store, *(filed(1001 + i, place=place) for i, place in enumerate(places)))
    async with store.read(NOW) as tx:
        for asked in (places, places[:1]):
            found = await tx.ask(texts.newest_at, asked, 50)
            assert [one.place for place in asked for one in found[place]] == asked
        assert await tx.ask(_known) == [places[3], places[0]]


async def test_a_glimpse_says_what_its_ticket_does_and_the_same_people_may_see_it(store: Store):
    await keep(
        store,
        filed(1001),
        replace(filed(1002, followers=(ZHOU.id, 8)), helpers=(OTHER_PIONEER.id,), checker=SUN.id),
        replace(filed(1003), referred_to=OTHER_GRID, helpers=(8,)),
        story(A.WITHDRAW, ticket=filed(1004)),
    )
    async with store.begin(NOW) as tx:
        tx.add_files(1002, [Attachment(kind="photo", file_id=i) for i in "ab"], A.FILE, CHEN.id)
    async with store.read(NOW) as tx:
        found = await tx.ask(texts.glimpses, [1001, 1002, 1003, 1004, 9999])
        tickets = await tx.get_all(TICKETS, found)
    assert {i: one.photos for i, one in found.items()} == {1001: 0, 1002: 2, 1003: 0, 1004: 0}
    for ticket in tickets:
        glimpse = found[ticket.id]
        for name in {*glimpse.__struct_fields__, "is_open"} - {"photos"}:
            assert getattr(glimpse, name) == getattr(ticket, name), name
        for one in PEOPLE:
            assert engine.may_see(one, glimpse) == engine.may_see(one, ticket)


async def test_what_was_rolled_back_is_not_remembered(store: Store):
    """Its number and version are given again, to something else."""
    with pytest.raises(RuntimeError):
        async with store.begin(NOW) as tx:
            tx.put(filed(1001), ())
            after = await tx.written()
            assert (await after.ask(texts.newest_at, [BUILDING], 50))[BUILDING]
            raise RuntimeError("the machine hiccups")
    await keep(store, replace(filed(1001), text="门关不上"))
    [found] = (await newest(store, BUILDING))[BUILDING]
    assert found.text == "门关不上"
