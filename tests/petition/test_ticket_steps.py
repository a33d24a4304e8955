"""What filing and each step of the story do to a ticket, and whom they tell."""

from folk import (
    CHEN,
    HOUR,
    NOW,
    PLAN,
    RULES,
    TO_ACCEPTED,
    TO_INSPECTED,
    TO_PLANNED,
    TO_PROPOSED,
    TO_RESOLVED,
    UNAPPROVED,
    WANG,
    did,
    filed,
    new_ticket,
    story,
)

from workflows.core.talk.messages import Priority
from workflows.core.talk.needs import DUE, TEXT
from workflows.petition import engine
from workflows.petition.words import Action, ClockName, State, To

A, S, C = Action, State, ClockName


# filing


def test_filing_starts_the_promise_at_the_moment_of_filing():
    ticket = engine.file(new_ticket(), NOW + HOUR, RULES).subject
    assert ticket.version == 1
    assert ticket.clocks[C.RESPONSE].due == NOW + 24 * HOUR
    assert ticket.clocks[C.ASSIGN].started == NOW + HOUR


def test_filing_tells_the_resident_at_once():
    decision = engine.file(new_ticket(), NOW, RULES)
    (told,) = decision.notices
    assert (told.to, told.template, told.priority) == (To.RESIDENT, "filed", Priority.REPLY)
    assert decision.event.action is A.FILE and decision.event.actor == CHEN.id


# steps of the story


def test_the_story_of_the_charging_posts_walks_to_closed():
    ticket = story(*TO_RESOLVED, A.CONFIRM)
    assert ticket.state is S.CLOSED
    assert (ticket.handler, ticket.rating, ticket.plan) == (WANG.id, 3, PLAN[TEXT])
    assert ticket.ended_at == NOW


def test_a_plan_of_a_small_category_stands_at_once():
    decision = did(story(*TO_ACCEPTED, ticket=filed(category=UNAPPROVED)), A.PROPOSE)
    assert decision.subject.state is S.PLANNED
    assert decision.subject.clocks[C.PLAN].due == PLAN[DUE]
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
