"""A reply to a message about a matter: that one is meant, but what of it?"""

from __future__ import annotations

from workflows.hearing.language import Found, Hearing
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
_ENDED = {S.CLOSED, S.DECLINED, S.WITHDRAWN, S.MERGED}


def replied(at: Situation, matter: Matter, language: Hearing) -> Understood:
    """What a reply is."""
    found = read(at.text, language)
    if matter.is_work:
        return _of_staff(at, matter, found)
    if matter.state is S.WAITING:
        return sure(M.ANSWER, matter.id)
    if matter.state in {S.DECLINED, S.MERGED}:
        return _or_new(M.OBJECTION, matter)
    if matter.wants_reason and at.text and not found.has("unwell"):
        return sure(M.ADDITION, matter.id)
    if matter.state in {S.RESOLVED, S.UNHAPPY, S.CLOSED}:
        return _when_done(at, matter, found)
    if matter.state in _ENDED:
        return sure(M.PETITION)
    return _when_open(at, matter, found)


def _or_new(meaning: Meaning, matter: Matter) -> Understood:
    return Understood((Guess(meaning, matter.id), Guess(M.PETITION)))


def _of_staff(at: Situation, matter: Matter, found: Found) -> Understood:
    if found.is_well and at.text and matter.state is not S.DISPATCHED:
        return Understood((Guess(M.REPORT, matter.id), Guess(M.ADDITION, matter.id)))
    return sure(M.ADDITION, matter.id)


def _when_done(at: Situation, matter: Matter, found: Found) -> Understood:
    """It is said to be done: he says that it is not, or that it is, or something else of it."""
    if found.has("unhappy") and (matter.state is S.RESOLVED or matter.wants_rating):
        ways = (M.UNHAPPY, M.UNSOLVED) if found.has("unwell", "problem") else (M.UNHAPPY,)
        return Understood(tuple(Guess(way, matter.id) for way in ways))
    if found.has("unwell"):
        return _or_new(M.UNSOLVED, matter)
    if found.is_well:
        return sure(M.SOLVED, matter.id)
    if matter.state is S.UNHAPPY or (matter.state is S.RESOLVED and not at.text):
        return sure(M.ADDITION, matter.id)
    if matter.state is S.RESOLVED:
        ways = (M.UNSOLVED, M.SOLVED, M.ADDITION)
        return Understood(tuple(Guess(way, matter.id) for way in ways))
    return _or_new(M.UNSOLVED, matter)


def _when_open(at: Situation, matter: Matter, found: Found) -> Understood:
    if found.is_well and not found.has("chase"):
        return Understood((Guess(M.SOLVED, matter.id), Guess(M.ADDITION, matter.id)))
    if found.has("chase") and found.length < _CHASE and not found.has("adds", "points"):
        return sure(M.FOLLOWUP, matter.id)
    return sure(M.ADDITION, matter.id)


_CHASE = 16  # characters: a longer one says more
