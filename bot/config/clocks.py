"""The clocks' sections of the config: how long what may take, and who hears when time is up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, create_model

from bot.config.sections import Days, Hours, Minutes, Part, Percent
from workflows.core.policy import ClockChange, ClockChanges, ClockDefaults, ClockPolicy, Counts
from workflows.core.settings import YEAR
from workflows.core.talk.messages import To
from workflows.registry import CLOCKS, FIRST


class ClockPart(Part):
    """What the config says of one clock; what it leaves out stays as it was.

    `counts` says which time counts: all of it, the time outside the quiet hours, or the working
    hours under [calendar].
    """

    minutes: Minutes | None = None
    hours: Hours | None = None
    days: Days | None = None
    remind: tuple[Percent, ...] | None = None
    before_hours: tuple[Hours, ...] | None = None
    climbs: bool | None = None
    counts: Literal["calendar", "day", "working"] | None = None

    def change(self) -> ClockChange:
        """What was said here."""
        length = timedelta(minutes=self.minutes or 0, hours=self.hours or 0, days=self.days or 0)
        counts = Counts(self.counts) if self.counts else None
        return ClockChange(
            length=length or None, remind=self.remind, before=self.before_hours,
            climbs=self.climbs, counts=counts,
        )  # fmt: skip


class ClockTables(Part):
    """The clocks of a workflow, one table each (see `tables`)."""

    defaults: ClassVar[ClockDefaults]

    def changes(self) -> ClockChanges:
        """What is said here of which clock."""
        said = (name for name in self.defaults.usual if name in self.model_fields_set)
        return {name: getattr(self, name).change() for name in said}

    def policies(self) -> dict[str, ClockPolicy]:
        """Every clock's policy: the defaults with what the config says over them."""
        said, usual = self.changes(), self.defaults.usual
        return {name: said.get(name, ClockChange()).over(policy) for name, policy in usual.items()}


def tables(defaults: ClockDefaults) -> type[ClockTables]:
    """A section with a table for each of a workflow's clocks."""
    fields: dict[str, Any] = {str(name): (ClockPart, ClockPart()) for name in defaults.usual}
    made = create_model("Clocks", __base__=ClockTables, **fields)
    made.defaults = defaults
    return made


if TYPE_CHECKING:  # made by what the workflow declares, which no checker can see
    Clocks = ClockTables
else:
    Clocks = tables(CLOCKS[FIRST])


class Sla(Clocks):
    """The clocks of the first workflow, and what is different about those of urgent ones."""

    urgent: Clocks = Clocks()

    def urgent_changes(self) -> ClockChanges:
        """What is different when it is urgent: the defaults with what the config says over them."""
        said, usual = self.urgent.changes(), self.defaults.urgent
        own = {name: change.after(usual.get(name, ClockChange())) for name, change in said.items()}
        return {**usual, **own}


class Escalation(Part):
    """One rung: so many hours after the due moment, this audience is told."""

    after_hours: Annotated[float, Field(ge=0, le=YEAR * 24)]
    to: Literal[To.LEAD, To.COMMITTEE, To.STREET, To.ADMIN]


class CallStep(Part):
    """So many minutes after everybody was called to what is urgent, this audience hears it too."""

    after_minutes: Annotated[float, Field(gt=0, le=24 * 60)]
    to: Literal[To.LEAD, To.COMMITTEE, To.STREET, To.ADMIN]
