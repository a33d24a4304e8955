"""The places of the neighbourhood, by path, by name, by number and by where they lie.

A place is a path, "street/community/grid/building"; one inside another starts with its path.
What a person's words name is read in `placing/`.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from itertools import product

from msgspec import Struct, field

from workflows.core.errors import HaitangError
from workflows.core.placing.buildings import building_numbers
from workflows.core.placing.numerals import fold
from workflows.core.placing.public import ends_there


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


_NEAR_KM = 1.0  # a location shared farther away than this says nothing about the building
_NEAR_DEGREES = 0.01  # of latitude: a little more


RESIDENTS_GROUP = "居民群"  # what a lead writes behind /bind


class UnknownPlaceError(HaitangError):
    """No place, or more than one, goes by this name."""


class Place(Struct, frozen=True, kw_only=True, dict=True):
    """A street, community, grid, or what lies in one: a building, or a spot that is everybody's.

    `names` are what people call it or its estate.
    """

    path: str
    names: tuple[str, ...] = ()
    position: tuple[float, float] | None = None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def depth(self) -> int:
        """1 street, 2 community, 3 grid, 4 building or spot."""
        return self.path.count("/") + 1

    @property
    def spoken(self) -> tuple[str, ...]:
        """What in a text means just this place: a bare building number does not."""
        return self.names if self.number is not None else (*self.names, self.name)

    @property
    def is_spot(self) -> bool:
        """Whether it lies in a grid and is no numbered building."""
        return self.depth == 4 and self.number is None

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

    def named(self, text: str) -> tuple[tuple[Place, str], ...]:
        """The deepest places below a community that a folded text has by name, each with it."""
        said = {text[i : i + size] for size in self._name_sizes for i in range(len(text))}
        names = [name for name in said & self._spoken.keys() if ends_there(name, text)]
        found = {
            place.path: name for name in sorted(names, key=len) for place in self._spoken[name]
        }
        around = {scope for path in found for scope in _scopes(path)[1:]}
        kept = self._in_order(self.by_path[path] for path in found if path not in around)
        return tuple((place, found[place.path]) for place in kept)

    def numbered(self, number: int, estates: Collection[str], near: str) -> tuple[str, ...]:
        """The buildings of a number: inside the estates if any, else first around where one is."""
        scopes = [estates] if estates else [(scope,) for scope in _scopes(near, least=2)]
        for around in scopes:
            if found := self._numbered_in(around, (number,)):
                return tuple(place.path for place in found)
        return ()

    def nearest(self, position: tuple[float, float]) -> str:
        """The building nearest to (latitude, longitude) in degrees, or "" beyond a kilometre."""
        south = bisect_left(self._latitudes, position[0] - _NEAR_DEGREES)
        north = bisect_right(self._latitudes, position[0] + _NEAR_DEGREES)
        known = [(_distance(position, p.position), p.path) for p in self._northward[south:north]]
        best = min(known, default=(math.inf, ""))
        return best[1] if best[0] <= _NEAR_KM else ""

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
                found[fold(name)].append(place)
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


def _distance(a: tuple[float, float], b: tuple[float, float] | None) -> float:
    """Kilometres between two points, flat-earth: exact enough inside a town."""
    if b is None:
        return math.inf
    mean = math.radians((a[0] + b[0]) / 2)
    return 111.2 * math.hypot(a[0] - b[0], (a[1] - b[1]) * math.cos(mean))
