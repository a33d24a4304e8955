"""What a community settles for its passbooks: the keys under [service] in the config."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from workflows.core.settings import Count

_Points = Annotated[int, Meta(ge=1, le=100_000)]
_Name = Annotated[str, Meta(min_length=1, max_length=40)]
_Day = Annotated[int, Meta(ge=1, le=31)]


class Rate(Struct, frozen=True, kw_only=True):
    """What an hour of a kind of service is worth from a day on; `name` is what people call it."""

    service: Annotated[str, Meta(min_length=1, max_length=16)]
    name: _Name
    since: date
    per_hour: Count = 10


class Goods(Struct, frozen=True, kw_only=True):
    """A gift on the shelf of a community: its price, what one cost and who paid, how many there
    were. `keep` of them stay for a day of need; one takes `most` a year, a household
    `household_most`, 0 is no limit.
    """

    name: _Name
    points: _Points
    yuan: Count
    payer: _Name
    bought: Count
    keep: Count = 0
    most: Count = 0
    household_most: Count = 0
    community: str = ""

    def is_at(self, community: str) -> bool:
        """Whether it stands on the shelf of a community, by its path."""
        return self.community in {"", community, community.rpartition("/")[2]}


class PassbookSettings(Struct, frozen=True, kw_only=True):
    """At most so many minutes count of one service, of a day and of a week. So many points are a
    yuan; what is bought may not cost more than the fund has set aside. Gifts are handed out
    somewhere, on the `exchange_days` of a month.
    """

    service_minutes: Count = 120
    day_minutes: Count = 240
    week_minutes: Count = 900
    points_per_yuan: _Points = 10
    fund_yuan: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    where: str = ""
    exchange_days: tuple[_Day, ...] = ()
    rates: tuple[Rate, ...] = ()
    gifts: tuple[Goods, ...] = ()

    def __post_init__(self) -> None:
        """What is promised must be there."""
        if self.promised > self.fund_yuan:
            raise ValueError(f"gifts for {self.promised} yuan, but fund_yuan is {self.fund_yuan}")
        if len({one.name for one in self.gifts}) < len(self.gifts):
            raise ValueError("two gifts have the same name")

    @property
    def promised(self) -> int:
        """What all gifts of the config cost, in yuan."""
        return cost_of(self.gifts)

    @property
    def names(self) -> dict[str, str]:
        """The kinds of service that earn something, with what people call them."""
        return {one.service: one.name for one in self.rates}


def cost_of(gifts: Iterable[Goods]) -> int:
    """What they cost together, in yuan."""
    return sum(one.yuan * one.bought for one in gifts)
