"""A second workflow, to prove that the engine knows none: a matter for a stairwell's council.

Raised by a household, seconded by two others, called by the convener, voted on, decided by the
clock; adjourned, it goes back to where it was. Its words, relations and clocks are its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Flag, StrEnum, auto
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.engine import flow
from workflows.core.engine.clocks import Clock
from workflows.core.engine.flow import BEFORE, SAME, Flow, Lasting, Says
from workflows.core.engine.subject import Timer
from workflows.core.policy import ClockPolicy
from workflows.core.talk.needs import TEXT, Answers, Need
from workflows.core.timing.clocks import Clockwork

State = StrEnum("State", "RAISED SECONDED CALLED VOTING ADJOURNED DECIDED DROPPED")
Action = StrEnum("Action", "RAISE SECOND CALL SPEAK OPEN VOTE CLOSE ADJOURN RESUME RECALL DROP"
                 " REMIND ESCALATE")  # fmt: skip
Bell = StrEnum("Bell", "SUPPORT MEETING BALLOT RECESS PROMISE")
Group = StrEnum("Group", "HOUSEHOLDS CONVENER")
DATE: Need[datetime | None] = Need(name="date", default=None)
VOTE = Need(name="vote", default="")
S, A, B = State, Action, Bell


class Is(Flag):
    """How somebody stands to a topic."""

    PROPOSER = auto()
    HOUSEHOLD = auto()
    CONVENER = auto()
    CLOCK = auto()


class Topic(Struct, frozen=True, kw_only=True):
    kind: ClassVar[str] = "topic"
    is_urgent: ClassVar[bool] = False

    id: int = 1
    place: str = "1幢"
    opened_at: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    version: int = 0
    state: State = S.RAISED
    before: State | None = None
    proposer: str = "301"
    seconds: frozenset[str] = frozenset()
    votes: Mapping[str, str] = {}
    result: str = ""
    clocks: Mapping[Bell, Clock] = {}
    ended_at: datetime | None = None


class Attempt(Struct, frozen=True, kw_only=True):
    subject: Topic
    action: Action
    actor: str
    now: datetime
    rules: Mapping[Bell, timedelta]
    answers: Answers = Answers()
    timer: Timer | None = None
    named: int | None = None

    @property
    def by(self) -> int:
        return int(self.actor) if self.actor.isdecimal() else 0

    def as_given(self) -> dict[str, object]:
        return self.answers.as_values()

    def as_values(self) -> dict[str, object]:
        return self.as_given() | {"actor": self.by}

    @property
    def relations(self) -> Is:
        named = {"convener": Is.CONVENER, "clock": Is.CLOCK}.get(self.actor, Is.HOUSEHOLD)
        return named | (Is.PROPOSER if self.actor == self.subject.proposer else Is(0))

    def instead(self, action: Action) -> Attempt:
        return replace(self, action=action)


def second(a: Attempt) -> Topic:
    return replace(a.subject, seconds=a.subject.seconds | {a.actor})


def vote(a: Attempt) -> Topic:
    return replace(a.subject, votes={**a.subject.votes, a.actor: a.answers[VOTE]})


def count(a: Attempt) -> Topic:
    yes = [*a.subject.votes.values()].count("yes")
    return replace(a.subject, result="yes" if 2 * yes > len(a.subject.votes) else "no")


def is_new(a: Attempt) -> bool:
    return a.actor not in {a.subject.proposer, *a.subject.seconds}


# Every clock runs straight through.
CLOCKWORK = Clockwork(policy=lambda name, _, lengths: ClockPolicy(length=lengths[name]))

STAGES = {
    S.RAISED: flow.Stage(B.SUPPORT, Group.HOUSEHOLDS, (1, 0), on_time=A.DROP),
    S.SECONDED: flow.Stage(None, Group.CONVENER, (1, 1)),
    S.CALLED: flow.Stage(B.MEETING, Group.CONVENER, (1, 2), on_time=A.OPEN),
    S.VOTING: flow.Stage(B.BALLOT, Group.HOUSEHOLDS, (1, 3), on_time=A.CLOSE),
    S.ADJOURNED: flow.Stage(B.RECESS, Group.CONVENER, (2, 2), pauses=True),
    S.DECIDED: flow.Stage(None, None, (1, 4)),
    S.DROPPED: flow.Stage(None, None, (0, 1)),
}
ENDED = frozenset({S.DECIDED, S.DROPPED})
ALL = ((Group.HOUSEHOLDS, "told"),)


def step(action, sources, target, who, **more) -> flow.Step:
    named = frozenset(S[name] for name in sources.split())
    return flow.Step(action=action, sources=named, target=target, who=who, **more)


STEPS = (
    step(A.SECOND, "RAISED", S.SECONDED, Is.HOUSEHOLD, does=second,
         when=lambda a: is_new(a) and len(a.subject.seconds) == 1,
         tells=((Group.CONVENER, "carried"),)),
    step(A.SECOND, "RAISED", SAME, Is.HOUSEHOLD, does=second,
         when=lambda a: is_new(a) and not a.subject.seconds),
    step(A.CALL, "SECONDED", S.CALLED, Is.CONVENER, needs=(DATE,),
         due=lambda a: a.answers[DATE], tells=ALL),
    step(A.SPEAK, "RAISED SECONDED CALLED", SAME, Is.HOUSEHOLD, needs=(TEXT,),
         says=Says.RESIDENT, tells=ALL),
    step(A.OPEN, "CALLED", S.VOTING, Is.CONVENER | Is.CLOCK, tells=ALL),
    step(A.VOTE, "VOTING", SAME, Is.HOUSEHOLD, needs=(VOTE,), does=vote),
    step(A.CLOSE, "VOTING", S.DECIDED, Is.CLOCK, does=count, tells=ALL, stops=B.PROMISE),
    step(A.ADJOURN, "CALLED VOTING", S.ADJOURNED, Is.CONVENER,
         does=lambda a: replace(a.subject, before=a.subject.state)),
    step(A.RESUME, "ADJOURNED", BEFORE, Is.CONVENER,
         does=lambda a: replace(a.subject, before=None)),
    step(A.RECALL, "DECIDED", S.CALLED, Is.PROPOSER, undoes=True, starts=B.PROMISE),
    step(A.DROP, "RAISED", S.DROPPED, Is.PROPOSER | Is.CLOCK),
)  # fmt: skip

TOPIC = Flow(
    kind="topic", begins=A.RAISE, stages=STAGES, steps=STEPS, clockwork=CLOCKWORK,
    lasting={B.PROMISE: Lasting(until=ENDED, promise=True)},
    refusal=lambda a: PermissionError(a.action),
    undo=lambda topic: replace(topic, votes={}, result=""),
)  # fmt: skip
