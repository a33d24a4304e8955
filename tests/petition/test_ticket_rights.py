"""Who may do what, and who sees a ticket at all: of other places, gone, following, helping."""

import pytest
from answering import answered
from folk import (
    BUILDING,
    CHEN,
    ELSEWHERE,
    EVERYBODY,
    GRID,
    HERE,
    LEAD,
    LI,
    MA,
    NOW,
    RULES,
    STREET,
    SUN,
    TO_ACCEPTED,
    WANG,
    ZHOU,
    did,
    filed,
    refused,
    story,
)
from msgspec.structs import replace
from roaming import met
from trials import REGISTERED

from workflows.core.people import SYSTEM
from workflows.petition import engine
from workflows.petition.lifecycle import Relation
from workflows.petition.words import Action, State

A, S = Action, State


@pytest.mark.parametrize("state", sorted(S))
def test_a_role_at_another_place_does_nothing_here(state: State):  # F47 F50
    here = (t for t in met(REGISTERED[0]) if t.place == BUILDING and not t.referred_to)
    ticket = next(ticket for ticket in here if ticket.state is state)
    for stranger in ELSEWHERE:
        assert engine.actions(stranger, ticket, NOW, RULES) == ()
        assert not [a for a in A if engine.may(stranger, a, ticket, NOW, RULES)]
        assert not engine.may_see(stranger, ticket)


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
