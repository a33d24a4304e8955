"""How a finding begins, and every letter of its templates, to every reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from folk import BUILDING, CHEN, RULES, WANG
from folk import NOW as START
from letters import letter_of
from msgspec.structs import replace
from template_names import in_forms
from template_values import HANDLER, NOW, PLACE, RESIDENT
from trials import Sample

from workflows.core.engine.clocks import Clock
from workflows.core.talk.needs import Answers
from workflows.desk import Letter
from workflows.desk.lists.plain import line
from workflows.desk.outbound.composing import Reader
from workflows.patrols.chat.cards import FindingShown
from workflows.patrols.findings import Action, Finding, State, begin
from workflows.patrols.words import FIVE, FIXERS, LEVEL, SEEN, Level

READERS = (
    (Reader.RESIDENT, RESIDENT),
    (Reader.STAFF, HANDLER),
    (Reader.GROUP, -100),
    (Reader.NOBODY, 9),
)
_RESIDENTS = {"finding_cleared", "finding_refuted", "finding_known", "finding_danger"}


def one_of(**more: Any) -> Finding:
    """A finding as it is before its first step."""
    known: dict[str, Any] = {
        "id": 1001, "place": BUILDING, "point": "ext", "name": "灭火器", "round": 900,
        "finders": (CHEN.id,), "opened_at": START, "faulted_at": (START,),
    }  # fmt: skip
    return Finding(**known | more)


def findings(said: str) -> Iterator[Finding]:
    """One or more in every state, with these words wherever a person wrote any."""
    clock = Clock(started=NOW, due=NOW + timedelta(hours=6))
    plan = {need.name: said for need in FIVE} | {"due": NOW.isoformat()}
    for state in State:
        bare = one_of(state=state, place=PLACE, opened_at=NOW)
        own = bare.stage.clock
        yield replace(
            bare, name=said[:30], item=said[:40], text=said, level=Level.MAJOR, plan=plan,
            faulted_at=(NOW, NOW), finders=(RESIDENT,), fixers=(HANDLER,), failed=2, cost=120,
            cleared_at=NOW, clocks={own: clock} if own else {},
            ended_at=None if own else NOW,
        )  # fmt: skip
        yield replace(bare, cost=20)


def plain_values(said: str) -> dict[str, dict[str, Any]]:
    """What the code gives to messages that are about no finding."""
    lines = [line(one) for one in findings(said)][:10]
    return {
        "hazards": {"lines": lines, "total": 99},
        "finding_known": {"about": 1001, "again": True},
        "refused_own_work": {"about": 1001, "state": "to_check"},
    }


def letters(template: str, said: str) -> Iterator[Letter]:
    """To everybody who can be sent it."""
    is_card = template.startswith("finding_") and template not in plain_values(said)
    is_card = is_card and template != "finding_danger"
    for one in findings(said) if is_card or template in in_forms() else [None]:
        for reader, chat in READERS:
            if reader is Reader.RESIDENT and template not in _RESIDENTS:
                continue
            values = plain_values(said).get(template, {})
            letter = letter_of(template, values, one, reader, chat)  # type: ignore[arg-type]
            owed = replace(letter.owed, kind="card" if is_card else "text")
            yield replace(letter, shown=FindingShown(before=1, after=2), owed=owed)


# how a finding begins, for the tests of every flow


def _begun(**more: Any) -> Finding:
    return begin(one_of(**more), WANG, START, RULES).subject


def _holds(before: Finding, one: Finding, _: datetime) -> None:
    """What else is so of every finding after every step."""
    assert {*before.fixers} <= {*one.fixers} or before.state is not State.RECTIFYING
    assert one.level is not Level.MAJOR or one.state is not State.RECTIFYING or one.plan


SAMPLE = Sample(
    fresh=(_begun(), _begun(level=Level.MAJOR)),
    outcome="cleared_at",
    beside={
        Action.AGAIN: (Answers({SEEN: True}), Answers({SEEN: True, LEVEL: Level.MAJOR})),
        Action.ANSWERED: (Answers({FIXERS: (11,)}),),
    },
    holds=_holds,
)
