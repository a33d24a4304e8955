"""How a round begins, and every letter of its templates, to every reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from folk import BUILDING, GRID, RULES
from folk import NOW as START
from letters import letter_of
from msgspec.structs import replace
from template_names import in_forms
from template_values import HANDLER, NOW, PLACE, RESIDENT
from trials import Sample

from workflows.core.engine.clocks import Clock
from workflows.core.kernels.checklist import Checklist, Item, Limits, Mark, Verdict
from workflows.core.kernels.configured import Spot
from workflows.core.kernels.walk import Walk
from workflows.core.people import Role
from workflows.core.talk.messages import Attachment
from workflows.desk import Letter
from workflows.desk.lists.plain import line
from workflows.desk.outbound.composing import Reader
from workflows.patrols.chat.cards import RoundShown
from workflows.patrols.rounds import STAGES, ClockName, Round, State, begin
from workflows.patrols.words import ITEM, MEASURE, POINT

READERS = (
    (Reader.RESIDENT, RESIDENT),
    (Reader.STAFF, HANDLER),
    (Reader.GROUP, -100),
    (Reader.NOBODY, 9),
)
_RESIDENTS = {"round_done", "spot_here", "form_tell", "form_point"}
_LIMITS = Limits(low=Decimal("0.8"), high=Decimal("1.2"), unit="MPa")
_PLAIN, _MEASURED = (
    Item(key="a", text="看着完好"),
    Item(key="b", text="压力", limits=_LIMITS),
)


def one_of(*items: Item, points: int = 1, is_ordered: bool = False, **more: Any) -> Round:
    """A round whose window has just opened."""
    known: dict[str, Any] = {
        "id": 1001, "slot": "2026-03-02 08:00", "place": GRID, "name": "巡查",
        "opened_at": START, "roles": (Role.PIONEER, Role.WORKER),
        "walk": Walk(
            checklist=Checklist(place=GRID, name="巡查", items=items or (_PLAIN,)),
            spots=tuple(
                Spot(code=f"p{i}", name=f"{i}号点", place=BUILDING) for i in range(points)
            ),
            is_ordered=is_ordered,
        ),
        "clocks": {ClockName.WINDOW: Clock(started=START, due=START + timedelta(hours=12))},
    }  # fmt: skip
    return Round(**known | more)


def rounds(said: str) -> Iterator[Round]:
    """One in every state, with these words wherever a person wrote any."""
    clock = Clock(started=NOW, due=NOW + timedelta(hours=6))
    photo = Attachment(kind="photo", file_id="p")
    for state in State:
        mark = Mark(verdict=Verdict.FAULT, by=HANDLER, at=NOW, note=said, photos=(photo,))
        one = one_of(Item(key="a", text=said[:40] or "x"), _MEASURED, points=60)
        walk = replace(
            one.walk, here={str(HANDLER): "p1"}, reached={"p1": "scan"},
            marks={"p0": {"a": mark}, "p1": {"a": replace(mark, verdict=Verdict.BEYOND)}},
        )  # fmt: skip
        yield replace(
            one, walk=walk, name=said[:30], place=PLACE, state=state, holder=HANDLER, text=said,
            missed_at=NOW, done_at=NOW, opened_at=NOW, is_campaign=True,
            service_minutes=30, clocks={STAGES[state].clock or ClockName.WINDOW: clock},
            ended_at=NOW if STAGES[state].is_end else None,
        )  # fmt: skip
        yield one_of(state=state, place=PLACE, opened_at=NOW, clocks={})


def plain_values(said: str) -> dict[str, dict[str, Any]]:
    """What the code gives to messages that are about no round."""
    time = {"name": said[:30], "opens": NOW.isoformat(), "decided": "moved"}
    return {
        "patrols": {"lines": [line(one) for one in rounds(said)][:10], "total": 99},
        "refused_order": {"about": 1001, "point": said[:20]},
        "patrol_figures": {"things": [(said[:30], 3)], "places": [(PLACE, 2)]},
        "patrol_calendar": {"times": [time] * 40},
        "spot_here": {"point": said[:30]},
    }


def letters(template: str, said: str) -> Iterator[Letter]:
    """To everybody who can be sent it."""
    is_card = template.startswith("round_")
    shown = RoundShown(at="p1", measured=said[:40], unproven=said[:40], cleared=1, found=2)
    for one in rounds(said) if is_card or template in in_forms() else [None]:
        for reader, chat in READERS:
            if reader is not Reader.RESIDENT or template in _RESIDENTS:
                values = plain_values(said).get(template, {})
                letter = letter_of(template, values, one, reader, chat)  # type: ignore[arg-type]
                owed = replace(letter.owed, kind="card" if is_card else "text")
                yield replace(letter, shown=shown, owed=owed)


# how a round begins, for the tests of every flow


def _begun(*items: Item, **more: Any) -> Round:
    return begin(one_of(*items, **more), START, RULES).subject


def _holds(before: Round, one: Round, _: datetime) -> None:
    """What else is so of every round after every step."""
    codes = {spot.code for spot in one.walk.spots}
    assert {*one.walk.marks} <= codes and {*one.walk.reached} <= codes
    assert before.missed_at is None or one.missed_at == before.missed_at
    assert one.state is not State.DONE or not one.walk.left


SAMPLE = Sample(
    fresh=(
        _begun(service_minutes=60, is_campaign=False),
        _begun(points=2, is_ordered=True),
        _begun(_PLAIN, _MEASURED),
        _begun(is_campaign=True),
    ),
    outcome="done_at",
    values={POINT: ("p0", "p1"), ITEM: ("0", "1"), MEASURE: (Decimal(1), Decimal(9))},
    holds=_holds,
)
