"""Every workflow as a cause, and as an effect: linked both ways, called off with a choice."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from folk import ADMIN, BUILDING, CHEN, LEAD, MA, NOW, RULES, WANG, filed
from msgspec import Struct
from msgspec.structs import replace
from roaming import met
from shelf import hire, keep
from trials import REGISTERED, Trial

from bot.config.settings import Settings
from workflows.core.errors import Refusal
from workflows.core.kernels.causes import Seed
from workflows.core.people import SYSTEM, Person
from workflows.core.places import community_of
from workflows.core.talk.forms import Form
from workflows.core.talk.messages import Incoming, Kind
from workflows.core.talk.needs import CHILDREN, Children
from workflows.core.talk.tap import Tap
from workflows.desk import actions, spawning
from workflows.desk.context import Context
from workflows.desk.workflow import Workflow
from workflows.petition.lifecycle import PETITION
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action
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


async def test_what_no_workflow_begins_or_not_there_is_a_mistake(store: Store):
    community = community_of(BUILDING)
    async with store.begin(NOW) as tx:
        context = _context(tx)
        context.rules = replace(RULES, without={"council": frozenset({community})})
        for kind in ("nothing", "council"):
            with pytest.raises(LookupError):
                await spawning.spawn(context, kind, filed(), SEED, WANG)


async def test_nobody_reads_of_what_he_may_not_see(store: Store):
    await keep(store, filed(), filed(1002, resident=WANG.id, author=WANG.id, place="x"))
    async with store.begin(NOW) as tx:
        await spawning.link(_context(tx), filed(), filed(1002), WANG)
        assert await spawning.links(_context(tx), filed(), CHEN) == []


# called off


class Way(Struct, frozen=True):
    """A subject, who calls it off, and by what."""

    subject: Any
    person: Person
    action: Any

    @property
    def workflow(self) -> Workflow:
        return WORKFLOWS.of(self.subject)

    @property
    def form(self) -> Form:
        """His form for it, with every answer."""
        row = self.workflow.row(self.person, self.action, self.subject, NOW, RULES)
        begun = self.workflow.asking.begin(self.subject, row, RULES)
        return replace(begun, needs=(), answers={"text": "不用了"})


def _ways_off(trial: Trial) -> list[Way]:
    """One for each state in which somebody can end what he wanted, each with a number."""
    found = {}
    for subject in met(trial):
        for person in (one for one in trial.standing(subject) if one is not SYSTEM):
            for action in trial.flow.actions(trial.command(subject, trial.flow.begins, person)):
                row = trial.flow.row_for(trial.command(subject, action, person))
                if any(trial.flow.stages[to].called_off for to in trial.flow.targets(row) if to):
                    found[row.target] = (subject, person, action)
    return [
        Way(_numbered(subject, 1001 + i), *how) for i, (subject, *how) in enumerate(found.values())
    ]


def _numbered(subject: Any, number: int) -> Any:
    own = {"draft_id": f"draft{number}"} if subject.kind == "petition" else {}
    return replace(subject, id=number, **own)


async def _tried(store: Store, way: Way) -> None:
    """It is stored with a child of his, and he does all but say what becomes of that."""
    child = filed(way.subject.id + 1000, resident=way.person.id, author=way.person.id)
    await keep(store, child)
    async with store.begin(NOW) as tx:
        tx.put(way.subject, ())
    async with store.begin(NOW) as tx:
        context, cause = _context(tx), await tx.subject(way.subject.id)
        await tx.get(TICKETS, child.id)
        await spawning.link(context, cause, child, way.person)
        await actions.go_on(way.workflow, context, way.form, cause, way.person, _said(way.person))


async def _answered(store: Store, way: Way, answer: Children) -> tuple[Any, Any]:
    """What has become of it and of the child, once he has said it."""
    number = way.subject.id
    tap = Tap(kind="form", subject=number, verb=way.action.value, args=(CHILDREN.name, answer))
    async with store.begin(NOW) as tx:
        context, dialog = _context(tx), await tx.dialog(way.person.id)
        said = _said(way.person, tap)
        await actions.tap_form(way.workflow, context, dialog, said, way.person)
    async with store.read(NOW) as tx:
        return await tx.subject(number), await tx.subject(number + 1000)


def _said(person: Person, tap: Tap | None = None) -> Incoming:
    more: dict[str, Any] = {"kind": Kind.PRESS, "tap": tap} if tap else {"kind": Kind.TEXT}
    return Incoming(update_id=1, at=NOW, person_id=person.id, chat_id=person.id, message_id=1,
                    text="", **more)  # fmt: skip


@every
@pytest.mark.parametrize("answer", list(Children))
async def test_who_calls_it_off_says_what_becomes_of_what_came_of_it(
    trial: Trial, answer: Children, store: Store
):
    for way in _ways_off(trial):
        await _tried(store, way)
        async with store.read(NOW) as tx:
            cause, dialog = await tx.subject(way.subject.id), await tx.dialog(way.person.id)
        assert (cause.state, dialog.form.need) == (way.subject.state, CHILDREN.name)
        cause, child = await _answered(store, way, answer)
        assert trial.flow.stages[cause.state].called_off
        assert PETITION.stages[child.state].called_off is (answer is Children.END)


@every
async def test_nothing_is_asked_where_nothing_open_came_of_it(trial: Trial, store: Store):
    async with store.begin(NOW) as tx:
        for way in _ways_off(trial):
            tx.put(way.subject, ())
            assert not await spawning.is_to_be_asked(
                _context(tx), way.subject, way.form, way.person
            )


async def test_a_step_that_does_not_call_it_off_asks_nothing(store: Store):
    """A petition that others follow is theirs when its resident gives it up."""
    await keep(store, filed(followers=frozenset({MA.id})), filed(2001))
    async with store.begin(NOW) as tx:
        context = _context(tx)
        await tx.get_all(TICKETS, [1001, 2001])
        cause = await tx.subject(1001)
        await spawning.link(context, cause, await tx.subject(2001), CHEN)
        form = Way(cause, CHEN, Action.WITHDRAW).form
        assert not await spawning.is_to_be_asked(context, cause, form, CHEN)
        alone = replace(cause, followers=frozenset())
        assert await spawning.is_to_be_asked(context, alone, form, CHEN)


async def test_a_cause_that_is_over_or_open_again_changes_nothing_of_its_effect(store: Store):
    """What came of it, however it was ended, stays as it is."""
    await keep(store, filed(), filed(1002))
    async with store.begin(NOW) as tx:
        context = _context(tx)
        cause, effect = [await tx.get(TICKETS, number) for number in (1001, 1002)]
        await spawning.link(context, cause, effect, WANG)
        effect = await context.perform(effect, Action.WITHDRAW, CHEN)
        closed = await context.perform(cause, Action.DECLINE, LEAD)
        await context.perform(closed, Action.REVIVE, LEAD)
        assert await tx.get(TICKETS, 1002) == effect
