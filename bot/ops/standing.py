"""What is missing for people to be served, by the config and the database together."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.config.settings import Settings
from bot.running.clock import moment
from workflows.core.people import Membership, Person
from workflows.core.places import Places
from workflows.registry import KINDS
from workflows.store import Store, Tx
from workflows.store.migrations import pending
from workflows.store.roster import standing
from workflows.store.roster.standing import Group

_NAMED = 10


class Standing(Struct, frozen=True, kw_only=True):
    """The roster, the bound groups, and the config's admins who have never written to the bot."""

    staff: list[Person]
    groups: list[Group]
    unheard: list[int]


async def look(tx: Tx, settings: Settings) -> Standing:
    """As it is now."""
    return Standing(
        staff=await tx.ask(standing.everybody, tx.now),
        groups=await tx.ask(standing.groups),
        unheard=await tx.ask(standing.unheard, list(settings.admins)),
    )


async def at_rest(settings: Settings) -> list[str]:
    """Whose place is no more, in a database that nobody need be running on; what keeps it from
    being read is `doctor`'s to tell.
    """
    store = Store.open(settings.database.url, KINDS, settings.database.timeout_seconds)
    try:
        async with store.read(await moment(settings.clock.url)) as tx:
            is_read = not await tx.ask(pending)
            found = await look(tx, settings) if is_read else None
    except Exception:
        return []
    finally:
        await store.close()
    told = found and gone_in_words(found, settings.rules({}).places)
    return [told] if told else []


def missing(found: Standing) -> Iterator[str]:
    """Who and what has still to be there before a petition reaches anybody, with what to do."""
    if not any(m.place for person in found.staff for m in person.memberships):
        yield "the roster is empty, nobody takes petitions: `haitang invite`, then /invite in chat"
    if not any(group.audience == "grid" for group in found.groups):
        yield "no group is bound: its lead says /bind in the grid's group"
    if found.unheard:
        ids = ", ".join(map(str, found.unheard))
        yield f"admins {ids} cannot be written to: each must send the bot /start once"


def gone(found: Standing, places: Places) -> list[str]:
    """Whose place is no more, as after a building was renamed: nothing from there reaches them."""
    people = [
        f"{person.name or person.id} ({one.role.value}, {one.place})"
        for person in found.staff
        for one in person.memberships
        if _is_gone(one, places)
    ]
    lost = [f"group {g.chat_id} ({g.place})" for g in found.groups if g.place not in places]
    return [*people, *lost]


def gone_in_words(found: Standing, places: Places) -> str:
    """The same with what to do, or ""."""
    names = gone(found, places)
    if not names:
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    advice = "give the place its old name in the config, or move them with /roster"
    return f"no such place any more: {'; '.join(names[:_NAMED])}{more}: {advice}"


def _is_gone(held: Membership, places: Places) -> bool:
    return bool(held.place) and held.place not in places
