"""What lies in a place: paths begin with their place's path, so it is one stretch of an index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true

from workflows.core.places import covers

_AFTER_SLASH = chr(ord("/") + 1)


def inside(column: ColumnElement[Any], place: str) -> ColumnElement[bool]:
    """Below a place, not at it; nothing is below ""."""
    after, before = stretch(place)
    return and_(column > after, column < before)


def stretch(place: str) -> tuple[str, str]:
    """Between which two paths all those lie that are below a place."""
    return f"{place}/", f"{place}{_AFTER_SLASH}"


def stretch_of(place: ColumnElement[str]) -> tuple[ColumnElement[str], ColumnElement[str]]:
    """The same of a place that the statement itself finds."""
    return place.concat("/"), place.concat(_AFTER_SLASH)


def within(column: ColumnElement[Any], places: Iterable[str]) -> ColumnElement[bool]:
    """At one of the places or below it; "" is everywhere, no place at all is nowhere."""
    found = tuple(places)
    if "" in found:
        return true()
    if not found:
        return false()
    # An index is read from the first place to the last: an OR alone would have all of it read.
    stretch = (column >= min(found), column < max(place + _AFTER_SLASH for place in found))
    return and_(*stretch, or_(column.in_(found), *(inside(column, place) for place in found)))


def apart(places: Iterable[str]) -> list[str]:
    """The places without those that lie in another of them, so that nothing is found twice."""
    found = dict.fromkeys(places)
    return [p for p in found if not any(covers(other, p) for other in found if other != p)]
