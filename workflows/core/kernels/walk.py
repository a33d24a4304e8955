"""Walks: points that people reach one after another, with a sheet of the same checklist at each.

Several can walk together, each stands where he is. The list is the walk's own copy: what is edited
later changes no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from workflows.core.errors import HaitangError
from workflows.core.kernels import checklist
from workflows.core.kernels.checklist import Checklist, Item, Mark, Sheet, Verdict
from workflows.core.kernels.configured import Spot


class UnknownSpotError(HaitangError):
    """The walk has no such point."""


class OrderError(HaitangError):
    """Another point comes first: this `spot`."""

    def __init__(self, spot: Spot) -> None:
        super().__init__(spot.code)
        self.spot = spot


class Walk(Struct, frozen=True, kw_only=True):
    """Its points with what was found at each. `reached` says by which way a point was, `here` where
    each of its people stands; where it `is_shared`, nobody speaks for where another one does.
    """

    checklist: Checklist
    spots: tuple[Spot, ...]
    is_ordered: bool = False
    is_shared: bool = False
    here: Mapping[str, str] = field(default_factory=dict)
    reached: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, Mapping[str, Mark]] = field(default_factory=dict)

    def spot(self, code: str) -> Spot:
        """The point of this code. Raises UnknownSpotError."""
        found = next((one for one in self.spots if one.code == code), None)
        if found is None:
            raise UnknownSpotError(code)
        return found

    def has(self, code: str) -> bool:
        """Whether it has this point."""
        return any(one.code == code for one in self.spots)

    def at(self, person: int) -> str:
        """The point where somebody stands, or ""."""
        return self.here.get(str(person), "")

    def sheet(self, code: str) -> Sheet:
        """What was found at a point."""
        marks = self.marks.get(code, {})
        return Sheet(subject=0, name=code, checklist=self.checklist, marks=marks)

    @property
    def left(self) -> tuple[str, ...]:
        """The points of which something is still to be said, in order."""
        return tuple(one.code for one in self.spots if self.sheet(one.code).missing)

    def ahead(self, person: int) -> tuple[str, ...]:
        """Where somebody can go now, first where nobody was; in a fixed order to the next alone."""
        left = [code for code in self.left if code != self.at(person)]
        left.sort(key=lambda code: code in self.reached)
        return tuple(left[:1] if self.is_ordered else left)

    @property
    def faults(self) -> int:
        """How many there were."""
        return sum(len(self.sheet(one.code).faults) for one in self.spots)

    def unmeasured(self, person: int) -> Item | None:
        """What is to be measured next where somebody stands."""
        sheet = self.sheet(self.at(person))
        items = (one for one in sheet.checklist.items if one.limits and one.key not in sheet.marks)
        return next(items, None) if sheet.name else None

    def unproven(self, person: int) -> Item | None:
        """What is at fault there, and has no picture yet."""
        sheet = self.sheet(self.at(person))
        return next((one for one in sheet.faults if not sheet.marks[one.key].photos), None)

    def well(self, by: int, at: datetime) -> Walk:
        """What was reached is in order, but for what was said otherwise; what is to be measured or
        shown stays open, and so does where another one stands. The same where nothing is.
        """
        others = {
            code for person, code in self.here.items() if self.is_shared and person != str(by)
        }
        sheets = (self.sheet(c) for c in self.left if c in self.reached and c not in others)
        full = (checklist.all_well(sheet, by, at) for sheet in sheets)
        return self._with(*(sheet for sheet in full if not sheet.missing))

    def touch(self, code: str, by: int, way: str) -> Walk:
        """Somebody is at a point; reached again it stays so, as it was. Raises UnknownSpotError, or
        OrderError.
        """
        self.spot(code)
        ahead = self.ahead(by)
        if self.is_ordered and code not in self.reached and code not in ahead:
            raise OrderError(self.spot(ahead[0]))
        here = {who: where for who, where in self.here.items() if where != code} | {str(by): code}
        return replace(self, here=here, reached={code: way} | dict(self.reached))

    def mark(self, item: Item, mark: Mark) -> Walk:
        """What somebody found where he stands. Raises ChecklistError."""
        return self._with(checklist.marked(self.sheet(self.at(mark.by)), item.key, mark))

    def wrong(self, item: Item, mark: Mark) -> Walk:
        """The same of a fault; a line whose number nobody could read is none that was measured."""
        known = self.sheet(self.at(mark.by)).marks.get(item.key)
        number = known.measure if known else None
        is_blind = item.limits is not None and number is None
        verdict = Verdict.BEYOND if is_blind else Verdict.FAULT
        return self.mark(item, replace(mark, verdict=verdict, measure=number))

    def beyond(self, mark: Mark) -> Walk:
        """Nobody can get there: so is all of which nothing was said."""
        walk = self
        for item in self.sheet(self.at(mark.by)).missing:
            walk = walk.mark(item, replace(mark, verdict=Verdict.BEYOND))
        return walk

    def without(self, person: int | None) -> Walk:
        """What was found, without what one person wrote and showed; with None, without all."""
        marks = {code: _bare(found, person) for code, found in self.marks.items()}
        here = {key: code for key, code in self.here.items() if person and key != str(person)}
        return replace(self, marks=marks, here=here)

    def _with(self, *sheets: Sheet) -> Walk:
        return replace(self, marks={**self.marks} | {one.name: one.marks for one in sheets})


def _bare(found: Mapping[str, Mark], person: int | None) -> dict[str, Mark]:
    return {
        key: replace(mark, note="", photos=()) if person in {None, mark.by} else mark
        for key, mark in found.items()
    }
