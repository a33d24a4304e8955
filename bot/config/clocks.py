"""The clocks' sections of the config: how long what may take, and who hears when time is up."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from bot.config.sections import YEAR, Days, Hours, Minutes, Part, Percent
from workflows.core.messages import To
from workflows.core.policy import ClockChange, ClockChanges, ClockPolicy, Counts
from workflows.petition.words import ClockName


class ClockPart(Part):
    """What the config says of one clock; what it leaves out stays as it was.

    `counts` says which time counts: all of it, the time outside the quiet hours, or the working
    hours under [calendar].
    """

    minutes: Minutes | None = None
    hours: Hours | None = None
    days: Days | None = None
    remind: tuple[Percent, ...] | None = None
    climbs: bool | None = None
    counts: Literal["calendar", "day", "working"] | None = None

    def change(self) -> ClockChange:
        """What was said here."""
        length = timedelta(minutes=self.minutes or 0, hours=self.hours or 0, days=self.days or 0)
        counts = Counts(self.counts) if self.counts else None
        return ClockChange(
            length=length or None, remind=self.remind, climbs=self.climbs, counts=counts
        )


def _policy(
    hours: float, *remind: int, climbs: bool = False, counts: Counts = Counts.CALENDAR
) -> ClockPolicy:
    return ClockPolicy(length=timedelta(hours=hours), remind=remind, climbs=climbs, counts=counts)


# PLAN and SUSPEND run to the date people set; their length only counts where there is none.
CLOCKS: dict[ClockName, ClockPolicy] = {
    ClockName.RESPONSE: _policy(24, 50, 75, 90, climbs=True),
    ClockName.PLAN: _policy(72, 75, 90, climbs=True),
    ClockName.ASSIGN: _policy(2, 50, counts=Counts.DAY),
    ClockName.ACCEPT: _policy(0.5, 50, counts=Counts.DAY),
    ClockName.INSPECT: _policy(4, 75, counts=Counts.DAY),
    ClockName.REVIEW: _policy(4, 50, counts=Counts.DAY),
    ClockName.WAIT: _policy(72, 33, 66),
    ClockName.SUSPEND: _policy(30 * 24, 90, climbs=True),
    ClockName.FOLLOWUP: _policy(72, 50),
    ClockName.SUPERVISE: _policy(24, 75),
    ClockName.PARTNER: _policy(72, 90),
    ClockName.REFERRAL: _policy(8, 50, counts=Counts.DAY),
}


# What is urgent: its answer, and how long those who are asked may take.
URGENT: dict[str, ClockChange] = {
    ClockName.RESPONSE: ClockChange(length=timedelta(hours=2)),
    ClockName.INSPECT: ClockChange(length=timedelta(minutes=30)),
    ClockName.REVIEW: ClockChange(length=timedelta(minutes=30)),
}


class Clocks(Part):
    """The clocks, one table each; a field for every one but CALL, whose ladder says it all."""

    response: ClockPart = ClockPart()
    plan: ClockPart = ClockPart()
    assign: ClockPart = ClockPart()
    accept: ClockPart = ClockPart()
    inspect: ClockPart = ClockPart()
    review: ClockPart = ClockPart()
    wait: ClockPart = ClockPart()
    suspend: ClockPart = ClockPart()
    followup: ClockPart = ClockPart()
    supervise: ClockPart = ClockPart()
    partner: ClockPart = ClockPart()
    referral: ClockPart = ClockPart()

    def changes(self) -> ClockChanges:
        """What is said here of which clock."""
        said = (name for name in CLOCKS if name in self.model_fields_set)
        return {name: getattr(self, name).change() for name in said}


class Sla(Clocks):
    """The clocks of every ticket, and what is different about those of urgent ones."""

    urgent: Clocks = Clocks()

    def urgent_changes(self) -> ClockChanges:
        """What is different when it is urgent: the defaults with what the config says over them."""
        said = self.urgent.changes()
        own = {name: change.after(URGENT.get(name, ClockChange())) for name, change in said.items()}
        return URGENT | own

    def policies(self) -> dict[ClockName, ClockPolicy]:
        """Every clock's policy: the defaults with what the config says over them."""
        return {name: getattr(self, name).change().over(policy) for name, policy in CLOCKS.items()}


class Escalation(Part):
    """One rung: so many hours after the due moment, this audience is told."""

    after_hours: Annotated[float, Field(ge=0, le=YEAR * 24)]
    to: Literal[To.LEAD, To.COMMITTEE, To.STREET, To.ADMIN]


class CallStep(Part):
    """So many minutes after everybody was called to what is urgent, this audience hears it too."""

    after_minutes: Annotated[float, Field(gt=0, le=24 * 60)]
    to: Literal[To.LEAD, To.COMMITTEE, To.STREET, To.ADMIN]
