"""Writes the parts of the docs that come from the code: `make docs`. A test keeps them current.

The diagrams are drawn from the machines themselves, the table from STEPS, the words from the
locale's files, so that nobody has a second place to learn the workflow.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from bot.config.settings import load
from workflows.core.machine import TableMachine
from workflows.core.policy import Counts, Rules
from workflows.petition import lifecycle as ticket
from workflows.petition.intake import conversation
from workflows.petition.lifecycle import BEFORE, PETITION, SAME, STAGES, STEPS, Relation, Step
from workflows.petition.words import ClockName, State

ROOT = Path(__file__).parent.parent
WORDS = tomllib.loads((ROOT / "templates/zh/words.toml").read_text("utf-8"))


def mermaid(machine: TableMachine, start: str, labels: dict[str, str]) -> str:
    """A machine as a Mermaid state diagram."""
    arrows = machine.arrows()
    lines = [f"    {name}: {text}" for name, text in labels.items()]
    lines += [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in sorted(arrows.items())]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {start}", *lines, "```"])


def lifecycle() -> str:
    """docs/lifecycle.md: the diagram, the states with their clocks, and every row."""
    labels = {state.value: WORDS["state"][state] for state in State}
    return f"""# The lifecycle of a ticket

Written by `make docs` from `workflows/petition/lifecycle.py`; change it there.

{mermaid(PETITION.machine, PETITION.start, labels)}

## States

{_table(("state", "中文", "its own clock", "promises", "who must act"), map(_state_row, State))}

`response` runs from filing until the answer was accepted by Telegram (or told in person); `plan`
runs from the plan until the work is done. Every other clock belongs to one state.

## Steps

A ticket begins when its draft is submitted (`file`): `unassigned`, the response clock running, and
at once offered by the system to the first in line. A pioneer or worker files on behalf of somebody
without a phone in the same conversation.

{
        _table(
            (
                "action",
                "from",
                "to",
                "who",
                "needs",
                "resident is told",
                "staff are told",
                "clocks",
            ),
            map(_step_row, STEPS),
        )
    }

## Clocks

{_table(("clock", "runs", "reminds at", "when its time is up"), map(_clock_row, ClockName))}

As set in `config.example.toml`. A reminder goes to who must act; a climb tells
{_climb()}, then once a day.
"""


def intake_page() -> str:
    """docs/intake.md: the conversation's diagram."""
    labels: dict[str, str] = {}
    return f"""# The intake conversation

Written by `make docs` from `workflows/petition/intake/conversation.py`; change it there. `say` is
whatever the resident sends (words, photos, voice, a location); the other verbs are buttons.

{mermaid(conversation.MACHINE, "empty", labels)}
"""


_GROUPS = {
    "any": frozenset(State),
    "any open": ticket.OPEN,
    "accepted … planned": ticket.IN_HAND,
}


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _state_row(state: State) -> tuple[str, ...]:
    stage = STAGES[state]
    promises = "stand still" if stage.pauses else "run" if stage.holder else "–"
    own, holder = stage.clock or "–", stage.holder or "–"
    return state.value, WORDS["state"][state], str(own), promises, str(holder)


def _step_row(step: Step) -> tuple[str, ...]:
    staff = ", ".join(f"{to}: {template}" for to, template in step.staff)
    needs = ", ".join(need.name for need in step.needs)
    when = f" (when {step.when.__name__})" if step.when else ""
    action = f"{step.action}{when}"
    told = step.resident + (" (the answer)" if step.answers else "")
    return action, _states(step), _target(step), _who(step.who), needs, told, staff, _clocks(step)


def _states(step: Step) -> str:
    known = next((name for name, states in _GROUPS.items() if states == step.sources), "")
    return known or ", ".join(sorted(step.sources, key=list(State).index))


def _target(step: Step) -> str:
    return {SAME: "same", BEFORE: "where it was"}.get(step.target) or str(step.target)


def _who(who: Relation) -> str:
    return ", ".join(str(one.name).lower() for one in who)


def _clocks(step: Step) -> str:
    starts = [f"starts {step.starts}"] if step.starts else []
    stage = STAGES.get(step.target) if isinstance(step.target, State) else None
    starts += [f"starts {stage.clock}"] if stage and stage.clock else []
    return "; ".join([*starts, *(["pauses the promises"] if stage and stage.pauses else [])])


def _clock_row(name: ClockName) -> tuple[str, ...]:
    policy = _rules().clocks[PETITION.kind][name]
    within = {Counts.DAY: " by day", Counts.WORKING: " of working hours"}.get(policy.counts, "")
    remind = ", ".join(f"{percent} %" for percent in policy.remind)
    own = PETITION.on_time(name)
    then = f"{own} by the system" if own else f"escalates{' and climbs' if policy.climbs else ''}"
    return name.value, f"{policy.length}{within}", remind or "–", then


def _climb() -> str:
    return ", ".join(f"the {c.to} after {c.after}" for c in _rules().climb)


def _rules() -> Rules:
    environment = {"HAITANG_TELEGRAM__TOKEN": "1:docs"}
    return load(ROOT / "config.example.toml", environment).rules({})


PAGES = {"lifecycle.md": lifecycle, "intake.md": intake_page}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (ROOT / "docs" / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
