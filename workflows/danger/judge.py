"""Whether a sign of danger is meant: not denied, not over, not feared, not to be prevented.

Every look is at a bounded stretch beside the sign, so that a long message costs what it is long.
"""

from __future__ import annotations

from workflows.danger.signs import Heard, Parts, Span

JUDGEMENTS = (
    "denial", "adjacent", "undenied", "past", "lately", "present", "present_after", "past_after",
    "imagined", "supposed", "imagined_after", "urgent",
)  # fmt: skip
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
    denials = [d for d in _all(heard, "adjacent", start, at) if d[1] == at]
    denials += _all(heard, "denial", start, at)[-1:]
    others = _all(heard, "undenied", start, at)
    return any(not any(_turns(other, denial) for other in others) for denial in denials)


def _turns(other: Span, denial: Span) -> bool:
    """Whether a word makes a denial one of something else: it follows it or goes around it."""
    return other[1] > denial[1] or (other[0] < denial[0] and other[1] > denial[0])


def _is_over(heard: Heard, kind: str, parts: Parts) -> bool:
    """Whether it is told to have ended, before it in the clause or soon after."""
    start = max(heard.said.clause(parts[0][0])[0], parts[0][0] - _BACK)
    ends = heard.within(heard.language.over.get(kind, ""), start, _end(parts) + _ON)
    return any(not _is_denied(heard, end[0]) for end in ends)


def _is_cried_out(heard: Heard, parts: Parts) -> bool:
    """A call for help in the same sentence."""
    start, end = heard.said.sentence(parts[0][0])
    start, end = max(start, parts[0][0] - _BACK), min(end, _end(parts) + _ON)
    return bool(_all(heard, "urgent", start, end))


def _is_past(heard: Heard, kind: str, parts: Parts) -> bool:
    """A past before it, in this clause or the one before, with no present in between."""
    first, last, end = parts[0][0], parts[-1][0], _end(parts)
    if any(_is_followed(heard, "past_after", to) for _, to in parts):
        return True
    if _all(heard, "present_after", end, end + _ON):
        return False
    pasts = ("past",) if kind in heard.language.lasting else ("past", "lately")
    start = max(heard.said.clause_before(first), first - _BACK)
    found = [past for name in pasts for past in _all(heard, name, start, last)[-1:]]
    return any(not _all(heard, "present", past[1], end) for past in found)


def _is_followed(heard: Heard, judgement: str, at: int) -> bool:
    """Whether one of a judgement's words begins right here."""
    return any(start == at for start, _ in _all(heard, judgement, at, at + _NEXT))


def _is_imagined(heard: Heard, kind: str, parts: Parts) -> bool:
    """Feared, supposed or to be prevented: before it, or right after it."""
    if kind in heard.language.threatened:
        return False
    first, last, end = parts[0][0], parts[-1][0], _end(parts)
    before = max(heard.said.clause(first)[0], first - _BACK)
    supposed = max(heard.said.clause_before(first), first - _BACK)
    after = min(heard.said.clause(end - 1)[1], end + _NEXT)
    return bool(
        _all(heard, "imagined", before, last)
        or _all(heard, "supposed", supposed, last)
        or _all(heard, "imagined_after", end, after)
    )


def _all(heard: Heard, judgement: str, start: int, end: int) -> list[Span]:
    """A judgement's words in a stretch of the text, in order."""
    return heard.within(heard.language.judged.get(judgement, ""), start, end)


def _end(parts: Parts) -> int:
    return max(end for _, end in parts)
