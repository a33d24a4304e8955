"""Checklists: what is to be looked at, and a sheet of what was found.

A sheet has its own copy of the list: what is edited later changes no answer. Once it is signed
nothing on it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from workflows.core.errors import HaitangError
from workflows.core.talk.messages import Attachment


class ChecklistError(HaitangError):
    """It cannot be done; nothing has changed."""


class UnclearError(ChecklistError):
    """Two items have one key, or limits that nothing lies between."""


class UnknownItemError(ChecklistError):
    """No such item stands on the sheet, or what was said of it is no answer to it."""


class SignedError(ChecklistError):
    """The sheet is signed: what stands there stays."""


class UnfinishedError(ChecklistError):
    """Something is missing yet: the keys of these `items`."""

    def __init__(self, items: tuple[str, ...]) -> None:
        super().__init__(", ".join(items))
        self.items = items


class Proof(StrEnum):
    """When a picture belongs to an answer."""

    NEVER = "never"
    FAULT = "fault"  # of what is wrong
    ALWAYS = "always"


class Verdict(StrEnum):
    """What was found of an item."""

    OK = "ok"
    FAULT = "fault"
    BEYOND = "beyond"  # it could not be reached or seen


class Limits(Struct, frozen=True, kw_only=True):
    """Between what a measure is in order, both included; None where that does not matter."""

    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies between them."""
        return self.low is not None and self.high is not None and self.low > self.high

    def holds(self, measure: Decimal) -> bool:
        """Whether it lies within."""
        is_enough = self.low is None or self.low <= measure
        return is_enough and (self.high is None or measure <= self.high)


class Item(Struct, frozen=True, kw_only=True):
    """One thing to look at; `key` stays its own in all versions. With `limits` it is measured."""

    key: str
    text: str
    proof: Proof = Proof.FAULT
    limits: Limits | None = None

    @property
    def is_plain(self) -> bool:
        """Whether a tap answers it, when it is in order."""
        return self.limits is None and self.proof is not Proof.ALWAYS


class Checklist(Struct, frozen=True, kw_only=True):
    """A version of what is to be looked at. A community (`place`) has its own under a `name`."""

    place: str
    name: str
    version: int = 1
    items: tuple[Item, ...]


class Mark(Struct, frozen=True, kw_only=True):
    """What somebody found of an item, and when."""

    verdict: Verdict
    by: int
    at: datetime
    note: str = ""
    measure: Decimal | None = None
    photos: tuple[Attachment, ...] = ()


class Sheet(Struct, frozen=True, kw_only=True):
    """A checklist as it was when somebody began with it, and what was found, by the item's key.

    It belongs to a subject; `name` tells apart several, as the points of a round.
    """

    subject: int
    name: str = ""
    version: int = 0  # of the sheet, for compare-and-set
    checklist: Checklist
    marks: Mapping[str, Mark] = field(default_factory=dict)
    signed_at: datetime | None = None
    signed_by: int | None = None

    @property
    def is_signed(self) -> bool:
        """Whether it stays as it is."""
        return self.signed_at is not None

    @property
    def missing(self) -> tuple[Item, ...]:
        """What has no answer yet, or none with the picture it needs."""
        return tuple(one for one in self.checklist.items if not self._is_answered(one))

    @property
    def faults(self) -> tuple[Item, ...]:
        """What is wrong, in the list's order."""
        return self._that_are(Verdict.FAULT)

    @property
    def beyond(self) -> tuple[Item, ...]:
        """What nobody could look at."""
        return self._that_are(Verdict.BEYOND)

    def _that_are(self, verdict: Verdict) -> tuple[Item, ...]:
        known = ((one, self.marks.get(one.key)) for one in self.checklist.items)
        return tuple(one for one, mark in known if mark and mark.verdict is verdict)

    def _is_answered(self, item: Item) -> bool:
        mark = self.marks.get(item.key)
        return mark is not None and (bool(mark.photos) or not _wants_proof(item, mark.verdict))


def _wants_proof(item: Item, verdict: Verdict) -> bool:
    wrong = item.proof is Proof.FAULT and verdict is Verdict.FAULT
    return wrong or (item.proof is Proof.ALWAYS and verdict is not Verdict.BEYOND)


def check(items: Iterable[Item]) -> None:
    """Raises UnclearError for what is no list."""
    listed = list(items)
    if not listed or len({one.key for one in listed}) < len(listed):
        raise UnclearError("an empty list, or two with one key")
    for one in listed:
        if not one.key or not one.text.strip() or (one.limits and one.limits.is_empty):
            raise UnclearError(one.key)


def revised(known: Checklist, items: tuple[Item, ...]) -> Checklist:
    """The next version; the same where nothing is another. Raises UnclearError."""
    check(items)
    same = items == known.items
    return known if same else replace(known, version=known.version + 1, items=items)


def begun(checklist: Checklist, subject: int, name: str = "") -> Sheet:
    """An empty sheet with this version, for good."""
    return Sheet(subject=subject, name=name, checklist=checklist)


def marked(sheet: Sheet, key: str, mark: Mark) -> Sheet:
    """What was found of an item, instead of what was said of it before. What is measured and does
    not lie within its limits is a fault. Raises ChecklistError.
    """
    _check_open(sheet)
    item = next((one for one in sheet.checklist.items if one.key == key), None)
    if item is None:
        raise UnknownItemError(key)
    return replace(sheet, marks={**sheet.marks, key: _judged(item, mark)})


def _check_open(sheet: Sheet) -> None:
    if sheet.is_signed:
        raise SignedError


def _judged(item: Item, mark: Mark) -> Mark:
    is_measured = item.limits is not None and mark.verdict is not Verdict.BEYOND
    is_number = mark.measure is not None and mark.measure.is_finite()
    if is_measured is not is_number:
        raise UnknownItemError(item.key)
    if item.limits is None or mark.measure is None:
        return mark
    is_well = item.limits.holds(mark.measure)
    return mark if is_well else replace(mark, verdict=Verdict.FAULT)


def all_well(sheet: Sheet, by: int, at: datetime) -> Sheet:
    """The rest is in order, by one tap; but for what must be measured or shown. Raises
    SignedError.
    """
    _check_open(sheet)
    plain = (one for one in sheet.checklist.items if one.is_plain)
    well = Mark(verdict=Verdict.OK, by=by, at=at)
    return replace(sheet, marks={one.key: well for one in plain} | dict(sheet.marks))


def signed(sheet: Sheet, by: int, at: datetime) -> Sheet:
    """From now on it stays as it is. Raises UnfinishedError, or SignedError."""
    _check_open(sheet)
    if missing := sheet.missing:
        raise UnfinishedError(tuple(one.key for one in missing))
    return replace(sheet, signed_at=at, signed_by=by)


def without_words(sheet: Sheet) -> Sheet:
    """The same with its verdicts and measures alone, as when its time is over."""
    bare = {key: replace(mark, note="", photos=()) for key, mark in sheet.marks.items()}
    return replace(sheet, marks=bare)
