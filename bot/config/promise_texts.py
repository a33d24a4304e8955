"""What a config promises, for whoever edits it: `haitang check` says it of every category."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.core.policy import ClockPolicy, Counts, Rules
from workflows.registry import WORKFLOWS

_OF = {Counts.CALENDAR: "", Counts.DAY: " by day", Counts.WORKING: " of working time"}


def promises(rules: Rules) -> Iterator[str]:
    """By when what is answered, a line for all kinds of matters where it is the same."""
    found: dict[str, list[str]] = {}
    for workflow in WORKFLOWS:
        for matter, (usual, urgent) in workflow.promises.answers(rules).items():
            said = f"answer within {_said(usual)}, urgent {_said(urgent)}"
            found.setdefault(said, []).append(matter)
    for promise, matters in found.items():
        yield f"{promise}: {', '.join(matters)}"


def _said(policy: ClockPolicy) -> str:
    return f"{policy.length.total_seconds() / 3600:g} h{_OF[policy.counts]}"
