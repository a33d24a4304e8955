"""What stands in front on a card, of every registered workflow alike: few, the likeliest first."""

from itertools import combinations
from typing import Any

import pytest
from trials import REGISTERED, Trial

from workflows.core.engine.front import AT_MOST, split
from workflows.desk.outbound.keyboard import drawn
from workflows.petition.front import BEHIND, FRONT
from workflows.petition.lifecycle import PETITION
from workflows.petition.rules.relations import Relation
from workflows.petition.words import Action, State

A, R, S = Action, Relation, State
every = pytest.mark.parametrize("trial", REGISTERED, ids=repr)
NOT_MINE = {A.PASS, A.RETURN, A.TRANSFER, A.MOVE, A.REFER}
WAITED_FOR = {A.TELL, A.REPORT, A.ATTEND}  # of a handler
ONLY_LOOKS = {"steps", "text", "files"}


def _allowed(trial: Trial, state: Any, who: Any) -> list[str]:
    """All that could ever be allowed to who stands so, whatever the conditions say of a subject."""
    flow, rows = trial.flow, trial.flow.steps
    able = {row.action for row in rows if state in row.sources and row.who & who}
    return [action for action in flow.named if action in able]


def _names(trial: Trial, state: Any, who: Any) -> list[str]:
    named = {*trial.flow.front.get(state, ()), *trial.flow.behind}
    looks = sorted(named - {*trial.flow.named})
    return [*_allowed(trial, state, who), *looks]


def _stances(trial: Trial) -> list[Any]:
    """Each way to stand to a subject, and any two at once."""
    row = trial.flow.steps[0].who
    system = type(row)(trial.system)
    flags = [flag for flag in type(row) if flag is not system]
    return [*flags, *(a | b for a, b in combinations(flags, 2))]


def _cards(trial: Trial, *, is_behind: bool = False) -> list[Any]:
    """The card of every state for every stance: what it is of, and its buttons."""
    subject, rules = trial.sample.fresh[0], trial.sample.rules
    spread = trial.workflow.cards.spread
    found = []
    for state in trial.flow.stages:
        here = type(subject)(**{**_fields(subject), "state": state})
        for who in _stances(trial):
            names = _names(trial, state, who)
            rows = drawn(trial.flow, here, names, lambda n, s=here: spread(s, n, rules),
                         is_behind=is_behind)  # fmt: skip
            found.append((state, who, names, [b for row in rows for b in row]))
    return found


def _fields(subject: Any) -> dict[str, Any]:
    return {name: getattr(subject, name) for name in subject.__struct_fields__}


@every
def test_no_card_has_more_than_six_buttons_in_front(trial: Trial):
    for state, who, _, buttons in _cards(trial):
        assert len(buttons) <= AT_MOST, (state, who, [b.label for b in buttons])


@every
def test_whatever_may_be_done_is_in_front_or_behind_the_one_button(trial: Trial):
    behind = {(s, w): buttons for s, w, _, buttons in _cards(trial, is_behind=True)}
    for state, who, names, buttons in _cards(trial):
        spread = trial.workflow.cards.spread
        subject, rules = trial.sample.fresh[0], trial.sample.rules
        wanted = {b.tap.verb for name in names for b in spread(subject, name, rules)}
        has_more = any(b.tap.verb == "more" for b in buttons)
        here = buttons + (behind[state, who] if has_more else [])
        assert wanted <= {b.tap.verb for b in here}, (state, who)


def test_a_single_button_is_not_hidden_behind_another():
    assert split({"a": 1, "b": 1}, ("a",)).behind == ()
    assert split(dict.fromkeys("abc", 1), ("a",)).behind == ("b", "c")
    assert split(dict.fromkeys("abcdefg", 1), tuple("abcdef")).shown == tuple("abcde")


def test_what_is_named_twice_stands_there_once():
    assert split(dict.fromkeys("abcdefg", 1), ("a", "b", "a", "c")).shown == ("a", "b", "c")


def test_what_has_several_buttons_is_in_front_whole_or_not_at_all():
    assert split({"rate": 4, "vote": 3, "a": 1}, ("rate", "vote", "a")).shown == ("rate", "a")


@pytest.mark.parametrize("state", [S.ACCEPTED, S.INSPECTED, S.PROPOSED, S.PLANNED])
def test_a_handler_has_one_way_at_most_in_front_to_say_not_me_and_never_first(state: S):
    trial = next(t for t in REGISTERED if t.flow is PETITION)
    for asked in WAITED_FOR:  # one of them at a time
        names = {*_names(trial, state, R.HANDLER)} - (WAITED_FOR - {asked})
        shown = split(dict.fromkeys(names, 1), FRONT[state], BEHIND).shown
        assert len([name for name in shown if name in NOT_MINE]) <= 1
        assert asked in shown or asked not in names
        assert shown[0] not in NOT_MINE


def test_an_offer_is_taken_first_and_passed_on_second():
    trial = next(t for t in REGISTERED if t.flow is PETITION)
    names = _names(trial, S.DISPATCHED, R.OFFERED)
    shown = split(dict.fromkeys(names, 1), FRONT[S.DISPATCHED], BEHIND).shown
    assert shown[:2] == (A.ACCEPT, A.PASS)


def test_who_has_just_accepted_sees_what_he_does_next():
    trial = next(t for t in REGISTERED if t.flow is PETITION)
    names = {*_names(trial, S.ACCEPTED, R.HANDLER)} - WAITED_FOR
    shown = split(dict.fromkeys(names, 1), FRONT[S.ACCEPTED], BEHIND).shown
    assert shown[:3] == (A.INSPECT, A.PROPOSE, A.RESOLVE)


def test_whatever_the_table_names_is_an_action_or_something_to_look_at():
    named = {name for row in (*FRONT.values(), BEHIND) for name in row}
    assert named - {*Action} <= ONLY_LOOKS | {"alike", "soon"}
    assert {*FRONT} == {*State}
