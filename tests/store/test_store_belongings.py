"""What a ticket has in the store, and which tickets a person or a place has."""

import pytest
from answering import answered
from folk import (
    BUILDING,
    CHEN,
    GRID,
    HOUR,
    LI,
    NOW,
    OTHER_GRID,
    STREET,
    SUN,
    TO_ACCEPTED,
    WANG,
    ZHOU,
    A,
    did,
    filed,
    story,
)
from msgspec.structs import replace
from shelf import keep, look_up, show_card

from workflows.core.talk.messages import Attachment
from workflows.petition.intake.draft import Part
from workflows.petition.model import Ticket
from workflows.petition.rules.routing import Load
from workflows.petition.store import loads, lookups, texts
from workflows.petition.store.kept import TICKETS
from workflows.store import Store

# what a ticket has


async def test_files_keep_their_order(store: Store):
    photos = [Attachment(kind="photo", file_id=f"f{n}") for n in range(5)]
    await keep(store, filed())
    async with store.begin(NOW) as tx:
        tx.add_files(1001, photos, A.FILE, CHEN.id)
    async with store.read(NOW) as tx:
        assert await tx.files(1001) == tuple(photos)
        assert await tx.files(1002) == ()
        assert await tx.files(1001, [A.INSPECT]) == ()


async def _follow(store: Store, *people: int) -> None:
    async with store.begin(NOW) as tx:
        ticket = await tx.get(TICKETS, 1001)
        assert ticket
        changed = replace(ticket, followers=people, helpers=people[:1], version=ticket.version + 1)
        tx.put(changed, ())


async def test_followers_and_helpers_come_with_their_ticket(store: Store):
    await keep(store, filed())
    for _ in range(2):
        await _follow(store, ZHOU.id, SUN.id)
    found = await look_up(store, 1001)
    assert found and (found.followers, found.helpers) == ((ZHOU.id, SUN.id), (ZHOU.id,))


async def test_who_stops_following_is_gone_and_can_come_back(store: Store):
    await keep(store, filed())
    for people in ((ZHOU.id, SUN.id), (), (SUN.id,)):
        await _follow(store, *people)
        found = await look_up(store, 1001)
        assert found and found.followers == people


async def test_the_newest_version_of_each_message_is_the_petition(store: Store):  # F42
    await keep(store, filed())
    first = Part(message_id=7, text="灯坏了", at=NOW)
    second = replace(first, message_id=8, text="请快来")
    async with store.begin(NOW) as tx:
        texts.add(tx, 1001, CHEN.id, [first, second])
    later = replace(first, text="电梯坏了")
    async with store.begin(NOW + HOUR) as tx:
        texts.add(tx, 1001, CHEN.id, [later])
        assert await texts.of(tx, 1001) == (later, second)
    async with store.read(NOW) as tx:
        assert await texts.of(tx, 1001) == (later, second)
        assert [t.id for t in [await lookups.of_text(tx, CHEN.id, 7)] if t] == [1001]
        assert await lookups.of_text(tx, ZHOU.id, 7) is None


async def test_a_message_of_ours_leads_to_its_ticket_in_its_own_chat(store: Store):
    await keep(store, filed())
    await show_card(store, filed(), CHEN.id, message_id=77)
    async with store.read(NOW) as tx:
        found = await tx.subject_of_message(CHEN.id, 77)
        assert found and found.id == 1001
        assert await tx.subject_of_message(ZHOU.id, 77) is None
        assert await tx.subject_of_message(CHEN.id, 78) is None


# what a place and a person have


async def test_open_tickets_at_just_these_places_come_newest_first(store: Store):  # F50
    places = (BUILDING, GRID, OTHER_GRID, BUILDING, f"{GRID}/4幢")
    await keep(store, *(filed(1001 + i, place=place) for i, place in enumerate(places)))
    await keep(store, story(A.WITHDRAW, ticket=filed(1009)), filed(1010, followers=(7, 8)))
    async with store.read(NOW) as tx:
        found = await tx.ask(texts.newest_at, [BUILDING, GRID, OTHER_GRID, STREET], 2)
    assert [one.id for one in found[BUILDING]] == [1010, 1004]
    assert [one.followers for one in found[BUILDING]] == [2, 0]
    assert found[GRID][0].place == GRID and found[GRID][0].text == filed().text
    assert [len(found[place]) for place in (GRID, OTHER_GRID, STREET)] == [1, 1, 0]


async def test_more_places_than_a_statement_has_room_for_are_all_looked_at(store: Store):  # F50
    places = [f"{GRID}/{i}幢" for i in range(40)]
    await keep(store, *(filed(1001 + i, place=place) for i, place in enumerate(places)))
    async with store.read(NOW) as tx:
        found = await tx.ask(texts.newest_at, places, 1)
    assert [found[place][0].id for place in places] == [1001 + i for i in range(40)]


def ids(tickets: list[Ticket]) -> list[int]:
    return [ticket.id for ticket in tickets]


async def test_a_handler_holds_what_is_open_in_hand_or_on_offer(store: Store):
    await keep(
        store,
        story(*TO_ACCEPTED, ticket=filed(1001)),
        story(A.DISPATCH, ticket=filed(1002)),
        story(*TO_ACCEPTED, A.WITHDRAW, ticket=filed(1003)),
        filed(1004),
    )
    async with store.read(NOW) as tx:
        assert ids(await lookups.held_by(tx, WANG.id)) == [1001, 1002]
        assert await lookups.held_by(tx, LI.id) == []


async def test_a_resident_brought_what_he_filed_and_what_he_follows(store: Store):  # F50
    await keep(
        store, filed(1001), filed(1002, resident=ZHOU.id, followers=(CHEN.id,)), filed(1003),
        filed(1004, resident=9),
    )  # fmt: skip
    async with store.read(NOW) as tx:
        assert ids(await lookups.brought_by(tx, CHEN.id, 10)) == [1003, 1002, 1001]
        assert ids(await lookups.brought_by(tx, CHEN.id, 2)) == [1003, 1002]


async def test_open_tickets_of_a_place_are_those_inside_it(store: Store):  # F50
    await keep(
        store,
        filed(1001),
        filed(1002, place=GRID),
        filed(1003, place=f"{OTHER_GRID}/5幢"),
        filed(1004, place=f"{GRID}东/1幢"),  # a name that only begins alike
        story(A.WITHDRAW, ticket=filed(1005)),
    )
    async with store.read(NOW) as tx:
        assert ids(await lookups.open_at(tx, GRID, 10)) == [1001, 1002]
        assert ids(await lookups.open_at(tx, GRID, 1)) == [1001]


@pytest.mark.parametrize("place", ["a_c", "a%", "a\\"])
async def test_a_places_name_is_no_pattern(store: Store, place: str):  # F50
    await keep(store, filed(1001, place="abc/x"), filed(1002, place=f"{place}/x"))
    async with store.read(NOW) as tx:
        assert ids(await lookups.open_at(tx, place, 10)) == [1002]


async def test_loads_count_what_is_in_hand_and_when_it_last_moved(store: Store):
    await keep(store, story(*TO_ACCEPTED, ticket=filed(1001)), now=NOW)
    await keep(store, story(A.DISPATCH, ticket=filed(1002)), now=NOW + HOUR)
    resolved = story(*TO_ACCEPTED, A.RESOLVE, ticket=filed(1003))
    await keep(store, resolved, now=NOW + 2 * HOUR)
    async with store.read(NOW) as tx:
        found = await loads.of(tx, [WANG.id, LI.id])
    assert found == {WANG.id: Load(open=2, last_at=NOW + HOUR), LI.id: Load()}


async def test_loads_count_this_unit_of_work_in(store: Store):
    await keep(store, story(A.DISPATCH, ticket=filed(1001)))
    async with store.begin(NOW + HOUR) as tx:
        ticket = await tx.get(TICKETS, 1001)
        assert ticket
        tx.put(did(ticket, A.DISPATCH, answers=answered(to=LI)).subject, ())
        tx.put(story(A.DISPATCH, ticket=filed(1002)), ())
        found = await loads.of(tx, [WANG.id, LI.id])
    assert (found[WANG.id].open, found[LI.id].open) == (1, 1)
    assert found[LI.id].last_at == NOW + HOUR
