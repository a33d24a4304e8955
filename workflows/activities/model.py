"""An activity: what is planned, who signed up, who was there, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from msgspec import Struct, field

from workflows.activities.stages import STAGES, Stage
from workflows.activities.words import ClockName, State
from workflows.core.engine.clocks import Clock
from workflows.core.kernels.presence import Presence, Way
from workflows.core.kernels.slots import Claim, Slot, Standing
from workflows.core.places import community_of, place_key
from workflows.core.talk.messages import Attachment

HELP = "help"  # the slot of the helpers; "" is the guests', others have the key of a community
HOME = ""
ANY = 9999  # places: as many as come
CAME, WENT, ASKED = "", "out", "quiz"  # as what somebody was there; an item's name is its own
ITEMS = ("gift0", "gift1", "gift2")
_CHECKED_OUT = timedelta(minutes=30)


class Item(Struct, frozen=True, kw_only=True):
    """Something handed out, of which there are so many; `loose` went to people nobody knows."""

    text: str
    total: int
    loose: int = 0


class Photo(Struct, frozen=True, kw_only=True):
    """A picture, who gave it, and whether children are on it."""

    file: Attachment
    by: int


class Report(Struct, frozen=True, kw_only=True):
    """What is left when nobody can tell any more who was there."""

    people: int
    helpers: int
    minutes: int  # of the helpers, together
    no_shows: int
    heard: int
    given: tuple[int, ...] = ()
    text: str = ""


class Activity(Struct, frozen=True, kw_only=True):
    """Something that happens at a time and a place. Its `slots` and who was `present` are kept by
    their kernels, everything else in its row.

    Who has no account is a line of `paper` and has a number below nothing: -1 is the first line.
    Whoever is `unsure` did not come several times. `shares` are the other communities that have
    places of their own; `rule` is how a series goes on, `series` the number of its first.
    """

    kind: ClassVar[str] = "activities"
    is_urgent: ClassVar[bool] = False
    before: ClassVar[None] = None

    id: int
    version: int = 0
    state: State = State.DRAFT
    leader: int
    place: str
    title: str = ""
    opened_at: datetime
    starts_at: datetime | None = None
    minutes: int = 0
    venue: str = ""
    reason: str = ""
    rule: str = ""
    series: int = 0
    shares: tuple[str, ...] = ()
    paper: tuple[str, ...] = ()
    unsure: tuple[int, ...] = ()
    loose: int = 0  # people who were there and whom nobody knows
    items: tuple[Item, ...] = ()
    heard: int = 0  # needs that were filed on the spot
    ratings: Mapping[str, int] = field(default_factory=dict)
    rated: tuple[int, ...] = ()
    quiz: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # by place: people, right
    photos: tuple[Photo, ...] = ()
    report: Report | None = None
    ended_at: datetime | None = None
    clocks: Mapping[ClockName, Clock] = field(default_factory=dict)
    slots: tuple[Slot, ...] = ()
    present: tuple[Presence, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether something can still come of it."""
        return self.ended_at is None

    @property
    def stage(self) -> Stage:
        """What holds where it stands."""
        return STAGES[self.state]

    @property
    def is_planned(self) -> bool:
        """Whether it is known when it is."""
        return self.starts_at is not None

    @property
    def ends_at(self) -> datetime | None:
        """Until when it is planned."""
        return self.starts_at and self.starts_at + timedelta(minutes=self.minutes)

    @property
    def communities(self) -> tuple[str, ...]:
        """Whose it is: that of its place, then those that share in it."""
        return (community_of(self.place), *self.shares)

    # who signed up

    def slot(self, name: str) -> Slot:
        """So many places, and who has them."""
        found = (one for one in self.slots if one.name == name)
        return next(found, Slot(subject=self.id, name=name, capacity=0))

    @property
    def helpers(self) -> Slot:
        """The places of those who help."""
        return self.slot(HELP)

    @property
    def guests(self) -> tuple[Slot, ...]:
        """Those of the guests, a slot for each community."""
        return tuple(one for one in self.slots if one.name != HELP)

    def home_of(self, place: str) -> str:
        """The slot of the guests who live at a place."""
        own = community_of(place)
        return place_key(own) if own in self.shares else HOME

    def slot_of(self, person: int) -> Slot | None:
        """Where somebody is in, or in line."""
        return next((one for one in self.slots if one.of(person)), None)

    def claim_of(self, person: int) -> Claim | None:
        """How he is."""
        slot = self.slot_of(person)
        return slot and slot.of(person)

    def is_helper(self, person: int) -> bool:
        """Whether he is in as a helper."""
        claim = self.helpers.of(person)
        return claim is not None and claim.standing is Standing.IN

    @property
    def coming(self) -> tuple[Claim, ...]:
        """Who is in."""
        return tuple(c for s in self.slots for c in s.claims if c.standing is Standing.IN)

    @property
    def signed(self) -> tuple[int, ...]:
        """Everybody who is in or in line."""
        return tuple(c.person for s in self.slots for c in s.claims)

    # who was there

    def seen(self, person: int, name: str = CAME) -> Presence | None:
        """That somebody was there, or had something."""
        return next((x for x in self.present if (x.person, x.name) == (person, name)), None)

    @property
    def came(self) -> tuple[int, ...]:
        """Everybody who was there and is known."""
        return tuple(x.person for x in self.present if x.name == CAME)

    @property
    def people(self) -> int:
        """How many were there, the helpers not among them."""
        claims = [self.claim_of(i) for i in self.came if not self.is_helper(i)]
        return self.loose + sum(one.size if one else 1 for one in claims)

    def given(self, index: int) -> int:
        """How many of an item are gone."""
        had = sum(x.name == ITEMS[index] for x in self.present)
        return had + self.items[index].loose

    def missing(self) -> tuple[int, ...]:
        """The guests who were in and did not come."""
        guests = (c.person for s in self.guests for c in s.claims if c.standing is Standing.IN)
        return tuple(i for i in guests if i not in self.came)

    def minutes_of(self, helper: int) -> int:
        """How long somebody helped, of the time that was planned: from when his code says that he
        came until it says that he went. Where somebody else has seen him, all of it.
        """
        came, went = self.seen(helper), self.seen(helper, WENT)
        if came is None or self.starts_at is None or self.ends_at is None:
            return 0
        since = max(self.starts_at, came.at) if came.way is Way.CODE else self.starts_at
        until = min(self.ends_at, went.at) if went else self.ends_at
        return max(int((until - since) / timedelta(minutes=1)), 0)

    def may_go(self, person: int, now: datetime) -> bool:
        """Whether another code of his means that he goes: a second one right away does not."""
        came = self.seen(person)
        return came is not None and not self.seen(person, WENT) and now - came.at >= _CHECKED_OUT
