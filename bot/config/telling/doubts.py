"""What a config may say and most likely does not mean: told by `check`, `doctor` and `run`.

Nothing here keeps the bot from starting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import time
from typing import TypeVar
from urllib.parse import urlsplit

from bot.config.checks import TELEGRAM, Mistake
from bot.config.places import Building, Grid
from bot.config.sections import Quiet
from bot.config.settings import Settings
from workflows.core.placing.buildings import building_numbers
from workflows.core.placing.numerals import fold
from workflows.core.policy import ClockChange, ClockChanges, ClockPolicy, Counts
from workflows.registry import CLOCKS, FIRST

Policies = Mapping[str, ClockPolicy]
T = TypeVar("T")
_FAR = 0.1  # degrees


def doubts(settings: Settings) -> list[Mistake]:
    """All of them."""
    looks = (_reached, _connected, _estates, _buildings, _positions, _clocks, _at_night)
    return [doubt for look in looks for doubt in look(settings)]


def _reached(settings: Settings) -> Iterator[Mistake]:
    if not settings.admins:
        yield Mistake("admins", "nobody hears of faults: write the number of a Telegram account")
    if not settings.office_phone:
        yield Mistake("office_phone", "is empty: residents are given no number to call")
    bot = settings.telegram.token.get_secret_value().partition(":")[0]
    for index, admin in enumerate(settings.admins):
        if str(admin) == bot:
            yield Mistake(f"admins.{index}", "is the bot itself: write a person's number")
        if (first := settings.admins.index(admin)) < index:
            yield Mistake(f"admins.{index}", "is there twice", f"admins.{first}")


def _connected(settings: Settings) -> Iterator[Mistake]:
    hook = settings.telegram.webhook
    if settings.clock.url and settings.telegram.base_url.startswith(TELEGRAM):
        yield Mistake("clock.url", "is a playground's clock: leave it empty for real use")
    if settings.telegram.mode == "webhook" and not urlsplit(hook.url).path.endswith(hook.path):
        problem = f'does not end with path, "{hook.path}": Telegram calls what nobody answers'
        yield Mistake("telegram.webhook.url", f"{problem}, unless a proxy changes it")


# names that mean two places


def _grids(settings: Settings) -> Iterator[tuple[str, Grid]]:
    for number, community in enumerate(settings.communities):
        for index, grid in enumerate(community.grids):
            yield f"communities.{number}.grids.{index}", grid


def _houses(key: str, grid: Grid) -> Iterator[tuple[str, Building]]:
    for index, building in enumerate(grid.buildings):
        yield f"{key}.buildings.{index}", building


def _estates(settings: Settings) -> Iterator[Mistake]:
    """One in two grids is asked about; a number that both have cannot be told apart by it."""
    named = ((key, grid, grid.estates) for key, grid in _grids(settings))
    for (key, name, grid), (first, _, other) in _again((k, "estates", g, n) for k, g, n in named):
        both = sorted(_numbers(grid) & _numbers(other))
        more = f", and of building {', '.join(map(str, both))} which one is meant" if both else ""
        yield Mistake(key, f'"{name}" is in two grids: who names it is asked which{more}', first)


def _buildings(settings: Settings) -> Iterator[Mistake]:
    houses = [house for key, grid in _grids(settings) for house in _houses(key, grid)]
    for (key, name, _), (first, _, _) in _again((k, "names", b, b.names) for k, b in houses):
        yield Mistake(key, f'"{name}" is the name of two: who says it is asked which', first)
    for key, grid in _grids(settings):
        yield from _same_number(_houses(key, grid))


def _same_number(houses: Iterable[tuple[str, Building]]) -> Iterator[Mistake]:
    met: dict[int, str] = {}
    for key, house in houses:
        for number in building_numbers(house.name)[:1]:
            if (first := met.setdefault(number, key)) != key:
                problem = f'"{house.name}" is a second building {number} of this grid'
                yield Mistake(f"{key}.name", problem, f"{first}.name")


def _positions(settings: Settings) -> Iterator[Mistake]:
    """A line copied and not changed, or a figure mistyped: the nearest building is another one."""
    met: dict[tuple[float, float], str] = {}
    for key, grid in _grids(settings):
        known = [(k, one.position) for k, one in _houses(key, grid) if one.position]
        for house, at in known:
            if (first := met.setdefault(at, house)) != house:
                problem = "is that of another building: which one is nearest is chance"
                yield Mistake(f"{house}.position", problem, f"{first}.position")
            elif _is_far(at, (other for k, other in known if k != house)):
                problem = "is over ten kilometres from every other building of its grid"
                yield Mistake(f"{house}.position", problem)


def _is_far(at: tuple[float, float], others: Iterable[tuple[float, float]]) -> bool:
    away = [max(abs(at[0] - other[0]), abs(at[1] - other[1])) for other in others]
    return bool(away) and min(away) > _FAR


def _numbers(grid: Grid) -> set[int]:
    return {number for house in grid.buildings for number in building_numbers(house.name)[:1]}


def _again(
    named: Iterable[tuple[str, str, T, tuple[str, ...]]],
) -> Iterator[tuple[tuple[str, str, T], tuple[str, str, T]]]:
    """Each name that was there before, with what it is of, and the first of the same name."""
    met: dict[str, tuple[str, str, T]] = {}
    for key, field, of, names in named:
        for index, name in enumerate(names):
            this = (f"{key}.{field}.{index}", name, of)
            if (first := met.setdefault(fold(name), this)) is not this:
                yield this, first


# clocks that contradict each other


def _clocks(settings: Settings) -> Iterator[Mistake]:
    for kind in CLOCKS:
        usual = settings.clocks_of(kind).policies()
        table = "sla" if kind == FIRST else f"{kind}.clocks"
        yield from _too_long(kind, table, usual)
    first = settings.clocks_of(FIRST).policies()
    for index, category in enumerate(settings.categories):
        changes = category.sla.changes()
        yield from _too_long(FIRST, f"categories.{index}.sla", _over(first, changes), changes)
    yield from _urgent(settings, first)


def _urgent(settings: Settings, usual: Policies) -> Iterator[Mistake]:
    changes = settings.sla.urgent_changes()
    urgent = _over(usual, changes)
    yield from _too_long(FIRST, "sla.urgent", urgent, changes)
    for name in settings.sla.urgent.changes():
        if _is_longer(urgent[name], usual[name]):
            told = f"{_hours(urgent[name])}, and {_hours(usual[name])} where it is not urgent"
            yield Mistake(f"sla.urgent.{name}", f"takes {told}")


def _over(usual: Policies, changes: ClockChanges) -> Policies:
    return {name: changes.get(name, ClockChange()).over(one) for name, one in usual.items()}


def _too_long(
    kind: str, table: str, clocks: Policies, said: ClockChanges | None = None
) -> Iterator[Mistake]:
    """Clocks longer than what they are a part of, where either is `said` here (None: all are)."""
    for inner, outer in CLOCKS[kind].within.items():
        is_here = said is None or {inner, outer} & said.keys()
        if is_here and _is_longer(clocks[inner], clocks[outer]):
            told = f"{_hours(clocks[inner])}, and {outer}, which it is a part of"
            yield Mistake(f"{table}.{inner}", f"takes {told}, {_hours(clocks[outer])}")


def _is_longer(one: ClockPolicy, other: ClockPolicy) -> bool:
    """For certain: working time always takes at least its length."""
    is_comparable = one.counts is other.counts or other.counts is Counts.CALENDAR
    return is_comparable and one.length > other.length


def _hours(policy: ClockPolicy) -> str:
    return f"{policy.length.total_seconds() / 3600:g} h"


def _at_night(settings: Settings) -> Iterator[Mistake]:
    """What is sent in the quiet hours waits for their end."""
    weekly = settings.weekly.at if settings.weekly else None
    for key, at in (("morning", settings.morning), ("weekly", weekly)):
        if at and _is_quiet(at, settings.quiet):
            until = f"{settings.quiet.until:%H:%M}"
            yield Mistake(key, f"is in the quiet hours: it is sent at their end, {until}")


def _is_quiet(at: time, quiet: Quiet) -> bool:
    if quiet.from_ <= quiet.until:
        return quiet.from_ <= at < quiet.until
    return at >= quiet.from_ or at < quiet.until
