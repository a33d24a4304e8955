"""The places of the neighbourhood, and finding one in what a person wrote or shared.

A place is a path, "street/community/grid/building"; one inside another starts with its path.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from workflows.model import HaitangError, covers

_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_ONES = "一二三四五六七八九"
# A number as people write it: "12", "三", "十二"; not the end of a longer one ("2024", "一百二十").
_SPOKEN = rf"(?<![{_ONES}十百])(?:[{_ONES}]?十[{_ONES}]?|[{_ONES}两])(?![{_ONES}十百])"
NUMERAL = rf"(?<!\d)\d{{1,3}}(?!\d)|{_SPOKEN}"
_BUILDING = re.compile(rf"({NUMERAL})\s*(?:号楼|號樓|幢|栋|座|#楼)")
_NEAR_KM = 1.0  # a location shared farther away than this says nothing about the building


RESIDENTS_GROUP = "居民群"  # what a lead writes behind /bind


class UnknownPlaceError(HaitangError):
    """No place, or more than one, goes by this name."""


def numeral(text: str) -> int:
    """The value of "12", "三" or "十二"; up to 99 in Chinese."""
    if text.isdigit():
        return int(text)
    if "十" not in text:
        return _DIGITS[text]
    tens, _, ones = text.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def building_numbers(text: str) -> tuple[int, ...]:
    """The numbers of the buildings a text names, in order: "3号楼", "12幢2单元", "三栋"."""
    return tuple(numeral(found) for found in _BUILDING.findall(text))


def without_buildings(text: str) -> str:
    """A text without the buildings it names: what it says of the matter itself."""
    return _BUILDING.sub("", text)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A street, community, grid or building; `names` are what people call it or its estate."""

    path: str
    names: tuple[str, ...] = ()
    position: tuple[float, float] | None = None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def depth(self) -> int:
        """1 street, 2 community, 3 grid, 4 building."""
        return self.path.count("/") + 1

    @property
    def spoken(self) -> tuple[str, ...]:
        """What in a text means just this place: a bare building number does not."""
        return self.names if self.depth == 4 else (*self.names, self.name)

    @cached_property
    def number(self) -> int | None:
        """The building's number, where its name has one."""
        found = building_numbers(self.name) if self.depth == 4 else ()
        return found[0] if found else None


@dataclass(frozen=True)
class Places:
    """All places by path, in the config's order."""

    by_path: Mapping[str, Place] = field(default_factory=dict)

    def __contains__(self, path: str) -> bool:
        """Whether this exact path is a place."""
        return path in self.by_path

    def inside(self, path: str, depth: int) -> tuple[Place, ...]:
        """The places of one depth inside `path`."""
        return tuple(p for p in self.by_path.values() if p.depth == depth and covers(path, p.path))

    def resolve(self, name: str) -> str:
        """The path for a name that may leave out its beginning: "南环一/1网格".

        Raises UnknownPlaceError when none or several match.
        """
        found = [p for p in self.by_path if p == name or p.endswith("/" + name)]
        if len(found) != 1:
            raise UnknownPlaceError(name)
        return found[0]

    def mentioned(self, text: str, near: str = "") -> tuple[str, ...]:
        """The buildings a text can mean: by number, narrowed by estate, then by where one was.

        `near` is a path (a station's, the resident's last). One match is an answer, several are
        a question, none says nothing.
        """
        numbers = set(building_numbers(text))
        estates = self._named(text)
        found = [p for p in self.inside("", 4) if p.number in numbers] if numbers else []
        if not found:
            return tuple(p.path for p in estates)
        narrowed = [p for p in found if any(covers(e.path, p.path) for e in estates)] or found
        return tuple(p.path for p in _nearest_scope(narrowed, near))

    def nearest(self, position: tuple[float, float]) -> str:
        """The building nearest to (latitude, longitude) in degrees, or "" beyond a kilometre."""
        known = [
            (_distance(position, p.position), p.path) for p in self.inside("", 4) if p.position
        ]
        best = min(known, default=(math.inf, ""))
        return best[1] if best[0] <= _NEAR_KM else ""

    def _named(self, text: str) -> list[Place]:
        """The deepest places below a community whose name or estate a text contains."""
        below = (p for p in self.by_path.values() if p.depth >= 3)
        found = [p for p in below if any(_is_named(name, text) for name in p.spoken)]
        return [p for p in found if not any(covers(p.path, q.path) for q in found if q is not p)]


def _is_named(name: str, text: str) -> bool:
    """Whether a text has this name; "11网格" does not name 1网格."""
    return bool(re.search(rf"(?<!\d){re.escape(name)}", text))


def _nearest_scope(found: list[Place], near: str) -> Iterable[Place]:
    """Those in the grid of `near`, else in its community, else all."""
    parts = near.split("/")
    for size in range(len(parts), 1, -1):
        inside = [p for p in found if covers("/".join(parts[:size]), p.path)]
        if inside:
            return inside
    return found


def _distance(a: tuple[float, float], b: tuple[float, float] | None) -> float:
    """Kilometres between two points, flat-earth: exact enough inside a town."""
    if b is None:
        return math.inf
    mean = math.radians((a[0] + b[0]) / 2)
    return 111.2 * math.hypot(a[0] - b[0], (a[1] - b[1]) * math.cos(mean))
