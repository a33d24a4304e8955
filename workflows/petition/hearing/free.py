"""Free words: not in reply, not in answer. What they say, and what of this person's is open."""

from __future__ import annotations

from workflows.hearing.language import Found, Hearing
from workflows.petition.hearing.evidence import (
    DONE,
    HEARD,
    LONG,
    NEW,
    OPEN,
    SHORT,
    TALK,
    asked,
    is_another,
    is_of_another_thing,
    is_same,
    is_something,
    is_story,
    is_talk,
    is_told,
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
from workflows.petition.hearing.resident import at_home
from workflows.petition.hearing.staff import at_work
from workflows.petition.words import State

M, S = Meaning, State
_MOST = 2  # matters to ask about, beside what is new
_UNTOUCHED = {S.DISPATCHED, S.ACCEPTED}  # nothing was done with it yet
_GOING_ON = OPEN | {S.RESOLVED}


def free(at: Situation, language: Hearing) -> Understood:
    """What free words are."""
    is_wordless = not at.text or at.has_position
    if not at.matters:
        return sure(M.PETITION) if is_wordless or at.has_file else _first(at, language)
    if is_wordless:
        return _wordless(at)
    found = read(at.text, language)
    if is_another(found) or (is_story(at.text, found) and not _points_back(at, language)):
        return sure(M.PETITION)
    looks = (_after, at_work, at_home)
    return next(known for look in looks if (known := look(at, found, language)))


def _first(at: Situation, language: Hearing) -> Understood:
    """Somebody has nothing open: he brings something, or only wants to talk."""
    found = read(at.text, language)
    return sure(M.PETITION) if is_something(found) else Understood((NEW, TALK))


def _points_back(at: Situation, language: Hearing) -> bool:
    """Whether a long one begins with what he said before."""
    opening = read(at.text[:LONG], language)
    is_back = opening.has("was", "unwell", "amends") and not at.text[:LONG].count("\n")
    return is_back and any(is_same(opening, m, language) for m in at.matters)


def _wordless(at: Situation) -> Understood:
    """A picture, a voice, a place: right after something it belongs to that, else it is asked."""
    just = at.matter(at.just)
    if just and not (just.is_work and just.state in _UNTOUCHED):
        return sure(M.ADDITION, just.id)
    likely = [m for m in at.matters if m.state in HEARD | {S.RESOLVED}]
    if not likely:
        return sure(M.PETITION)
    ways = [Guess(M.REPORT if m.is_work else M.ADDITION, m.id) for m in likely[:_MOST]]
    return Understood((*ways, NEW))


def _after(at: Situation, found: Found, language: Hearing) -> Understood | None:
    """Right after something was filed, added, answered or rated."""
    matter = at.matter(at.just)
    if matter is None or (is_told(found) and not found.has("amends")):
        return None
    if matter.is_work:  # staff report: a picture of what is done belongs to that
        is_proof = at.has_file and matter.state is S.RESOLVED
        return sure(M.ADDITION, matter.id) if is_proof else None
    if matter.wants_reason and not found.has("unwell"):
        is_reason = found.has("chase") or not found.has("problem", "where")
        return sure(M.ADDITION, matter.id) if is_reason else asked(M.ADDITION, [matter])
    if is_of_another_thing(found, matter, language):
        is_told_of = found.has("problem") and found.length >= SHORT
        return None if is_told_of else asked(M.ADDITION, [matter])
    is_verdict = found.is_well or (found.has("unhappy") and matter.state is S.RESOLVED)
    is_going_on = matter.state in _GOING_ON and not found.has("turns") and not is_verdict
    return _more_of(at, matter, found) if is_going_on else None


def _more_of(at: Situation, matter: Matter, found: Found) -> Understood:
    if found.has("unwell") and matter.state in DONE:
        return asked(M.UNSOLVED, [matter])
    if found.has("chase", "asks") and not found.has("adds"):
        own = [m for m in at.matters if m.state in OPEN and not m.is_work]
        is_sure = len(own) == 1 and found.length < SHORT and found.has("chase")
        return sure(M.FOLLOWUP, matter.id) if is_sure else asked(M.FOLLOWUP, [matter, *own])
    is_more = at.has_file or found.has("adds", "points") or found.length < SHORT
    if is_more and not found.has("problem", "wish"):
        more = Guess(M.ADDITION, matter.id)
        return Understood((more, TALK) if is_talk(found) else (more,))
    return asked(M.ADDITION, [matter], *([M.SOLVED] if found.has("perfect") else []))
