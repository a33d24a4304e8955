"""Whether a sign of danger is meant: not denied, not over, not feared, not to be prevented.

Every look is at a bounded stretch beside the sign, so that a long message costs what it is long.
"""

from __future__ import annotations

from workflows.danger_signs import Heard, Parts, Span

_DENIED = 6  # characters that may stand between a denial and what it denies
_BACK = 40  # characters in which what holds for a sign is looked for before it
_ON = 30  # and after it
_NEXT = 8  # right after it


def is_meant(heard: Heard, kind: str, parts: Parts) -> bool:
    """Whether it is so, here and now."""
    if any(_is_denied(heard, start) for start, _ in parts) or _is_over(heard, kind, parts):
        return False
    if _is_cried_out(heard, parts):
        return True
    return not (_is_past(heard, kind, parts) or _is_imagined(heard, kind, parts))


def _is_denied(heard: Heard, at: int) -> bool:
    """A denial shortly before in the same clause, which is not about something else."""
    start = max(heard.said.clause(at)[0], at - _DENIED - 3)
    right_before = _last(heard, "adjacent", start, at)
    if right_before and right_before[1] == at:
        return not _last(heard, "undenied", start, at)
    denial = _last(heard, "denial", start, at)
    return denial is not None and not _last(heard, "undenied", max(start, denial[0] - 2), at)


def _is_over(heard: Heard, kind: str, parts: Parts) -> bool:
    """Whether it is told to have ended, before it in the clause or soon after."""
    start = max(heard.said.clause(parts[0][0])[0], parts[0][0] - _BACK)
    ended = heard.last(heard.language.over.get(kind, ""), start, _end(parts) + _ON)
    return ended is not None and not _is_denied(heard, ended[0])


def _is_cried_out(heard: Heard, parts: Parts) -> bool:
    """A call for help in the same sentence."""
    start, end = heard.said.sentence(parts[0][0])
    start, end = max(start, parts[0][0] - _BACK), min(end, _end(parts) + _ON)
    return _last(heard, "urgent", start, end) is not None


def _is_past(heard: Heard, kind: str, parts: Parts) -> bool:
    """A past before it, in this clause or the one before, with no present in between."""
    first, end = parts[0][0], _end(parts)
    if any(_last(heard, "past_after", to, to + _NEXT, at_once=True) for _, to in parts):
        return True
    if _last(heard, "present_after", end, end + _ON):
        return False
    pasts = ("past",) if kind in heard.language.lasting else ("past", "lately")
    start = max(heard.said.clause_before(first), first - _BACK)
    found = [past for name in pasts if (past := _last(heard, name, start, first))]
    return any(not _last(heard, "present", past[1], end) for past in found)


def _is_imagined(heard: Heard, kind: str, parts: Parts) -> bool:
    """Feared, supposed or to be prevented: before it, or right after it."""
    if kind in heard.language.threatened:
        return False
    first, end = parts[0][0], _end(parts)
    before = max(heard.said.clause(first)[0], first - _BACK)
    supposed = max(heard.said.clause_before(first), first - _BACK)
    after = min(heard.said.clause(end - 1)[1], end + _NEXT)
    return bool(
        _last(heard, "imagined", before, first)
        or _last(heard, "supposed", supposed, first)
        or _last(heard, "imagined_after", end, after)
    )


def _last(
    heard: Heard, judgement: str, start: int, end: int, *, at_once: bool = False
) -> Span | None:  # fmt: skip
    """The last of a judgement's words in a stretch, or the one that it begins with."""
    name = heard.language.judged.get(judgement, "")
    found = heard.last(name, start, end)
    while at_once and found and found[0] != start:
        found = heard.last(name, start, found[1] - 1)
    return found


def _end(parts: Parts) -> int:
    return max(end for _, end in parts)
