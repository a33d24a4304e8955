"""Rounds and findings in lists: in hand, near by, found, as a table; and who hears of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from workflows.core.numbers import format_number
from workflows.core.people import Person
from workflows.core.permissions import LEADING
from workflows.core.places import grid_of
from workflows.core.policy import Rules
from workflows.core.talk.messages import Values
from workflows.desk.context import Context
from workflows.desk.lists import plain
from workflows.desk.lists.export import places_of
from workflows.desk.lists.sections import queue
from workflows.desk.outbound import audience
from workflows.desk.parts import Around, Audience, Found, Lists
from workflows.desk.privacy import audit
from workflows.masking import masking
from workflows.patrols import findings as f
from workflows.patrols import words as w
from workflows.patrols.chat.scanning import rounds_of
from workflows.patrols.findings import FINDINGS, Finding
from workflows.patrols.rounds import ROUNDS, Round, relate
from workflows.patrols.store import queries
from workflows.patrols.store import tables as own
from workflows.store import Tx, listing

_LEDGER, _ROWS, _EXCERPT = timedelta(days=366), 5000, 200
_AROUND, _FOUND = 5, 20  # rounds, and findings that a search shows


async def _to_do(context: Context, person: Person) -> list[Finding]:
    """What he found and can put right, and where he leads what waits for a plan or a check."""
    scope = [m.place for m in person.memberships]
    found = await context.tx.find(own.FINDINGS, listing.ids_open, own.findings, scope)
    return [one for one in found if _is_his(context, one, person)]


def _is_his(context: Context, one: Finding, person: Person) -> bool:
    if one.state is f.S.FOUND:
        return person.id in one.finders
    told = (person, context.now, context.rules)
    asked = (FINDINGS.may(f.attempt(one, action, *told)) for action in (f.A.CLEAR, f.A.PLAN))
    return bool(f.relate(person, one) & w.Relation.LEAD) and any(asked)


async def _around(context: Context, person: Person) -> Around:
    """What is looked after where he lives: its card takes what he has to tell."""
    here = (own.rounds, person.last_place, _AROUND)
    return Around(subjects=await context.tx.find(own.ROUNDS, listing.ids_open_around, *here))


async def _found(context: Context, person: Person, text: str) -> Found:
    """By the name of the thing, the place or the line of the list."""
    scope = [m.place for m in person.memberships]
    named = (own.findings, scope, ("name", "item", "place"), text.split(), _FOUND)
    return Found(subjects=await context.tx.find(own.FINDINGS, listing.ids_named, *named))


async def _ledger(tx: Tx, person: Person, rules: Rules) -> list[Values]:
    """隐患排查治理台账: what was found in a year, and all that is open."""
    lately = (places_of(person), tx.now - _LEDGER, _ROWS)
    found = await tx.find(own.FINDINGS, queries.ledger, *lately)
    tx.work.looks += [audit.row(one, person, "export", tx.now) for one in found]
    return [_row(one, rules) for one in found]


def _row(one: Finding, rules: Rules) -> Values:
    return {
        **dict.fromkeys((need.name for need in w.FIVE), ""), **one.plan,
        "number": format_number(one.id), "found_at": one.opened_at, "place": one.place,
        "point": one.name, "item": one.item, "level": one.level.value, "state": one.state.value,
        "text": masking.excerpt(one.text, _EXCERPT, rules.private), "times": len(one.faulted_at),
        "due": plain.due_of(one), "failed": one.failed, "cost": one.cost,
        "cleared_at": one.cleared_at,
    }  # fmt: skip


ROUND_LISTS = Lists(
    line=plain.line, standing=plain.standing_of(ROUNDS), in_hand=rounds_of, around=_around,
    morning=plain.morning_of("rounds", rounds_of), sections=(queue("patrols", own.ROUNDS),),
)  # fmt: skip
FINDING_LISTS = Lists(
    line=plain.line, standing=plain.standing_of(FINDINGS), in_hand=_to_do, found=_found,
    export=_ledger, morning=plain.morning_of("findings", _to_do),
    sections=(queue("hazards", own.FINDINGS),),
)  # fmt: skip


# who hears


async def _patrollers(tx: Tx, one: Round, now: datetime) -> list[int]:
    """Who has it, or his stand-in; else whoever may take it and is there; else those above."""
    if one.holder is not None:
        person = await tx.person(one.holder)
        instead = (
            await audience.stand_in(tx, person, now) if person and person.is_away(now) else None
        )
        return [instead.id if instead else one.holder]
    staff = [*await tx.staff_inside(one.place), *await tx.staff(one.place)]
    able = {p.id for p in staff if p.is_there(now) and relate(p, one) & w.Relation.PATROLLER}
    return sorted(able) or await audience.superiors(tx, one.place, w.To.LEAD, now)


async def _group(tx: Tx, one: Round, _: datetime) -> list[int]:
    group = await tx.group_of(grid_of(one.place))
    return [group] if group else []


async def _finders(_: Tx, finding: Finding, __: datetime) -> list[int]:
    return list(finding.finders)


async def _checkers(tx: Tx, finding: Finding, now: datetime) -> list[int]:
    """The first above the place who did not mend it himself."""
    for role in LEADING:
        found = await audience.superiors(tx, finding.place, role.value, now)
        if able := [i for i in found if i not in finding.fixers]:
            return able
    return []


OF_ROUNDS: Mapping[str, Audience] = {w.To.PATROLLERS: _patrollers, w.To.GROUP: _group}
OF_FINDINGS: Mapping[str, Audience] = {w.To.FINDERS: _finders, w.To.CHECKERS: _checkers}
