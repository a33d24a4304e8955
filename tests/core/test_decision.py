"""What follows from a step, proved on a workflow that the engine has never seen."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace
from topic import ALL, STEPS, TOPIC, A, Attempt, B, Group, Is, S, Topic, step

from workflows.core.engine import decision
from workflows.core.engine.subject import Timer
from workflows.core.policy import Climb, ClockPolicy
from workflows.core.timing.clocks import Clockwork

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
RUNGS = (Climb(after=0 * DAY, to=Group.CONVENER), Climb(after=DAY, to=Group.HOUSEHOLDS))
OPEN = "RAISED SECONDED CALLED VOTING ADJOURNED"


class Lengths(dict):
    """Rules enough for clocks that climb."""

    late_every = DAY


LENGTHS = Lengths.fromkeys(B, 2 * DAY)
BELLS = Clockwork(
    policy=lambda name, _, rules: ClockPolicy(
        length=rules[name], remind=(50, 75), climbs=True, wakes=True
    ),
    ladder=lambda *_: RUNGS,
)
RINGING = replace(
    TOPIC, reminds=A.REMIND, escalates=A.ESCALATE, clockwork=BELLS, promised_to=Group.HOUSEHOLDS,
    steps=(*STEPS, *(step(a, OPEN, None, Is.CLOCK) for a in (A.REMIND, A.ESCALATE))),
)  # fmt: skip


def attempt(topic: Topic, action: A, actor: str = "clock", **more) -> Attempt:
    known = {"now": NOW, "rules": LENGTHS} | more
    return Attempt(subject=topic, action=action, actor=actor, **known)


def raised() -> decision.Decision:
    return decision.begin(RINGING, Topic(id=7), 301, NOW, LENGTHS, data={"text": "修门"})


def rung(mark: str, at: datetime | None = None) -> list[tuple[Group, str]]:
    topic, timers = raised().subject, raised().timers
    timer = next(t for t in timers if t.mark == mark)
    action = decision.on_time(RINGING, timer)
    done = decision.decide(RINGING, attempt(topic, action, timer=timer, now=at or timer.due_at))
    return [(notice.to, notice.template) for notice in done.notices]


def test_it_begins_in_the_first_stage_with_its_clock_and_an_event():
    begun = raised()
    assert (begun.subject.version, begun.subject.clocks[B.SUPPORT].due) == (1, NOW + 2 * DAY)
    event = begun.event
    assert (event.ticket_id, event.action, event.source, event.target) == (
        7,
        A.RAISE,
        *[S.RAISED] * 2,
    )
    assert (event.actor, event.data) == (301, {"text": "修门"})


def test_a_step_is_an_event_and_tells_its_rows_audiences():
    seconded = raised().subject
    for who in ("302", "401"):
        done = decision.decide(RINGING, attempt(seconded, A.SECOND, who))
        seconded = done.subject
    assert (done.event.actor, done.event.source, done.event.target) == (401, S.RAISED, S.SECONDED)
    [notice] = done.notices
    assert (notice.to, notice.template) == (Group.CONVENER, "carried")
    assert (notice.ticket_id, notice.values, notice.answers) == (7, {"actor": 401}, False)


def test_only_the_message_to_whom_it_was_promised_is_the_answer():
    told = (*ALL, (Group.CONVENER, "told"))
    answering = step(A.SPEAK, "RAISED", None, Is.HOUSEHOLD, tells=told, answers=True)
    flow = replace(RINGING, steps=(answering,))
    done = decision.decide(flow, attempt(Topic(), A.SPEAK, "302"))
    assert [notice.answers for notice in done.notices] == [True, False]


def test_before_the_due_moment_the_holder_hears_a_clock_and_then_the_ladder():
    assert rung("50") == [(Group.HOUSEHOLDS, "remind")]
    assert rung("climb1") == [(Group.HOUSEHOLDS, "overdue")]
    assert rung("late1") == [(Group.CONVENER, "overdue")]


def test_of_reminders_that_were_missed_only_the_last_is_told():
    assert rung("50", NOW + 1.6 * DAY) == []


def test_what_a_clock_does_by_itself_is_no_escalation():
    due = Timer(ticket_id=7, clock=B.SUPPORT, mark="due", due_at=NOW)
    assert decision.on_time(RINGING, due) is A.DROP
    assert decision.on_time(RINGING, replace(due, clock=B.RECESS)) is A.ESCALATE
    assert decision.on_time(TOPIC, replace(due, clock=B.RECESS)) is None


def test_a_workflow_may_say_itself_whom_its_clocks_tell():
    flow = replace(RINGING, rings=lambda deed, holder: [(Group.CONVENER, f"{holder}_slept")])
    timer = Timer(ticket_id=7, clock=B.SUPPORT, mark="50", due_at=NOW)
    done = decision.decide(flow, attempt(raised().subject, A.REMIND, timer=timer))
    assert [notice.template for notice in done.notices] == ["households_slept"]
