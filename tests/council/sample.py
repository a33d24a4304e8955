"""How a topic begins, for the tests of every flow."""

from datetime import timedelta

from folk import BUILDING, CHEN, MA, NOW, RULES, ZHOU
from msgspec.structs import replace
from samples import Sample

from workflows.core.needs import Answers
from workflows.council.lifecycle import begin
from workflows.council.model import Tally, Topic
from workflows.council.needs import HOUSEHOLD, MEETING, TALLY
from workflows.council.words import Action

BARE = begin(
    Topic(id=1001, raiser=CHEN.id, place=BUILDING, text="楼道里堆的东西", raised_at=NOW),
    CHEN, NOW, RULES,
).subject  # fmt: skip
# Two of those around have seconded it, so that the raiser's own household is the third.
KNOWN = replace(BARE, households={"401": (ZHOU.id,), "402": (MA.id,)})

SAMPLE = Sample(
    fresh=(KNOWN, BARE),
    outcome="result",
    values={HOUSEHOLD: ("301", "401"), MEETING: (NOW + timedelta(days=400),)},
    beside={
        Action.SECOND: (Answers({HOUSEHOLD: "301"}),),
        Action.CLOSE: (Answers({TALLY: Tally(yes=2)}), Answers({TALLY: Tally(no=2)})),
    },
)
