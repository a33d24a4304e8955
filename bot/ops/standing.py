"""What is missing for people to be served, by the config and the database together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from bot.config.settings import Settings
from bot.ops import roster
from bot.ops.roster import Gaps
from bot.running.clock import moment
from workflows.core.people import Person
from workflows.core.places import Places
from workflows.core.policy import Rules
from workflows.registry import KINDS
from workflows.store import Store, Tx
from workflows.store.migrations import pending
from workflows.store.roster import standing
from workflows.store.roster.standing import Group

_NAMED = 10


class Standing(Struct, frozen=True, kw_only=True):
    """The roster with its gaps, the bound groups, how much is open at each place, and the config's
    admins who have never written to the bot.
    """

    staff: tuple[Person, ...]
    gaps: Gaps
    groups: list[Group]
    open_at: dict[str, int]
    unheard: list[int]


async def look(tx: Tx, settings: Settings) -> Standing:
    """As it is now."""
    return Standing(
        staff=await tx.staff_inside(""),
        gaps=await roster.gaps(tx, settings),
        groups=await tx.ask(standing.groups),
        open_at=await tx.ask(standing.open_at, tx.kinds),
        unheard=await tx.ask(standing.unheard, list(settings.admins)),
    )


async def looked(settings: Settings, now: datetime) -> Standing | None:
    """The same in a database that nobody need be running on; None where its schema is another."""
    store = Store.open(settings.database.url, KINDS, settings.database.timeout_seconds)
    try:
        async with store.read(now) as tx:
            return None if await tx.ask(pending) else await look(tx, settings)
    finally:
        await store.close()


async def at_rest(settings: Settings) -> list[str]:
    """Where nobody works and whose place is no more; what keeps a database from being read is
    `doctor`'s to tell.
    """
    try:
        found = await looked(settings, await moment(settings.clock.url))
    except Exception:
        return []
    return [*_empty(found), *gone_in_words(found, settings.rules({}))] if found else []


def missing(found: Standing) -> Iterator[str]:
    """Who and what has still to be there before a petition reaches anybody, with what to do."""
    yield from _empty(found)
    if not any(group.audience == "grid" for group in found.groups):
        yield "no group is bound: its lead says /bind in the grid's group"
    yield from unheard_in_words(found)


def _empty(found: Standing) -> Iterator[str]:
    if found.gaps.empty:
        yield str(found.gaps)


def unheard_in_words(found: Standing) -> Iterator[str]:
    """Which admins of the config the bot cannot write to, if any."""
    if found.unheard:
        ids = ", ".join(map(str, found.unheard))
        yield f"admins {ids} cannot be written to: each must send the bot /start once"


def gone_in_words(found: Standing, rules: Rules) -> Iterator[str]:
    """What the roster, the groups and what is open name and the config no longer has, with what to
    do.
    """
    if places := [*_places_gone(found, rules.places)]:
        advice = "give the place its old name in the config, or move them with /roster"
        yield f"no such place any more: {_some(places)}: {advice}"
    if kinds := [*_categories_gone(found, rules)]:
        advice = "give it its old key in the config, or choose theirs anew with /roster"
        yield f"no such category any more: {_some(kinds)}: {advice}"
    left = [f"{p} ({n})" for p, n in sorted(found.open_at.items()) if _is_gone(p, rules.places)]
    if left:
        advice = "give the place its old name in the config until they are closed"
        yield f"petitions are open where there is no such place any more: {_some(left)}: {advice}"


def _places_gone(found: Standing, places: Places) -> Iterator[str]:
    """As after a building was renamed: nothing from there reaches who has it."""
    for person in found.staff:
        for one in person.memberships:
            if _is_gone(one.place, places):
                yield f"{person.name or person.id} ({one.role.value}, {one.place})"
    for group in found.groups:
        if _is_gone(group.place, places):
            yield f"group {group.chat_id} ({group.place})"


def _categories_gone(found: Standing, rules: Rules) -> Iterator[str]:
    for person in found.staff:
        for one in person.memberships:
            if lost := [key for key in one.categories if key not in rules.categories]:
                yield f"{person.name or person.id} ({', '.join(lost)})"


def _is_gone(place: str, places: Places) -> bool:
    return bool(place) and place not in places


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{'; '.join(names[:_NAMED])}{more}"
