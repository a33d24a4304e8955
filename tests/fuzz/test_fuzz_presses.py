"""Whatever a button or a link is forged to say: it grants nothing, and no room fails over it."""

import asyncio
from typing import Any

import pytest
from casting import RESIDENTS, STAFF
from effort import examples
from house import House
from hypothesis import event, given
from hypothesis import strategies as st
from post import rows
from recorded import Json

from workflows.core.people import Role
from workflows.core.talk.tap_text import LETTERS
from workflows.desk.inbound.router import _TAPS
from workflows.petition.words import Action
from workflows.store import tables as t

_PEOPLE = [known[-1] for known in (STAFF | RESIDENTS).values()] + [6001, 777000]
_WORDS = [
    "yes", "no", "more", "cancel", "card", "remove", "submit", "start", "text", "due", "rating",
    "follow", "place", "category", "next", "page", "all", "none", "grid", "c", "c0", "back",
]  # fmt: skip
_NUMBERS = [
    "0",
    "1",
    "-1",
    "3",
    "1001",
    "1002",
    "2001",
    "3001",
    str(2**63),
    "9" * 30,
    "²",
    "１",
    "",
]
_PARTS = st.sampled_from(
    [*_WORDS, *_NUMBERS, *(a.value for a in Action), *(r.value for r in Role)]
) | st.text(max_size=6)


@pytest.fixture(scope="module")
def buttons(house: House, known: list[Json], runner: asyncio.Runner) -> list[str]:
    """The data of every button that was ever shown."""
    assert known
    runner.run(_look_around(house))
    world = house.stage.server.world
    chats = [*world.private.values(), *world.groups.values()]
    inline = [b for c in chats for m in c.messages for row in m.inline for b in row]
    return sorted({b["callback_data"] for b in inline if "callback_data" in b})


async def _look_around(house: House) -> None:
    """Everything that has buttons is opened once."""
    cast = house.cast
    for phone in (cast.chen, cast.wang, cast.lead, cast.committee):
        for command in ("/mine", "/board", "/mydata", "/forget", "/duty", "/roster", "/invite",
                        "/join", "/audit", "/find 充电桩", "/help"):  # fmt: skip
            await phone.send(command)
            await house.stage.settle()
        house.stage.clock.advance(61)


def pressed(person_id: int, data: Any, chat_id: int | None = None) -> Json:
    """A tap as Telegram tells of it."""
    who = {"id": person_id, "is_bot": False, "first_name": "某"}
    chat = {"id": chat_id or person_id, "type": "group" if chat_id else "private", "title": "群"}
    message = {"message_id": 3, "date": 1_795_000_000, "chat": chat, "text": "…"}
    query = {"id": "77", "from": who, "chat_instance": "1", "data": data, "message": message}
    return {"update_id": 1, "callback_query": query}


async def rights(house: House) -> list[dict[str, Any]]:
    return await rows(house.stage, t.memberships)


async def hit(house: House, batch: list[Json]) -> None:
    """Nobody is promoted, nothing fails but what is forged, and the next one is answered."""
    before, letters = await rights(house), len(await house.letters())
    await house.take(batch)
    assert await house.is_answered()
    assert await house.missing(batch) == []
    errors = [letter["error"] for letter in (await house.letters())[letters:]]
    assert [e for e in errors if not e.startswith("ForgedError")] == []
    granted = {_right(row) for row in await rights(house)} - {_right(row) for row in before}
    assert granted == set()


def _right(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["person_id"], row["role"], row["place"]


_WHO = st.sampled_from(_PEOPLE)
_WHERE = st.sampled_from([None, None, None, -4_000_001])


@examples(change=60, night=20_000)
@given(
    letter=st.sampled_from([*LETTERS, *_TAPS]),
    parts=st.lists(_PARTS, max_size=4),
    who=_WHO,
    where=_WHERE,
)
def test_what_is_nearly_a_button_breaks_nothing(
    letter: str, parts: list[str], who: int, where: int | None, house: House,
    known: list[Json], runner: asyncio.Runner,
):  # F47  # fmt: skip
    event(letter)
    data = ":".join([letter, *parts])
    runner.run(hit(house, [house.numbered(pressed(who, data, where))]))


@examples(change=60, night=20_000)
@given(data=st.data(), who=_WHO, where=_WHERE)
def test_a_real_button_pressed_by_anybody_or_with_a_part_changed_breaks_nothing(
    data: st.DataObject, who: int, where: int | None, house: House, buttons: list[str],
    runner: asyncio.Runner,
):  # F47, F50  # fmt: skip
    parts = data.draw(st.sampled_from(buttons)).split(":")
    for _ in range(data.draw(st.integers(0, 2))):
        parts[data.draw(st.integers(0, len(parts) - 1))] = data.draw(_PARTS)
    text = ":".join(parts[: data.draw(st.integers(1, len(parts) + 1))])
    event(parts[0][:1])
    runner.run(hit(house, [house.numbered(pressed(who, text, where))]))


@examples(change=30, night=5_000)
@given(data=st.text(max_size=80) | st.none() | st.integers() | st.lists(st.text(), max_size=2))
def test_anything_else_as_a_buttons_data_breaks_nothing(
    data: Any, house: House, runner: asyncio.Runner
):  # F47, F37
    batch = [house.numbered(pressed(1001, data))]
    before = len(runner.run(house.letters()))
    runner.run(house.take(batch))
    assert runner.run(house.is_answered())
    assert len(runner.run(house.letters())) <= before + 1


_CODES = st.sampled_from(
    ["st_nanhuan-east", "st_", "iv_", "to_", "iv_x", "to_x", "st_x", "_", "iv"]
)
_PAYLOADS = st.builds(lambda a, b: a + b, _CODES, st.text(max_size=70)) | st.text(max_size=80)


@examples(change=40, night=10_000)
@given(payload=_PAYLOADS, who=_WHO)
def test_a_links_payload_grants_nothing_by_itself(
    payload: str, who: int, house: House, known: list[Json], runner: asyncio.Runner
):  # F53, F49
    update = pressed(who, "")["callback_query"]
    chat = {"id": who, "type": "private", "first_name": "某"}
    message = {"message_id": 9, "date": 1_795_000_000, "chat": chat, "from": update["from"]}
    told = {"update_id": 1, "message": message | {"text": f"/start {payload}"}}
    runner.run(hit(house, [house.numbered(told)]))
