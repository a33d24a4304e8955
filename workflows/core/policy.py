"""What a community settles for itself, as values: places, categories, clocks, hours, words.

The config file is read elsewhere; the domain only sees these.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from workflows.core.places import Places, community_of
from workflows.core.talk.messages import To
from workflows.core.timing.worktime import WorkingHours
from workflows.danger.language import Language
from workflows.hearing.language import Hearing
from workflows.masking.words import PrivateWords

S = TypeVar("S", bound=Struct)


class Counts(StrEnum):
    """What a clock counts: all time, the time outside the quiet hours, or the working hours."""

    CALENDAR = "calendar"
    DAY = "day"
    WORKING = "working"


class ClockPolicy(Struct, frozen=True, kw_only=True):
    """How long a clock runs and in which time, when it reminds, whether its breach climbs.

    `remind` are percentages of the length, `before` the hours before the due moment at which it
    reminds, too; one that `wakes` may ring at night.
    """

    length: timedelta
    remind: tuple[int, ...] = ()
    before: tuple[float, ...] = ()
    climbs: bool = False
    counts: Counts = Counts.CALENDAR
    wakes: bool = False


class ClockChange(Struct, frozen=True, kw_only=True):
    """What is different about a clock for some subjects; None is as for all others."""

    length: timedelta | None = None
    remind: tuple[int, ...] | None = None
    before: tuple[float, ...] | None = None
    climbs: bool | None = None
    counts: Counts | None = None

    def after(self, first: ClockChange) -> ClockChange:
        """Both changes as one, this one's words over the first one's."""
        said = {name: value for name, value in asdict(self).items() if value is not None}
        return replace(first, **said)

    def over(self, policy: ClockPolicy) -> ClockPolicy:
        """The policy with these changes."""
        return ClockPolicy(
            length=policy.length if self.length is None else self.length,
            remind=policy.remind if self.remind is None else self.remind,
            before=policy.before if self.before is None else self.before,
            climbs=policy.climbs if self.climbs is None else self.climbs,
            counts=policy.counts if self.counts is None else self.counts,
            wakes=policy.wakes,
        )


ClockChanges = Mapping[str, ClockChange]  # by the clock


class ClockDefaults(Struct, frozen=True, kw_only=True):
    """How a workflow's clocks run where the config says nothing: `usual`, and what differs for
    what is `urgent`. `called` runs by the ladder of what is urgent, which says all of it. `within`
    names for a clock the one that it is a part of, so that it cannot sensibly be longer.
    """

    usual: Mapping[str, ClockPolicy]
    urgent: ClockChanges = field(default_factory=dict)
    called: str | None = None
    within: Mapping[str, str] = field(default_factory=dict)


class Category(Struct, frozen=True, kw_only=True):
    """A kind of problem; `words` suggest it from what somebody wrote, `clocks` run differently.

    `checklist` is what to look at on the spot; `needs_photo` asks for a picture of what was done,
    `needs_flat` its resident for the flat: it is indoors.
    """

    key: str
    words: tuple[str, ...] = ()
    needs_approval: bool = True
    checklist: tuple[str, ...] = ()
    needs_photo: bool = False
    needs_flat: bool = False
    clocks: ClockChanges = field(default_factory=dict)


class Station(Struct, frozen=True, kw_only=True):
    """A 民情站: its link's code, and the place of what it brings."""

    code: str
    name: str
    place: str


class Climb(Struct, frozen=True, kw_only=True):
    """One rung of the escalation: so long after the due moment, this audience is told."""

    after: timedelta
    to: To


class Emergency(Struct, frozen=True, kw_only=True):
    """The numbers to call where there is danger; "" for one that a place does not have."""

    fire: str = ""
    police: str = ""
    police_text: str = ""
    ambulance: str = ""
    gas: str = ""
    power: str = ""
    counsel: str = ""


# Quick replies by action, or by category and action as in "电梯.resolve".
Choices = Mapping[str, tuple[str, ...]]


class WeekTime(Struct, frozen=True, kw_only=True):
    """A moment of every week, local; `weekday` counts from Monday, which is 0."""

    weekday: int
    at: time


# The same one all along: asked by identity.
class Rules(Struct, frozen=True, kw_only=True, eq=False):
    """Everything the config says to the domain."""

    zone: ZoneInfo
    places: Places
    categories: Mapping[str, Category]
    stations: Mapping[str, Station]
    clocks: Mapping[str, Mapping[str, ClockPolicy]]  # by the kind, then by the clock
    climb: tuple[Climb, ...]
    call_climb: tuple[Climb, ...]  # the same of what is urgent and nobody has taken
    quiet_from: time
    quiet_until: time
    working: WorkingHours
    danger: Language
    fallback_category: str
    emergency: Emergency = Emergency()
    urgent_clocks: ClockChanges = field(default_factory=dict)
    morning: time | None = None  # local, when staff get the day's list; None for never
    weekly: WeekTime | None = None  # when residents' groups get the week's summary; None for never
    office_phone: str = ""  # as people dial it; "" where the office has none
    office_phones: Mapping[str, str] = field(default_factory=dict)  # of communities, by their path
    most_per_minute: int = 0  # updates of one person; 0 is no limit
    late_every: timedelta = timedelta(hours=24)
    invitation_lasts: timedelta = timedelta(days=7)
    keep: timedelta = timedelta(days=7)  # what was sent and handled
    retention: timedelta | None = timedelta(days=365)  # the words of what has ended; None: for ever
    choices: Mapping[str, Choices] = field(default_factory=dict)  # by the workflow's kind
    # How words begin that a workflow takes for its own, by its kind.
    hears: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hearing: Hearing = Hearing()  # by which words a message is known for what it is
    private: PrivateWords = PrivateWords()  # by which a text says who somebody is
    own: Mapping[type[Struct], Struct] = field(default_factory=dict)  # of the workflows, by type
    # The communities that do not have a workflow, by its kind.
    without: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def is_on(self, kind: str, place: str) -> bool:
        """Whether the community of a place has a workflow."""
        return community_of(place) not in self.without.get(kind, ())

    def offices(self, place: str) -> Mapping[str, str]:
        """The office's number for somebody at a place: of his community, else the one for all,
        which is said under ""; where his place is not known, those of every community by its path.
        """
        phone = self.office_phones.get(community_of(place)) or self.office_phone
        if phone:
            return {"": phone}
        return {} if place else self.office_phones

    def of(self, settings: type[S]) -> S:
        """A workflow's own settings; its defaults where nobody has read any."""
        found = self.own.get(settings)
        return found if isinstance(found, settings) else settings()

    def having(self, *settings: Struct) -> Rules:
        """The same with these settings of workflows."""
        return replace(self, own={**self.own, **{type(one): one for one in settings}})
