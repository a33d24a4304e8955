"""What a workflow's words name is there: columns, templates, words, clocks, people, questions."""

from collections.abc import Iterator
from typing import Any

import pytest
from beside import samples
from folk import NOW
from template_names import ROOT
from trials import REGISTERED, Trial
from upheld import audiences_of

from bot.config.settings import Settings
from bot.config.words import read_words
from workflows.core.engine.subject import ERASE
from workflows.core.talk.messages import To
from workflows.core.talk.needs import TO
from workflows.core.talk.tap import Tap
from workflows.core.talk.tap_text import fitted
from workflows.desk.inbound import commands
from workflows.desk.inbound.router import rooms
from workflows.desk.workflow import Workflows
from workflows.registry import CLOCKS, WORKFLOWS
from workflows.store import tables as t

every = pytest.mark.parametrize("trial", REGISTERED, ids=repr)
WORDS = read_words("zh")[0].by_kind


# what is kept


@every
def test_every_name_fits_its_columns(trial: Trial):
    kept = trial.kept
    columns = (
        ([kept.kind], t.subjects.c.kind), (kept.states, kept.table.c.state),
        (kept.states, t.events.c.source), (kept.actions, t.events.c.action),
        (kept.actions, t.attachments.c.action), (kept.clocks, t.timers.c.clock),
    )  # fmt: skip
    for names, column in columns:
        assert [name for name in names if len(name) > column.type.length] == [], column


@every
def test_every_action_fits_a_button(trial: Trial):
    for action in trial.kept.actions:
        assert fitted(Tap(kind=trial.kept.kind, subject=10**18 - 1, verb=action, args=("99",)))


@every
def test_its_sample_is_fresh(trial: Trial):
    flow, now = trial.flow, trial.sample.now
    for subject in trial.sample.fresh:
        assert (subject.kind, subject.state, subject.ended_at) == (flow.kind, flow.start, None)
        assert flow.clockwork.timers(subject, trial.sample.rules)[0].due_at > now == NOW


def test_a_workflow_without_a_sample_is_told_what_is_missing():
    with pytest.raises(AssertionError, match=r"tests/nothing/samples\.py is missing"):
        samples("nothing")


# what people read


@every
def test_every_row_tells_those_there_are_what_there_is(trial: Trial):
    known, there = audiences_of(trial), _templates(trial)
    for row in trial.flow.steps:
        for to, template in row.tells:
            assert to in known or (to == To.NAMED and TO in row.needs), (row.action, to)
            assert template in there, (row.action, template)


def _templates(trial: Trial) -> set[str]:
    names = (trial.flow.kind, trial.workflow.part_of or trial.flow.kind, "common")
    folders = (ROOT / "templates" / "zh" / name for name in names)
    return {path.stem for folder in folders for path in folder.glob("*.html")}


@every
def test_whoever_must_act_can_be_told(trial: Trial):
    holders = {stage.holder for stage in trial.flow.stages.values() if stage.holder}
    assert holders <= audiences_of(trial)
    assert trial.flow.promised_to in {None, *audiences_of(trial)}


@every
def test_everything_has_its_words(trial: Trial):
    missing = [(table, key) for table, key in _worded(trial) if not _word(trial, table, key)]
    assert missing == []


def _worded(trial: Trial) -> Iterator[tuple[str, str]]:
    kept, readers = trial.kept, trial.workflow.readers
    for keys, tables in (
        (kept.states, ("state", "resident_state")), (kept.actions, ("action", "step", "done")),
        (kept.clocks, ("clock", "duty")), (readers.told, ("resident_step",)),
        ({section.key for section in trial.workflow.lists.sections}, ("board",)),
    ):  # fmt: skip
        yield from ((table, str(key)) for table in tables for key in keys)


def _word(trial: Trial, table: str, key: str) -> Any:
    folders = (WORDS.get(trial.flow.kind, {}), WORDS["common"])
    return next((f[table][key] for f in folders if f.get(table, {}).get(key)), None)


@every
def test_whatever_is_asked_has_its_question_and_is_kept(trial: Trial):
    asked, known = trial.workflow.asking.forms.needs, _templates(trial)
    for row in trial.flow.steps:
        for need in row.needs:
            assert asked.get(need.name) is need, (row.action, need.name)
            asks = row.action if need.is_words else need.name
            assert {f"form_{asks}", f"form_{trial.flow.kind}_{asks}"} & known, row.action


# what its parts name


@every
def test_its_parts_name_actions_and_needs_that_there_are(trial: Trial):
    asking, readers = trial.workflow.asking, trial.workflow.readers
    actions = {*asking.on_card, *asking.by_reply, *asking.at_home, *asking.shown_anew}
    actions |= {*readers.told, *readers.own, *asking.forms.lapsing}
    assert actions <= {*trial.flow.named, trial.flow.begins}
    assert {*asking.choices, *asking.behind} <= set(asking.forms.needs.values())
    assert trial.workflow.cards.heeds <= _templates(trial)


@every
def test_every_clock_runs_by_the_config(trial: Trial):
    """By its own table there; the one that the ladder alone says has none."""
    rules, kind = trial.sample.rules, trial.flow.kind
    assert set(rules.clocks[kind]) == set(trial.kept.clocks)
    assert set(CLOCKS[kind].usual) <= set(trial.kept.clocks)
    assert set(CLOCKS[kind].urgent) <= set(trial.kept.clocks)


@every
def test_words_can_be_taken_out_of_whatever_is_over(trial: Trial):
    ends = {state for state, stage in trial.flow.stages.items() if stage.is_end}
    rows = [row for row in trial.flow.steps if row.action == ERASE]
    assert ends <= {s for row in rows if row.who.value & trial.system for s in row.sources}


# beside each other


def test_no_two_workflows_and_no_room_of_the_desk_have_one_name():
    kinds = [one.kind for one in WORKFLOWS]
    assert len(set(kinds)) == len(kinds)
    assert set(kinds) | WORKFLOWS.taps.keys() <= rooms(WORKFLOWS).keys()
    assert not WORKFLOWS.commands.keys() & {*commands._PRIVATE, *commands._GROUP}
    assert not WORKFLOWS.links.keys() & {"iv", "at"}
    assert len(WORKFLOWS.sections) == sum(len(one.lists.sections) for one in WORKFLOWS)
    assert not set(kinds[1:]) & set(Settings.__annotations__)


@pytest.mark.parametrize("names", ["taps", "commands", "links", "sections"])
def test_of_two_that_want_one_name_neither_has_it(names: str):
    twice = Workflows(WORKFLOWS.first, WORKFLOWS.first)
    with pytest.raises(ValueError, match="two want"):
        getattr(twice, names)
