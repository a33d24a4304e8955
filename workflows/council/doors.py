"""Doors: how people write the number of their flat, and which of those registered it is.

A staircase, if the building has several, and a room: "2单元301", "二单元 301 室", "2-301" are one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from workflows.core.errors import Refusal
from workflows.core.placing.buildings import without_buildings
from workflows.core.placing.numerals import NUMERAL, numeral

_SELF = r"(?:我们?家?[是住在]*)?"
_ROOM = r"(?P<room>\d{1,4}[A-Z]?)"
_DOOR = re.compile(
    rf"{_SELF}\s*第?(?:(?P<unit>{NUMERAL}|[A-Z])\s*(?:(?:单元|[-—–~/])\s*[-—–]?|\s))?\s*"
    rf"(?:{NUMERAL}[楼层]\s*(?=\d{{3}}))?{_ROOM}\s*[号室户]*[。.!]?"
)
_BUILDING = re.compile(r"\d{1,3}-(?=\w{1,2}-\d)")  # before "2-301"
_WORDS = re.compile(rf"{_SELF}(?:{NUMERAL}|\d+[A-Z]?|号楼|单元|[幢栋楼层第号室户A-Z\s—–~/.。!-])*")


def read(said: str) -> str:
    """A door by its numbers alone: "2-301", "301". Raises Refusal where it is none."""
    found = _DOOR.fullmatch(_plain(said))
    if found is None:
        raise Refusal("form_no_household")
    unit = found["unit"]
    if unit is None:
        return found["room"]
    return f"{unit if unit.isalpha() and unit.isascii() else numeral(unit)}-{found['room']}"


def is_tried(said: str) -> bool:
    """Whether nothing is said but what doors are made of, though it may be none."""
    return bool(said.strip() and _WORDS.fullmatch(_plain(said)))


def _plain(said: str) -> str:
    return _BUILDING.sub("", without_buildings(said).strip().upper(), count=1)


def placed(
    households: Mapping[str, tuple[int, ...]], door: str, person: int
) -> dict[str, tuple[int, ...]]:
    """The households with one more who lives behind this door.

    Who left out the staircase is the same household as the first that names it. Raises Refusal
    where it could be one that is there already.
    """
    unit, _, room = door.rpartition("-")
    if not unit and _has_stairs(households, room):
        raise Refusal("form_which_unit")
    same = room if unit and room in households else door
    others = {known: people for known, people in households.items() if known != same}
    return {**others, door: (*households.get(same, ()), person)}


def _has_stairs(households: Collection[str], room: str) -> bool:
    return any(known.endswith(f"-{room}") for known in households)
