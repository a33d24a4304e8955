"""Topics, in the store: each comes back as it was, and the box counts whoever comes first."""

from datetime import timedelta

import pytest
from folk import BUILDING, CHEN, NOW
from msgspec.structs import replace
from shelf import hire, rows

from workflows.core.engine.clocks import Clock
from workflows.council.chat.privacy import WORDS
from workflows.council.model import Tally, Topic
from workflows.council.store import box, queries
from workflows.council.store import tables as own
from workflows.council.store.kept import TOPICS
from workflows.council.words import Choice, ClockName, State
from workflows.store import ConflictError, Store
from workflows.store.erasure import blank, ids_worded

FULL = Topic(
    id=1001, state=State.NOT_AGREED, raiser=CHEN.id, place=BUILDING, text="堆物", raised_at=NOW,
    households={"301": (CHEN.id, 5), "2-401": ()}, voted=("2-401",), electorate=2,
    quorum_percent=40, meets_at=NOW, meets_where="楼下", reason="再等等",
    result=Tally(no=1, electorate=2, quorum_percent=40),
    clocks={ClockName.BALLOT: Clock(started=NOW, due=NOW + timedelta(days=3))},
)  # fmt: skip


async def keep(store: Store, topic: Topic) -> None:
    async with store.begin(NOW) as tx:
        await tx.get(TOPICS, topic.id)
        tx.put(topic, ())


async def test_a_topic_comes_back_as_it_was(store: Store) -> None:
    await keep(store, FULL)
    async with store.read(NOW) as tx:
        assert await tx.get(TOPICS, FULL.id) == FULL
        assert [await tx.ask(queries.ids_of, i) for i in (CHEN.id, 5, 6)] == [[1001], [1001], []]


async def test_who_leaves_a_household_is_not_found_by_it(store: Store) -> None:
    await keep(store, FULL)
    await keep(store, replace(FULL, version=1, households={"301": (CHEN.id,), "2-401": ()}))
    assert [row["person_id"] for row in await rows(store, own.members)] == [CHEN.id]


async def test_the_box_counts_and_says_nothing_else(store: Store) -> None:
    await keep(store, FULL)
    for choice in (Choice.NO, Choice.YES, Choice.NO):
        async with store.begin(NOW) as tx:
            await tx.do(box.put, FULL.id, choice)
    async with store.read(NOW) as tx:
        assert await tx.ask(box.opened, FULL.id) == {"yes": 1, "no": 2}
        assert await tx.ask(box.opened, 7) == {}
    assert {frozenset(row) for row in await rows(store, own.ballots)} == {
        frozenset({"ticket_id", "choice", "count"})
    }


async def test_of_two_of_one_household_the_second_casts_nothing(store: Store) -> None:
    await keep(store, FULL)
    with pytest.raises(ConflictError):
        async with store.begin(NOW) as tx:
            await tx.get(TOPICS, FULL.id)
            await tx.do(box.put, FULL.id, Choice.YES)
            tx.put(replace(FULL, version=1), ())
            tx._loaded[FULL.id] = replace(FULL, version=9)  # another was faster
    assert await rows(store, own.ballots) == []


async def test_who_is_at_home_in_a_building_is_found_there_alone(store: Store) -> None:
    await hire(store, replace(CHEN, last_place=BUILDING), replace(CHEN, id=9, last_place="x"))
    async with store.read(NOW) as tx:
        assert await tx.ask(queries.people_at, BUILDING) == [CHEN.id]


async def test_one_brought_what_he_raised_and_what_he_is_in_while_it_is_open(store: Store) -> None:
    raised = replace(FULL, id=1002, households={})
    ended = {"ended_at": NOW, "clocks": {}}
    for topic in (FULL, raised, replace(FULL, id=1003, **ended), replace(raised, id=1004, **ended)):
        await keep(store, topic)
    async with store.read(NOW) as tx:
        assert await tx.ask(queries.ids_brought, 5, 9) == [1001]
        assert await tx.ask(queries.ids_brought, CHEN.id, 9) == [1002, 1001, 1004, 1003]
        assert await tx.ask(queries.ids_brought, CHEN.id, 1) == [1002]
        assert await tx.ask(queries.ids_brought, 6, 9) == []


async def test_what_is_erased_has_no_words_whoever_wrote_them(store: Store) -> None:
    await keep(store, replace(FULL, ended_at=NOW))
    async with store.begin(NOW) as tx:
        assert await tx.ask(ids_worded, own.topics, NOW + timedelta(days=1), 9) == [FULL.id]
        await tx.do(blank, TOPICS, [FULL.id], WORDS.bare, NOW)
    [row] = await rows(store, own.topics)
    assert (row["text"], row["reason"], row["households"], row["voted"]) == ("", "", {}, [])
    assert await rows(store, own.members) == []
    async with store.read(NOW) as tx:
        assert await tx.ask(ids_worded, own.topics, NOW + timedelta(days=1), 9) == []
