"""Who may: every state × person × action as the table says, and who sees a ticket at all."""

import pytest
from answering import answered
from folk import (
    CHEN,
    DAY,
    ELSEWHERE,
    EVERYBODY,
    FAR_GRID,
    GRID,
    HERE,
    LEAD,
    LI,
    MA,
    NOW,
    OTHER_GRID,
    RULES,
    STREET,
    SUN,
    TO_ACCEPTED,
    TO_INSPECTED,
    TO_PLANNED,
    TO_PROPOSED,
    TO_RESOLVED,
    WANG,
    ZHOU,
    did,
    filed,
    refused,
    story,
)
from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.people import SYSTEM, Person
from workflows.petition import engine
from workflows.petition.lifecycle import STEPS, Relation
from workflows.petition.model import Ticket
from workflows.petition.words import Action, State

A, S = Action, State


@pytest.mark.parametrize("state", sorted(S))
def test_a_role_at_another_place_does_nothing_here(state: State):  # F47 F50
    ticket = in_state(state)
    for stranger in ELSEWHERE:
        assert engine.actions(stranger, ticket, NOW, RULES) == ()
        assert not [a for a in A if engine.may(stranger, a, ticket, NOW, RULES)]
        assert not engine.may_see(stranger, ticket)


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
        return did(filed(), A.MERGE, by=LEAD, answers=answered(into=filed(1002))).subject
    return story(*ways[state])


def test_in_state_is_what_it_says():
    assert all(in_state(state).state is state for state in S)


@pytest.mark.parametrize("state", sorted(S))
def test_what_the_table_allows_is_exactly_what_may_allows(state: State):  # F47
    ticket = in_state(state)
    for who in EVERYBODY:
        for action in A:
            relation = engine.relations(who, ticket)
            rows = [s for s in STEPS if s.action is action and state in s.sources]
            attempt = engine.Command(subject=ticket, action=action, actor=who, now=NOW, rules=RULES)
            table = any((s.who & relation) and (s.when is None or s.when(attempt)) for s in rows)
            assert engine.may(who, action, ticket, NOW, RULES) == table, (who.name, action)


@pytest.mark.parametrize("state", sorted(S))
def test_buttons_are_exactly_what_the_machine_accepts(state: State):  # F47
    ticket = in_state(state)
    for who in EVERYBODY:
        shown = engine.actions(who, ticket, NOW, RULES)
        # An edit comes with an edited message, never with a button.
        accepted = [a for a in A if a is not A.EDIT and accepts(ticket, a, who)]
        assert set(shown) == set(accepted), who.name
        assert len(shown) == len(set(shown))


def accepts(ticket: Ticket, action: Action, actor: Person) -> bool:
    """Whether decide() does it when everything it could need is given."""
    everything = answered(
        text="原因", where="物业", due=NOW + 40 * DAY, rating=3, into=filed(2002),
        to=None if action is A.ERASE else SUN,  # else it is one person's words, not all
        grid=FAR_GRID if action is A.REFER else OTHER_GRID, partner="物业公司", solved="yes",
    )  # fmt: skip
    try:
        engine.decide(ticket, action, actor, NOW, RULES, everything)
    except Refusal:
        return False
    return True


def test_whose_membership_ended_can_do_nothing_any_more():  # F51
    ticket = story(*TO_ACCEPTED)
    former = replace(WANG, memberships=())
    assert engine.may(WANG, A.INSPECT, ticket, NOW, RULES)
    assert engine.actions(former, ticket, NOW, RULES) == ()
    assert not engine.may_see(former, ticket)


def test_who_was_offered_a_ticket_and_left_cannot_take_it():  # F51
    offered = story(A.DISPATCH)
    assert refused(offered, A.ACCEPT, replace(WANG, memberships=())) == "refused_now"


def test_any_handler_of_the_grid_takes_what_lies_open_in_its_group():
    called = did(filed(), A.DISPATCH, answers=answered(to_group=True)).subject
    takers = [p for p in EVERYBODY if engine.may(p, A.ACCEPT, called, NOW, RULES)]
    assert takers == [WANG, LI, SUN, LEAD]
    assert did(called, A.ACCEPT, by=LI).subject.handler == LI.id


def test_an_offer_is_for_one_person_only():
    offered = story(A.DISPATCH)
    takers = [p for p in EVERYBODY if engine.may(p, A.ACCEPT, offered, NOW, RULES)]
    assert takers == [WANG]


def test_a_resident_sees_his_own_ticket_and_a_follower_too():  # F52
    ticket = filed(followers=(ZHOU.id,))
    assert engine.may_see(CHEN, ticket)
    assert engine.may_see(ZHOU, ticket)
    assert not engine.may_see(ZHOU, filed())


def test_only_new_words_change_a_petition():
    ticket = filed()
    assert A.EDIT not in engine.actions(CHEN, ticket, NOW, RULES)
    for words in ("", " ", ticket.text):
        assert refused(ticket, A.EDIT, CHEN, answers=answered(text=words)) == "refused_now"
    reworded = did(ticket, A.EDIT).subject
    assert reworded.text == "3号楼充电桩冒烟了" and reworded.urgent
    assert did(reworded, A.EDIT, answers=answered(text="不冒了")).subject.urgent


def test_a_neighbour_may_follow_what_he_may_not_see_yet():  # F52
    ticket = filed()
    assert not engine.may_see(MA, ticket) and engine.relations(MA, ticket) == Relation.NEIGHBOUR
    followed = did(ticket, A.FOLLOW).subject
    assert followed.followers == (MA.id,) and engine.may_see(MA, followed)
    assert engine.actions(MA, followed, NOW, RULES) == (A.UNFOLLOW,)
    assert did(followed, A.UNFOLLOW).subject.followers == ()


@pytest.mark.parametrize("last_place", ["", f"{STREET}/南环二/1网格", "沧浪街道/南环一/1网格"])
def test_nobody_of_another_community_follows(last_place: str):
    stranger = replace(MA, last_place=last_place)
    assert not engine.relations(stranger, filed())
    assert refused(filed(), A.FOLLOW, stranger) == "refused_now"


def test_who_sees_it_anyway_is_no_neighbour():
    for person in (CHEN, *HERE):
        at_home = replace(person, last_place=GRID)
        assert not engine.may(at_home, A.FOLLOW, filed(), NOW, RULES)


def test_nobody_passes_for_the_system():
    assert not any(Relation.SYSTEM in engine.relations(p, filed()) for p in (*HERE, *ELSEWHERE))
    assert engine.relations(SYSTEM, filed()) == Relation.SYSTEM


def test_a_lead_is_both_lead_and_handler_of_what_he_took():
    ticket = did(
        did(filed(), A.DISPATCH, answers=answered(to=LEAD)).subject, A.ACCEPT, by=LEAD
    ).subject
    assert engine.relations(LEAD, ticket) == Relation.HANDLER | Relation.LEAD
