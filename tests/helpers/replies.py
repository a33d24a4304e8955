"""What a row's needs can be answered with, by what each need says of itself."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice, product
from typing import Any

from folk import RULES
from trials import Trial

from workflows.core.engine import decision
from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.places import place_key
from workflows.core.talk.messages import Attachment
from workflows.core.talk.needs import NOTHING, TO, Answers, Need, Picture

WORDS = "一句说明"
PICTURE = Attachment(kind="photo", file_id="p1")
# What people type or tap: a need takes of these what it can read.
KEYS = (place_key(place.path) for place in RULES.places.inside("", 3))
SAID = (WORDS, "0512-65001234", "400", "364天", *KEYS)
_MOST = 400  # ways to answer that are tried


def values_of(trial: Trial, need: Need[Any], now: datetime) -> tuple[Any, ...]:
    """Every answer of a few that the need takes."""
    if need in trial.sample.values:
        return trial.sample.values[need]
    if need is TO:
        return tuple(person for person in trial.people if person.is_staff)
    if need.picture in {Picture.ALONE, Picture.SEVERAL}:
        return ((PICTURE,),)
    tapped = [value for row in need.taps for value, _ in row]
    said = SAID[:1] if need.is_words or need.has_replies else (*tapped, *SAID)
    return tuple(_read(trial, need, said, now))


def _read(trial: Trial, need: Need[Any], said: Any, now: datetime) -> Iterator[Any]:
    for one in said:
        try:
            yield need.read(one, now, trial.sample.rules)
        except Refusal:
            continue


def ways(trial: Trial, row: Any, now: datetime, luck: int = 0) -> Iterator[Answers]:
    """Ways to answer what a row needs; `luck` says with which of each need's answers to begin."""
    turned = []
    for need in row.needs:
        values = values_of(trial, need, now)
        at = luck % max(len(values), 1)
        turned.append([(need.answer, value) for value in (*values[at:], *values[:at])])
    return islice((Answers(dict(way)) for way in product(*turned)), _MOST)


def done(
    trial: Trial, subject: Any, action: Any, person: Person, now: datetime,
    beside: Answers = NOTHING, luck: int = 0,
) -> Any:  # fmt: skip
    """The row and the decision of the first answers that are not refused; None where all are.

    Raises Refusal where the table has no row.
    """
    row = trial.flow.row_for(trial.command(subject, action, person, now, beside))
    for way in ways(trial, row, now, luck):
        answers = Answers({**way.given, **beside.given})
        command = trial.command(subject, action, person, now, answers)
        try:
            return trial.flow.row_for(command), decision.decide(trial.flow, command)
        except Refusal:
            continue
    return None
