"""What a row of the council's table asks, and what it does to a topic beyond its state."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from workflows.core.talk.needs import TEXT, TO
from workflows.council import doors
from workflows.council.model import Tally, Topic
from workflows.council.needs import HOUSEHOLD, MEETING, TALLY
from workflows.council.relations import Command
from workflows.council.settings import CouncilSettings
from workflows.council.words import ClockName

# what is asked


def is_new(a: Command) -> bool:
    """Whether somebody is not registered yet."""
    return not a.subject.household_of(a.by)


def is_enough(a: Command) -> bool:
    """Whether with this household enough have seconded it."""
    return is_new(a) and len(registered(a).households) >= a.rules.of(CouncilSettings).households


def is_not_enough(a: Command) -> bool:
    """Whether more are needed."""
    return is_new(a) and not is_enough(a)


def has_a_ballot(a: Command) -> bool:
    """Whether the household is of the electorate, and nobody of it has voted."""
    return not is_new(a) and not a.subject.has_voted(a.by)


def is_agreed(a: Command) -> bool:
    """Whether the vote says yes."""
    return _counted(a).is_agreed


def is_not_agreed(a: Command) -> bool:
    """Whether it does not: too few took part, or too few said yes."""
    return not is_agreed(a)


def is_late_and_agreed(a: Command) -> bool:
    """Whether it says yes, and the timer should have closed it."""
    return _is_late(a) and is_agreed(a)


def is_late_and_not_agreed(a: Command) -> bool:
    """Whether it does not, and the timer should have closed it."""
    return _is_late(a) and not is_agreed(a)


def _is_late(a: Command) -> bool:
    """Whether the vote stands open beyond its time."""
    clock = a.subject.clocks.get(ClockName.BALLOT)
    return clock is not None and clock.due <= a.now


def _counted(a: Command) -> Tally:
    electorate, quorum = a.subject.electorate, a.subject.quorum_percent
    return replace(a.answers[TALLY], electorate=electorate, quorum_percent=quorum)


# what is done


def registered(a: Command) -> Topic:
    """With the actor's household; one that is there already has one more who speaks for it."""
    door = a.answers[HOUSEHOLD]
    if not door:
        return a.subject
    return replace(a.subject, households=doors.placed(a.subject.households, door, a.by))


def summon(a: Command) -> Topic:
    """When and where it is talked about."""
    return replace(a.subject, meets_at=a.answers[MEETING], meets_where=a.answers[TEXT])


def meeting(a: Command) -> datetime | None:
    """When the vote opens by itself."""
    return a.answers[MEETING]


def open_vote(a: Command) -> Topic:
    """By which numbers it will be counted."""
    quorum = a.rules.of(CouncilSettings).quorum_percent
    return replace(a.subject, electorate=len(a.subject.households), quorum_percent=quorum)


def dismiss(a: Command) -> Topic:
    """Why it is not called."""
    return replace(a.subject, reason=a.answers[TEXT])


def vote(a: Command) -> Topic:
    """The household has cast its ballot; what is on it lies in the box, and nothing is in order."""
    voted = {*a.subject.voted, a.subject.household_of(a.by)}
    return replace(a.subject, voted=tuple(sorted(voted)))


def count(a: Command) -> Topic:
    """What was in the box, and how many could have put something in."""
    return replace(a.subject, result=_counted(a))


def erase(a: Command) -> Topic:
    """Without one person's words and door; without one, all that anybody said. Counts stay."""
    person = a.answers[TO]
    if person is None:
        bare = replace(a.subject, text="", reason="", meets_where="")
        return replace(bare, households={}, voted=())
    text = "" if person.id == a.subject.raiser else a.subject.text
    left = {h: tuple(i for i in p if i != person.id) for h, p in a.subject.households.items()}
    return replace(a.subject, text=text, households=left)
