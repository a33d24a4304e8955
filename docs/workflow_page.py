"""The page of one workflow, from its own value: the diagram, the tables, what it gives to the chat.

Nothing here knows a particular workflow, so one that is registered has its page by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import Flag
from importlib import import_module
from typing import Any

from bot.config.words import Words
from docs.markdown import mermaid, table
from workflows.core.engine.flow import BEFORE, SAME, Step
from workflows.core.policy import ClockPolicy, Counts, Rules
from workflows.desk.workflow import Workflow

_COUNTS = {Counts.CALENDAR: "", Counts.DAY: " by day", Counts.WORKING: " of working hours"}
_FACTS = ("pauses", "keeps_holder", "answered", "done", "hastened")
_UNITS = {
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}
# The heads of the tables.
_STAGES = ("state", "中文", "its own clock", "who must act", "what holds")
_STEPS = ("action", "中文", "from", "to", "who", "needs", "tells", "clocks")
_CLOCKS = ("clock", "runs", "reminds at", "lasts", "when its time is up")


class Page:
    """A workflow with the words it has in a locale and the rules of the example config."""

    def __init__(self, workflow: Workflow, words: Words, rules: Rules) -> None:
        self.workflow, self.words, self.rules = workflow, words, rules
        self.flow, self.kind = workflow.flow, workflow.kind
        self.states = list(self.flow.stages)

    def text(self) -> str:
        """The whole page."""
        flow, labels = self.flow, self.words.table("state", self.kind)
        about = import_module(self.workflow.package).__doc__
        folder = self.workflow.package.replace(".", "/")
        return f"""# {self.kind}

{about}

Written by `make docs` from `{folder}/`; change it there. It begins by `{flow.begins}`,
in `{flow.start}`.

{mermaid(flow.machine, flow.start, {state.value: labels[state] for state in self.states})}

## Stages

{table(_STAGES, map(self._stage, self.states))}

What holds are fields of `Stage` in `workflows/core/engine/flow.py`.

## Steps

{table(_STEPS, map(self._step, flow.steps))}

## Clocks

{table(_CLOCKS, map(self._clock, self._clocks()))}

As set in `config.example.toml`. A promise stands still in a stage that pauses.

## Who may what

{table(("relation", "actions"), self._relations())}

## Who is told what

{table(("audience", "templates"), self._audiences())}

## What is asked for

{table(("need", "by"), self._needs())}

## In the chat

{table(("what", "name", "room"), self._rooms())}
"""

    # -- the table ----------------------------------------------------------------------

    def _stage(self, state: Any) -> tuple[str, ...]:
        stage = self.flow.stages[state]
        facts = ", ".join(fact for fact in _FACTS if getattr(stage, fact))
        label = self.words.table("state", self.kind)[state]
        holder = stage.holder or ("the end" if stage.is_end else "")
        return str(state), label, str(stage.clock or ""), str(holder), facts

    def _step(self, step: Step[Any, Any, Any, Any]) -> tuple[str, ...]:
        when = f" (when {step.when.__name__})" if step.when else ""
        label = self.words.table("action", self.kind).get(step.action, "")
        who = ", ".join(_member(one) for one in step.who)
        needs = ", ".join(need.name for need in step.needs)
        return (
            f"{step.action}{when}", label, self._among(step.sources), _target(step), who, needs,
            self._told(step), self._starts(step),
        )  # fmt: skip

    def _told(self, step: Step[Any, Any, Any, Any]) -> str:
        answered = self.flow.promised_to if step.answers else None
        return ", ".join(
            f"{to}: {name}{' (the answer)' if to == answered else ''}" for to, name in step.tells
        )

    def _starts(self, step: Step[Any, Any, Any, Any]) -> str:
        stage = self.flow.stages.get(step.target)
        starts = [f"starts {name}" for name in (step.starts, stage and stage.clock) if name]
        stops = [f"stops {step.stops}"] if step.stops else []
        pauses = ["pauses the promises"] if stage and stage.pauses else []
        return "; ".join([*starts, *stops, *pauses])

    def _among(self, states: Iterable[Any]) -> str:
        """States by a short word where there is one: those of a stretch by its ends."""
        found = sorted(states, key=self.states.index)
        ended = [state for state in self.states if self.flow.stages[state].is_end]
        still_open = [state for state in self.states if state not in ended]
        words = {"any": self.states, "any open": still_open, "the end": ended}
        first = self.states.index(found[0])
        is_stretch = len(found) > 3 and found == self.states[first:][: len(found)]
        plain = f"{found[0]} … {found[-1]}" if is_stretch else ", ".join(found)
        if still_open == found[: len(still_open)]:
            plain = ", ".join(["any open", *found[len(still_open) :]])
        return next((word for word, group in words.items() if group == found and found[1:]), plain)

    # -- the clocks ---------------------------------------------------------------------

    def _clocks(self) -> list[Any]:
        own = [stage.clock for stage in self.flow.stages.values() if stage.clock]
        return list(dict.fromkeys([*self.flow.lasting, *own]))

    def _clock(self, name: Any) -> tuple[str, ...]:
        policy = self.rules.clocks[self.kind][name]
        runs = f"{_long(policy.length)}{_COUNTS[policy.counts]}"
        ahead = (f"{hours:g} h before" for hours in policy.before)
        remind = ", ".join([*(f"{percent} %" for percent in policy.remind), *ahead])
        own = self.flow.on_time(name)
        up = f"{own} by the system" if own else f"escalates{self._ladder(name, policy)}"
        return str(name), runs, remind, self._lasts(name), up

    def _lasts(self, name: Any) -> str:
        lasting = self.flow.lasting.get(name)
        if lasting is None:
            own = (s for s, stage in self.flow.stages.items() if stage.clock == name)
            return f"in {self._among(own)}"
        runs = set(self.states) - lasting.until
        if all(self.flow.stages[state].is_end for state in runs):
            return f"in {self._among(runs)}"
        return f"{'a promise, ' if lasting.promise else ''}until {self._among(lasting.until)}"

    def _ladder(self, name: Any, policy: ClockPolicy) -> str:
        rungs = self.flow.clockwork.ladder(name, self.rules) if policy.climbs else ()
        higher = ", ".join(f"the {rung.to} after {_long(rung.after)}" for rung in rungs[1:])
        return f" and climbs: {higher}, then once a day" if higher else ""

    # -- people, and the chat -----------------------------------------------------------

    def _relations(self) -> Iterable[tuple[str, ...]]:
        relations: type[Flag] = type(self.flow.steps[0].who)
        return _grouped((_member(one), s.action) for one in relations for s in self.flow.steps
                        if one & s.who)  # fmt: skip

    def _audiences(self) -> Iterable[tuple[str, ...]]:
        return _grouped((to, name) for step in self.flow.steps for to, name in step.tells)

    def _needs(self) -> Iterable[tuple[str, ...]]:
        return _grouped((need.name, s.action) for s in self.flow.steps for need in s.needs)

    def _rooms(self) -> Iterable[tuple[str, ...]]:
        chat, lists = self.workflow.chat, self.workflow.lists
        rooms = {"tap": chat.taps, "command": chat.commands, "start link": chat.links}
        yield "tap", self.kind, "an action of the table"
        for what, named in rooms.items():
            yield from ((what, name, _home(room)) for name, room in named.items())
        yield from (("board", section.key, _home(section.count)) for section in lists.sections)
        yield from (("chore", chore.__name__.rpartition(".")[2], _home(chore))
                    for chore in self.workflow.chores)  # fmt: skip


def _member(relation: Flag) -> str:
    return str(relation.name).lower()


def _target(step: Step[Any, Any, Any, Any]) -> str:
    return {SAME: "same", BEFORE: "where it was"}.get(step.target) or str(step.target)


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> Iterable[tuple[str, ...]]:
    """A row for each first one, with its others once each."""
    found: dict[str, dict[str, None]] = {}
    for one, other in pairs:
        found.setdefault(str(one), {})[str(other)] = None
    return ((one, ", ".join(others)) for one, others in found.items())


def _home(room: Any) -> str:
    """The file in which a room is."""
    made = getattr(room, "func", room)  # of a partial
    return f"`{getattr(made, '__module__', made.__name__).replace('.', '/')}.py`"


def _long(length: timedelta) -> str:
    """A length in the largest unit that says it whole: "3 days", "30 minutes"."""
    name, count = next((n, length // unit) for n, unit in _UNITS.items() if not length % unit)
    return f"{count} {name}{'' if count == 1 else 's'}"
