"""Updates as Telegram sends them, recorded from a stage, and what can be done to them."""

import copy
from collections.abc import Iterator
from typing import Any

from casting import Cast
from hypothesis import strategies as st

Json = Any
Path = tuple[str | int, ...]


async def record(cast: Cast) -> list[Json]:
    """One of each kind of update that people bring about."""
    stage, chen, wang = cast.stage, cast.chen, cast.wang
    bot = next(iter(stage.server.world.bots.values()))
    found: list[Json] = []

    async def keep() -> None:
        found.extend(update.as_json() for update in bot.mailbox.pending)
        await stage.settle()

    group = await stage.phones.add_group("1网格", [cast.lead, cast.zhao])
    await cast.lead.send("/bind", chat=group)
    await chen.start("st_nanhuan-east")
    await keep()
    [said] = await chen.send("3号楼下充电桩坏了")
    await keep()
    await chen.edit(said, "3号楼下两根充电桩坏了")
    await keep()
    await chen.tap("提交")
    await keep()
    await wang.tap("接单")
    await keep()
    await _send_everything(cast)
    await chen.send("补充一句", reply_to=(await chen.last()).id)
    await keep()
    await chen.block()
    await chen.unblock()
    await stage.phones.upgrade(group)
    await keep()
    return found


async def _send_everything(cast: Cast) -> None:
    chen = cast.chen
    await chen.send_photo("看这里")
    await chen.send_album(2, "两张")
    await chen.send_video("会动")
    await chen.send_voice()
    await chen.send_video_note()
    await chen.send_document("../../etc/passwd", b"x", "text/html")
    await chen.send_sticker()
    await chen.send_location(31.3, 120.6)
    await chen.send_contact()
    await chen.send_dice()
    await chen.send_poll("谁来修？", ["我", "你"])


def paths(value: Json, above: Path = ()) -> Iterator[Path]:
    """Where something can be changed."""
    if not isinstance(value, dict | list):
        return
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*above, key)
        yield from paths(child, (*above, key))


def at(value: Json, path: Path) -> Json:
    """What stands there."""
    for key in path:
        value = value[key]
    return value


TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "\x00", "\ud800", "\u202e倒", "\u200b", "{{7*7}}", "<b>", "/start", "/t 1",
                     "1" * 5000, "提交", "😀" * 40, "-1", "null"]),
)  # fmt: skip
NUMBERS = st.sampled_from([0, 1, -1, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63), 2**70, 777000, 1.5])
JUNK = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, known: list[Json]) -> Json:
    """A recorded update of which some parts are gone, something else, or nested deeper."""
    update = copy.deepcopy(known[draw(st.integers(0, len(known) - 1))])
    for _ in range(draw(st.integers(1, 4))):
        there = list(paths(update))
        if not there:
            break
        *above, last = draw(st.sampled_from(there))
        _change(draw, at(update, tuple(above)), last)
    return update


def _change(draw: st.DrawFn, parent: Json, key: str | int) -> None:
    how = draw(st.sampled_from(["drop", "replace", "deepen", "swap"]))
    if how == "drop":
        del parent[key]
    elif how == "replace":
        parent[key] = draw(JUNK)
    elif how == "deepen":
        for _ in range(draw(st.sampled_from([1, 3, 200]))):
            parent[key] = {"message": parent[key]} if draw(st.booleans()) else [parent[key]]
    elif isinstance(parent, dict):
        other = draw(st.sampled_from(sorted(parent)))
        parent[key], parent[other] = parent[other], parent[key]
