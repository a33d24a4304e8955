"""What the desk does in every state of every workflow: who may leave, who reads what."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from msgspec.structs import replace
from roaming import met
from trials import REGISTERED, Trial

from bot.config.settings import Settings
from bot.telegram.render import Renderer
from workflows.core.people import Person
from workflows.core.talk.messages import Priority
from workflows.desk.context import Context
from workflows.desk.outbound.composing import Composer
from workflows.desk.people import leaving
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Owed, Store

every = pytest.mark.parametrize("trial", REGISTERED, ids=repr)


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    """An empty store."""
    made = Store.open(settings.database.url, KINDS)
    yield made
    await made.close()


@every
async def test_whoever_has_it_in_hand_can_leave_the_roster(trial: Trial, store: Store):
    holder, stages = trial.workflow.hands.holder, trial.flow.stages
    for subject in _one_in_each_state(trial, holder):
        if not stages[subject.state].is_end:
            await _put(store, trial, subject)
            left = await _left(store, trial, subject, Person(id=holder(subject), name=""))
            stays = left.state is subject.state and stages[left.state].keeps_holder
            assert stays or holder(left) != holder(subject), subject.state


def _one_in_each_state(trial: Trial, having: Callable[[Any], object]) -> list[Any]:
    """The last of those that were met with this."""
    return list({subject.state: subject for subject in met(trial) if having(subject)}.values())


async def _put(store: Store, trial: Trial, subject: Any) -> None:
    async with store.begin(trial.sample.now) as tx:
        had = await tx.subject(subject.id)
        tx.put(replace(subject, version=had.version + 1 if had else 1), ())


async def _left(store: Store, trial: Trial, subject: Any, person: Person) -> Any:
    """The subject after this person has left."""
    now, rules = trial.sample.now, trial.sample.rules
    async with store.begin(now) as tx:
        context = Context(tx=tx, rules=rules, workflows=WORKFLOWS, now=now, key="left")
        await leaving.release(context, person)
        return await tx.subject(subject.id)


@every
async def test_who_waits_reads_what_came_of_it_only_where_that_is_the_answer(
    trial: Trial, store: Store, renderer: Renderer
):
    """Even where there is one already, as while somebody looks at it a second time."""
    name = trial.sample.outcome
    outcomes = [getattr(subject, name) for subject in met(trial)]
    came, empty, read = next(filter(None, outcomes)), outcomes[0], set()
    for subject in _one_in_each_state(trial, bool):
        full, bare = (replace(subject, **{name: outcome}) for outcome in (came, empty))
        cards = [await _card(trial, store, renderer, one) for one in (full, bare)]
        read |= {subject.state} if cards[0] != cards[1] else set()
    answers = {state for state, stage in trial.flow.stages.items() if stage.is_answer}
    assert read and read <= answers


async def _card(trial: Trial, store: Store, renderer: Renderer, subject: Any) -> str:
    """As who brought it reads it."""
    reader = _at_home(trial, subject)
    owed = Owed(
        id=1, token="", chat_id=reader.id, ticket_id=subject.id, kind="card", template="card",
        values={}, buttons=(), attachments=(), priority=Priority.REPLY, answers=False, attempts=1,
        is_plain=False, card=None, is_blocked=False,
    )  # fmt: skip
    async with store.read(trial.sample.now) as tx:
        tx.put_person(reader)
        tx.put(subject, ())
        composer = Composer(tx, trial.sample.rules, WORKFLOWS, trial.sample.now)
        return renderer.draw(await composer.compose(owed)).text


def _at_home(trial: Trial, subject: Any) -> Person:
    readers = trial.workflow.readers
    own = (p for p in trial.people if readers.is_own(p, subject) and p.id)
    return next(person for person in own if not readers.is_work(person, subject))
