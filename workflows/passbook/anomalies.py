"""What a lead should look at: it proves nothing, and nothing is done about it by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, groupby

from msgspec import Struct

from workflows.passbook.model import Service

_DAY = 8 * 60  # minutes
_FEW, _SHARE = 3, 20  # entered afterwards, and in percent of all


class Odd(Struct, frozen=True, kw_only=True):
    """Something odd: of which sort, about which people and services, and how much."""

    sort: str
    people: tuple[int, ...] = ()
    services: tuple[int, ...] = ()
    amount: int = 0


def odd(services: Sequence[Service]) -> list[Odd]:
    """Two who verify each other; who enters much afterwards; too long a day; two places at once."""
    counted = [one for one in services if one.done_by]
    return [*_pairs(counted), *_by_hand(counted), *_days(counted)]


def _pairs(services: Sequence[Service]) -> Iterator[Odd]:
    known = Counter((one.done_by, one.person) for one in services)
    for (who, whose), times in known.items():
        if who < whose and known[whose, who]:
            yield Odd(sort="pair", people=(who, whose), amount=times + known[whose, who])


def _by_hand(services: Sequence[Service]) -> Iterator[Odd]:
    known = Counter(one.asked_by for one in services if one.asked_as)
    for who, times in known.items():
        if times >= _FEW and 100 * times > _SHARE * len(services):
            yield Odd(sort="hand", people=(who,), amount=100 * times // len(services))


def _days(services: Sequence[Service]) -> Iterator[Odd]:
    def of_day(one: Service) -> tuple[int, str]:
        return one.account, one.day.isoformat()

    for _, group in groupby(sorted(services, key=of_day), of_day):
        some = list(group)
        minutes, told = sum(one.minutes for one in some), tuple(one.id for one in some)
        if minutes > _DAY:
            yield Odd(sort="long", people=(some[0].person,), services=told, amount=minutes)
        if any(_meet(one, other) for one, other in combinations(some, 2)):
            yield Odd(sort="twice", people=(some[0].person,), services=told)


def _meet(one: Service, other: Service) -> bool:
    a, b = one.starts, other.starts
    return a is not None and b is not None and a < b + other.minutes and b < a + one.minutes
