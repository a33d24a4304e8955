"""What a config promises, for whoever edits it: `haitang check` says it of every category."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.core.policy import ClockPolicy, Counts, Rules
from workflows.petition import timing
from workflows.petition.words import ClockName

_OF = {Counts.CALENDAR: "", Counts.DAY: " by day", Counts.WORKING: " of working time"}


def promises(rules: Rules) -> Iterator[str]:
    """By when a petition is answered, a line for all categories where it is the same."""
    found: dict[str, list[str]] = {}
    for category in rules.categories:
        found.setdefault(_answer(category, rules), []).append(category)
    for promise, categories in found.items():
        yield f"{promise}: {', '.join(categories)}"


def _answer(category: str, rules: Rules) -> str:
    plain, urgent = (
        _said(timing.policy(ClockName.RESPONSE, category, rules, urgent=urgent))
        for urgent in (False, True)
    )
    return f"answer within {plain}, urgent {urgent}"


def _said(policy: ClockPolicy) -> str:
    return f"{policy.length.total_seconds() / 3600:g} h{_OF[policy.counts]}"
