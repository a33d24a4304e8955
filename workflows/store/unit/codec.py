"""Values of the domain ⇄ rows of the tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct, convert, field
from msgspec.structs import asdict, replace

from workflows.core.engine.subject import Event, Subject
from workflows.core.people import Membership, Person, Role
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.forms import form_body, form_from
from workflows.core.talk.messages import Attachment, Button, Incoming, Values
from workflows.core.talk.tap_text import fitted, read, write


class _Button(Struct, frozen=True, kw_only=True):
    """A button as a column holds it: as ever, so that every version reads what another owed."""

    press: str = ""
    label: str
    values: Values = field(default_factory=dict)
    url: str = ""


_Keyboard = tuple[tuple[Button, ...], ...]
_Stored = tuple[tuple[_Button, ...], ...]
_Files = tuple[Attachment, ...]
_COLUMN = msgspec.json.Encoder()
_HASHED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
GENESIS = "0" * 64


def encode(value: Any) -> str:
    """JSON for a column; a value of the domain is written with all its fields."""
    return _COLUMN.encode(value).decode()


def decode(text: str) -> Any:
    """The JSON of a column."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)  # a dead letter of an earlier version can hold NaN


def dumps(value: Any) -> str:
    """JSON in one fixed spelling, so that the same value always has the same hash."""
    return _HASHED.encode(value)


def person_from(
    columns: Sequence[Any], memberships: Iterable[Sequence[Any]], stands_for: Iterable[int],
    *, is_reachable: bool,
) -> Person:  # fmt: skip
    """The person of a row's columns in the table's order, with the memberships that hold now:
    each a role, a place, and categories.
    """
    person_id, name, on_duty, consented_at, last_place, away_until, stand_in, is_unlisted = columns
    held = tuple(
        Membership(role=Role(role), place=place, categories=tuple(categories))
        for role, place, categories in memberships
    )
    return Person(
        id=person_id, name=name, on_duty=on_duty, memberships=held, consented_at=consented_at,
        last_place=last_place, away_until=away_until, stand_in=stand_in, is_unlisted=is_unlisted,
        stands_for=frozenset(stands_for), is_reachable=is_reachable,
    )  # fmt: skip


def person_row(person: Person) -> dict[str, Any]:
    """The columns of a person; memberships have their own table."""
    return {
        "id": person.id, "name": person.name, "on_duty": person.on_duty,
        "consented_at": person.consented_at, "last_place": person.last_place,
        "away_until": person.away_until, "stand_in": person.stand_in,
        "is_unlisted": person.is_unlisted,
    }  # fmt: skip


def dialog_from(body: Any) -> Dialog:
    """A dialog from its JSON."""
    form = body.get("form")
    return convert(body | {"form": form_from(form)} if form else body, Dialog)


def dialog_body(dialog: Dialog) -> Any:
    """A dialog as it is stored."""
    if dialog.form is None:
        return dialog
    return asdict(dialog) | {"form": form_body(dialog.form)}


def incoming_body(incoming: Incoming) -> dict[str, Any]:
    """An update as it is stored: what was tapped as its text, under "press"."""
    body: dict[str, Any] = msgspec.to_builtins(incoming)
    del body["tap"]
    return body | {"press": write(incoming.tap)}


def incoming_from(body: Any) -> Incoming:
    """An update from its JSON. Raises ValueError for what was no update of ours."""
    incoming = convert(body, Incoming)
    return replace(incoming, tap=read(convert(body.get("press", ""), str)))


def buttons_body(buttons: _Keyboard) -> list[list[_Button]]:
    """A keyboard as it is stored. Raises ValueError for a tap that no button has room for."""
    return [[_stored(button) for button in row] for row in buttons]


def _stored(button: Button) -> _Button:
    press = fitted(button.tap)
    return _Button(press=press, label=button.label, values=button.values, url=button.url)


def buttons_from(body: Any) -> _Keyboard:
    """A keyboard from its JSON."""
    return tuple(tuple(_button(b) for b in row) for row in convert(body, _Stored))


def _button(stored: _Button) -> Button:
    tap = read(stored.press)
    return Button(tap=tap, label=stored.label, values=stored.values, url=stored.url)


def attachments_from(body: Any) -> tuple[Attachment, ...]:
    """Files from their JSON."""
    return convert(body, _Files)


def subject_row(subject: Subject) -> dict[str, Any]:
    """The columns that every subject has, of whatever kind."""
    return {
        "id": subject.id, "kind": subject.kind, "place": subject.place,
        "opened_at": subject.opened_at,
    }  # fmt: skip


def event_row(event: Event, seq: int, previous: str) -> dict[str, Any]:
    """The columns of an event, chained to the one before it in its subject.

    The chain covers a digest of `data`, so that a person's words can be erased later on and the
    chain still verifies.
    """
    row = {
        "ticket_id": event.ticket_id, "seq": seq, "action": str(event.action),
        "actor": event.actor, "at": event.at, "source": str(event.source),
        "target": str(event.target), "data": dict(event.data), "previous": previous,
        "digest": _digest(event.data),
    }  # fmt: skip
    return row | {"hash": event_hash(row)}


def event_from(row: Any, actions: type[StrEnum], states: type[StrEnum]) -> Event:
    """The event of a row, in its workflow's own words; `data` is empty where it was erased. Raises
    ValueError for a word that the workflow does not have.
    """
    return Event(
        ticket_id=row.ticket_id, action=actions(row.action), actor=row.actor, at=row.at,
        source=states(row.source), target=states(row.target), data=row.data or {},
    )  # fmt: skip


def is_chain(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a subject's events, in order, are whole and untouched; erased words are allowed."""
    previous = GENESIS
    for seq, row in enumerate(rows, start=1):
        is_linked = (row["seq"], row["previous"], row["hash"]) == (seq, previous, event_hash(row))
        if not is_linked or (row["data"] is not None and row["digest"] != _digest(row["data"])):
            return False
        previous = row["hash"]
    return True


def _digest(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(dumps(dict(data)).encode()).hexdigest()


def event_hash(row: Mapping[str, Any]) -> str:
    """The hash of an event's row."""
    names = ("ticket_id", "seq", "action", "actor", "source", "target", "digest", "previous")
    chained = {name: row[name] for name in names} | {"at": row["at"].timestamp()}
    return hashlib.sha256(dumps(chained).encode()).hexdigest()
