"""The sections of the config that say where things are: communities, grids, buildings, stations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from bot.config.sections import Part, Phone, Word
from workflows.core.places import Place
from workflows.registry import WORKFLOWS

Alias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^/]*$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


_FURTHER = [one.kind for one in WORKFLOWS if one is not WORKFLOWS.first and not one.part_of]


def _further(kind: str) -> str:
    if kind not in _FURTHER:
        raise ValueError(f'there is no workflow "{kind}"; there are {", ".join(_FURTHER)}')
    return kind


Further = Annotated[str, AfterValidator(_further)]


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
    """A community and the street office above it; `office_phone` is its own office's number,
    `workflows` what it has besides petitions.
    """

    name: Name
    street: Name
    office_phone: Phone = ""
    workflows: tuple[Further, ...] = ()
    grids: Annotated[tuple[Grid, ...], Field(min_length=1)]

    @property
    def path(self) -> str:
        """Its place."""
        return f"{self.street}/{self.name}"


class StationPart(Part):
    """A 民情站: `code` goes into its link, `place` may leave out the path's beginning."""

    code: Code
    name: Word
    place: Word


def without(communities: tuple[Community, ...]) -> dict[str, frozenset[str]]:
    """By the kind of workflow, the communities that do not have it; the first one all have, and a
    part of another comes and goes with that.
    """
    return {
        one.kind: frozenset(
            c.path for c in communities if (one.part_of or one.kind) not in c.workflows
        )
        for one in WORKFLOWS
        if one is not WORKFLOWS.first
    }


def places_of(communities: tuple[Community, ...]) -> Iterator[Place]:
    """Streets, communities, grids, buildings and spots, each before what lies in it."""
    for community in communities:
        path = community.path
        yield Place(path=community.street)
        yield Place(path=path)
        for grid in community.grids:
            yield Place(path=f"{path}/{grid.name}", names=grid.estates)
            parts: tuple[Building | Spot, ...] = (*grid.buildings, *grid.spots)
            for part in parts:
                inner = f"{path}/{grid.name}/{part.name}"
                yield Place(path=inner, names=part.names, position=part.position)
