"""How plans, rounds and findings look; their buttons are what the machine accepts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from msgspec import Struct

from workflows.core.engine.flow import Flow
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Button, Notice, Priority
from workflows.desk.context import Context
from workflows.desk.outbound import keyboard
from workflows.desk.parts import Cards, Drawing, Look, Rows
from workflows.desk.privacy import audit
from workflows.patrols.findings import lifecycle as findings
from workflows.patrols.findings.model import Action as F
from workflows.patrols.findings.model import Finding
from workflows.patrols.plans import lifecycle as plans
from workflows.patrols.plans.model import Plan
from workflows.patrols.rounds import lifecycle as rounds
from workflows.patrols.rounds.model import Action, Round
from workflows.patrols.settings import PatrolSettings
from workflows.patrols.store import queries
from workflows.store.kernels import occurrences

_NEXT = 5  # times of a plan that its card tells
_MOST = 5  # things and places that are told
_POINTS = 3  # of a round that stand in front
STEPS, FILES, PAIR, CODES, FIGURES = "steps", "files", "pair", "codes", "figures"


class PlanShown(Struct, frozen=True, kw_only=True):
    """What a plan's card says beyond its row: its times, how its rounds stand, its findings and
    those of them that are gone, its points.
    """

    ahead: tuple[Any, ...] = ()
    rounds: dict[str, int] = {}
    cleared: int = 0
    found: int = 0
    points: tuple[str, ...] = ()


class FindingShown(Struct, frozen=True, kw_only=True):
    """How many pictures there are from before and from after."""

    before: int = 0
    after: int = 0


def _buttons(flow: Flow[Any, Any, Any, Any, Any], drawing: Drawing, *looks: str) -> Rows:
    subject, viewer = drawing.subject, drawing.viewer
    if not drawing.is_card or viewer is None or drawing.reader not in {"resident", "staff"}:
        return ()
    command = _OF[subject.kind].attempt(subject, flow.begins, viewer, drawing.now, drawing.rules)
    return keyboard.drawn(
        flow, subject, (*flow.actions(command), *looks),
        lambda name: spread(subject, name, drawing.rules),
        is_behind=drawing.owed.template == "more",
    )  # fmt: skip


_OF: dict[str, Any] = {Plan.kind: plans, Round.kind: rounds, Finding.kind: findings}


def spread(subject: Any, name: str, _: Rules) -> tuple[Button, ...]:
    """The buttons of one name; to go to a point, one for each of the next, and one for all."""
    if name in {STEPS, FILES, PAIR, CODES, FIGURES}:
        return (keyboard.look(subject, name),)
    own = (keyboard.action(subject, name),)
    return (*_points(subject), *own) if name == Action.TOUCH else own


def _points(one: Round) -> Iterable[Button]:
    """Fewer while something is to be said of where he stands."""
    most = 1 if one.at in one.left else _POINTS
    for code in one.ahead[:most]:
        stop = one.stop(code)
        yield keyboard.action(one, Action.TOUCH, code, label=f"={stop.name if stop else code}")


async def _draw_round(drawing: Drawing) -> Look:
    files = (FILES,) if drawing.subject.found else ()
    return Look(buttons=_buttons(rounds.ROUNDS, drawing, *files, STEPS))


async def _draw_plan(drawing: Drawing) -> Look:
    plan, ask = drawing.subject, drawing.tx.ask
    settings = drawing.rules.of(PatrolSettings)
    planned = settings.plan(plan.name)
    since = drawing.now.astimezone(drawing.rules.zone).strftime("%Y-%m-%d")
    ahead = [
        one for one in await ask(occurrences.of_plan, plan.id, since) if one.opens > drawing.now
    ]
    cleared, found = await ask(queries.cleared, plan.id)
    shown = PlanShown(
        ahead=tuple(ahead[:_NEXT]), rounds=await ask(queries.tally, plan.id), cleared=cleared,
        found=found,
        points=tuple(settings.spots[code].name for code in planned.points) if planned else (),
    )  # fmt: skip
    is_staff = drawing.reader == "staff"
    looks = (CODES, FIGURES, STEPS) if is_staff else (STEPS,)
    return Look(buttons=_buttons(plans.PLANS, drawing, *looks), shown=shown)


_BEFORE, _AFTER = {F.FIND, F.ADD, F.REOPEN, F.FAIL}, {F.FIX}


async def _draw_finding(drawing: Drawing) -> Look:
    finding: Finding = drawing.subject
    before = await drawing.tx.files(finding.id, _BEFORE)
    after = await drawing.tx.files(finding.id, _AFTER)
    shown = FindingShown(before=len(before), after=len(after))
    looks = (*([PAIR] if before and after else []), *([FILES] if before or after else []), STEPS)
    return Look(buttons=_buttons(findings.FINDINGS, drawing, *looks), shown=shown)


async def _show_pair(context: Context, finding: Finding, person: Person) -> None:
    """The last picture from before and the last from after, side by side."""
    both = [await context.tx.files(finding.id, actions) for actions in (_BEFORE, _AFTER)]
    pair = tuple(files[-1] for files in both if files)
    audit.note(context, finding, person, FILES)
    context.reply(Notice(to=person.id, template="files", ticket_id=finding.id, attachments=pair,
                         priority=Priority.REPLY))  # fmt: skip


async def _show_figures(context: Context, plan: Plan, person: Person) -> None:
    """Which things and which places have most findings."""
    since = context.now - timedelta(days=context.rules.of(PatrolSettings).fault_days)
    things, places = [
        await context.tx.ask(queries.most, by, [plan.place], since, _MOST)
        for by in ("name", "place")
    ]
    context.say(person.id, "patrol_figures", things=things, places=places)


async def _print_codes(context: Context, plan: Plan, person: Person) -> None:
    """The sheets to hang up, as a page."""
    context.document(person, "patrol_codes", Plan.kind, plan=plan.id)


PLAN_CARDS = Cards(
    draw=_draw_plan, spread=spread, looks={FIGURES: _show_figures, CODES: _print_codes}
)
ROUND_CARDS = Cards(
    draw=_draw_round, spread=spread,
    mentions=lambda one: [one.holder], unnamed=lambda _: frozenset(),
)  # fmt: skip
FINDING_CARDS = Cards(
    draw=_draw_finding, spread=spread, looks={PAIR: _show_pair},
    mentions=lambda one: one.fixers, unnamed=lambda one: {*one.finders} - {*one.fixers},
)  # fmt: skip
