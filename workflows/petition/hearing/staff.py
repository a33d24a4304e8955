"""What staff say of what they have in hand."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.hearing.language import Found, Hearing
from workflows.petition.hearing.evidence import (
    SHORT,
    asked,
    is_certainly_new,
    is_repeated,
    nearest,
    spoken_of,
)
from workflows.petition.hearing.meaning import (
    Guess,
    Matter,
    Meaning,
    Situation,
    Understood,
    sure,
)
from workflows.petition.words import State

M, S = Meaning, State


def at_work(at: Situation, found: Found, language: Hearing) -> Understood | None:
    """It is a report, or something that they found; None where it can be about what is their own.

    A report that names a fault is about what is in hand, unless it names another place or thing.
    """
    work = [m for m in at.matters if m.is_work]
    if offered := _offered(work, found):
        return offered
    if len(work) == len(at.matters) and _is_found(work, found, language):
        return sure(M.PETITION)
    return _reported(work, found, language) if _is_report(at, work, found, language) else None


def _is_found(work: Sequence[Matter], found: Found, language: Hearing) -> bool:
    """Whether it tells of something that he came across."""
    is_new = is_certainly_new(found, work, language) or is_repeated(found, work)
    return is_new and not found.has("report")


def _is_report(
    at: Situation, work: Sequence[Matter], found: Found, language: Hearing
) -> bool:  # fmt: skip
    """Whether it can be nothing else, or speaks more of that than of his own."""
    same = spoken_of(found, at.matters, language)
    is_own = any(not m.is_work for m in same)
    is_likely = bool(same) or at.has_file or found.has("report")
    return len(work) == len(at.matters) or (bool(work) and is_likely and not is_own)


def _offered(work: Sequence[Matter], found: Found) -> Understood | None:
    """Whether he takes what he is offered, or cannot; it may be a report as well."""
    fit = [m for m in work if m.state is S.DISPATCHED]
    is_short = found.length < SHORT and not found.has("problem", "report")
    if len(fit) != 1 or not (is_short or found.has("accepts", "passes")):
        return None
    verbs = [verb for sign, verb in _TAKES if found.has(sign)] or [verb for _, verb in _TAKES]
    ways = [Guess(M.BUTTON, fit[0].id, verb) for verb in verbs]
    return Understood((*ways, Guess(M.REPORT, fit[0].id)))


_TAKES = (("accepts", "accept"), ("passes", "pass"))


def _reported(work: Sequence[Matter], found: Found, language: Hearing) -> Understood:
    same = spoken_of(found, work, language)
    return asked(M.REPORT, same if len(same) == 1 else nearest(found, work, language))
