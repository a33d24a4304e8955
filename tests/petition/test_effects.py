"""What a step does to a ticket beyond its state, and its conditions."""

from datetime import timedelta

import pytest
from answering import answered
from folk import (
    APPROVED,
    DAY,
    GRID,
    HOUR,
    LEAD,
    LI,
    NOW,
    OTHER_PIONEER,
    PLAN,
    RULES,
    TO_ACCEPTED,
    TO_PLANNED,
    TO_RESOLVED,
    UNAPPROVED,
    WANG,
    ZHOU,
    A,
    did,
    filed,
    story,
)
from msgspec.structs import replace

from workflows.core.engine.subject import Timer
from workflows.core.errors import Refusal
from workflows.core.people import SYSTEM
from workflows.core.talk.messages import Attachment
from workflows.core.talk.needs import DUE, NOTHING, TEXT, Answers
from workflows.core.timing import clocks
from workflows.petition.command import Command
from workflows.petition.model import Extension, Proposal, Ticket
from workflows.petition.rules import conditions, effects, escalation
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.stages import OPEN
from workflows.petition.words import State, To


def command(ticket: Ticket, answers: Answers = NOTHING, **more: object) -> Command:
    known: dict[str, object] = {"action": A.NOTE, "actor": WANG, "now": NOW, "rules": RULES}
    return Command(subject=ticket, answers=answers, **known | more)  # type: ignore[arg-type]


def timer(ticket: Ticket, kind: str) -> Timer:
    return next(t for t in CLOCKWORK.timers(ticket, RULES) if t.kind == kind)


@pytest.mark.parametrize("action", [A.ADD, A.EDIT, A.ANSWER])
@pytest.mark.parametrize(("text", "urgent"), [("现在冒烟了", True), ("没有冒烟", False)])
def test_a_danger_named_later_makes_it_urgent(action: A, text: str, urgent: bool):
    asked = story(A.ASK, ticket=story(*TO_ACCEPTED))
    ticket = asked if action is A.ANSWER else story(*TO_ACCEPTED)
    assert did(ticket, action, answers=answered(text=text)).subject.urgent == urgent


@pytest.mark.parametrize(("category", "needed"), [(APPROVED, True), (UNAPPROVED, False)])
def test_the_category_says_whether_the_committee_must_agree(category: str, needed: bool):
    asked = command(filed(category=category))
    assert conditions.needs_approval(asked) == needed
    assert conditions.needs_no_approval(asked) == (not needed)


def test_an_offer_goes_only_to_a_handler_of_the_grid():
    for stranger in (OTHER_PIONEER, ZHOU, replace(WANG, memberships=()), None):
        with pytest.raises(Refusal, match="refused_handler"):
            did(filed(), A.DISPATCH, answers=answered(to=stranger))


def test_calling_the_group_takes_the_offer_back():
    called = did(story(A.DISPATCH), A.DISPATCH, answers=answered(to_group=True)).subject
    assert (called.offered_to, called.open_to_grid) == (None, True)
    assert called.offers == (WANG.id,)


def test_who_takes_it_ends_the_round():
    taken = story(*TO_ACCEPTED)
    assert (taken.handler, taken.offered_to, taken.offers) == (WANG.id, None, ())
    assert not taken.open_to_grid


def test_who_gives_it_back_is_not_asked_again():
    assert story(*TO_ACCEPTED, A.RETURN).offers == (WANG.id,)
    assert story(A.DISPATCH, A.RETURN).offers == (WANG.id, WANG.id)
    assert story(*TO_ACCEPTED, A.RETURN).handler is None


def test_handing_on_begins_a_new_round_and_drops_the_open_question():
    moved = story(*TO_PLANNED, A.EXTEND, A.TRANSFER)
    assert (moved.handler, moved.offered_to, moved.offers) == (None, LI.id, (LI.id,))
    assert moved.extension is None and moved.plan == PLAN[TEXT]


def test_nobody_hands_a_ticket_to_himself():
    with pytest.raises(Refusal, match="refused_handler"):
        did(story(*TO_ACCEPTED), A.TRANSFER, answers=answered(to=WANG, text="x"))


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_a_date_that_is_over_is_no_plan(late: timedelta):
    with pytest.raises(Refusal, match="refused_past"):
        did(story(*TO_ACCEPTED), A.PROPOSE, answers=answered(text="x", due=NOW - late))


def test_a_rejected_plan_is_gone():
    rejected = story(*TO_ACCEPTED, A.PROPOSE, A.REJECT)
    assert (rejected.state, rejected.plan, rejected.plan_due) == (State.INSPECTED, "", None)


@pytest.mark.parametrize("due", [None, PLAN[DUE], NOW + DAY])
def test_an_extension_must_be_later(due: object):
    with pytest.raises(Refusal, match="refused_earlier"):
        did(story(*TO_PLANNED), A.EXTEND, answers=answered(text="x", due=due))  # type: ignore[arg-type]


def test_only_one_extension_waits_at_a_time():
    with pytest.raises(Refusal, match="refused_now"):
        story(*TO_PLANNED, A.EXTEND, A.EXTEND)


def test_done_on_the_spot_is_plan_and_result_in_one():
    done = story(*TO_ACCEPTED, A.RESOLVE)
    assert done.plan == done.result == "换好了"
    assert story(*TO_RESOLVED).plan == PLAN[TEXT]


@pytest.mark.parametrize(
    "into",
    [
        None,
        filed(),  # itself
        story(A.WITHDRAW, ticket=filed(1002)),  # over
        filed(1003, place="友新街道/南环二/1网格"),  # of another community
    ],
)
def test_merging_needs_an_open_ticket_of_the_same_community(into: Ticket | None):  # F50
    with pytest.raises(Refusal, match="refused_merge"):
        did(filed(), A.MERGE, by=LEAD, answers=answered(into=into))


def test_merging_remembers_into_which():
    merged = did(filed(), A.MERGE, by=LEAD, answers=answered(into=filed(1002, place=GRID))).subject
    assert (merged.state, merged.merged_into) == (State.MERGED, 1002)


def test_whoever_brought_what_was_merged_follows_but_for_ones_own_resident():
    into = filed(1002, resident=ZHOU.id, followers=(8, 9))
    merged = filed(followers=(ZHOU.id, 9, 10))
    gathered = did(into, A.GATHER, by=SYSTEM, answers=answered(merged=merged))
    assert gathered.subject.followers == (8, 9, merged.resident, 10)
    assert gathered.event.data == {"merged": merged.id} and not gathered.notices


@pytest.mark.parametrize("state", sorted(OPEN - {State.UNHAPPY}))
def test_what_was_merged_by_mistake_starts_anew(state: State):
    """Nothing of the round before is left but the petition itself."""
    round_before = {
        "result": "换好了", "plan": "换新桩", "plan_due": NOW + DAY, "partner": "物业",
        "before": State.ACCEPTED, "extension": Extension(reason="缺件", due=NOW + 2 * DAY),
        "proposal": Proposal(text="换", due=NOW + 2 * DAY),
    }  # fmt: skip
    was = filed(state=state, handler=WANG.id, **round_before)
    merged = did(was, A.MERGE, by=LEAD, answers=answered(into=filed(1002))).subject
    revived = did(merged, A.REVIVE, by=LEAD, answers=answered(text="不是同一件事")).subject
    assert all(not getattr(revived, name) for name in (*round_before, "handler", "merged_into"))
    assert (revived.state, revived.text) == (State.UNASSIGNED, was.text)


def test_a_second_breach_does_not_overwrite_the_first():
    ticket = replace(filed(), breached_at=NOW)
    answers = answered(timer=timer(ticket, "response.due"))
    assert effects.mark_breach(command(ticket, answers)).breached_at == NOW


def test_only_the_promise_can_be_breached():
    answers = answered(timer=timer(filed(), "assign.due"))
    assert effects.mark_breach(command(filed(), answers)).breached_at is None


def told(ticket: Ticket, kind: str, holder: To | None = To.HANDLER) -> list[tuple[To, str]]:
    rung = timer(ticket, kind)
    action = A.REMIND if clocks.is_reminder(rung.mark) else A.ESCALATE
    asked = command(ticket, answered(timer=rung), action=action, now=rung.due_at)
    return escalation.notices(asked, holder)


def test_before_the_due_moment_the_holder_is_reminded():
    assert told(filed(), "response.50") == [(To.HANDLER, "remind")]
    assert told(filed(), "response.50", None) == []


def test_the_resident_is_reminded_of_his_own_turn_but_never_of_the_staffs_promise():
    asked = story(*TO_PLANNED, A.ASK)
    assert told(asked, "wait.33", To.RESIDENT) == [(To.RESIDENT, "remind_resident")]
    resolved = story(*TO_RESOLVED)
    assert told(resolved, "response.50", To.RESIDENT) == [(To.HANDLER, "remind")]


def test_a_breach_of_the_promise_is_told_to_lead_and_handler_and_honestly_to_the_resident():
    found = told(filed(), "response.due")
    assert found == [
        (To.LEAD, "overdue"), (To.RESIDENT, "overdue_resident"), (To.HANDLER, "overdue"),
    ]  # fmt: skip


def test_the_ladder_does_not_tell_the_resident_again():
    assert told(filed(), "response.climb1") == [(To.COMMITTEE, "overdue")]
    assert told(filed(), "response.climb2") == [(To.STREET, "overdue")]


def test_a_review_that_is_late_is_told_to_who_must_review():
    proposed = story(*TO_ACCEPTED, A.PROPOSE)
    assert told(proposed, "review.due") == [(To.LEAD, "overdue"), (To.COMMITTEE, "overdue")]


def test_after_downtime_the_earlier_reminder_keeps_silent():  # F27
    rung = timer(filed(), "response.50")
    asked = command(filed(), answered(timer=rung), action=A.REMIND, now=NOW + 23 * HOUR)
    assert escalation.notices(asked, To.HANDLER) == []


def test_a_late_ring_says_how_late():  # F27
    rung = timer(filed(), "response.due")
    values = command(filed(), answered(timer=rung), now=rung.due_at + HOUR).as_values()
    assert (values["late"], values["clock"], values["mark"]) == (3600, "response", "due")


def test_what_was_given_is_json_without_empty_fields():
    answers = answered(
        text="换", due=NOW, to=LI, rating=3, photos=(Attachment(kind="photo", file_id="f"),)
    )
    assert answers.as_values() == {
        "text": "换",
        "due": NOW.isoformat(),
        "to": LI.id,
        "rating": 3,
        "photos": 1,
    }
    assert NOTHING.as_values() == {}


def test_a_nudge_is_remembered():
    assert did(filed(), A.NUDGE, at=NOW + HOUR).subject.nudged_at == NOW + HOUR
