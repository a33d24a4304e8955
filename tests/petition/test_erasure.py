"""Which words a ticket loses, by whose they are; what is counted stays."""

import pytest
from answering import answered
from folk import (
    CHEN,
    LEAD,
    MA,
    NOW,
    RULES,
    TO_PLANNED,
    TO_RESOLVED,
    ZHOU,
    A,
    did,
    filed,
    refused,
    story,
)
from msgspec.structs import replace

from workflows.core.people import SYSTEM, Person
from workflows.core.talk.needs import NOTHING, Answers
from workflows.petition import engine
from workflows.petition.model import Exclusion, Ticket


def over() -> Ticket:
    """Words of everybody in it."""
    ticket = story(*TO_RESOLVED, A.CONFIRM, ticket=filed(on_behalf="张奶奶", contact="65001234"))
    return replace(ticket, why="等了很久", exclusion=Exclusion(reason="天灾", by=LEAD.id))


def erased(ticket: Ticket, person: Person | None = None) -> Ticket:
    return did(ticket, A.ERASE, by=SYSTEM, answers=answered(to=person)).subject


def test_after_its_time_nobodys_words_are_left_and_what_is_counted_stays():
    was, bare = over(), erased(over())
    said = (bare.text, bare.on_behalf, bare.contact, bare.why, bare.plan, bare.result)
    assert not any(said)
    assert bare.exclusion == Exclusion(reason="", by=LEAD.id)
    assert (bare.rating, bare.plan_due, bare.ended_at) == (3, was.plan_due, was.ended_at)


def test_who_filed_it_takes_his_own_words_and_no_others():
    bare = erased(over(), CHEN)
    assert not any((bare.text, bare.on_behalf, bare.contact, bare.why))
    assert bare.plan and bare.result and bare.exclusion == over().exclusion


def test_of_what_is_somebody_elses_now_its_author_takes_the_text_alone():
    handed_on = replace(story(*TO_PLANNED), resident=ZHOU.id, contact="65001234")
    bare = erased(handed_on, CHEN)
    assert (bare.text, bare.contact, bare.plan) == ("", "65001234", handed_on.plan)
    assert bare.clocks == handed_on.clocks


def test_who_only_added_to_it_leaves_a_step():
    was = story(*TO_PLANNED)
    decision = did(was, A.ERASE, by=SYSTEM, answers=answered(to=MA))
    assert decision.subject == replace(was, version=was.version + 1)
    assert decision.event.data == {"to": MA.id} and not decision.notices


@pytest.mark.parametrize("given", [NOTHING, answered(to=CHEN)])
def test_an_open_one_keeps_its_words(given: Answers):
    assert refused(story(*TO_PLANNED), A.ERASE, SYSTEM, answers=given) == "refused_now"
    assert not engine.may(SYSTEM, A.ERASE, filed(), NOW, RULES)
    assert engine.may(SYSTEM, A.ERASE, over(), NOW, RULES)
