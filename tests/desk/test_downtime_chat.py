"""Weeks with a bot that is down at times and a clock that jumps: every timer rings, and once."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from chatting import Chat, Crew
from effort import effort
from post import rows

from playground.torture.invariants import examine
from workflows.petition.words import Action
from workflows.store import tables as t

_KEPT = ("2:", "5:", "6:", "7:", "8:", "9:", "10:", "12:")  # the others' rows go after a week
_DAY = 24 * 60
_JUMPS = {False: _DAY, True: -_DAY}  # minutes; what was set wrong is set right again


async def file_some(crew: Crew, count: int) -> None:
    """Some stay on offer, some are in hand, some wait for an approval."""
    for n in range(count):
        by: Chat = crew.chen if n % 2 else crew.zhou
        text = f"3号楼{n + 1}单元的充电桩坏了"
        if n % 3:
            walker = await crew.file(text, by=by)
            await crew.wang.press(f"t:{walker.id}:{Action.ACCEPT}")
        else:
            await crew.file(text, by=by)
        crew.stage.clock.advance(61)


@pytest.mark.parametrize("seed", range(effort(change=1, night=3)))
async def test_nothing_is_missed_or_doubled_in_weeks_of_trouble(
    crew: Crew, tmp_path: Path, seed: int
):
    """# F27, F28: the bot comes back after hours or days, now and then with a wrong clock."""
    count, days = effort(change=(3, 12), night=(20, 60))
    random = Random(seed)
    await file_some(crew, count)
    until, is_wrong = crew.stage.now + timedelta(days=days), False
    while crew.stage.now < until or is_wrong:
        crew.stage.clock.advance(60 * random.choice([5, 90, 600, 2 * _DAY]))
        if random.random() < 0.3:
            crew.stage.clock.advance(60 * _JUMPS[is_wrong])
            is_wrong = not is_wrong
        await crew.stage.settle()
        found = examine(crew.stage.server.world, tmp_path / "cast.db")
        assert [line for line in found.broken if line.startswith(_KEPT)] == []
    rang = list(_rings(await rows(crew.stage, t.events)))
    assert len(rang) > count * 4 and len(set(rang)) == len(rang)


def _rings(events: list[dict[str, Any]]) -> Iterator[tuple[object, ...]]:
    """What rang: the ticket, the timer, and after how many steps; the promise has only one run."""
    steps: Counter[int] = Counter()
    for event in events:
        timer = (event["data"] or {}).get("timer") or ""
        if timer:
            run = 0 if timer.startswith("response") else steps[event["ticket_id"]]
            yield event["ticket_id"], timer, run
        steps[event["ticket_id"]] += event["action"] not in {"remind", "escalate"}


async def test_a_clock_that_jumps_back_says_nothing_twice_and_goes_on(crew: Crew):
    """# F28"""
    walker = await crew.accepted()
    await crew.stage.forward(hours=30)
    rang = [e.action for e in await walker.events()].count(Action.ESCALATE)
    await crew.wang.mark()
    crew.stage.clock.advance(-60 * _DAY)
    await crew.stage.forward(hours=24)
    again = [e.action for e in await walker.events()].count(Action.ESCALATE)
    assert rang and again == rang
    assert not [text for text in await crew.wang.new() if "超" in text]
    await crew.stage.forward(days=3)
    assert [e.action for e in await walker.events()].count(Action.ESCALATE) > rang


async def test_a_clock_that_jumps_ahead_rings_what_is_due_and_not_again_when_it_is_set_right(
    crew: Crew,
):
    """# F27, F28"""
    walker = await crew.accepted()
    crew.stage.clock.advance(60 * _DAY)
    await crew.stage.settle()
    first = [(e.action, e.data) for e in await walker.events()]
    crew.stage.clock.advance(-60 * _DAY)
    await crew.stage.settle()
    await crew.stage.forward(hours=23)
    assert [(e.action, e.data) for e in await walker.events()] == first
