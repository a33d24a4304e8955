"""Doing something with a topic: what the desk does with any subject, and the box beside it."""

from __future__ import annotations

from workflows.core.kernels.causes import Seed
from workflows.core.people import Person
from workflows.core.talk.needs import NOTHING, Answers
from workflows.council import lifecycle
from workflows.council.model import Tally, Topic
from workflows.council.needs import CHOICE, TALLY
from workflows.council.store import box
from workflows.council.words import Action, Choice
from workflows.desk import performing
from workflows.desk.context import Context


async def perform(
    context: Context, topic: Topic, action: Action, actor: Person, answers: Answers = NOTHING
) -> Topic:
    """Let `actor` do `action`. Raises Refusal and writes nothing.

    The box is opened by nothing but the closing of the vote.
    """
    if action is Action.CLOSE:
        answers = answers.having(TALLY, await _opened(context, topic))
    moved: Topic = await performing.perform(context, topic, action, actor, answers)
    if action is Action.VOTE and (choice := answers[CHOICE]):
        await context.tx.do(box.put, topic.id, choice)
    return moved


async def _opened(context: Context, topic: Topic) -> Tally:
    """The ballots of the box. A word that is none of the three counts as nothing, and the admins
    hear of it: a vote must come to its end.
    """
    found = await context.tx.ask(box.opened, topic.id)
    odd = sum(number for said, number in found.items() if said not in set(Choice))
    if odd:
        await context.alert("alert_box", about=topic.id, ballots=odd)
    return Tally(**{choice.value: found.get(choice.value, 0) for choice in Choice})


async def begin(
    context: Context, person: Person, place: str, text: str, cause: int = 0
) -> Topic:  # fmt: skip
    """A new topic of a building, of which its people hear; `cause` is what made it needed."""
    topic = Topic(
        id=await context.tx.next_id(), raiser=person.id, place=place, text=text,
        raised_at=context.now,
    )  # fmt: skip
    decision = lifecycle.begin(topic, person, context.now, context.rules, cause)
    await performing.write(context, decision, person)
    return decision.subject


async def spawned(context: Context, seed: Seed) -> Topic:
    """What another subject causes is raised by its person."""
    return await begin(context, seed.person, seed.place, seed.text, seed.cause)
