"""A town with as many open tickets as wanted, for what has to cost the same in each.

A larger town has more grids, not fuller ones: a grid holds 500 open tickets in five buildings and
forty handlers with a dozen each, ten grids are a community, and from twenty communities on there
are twenty streets, so that a street holds a twentieth of all there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.config.places import Building, Community, Grid
from bot.config.sections import Database
from bot.config.settings import Settings, load, load_choices
from workflows.core.policy import Rules

PER_BUILDING, BUILDINGS, GRIDS, STREETS = 100, 5, 10, 20
HANDLERS = 40
ADMIN = 1
_EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


@dataclass(frozen=True, kw_only=True)
class Town:
    """How many tickets, and who and what is where."""

    size: int

    @property
    def buildings(self) -> int:
        """All there are."""
        return self.size // PER_BUILDING

    @property
    def grids(self) -> int:
        """All there are."""
        return self.buildings // BUILDINGS

    @property
    def communities(self) -> int:
        """All there are."""
        return -(-self.grids // GRIDS)

    @property
    def streets(self) -> int:
        """Twenty, where there are communities enough."""
        return min(STREETS, self.communities)

    def community(self, number: int) -> str:
        """The path of a community."""
        return f"{number % self.streets + 1}街道/{number + 1}社区"

    def grid(self, number: int) -> str:
        """The path of a grid."""
        return f"{self.community(number // GRIDS)}/{number % GRIDS + 1}网格"

    def building(self, number: int) -> str:
        """The path of a building."""
        return f"{self.grid(number // BUILDINGS)}/{number % BUILDINGS + 1}幢"

    def handler(self, grid: int, number: int) -> int:
        """Who works in a grid."""
        return 10_000_000 + grid * 100 + number

    def lead(self, grid: int) -> int:
        """Who leads it."""
        return self.handler(grid, 90)

    def committee(self, community: int) -> int:
        """Who decides for a community."""
        return 20_000_000 + community

    def street(self, number: int) -> int:
        """Who stands above a street's communities."""
        return 30_000_000 + number

    def resident(self, number: int) -> int:
        """Whoever brought the ticket of this number, and two others."""
        return 100_000_000 + number // 3

    def parts(self) -> tuple[Community, ...]:
        """The places as the config has them."""
        return tuple(self._community(number) for number in range(self.communities))

    def _community(self, number: int) -> Community:
        grids = range(number * GRIDS, min((number + 1) * GRIDS, self.grids))
        street, name = self.community(number).split("/")
        return Community(name=name, street=street, grids=tuple(self._grid(g) for g in grids))

    def _grid(self, number: int) -> Grid:
        spot = 31 + number / 10_000, 120.6
        buildings = (
            Building(name=f"{b + 1}幢", position=(spot[0], spot[1] + b / 1000))
            for b in range(BUILDINGS)
        )
        return Grid(name=f"{number % GRIDS + 1}网格", estates=(f"海棠苑{number + 1}号院",),
                    buildings=tuple(buildings))  # fmt: skip

    def settings(self, url: str = "") -> Settings:
        """The example's, with this town's places and database."""
        changed = {"communities": self.parts(), "stations": (), "admins": (ADMIN,),
                   "database": Database(url=url) if url else Database()}  # fmt: skip
        return load(_EXAMPLE, {}, needs_token=False).model_copy(update=changed)

    @cached_property
    def rules(self) -> Rules:
        """What the domain knows of it."""
        return self.settings().rules(load_choices("zh"))
