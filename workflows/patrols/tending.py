"""What the calendar does: whenever a time of a plan has come, its round opens.

The next moment is a row, so that no restart forgets one: what fell into a downtime opens late, and
is missed by its own clock. A time has one round at most; on what holidays decided, it says so.
"""

from __future__ import annotations

from datetime import datetime, time

from workflows.core.engine.clocks import Clock
from workflows.core.kernels import checklist
from workflows.core.kernels.checklist import Checklist
from workflows.core.kernels.schedule import Fate, Occurrence
from workflows.core.kernels.walk import Walk
from workflows.core.people import SYSTEM
from workflows.core.places import community_of
from workflows.core.policy import Rules
from workflows.core.timing import calendar
from workflows.desk import guarding, performing, planning
from workflows.desk.context import Context
from workflows.patrols import rounds
from workflows.patrols.rounds import Action, ClockName, Round
from workflows.patrols.settings import PatrolSettings, Planned
from workflows.patrols.store import queries
from workflows.store import schedule as chores
from workflows.store.kernels import checklists

NAME = "patrols"
_AT = time(0, 10)  # local; each night it is looked again


async def plan(context: Context) -> None:
    """At every start: the config may be another."""
    is_some = context.rules.of(PatrolSettings).plans != ()
    await context.tx.do(chores.plan, NAME, context.now if is_some else None, context.now)


async def ring(context: Context) -> int:
    """One step, if its time has come. Returns 1 if it had, else 0."""
    due_at = await context.tx.ask(chores.take, NAME, context.now)
    if due_at is None:
        return 0
    tonight = calendar.next_time(_AT, context.now, context.rules)
    ahead = [tonight]
    for planned in plans(context.rules):
        await guarding.done(context, _open(context, planned, due_at))
        times = planning.times_of(planned.schedule, context.rules, context.now, tonight)
        ahead += [one.opens for one in times if one.opens > context.now]
    await context.tx.do(chores.move, NAME, due_at, min(ahead))
    return 1


def plans(rules: Rules) -> list[Planned]:
    """Those of communities that have rounds."""
    settings, places = rules.of(PatrolSettings), rules.places
    return [one for one in settings.plans if rules.is_on(Round.kind, places.resolve(one.place))]


async def _open(context: Context, planned: Planned, since: datetime) -> None:
    """A round for each time that has come since."""
    times = planning.times_of(planned.schedule, context.rules, since, context.now)
    there = await context.tx.ask(queries.begun, planned.name, [one.slot for one in times])
    for one in times:
        if one.slot not in there:
            await _begin(context, planned, one)
    await planning.warn(context, planned.schedule)


async def _begin(context: Context, planned: Planned, one: Occurrence) -> None:
    """With its points and its list as they are now."""
    settings, places = context.rules.of(PatrolSettings), context.rules.places
    spots = tuple(settings.spots[code].at(places) for code in planned.points)
    walk = Walk(
        checklist=await _list(context, planned), spots=spots, is_ordered=planned.is_ordered,
        is_shared=planned.is_campaign,
    )  # fmt: skip
    new = Round(
        id=await context.tx.next_id(), place=places.resolve(planned.place), name=planned.name,
        slot=one.slot, opened_at=one.opens, walk=walk, is_campaign=planned.is_campaign,
        roles=planned.roles, holder=planned.person or None,
        service_minutes=planned.service_minutes,
        clocks={ClockName.WINDOW: Clock(started=one.opens, due=one.closes)},
    )  # fmt: skip
    is_asked = one.fate is Fate.AHEAD and one.closes > context.now
    begun = rounds.begin(new, context.now, context.rules, is_asked=is_asked)
    await performing.write(context, begun, SYSTEM)
    if one.fate is Fate.EXCUSED:
        await context.perform(begun.subject, Action.SKIP, SYSTEM)


async def _list(context: Context, planned: Planned) -> Checklist:
    """A new version where it reads otherwise; rounds that are open keep theirs."""
    place = community_of(context.rules.places.resolve(planned.place))
    items = tuple(line.item for line in planned.items)
    known = await context.tx.ask(checklists.current, place, planned.name)
    new = Checklist(place=place, name=planned.name, items=items)
    found = checklist.revised(known, items) if known else new
    await context.tx.do(checklists.keep, found, SYSTEM.id, context.now)
    return found
