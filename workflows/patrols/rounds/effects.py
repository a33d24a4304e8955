"""What a row of a round's table asks, and what it does beyond the state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.kernels import checklist
from workflows.core.kernels.checklist import Item, Mark, Sheet, Verdict
from workflows.core.talk.needs import PHOTOS, TEXT
from workflows.core.timing import calendar
from workflows.patrols.needs import ITEM, MEASURE, POINT, SCANNED
from workflows.patrols.relations import Command
from workflows.patrols.rounds.model import Round

SCAN, TAP = "scan", "tap"

# what is asked


def is_there(a: Command[Round]) -> bool:
    """Whether the patroller stands at a point."""
    return bool(a.subject.at)


def has_more(a: Command[Round]) -> bool:
    """Whether something is still to be said of the point where he stands."""
    return a.subject.at in a.subject.left


def is_nearly_well(a: Command[Round]) -> bool:
    """Whether all else there can be in order by one tap: what is measured has its number, what is
    at fault its picture.
    """
    return has_more(a) and not _well(a, a.subject.at).missing


def is_nearly_done(a: Command[Round]) -> bool:
    """The same of several points, once each was reached."""
    left = a.subject.left
    return a.subject.is_walked and len(left) > 1 and not any(_well(a, c).missing for c in left)


def may_measure(a: Command[Round]) -> bool:
    """Whether something is to be measured there."""
    return a.subject.unmeasured is not None


def is_complete(a: Command[Round]) -> bool:
    """Whether nothing is left to say of any point."""
    return not a.subject.left


def may_earn(a: Command[Round]) -> bool:
    """Whether it is worth something to who walked it, and nobody has said yet that he did."""
    is_open = a.subject.service_minutes and a.subject.verified_by is None
    return bool(is_open) and a.subject.holder not in {None, a.by}


def _well(a: Command[Round], code: str) -> Sheet:
    return checklist.all_well(a.subject.sheet(code), a.by, a.now)


# what is done


def touch(a: Command[Round]) -> Round:
    """He is at a point; whoever begins a round that was anybody's has it."""
    code, was = a.answers[POINT], a.subject.touched
    if a.subject.stop(code) is None:
        raise Refusal("form_over")
    if a.subject.is_ordered and code not in was and code not in a.subject.ahead:
        next_one = a.subject.stop(next(iter(a.subject.left)))
        raise Refusal("refused_order", about=a.subject.id, point=next_one and next_one.name)
    way = SCAN if a.answers[SCANNED] else was.get(code, TAP)
    holder = a.subject.holder or a.by
    return replace(a.subject, at=code, touched={**was, code: way}, holder=holder)


def well(a: Command[Round]) -> Round:
    """The rest of the point is in order."""
    return _noted(a.subject, _well(a, a.subject.at))


def all_well(a: Command[Round]) -> Round:
    """The rest of all points is."""
    subject = a.subject
    for code in subject.left:
        subject = _noted(subject, _well(a, code))
    return subject


def measure(a: Command[Round]) -> Round:
    """The number of what is measured next; beyond its limits it is a fault."""
    item = a.subject.unmeasured
    assert item
    return _marked(a, item, Verdict.OK, a.answers[MEASURE])


def fault(a: Command[Round]) -> Round:
    """Something is wrong, with a picture of it. Raises Refusal without."""
    if not a.answers[PHOTOS]:
        raise Refusal("form_tap_or_photo")
    item = faulty(a)
    known = a.subject.marks.get(a.subject.at, {}).get(item.key)
    number = known.measure if known else None
    # What has no number because its gauge is broken could not be measured.
    is_blind = item.limits is not None and number is None
    return _marked(a, item, Verdict.BEYOND if is_blind else Verdict.FAULT, number)


def faulty(a: Command[Round]) -> Item:
    """Which item is wrong: the one that was chosen, the one whose number says so, or the only one.
    Raises Refusal.
    """
    items, index = a.subject.checklist.items, a.answers[ITEM]
    if index is None:
        return a.subject.unproven or items[0]
    if index >= len(items):
        raise Refusal("form_over")
    found: Item = items[index]
    return found


def beyond(a: Command[Round]) -> Round:
    """Nobody can get there: what has no answer yet is so."""
    subject = a.subject
    for item in subject.sheet(subject.at).missing:
        subject = _marked(replace(a, subject=subject), item, Verdict.BEYOND)
    return subject


def _marked(
    a: Command[Round], item: Item, verdict: Verdict, number: Decimal | None = None
) -> Round:
    mark = Mark(
        verdict=verdict, by=a.by, at=a.now, note=a.answers[TEXT], measure=number,
        photos=a.answers[PHOTOS],
    )  # fmt: skip
    return _noted(a.subject, checklist.marked(a.subject.sheet(a.subject.at), item.key, mark))


def _noted(subject: Round, sheet: Sheet) -> Round:
    return replace(subject, marks={**subject.marks, sheet.name: sheet.marks})


def assign(a: Command[Round]) -> Round:
    """It is this person's now."""
    return replace(a.subject, holder=a.named)


def give_back(a: Command[Round]) -> Round:
    """Whoever may take it, may."""
    return replace(a.subject, holder=None)


def explain(a: Command[Round]) -> Round:
    """Why it is not walked."""
    return replace(a.subject, reason=a.answers[TEXT])


def lapse(a: Command[Round]) -> Round:
    """Its window is over: that stays, even if it is made up for."""
    return replace(a.subject, missed_at=a.subject.missed_at or a.now)


def finish(a: Command[Round]) -> Round:
    """It was walked."""
    return replace(a.subject, done_at=a.now, at="")


def verify(a: Command[Round]) -> Round:
    """Somebody else says that he did."""
    return replace(a.subject, verified_by=a.by)


def today(a: Command[Round]) -> datetime:
    """Until when it can be made up for."""
    return calendar.end_of_day(a.now, a.rules)


def erase(a: Command[Round]) -> Round:
    """What was found stays; what one person wrote and showed goes, or without one, everybody's."""
    person = a.named
    bare = {code: _bare(marks, person) for code, marks in a.subject.marks.items()}
    is_his = person is not None and person == a.subject.holder
    return replace(
        a.subject, marks=bare, reason="" if person is None else a.subject.reason,
        holder=None if is_his else a.subject.holder,
    )  # fmt: skip


def _bare(marks: Mapping[str, Mark], person: int | None) -> dict[str, Mark]:
    return {
        key: replace(mark, note="", photos=()) if person in {None, mark.by} else mark
        for key, mark in marks.items()
    }
