"""A walk of one subject by chance: time passes, timers ring, people do what they may."""

from datetime import timedelta
from typing import Any

from replies import done
from trials import Trial
from upheld import uphold

from workflows.core.engine import decision
from workflows.core.engine.decision import Decision
from workflows.core.engine.flow import SAME
from workflows.core.engine.subject import Event, Timer
from workflows.core.errors import Refusal
from workflows.core.people import SYSTEM, Person
from workflows.core.talk.needs import TIMER, Answers

_AT_MOST = 60  # marks that are due at one moment


class Walk:
    """One of a workflow's fresh subjects on its way; what holds is asserted after every step."""

    def __init__(self, trial: Trial, first: int) -> None:
        self.trial = trial
        self.now = trial.sample.now
        self.subject = trial.sample.fresh[first % len(trial.sample.fresh)]
        self.events: list[Event] = []

    def wait(self, span: timedelta) -> None:
        """Let time pass, and every timer ring that is due, as the desk does."""
        self.now += span
        for _ in range(_AT_MOST):
            timers = self.trial.flow.clockwork.timers(self.subject, self.trial.sample.rules)
            if not timers or timers[0].due_at > self.now:
                return
            self._ring(timers[0])
        raise AssertionError("timers ring for ever")

    def _ring(self, timer: Timer) -> None:
        flow, before = self.trial.flow, self.subject
        rules = self.trial.sample.rules
        self.subject = flow.clockwork.ring(before, timer, self.now, rules)
        action, given = decision.on_time(flow, timer), Answers({TIMER: timer})
        decided = done(self.trial, self.subject, action, SYSTEM, self.now, given)
        assert decided, f"{action} cannot be done when {timer.kind} rings"
        assert timer not in decided[1].timers, "a timer rings once"
        self._go(decided[1])

    def lead_on(self, luck: int) -> None:
        """Somebody takes a step to another open state, if there is one; else any step."""
        ways = [way for way in self._ways() if self._leads_on(*way)] or self._ways()
        self._do_one_of(ways, luck)

    def do_something(self, luck: int) -> None:
        """Somebody takes any step that he may."""
        self._do_one_of(self._ways(), luck)

    def try_anything(self, luck: int) -> None:
        """Anybody tries anything: it is done exactly if it may be."""
        people, actions = self.trial.people, self.trial.flow.named
        person, action = people[luck % len(people)], actions[luck // len(people) % len(actions)]
        may = self.trial.flow.may(self.trial.command(self.subject, action, person, self.now))
        try:
            self._do(person, action, luck)
            assert may
        except Refusal:
            assert not may

    def _ways(self) -> list[tuple[Person, Any]]:
        """Who may do what now."""
        first = self.trial.flow.begins
        commands = (
            (person, self.trial.command(self.subject, first, person, self.now))
            for person in self.trial.standing(self.subject)
        )
        return [
            (p, action) for p, command in commands for action in self.trial.flow.actions(command)
        ]

    def _leads_on(self, person: Person, action: Any) -> bool:
        command = self.trial.command(self.subject, action, person, self.now)
        target = self.trial.flow.row_for(command).target
        stage = self.trial.flow.stages.get(target)
        return target is not SAME and not (stage and stage.is_end)

    def _do_one_of(self, ways: list[tuple[Person, Any]], luck: int) -> None:
        if ways:
            self._do(*ways[luck % len(ways)], luck)

    def _do(self, person: Person, action: Any, luck: int) -> None:
        decided = done(self.trial, self.subject, action, person, self.now, luck=luck)
        if decided:
            self._go(decided[1])

    def _go(self, decided: Decision[Any]) -> None:
        uphold(self.trial, self.subject, decided, self.now)
        self.subject = decided.subject
        self.events.append(decided.event)
