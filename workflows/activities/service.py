"""Doing something with an activity: what the desk does with any subject; besides, whom the line is
told of, what its kernels keep, and what comes of it in other workflows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from msgspec.structs import replace

from workflows.activities import lifecycle
from workflows.activities.model import HELPERS, Activity
from workflows.activities.needs import SPEAKER, UNSURE
from workflows.activities.settings import ActivitySettings
from workflows.activities.store import queries
from workflows.activities.store.kept import write_beside
from workflows.activities.words import Action, To
from workflows.core.kernels import schedule, slots
from workflows.core.kernels.causes import Seed
from workflows.core.kernels.schedule import Fate, OnHoliday, Plan
from workflows.core.kernels.slots import Claim, Standing
from workflows.core.people import SYSTEM, Person
from workflows.core.placing.finding import find
from workflows.core.talk.messages import Notice
from workflows.core.talk.needs import NOTHING, PHOTOS, TEXT, Answers
from workflows.desk import performing, spawning
from workflows.desk.context import Context

SERVICE = "service"  # the kind by which verified minutes are written down, where there is one
_FARTHEST = timedelta(days=60)  # the next of a series


async def perform(
    context: Context, activity: Activity, action: Action, actor: Person,
    answers: Answers = NOTHING,
) -> Activity:  # fmt: skip
    """Let `actor` do `action`. Raises Refusal and writes nothing."""
    if action in {Action.JOIN, Action.HELP}:
        answers = answers.having(UNSURE, await _is_unsure(context, actor))
    moved: Activity = await performing.perform(context, activity, action, actor, answers)
    await context.tx.do(write_beside, activity, moved)
    if activity.stage.seats and action is not Action.CALL_OFF:
        await _tell_the_line(context, activity, moved, actor)
    if follow := _FOLLOWS.get(action):
        await follow(context, moved, actor, answers)
    return moved


async def _is_unsure(context: Context, person: Person) -> bool:
    """Whether somebody signed up and did not come so often that he is asked the day before."""
    own = context.rules.of(ActivitySettings)
    since = context.now - timedelta(days=own.no_show_days)
    return await context.tx.ask(queries.no_shows, person.id, since) >= own.no_shows


async def _tell_the_line(
    context: Context, before: Activity, after: Activity, actor: Person
) -> None:  # fmt: skip
    """Whoever stands otherwise than before hears it, but who did it; of those on paper, who leads
    it, so that somebody calls them.
    """
    for slot in after.slots:
        for was, now in slots.changes(before.slot(slot.name), slot):
            person = now.person if now else was.person if was else 0
            is_news = now is None or now.standing is Standing.OFFERED or _is_moved(was, now)
            if is_news and person != actor.id:
                is_held = now is not None and now.standing is Standing.OFFERED
                is_in = now is not None and now.standing is Standing.IN
                notice = Notice(
                    to=person if person > 0 else To.LEADER, ticket_id=after.id, is_card=True,
                    template="activity_call" if person < 0 else "activity_offered" if is_held
                    else "activity_in" if is_in else "activity_let_go",
                )  # fmt: skip
                await context.tell(after, notice, actor)


def _is_moved(was: Claim | None, now: Claim) -> bool:
    """Whether somebody who was there before stands otherwise now."""
    return was is not None and was.standing is not now.standing


async def begin(
    context: Context, person: Person, place: str, title: str = "", cause: int = 0
) -> Activity:
    """A new activity at a place, to be planned; `cause` is what made it wanted."""
    number = await context.tx.next_id()
    new = Activity(
        id=number, leader=person.id, place=place, title=title, opened_at=context.now
    )  # fmt: skip
    return await _begun(context, new, person, cause)


async def _begun(context: Context, new: Activity, by: Person, cause: int = 0) -> Activity:
    decision = lifecycle.begin(new, by, context.now, context.rules, cause)
    await performing.write(context, decision, by)
    return decision.subject


async def spawned(context: Context, seed: Seed) -> Activity:
    """What another subject causes is planned by its person, or who stands above."""
    return await begin(context, seed.person, seed.place, seed.text, seed.cause)


async def _go_on(context: Context, activity: Activity, _: Person, __: Answers) -> None:
    """Of a series the next one is announced: the same plan, and everybody signs up anew."""
    opens = activity.starts_at
    if not activity.is_weekly or opens is None:
        return
    local, rules = opens.astimezone(context.rules.zone), context.rules
    plan = Plan(rule="FREQ=WEEKLY", first=local.date(), opens=local.time(),
                lasts=timedelta(minutes=activity.minutes), on_holiday=OnHoliday.SKIP)  # fmt: skip
    since = max(context.now, opens + timedelta(minutes=1))
    ahead = schedule.expand(plan, activity.id, rules.working, since, since + _FARTHEST)
    new = Activity(
        id=await context.tx.next_id(), leader=activity.leader, place=activity.place,
        title=activity.title, opened_at=context.now, venue=activity.venue, is_weekly=True,
        starts_at=next(x.opens for x in ahead if x.fate is Fate.AHEAD), minutes=activity.minutes,
        series=activity.series,
    )  # fmt: skip
    begun = await _begun(context, new, SYSTEM)
    seated = tuple(
        slots.Slot(subject=new.id, name=one.name, capacity=one.capacity, version=1)
        for one in activity.slots
    )
    await context.tx.do(write_beside, begun, replace(begun, slots=seated))
    await context.perform(replace(begun, slots=seated), Action.SUBMIT, SYSTEM)


async def _file(context: Context, activity: Activity, actor: Person, answers: Answers) -> None:
    """What somebody said there that he needs is a petition, on his behalf where he gave a name."""
    said, speaker = answers[TEXT], answers[SPEAKER].strip("- ")
    found = find(said, context.rules.places, activity.place)
    seed = Seed(
        cause=activity.id, place=found.place or activity.place, text=said, person=actor,
        on_behalf=speaker, has_consent=bool(speaker), attachments=answers[PHOTOS],
    )  # fmt: skip
    await spawning.spawn(context, context.workflows.first.kind, activity, seed, actor)


async def _thank(context: Context, activity: Activity, actor: Person, _: Answers) -> None:
    """The time of each helper, as it was verified, is written down where that is kept."""
    kind, starts = context.workflows.named(SERVICE), activity.starts_at or context.now
    if kind is None or kind.spawned is None or not context.rules.is_on(SERVICE, activity.place):
        return
    day = f"{starts.astimezone(context.rules.zone):%Y-%m-%d}"
    for helper in set(activity.came) & set(activity.coming(HELPERS)):
        person, minutes = await context.tx.person(helper), activity.minutes_of(helper)
        if person and minutes:
            seed = Seed(
                cause=activity.id, place=activity.place, text=activity.title, person=person,
                facts={"minutes": minutes, "date": day, "service": Activity.kind,
                       "verifier": actor.id},
            )  # fmt: skip
            await spawning.spawn(context, SERVICE, activity, seed, actor)


_FOLLOWS: dict[Action, Callable[[Context, Activity, Person, Answers], Awaitable[None]]] = {
    Action.CLOSE: _go_on,
    Action.HEAR: _file,
    Action.SUM_UP: _thank,
}
