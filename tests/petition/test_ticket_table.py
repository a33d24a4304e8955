"""The lifecycle's table: where each step leads, and who may take it."""

import pytest

from workflows.core.talk.needs import DUE, TEXT
from workflows.petition.lifecycle import (
    BEFORE,
    MOVABLE,
    OPEN,
    SAME,
    STEPS,
    Relation,
)
from workflows.petition.stages import ENDED, IN_HAND
from workflows.petition.words import Action, State

A, S = Action, State

# The lifecycle's table, written down a second time on purpose: action → (from, to, who).
BEFORE_PLAN = {S.UNASSIGNED, S.DISPATCHED, S.ACCEPTED, S.INSPECTED, S.PROPOSED}
TABLE: dict[Action, list[tuple[set[State], set[State | str | None], str]]] = {
    A.DISPATCH: [({S.UNASSIGNED, S.DISPATCHED}, {S.DISPATCHED}, "SYSTEM LEAD COMMITTEE")],
    A.ACCEPT: [({S.DISPATCHED}, {S.ACCEPTED}, "OFFERED CALLED")],
    A.ATTEND: [(set(IN_HAND), {SAME}, "HANDLER")],
    A.CALM: [(set(OPEN) - {S.RESOLVED, S.UNHAPPY}, {SAME}, "HANDLER LEAD")],
    A.RETURN: [
        ({S.DISPATCHED}, {S.UNASSIGNED}, "OFFERED SYSTEM"),
        ({S.ACCEPTED}, {S.UNASSIGNED}, "HANDLER SYSTEM"),
        ({S.INSPECTED, S.PROPOSED, S.PLANNED}, {S.UNASSIGNED}, "SYSTEM"),
    ],
    A.CALL: [({S.UNASSIGNED, S.DISPATCHED}, {S.DISPATCHED}, "SYSTEM")],
    A.PASS: [({S.DISPATCHED}, {S.UNASSIGNED}, "OFFERED")],
    A.TRANSFER: [(set(IN_HAND), {S.DISPATCHED}, "HANDLER LEAD")],
    A.MOVE: [(set(MOVABLE), {S.UNASSIGNED}, "HANDLER LEAD COMMITTEE")],
    A.REFER: [(set(MOVABLE), {SAME}, "HANDLER LEAD COMMITTEE")],
    A.RECEIVE: [(set(MOVABLE) | {S.WAITING}, {S.UNASSIGNED}, "RECEIVER")],
    A.REFUSE: [(set(OPEN), {SAME}, "RECEIVER")],
    A.ASSIST: [(set(IN_HAND), {SAME}, "HANDLER LEAD")],
    A.LEAVE: [(set(OPEN), {SAME}, "HELPER SYSTEM")],
    A.SPLIT: [(set(MOVABLE), {SAME}, "HANDLER LEAD")],
    A.ENGAGE: [({S.ACCEPTED, S.INSPECTED, S.PLANNED}, {SAME}, "HANDLER")],
    A.DISENGAGE: [(set(OPEN), {SAME}, "HANDLER")],
    A.INSPECT: [({S.ACCEPTED}, {S.INSPECTED}, "HANDLER HELPER")],
    A.PROPOSE: [({S.ACCEPTED, S.INSPECTED}, {S.PROPOSED, S.PLANNED}, "HANDLER")],
    A.APPROVE: [({S.PROPOSED, S.PLANNED}, {S.PLANNED}, "COMMITTEE")],
    A.REJECT: [
        ({S.PROPOSED}, {S.INSPECTED}, "COMMITTEE"),
        ({S.PLANNED}, {SAME}, "COMMITTEE"),
    ],
    A.COME: [(set(IN_HAND), {SAME}, "HANDLER")],
    A.PHONED: [(set(IN_HAND), {SAME}, "HANDLER HELPER")],
    A.ASK: [(set(IN_HAND), {S.WAITING, SAME}, "HANDLER")],
    A.OBJECT: [({S.DECLINED, S.MERGED}, {SAME}, "RESIDENT")],
    A.UPHOLD: [({S.DECLINED, S.MERGED}, {SAME}, "LEAD COMMITTEE")],
    A.ANSWER: [({S.WAITING}, {BEFORE}, "RESIDENT SYSTEM")],
    A.EXTEND: [({S.PLANNED}, {SAME}, "HANDLER")],
    A.SUSPEND: [(set(IN_HAND), {S.SUSPENDED}, "COMMITTEE")],
    A.RESUME: [({S.SUSPENDED}, {S.PLANNED}, "COMMITTEE")],
    A.FINISH: [({S.MERGED}, {S.RESOLVED}, "SYSTEM")],
    A.RESOLVE: [(set(IN_HAND), {S.RESOLVED}, "HANDLER")],
    A.CONFIRM: [
        ({S.RESOLVED}, {S.CLOSED}, "RESIDENT SYSTEM"),
        ({S.RESOLVED, S.CLOSED}, {S.UNHAPPY}, "RESIDENT"),
        ({S.UNHAPPY}, {S.CLOSED}, "RESIDENT"),
        ({S.CLOSED}, {SAME}, "RESIDENT"),
    ],
    A.UNHAPPY: [({S.RESOLVED, S.CLOSED}, {S.UNHAPPY}, "RESIDENT")],
    A.PARTLY: [({S.RESOLVED}, {S.CLOSED}, "RESIDENT")],
    A.EXPLAIN: [({S.UNHAPPY, S.CLOSED}, {SAME}, "RESIDENT")],
    A.REDO: [({S.UNHAPPY}, {S.ACCEPTED}, "LEAD COMMITTEE")],
    A.SETTLE: [({S.UNHAPPY}, {S.CLOSED}, "LEAD COMMITTEE")],
    A.SAMPLE: [({S.CLOSED}, {SAME}, "SYSTEM")],
    A.CHECK: [({S.CLOSED}, {SAME}, "CHECKER")],
    A.REOPEN: [({S.RESOLVED, S.UNHAPPY, S.CLOSED}, {S.ACCEPTED}, "RESIDENT CHECKER")],
    A.DECLINE: [(BEFORE_PLAN, {S.DECLINED}, "LEAD COMMITTEE")],
    A.WITHDRAW: [(set(OPEN), {S.WITHDRAWN, SAME}, "RESIDENT")],
    A.MERGE: [(set(OPEN) - {S.UNHAPPY}, {S.MERGED}, "HANDLER LEAD")],
    A.GATHER: [(set(OPEN), {SAME}, "SYSTEM")],
    A.REVIVE: [({S.DECLINED, S.MERGED}, {S.UNASSIGNED}, "LEAD COMMITTEE SYSTEM")],
    A.NUDGE: [(set(OPEN), {SAME}, "RESIDENT LEAD")],
    A.NOTE: [(set(OPEN), {SAME}, "HANDLER HELPER LEAD COMMITTEE STREET")],
    A.ANNOUNCE: [(set(OPEN), {SAME}, "HANDLER LEAD COMMITTEE")],
    A.LAPSE: [(set(OPEN), {SAME}, "SYSTEM")],
    A.REPORT: [(set(OPEN), {SAME}, "HANDLER LEAD")],
    A.EXCLUDE: [(set(S), {SAME}, "LEAD COMMITTEE")],
    A.ENDORSE: [(set(S), {SAME}, "COMMITTEE STREET")],
    A.OVERRULE: [(set(S), {SAME}, "COMMITTEE STREET")],
    A.SHARE: [(set(OPEN), {SAME}, "RESIDENT")],
    A.CORRECT: [(set(OPEN), {SAME}, "RESIDENT")],
    A.RELOCATE: [(set(MOVABLE) | {S.WAITING}, {SAME}, "RESIDENT")],
    A.ENTRUST: [(set(OPEN), {SAME}, "RESIDENT")],
    A.TAKE_OVER: [(set(S), {SAME}, "SYSTEM")],
    A.SUPERVISE: [(set(OPEN), {SAME}, "COMMITTEE STREET")],
    A.ADD: [(set(OPEN) - {S.WAITING} | {S.MERGED}, {SAME}, "RESIDENT")],
    A.EDIT: [(set(OPEN), {SAME}, "RESIDENT")],
    A.FOLLOW: [(set(OPEN), {SAME}, "NEIGHBOUR")],
    A.UNFOLLOW: [(set(OPEN), {SAME}, "FOLLOWER")],
    A.BEAR_OUT: [(set(OPEN), {SAME}, "SYSTEM")],
    A.TELL: [(set(S), {SAME}, "HANDLER LEAD")],
    A.REMIND: [(set(OPEN) | {S.DECLINED, S.MERGED}, {SAME}, "SYSTEM")],
    A.ESCALATE: [(set(OPEN) | {S.DECLINED, S.MERGED}, {SAME}, "SYSTEM")],
    A.TOLD: [(set(S), {SAME}, "SYSTEM")],
    A.UNTOLD: [(set(S), {SAME}, "SYSTEM")],
    A.ERASE: [(set(S), {SAME}, "SYSTEM")],
}
CELLS = {
    (action, source, target, Relation[name])
    for action, rows in TABLE.items()
    for sources, targets, who in rows
    for source in sources
    for target in targets
    for name in who.split()
}


def cells_of_steps() -> set[tuple[Action, State, object, Relation]]:
    return {
        (step.action, source, step.target, who)
        for step in STEPS
        for source in step.sources
        for who in step.who
    }


def test_the_table_is_the_design():
    extra_targets = {(A.PROPOSE, S.PLANNED), (A.PROPOSE, S.PROPOSED)}
    assert cells_of_steps() == CELLS
    assert {(s.action, s.target) for s in STEPS if s.action is A.PROPOSE} == extra_targets


def test_every_action_but_filing_has_a_row():
    assert {step.action for step in STEPS} == set(A) - {A.FILE}


@pytest.mark.parametrize("state", sorted(ENDED))
def test_an_ended_state_leads_nowhere_but_back_into_work(state: State):
    ways = {s.action for s in STEPS if state in s.sources and s.target is not SAME}
    back = {
        S.CLOSED: {A.REOPEN, A.CONFIRM, A.UNHAPPY},
        S.DECLINED: {A.REVIVE},
        S.MERGED: {A.REVIVE, A.FINISH},
    }
    assert ways == back.get(state, set())


def test_every_reason_that_design_asks_for_is_needed():
    wanted = {A.RETURN, A.REJECT, A.ASK, A.EXTEND, A.SUSPEND, A.RESOLVE, A.REOPEN, A.DECLINE}
    wanted |= {A.PROPOSE, A.TRANSFER, A.RESUME, A.SUPERVISE}
    for step in STEPS:
        if step.action in wanted:
            assert TEXT in step.needs, step.action
    assert all(DUE in s.needs for s in STEPS if s.action in {A.PROPOSE, A.SUSPEND, A.EXTEND})
