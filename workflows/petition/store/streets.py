"""Which tickets lie in a place; a whole street has a column of its own, with indexes behind it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, true

from workflows.core.places import street_of
from workflows.petition.store import tables as own
from workflows.store.place_ranges import within


def lies_in(place: str) -> ColumnElement[bool]:
    """Whether a ticket lies in one place; a whole street has a column of its own."""
    is_street = place and "/" not in place
    return own.tickets.c.street == place if is_street else within(own.tickets.c.place, [place])


def in_streets(places: Iterable[str]) -> ColumnElement[bool]:
    """Whether a ticket lies in a street of these places: for indexes that begin with the street."""
    found = {street_of(place) for place in places}
    return true() if "" in found else own.tickets.c.street.in_(sorted(found))
