"""What a replay measured, as values for JSON and as lines to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from playground.phones.filing import Filing, Petition
from playground.text.entities import units

HELD_UNITS = 2048  # from here on the bot waits a second for what a client may have cut off
_LONGEST = 5


def measured(filings: Sequence[Filing], different: frozenset[str]) -> dict[str, Any]:
    """Everything the filings tell; `different` are the ids of the rows whose text is not kept."""
    filed = [filing for filing in filings if not filing.refusal]
    short = [f for f in filed if units(f.petition.text) < HELD_UNITS]
    easy = sum(f.messages == 1 and f.taps <= 2 for f in filed)
    return {
        "rows": len(filings),
        "residents": len({filing.petition.user for filing in filings}),
        "filed": len(filed),
        "refused": dict(Counter(f.refusal for f in filings if f.refusal)),
        "messages": _counts(f.messages for f in filed),
        "taps": _counts(f.taps for f in filed),
        "one_message_two_taps": round(easy / len(filings), 4) if filings else 0.0,
        "questions": sum(f.questions for f in filed),
        "other_messages": sum(f.extras for f in filed),
        "split": sum(f.parts > 1 for f in filed),
        "seconds_to_preview": spread(f.to_preview for f in filed),
        "seconds_to_preview_below_2048_units": spread(f.to_preview for f in short),
        "seconds_to_filed": spread(f.to_filed for f in filed),
        "longest": _longest([f.petition for f in filings], different),
    }


def _counts(numbers: Iterable[int]) -> dict[str, int]:
    return {str(number): count for number, count in sorted(Counter(numbers).items())}


def spread(times: Iterable[float]) -> dict[str, float]:
    """The median, the 99th percentile and the longest, in seconds; nothing of nothing."""
    ranked = sorted(times)
    if not ranked:
        return {}
    ranks = {"p50": 0.50, "p99": 0.99, "max": 1.0}
    last = len(ranked) - 1
    return {name: round(ranked[round(rank * last)], 3) for name, rank in ranks.items()}


def _longest(petitions: Iterable[Petition], different: frozenset[str]) -> list[dict[str, Any]]:
    ranked = sorted(petitions, key=lambda petition: -units(petition.text))
    return [
        {"row": p.id, "units": units(p.text), "is_identical": p.id not in different}
        for p in ranked[:_LONGEST]
    ]


def as_lines(report: Mapping[str, Any]) -> list[str]:
    """The report, one line a figure."""
    return [f"{name.replace('_', ' '):<36} {_line(value)}" for name, value in report.items()]


def _line(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_line(each)}" for key, each in value.items()) or "none"
    if isinstance(value, list):
        return "; ".join(_line(each) for each in value) or "none"
    return str(value)
