"""Free words: not in reply, not in answer. What they say, and what of this person's is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
_SHORT = 14  # characters: too short to say what is wrong and where
_LONG = 30
_STORY = 80
_MOST = 2  # matters to ask about, beside what is new
_NEW = Guess(M.PETITION)
_DONE = {S.RESOLVED, S.UNHAPPY, S.CLOSED}
_OPEN = frozenset(S) - {S.RESOLVED, S.CLOSED, S.DECLINED, S.WITHDRAWN, S.MERGED}
_HEARD = _OPEN | {S.MERGED}  # what he says of it reaches who works on it
_UNTOUCHED = {S.DISPATCHED, S.ACCEPTED}  # nothing was done with it yet
_GOING_ON = _OPEN | {S.RESOLVED}
_REFUSED = {S.DECLINED, S.MERGED}  # who has something to say of that wishes for something, too
_SAID_STILL = _GOING_ON | _REFUSED


def free(at: Situation, language: Hearing) -> Understood:
    """What free words are."""
    if not at.matters:
        return sure(M.PETITION)
    if not at.text or at.has_position:
        return _wordless(at)
    found = read(at.text, language)
    is_another = found.has("another") or (found.has("brings") and found.has("problem"))
    if is_another or _is_story(at.text, found):
        return sure(M.PETITION)
    looks = (_after, _at_work, _at_home)
    return next(known for look in looks if (known := look(at, found, language)))


def _wordless(at: Situation) -> Understood:
    """A picture, a voice, a place: right after something it belongs to that, else it is asked."""
    just = at.matter(at.just)
    if just and not (just.is_work and just.state in _UNTOUCHED):
        return sure(M.ADDITION, just.id)
    likely = [m for m in at.matters if m.state in _HEARD | {S.RESOLVED}]
    if not likely:
        return sure(M.PETITION)
    ways = [Guess(M.REPORT if m.is_work else M.ADDITION, m.id) for m in likely[:_MOST]]
    return Understood((*ways, _NEW))


def _after(at: Situation, found: Found, language: Hearing) -> Understood | None:
    """Right after something was filed, added, answered or rated."""
    matter = at.matter(at.just)
    if matter is None or (_is_told(found) and not found.has("amends")):
        return None
    if matter.is_work:  # staff report: a picture of what is done belongs to that
        is_proof = at.has_file and matter.state is S.RESOLVED
        return sure(M.ADDITION, matter.id) if is_proof else None
    if found.has("problem") and _is_of_another_thing(found, matter, language):
        return None
    is_going_on = matter.state in _GOING_ON or matter.wants_reason
    is_verdict = found.is_well or (found.has("unhappy") and matter.state is S.RESOLVED)
    return _more_of(at, matter, found) if is_going_on and not is_verdict else None


def _is_of_another_thing(found: Found, matter: Matter, language: Hearing) -> bool:
    """Whether both name a thing, and not the same."""
    of = read(matter.text, language)
    return bool(found.topics and of.topics) and not found.topics & of.topics


def _more_of(at: Situation, matter: Matter, found: Found) -> Understood:
    if matter.wants_reason and not found.has("unwell"):
        is_reason = found.has("chase") or not found.has("problem", "where")
        return sure(M.ADDITION, matter.id) if is_reason else _asked(M.ADDITION, [matter])
    if found.has("unwell") and matter.state in _DONE:
        return _asked(M.UNSOLVED, [matter])
    if found.has("chase") and not found.has("points", "adds"):
        own = [m for m in at.matters if m.state in _OPEN and not m.is_work]
        is_sure = len(own) == 1 and found.length < _SHORT
        return sure(M.FOLLOWUP, matter.id) if is_sure else _asked(M.FOLLOWUP, [matter, *own])
    is_more = at.has_file or found.has("adds", "points") or found.length < _SHORT
    if is_more and not found.has("problem"):
        return sure(M.ADDITION, matter.id)
    return _asked(M.ADDITION, [matter])


def _is_story(text: str, found: Found) -> bool:
    """Whether it is long, or has a heading: its preview shows what it may repeat."""
    return found.length >= _STORY or (found.length >= _LONG and "\n" in text.strip())


def _is_told(found: Found) -> bool:
    """Whether it says what is wrong and where: a petition whole."""
    return found.has("problem") and (found.has("where") or bool(found.buildings))


def is_plainly_new(at: Situation, language: Hearing) -> bool:
    """Whether it says what is wrong and where, and of something else."""
    found = read(at.text, language)
    if found.has("another"):
        return True
    of = [m for m in at.matters if is_same(found, m, language)]
    return found.has("problem") and found.has("where") and not of and not found.has("was")


# staff


def _at_work(at: Situation, found: Found, language: Hearing) -> Understood | None:
    """What staff say of what they have in hand."""
    work = [m for m in at.matters if m.is_work]
    if work and found.has("report"):
        return _reported(work, found, language)
    if work and at.has_file:
        return _asked(M.REPORT, work)
    return _of_staff(work, found) if len(work) == len(at.matters) else None


def _reported(work: Sequence[Matter], found: Found, language: Hearing) -> Understood:
    same = [m for m in work if is_same(found, m, language)]
    return _asked(M.REPORT, same if len(same) == 1 else [*same, *work])


def _of_staff(work: Sequence[Matter], found: Found) -> Understood:
    if _is_told(found) or found.has("wish", "brings") or found.length > _LONG:
        return sure(M.PETITION)
    return _asked(M.REPORT, work)


# residents


def _at_home(at: Situation, found: Found, language: Hearing) -> Understood:
    """What somebody says of what he brought."""
    own = [m for m in at.matters if not m.is_work]
    same = [m for m in own if is_same(found, m, language)]
    for look in (_explains, _says_unhappy, _objects, _says_well, _says_unwell, _chases, _adds):
        if understood := look(own, same, found):
            return understood
    return _otherwise(own, same, found, language)


def _explains(own: Sequence[Matter], _: Sequence[Matter], found: Found) -> Understood | None:
    """Why somebody is not content, though he says it only later."""
    waiting = [m for m in own if m.state is S.UNHAPPY and m.wants_reason]
    if not waiting or found.has("unwell", "another", "wish") or _is_told(found):
        return None
    is_plain = len(waiting) == 1 and not found.has("problem", "where")
    return sure(M.ADDITION, waiting[0].id) if is_plain else _asked(M.ADDITION, waiting)


def _says_unhappy(own: Sequence[Matter], same: Sequence[Matter], found: Found) -> Understood | None:
    """How it was done is not to his liking; that is asked where it may not even be done."""
    fit = [m for m in _likely(own, same) if m.state is S.RESOLVED or m.wants_rating]
    if not fit or not found.has("unhappy") or _is_told(found):
        return None
    is_plain = len(fit) == 1 and not found.has("unwell", "problem", "another")
    return sure(M.UNHAPPY, fit[0].id) if is_plain else _asked(M.UNHAPPY, fit)


def _objects(own: Sequence[Matter], same: Sequence[Matter], found: Found) -> Understood | None:
    refused = [m for m in own if m.state is S.DECLINED] if found.has("objection") else []
    merged = [m for m in own if m.state is S.MERGED] if found.has("apart", "objection") else []
    return _asked(M.OBJECTION, [*merged, *refused]) if merged or refused else None


def _says_well(own: Sequence[Matter], same: Sequence[Matter], found: Found) -> Understood | None:
    if not found.is_well or found.length > _LONG:
        return None
    fit = [m for m in _likely(own, same) if m.state in _OPEN or m.state is S.RESOLVED]
    return _asked(M.SOLVED, fit) if fit else None


def _says_unwell(own: Sequence[Matter], same: Sequence[Matter], found: Found) -> Understood | None:
    """It is still so, or again: of what was said to be done. Of what is not, it is a chase."""
    done = [m for m in _likely(own, same) if m.state in _DONE]
    if not found.has("unwell") or not done:
        return None
    return _asked(M.UNSOLVED, done)


def _chases(own: Sequence[Matter], same: Sequence[Matter], found: Found) -> Understood | None:
    if not found.has("chase"):
        return None
    others = bool(found.topics) and not same
    fit = [m for m in _likely(own, same) if m.state in _HEARD]
    if not fit or (others and found.has("problem", "where") and not found.has("was")):
        return None
    is_named = len(same) == 1 and found.length < _LONG and not found.has("another")
    is_bare = found.length < _SHORT and not others and not found.has("problem", "where", "wish")
    if len(fit) == 1 and (is_named or is_bare):
        return sure(M.FOLLOWUP, fit[0].id)
    return _asked(M.FOLLOWUP, fit)


def _adds(own: Sequence[Matter], same: Sequence[Matter], found: Found) -> Understood | None:
    if not found.has("adds", "points", "was"):
        return None
    fit = [m for m in _likely(own, same) if m.state in _HEARD]
    if not fit or (found.has("problem") and found.has("where") and not same):
        return None
    if len(fit) == 1 and found.has("amends"):
        return sure(_adding(fit[0]), fit[0].id)
    return _asked(_adding(fit[0]), fit)


def _adding(matter: Matter) -> Meaning:
    return M.ANSWER if matter.state is S.WAITING else M.ADDITION


def _otherwise(
    own: Sequence[Matter], same: Sequence[Matter], found: Found, language: Hearing
) -> Understood:
    """Nothing points back: new, unless it speaks of the same thing or says too little."""
    is_again = found.has("again", "was")
    still = [m for m in same if m.state in _SAID_STILL or (is_again and m.state is S.CLOSED)]
    if still and not _is_told(found):  # told in full, its preview shows what it may repeat
        return _asked(_more(still[0]), still)
    is_plain = found.has("problem") and (found.has("where", "wish") or found.topics)
    is_wish = found.has("wish") and not any(m.state in _REFUSED for m in own)
    is_whole = _is_told(found) or _is_elsewhere(own, found, language) or found.length >= _LONG
    if is_plain or is_wish or is_whole:
        return sure(M.PETITION)
    fit = [m for m in own if m.state in _OPEN] or own
    return _asked(_more(fit[0]), fit)


def _is_elsewhere(own: Sequence[Matter], found: Found, language: Hearing) -> bool:
    """Whether it names a building, and none of those that his own are about."""
    known = [read(m.text, language).buildings for m in own]
    is_apart = all(each and found.buildings.isdisjoint(each) for each in known)
    return bool(found.buildings) and found.length > _FEW and is_apart


_FEW = 6  # characters: no more than the building itself


def _more(matter: Matter) -> Meaning:
    return _MORE.get(matter.state, M.ADDITION)


_MORE = {
    S.WAITING: M.ANSWER, S.RESOLVED: M.UNSOLVED, S.CLOSED: M.UNSOLVED, S.DECLINED: M.OBJECTION,
}  # fmt: skip


def _likely(own: Sequence[Matter], same: Sequence[Matter]) -> Sequence[Matter]:
    """Those that speak of the same thing, or all of them."""
    return same or own


def is_same(found: Found, matter: Matter, language: Hearing) -> bool:
    """Whether both speak of one thing."""
    of = read(matter.text, language)
    if found.buildings and of.buildings and not found.buildings & of.buildings:
        return False
    if found.topics and of.topics:
        return bool(found.topics & of.topics)
    return len(found.pairs & of.pairs) > 1


def _asked(meaning: Meaning, matters: Iterable[Matter]) -> Understood:
    """Whether it is this, of which of them, or something new."""
    unique = list({m.id: m for m in matters}.values())[:_MOST]
    ways = [Guess(way, m.id) for m in unique for way in _ways(meaning, m)]
    return Understood((*ways, _NEW))


def _ways(meaning: Meaning, matter: Matter) -> tuple[Meaning, ...]:
    """Of what was said to be done, both are asked: that it is well, and that it is not. Of what was
    merged, that it is more of it, and that it should not have been.
    """
    if matter.state is S.MERGED and meaning is M.ADDITION:
        return (M.ADDITION, M.OBJECTION)
    is_either = matter.state is S.RESOLVED and meaning in {M.SOLVED, M.UNHAPPY, M.UNSOLVED}
    other = M.SOLVED if meaning is M.UNSOLVED else M.UNSOLVED
    return (meaning, other) if is_either else (meaning,)
