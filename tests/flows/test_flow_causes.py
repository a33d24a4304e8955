"""Every workflow as a cause, and as what comes of one: linked both ways, called off with a choice."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from folk import ADMIN, BUILDING, CHEN, LEAD, NOW, RULES, WANG, filed
from roaming import met
from shelf import hire, keep
from trials import REGISTERED, Trial

from bot.config.settings import Settings
from workflows.core.errors import Refusal
from workflows.core.kernels.causes import Seed
from workflows.core.people import Person
from workflows.core.talk.messages import Incoming, Kind
from workflows.core.talk.needs import CHILDREN
from workflows.core.talk.tap import Tap
from workflows.desk import actions, spawning
from workflows.desk.context import Context
from workflows.petition.model import Ticket
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import State
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store, Tx
from workflows.store.kernels import causes

every = pytest.mark.parametrize("trial", REGISTERED, ids=repr)
spawning_kinds = pytest.mark.parametrize("kind", [one.kind for one in WORKFLOWS if one.spawned])
SEED = Seed(cause=1001, place=BUILDING, text="3幢充电桩外壳裂了", person=CHEN)


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    """A store with everybody in it."""
    made = Store.open(settings.database.url, KINDS)
    await hire(made, CHEN, WANG, LEAD, ADMIN)
    yield made
    await made.close()


def _context(tx: Tx) -> Context:
    return Context(tx=tx, rules=RULES, workflows=WORKFLOWS, now=NOW, key="t")


@every
def test_what_people_give_up_is_called_off_and_only_an_end_is(trial: Trial):
    stages = trial.flow.stages
    assert all(stage.is_end for stage in stages.values() if stage.called_off)
    assert any(stage.called_off for stage in stages.values())


@every
@spawning_kinds
async def test_what_one_causes_begins_as_any_other_and_both_say_so(
    trial: Trial, kind: str, store: Store
):
    cause = trial.sample.fresh[0]
    async with store.begin(NOW) as tx:
        tx.put(cause, ())
        await tx.next_id()
        effect = await spawning.spawn(_context(tx), kind, cause, SEED, WANG)
    async with store.read(NOW) as tx:
        found = await tx.subject(effect.id)
        assert found and (found.kind, found.place) == (kind, BUILDING)
        [begun, *_] = await tx.timeline(found)
        assert (begun.data["cause"], begun.data["text"]) == (cause.id, SEED.text)
        context, admin = _context(tx), await tx.person(ADMIN.id)
        above = await spawning.links(context, found, admin)
        below = await spawning.links(context, cause, admin)
    assert above == [{"number": cause.id, "kind": trial.flow.kind, "is_cause": True}]
    assert below == [{"number": found.id, "kind": kind, "is_cause": False}]


@spawning_kinds
async def test_the_sixth_of_a_chain_is_refused_and_nothing_begun(kind: str, store: Store):
    await keep(store, filed())
    async with store.begin(NOW) as tx:
        await tx.next_id()
        last = filed()
        for _ in range(5):
            last = await spawning.spawn(_context(tx), kind, last, SEED, WANG)
        with pytest.raises(Refusal, match="refused_chain"):
            await spawning.spawn(_context(tx), kind, last, SEED, WANG)
        assert await tx.ask(causes.effects_of, last.id) == []


async def test_what_no_workflow_begins_so_is_a_mistake(store: Store):
    async with store.begin(NOW) as tx:
        with pytest.raises(LookupError):
            await spawning.spawn(_context(tx), "nothing", filed(), SEED, WANG)


async def test_nobody_reads_of_what_he_may_not_see(store: Store):
    await keep(store, filed(), filed(1002, resident=WANG.id, author=WANG.id, place="x"))
    async with store.begin(NOW) as tx:
        await spawning.link(_context(tx), filed(), filed(1002), WANG)
        assert await spawning.links(_context(tx), filed(), CHEN) == []


# called off


def _ways_off(trial: Trial) -> list[tuple[Any, Person, Any]]:
    """A subject, who calls it off, and by what: one for each such state."""
    found = {}
    for subject in met(trial):
        for person in (p for p in trial.people if p.id):
            for action in trial.workflow.actions(
                person, subject, trial.sample.now, trial.sample.rules
            ):
                row = trial.workflow.row(
                    person, action, subject, trial.sample.now, trial.sample.rules
                )
                if spawning._is_called_off(trial.workflow, row):
                    found[row.target] = (subject, person, action)
    return list(found.values())


async def _called_off(store: Store, way: tuple[Any, Person, Any], answer: str) -> Ticket:
    """The child after its cause was called off with this answer."""
    subject, person, action = way
    workflow = WORKFLOWS.of(subject)
    child = filed(2001, resident=person.id, author=person.id)
    await keep(store, child)
    async with store.begin(NOW) as tx:
        tx.put(subject, ())
    async with store.begin(NOW) as tx:
        context, cause = _context(tx), await tx.subject(subject.id)
        tx.put_person(person)
        await spawning.link(context, cause, child, person)
        row = workflow.row(person, action, cause, NOW, RULES)
        form = workflow.asking.begin(cause, row, RULES)
        form = type(form)(ticket_id=form.ticket_id, kind=form.kind, action=form.action, needs=(),
                          answers={"text": "不用了"})  # fmt: skip
        await actions.go_on(workflow, context, form, cause, person, _said(person))
        dialog = await tx.dialog(person.id)
        assert dialog.form and dialog.form.need == CHILDREN.name
        tap = Tap(kind="form", subject=cause.id, verb=form.action, args=(CHILDREN.name, answer))
        await actions.tap_form(workflow, context, dialog, _said(person, tap), person)
        assert WORKFLOWS.of(cause).flow.stages[(await tx.subject(cause.id)).state].called_off
        found = await tx.get(TICKETS, child.id)
        assert found
        return found


def _said(person: Person, tap: Tap | None = None) -> Incoming:
    more: dict[str, Any] = {"kind": Kind.PRESS, "tap": tap} if tap else {"kind": Kind.TEXT}
    return Incoming(update_id=1, at=NOW, person_id=person.id, chat_id=person.id, message_id=1,
                    text="", **more)  # fmt: skip


@every
async def test_who_calls_it_off_says_what_becomes_of_what_came_of_it(trial: Trial, store: Store):
    for way in _ways_off(trial):
        assert (await _called_off(store, way, "keep")).state is State.UNASSIGNED
        ended = await _called_off(store, way, "end")
        assert ended.state is State.WITHDRAWN


@every
async def test_nothing_is_asked_where_nothing_open_came_of_it(trial: Trial, store: Store):
    for subject, person, action in _ways_off(trial):
        workflow = WORKFLOWS.of(subject)
        async with store.begin(NOW) as tx:
            tx.put(subject, ())
            context = _context(tx)
            row = workflow.row(person, action, subject, NOW, RULES)
            form = workflow.asking.begin(subject, row, RULES)
            assert not await spawning.is_to_be_asked(context, subject, form, person)


async def test_a_cause_that_is_over_or_open_again_changes_nothing_of_its_effect(store: Store):
    """What came of it, however it was ended, stays as it is."""
    await keep(store, filed(), filed(1002))
    async with store.begin(NOW) as tx:
        context = _context(tx)
        cause, effect = [await tx.get(TICKETS, number) for number in (1001, 1002)]
        await spawning.link(context, cause, effect, WANG)
        effect = await context.perform(effect, "withdraw", CHEN)
        closed = await context.perform(cause, "decline", LEAD)
        await context.perform(closed, "revive", LEAD)
        assert await tx.get(TICKETS, 1002) == effect
