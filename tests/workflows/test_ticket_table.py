"""The lifecycle's table: where each step leads, and who may take it."""

from datetime import datetime

import pytest
from folk import (
    CHEN,
    DAY,
    ELSEWHERE,
    EVERYBODY,
    FAR_GRID,
    GRID,
    HERE,
    HOUR,
    LEAD,
    LI,
    MA,
    NOW,
    OTHER_GRID,
    PLAN,
    RULES,
    STREET,
    SUN,
    TO_ACCEPTED,
    TO_INSPECTED,
    TO_PLANNED,
    TO_PROPOSED,
    TO_RESOLVED,
    UNAPPROVED,
    WANG,
    ZHOU,
    did,
    filed,
    new_ticket,
    story,
)
from msgspec.structs import replace

from workflows import lifecycle
from workflows.attempt import NOTHING, Given
from workflows.model import (
    ENDED,
    SYSTEM,
    Action,
    ClockName,
    Person,
    Priority,
    Refusal,
    State,
    Ticket,
    To,
)
from workflows.ticket import BEFORE, IN_HAND, MOVABLE, OPEN, SAME, STAGES, STEPS, Need, Who

A, S, C = Action, State, ClockName

# DESIGN.md's lifecycle table, written down a second time on purpose: action → (from, to, who).
BEFORE_PLAN = {S.UNASSIGNED, S.DISPATCHED, S.ACCEPTED, S.INSPECTED, S.PROPOSED}
TABLE: dict[Action, list[tuple[set[State], set[State | str | None], str]]] = {
    A.DISPATCH: [({S.UNASSIGNED, S.DISPATCHED}, {S.DISPATCHED}, "SYSTEM LEAD COMMITTEE")],
    A.ACCEPT: [({S.DISPATCHED}, {S.ACCEPTED}, "OFFERED CALLED")],
    A.RETURN: [
        ({S.DISPATCHED}, {S.UNASSIGNED}, "OFFERED SYSTEM"),
        ({S.ACCEPTED}, {S.UNASSIGNED}, "HANDLER SYSTEM"),
        ({S.INSPECTED, S.PROPOSED, S.PLANNED}, {S.UNASSIGNED}, "SYSTEM"),
    ],
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
    A.ASK: [(set(IN_HAND), {S.WAITING}, "HANDLER")],
    A.ANSWER: [({S.WAITING}, {BEFORE}, "RESIDENT SYSTEM")],
    A.EXTEND: [({S.PLANNED}, {SAME}, "HANDLER")],
    A.SUSPEND: [(set(IN_HAND), {S.SUSPENDED}, "COMMITTEE")],
    A.RESUME: [({S.SUSPENDED}, {S.PLANNED}, "COMMITTEE")],
    A.RESOLVE: [(set(IN_HAND), {S.RESOLVED}, "HANDLER")],
    A.CONFIRM: [({S.RESOLVED}, {S.CLOSED}, "RESIDENT SYSTEM")],
    A.PARTLY: [({S.RESOLVED}, {S.CLOSED}, "RESIDENT")],
    A.EXPLAIN: [({S.CLOSED}, {SAME}, "RESIDENT")],
    A.SAMPLE: [({S.CLOSED}, {SAME}, "SYSTEM")],
    A.CHECK: [({S.CLOSED}, {SAME}, "CHECKER")],
    A.REOPEN: [({S.RESOLVED, S.CLOSED}, {S.ACCEPTED}, "RESIDENT CHECKER")],
    A.DECLINE: [(BEFORE_PLAN, {S.DECLINED}, "LEAD COMMITTEE")],
    A.WITHDRAW: [(set(OPEN), {S.WITHDRAWN, SAME}, "RESIDENT")],
    A.MERGE: [(set(OPEN), {S.MERGED}, "HANDLER LEAD")],
    A.REVIVE: [({S.DECLINED, S.MERGED}, {S.UNASSIGNED}, "LEAD COMMITTEE")],
    A.NUDGE: [(set(OPEN), {SAME}, "RESIDENT LEAD")],
    A.NOTE: [(set(OPEN), {SAME}, "HANDLER HELPER LEAD COMMITTEE STREET")],
    A.ANNOUNCE: [(set(OPEN), {SAME}, "HANDLER LEAD COMMITTEE")],
    A.REPORT: [(set(OPEN), {SAME}, "HANDLER LEAD")],
    A.EXCLUDE: [(set(S), {SAME}, "LEAD COMMITTEE")],
    A.ENDORSE: [(set(S), {SAME}, "COMMITTEE STREET")],
    A.OVERRULE: [(set(S), {SAME}, "COMMITTEE STREET")],
    A.SHARE: [(set(OPEN), {SAME}, "RESIDENT")],
    A.ENTRUST: [(set(OPEN), {SAME}, "RESIDENT")],
    A.TAKE_OVER: [(set(S), {SAME}, "SYSTEM")],
    A.SUPERVISE: [(set(OPEN), {SAME}, "COMMITTEE STREET")],
    A.ADD: [(set(OPEN) - {S.WAITING}, {SAME}, "RESIDENT")],
    A.EDIT: [(set(OPEN), {SAME}, "RESIDENT")],
    A.FOLLOW: [(set(OPEN), {SAME}, "NEIGHBOUR")],
    A.UNFOLLOW: [(set(OPEN), {SAME}, "FOLLOWER")],
    A.TELL: [(set(S), {SAME}, "HANDLER LEAD")],
    A.REMIND: [(set(OPEN), {SAME}, "SYSTEM")],
    A.ESCALATE: [(set(OPEN), {SAME}, "SYSTEM")],
    A.TOLD: [(set(S), {SAME}, "SYSTEM")],
    A.UNTOLD: [(set(S), {SAME}, "SYSTEM")],
}
CELLS = {
    (action, source, target, Who[name])
    for action, rows in TABLE.items()
    for sources, targets, who in rows
    for source in sources
    for target in targets
    for name in who.split()
}


def cells_of_steps() -> set[tuple[Action, State, object, Who]]:
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


def test_every_state_has_a_stage():
    assert set(STAGES) == set(S)


def test_every_state_is_reachable_from_filing():
    reached = {S.UNASSIGNED}
    for _ in S:
        for step in STEPS:
            if step.sources & reached and step.target is not SAME:
                reached |= set(IN_HAND) if step.target == BEFORE else {S(step.target)}
    assert reached == set(S)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_state_has_a_way_out_for_a_person(state: State):
    ways = [s for s in STEPS if state in s.sources and s.target is not SAME and s.target != state]
    assert any(s.who & ~Who.SYSTEM for s in ways)
    assert STAGES[state].holder is not None


@pytest.mark.parametrize("state", sorted(ENDED))
def test_an_ended_state_leads_nowhere_but_back_into_work(state: State):
    ways = {s.action for s in STEPS if state in s.sources and s.target is not SAME}
    back = {S.CLOSED: {A.REOPEN}, S.DECLINED: {A.REVIVE}, S.MERGED: {A.REVIVE}}
    assert ways == back.get(state, set())


def test_every_reason_that_design_asks_for_is_needed():
    wanted = {A.RETURN, A.REJECT, A.ASK, A.EXTEND, A.SUSPEND, A.RESOLVE, A.REOPEN, A.DECLINE}
    wanted |= {A.PROPOSE, A.TRANSFER, A.RESUME, A.SUPERVISE}
    for step in STEPS:
        if step.action in wanted:
            assert Need.TEXT in step.needs, step.action
    assert all(Need.DUE in s.needs for s in STEPS if s.action in {A.PROPOSE, A.SUSPEND, A.EXTEND})


# filing


def test_filing_starts_the_promise_at_the_moment_of_filing():
    ticket = lifecycle.file(new_ticket(), NOW + HOUR, RULES).ticket
    assert ticket.version == 1
    assert ticket.clocks[C.RESPONSE].due == NOW + 24 * HOUR
    assert ticket.clocks[C.ASSIGN].started == NOW + HOUR


def test_filing_tells_the_resident_at_once():
    decision = lifecycle.file(new_ticket(), NOW, RULES)
    (told,) = decision.notices
    assert (told.to, told.template, told.priority) == (To.RESIDENT, "filed", Priority.REPLY)
    assert decision.event.action is A.FILE and decision.event.actor == CHEN.id


# steps of the story


def test_the_story_of_the_charging_posts_walks_to_closed():
    ticket = story(*TO_RESOLVED, A.CONFIRM)
    assert ticket.state is S.CLOSED
    assert (ticket.handler, ticket.rating, ticket.plan) == (WANG.id, 3, PLAN.text)
    assert ticket.ended_at == NOW


def test_a_plan_of_a_small_category_stands_at_once():
    decision = did(story(*TO_ACCEPTED, ticket=filed(category=UNAPPROVED)), A.PROPOSE)
    assert decision.ticket.state is S.PLANNED
    assert decision.ticket.clocks[C.PLAN].due == PLAN.due
    assert [n.template for n in decision.notices if n.answers] == ["planned"]


def test_an_unknown_category_needs_approval():
    assert story(*TO_PROPOSED, ticket=filed(category="没有这类")).state is S.PROPOSED


def test_answers_returns_to_where_it_was_asked():
    for way in (TO_ACCEPTED, TO_INSPECTED, TO_PROPOSED, TO_PLANNED):
        before = story(*way)
        after = story(A.ASK, A.ANSWER, ticket=before)
        assert after.state is before.state
        assert after.before is None


def test_the_event_says_what_was_said_and_between_which_states():
    event = did(story(*TO_ACCEPTED), A.INSPECT).event
    assert (event.source, event.target, event.actor) == (S.ACCEPTED, S.INSPECTED, WANG.id)
    assert event.data == {"text": "看过了"}


def test_messages_of_an_urgent_ticket_do_not_wait():
    calm = did(filed(), A.DISPATCH).notices
    urgent = did(filed(urgent=True), A.DISPATCH).notices
    assert not any(n.urgent for n in calm)
    assert urgent and all(n.urgent for n in urgent)


def test_only_the_answers_to_the_resident_stop_the_clock():
    notices = did(story(*TO_PROPOSED), A.APPROVE).notices
    assert {(n.to, n.template): n.answers for n in notices} == {
        (To.RESIDENT, "planned"): True,
        (To.HANDLER, "approved"): False,
    }


# refusals


def refused(
    ticket: Ticket, action: Action, actor: Person, at: datetime = NOW, given: Given = NOTHING
) -> str:
    with pytest.raises(Refusal) as raised:
        lifecycle.decide(ticket, action, actor, at, RULES, given)
    return raised.value.template


def test_the_loser_of_a_race_is_told_who_has_it():  # F31
    with pytest.raises(Refusal) as raised:
        did(story(*TO_ACCEPTED), A.ACCEPT, by=LI)
    assert raised.value.template == "refused_taken"
    assert raised.value.values["handler"] == WANG.id


def test_taking_what_is_offered_to_another_names_him():
    with pytest.raises(Refusal) as raised:
        did(story(A.DISPATCH), A.ACCEPT, by=LI)
    assert raised.value.template == "refused_offered"
    assert raised.value.values["handler"] == WANG.id


def test_accepting_what_nobody_has_is_simply_not_possible_now():
    assert refused(filed(), A.ACCEPT, WANG) == "refused_now"


def test_a_second_nudge_is_refused_until_half_a_day_went_by():
    nudged = story(A.NUDGE)
    assert refused(nudged, A.NUDGE, CHEN, NOW + 11 * HOUR) == "refused_nudge"
    assert did(nudged, A.NUDGE, at=NOW + 12 * HOUR).ticket.nudged_at == NOW + 12 * HOUR


def test_an_old_button_is_refused_with_the_state_it_is_in_now():  # F48
    with pytest.raises(Refusal) as raised:
        did(story(*TO_PLANNED), A.APPROVE)
    assert raised.value.template == "refused_now"
    assert raised.value.values["state"] == "planned"


def test_reopening_ends_seven_days_after_closing():
    closed = story(*TO_RESOLVED, A.CONFIRM)
    assert lifecycle.may(CHEN, A.REOPEN, closed, NOW + 7 * DAY, RULES)
    late = NOW + 7 * DAY + HOUR
    assert refused(closed, A.REOPEN, CHEN, late) == "refused_now"


def test_needs_says_what_is_missing_or_refuses():
    accepted = story(*TO_ACCEPTED)
    assert lifecycle.needs(WANG, A.PROPOSE, accepted, NOW, RULES).needs == (Need.TEXT, Need.DUE)
    with pytest.raises(Refusal, match="refused_now"):
        lifecycle.needs(LI, A.PROPOSE, accepted, NOW, RULES)


# who may


@pytest.mark.parametrize("state", sorted(S))
def test_a_role_at_another_place_does_nothing_here(state: State):  # F47 F50
    ticket = in_state(state)
    for stranger in ELSEWHERE:
        assert lifecycle.actions(stranger, ticket, NOW, RULES) == ()
        assert not [a for a in A if lifecycle.may(stranger, a, ticket, NOW, RULES)]
        assert not lifecycle.may_see(stranger, ticket)


def in_state(state: State) -> Ticket:
    """A ticket that walked to a state with everything in it that a condition may ask for."""
    ways = {
        S.UNASSIGNED: (),
        S.DISPATCHED: (A.DISPATCH,),
        S.ACCEPTED: TO_ACCEPTED,
        S.INSPECTED: TO_INSPECTED,
        S.PROPOSED: TO_PROPOSED,
        S.PLANNED: (*TO_PLANNED, A.UNTOLD, A.EXTEND),
        S.WAITING: (*TO_ACCEPTED, A.ASK),
        S.SUSPENDED: (*TO_ACCEPTED, A.SUSPEND),
        S.RESOLVED: TO_RESOLVED,
        S.CLOSED: (*TO_RESOLVED, A.CONFIRM),
        S.DECLINED: (A.DECLINE,),
        S.WITHDRAWN: (A.WITHDRAW,),
    }
    if state is S.MERGED:
        return did(filed(), A.MERGE, by=LEAD, given=Given(into=filed(1002))).ticket
    return story(*ways[state])


def test_in_state_is_what_it_says():
    assert all(in_state(state).state is state for state in S)


@pytest.mark.parametrize("state", sorted(S))
def test_what_the_table_allows_is_exactly_what_may_allows(state: State):  # F47
    ticket = in_state(state)
    for who in EVERYBODY:
        for action in A:
            relation = lifecycle.relations(who, ticket)
            rows = [s for s in STEPS if s.action is action and state in s.sources]
            attempt = lifecycle.Attempt(
                ticket=ticket, action=action, actor=who, now=NOW, rules=RULES
            )
            table = any((s.who & relation) and (s.when is None or s.when(attempt)) for s in rows)
            assert lifecycle.may(who, action, ticket, NOW, RULES) == table, (who.name, action)


@pytest.mark.parametrize("state", sorted(S))
def test_buttons_are_exactly_what_the_machine_accepts(state: State):  # F47
    ticket = in_state(state)
    for who in EVERYBODY:
        shown = lifecycle.actions(who, ticket, NOW, RULES)
        # An edit comes with an edited message, never with a button.
        accepted = [a for a in A if a is not A.EDIT and accepts(ticket, a, who)]
        assert set(shown) == set(accepted), who.name
        assert len(shown) == len(set(shown))


def accepts(ticket: Ticket, action: Action, actor: Person) -> bool:
    """Whether decide() does it when everything it could need is given."""
    everything = Given(
        text="原因", where="物业", due=NOW + 40 * DAY, to=SUN, rating=3, into=filed(2002),
        grid=FAR_GRID if action is A.REFER else OTHER_GRID, partner="物业公司", solved="yes",
    )  # fmt: skip
    try:
        lifecycle.decide(ticket, action, actor, NOW, RULES, everything)
    except Refusal:
        return False
    return True


def test_whose_membership_ended_can_do_nothing_any_more():  # F51
    ticket = story(*TO_ACCEPTED)
    former = replace(WANG, memberships=())
    assert lifecycle.may(WANG, A.INSPECT, ticket, NOW, RULES)
    assert lifecycle.actions(former, ticket, NOW, RULES) == ()
    assert not lifecycle.may_see(former, ticket)


def test_who_was_offered_a_ticket_and_left_cannot_take_it():  # F51
    offered = story(A.DISPATCH)
    assert refused(offered, A.ACCEPT, replace(WANG, memberships=())) == "refused_now"


def test_any_handler_of_the_grid_takes_what_lies_open_in_its_group():
    called = did(filed(), A.DISPATCH, given=Given(to_group=True)).ticket
    takers = [p for p in EVERYBODY if lifecycle.may(p, A.ACCEPT, called, NOW, RULES)]
    assert takers == [WANG, LI, SUN, LEAD]
    assert did(called, A.ACCEPT, by=LI).ticket.handler == LI.id


def test_an_offer_is_for_one_person_only():
    offered = story(A.DISPATCH)
    takers = [p for p in EVERYBODY if lifecycle.may(p, A.ACCEPT, offered, NOW, RULES)]
    assert takers == [WANG]


def test_a_resident_sees_his_own_ticket_and_a_follower_too():  # F52
    ticket = filed(followers=(ZHOU.id,))
    assert lifecycle.may_see(CHEN, ticket)
    assert lifecycle.may_see(ZHOU, ticket)
    assert not lifecycle.may_see(ZHOU, filed())


def test_only_new_words_change_a_petition():
    ticket = filed()
    assert A.EDIT not in lifecycle.actions(CHEN, ticket, NOW, RULES)
    for words in ("", " ", ticket.text):
        assert refused(ticket, A.EDIT, CHEN, given=Given(text=words)) == "refused_now"
    reworded = did(ticket, A.EDIT).ticket
    assert reworded.text == "3号楼充电桩冒烟了" and reworded.urgent
    assert did(reworded, A.EDIT, given=Given(text="不冒了")).ticket.urgent


def test_a_neighbour_may_follow_what_he_may_not_see_yet():  # F52
    ticket = filed()
    assert not lifecycle.may_see(MA, ticket) and lifecycle.relations(MA, ticket) == Who.NEIGHBOUR
    followed = did(ticket, A.FOLLOW).ticket
    assert followed.followers == (MA.id,) and lifecycle.may_see(MA, followed)
    assert lifecycle.actions(MA, followed, NOW, RULES) == (A.UNFOLLOW,)
    assert did(followed, A.UNFOLLOW).ticket.followers == ()


@pytest.mark.parametrize("last_place", ["", f"{STREET}/南环二/1网格", "沧浪街道/南环一/1网格"])
def test_nobody_of_another_community_follows(last_place: str):
    stranger = replace(MA, last_place=last_place)
    assert not lifecycle.relations(stranger, filed())
    assert refused(filed(), A.FOLLOW, stranger) == "refused_now"


def test_who_sees_it_anyway_is_no_neighbour():
    for person in (CHEN, *HERE):
        at_home = replace(person, last_place=GRID)
        assert not lifecycle.may(at_home, A.FOLLOW, filed(), NOW, RULES)


def test_nobody_passes_for_the_system():
    assert not any(Who.SYSTEM in lifecycle.relations(p, filed()) for p in (*HERE, *ELSEWHERE))
    assert lifecycle.relations(SYSTEM, filed()) == Who.SYSTEM


def test_a_lead_is_both_lead_and_handler_of_what_he_took():
    ticket = did(did(filed(), A.DISPATCH, given=Given(to=LEAD)).ticket, A.ACCEPT, by=LEAD).ticket
    assert lifecycle.relations(LEAD, ticket) == Who.HANDLER | Who.LEAD
