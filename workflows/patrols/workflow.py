"""Rounds and findings as the house takes them (see `workflows.desk.workflow`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.core.numbers import format_number
from workflows.core.people import SYSTEM, Person
from workflows.core.policy import Rules
from workflows.core.talk.forms import Form, tap
from workflows.core.talk.messages import Button
from workflows.core.talk.needs import NOTE_OR_PHOTO, PHOTOS, TEXT, TIMER, TO
from workflows.desk import plain
from workflows.desk.asking import begun, person_behind
from workflows.desk.context import Context
from workflows.desk.parts import Chat, Document, Hands, readers_of
from workflows.desk.privacy.words import Words
from workflows.patrols import findings as f
from workflows.patrols import rounds as r
from workflows.patrols import service, tending
from workflows.patrols import words as w
from workflows.patrols.chat import cards, lists
from workflows.patrols.chat.scanning import LINK, scanned, sheets
from workflows.patrols.rounds import Round
from workflows.patrols.settings import PatrolSettings
from workflows.patrols.store import queries
from workflows.patrols.store import tables as own

_NEEDS = (*w.OWN, TEXT, NOTE_OR_PHOTO, TO, PHOTOS, TIMER)
_NAMES = 20


def _begin(one: Round, row: Any, rules: Rules) -> Form:
    """Which line is wrong is asked only where there are several, and no number says it."""
    is_shown = not one.is_campaign and any(one.walk.unproven(int(who)) for who in one.walk.here)
    is_clear = is_shown or len(one.walk.checklist.items) == 1
    return begun(one, row, rules, *([w.ITEM] if is_clear else []))


async def _items(_: Context, form: Form, one: Round) -> tuple[Button, ...]:
    lines = enumerate(one.walk.checklist.items)
    return tuple(tap(form, str(i), f"={item.text}") for i, item in lines)


async def _spots(_: Context, form: Form, one: Round) -> tuple[Button, ...]:
    """All of them: what was said of a point can be said anew."""
    return tuple(tap(form, spot.code, f"={spot.name}") for spot in one.walk.spots)


async def _names(context: Context, form: Form, one: Round) -> tuple[Button, ...]:
    """Who works there, first who is there now."""
    staff = [*await context.tx.staff(one.place), *await context.tx.staff_inside(one.place)]
    able = {p.id: p for p in staff if p.is_handler_in(one.place) and p.id != one.holder}
    there = sorted(able.values(), key=lambda p: not p.is_there(context.now))
    return tuple(tap(form, str(p.id), f"={p.name}") for p in there[:_NAMES])


async def _release(context: Context, person: Person) -> int:
    """Rounds that he cannot walk any more are whoever's who may."""
    held = await context.tx.find(own.ROUNDS, queries.held, person.id, is_open=True)
    held = [one for one in held if not one.stage.keeps_holder]
    for one in held:
        await context.perform(one, r.A.RETURN, SYSTEM)
    return len(held)


def _told(one: Any, person: Person) -> Mapping[str, Any]:
    is_first = person.id in getattr(one, "finders", ())[:1]
    return {
        "number": format_number(one.id), "place": one.place, "name": one.name,
        "at": one.opened_at, "state": one.state.value, "text": one.text if is_first else "",
    }  # fmt: skip


ROUND_WORKFLOW = plain.workflow(
    flow=r.ROUNDS,
    kept=own.ROUNDS,
    command=r.attempt,
    needs=_NEEDS,
    lapsing={r.A.TELL},
    asked={
        "begin": _begin, "choices": {w.POINT: _spots, w.ITEM: _items, TO: _names},
        "behind": {TO: person_behind}, "on_card": frozenset({r.A.TOUCH}),
        "quiet": frozenset({r.A.TELL}), "reports": frozenset({r.A.TELL}),
    },
    audiences=lists.OF_ROUNDS,
    readers=readers_of(r.ROUNDS, r.relate, work=w.AT_WORK, own=w.Relation.PASSER_BY),
    perform=service.perform_round,
    chat=Chat(links={LINK: scanned}),
    cards=cards.ROUND_CARDS,
    lists=lists.ROUND_LISTS,
    hands=Hands(holder=lambda one: one.holder, release=_release),
    privacy=Words(kept=own.ROUNDS, bare={"text": ""}, ids_of=queries.held, told=_told).privacy,
    clocks=r.DEFAULTS,
    settings=PatrolSettings,
    chores=(tending,),
    documents={"patrol_codes": Document(gather=sheets)},
)  # fmt: skip
FINDING_WORKFLOW = plain.workflow(
    flow=f.FINDINGS,
    kept=own.FINDINGS,
    command=f.attempt,
    needs=_NEEDS,
    audiences=lists.OF_FINDINGS,
    readers=readers_of(f.FINDINGS, f.relate, work=w.AT_WORK, own=w.Relation.FINDER),
    perform=service.perform_finding,
    caused=service.caused,
    faults=service.faults,
    cards=cards.FINDING_CARDS,
    lists=lists.FINDING_LISTS,
    privacy=Words(
        kept=own.FINDINGS, bare={"text": "", "plan": {}}, ids_of=queries.reported, told=_told
    ).privacy,
    clocks=f.DEFAULTS,
    part_of=Round.kind,
)
PATROL_WORKFLOWS = (ROUND_WORKFLOW, FINDING_WORKFLOW)
