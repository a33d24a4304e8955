"""Services and gifts for the tests, and every letter of their templates to every reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from crowd import NEIGHBOURS
from folk import BUILDING, CHEN, RULES
from folk import NOW as START
from letters import letter_of
from msgspec.structs import replace
from template_names import in_forms
from template_values import FOLLOWER, HANDLER, NOW, PLACE, RESIDENT

from workflows.core.engine.clocks import Clock
from workflows.core.engine.decision import begin
from workflows.desk import Letter
from workflows.desk.outbound.composing import Reader
from workflows.passbook.chat.cards import Shown
from workflows.passbook.lifecycle import GIFT, SERVICE
from workflows.passbook.model import Entry, Gift, Service
from workflows.passbook.words import State

READERS = (
    (Reader.RESIDENT, RESIDENT),
    (Reader.RESIDENT, FOLLOWER),
    (Reader.STAFF, HANDLER),
    (Reader.GROUP, -100),
    (Reader.NOBODY, 9),
)
STAFFS = {
    "services", "odd", "form_reverse", "form_change", "form_instead", "form_what", "form_day",
    "form_minutes", "form_code", "form_no_day", "form_no_minutes", "gift_wrong_code", "form_drop",
    "refused_another", "stock", "stock_count", "refused_stock_changed", "refused_stock_gone",
    "refused_stock_fund",
}  # fmt: skip
CARDS = {"entry", "entry_asked"}
DAY = date(2026, 3, 2)


def service(**more: Any) -> Service:
    """A service of 陈's that 何 can say was so, as it begins."""
    known = {
        "id": 1001, "account": 1, "person": CHEN.id, "place": BUILDING, "day": DAY,
        "what": "patrol", "minutes": 60, "opened_at": START, "witness": NEIGHBOURS[0].id,
    }  # fmt: skip
    return Service(**known | more)


def gift(**more: Any) -> Gift:
    """A gift that 陈 chose."""
    known = {"id": 1001, "account": 1, "person": CHEN.id, "place": BUILDING, "what": "大米",
             "points": 10, "code": "000400", "day": DAY, "opened_at": START}  # fmt: skip
    return Gift(**known | more)


def begun(entry: Entry) -> Any:
    """As it stands after its first step."""
    return begin(_flow(entry), entry, CHEN.id, START, RULES, data={}).subject


def _flow(entry: Entry) -> Any:
    return SERVICE if isinstance(entry, Service) else GIFT


def _drawn(entry: Any, said: str) -> Iterator[Any]:
    """One or more in every state, with these words wherever a person wrote any."""
    clock = Clock(started=NOW, due=NOW + timedelta(hours=6))
    for state in State:
        own = _flow(entry).stages[state].clock
        full = replace(
            entry, state=state, place=PLACE, person=RESIDENT, text=said, reason=said,
            done_by=HANDLER, clocks={own: clock} if own else {},
        )  # fmt: skip
        yield full
        bare = {"minutes": 0, "asked_as": "lead"} if isinstance(entry, Service) else {}
        yield replace(full, text="", reason="", person=0, done_by=0, **bare)


def letters(template: str, said: str, values: dict[str, Any]) -> Iterator[Letter]:
    """To everybody who can be sent it."""
    is_about = template in CARDS or template in in_forms()
    about = (
        [*_drawn(service(witness=FOLLOWER), said), *_drawn(gift(), said)] if is_about else [None]
    )
    for entry in about:
        for reader, chat in READERS:
            if reader is Reader.RESIDENT and template in STAFFS:
                continue
            if reader in {Reader.GROUP, Reader.NOBODY} and template not in CARDS:
                continue
            letter = letter_of(template, values, entry, reader, chat)
            shown = Shown(name=said[:128], what=said[:40], code="123456", where=said, days=(15,))
            owed = replace(letter.owed, kind="card" if template in CARDS else "text")
            yield replace(letter, shown=shown, owed=owed)


def holds(before: Any, entry: Any, _: datetime) -> None:
    """What else is so of every entry after every step: nobody has a say twice."""
    assert entry.done_by not in {entry.person} or not entry.done_by
    assert not entry.ruled_by or entry.ruled_by != entry.contested_by
    assert before.points == entry.points
