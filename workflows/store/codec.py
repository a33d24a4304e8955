"""Values of the domain ⇄ rows of the tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import RowMapping

from workflows import duties, sla
from workflows.dialog import Dialog
from workflows.model import (
    Attachment,
    Button,
    Clock,
    ClockName,
    Event,
    Exclusion,
    Extension,
    Incoming,
    Membership,
    Person,
    Proposal,
    Role,
    State,
    Ticket,
    street_of,
)

_DIALOG = TypeAdapter(Dialog)
_CLOCKS = TypeAdapter(dict[ClockName, Clock])
_EXTENSION = TypeAdapter(Extension | None)
_PROPOSAL = TypeAdapter(Proposal | None)
_EXCLUSION = TypeAdapter(Exclusion | None)
_INCOMING = TypeAdapter(Incoming)
_BUTTONS = TypeAdapter(tuple[tuple[Button, ...], ...])
_ATTACHMENTS = TypeAdapter(tuple[Attachment, ...])
_TICKET_FIELDS = tuple(f.name for f in fields(Ticket) if f.name not in {"followers", "helpers"})
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
GENESIS = "0" * 64


def dumps(value: Any) -> str:
    """JSON in one fixed spelling, so that the same value always has the same hash."""
    return _JSON.encode(value)


def ticket_row(ticket: Ticket) -> dict[str, Any]:
    """The columns of a ticket but for `changed_at`; three are derived from the others."""
    row = {name: getattr(ticket, name) for name in _TICKET_FIELDS}
    return row | {
        "offers": list(ticket.offers),
        "promise_due": sla.promise_due(ticket),
        "undecided": next(iter(duties.matters(ticket)), None),
        "street": street_of(ticket.place),
        "clocks": _CLOCKS.dump_python(dict(ticket.clocks), mode="json"),
        "extension": _EXTENSION.dump_python(ticket.extension, mode="json"),
        "proposal": _PROPOSAL.dump_python(ticket.proposal, mode="json"),
        "exclusion": _EXCLUSION.dump_python(ticket.exclusion, mode="json"),
    }


def ticket_from(row: RowMapping, followers: Iterable[int], helpers: Iterable[int]) -> Ticket:
    """The ticket of a row."""
    known = {name: row[name] for name in _TICKET_FIELDS}
    return Ticket(
        **known
        | {
            "state": State(row["state"]),
            "before": State(row["before"]) if row["before"] else None,
            "offers": tuple(row["offers"]),
            "clocks": _CLOCKS.validate_python(row["clocks"]),
            "extension": _EXTENSION.validate_python(row["extension"]),
            "proposal": _PROPOSAL.validate_python(row["proposal"]),
            "exclusion": _EXCLUSION.validate_python(row["exclusion"]),
            "followers": tuple(followers),
            "helpers": tuple(helpers),
        }
    )


def person_from(
    row: RowMapping, memberships: Iterable[RowMapping], stands_for: Iterable[int]
) -> Person:
    """The person of a row with the memberships that hold now."""
    held = tuple(
        Membership(role=Role(m["role"]), place=m["place"], categories=tuple(m["categories"]))
        for m in memberships
    )
    return Person(
        id=row["id"], name=row["name"], on_duty=row["on_duty"], memberships=held,
        consented_at=row["consented_at"], last_place=row["last_place"],
        away_until=row["away_until"], stand_in=row["stand_in"], is_unlisted=row["is_unlisted"],
        stands_for=frozenset(stands_for),
    )  # fmt: skip


def person_row(person: Person) -> dict[str, Any]:
    """The columns of a person; memberships have their own table."""
    return {
        "id": person.id, "name": person.name, "on_duty": person.on_duty,
        "consented_at": person.consented_at, "last_place": person.last_place,
        "away_until": person.away_until, "stand_in": person.stand_in,
        "is_unlisted": person.is_unlisted,
    }  # fmt: skip


def dialog_body(dialog: Dialog) -> Any:
    """A dialog as JSON."""
    return _DIALOG.dump_python(dialog, mode="json")


def dialog_from(body: Any) -> Dialog:
    """A dialog from its JSON."""
    return _DIALOG.validate_python(body)


def incoming_body(incoming: Incoming) -> Any:
    """An update as the domain saw it, as JSON."""
    return _INCOMING.dump_python(incoming, mode="json", warnings=False)  # it may hold anything


def incoming_from(body: Any) -> Incoming:
    """An update from its JSON. Raises ValueError for what was no update of ours."""
    return _INCOMING.validate_python(body)


def buttons_body(buttons: tuple[tuple[Button, ...], ...]) -> Any:
    """A keyboard as JSON."""
    return _BUTTONS.dump_python(buttons, mode="json")


def buttons_from(body: Any) -> tuple[tuple[Button, ...], ...]:
    """A keyboard from its JSON."""
    return _BUTTONS.validate_python(body)


def attachments_body(attachments: tuple[Attachment, ...]) -> Any:
    """Files as JSON."""
    return _ATTACHMENTS.dump_python(attachments, mode="json")


def attachments_from(body: Any) -> tuple[Attachment, ...]:
    """Files from their JSON."""
    return _ATTACHMENTS.validate_python(body)


def event_row(event: Event, seq: int, previous: str) -> dict[str, Any]:
    """The columns of an event, chained to the one before it in its ticket.

    The chain covers a digest of `data`, so that a person's words can be erased later on and the
    chain still verifies.
    """
    row = {
        "ticket_id": event.ticket_id, "seq": seq, "action": event.action.value,
        "actor": event.actor, "at": event.at, "source": event.source.value,
        "target": event.target.value, "data": dict(event.data), "previous": previous,
        "digest": _digest(event.data),
    }  # fmt: skip
    return row | {"hash": event_hash(row)}


def is_chain(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a ticket's events, in order, are whole and untouched; erased words are allowed."""
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
