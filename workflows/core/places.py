"""The places of the neighbourhood, and finding one in what a person wrote or shared.

A place is a path, "street/community/grid/building"; one inside another starts with its path.
"""

from __future__ import annotations

import hashlib
import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import product

from msgspec import Struct, field

from workflows.core.errors import HaitangError


def place_key(path: str) -> str:
    """A place's short name in a button: a path in Chinese would not fit 64 bytes."""
    return hashlib.sha256(path.encode()).hexdigest()[:10]


def covers(place: str, inner: str) -> bool:
    """Whether `inner` is `place` or lies inside it; places are paths, "street/community/grid/…"."""
    return not place or inner == place or inner.startswith(place + "/")


def street_of(place: str) -> str:
    """The street of a path."""
    return place.partition("/")[0]


def community_of(place: str) -> str:
    """The street and community of a path: the border nothing is read or written across."""
    return "/".join(place.split("/")[:2])


def grid_of(place: str) -> str:
    """The grid a building lies in; a shorter path is returned as it is."""
    return "/".join(place.split("/")[:3])


_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_ONES = "一二三四五六七八九"
# A number as people write it: "12", "三", "十二"; not the end of a longer one ("2024", "一百二十").
_SPOKEN = rf"(?<![{_ONES}十百])(?:[{_ONES}]?十[{_ONES}]?|[{_ONES}两])(?![{_ONES}十百])"
NUMERAL = rf"(?<!\d)\d{{1,3}}(?!\d)|{_SPOKEN}"
_BUILDING = re.compile(rf"({NUMERAL})\s*(?:号楼|號樓|幢|栋|座|#楼)")
_NEAR_KM = 1.0  # a location shared farther away than this says nothing about the building
_NEAR_DEGREES = 0.01  # of latitude: a little more


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


class Place(Struct, frozen=True, kw_only=True, dict=True):
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


class Places(Struct, frozen=True, dict=True):
    """All places by path, in the config's order. What is asked of them costs what is found."""

    by_path: Mapping[str, Place] = field(default_factory=dict)

    def __contains__(self, path: str) -> bool:
        """Whether this exact path is a place."""
        return path in self.by_path

    def inside(self, path: str, depth: int) -> tuple[Place, ...]:
        """The places of one depth inside `path`."""
        return tuple(self._inside.get((path, depth), ()))

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
        estates = [p.path for p in self._named(text)]
        numbers = set(building_numbers(text))
        in_estates = self._numbered_in(estates, numbers)
        for scope in _scopes(near, least=2):
            here = [p for p in in_estates if covers(scope, p.path)]
            if found := here if in_estates else self._numbered_in([scope], numbers):
                return tuple(p.path for p in found)
        return tuple(estates)

    def nearest(self, position: tuple[float, float]) -> str:
        """The building nearest to (latitude, longitude) in degrees, or "" beyond a kilometre."""
        south = bisect_left(self._latitudes, position[0] - _NEAR_DEGREES)
        north = bisect_right(self._latitudes, position[0] + _NEAR_DEGREES)
        known = [(_distance(position, p.position), p.path) for p in self._northward[south:north]]
        best = min(known, default=(math.inf, ""))
        return best[1] if best[0] <= _NEAR_KM else ""

    def _named(self, text: str) -> list[Place]:
        """The deepest places below a community whose name or estate a text contains."""
        said = {text[i : i + size] for size in self._name_sizes for i in range(len(text))}
        names = (name for name in said & self._spoken.keys() if _is_named(name, text))
        named = [p for name in names for p in self._spoken[name]]
        around = {scope for p in named for scope in _scopes(p.path)[1:]}
        return self._in_order(p for p in named if p.path not in around)

    def _numbered_in(self, scopes: Iterable[str], numbers: Iterable[int]) -> list[Place]:
        """The buildings of these numbers inside these places."""
        keys = product(scopes, numbers)
        return self._in_order(p for key in keys for p in self._numbered.get(key, ()))

    def _in_order(self, places: Iterable[Place]) -> list[Place]:
        """Each once, in the config's order."""
        found = {p.path: p for p in places}
        return sorted(found.values(), key=lambda p: self._ranks[p.path])

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {path: rank for rank, path in enumerate(self.by_path)}

    @cached_property
    def _inside(self) -> dict[tuple[str, int], list[Place]]:
        found = defaultdict[tuple[str, int], list[Place]](list)
        for place in self.by_path.values():
            for scope in _scopes(place.path):
                found[scope, place.depth].append(place)
        return dict(found)

    @cached_property
    def _numbered(self) -> dict[tuple[str, int], list[Place]]:
        """The buildings by what they lie in and by their number."""
        found = defaultdict[tuple[str, int], list[Place]](list)
        for place in self.inside("", 4):
            for scope in _scopes(place.path) if place.number is not None else ():
                found[scope, place.number or 0].append(place)
        return dict(found)

    @cached_property
    def _spoken(self) -> dict[str, list[Place]]:
        """The places below a community by what people call them."""
        found = defaultdict[str, list[Place]](list)
        for place in (p for p in self.by_path.values() if p.depth >= 3):
            for name in place.spoken:
                found[name].append(place)
        return dict(found)

    @cached_property
    def _name_sizes(self) -> set[int]:
        return {len(name) for name in self._spoken}

    @cached_property
    def _northward(self) -> list[Place]:
        """The buildings whose position is known, from south to north."""
        known = [p for p in self.inside("", 4) if p.position]
        return sorted(known, key=lambda p: p.position or ())

    @cached_property
    def _latitudes(self) -> list[float]:
        return [p.position[0] for p in self._northward if p.position]


def _scopes(path: str, least: int = 1) -> list[str]:
    """A place and what it lies in, of this depth at `least`, from the inside out; "" at the end."""
    names = path.split("/")
    return [*("/".join(names[:size]) for size in range(len(names), least - 1, -1) if path), ""]


def _is_named(name: str, text: str) -> bool:
    """Whether a text has this name; "11网格" does not name 1网格."""
    return bool(re.search(rf"(?<!\d){re.escape(name)}", text))


def _distance(a: tuple[float, float], b: tuple[float, float] | None) -> float:
    """Kilometres between two points, flat-earth: exact enough inside a town."""
    if b is None:
        return math.inf
    mean = math.radians((a[0] + b[0]) / 2)
    return 111.2 * math.hypot(a[0] - b[0], (a[1] - b[1]) * math.cos(mean))
