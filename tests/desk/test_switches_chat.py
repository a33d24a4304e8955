"""A community has the workflows that its config names; of the others nothing is to be seen."""

import pytest
from chatting import Crew
from configuring import GOOD, loaded, mistakes
from folk import RULES
from post import rows

from workflows.core.people import Membership, Person, Role
from workflows.council.model import Topic
from workflows.registry import FIRST, WORKFLOWS
from workflows.store import tables as t

HERE, THERE = "友新街道/南环一/1网格/3幢", "友新街道/南环二/4网格/21幢"
SAID = "议题：楼道里堆的东西怎么办"


async def live_in(crew: Crew, place: str) -> None:
    """陈 was last at home there."""
    await crew.chen.start()
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        tx.put_person(Person(id=crew.chen.id, name="陈", last_place=place))


async def topics(crew: Crew) -> int:
    return sum(row["kind"] == Topic.kind for row in await rows(crew.stage, t.subjects))


async def menu_of(crew: Crew) -> set[str]:
    stored = (await crew.stage.phones.bot())["commands"]
    return {one["command"] for one in stored.get(f"chat/{crew.chen.id}//", [])}


def offered(person: Person | None) -> set[str]:
    return {one.kind for one in WORKFLOWS.offered(person, RULES)}


def at(place: str) -> Person:
    return Person(id=5, name="马", memberships=(Membership(role=Role.LEAD, place=place),))


@pytest.mark.parametrize("said", [SAID, "/topic 楼道里堆的东西怎么办"])
@pytest.mark.parametrize(("home", "number"), [(HERE, 1), (THERE, 0)])
async def test_words_begin_what_the_community_has(crew: Crew, home: str, number: int, said: str):
    await live_in(crew, home)
    await crew.chen.say(said)
    assert await topics(crew) == number


async def test_what_it_does_not_have_is_heard_as_any_other_word(crew: Crew):
    await live_in(crew, THERE)
    said = await crew.chen.say(SAID)
    assert "楼道里堆的东西怎么办" in said.text
    assert "✅ 提交" in said.labels


async def test_a_neighbour_cannot_begin_it_for_a_community_without(crew: Crew):
    await live_in(crew, HERE)
    await crew.chen.say("/topic 南环北苑21幢楼道里堆的东西怎么办")
    assert await topics(crew) == 0


async def test_the_menu_follows_where_somebody_is(crew: Crew):
    await crew.chen.start()
    assert await menu_of(crew) == set()  # everybody's
    await crew.file()
    assert "topic" in await menu_of(crew)


@pytest.mark.parametrize(
    ("person", "has"),
    [
        (None, False),  # everybody's menu: what every community has
        (Person(id=5, name="马"), True),  # nobody knows where he lives: he may ask
        (Person(id=5, name="马", last_place=HERE), True),
        (Person(id=5, name="马", last_place=THERE), False),
        (at("友新街道/南环一/1网格"), True),
        (at("友新街道/南环二"), False),
        (at("友新街道"), True),
        (at(""), True),
    ],
)
def test_who_is_offered_what(person: Person | None, has: bool):
    assert offered(person) & {FIRST, Topic.kind} == ({FIRST, Topic.kind} if has else {FIRST})


def test_a_community_that_names_none_has_petitions_alone():
    rules = loaded().rules({})
    assert [one.kind for one in WORKFLOWS.offered(None, rules)] == [FIRST]


def test_a_workflow_that_there_is_not_is_a_mistake():
    [community] = GOOD["communities"]
    found = mistakes(GOOD | {"communities": [community | {"workflows": ["council", "choir"]}]})
    assert 'no workflow "choir"; there are council' in found["communities.0.workflows.1"]
