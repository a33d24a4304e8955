"""A community with passbooks, patrols and activities: it grows by getting older.

The young one and the old one have the same people, plans and places, and the same last weeks; the
old one has more behind it. So what is shown is the same, and what exists is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from msgspec.structs import replace

from benchmarks.scale.town import Town
from workflows.core.kernels.configured import Line, Spot
from workflows.core.people import Role
from workflows.core.policy import Rules
from workflows.passbook.settings import Goods, PassbookSettings, Rate
from workflows.patrols.settings import PatrolSettings, Planned

PASSBOOKS = 272
NOW = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)  # a Friday, two in the afternoon in Suzhou
MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # eight in the morning: this week's rounds open
WEEK, DAY = timedelta(days=7), timedelta(days=1)
STEP = timedelta(days=365) / 37  # between two entries of a passbook
PLANS, POINTS = 10, 10  # a plan a grid, ten points a plan
SERVED, COST = 10, 50  # points for an hour, and of a gift
GOODS = 10
GUESTS = 40  # of an activity
KEY = b"benchmark" * 4  # what the codes on the walls are made with
LINES = ("看着完好", "没有东西挡着")


@dataclass(frozen=True, kw_only=True)
class House:
    """So many entries in its ledger, on 272 passbooks: `size` says how many at least."""

    size: int

    @property
    def each(self) -> int:
        """The entries of a passbook."""
        return -(-self.size // PASSBOOKS)

    @property
    def weeks(self) -> int:
        """How old it is; each week has a round of each plan, and an activity."""
        return max(int(self.each * STEP / WEEK), 1)

    @cached_property
    def town(self) -> Town:
        """Ten grids of five buildings."""
        return Town(size=PLANS * 500)

    @property
    def community(self) -> str:
        """Its only one."""
        return self.town.community(0)

    def person(self, number: int) -> int:
        """Whose passbook has this number, from 1."""
        return 100_000_000 + number

    def home(self, number: int) -> str:
        """Where he lives."""
        return self.town.building(number % self.town.buildings)

    def patroller(self, plan: int) -> int:
        """Who walks a plan."""
        return self.town.handler(plan, 0)

    def plan_name(self, plan: int) -> str:
        """What the config calls a plan."""
        return f"{plan + 1}网格消防巡查"

    def spot(self, plan: int, number: int) -> Spot:
        """A point of a plan, with the whole path of its place."""
        building = self.town.building(plan * 5 + number % 5)
        return Spot(code=f"p{plan}-{number}", name=f"{number + 1}号灭火器", place=building,
                    category="消防安全")  # fmt: skip

    def spots(self, plan: int) -> tuple[Spot, ...]:
        """All of a plan's."""
        return tuple(self.spot(plan, number) for number in range(POINTS))

    def _plan(self, plan: int) -> Planned:
        return Planned(
            name=self.plan_name(plan), place=self.town.grid(plan), opens=time(8), hours=144,
            points=tuple(spot.code for spot in self.spots(plan)), rule="FREQ=WEEKLY;BYDAY=MO",
            items=tuple(Line(text=text) for text in LINES), roles=(Role.PIONEER,),
            first=(MONDAY - self.weeks * WEEK).date(), person=self.patroller(plan),
        )  # fmt: skip

    @cached_property
    def goods(self) -> tuple[Goods, ...]:
        """What is on the shelf."""
        return tuple(
            Goods(name=f"大米{number}", points=COST, yuan=1, payer="爱心基金", bought=10_000,
                  most=6, household_most=12) for number in range(GOODS)
        )  # fmt: skip

    @cached_property
    def rules(self) -> Rules:
        """What the domain knows of it: all rooms are on."""
        plans = tuple(self._plan(plan) for plan in range(PLANS))
        spots = tuple(spot for plan in range(PLANS) for spot in self.spots(plan))
        rates = (Rate(service="patrol", name="巡查", since=date(2010, 1, 1), per_hour=SERVED),)
        passbooks = PassbookSettings(rates=rates, fund_yuan=1_000_000, gifts=self.goods)
        rules = self.town.rules.having(passbooks, PatrolSettings(points=spots, plans=plans))
        return replace(rules, without={})
