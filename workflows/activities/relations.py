"""How a person stands to an activity, by the roster and the sign-ups as they are now, and what it
takes to do something with it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Flag, auto

from workflows.activities.model import Activity, Photo
from workflows.activities.settings import ActivitySettings
from workflows.activities.words import Action, ClockName
from workflows.core.engine import command
from workflows.core.people import SYSTEM, Person
from workflows.core.permissions import ABOVE, CONVENERS, REVIEWERS
from workflows.core.timing import calendar


class Relation(Flag):
    """How a person stands to an activity; computed at every question."""

    LEADER = auto()  # leads it, or stands in for who does
    ABOVE = auto()  # leads the grid, or stands above who does
    REVIEWER = auto()
    STAFF = auto()
    HELPER = auto()
    ANYBODY = auto()  # once it is announced
    SYSTEM = auto()


CHARGE = Relation.LEADER | Relation.ABOVE
HANDS = CHARGE | Relation.HELPER
AT_WORK = CHARGE | Relation.REVIEWER | Relation.STAFF
AT_HOME = Relation.HELPER | Relation.ANYBODY


def relations(person: Person, activity: Activity) -> Relation:
    """How a person stands to an activity; the empty flag for strangers."""
    if person.id == SYSTEM.id:
        return Relation.SYSTEM
    is_staff, place = may_begin(person, activity.place), activity.place
    facts = (
        (Relation.LEADER, is_staff and activity.leader in {person.id, *person.stands_for}),
        (Relation.ABOVE, any(person.has_role(role, place) for role in CONVENERS)),
        (Relation.REVIEWER, any(person.has_role(role, place) for role in REVIEWERS)),
        (Relation.STAFF, is_staff),
        (Relation.HELPER, person.id in activity.helpers),
        (Relation.ANYBODY, activity.stage.public),
    )
    return Relation(sum(flag.value for flag, holds in facts if holds))


def may_begin(person: Person, place: str) -> bool:
    """Whether a person may plan one at a place: its staff."""
    return person.is_handler_in(place) or any(person.has_role(role, place) for role in ABOVE)


def is_work(person: Person, activity: Activity) -> bool:
    """Whether somebody reads it as staff."""
    return bool(relations(person, activity) & AT_WORK)


def is_own(person: Person, activity: Activity) -> bool:
    """Whether somebody reads it as a neighbour, as all do who do not work on it."""
    return person.id != SYSTEM.id and not is_work(person, activity)


def runs(person: Person, activity: Activity) -> bool:
    """Whether somebody takes down who is there."""
    return bool(relations(person, activity) & HANDS)


def photos_for(person: Person, activity: Activity) -> tuple[Photo, ...]:
    """What somebody sees of its photos: all who sends some; who came and staff, those agreed on."""
    if runs(person, activity):
        return activity.photos
    return activity.wall if person.id in activity.came or is_work(person, activity) else ()


class Command(command.Command[Activity, Action, Relation], frozen=True, kw_only=True, dict=True):
    """The activities' own."""

    relate: Callable[[Person, Activity], Relation] = relations

    @property
    def own(self) -> ActivitySettings:
        """What the community settles for its activities."""
        return self.rules.of(ActivitySettings)

    @property
    def is_ahead(self) -> bool:
        """Whether it is known when it is, and that is ahead."""
        return self.subject.starts_at is not None and self.now < self.subject.starts_at

    @property
    def until(self) -> datetime:
        """Until when a place that falls free now is held: by day, shortly where it begins soon."""
        starts = self.subject.starts_at or self.now
        if starts - self.now < timedelta(hours=self.own.short_before_hours):
            return min(self.now + timedelta(hours=self.own.short_offer_hours), starts)
        policy = self.rules.clocks[Activity.kind][ClockName.OFFER]
        return min(calendar.due_after(policy, self.now, self.rules), starts)


attempt = command.making(Command)
