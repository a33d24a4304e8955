"""One workflow as a table, and the engine of all of them.

`Stage` says what holds in a state, `Step` what can be done from there; a `Flow` of both builds one
machine and answers: who may do what (`may`, `actions`), by which row (`row_for`), and what follows
(`decide`). Nothing here knows a particular workflow: its words are enums of its own, and what is
walked through the table is any `Subject`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum, Flag, StrEnum
from functools import cached_property
from typing import Any, Final, Generic, Literal, TypeVar, cast

from msgspec import Struct, field

from workflows.core.engine.clocks import Clock
from workflows.core.engine.machine import TableMachine
from workflows.core.engine.subject import Attempt, Subject, changed
from workflows.core.errors import Refusal
from workflows.core.talk.needs import Need
from workflows.core.timing.clocks import Clockwork

A = TypeVar("A", bound=StrEnum)  # the workflow's actions,
S = TypeVar("S", bound=StrEnum)  # states,
C = TypeVar("C", bound=StrEnum)  # clocks,
W = TypeVar("W", bound=StrEnum)  # and audiences: who is told
T = TypeVar("T", bound=Attempt)
B = TypeVar("B", bound=Subject)
R = TypeVar("R", bound="Step[Any, Any, Any, Any]")  # the workflow's own kind of row


class Back(Enum):
    """A target that the subject itself knows."""

    BEFORE = "before"


SAME: Final = None  # the step leaves the state as it is
BEFORE: Final = Back.BEFORE  # the step returns to where the subject came from


class Says(Enum):
    """Whose words go with a step; without it they are the staff's among themselves."""

    RESIDENT = "resident"  # a resident's own
    CONFIDED = "confided"  # a resident's, for the staff alone
    STAFF = "staff"  # the staff's, said to the resident


class Stage(Struct, Generic[A, C, W], frozen=True):
    """A state: the clock that runs only in it, and who must act; nobody where it is the end.

    `spot` is its column and row in the diagram; `on_time` what the clock itself does when its time
    is up, where that is not an escalation.
    """

    clock: C | None
    holder: W | None
    spot: tuple[float, float]
    on_time: A | None = None
    pauses: bool = False  # promises stand still
    keeps_holder: bool = False  # whose hands it is in leaves, and it stays: nobody works on it now
    answered: bool = False  # the state itself is what was waited for, as every end is
    done: bool = False  # the work is, though the end is not yet
    hastened: bool = False  # its clock begins anew where danger makes it due sooner
    called_off: bool = False  # an end without what was wanted: what came of it is asked about

    @property
    def is_end(self) -> bool:
        """Whether nobody owes anything any more."""
        return self.holder is None

    @property
    def is_answer(self) -> bool:
        """Whether who waited has heard what there was to hear."""
        return self.answered or self.is_end

    @property
    def is_work(self) -> bool:
        """Whether something is still to be done."""
        return not self.is_end and not self.done


class Lasting(Struct, Generic[A, S], frozen=True, kw_only=True):
    """A clock that outlives a state, until one of these; `promise` is what a pause holds up.

    `hastened` is as in a stage.
    """

    until: frozenset[S]
    promise: bool = False
    hastened: bool = False
    on_time: A | None = None


def _nothing(command: Any) -> Any:
    """No change beyond the state."""
    return command.subject


class Step(Struct, Generic[A, S, T, B], frozen=True, kw_only=True):
    """One row: from where, to where, who may, what it needs, what it does, who is told what.

    `tells` are audiences with the template each is told. `starts` is a lasting clock that starts
    anew, `stops` one that ends; `due` is the date the started clock (or the new state's own) runs
    to, where that is not by its rules. What comes `then` is the shell's to do.
    """

    action: A
    sources: frozenset[S]
    target: S | Literal[Back.BEFORE] | None
    who: Flag
    needs: tuple[Need[Any], ...] = ()
    when: Callable[[T], bool] | None = None
    does: Callable[[T], B] = _nothing
    tells: tuple[tuple[StrEnum, str], ...] = ()
    says: Says | None = None
    shown: bool = False  # residents read of it, even where nobody tells them
    starts: StrEnum | None = None
    stops: StrEnum | None = None
    due: Callable[[T], datetime | None] | None = None
    undoes: bool = False  # what was answered before stands no longer
    answers: bool = False  # the message to whom the promise was given to keeps it
    then: Enum | None = None


def step(
    action: StrEnum, sources: Iterable[StrEnum] | StrEnum, target: StrEnum | None, who: Flag,
    **more: Any,
) -> Step[Any, Any, Any, Any]:  # fmt: skip
    """A row, as tables write it: from one state or from several."""
    states = frozenset({sources}) if isinstance(sources, StrEnum) else frozenset(sources)
    return Step(action=action, sources=states, target=target, who=who, **more)


def not_now(command: Any) -> Refusal:
    """Why not, where there is no more to say: it stands elsewhere by now."""
    subject = command.subject
    state = subject.state.value
    return Refusal("refused_now", kind=subject.kind, about=subject.id, state=state)


class Taken(Struct, Generic[S, R, B], frozen=True, kw_only=True):
    """A step that was taken: the subject as it is now, by which row, from where to where."""

    subject: B
    step: R
    source: S
    target: S


class _Cursor:
    """A machine's only model: carries a subject's state in, the next state and its row out.

    One shared synchronous machine costs 6 µs a question, one per subject up to a millisecond; a
    decision never awaits, so nobody else can stand on the cursor meanwhile.
    """

    state: str
    step: Any
    may_trigger: Callable[[str, Any], bool]  # the machine puts these two here
    trigger: Callable[[str, Any], bool]

    def stand_on(self, step: object) -> Callable[[object], None]:
        def remember(_: object) -> None:
            self.step = step

        return remember


def _guards(step: Step[Any, Any, Any, Any], target: StrEnum | None) -> list[Any]:
    who = step.who.value  # numbers: every row is asked, and flags are slow
    guards: list[Callable[[Any], bool]] = [lambda a: bool(a.relations.value & who)]
    if step.target is BEFORE:
        guards.append(lambda a: a.subject.before is target)
    if step.when:
        guards.append(step.when)
    return guards


class Flow(Struct, Generic[A, S, R, T, B], frozen=True, kw_only=True, eq=False, dict=True):
    """A workflow: its table and what its subjects need beyond it.

    The first stage is where it begins, by the action `begins`. `clockwork` sets the clocks;
    `refusal` says why not; `undo` takes back what was answered; `adjust` is what follows from any
    step's effect, before the clocks are set.

    A clock that rings `reminds` before its due moment and `escalates` from there on; `rings` says
    whom it tells, given who holds the subject, where that is more than the holder and the ladder.
    `promised_to` is the audience that waits for an answer. By `returns` the system takes it out of
    the hands of somebody who leaves, wherever its stage does not keep them.
    """

    kind: str
    begins: A
    stages: Mapping[S, Stage[A, Any, Any]]
    steps: tuple[R, ...]
    clockwork: Clockwork
    refusal: Callable[[T], Exception]
    reminds: A | None = None
    escalates: A | None = None
    returns: A | None = None
    rings: Callable[[T, Any], list[tuple[Any, str]]] | None = None
    promised_to: StrEnum | None = None
    lasting: Mapping[Any, Lasting[A, S]] = field(default_factory=dict)
    front: Mapping[S, tuple[str, ...]] = field(default_factory=dict)
    behind: tuple[str, ...] = ()
    undo: Callable[[B], B] = lambda subject: subject
    adjust: Callable[[T, B], B] = lambda _, subject: subject

    # -- the table ----------------------------------------------------------------------

    @property
    def start(self) -> S:
        """The state in which it begins."""
        return next(iter(self.stages))

    @property
    def open(self) -> tuple[S, ...]:
        """The states in which somebody owes something."""
        return tuple(state for state, stage in self.stages.items() if not stage.is_end)

    @cached_property
    def named(self) -> tuple[A, ...]:
        """Every action with a row, in the table's order."""
        return tuple(dict.fromkeys(step.action for step in self.steps))

    @cached_property
    def by_name(self) -> dict[str, A]:
        """The same and the one that begins it, by their words."""
        return {action.value: action for action in (self.begins, *self.named)}

    def actions_that(self, fact: Callable[[R], object]) -> frozenset[A]:
        """The actions of the rows of which this is so."""
        return frozenset(step.action for step in self.steps if fact(step))

    def on_time(self, clock: object) -> A | None:
        """What a clock itself does when its time is up; None where that is an escalation."""
        own = {stage.clock: stage for stage in self.stages.values()}
        rules = self.lasting.get(clock) or own.get(clock)
        return rules.on_time if rules else None

    def targets(self, step: R) -> tuple[S | None, ...]:
        """Where a row can lead: BEFORE stands for each state from which one comes to wait."""
        if step.target is not BEFORE:
            return (step.target,)
        to_wait = (row for row in self.steps if row.target in step.sources)
        return tuple(sorted({source for row in to_wait for source in row.sources}))

    # -- the machine --------------------------------------------------------------------

    @cached_property
    def machine(self) -> TableMachine:
        """The engine of every subject of this kind; the state itself lives in the row."""
        cursor = _Cursor()
        # Names, not members: the library calls an Enum's members by their upper-case names.
        states = [state.value for state in self.stages]
        machine = TableMachine(model=cursor, states=states, initial=states[0])
        for step in self.steps:
            for target in self.targets(step):
                machine.add_transition(
                    step.action.value,
                    sorted(source.value for source in step.sources),
                    target and target.value,
                    conditions=_guards(step, target),
                    before=cursor.stand_on(step),
                )
        return machine

    @cached_property
    def _cursor(self) -> _Cursor:
        return cast(_Cursor, self.machine.model)

    @cached_property
    def _states(self) -> dict[str, S]:
        return {state.value: state for state in self.stages}

    @cached_property
    def _leaving(self) -> dict[StrEnum, tuple[tuple[A, int], ...]]:
        """The actions that have a row from a state, and whose they are."""
        return {
            state: tuple((s.action, s.who.value) for s in self.steps if state in s.sources)
            for state in self.stages
        }

    # -- the answers --------------------------------------------------------------------

    def may(self, command: T) -> bool:
        """Whether the machine would accept it now."""
        cursor = self._cursor
        cursor.state = command.subject.state.value
        return bool(cursor.may_trigger(command.action.value, command))

    def actions(self, command: T) -> tuple[A, ...]:
        """All that this person may do now instead, in the table's order: the buttons."""
        who = command.relations.value
        likely = {a for a, whose in self._leaving[command.subject.state] if whose & who}
        return tuple(a for a in self.named if a in likely and self.may(command.instead(a)))

    def row_for(self, command: T) -> R:
        """The row it would take, to ask for what that needs. Raises the refusal."""
        return self._take(command)[0]

    def decide(self, command: T) -> Taken[S, R, B]:
        """What follows when it is done now. Raises the refusal, changes nothing."""
        step, target = self._take(command)
        source = self._states[command.subject.state]
        moved = step.does(command)
        if step.undoes:
            moved = self.undo(moved)
        moved = self._settle(self.adjust(command, moved), step, target, command)
        return Taken(subject=moved, step=step, source=source, target=target)

    def _take(self, command: T) -> tuple[R, S]:
        if not self.may(command):
            raise self.refusal(command)
        cursor = self._cursor
        cursor.state = command.subject.state.value
        cursor.trigger(command.action.value, command)
        return cursor.step, self._states[cursor.state]

    def _settle(self, moved: B, step: R, target: S, command: T) -> B:
        """The subject in its new state with its clocks set right and its version counted."""
        is_end = self.stages[target].is_end
        ended_at = (moved.ended_at or command.now) if is_end else None
        version = command.subject.version + 1
        moved = changed(moved, state=target, version=version, ended_at=ended_at)
        return changed(moved, clocks=self._clocks(moved, step, target, command))

    # -- the clocks ---------------------------------------------------------------------

    def _clocks(self, moved: B, step: R, target: S, command: T) -> dict[Any, Clock]:
        """What the stage and the row say: lasting ones kept, paused or started, its own anew."""
        own, now, rules = self.stages[target].clock, command.now, command.rules
        due = step.due(command) if step.due else None
        clocks = self._kept(moved, step, target, command)
        if step.starts:
            clocks[step.starts] = self.clockwork.start(step.starts, moved, now, rules, due=due)
            due = None
        if own and step.target is SAME and own in moved.clocks:
            clocks[own] = moved.clocks[own]
        elif own:
            clocks[own] = self.clockwork.start(own, moved, now, rules, due=due)
        return clocks

    def _kept(self, moved: B, step: R, target: S, command: T) -> dict[Any, Clock]:
        """The clocks that outlive the step; in a pause the promises stand still."""
        pauses, running = self.stages[target].pauses, moved.clocks
        return {
            name: self.clockwork.pause(running[name], command.now)
            if pauses and lasting.promise
            else self.clockwork.resume(name, moved, command.now, command.rules)
            for name, lasting in self.lasting.items()
            if name in running and name != step.stops and target not in lasting.until
        }
