"""Who hears of a plan, a round or a finding beside those who stand above its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from workflows.core.permissions import LEADING
from workflows.core.places import grid_of
from workflows.desk.outbound import audience
from workflows.desk.parts import Audience
from workflows.patrols.findings.model import Finding
from workflows.patrols.relations import Relation
from workflows.patrols.rounds.lifecycle import relate
from workflows.patrols.rounds.model import Round
from workflows.patrols.words import To
from workflows.store import Tx


async def _patrollers(tx: Tx, one: Round, now: datetime) -> list[int]:
    """Who has it, or his stand-in; else whoever may take it and is there; else those above."""
    if one.holder is not None:
        person = await tx.person(one.holder)
        instead = (
            await audience.stand_in(tx, person, now) if person and person.is_away(now) else None
        )
        return [instead.id if instead else one.holder]
    staff = await tx.staff_inside(one.place) + await tx.staff(one.place)
    able = {p.id: p for p in staff if p.is_there(now) and relate(p, one) & Relation.PATROLLER}
    return list(able) or await audience.superiors(tx, one.place, To.LEAD, now)


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


OF_ROUNDS: Mapping[str, Audience] = {To.PATROLLERS: _patrollers, To.GROUP: _group}
OF_FINDINGS: Mapping[str, Audience] = {To.FINDERS: _finders, To.CHECKERS: _checkers}
