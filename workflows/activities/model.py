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
from workflows.core.kernels.slots import Claim, Slot, Slots, Standing, holding
from workflows.core.talk.messages import Attachment

GUESTS, HELPERS = "", "help"  # the slots
CAME, WENT, AWAY = "came", "went", "away"  # as what somebody is taken down
ITEMS = ("item0", "item1", "item2")  # beside these, that he was given something
WALL = 10  # photos: an album
ANY = 9999  # places: as many as come


class Item(Struct, frozen=True, kw_only=True):
    """Something handed out, of which there are so many; `loose` went to people nobody knows."""

    text: str
    total: int
    loose: int = 0


class Photo(Struct, frozen=True, kw_only=True):
    """A photo, with a number of its own for good; `agreed_by` has said that all on it agree."""

    number: int
    file: Attachment
    by: int
    agreed_by: int = 0
    agreed_at: datetime | None = None


class Report(Struct, frozen=True, kw_only=True):
    """What is left when nobody can tell any more who was there; `minutes` are the helpers' own."""

    people: int
    helpers: int
    minutes: int
    text: str = ""


class Activity(Struct, frozen=True, kw_only=True):
    """Something that happens at a time and a place. Its `slots` and who was `present` are kept by
    their kernels, all else in its row.

    Who has no account is a line of `paper`, and has a number below nothing: -1 is the first line.
    Whoever is `unsure` did not come several times; `loose` are people who were there and whom
    nobody knows, `heard` the petitions that came of it; `rated` are who said how it was, not what.

    Of a series it is the `nth` of so many `times`, after the `last` one; `rhythm` is when the
    series has it, wherever this one was moved to, and `on_holiday` that nobody works that day.
    `sent` are all photos that ever were.
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
    paper: tuple[str, ...] = ()
    unsure: tuple[int, ...] = ()
    loose: int = 0
    items: tuple[Item, ...] = ()
    heard: int = 0
    ratings: Mapping[str, int] = field(default_factory=dict)
    rated: tuple[int, ...] = ()
    report: Report | None = None
    last: int = 0
    nth: int = 1
    times: int = 1
    rhythm: datetime | None = None
    on_holiday: bool = False
    photos: tuple[Photo, ...] = ()
    sent: int = 0
    ended_at: datetime | None = None
    clocks: Mapping[ClockName, Clock] = field(default_factory=dict)
    slots: Slots = ()
    present: tuple[Presence, ...] = ()

    @property
    def stage(self) -> Stage:
        """What holds where it stands."""
        return STAGES[self.state]

    @property
    def ends_at(self) -> datetime | None:
        """Until when it is planned."""
        return self.starts_at and self.starts_at + timedelta(minutes=self.minutes)

    @property
    def goes_on(self) -> bool:
        """Whether there is a further meeting."""
        return self.nth < self.times

    @property
    def wall(self) -> tuple[Photo, ...]:
        """The photos on which all agree."""
        return tuple(photo for photo in self.photos if photo.agreed_at)

    def slot(self, name: str = GUESTS) -> Slot:
        """So many places, and who has them."""
        found = (one for one in self.slots if one.name == name)
        return next(found, Slot(subject=self.id, name=name, capacity=0))

    def claim_of(self, person: int) -> Claim | None:
        """How somebody is in it, or in line."""
        slot = holding(self.slots, person)
        return slot.of(person) if slot else None

    @property
    def helpers(self) -> tuple[int, ...]:
        """Who is in as a helper."""
        return self.coming(HELPERS)

    def coming(self, name: str) -> tuple[int, ...]:
        """Who is in."""
        return tuple(c.person for c in self.slot(name).claims if c.standing is Standing.IN)

    @property
    def signed(self) -> tuple[int, ...]:
        """Everybody who is in or in line."""
        return tuple(c.person for s in self.slots for c in s.claims)

    def seen(self, person: int, name: str = CAME) -> Presence | None:
        """That somebody was there, or was given something."""
        return next((x for x in self.present if (x.person, x.name) == (person, name)), None)

    @property
    def came(self) -> tuple[int, ...]:
        """Everybody who was there and is known."""
        return tuple(x.person for x in self.present if x.name == CAME)

    @property
    def people(self) -> int:
        """How many were there, the helpers not among them."""
        claims = [self.claim_of(i) for i in self.came if i not in self.helpers]
        return self.loose + sum(one.size if one else 1 for one in claims)

    @property
    def given(self) -> dict[str, int]:
        """How many of each thing are gone."""
        had = [x.name for x in self.present]
        pairs = zip(ITEMS, self.items, strict=False)
        return {name: had.count(name) + item.loose for name, item in pairs}

    def minutes_of(self, helper: int) -> int:
        """How long somebody helped, of the time that was planned: from when his code says that he
        came until it says that he went, or it is closed. Whom somebody else has seen, all of it.
        """
        came, went = self.seen(helper), self.seen(helper, WENT)
        if came is None or self.starts_at is None or self.ends_at is None:
            return 0
        since = max(self.starts_at, came.at) if came.way is Way.CODE else self.starts_at
        closed = self.clocks.get(ClockName.VERIFY)
        ends = (self.ends_at, *([went.at] if went else []), *([closed.started] if closed else []))
        return max(int((min(ends) - since) / timedelta(minutes=1)), 0)
