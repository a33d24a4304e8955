"""A reply to a message about a matter: that one is meant, but what of it?"""

from __future__ import annotations

from collections.abc import Callable

from workflows.hearing.language import Found, Hearing
from workflows.petition.hearing.evidence import (
    SHORT,
    TALK,
    is_certainly_new,
    is_of_another_thing,
    is_talk,
)
from workflows.petition.hearing.meaning import (
    Guess,
    Matter,
    Meaning,
    Situation,
    Understood,
    sure,
)
from workflows.petition.hearing.reading import read
from workflows.petition.words import State

M, S = Meaning, State


def replied(at: Situation, matter: Matter, language: Hearing) -> Understood:
    """What a reply is."""
    found = read(at.text, language)
    is_other = is_of_another_thing(found, matter, language)
    if found.has("another") or is_other or is_certainly_new(found, [matter], language):
        return _or_new(M.ADDITION, matter)
    if matter.is_work:
        return _of_staff(at, matter, found)
    if matter.wants_reason and at.text and not found.has("unwell"):
        return sure(M.ADDITION, matter.id)
    return _BY_STATE.get(matter.state, _when_open)(at, matter, found)


def _when_waiting(_: Situation, matter: Matter, __: Found) -> Understood:
    return sure(M.ANSWER, matter.id)


def _when_refused(_: Situation, matter: Matter, __: Found) -> Understood:
    return _or_new(M.OBJECTION, matter)


def _when_merged(at: Situation, matter: Matter, found: Found) -> Understood:
    """It is no end to him: what he says goes on with it, unless it is against that."""
    if found.has("apart", "objection"):
        return _or_new(M.OBJECTION, matter)
    return _when_open(at, matter, found)


def _when_over(_: Situation, __: Matter, ___: Found) -> Understood:
    return sure(M.PETITION)


def _or_new(meaning: Meaning, matter: Matter) -> Understood:
    return Understood((Guess(meaning, matter.id), Guess(M.PETITION)))


def _of_staff(at: Situation, matter: Matter, found: Found) -> Understood:
    """What is still to come is noted; else it is asked whether it is done."""
    is_pending = found.has("pending") and not found.has("well", "turns")
    if at.text and not is_pending and matter.state is not S.DISPATCHED:
        return Understood((Guess(M.REPORT, matter.id), Guess(M.ADDITION, matter.id)))
    return sure(M.ADDITION, matter.id)


def _when_done(at: Situation, matter: Matter, found: Found) -> Understood:
    """It is said to be done: he says that it is not, or that it is, or something else of it."""
    if found.has("unhappy") and (matter.state is S.RESOLVED or matter.wants_rating):
        doubts = (M.UNSOLVED,) if found.has("unwell", "problem") else ()
        return Understood(tuple(Guess(way, matter.id) for way in (M.UNHAPPY, *doubts)))
    if found.has("unwell"):
        return _or_new(M.UNSOLVED, matter)
    if found.is_well and not found.has("problem"):
        return sure(M.SOLVED, matter.id)
    if matter.state is S.UNHAPPY or (matter.state is S.RESOLVED and not at.text):
        return sure(M.ADDITION, matter.id)
    third = M.ADDITION if matter.state is S.RESOLVED else M.PETITION
    ways = [Guess(way, matter.id) for way in (M.UNSOLVED, M.SOLVED)]
    return Understood((*ways, Guess(third, matter.id if third is M.ADDITION else 0)))


def _when_open(at: Situation, matter: Matter, found: Found) -> Understood:
    is_chase = found.has("chase", "when", "asks") and not found.has("adds")
    more = M.FOLLOWUP if is_chase and found.length < _CHASE else M.ADDITION
    is_over = found.has("well", "turns", "needless") or _is_stated(found)
    if is_over and at.text and not found.has("amends"):
        return Understood((Guess(M.SOLVED, matter.id), Guess(more, matter.id)))
    if is_talk(found) and found.length < SHORT and more is M.ADDITION:
        return Understood((Guess(more, matter.id), TALK))
    return sure(more, matter.id)


def _is_stated(found: Found) -> bool:
    """Whether it states in a word or two that something was done, and nothing wrong."""
    return found.has("perfect") and found.length < _STATED and not found.has("problem", "points")


_STATED = 8  # characters in which it can be said that it is done
_CHASE = 16  # characters: a longer one says more
_Look = Callable[[Situation, Matter, Found], Understood]
_BY_STATE: dict[State, _Look] = {
    S.WAITING: _when_waiting,
    S.RESOLVED: _when_done,
    S.UNHAPPY: _when_done,
    S.CLOSED: _when_done,
    S.DECLINED: _when_refused,
    S.MERGED: _when_merged,
    S.WITHDRAWN: _when_over,
}
