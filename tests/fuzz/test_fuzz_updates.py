"""Whatever comes as an update: the bot lives, answers the next one, and forgets none of them."""

import asyncio
from typing import Any

from effort import examples
from house import House
from hypothesis import given
from hypothesis import strategies as st
from recorded import JUNK, Json, at, mutated, paths

_HARMLESS = ("ForgedError",)  # what nobody's phone sends is buried without a word


async def survives(house: House, batch: list[Json]) -> list[dict[str, Any]]:
    """Take a batch, answer the next good update, and tell which dead letters are new."""
    before = len(await house.letters())
    await house.take(batch)
    assert await house.is_answered()
    assert await house.missing(batch) == []
    return (await house.letters())[before:]


def test_every_recorded_kind_is_read(
    house: House, known: list[Json], runner: asyncio.Runner
):  # F44
    assert {kind for update in known for kind in update} - {"update_id"} == {
        "message", "edited_message", "callback_query", "my_chat_member",
    }  # fmt: skip
    letters = runner.run(survives(house, [house.numbered(update) for update in known]))
    assert letters == []


@examples(change=40, night=20_000)
@given(data=st.data())
def test_a_mutated_update_kills_nobody(
    data: st.DataObject, house: House, known: list[Json], runner: asyncio.Runner
):  # F37
    drawn = data.draw(st.lists(mutated(known), min_size=1, max_size=6))
    batch = [house.numbered(update) for update in drawn]
    without_id = [u for u in batch if not _has_id(u)]
    letters = runner.run(survives(house, batch))
    assert sum(letter["update_id"] == 0 for letter in letters) == len(without_id)


def _has_id(update: Json) -> bool:
    number = update.get("update_id") if isinstance(update, dict) else None
    return isinstance(number, int) and 0 <= number < 2**63


@examples(change=25, night=5_000)
@given(batch=st.lists(JUNK | st.dictionaries(st.just("update_id"), JUNK), max_size=8))
def test_garbage_kills_nobody(batch: list[Json], house: House, runner: asyncio.Runner):  # F37
    runner.run(survives(house, [house.numbered(update) for update in batch]))


@examples(change=25, night=10_000)
@given(data=st.data())
def test_a_hostile_value_of_the_right_type_is_nobodys_accident(
    data: st.DataObject, house: House, known: list[Json], runner: asyncio.Runner
):  # F37, F38
    """Texts are what people write: whatever stands there, no room fails over it."""
    batch = []
    for _ in range(data.draw(st.integers(1, 4))):
        update = house.numbered(_copied(known[data.draw(st.integers(0, len(known) - 1))]))
        for path in _texts(update):
            at(update, path[:-1])[path[-1]] = data.draw(_WRITTEN)
        batch.append(update)
    letters = runner.run(survives(house, batch))
    assert [letter["error"] for letter in letters if not _is_harmless(letter)] == []


_WRITTEN = st.text(max_size=300) | st.sampled_from(
    ["\x00", "\u200b", "\u202e倒", "{{7*7}}", "9" * 4000]
)


def _copied(update: Json) -> Json:
    return {k: _copied(v) for k, v in update.items()} if isinstance(update, dict) else (
        [_copied(v) for v in update] if isinstance(update, list) else update
    )  # fmt: skip


def _texts(update: Json) -> list[tuple[str | int, ...]]:
    written = {"text", "caption", "first_name", "file_name", "title", "data", "phone_number"}
    return [path for path in paths(update) if path[-1] in written]


def _is_harmless(letter: dict[str, Any]) -> bool:
    return str(letter["error"]).startswith(_HARMLESS)
