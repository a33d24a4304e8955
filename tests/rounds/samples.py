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
from workflows.core.people import Role
from workflows.core.talk.messages import Attachment
from workflows.desk import Letter
from workflows.desk.outbound.composing import Reader
from workflows.patrols.chat.lists import line
from workflows.patrols.needs import ITEM, MEASURE, POINT
from workflows.patrols.rounds.lifecycle import begin
from workflows.patrols.rounds.model import STAGES, ClockName, Round, State, Stop

READERS = (
    (Reader.RESIDENT, RESIDENT),
    (Reader.STAFF, HANDLER),
    (Reader.GROUP, -100),
    (Reader.NOBODY, 9),
)
_CARDS = {"round_due", "round_yours", "round_again", "round_excused", "round_missed",
          "round_walked", "round_done"}  # fmt: skip
_LIMITS = Limits(low=Decimal("0.8"), high=Decimal("1.2"), unit="MPa")


def one_of(*items: Item, points: int = 1, **more: Any) -> Round:
    """A round whose window has just opened."""
    window = Clock(started=START, due=START + timedelta(hours=12))
    known: dict[str, Any] = {
        "id": 1001, "plan": 900, "slot": "2026-03-02 08:00", "place": GRID, "name": "巡查",
        "opens_at": START, "roles": (Role.PIONEER, Role.WORKER),
        "checklist": Checklist(place=GRID, name="巡查", items=items),
        "points": tuple(
            Stop(code=f"p{i}", name=f"{i}号点", place=BUILDING) for i in range(points)
        ),
        "clocks": {ClockName.WINDOW: window},
    }  # fmt: skip
    return Round(**known | more)


def rounds(said: str) -> Iterator[Round]:
    """One in every state, with these words wherever a person wrote any."""
    clock = Clock(started=NOW, due=NOW + timedelta(hours=6))
    photo = Attachment(kind="photo", file_id="p")
    for state in State:
        mark = Mark(verdict=Verdict.FAULT, by=HANDLER, at=NOW, note=said)
        beyond = replace(mark, verdict=Verdict.BEYOND, photos=(photo,))
        yield one_of(
            Item(key="a", text=said[:40]), Item(key="b", text="压力", limits=_LIMITS), points=60,
            name=said[:30], place=PLACE, state=state, holder=HANDLER, reason=said, at="p1",
            marks={"p0": {"a": beyond}, "p1": {"a": mark}}, touched={"p1": "scan"},
            missed_at=NOW, done_at=NOW, opens_at=NOW,
            clocks={STAGES[state].clock or ClockName.WINDOW: clock},
            ended_at=NOW if STAGES[state].is_end else None,
        )  # fmt: skip
        yield one_of(Item(key="a", text="看"), state=state, place=PLACE, opens_at=NOW, clocks={})


def plain_values(said: str) -> dict[str, dict[str, Any]]:
    """What the code gives to messages that are about no round."""
    lines = [line(one) for one in rounds(said)][:10]
    return {
        "patrol_rounds": {"lines": lines, "total": 99},
        "refused_order": {"about": 1001, "point": said[:20]},
    }


def letters(template: str, said: str) -> Iterator[Letter]:
    """To everybody who can be sent it."""
    is_card = template in _CARDS
    for one in rounds(said) if is_card or template in in_forms() else [None]:
        for reader, chat in READERS:
            if reader is not Reader.RESIDENT or template == "round_done":
                values = plain_values(said).get(template, {})
                letter = letter_of(template, values, one, reader, chat)  # type: ignore[arg-type]
                kind = "card" if is_card else "text"
                yield replace(letter, shown=None, owed=replace(letter.owed, kind=kind))


# how a round begins, for the tests of every flow


def _begun(*items: Item, **more: Any) -> Round:
    return begin(one_of(*items, **more), START, RULES).subject


def _holds(before: Round, one: Round, _: datetime) -> None:
    """What else is so of every round after every step."""
    assert {*one.marks} <= {*one.codes} and {*one.touched} <= {*one.codes}
    assert before.missed_at is None or one.missed_at == before.missed_at
    assert one.state is not State.DONE or not one.left


_PLAIN = Item(key="a", text="看着完好")
_MEASURED = Item(key="b", text="压力", limits=_LIMITS)
SAMPLE = Sample(
    fresh=(
        _begun(_PLAIN, service_minutes=60),
        _begun(_PLAIN, points=2, is_ordered=True),
        _begun(_PLAIN, _MEASURED),
    ),
    outcome="done_at",
    values={POINT: ("p0", "p1"), ITEM: (0, 1), MEASURE: (Decimal(1), Decimal(9))},
    holds=_holds,
)
