"""How a topic of the council begins, for the tests of every flow."""

from datetime import datetime

from folk import BUILDING, NOW, RULES, ZHOU
from trials import Sample

from workflows.core.needs import Answers
from workflows.council import lifecycle
from workflows.council.model import Tally, Topic
from workflows.council.needs import HOUSEHOLD, TALLY
from workflows.council.words import Action

COUNTED = (Tally(yes=2, no=1), Tally(no=1), Tally())


def raised(**more: object) -> Topic:
    topic = Topic(
        id=1001, raiser=ZHOU.id, place=BUILDING, text="楼道里堆的东西", raised_at=NOW, **more
    )  # type: ignore[arg-type] # any of its fields
    return lifecycle.begin(topic, ZHOU, NOW, RULES).subject


def holds(before: Topic, topic: Topic, _: datetime) -> None:
    """What else is so of every topic after every step."""
    assert {*topic.voted} <= {*topic.households}
    assert topic.result is None or topic.result.ballots <= topic.result.electorate
    assert before.is_open or before.state is topic.state


SAMPLE = Sample(
    fresh=(raised(), raised(households={"101": (71,), "102": (72,)})),
    outcome="result",
    values={HOUSEHOLD: ("301", "302")},
    beside={Action.CLOSE: tuple(Answers({TALLY: one}) for one in COUNTED)},
    holds=holds,
)
