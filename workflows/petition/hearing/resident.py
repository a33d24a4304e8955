"""What somebody says of what he brought, in free words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from workflows.hearing.language import Found, Hearing
from workflows.petition.hearing.evidence import (
    DONE,
    HEARD,
    LONG,
    OPEN,
    REFUSED,
    SHORT,
    TALK,
    asked,
    is_certainly_new,
    is_repeated,
    is_something,
    is_talk,
    is_told,
    nearest,
    spoken_of,
)
from workflows.petition.hearing.meaning import Matter, Meaning, Situation, Understood, sure
from workflows.petition.words import State

M, S = Meaning, State
_Matters = Sequence[Matter]


class Own(Struct, frozen=True, kw_only=True):
    """What is this person's: all of it, and what the words speak of; `is_new` when they tell of
    something that is none of it.
    """

    every: _Matters
    same: _Matters
    is_new: bool

    @property
    def likely(self) -> _Matters:
        """Those that speak of the same thing, or all of them."""
        return self.same or self.every


def at_home(at: Situation, found: Found, language: Hearing) -> Understood:
    """What the first of PAGE says that knows; else it is new where that is certain, or asked."""
    every = nearest(found, [m for m in at.matters if not m.is_work], language)
    same = spoken_of(found, every, language)
    is_new = is_certainly_new(found, every, language) or is_repeated(found, same or every)
    own = Own(every=every, same=same, is_new=is_new)
    return next((known for look in PAGE if (known := look(own, found))), _otherwise(own, found))


def _explains(own: Own, found: Found) -> Understood | None:
    """Why somebody is not content, though he says it only later."""
    waiting = [m for m in own.every if m.state is S.UNHAPPY and m.wants_reason]
    if not waiting or found.has("unwell", "another", "wish", "when", "turns") or is_told(found):
        return None
    is_plain = len(waiting) == 1 and not found.has("problem", "where")
    return sure(M.ADDITION, waiting[0].id) if is_plain else asked(M.ADDITION, waiting)


def _says_unhappy(own: Own, found: Found) -> Understood | None:
    """How it was done is not to his liking; that is asked where it may not even be done."""
    fit = [m for m in own.likely if m.state is S.RESOLVED or m.wants_rating]
    if not fit or not found.has("unhappy", "poor") or is_told(found):
        return None
    is_bare = found.length < SHORT and not found.has("unwell", "problem", "another")
    is_plain = len(fit) == 1 and is_bare and found.has("unhappy")
    return sure(M.UNHAPPY, fit[0].id) if is_plain else asked(M.UNHAPPY, fit)


def _objects(own: Own, found: Found) -> Understood | None:
    refused = [m for m in own.every if m.state is S.DECLINED] if found.has("objection") else []
    is_against = found.has("apart", "objection")
    merged = [m for m in own.every if m.state is S.MERGED] if is_against else []
    return asked(M.OBJECTION, [*merged, *refused]) if merged or refused else None


def _says_well(own: Own, found: Found) -> Understood | None:
    """All is well again, or something is not as it was: which way, is asked."""
    if found.length > LONG or not (
        found.is_well or (found.has("turns", "needless") and not own.is_new)
    ):
        return None
    fit = [m for m in own.likely if m.state in OPEN or m.state is S.RESOLVED]
    is_open = any(m.state in OPEN for m in fit)
    doubts = () if found.is_well or not is_open else (M.ADDITION,)
    return asked(M.SOLVED, fit, *doubts) if fit else None


def _says_unwell(own: Own, found: Found) -> Understood | None:
    """It is still so, or again: of what was said to be done. Of what is not, it is a chase."""
    done = [m for m in own.likely if m.state in DONE]
    if not found.has("unwell") or not done:
        return None
    return asked(M.UNSOLVED, done)


def _chases(own: Own, found: Found) -> Understood | None:
    if not found.has("chase"):
        return None
    others = bool(found.topics) and not own.same
    fit = [m for m in own.likely if m.state in HEARD]
    if not fit or (others and found.has("problem", "where") and not found.has("was")):
        return None
    is_named = len(own.same) == 1 and found.length < LONG and not found.has("another")
    is_bare = found.length < SHORT and not others and not found.has("problem", "where", "wish")
    if len(fit) == 1 and (is_named or is_bare):
        return sure(M.FOLLOWUP, fit[0].id)
    return asked(M.FOLLOWUP, fit)


def _adds(own: Own, found: Found) -> Understood | None:
    if not found.has("adds", "points", "was", "move"):
        return None
    fit = [m for m in own.likely if m.state in HEARD]
    if not fit or (is_told(found) and not own.same):
        return None
    if len(fit) == 1 and found.has("amends"):
        return sure(_adding(fit[0]), fit[0].id)
    return asked(_adding(fit[0]), fit)


def _adding(matter: Matter) -> Meaning:
    return M.ANSWER if matter.state is S.WAITING else M.ADDITION


PAGE: tuple[Callable[[Own, Found], Understood | None], ...] = (
    _explains, _says_unhappy, _objects, _says_well, _says_unwell, _chases, _adds,
)  # fmt: skip


def _otherwise(own: Own, found: Found) -> Understood:
    """Nothing points back. New it is only where that is certain: told in full, of what none of his
    own is about; or asked for, where nothing was refused him.
    """
    if own.is_new or _is_wish(own, found):
        return sure(M.PETITION)
    fit = own.same or [m for m in own.every if m.state in OPEN] or own.every
    doubts = [M.SOLVED] if found.has("perfect", "eased") and found.length < LONG else []
    if fit[0].state is S.RESOLVED and not is_something(found):
        doubts.append(M.ADDITION)
    is_idle = len(fit) == 1 and (is_talk(found) or not is_something(found))
    ways = asked(_MORE.get(fit[0].state, M.ADDITION), fit, *doubts)
    return Understood((*ways.guesses, TALK)) if is_idle else ways


def _is_wish(own: Own, found: Found) -> bool:
    """Whether it asks for something that has a name, or in so many words, and not for what is his
    already.
    """
    is_named = bool(found.topics or found.buildings) or found.length >= _WISH
    is_back = own.same or _is_any(own.every, REFUSED) or found.has("pending", "points", "adds")
    return found.has("wish") and is_named and not is_back


_WISH = 8  # characters


def _is_any(matters: _Matters, states: set[State]) -> bool:
    return any(m.state in states for m in matters)


_MORE = {
    S.WAITING: M.ANSWER, S.RESOLVED: M.UNSOLVED, S.CLOSED: M.UNSOLVED, S.DECLINED: M.OBJECTION,
}  # fmt: skip
