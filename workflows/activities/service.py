"""Doing something with an activity: what the desk does with any subject; besides, what its kernels
keep, whom the line is told of, and what comes of it in other workflows.
"""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from workflows.activities import effects, lifecycle
from workflows.activities.model import GUESTS, HELPERS, Activity
from workflows.activities.needs import SHOWN, SPEAKER, UNSURE
from workflows.activities.settings import ActivitySettings
from workflows.activities.store import queries
from workflows.activities.store.kept import write_beside
from workflows.activities.words import Action, State, To
from workflows.core.kernels.causes import Seed
from workflows.core.kernels.slots import Slot
from workflows.core.people import SYSTEM, Person
from workflows.core.placing.finding import find
from workflows.core.talk.needs import NOTHING, PHOTOS, TEXT, Answers
from workflows.desk import performing, spawning
from workflows.desk.context import Context
from workflows.desk.seating import tell_line

SERVICE = "service"  # the kind by which verified minutes are written down, where there is one
_TURNS = {Action.CLOSE, Action.CALL_OFF, Action.REPEAT}  # after which a series may go on
_GOING = {State.ANNOUNCED, State.RUNNING}


async def perform(
    context: Context, activity: Activity, action: Action, actor: Person,
    answers: Answers = NOTHING,
) -> Activity:  # fmt: skip
    """Let `actor` do `action`. Raises Refusal and writes nothing."""
    if action in {Action.JOIN, Action.HELP}:
        answers = answers.having(UNSURE, await _is_unsure(context, actor))
    if action is Action.PHOTO:
        answers = Answers({SHOWN: answers[PHOTOS]})
    moved: Activity = await performing.perform(context, activity, action, actor, answers)
    await context.tx.do(write_beside, activity, moved)
    if activity.stage.seats and action is not Action.CALL_OFF:
        await tell_line(context, moved, activity.slots, actor, To.LEADER)
    if action is Action.HEAR:
        await _file(context, moved, actor, answers)
    if action is Action.SUM_UP:
        await _thank(context, moved, actor)
    if action in _TURNS and moved.goes_on and moved.state not in _GOING:
        await _follow(context, moved)
    return moved


async def _is_unsure(context: Context, person: Person) -> bool:
    """Whether somebody signed up and did not come so often that he is asked the day before."""
    own = context.rules.of(ActivitySettings)
    since = context.now - timedelta(days=own.no_show_days)
    return await context.tx.ask(queries.no_shows, person.id, since) >= own.no_shows


async def begin(
    context: Context, person: Person, place: str, title: str = "", cause: int = 0
) -> Activity:
    """A new activity at a place, to be planned; `cause` is what made it wanted."""
    number = await context.tx.next_id()
    slots = tuple(Slot(subject=number, name=name, capacity=0) for name in (GUESTS, HELPERS))
    new = Activity(
        id=number, leader=person.id, place=place, title=title, opened_at=context.now, slots=slots
    )
    return await _begin(context, new, person, cause)


async def _begin(context: Context, new: Activity, by: Person, cause: int = 0) -> Activity:
    decision = lifecycle.begin(new, by, context.now, context.rules, cause)
    await performing.write(context, decision, by)
    await context.tx.do(write_beside, replace(new, slots=()), new)
    return decision.subject


async def _follow(context: Context, last: Activity) -> None:
    """The next meeting of its series is there as soon as this one is over, and not before."""
    if context.rules.is_on(Activity.kind, last.place):
        number = await context.tx.next_id()
        new = effects.following(last, number, context.now, context.rules)
        await perform(context, await _begin(context, new, SYSTEM), Action.SUBMIT, SYSTEM)


async def spawned(context: Context, seed: Seed) -> Activity:
    """What another subject causes is planned by its person, or who stands above."""
    return await begin(context, seed.person, seed.place, seed.text, seed.cause)


async def _file(context: Context, activity: Activity, actor: Person, answers: Answers) -> None:
    """What somebody said there that he needs is a petition, on his behalf where he gave a name."""
    said, speaker = answers[TEXT], answers[SPEAKER].strip("- ")
    found = find(said, context.rules.places, activity.place)
    seed = Seed(
        cause=activity.id, place=found.place or activity.place, text=said, person=actor,
        on_behalf=speaker, has_consent=bool(speaker), attachments=answers[PHOTOS],
    )  # fmt: skip
    await spawning.spawn(context, context.workflows.first.kind, activity, seed, actor)


async def _thank(context: Context, activity: Activity, actor: Person) -> None:
    """The time of each helper, as it was verified, is written down where that is kept."""
    kind, starts = context.workflows.named(SERVICE), activity.starts_at or context.now
    if kind is None or kind.spawned is None or not context.rules.is_on(SERVICE, activity.place):
        return
    local = starts.astimezone(context.rules.zone)
    for helper in sorted({*activity.came} & {*activity.helpers}):
        person, minutes = await context.tx.person(helper), activity.minutes_of(helper)
        if person and minutes:
            facts: dict[str, int | str] = {
                "minutes": minutes, "date": f"{local:%Y-%m-%d}", "service": Activity.kind,
                "starts": local.hour * 60 + local.minute, "verifier": actor.id,
            }  # fmt: skip
            seed = Seed(cause=activity.id, place=activity.place, text=activity.title,
                        person=person, facts=facts)  # fmt: skip
            await spawning.spawn(context, SERVICE, activity, seed, actor)
