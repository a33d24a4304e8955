"""The sections of the config that say where things are: communities, grids, buildings, stations."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.config.sections import Part, Phone, Word

Alias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^/]*$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Building(Part):
    """A building; `names` are what else people call it, `position` is (latitude, longitude)."""

    name: Name
    names: tuple[Alias, ...] = ()
    position: tuple[Latitude, Longitude] | None = None


class Spot(Part):
    """A gate, garage, square or road: what belongs to no building. Its own name is said, too."""

    name: Annotated[Name, Field(min_length=2)]
    names: tuple[Alias, ...] = ()
    position: tuple[Latitude, Longitude] | None = None


class Grid(Part):
    """A grid, the estates in it, their buildings and what is everybody's."""

    name: Name
    estates: tuple[Alias, ...] = ()
    buildings: tuple[Building, ...] = ()
    spots: tuple[Spot, ...] = ()


class Community(Part):
    """A community and the street office above it; `office_phone` is its own office's number."""

    name: Name
    street: Name
    office_phone: Phone = ""
    grids: Annotated[tuple[Grid, ...], Field(min_length=1)]


class StationPart(Part):
    """A 民情站: `code` goes into its link, `place` may leave out the path's beginning."""

    code: Code
    name: Word
    place: Word
