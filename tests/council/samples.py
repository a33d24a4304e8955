"""How a topic begins, and every letter of the council's templates, to every reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from crowd import NEIGHBOURS
from folk import BUILDING, CHEN, RULES
from folk import NOW as START
from letters import letter_of
from msgspec.structs import replace
from template_names import in_forms
from template_values import FOLLOWER, HANDLER, NOW, PLACE, RESIDENT
from trials import Sample

from workflows.core.engine.clocks import Clock
from workflows.core.policy import ClockPolicy, Rules
from workflows.core.talk.needs import Answers
from workflows.council.chat.cards import Shown
from workflows.council.chat.lists import line
from workflows.council.lifecycle import begin
from workflows.council.model import Tally, Topic
from workflows.council.needs import HOUSEHOLD, TALLY
from workflows.council.words import Action, ClockName, State
from workflows.desk import Letter
from workflows.desk.outbound.composing import Reader

READERS = (
    (Reader.RESIDENT, RESIDENT),
    (Reader.RESIDENT, FOLLOWER),
    (Reader.STAFF, HANDLER),
    (Reader.GROUP, -100),
    (Reader.NOBODY, 9),
)
_RESULTS = {
    State.AGREED: [Tally(yes=3, electorate=4), Tally(yes=3, no=1, electorate=4)],
    State.NOT_AGREED: [Tally(no=3, abstain=1, electorate=4), Tally(electorate=4)],
}
_STAFFS = {"topics", "form_meeting", "form_summon", "form_dismiss", "form_no_moment", "alert_box"}


def topics(said: str) -> Iterator[Topic]:
    """One or more in every state, with these words wherever a person wrote any."""
    clock = Clock(started=NOW, due=NOW + timedelta(hours=6))
    for state in State:
        for result in _RESULTS.get(state, [None]):
            topic = Topic(
                id=1001, state=state, raiser=RESIDENT, place=PLACE, text=said, raised_at=NOW,
                households={"301": (RESIDENT,), "302": (), "2-401": (3,)}, voted=("302",),
                electorate=3, quorum_percent=60,
                meets_at=NOW, meets_where=said, reason=said, result=result,
            )  # fmt: skip
            own = topic.stage.clock
            yield replace(topic, clocks={own: clock} if own else {}, ended_at=None if own else NOW)
            yield replace(topic, households={}, text="", meets_at=None, meets_where="", reason="")


def plain_values(said: str) -> dict[str, dict[str, Any]]:
    """What the code gives to messages that are about no topic."""
    lines = [{**line(topic)} for topic in topics(said)][:10]
    about = ("refused_voted", "refused_unregistered", "refused_registered", "refused_forget_topic",
             "topic_waits")  # fmt: skip
    box = {"about": 1001, "ballots": 2, "count": 2, "since": NOW.isoformat()}
    others = {"topics": {"lines": lines, "total": 99}, "alert_box": box}
    return {name: {"about": 1001} for name in about} | others


def letters(template: str, said: str) -> Iterator[Letter]:
    """To everybody who can be sent it."""
    is_card = template.startswith("topic_") and template not in {
        "topic_how", "topic_where", "topic_waits", "topic_elsewhere"}  # fmt: skip
    values = plain_values(said).get(template, {})
    for topic in topics(said) if is_card or template in in_forms() else [None]:
        for reader, chat in READERS:
            if reader is Reader.RESIDENT and template in _STAFFS:
                continue
            letter = letter_of(template, values, topic, reader, chat)
            shown = Shown(text=topic.text if topic else "", households=3)
            owed = replace(letter.owed, kind="card" if is_card else "text")
            yield replace(letter, shown=shown, owed=owed)


# how a topic begins, for the tests of every flow


HE, LIN = (person.id for person in NEIGHBOURS)


def _raised(**people: int) -> Topic:
    """By 陈, with a household each."""
    topic = Topic(id=1001, raiser=CHEN.id, place=BUILDING, text="楼道", raised_at=START,
                  households={door: (person,) for door, person in people.items()})  # fmt: skip
    return begin(topic, CHEN, START, RULES).subject


def _at_once() -> Rules:
    """With ballots whose time is over as they begin: who closes what the timer did not, may."""
    clocks = {**RULES.clocks["council"], ClockName.BALLOT: ClockPolicy(length=timedelta(0))}
    return replace(RULES, clocks={**RULES.clocks, "council": clocks})


def _holds(before: Topic, topic: Topic, _: datetime) -> None:
    """What else is so of every topic after every step."""
    assert {*topic.voted} <= {*topic.households}
    assert topic.result is None or topic.result.ballots <= topic.result.electorate
    assert before.is_open or before.state is topic.state


COUNTED = (Tally(yes=2, no=1), Tally(no=1), Tally())
SAMPLE = Sample(
    fresh=(_raised(a=HE, b=LIN), _raised(), _raised(a=CHEN.id, b=HE)),
    rules=_at_once(),
    outcome="result",
    values={HOUSEHOLD: ("301", "302")},
    beside={Action.CLOSE: tuple(Answers({TALLY: one}) for one in COUNTED)},
    holds=_holds,
)
