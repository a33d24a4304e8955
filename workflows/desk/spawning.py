"""One subject is the cause of another, of whatever kind: the only way in which workflows meet.

A cause that is over or open again changes nothing of what came of it; one that is called off asks
whoever does so.
"""

from __future__ import annotations

from typing import Any

from workflows.core.engine.subject import Event
from workflows.core.errors import Refusal
from workflows.core.kernels.causes import ChainError, Link, Seed
from workflows.core.people import Person
from workflows.core.talk.forms import Form
from workflows.core.talk.messages import Values
from workflows.core.talk.needs import CHILDREN, TEXT, Answers
from workflows.desk.context import Context
from workflows.store.kernels import causes


async def spawn(context: Context, kind: str, cause: Any, seed: Seed, by: Person) -> Any:
    """Begin a subject of this kind because of another; `by` lets it. Returns it. Raises Refusal
    where the chain is too long already, LookupError where nothing of this kind is begun so, or its
    community does not have it.
    """
    workflow = context.workflows.named(kind)
    if workflow is None or workflow.spawned is None or not context.rules.is_on(kind, seed.place):
        raise LookupError(kind)
    try:
        await context.tx.ask(causes.check, cause.id)
    except ChainError as error:
        raise Refusal("refused_chain") from error
    effect = await workflow.spawned(context, seed)
    await link(context, cause, effect, by)
    return effect


async def link(context: Context, cause: Any, effect: Any, by: Person) -> None:
    """What is there already has this cause, too. Raises Refusal."""
    new = Link(cause=cause.id, effect=effect.id, at=context.now, by=by.id)
    try:
        await context.tx.do(causes.link, new)
    except ChainError as error:
        raise Refusal("refused_chain") from error


async def done(context: Context, event: Event, effect: Any, actor: Person) -> None:
    """Whoever caused it hears, where with this step the work on it is done or given up."""
    stages = context.workflows.of(effect).flow.stages
    if not stages[event.source].is_work or stages[event.target].is_work:
        return
    above = await context.tx.ask(causes.causes_of, effect.id)
    for cause in await context.tx.subjects(one.cause for one in above):
        await context.workflows.of(cause).caused(context, cause, effect, actor)


async def links(context: Context, subject: Any, person: Person) -> list[Values]:
    """What its timeline says of them, as far as this person may see what is at the other end."""
    above = await context.tx.ask(causes.causes_of, subject.id)
    below = await context.tx.ask(causes.effects_of, subject.id)
    ends = [(one.cause, True) for one in above] + [(one.effect, False) for one in below]
    seen = {one.id: one.kind for one in await _seen(context, [i for i, _ in ends], person)}
    return [
        {"number": number, "kind": seen[number], "is_cause": is_cause}
        for number, is_cause in ends
        if number in seen
    ]


async def _seen(context: Context, ids: list[int], person: Person) -> list[Any]:
    found = await context.tx.subjects(ids)
    return [x for x in found if context.workflows.of(x).readers.may_see(person, x)]


async def is_to_be_asked(context: Context, subject: Any, form: Form, person: Person) -> bool:
    """Whether this form calls its subject off, and something came of it that he could call off
    too. Raises Refusal where it cannot be done at all.
    """
    workflow = context.workflows.of(subject)
    rows = [row for row in workflow.flow.steps if row.action == form.action]
    if CHILDREN.name in form.answers or not any(_is_called_off(workflow, row) for row in rows):
        return False
    action = workflow.action(form.action)
    row = workflow.row(person, action, subject, context.now, context.rules)
    return _is_called_off(workflow, row) and bool(await _to_call_off(context, subject, person))


async def call_off(context: Context, subject: Any, person: Person, answers: Answers) -> None:
    """What came of it is called off in the same words, and what came of that, as far as this
    person may.
    """
    said = Answers({TEXT: answers[TEXT]})
    for child, action in await _to_call_off(context, subject, person):
        ended = await context.perform(child, action, person, said)
        await call_off(context, ended, person, said)


async def _to_call_off(context: Context, subject: Any, person: Person) -> list[tuple[Any, Any]]:
    """What came of a subject and is still open, each with the step by which he could end it."""
    below = await context.tx.ask(causes.effects_of, subject.id)
    found = await context.tx.subjects(one.effect for one in below)
    pairs = [(child, _way_off(context, child, person)) for child in found if not child.ended_at]
    return [(child, action) for child, action in pairs if action is not None]


def _way_off(context: Context, child: Any, person: Person) -> Any:
    workflow = context.workflows.of(child)
    told = (person, child, context.now, context.rules)
    for action in workflow.actions(*told):
        row = workflow.row(person, action, child, context.now, context.rules)
        if _is_called_off(workflow, row):
            return action
    return None


def _is_called_off(workflow: Any, row: Any) -> bool:
    stages = workflow.flow.stages
    return any(stages[to].called_off for to in workflow.flow.targets(row) if to)
