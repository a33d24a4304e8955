"""How a plan begins, and every letter of its templates, to every reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from folk import GRID, RULES
from folk import NOW as START
from letters import letter_of
from msgspec.structs import replace
from template_names import in_forms
from template_values import HANDLER, NOW, PLACE, RESIDENT
from trials import Sample

from workflows.core.engine.clocks import Clock
from workflows.core.kernels.schedule import Decided, Fate, Occurrence
from workflows.core.policy import ClockPolicy, Rules
from workflows.desk import Letter
from workflows.desk.outbound.composing import Reader
from workflows.patrols.chat.cards import PlanShown
from workflows.patrols.chat.lists import line
from workflows.patrols.needs import SPOT
from workflows.patrols.plans.lifecycle import begin
from workflows.patrols.plans.model import ClockName, Plan, State

READERS = (
    (Reader.RESIDENT, RESIDENT),
    (Reader.STAFF, HANDLER),
    (Reader.GROUP, -100),
    (Reader.NOBODY, 9),
)
_CARDS = {"patrol_ending", "patrol_stopped", "patrol_summed"}
_RESIDENTS = {"spot_here", "form_tell", "form_spot"}


def plans(said: str) -> Iterator[Plan]:
    """One in every state, with these words wherever a person wrote any."""
    clock = Clock(started=NOW, due=NOW + timedelta(hours=6))
    for state in State:
        one = Plan(id=1001, state=state, place=PLACE, name=said[:30], begun_at=NOW, text=said)
        own = one.stage.clock
        yield replace(one, until=NOW.date(), clocks={own: clock} if own else {})


def shown(said: str) -> PlanShown:
    """All that a plan's card can say."""
    times = [
        Occurrence(subject=1001, slot="2026-10-01 08:00", opens=NOW, closes=NOW, decided=decided,
                   fate=fate)
        for decided, fate in ((Decided.PLAIN, Fate.AHEAD), (Decided.MOVED, Fate.AHEAD),
                              (Decided.SKIPPED, Fate.EXCUSED))
    ]  # fmt: skip
    return PlanShown(ahead=tuple(times), rounds={"done": 3, "missed": 1}, cleared=1, found=2,
                     points=(said[:20],) * 60)  # fmt: skip


def plain_values(said: str) -> dict[str, dict[str, Any]]:
    """What the code gives to messages that are about no plan."""
    lines = [line(one) for one in plans(said)]
    return {
        "plans": {"lines": lines, "total": 99},
        "patrol_figures": {"things": [(said[:30], 3)], "places": [(PLACE, 2)]},
        "spot_here": {"point": said[:30]},
    }


def letters(template: str, said: str) -> Iterator[Letter]:
    """To everybody who can be sent it."""
    is_card = template in _CARDS
    for one in plans(said) if is_card or template in in_forms() else [None]:
        for reader, chat in READERS:
            if reader is not Reader.RESIDENT or template in _RESIDENTS:
                values = plain_values(said).get(template, {})
                letter = letter_of(template, values, one, reader, chat)  # type: ignore[arg-type]
                owed = replace(letter.owed, kind="card" if is_card else "text")
                yield replace(letter, shown=shown(said), owed=owed)


# how a plan begins, for the tests of every flow


def _soon() -> Rules:
    """With plans that are over within a day."""
    clocks = {**RULES.clocks["patrols"], ClockName.TERM: ClockPolicy(length=timedelta(hours=20))}
    return replace(RULES, clocks={**RULES.clocks, "patrols": clocks})


def _begun(**more: Any) -> Plan:
    new = Plan(id=1001, place=GRID, name="巡查", begun_at=START, **more)
    return begin(new, START, _soon()).subject


SAMPLE = Sample(
    fresh=(_begun(), _begun(until=START.date())),
    rules=_soon(),
    outcome="text",
    values={SPOT: ("ext",)},
)  # fmt: skip
