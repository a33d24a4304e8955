"""What the calendar does: plans follow the config, their times are written ahead, rounds open.

It rings each night and whenever a window opens, so that no restart forgets or repeats a round: a
time of a plan has one at most. What fell into a downtime opens late, and is missed by its clock.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import time

from workflows.core.engine.clocks import Clock
from workflows.core.kernels import checklist
from workflows.core.kernels.checklist import Checklist
from workflows.core.kernels.schedule import Fate, Occurrence
from workflows.core.people import SYSTEM
from workflows.core.places import community_of
from workflows.core.timing import calendar
from workflows.desk import guarding, performing, planning
from workflows.desk.context import Context
from workflows.patrols.plans import lifecycle as plans
from workflows.patrols.plans.model import Action, Plan
from workflows.patrols.rounds import lifecycle as rounds
from workflows.patrols.rounds.model import ClockName, Round, Stop
from workflows.patrols.settings import PatrolSettings, Planned
from workflows.patrols.store import queries
from workflows.patrols.store.kept import PLANS_KEPT
from workflows.store import schedule as chores
from workflows.store.kernels import checklists, occurrences

NAME = "patrols"
_AT = time(0, 10)  # local; before any window


async def plan(context: Context) -> None:
    """At every start, at once: the config may be another; never where there is no plan at all."""
    is_some = context.rules.of(PatrolSettings).plans != ()
    is_some = is_some or await context.tx.ask(queries.running) != []
    await context.tx.do(chores.plan, NAME, context.now if is_some else None, context.now)


async def ring(context: Context) -> int:
    """One step, if its time has come. Returns 1 if it had, else 0."""
    due_at = await context.tx.ask(chores.take, NAME, context.now)
    if due_at is None:
        return 0
    running = await context.tx.get_all(PLANS_KEPT, await context.tx.ask(queries.running))
    for one in running:
        await guarding.done(context, _tend(context, one))
    known = {one.name for one in running} | await context.tx.ask(queries.stopped)
    for planned in context.rules.of(PatrolSettings).plans:
        if planned.name not in known and _is_wanted(context, planned):
            await guarding.done(context, _begin(context, planned))
    await _open_rounds(context)
    tonight = calendar.next_time(_AT, context.now, context.rules)
    first = await context.tx.ask(occurrences.next_opening, context.now)
    moment = min(tonight, first) if first else tonight
    await context.tx.do(chores.move, NAME, due_at, moment)
    return 1


def _is_wanted(context: Context, planned: Planned) -> bool:
    """Whether its community has rounds, and it is not over."""
    is_on = context.rules.is_on(Plan.kind, context.rules.places.resolve(planned.place))
    today = context.now.astimezone(context.rules.zone).date()
    return is_on and (planned.until is None or planned.until >= today)


async def _tend(context: Context, one: Plan) -> None:
    """What its rule has is written; one that is in the config no more ends."""
    planned = context.rules.of(PatrolSettings).plan(one.name)
    if planned is None or not _is_wanted(context, planned):
        await context.perform(one, Action.CLOSE, SYSTEM)
    else:
        await _ahead(context, one, planned)


async def _ahead(context: Context, one: Plan, planned: Planned) -> None:
    """Its list has a new version where it reads otherwise; rounds that are open keep theirs."""
    await planning.plan_ahead(context, one.id, planned.schedule)
    place, items = community_of(one.place), tuple(line.item for line in planned.items)
    known = await context.tx.ask(checklists.current, place, one.name)
    now = (
        checklist.revised(known, items)
        if known
        else Checklist(place=place, name=one.name, items=items)
    )
    await context.tx.do(checklists.keep, now, SYSTEM.id, context.now)


async def _begin(context: Context, planned: Planned) -> None:
    new = Plan(
        id=await context.tx.next_id(), place=context.rules.places.resolve(planned.place),
        name=planned.name, begun_at=context.now, until=planned.until,
    )  # fmt: skip
    begun = plans.begin(new, context.now, context.rules)
    await performing.write(context, begun, SYSTEM)
    await _ahead(context, begun.subject, planned)


async def _open_rounds(context: Context) -> None:
    """Each time whose window is open has its round."""
    opened = defaultdict[int, list[Occurrence]](list)
    for one in await context.tx.ask(occurrences.opened, context.now):
        opened[one.subject].append(one)
    for mine in await context.tx.get_all(PLANS_KEPT, opened):
        slots = [one.slot for one in opened[mine.id]]
        begun = await context.tx.ask(queries.begun, mine.id, slots)
        for one in opened[mine.id]:
            if one.slot not in begun:
                await guarding.done(context, _open(context, mine, one))


async def _open(context: Context, mine: Plan, one: Occurrence) -> None:
    """A round with its points and its list as they are now; nobody owes one of a plan that is in
    the config no more.
    """
    settings = context.rules.of(PatrolSettings)
    planned = settings.plan(mine.name)
    if planned is None:
        await context.tx.do(occurrences.settle, one, Fate.EXCUSED, SYSTEM.id, context.now)
        return
    known = await context.tx.ask(checklists.current, community_of(mine.place), mine.name)
    assert known
    spots = (settings.spots[code] for code in planned.points)
    points = tuple(
        Stop(code=s.code, name=s.name, place=context.rules.places.resolve(s.place)) for s in spots
    )
    new = Round(
        id=await context.tx.next_id(), plan=mine.id, slot=one.slot, place=mine.place,
        name=mine.name, opens_at=one.opens, checklist=known, points=points,
        is_ordered=planned.is_ordered, roles=planned.roles, holder=planned.person or None,
        service_minutes=planned.service_minutes,
        clocks={ClockName.WINDOW: Clock(started=one.opens, due=one.closes)},
    )  # fmt: skip
    await performing.write(context, rounds.begin(new, context.now, context.rules), SYSTEM)
