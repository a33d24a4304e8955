"""Where nobody works yet, as the roster says: for `haitang doctor` and `haitang check`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from bot.config.settings import Settings
from workflows.core.people import Person
from workflows.core.permissions import ABOVE
from workflows.registry import KINDS
from workflows.store import Store, Tx
from workflows.store.engine.snapshot import file_of

_NAMED = 3  # grids


class Gaps(Struct, frozen=True, kw_only=True):
    """The grids without anybody who could do something, and those of them of which nobody hears."""

    empty: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.empty:
            return "somebody works in every grid"
        told = f"nobody works in {_some(self.empty)}"
        if self.unheard:
            told = f"{told}, nobody hears of {_some(self.unheard)}"
        return f"{told}: `haitang invite --role lead --place …`, or /invite in the chat"


def _some(grids: tuple[str, ...]) -> str:
    more = f" and {len(grids) - _NAMED} more" if len(grids) > _NAMED else ""
    return f"{', '.join(grids[:_NAMED])}{more}"


async def gaps(tx: Tx, settings: Settings) -> Gaps:
    """What is missing; who cannot be reached is not there."""
    staff = [p for p in await tx.staff_inside("") if p.is_reachable]
    grids = [place.path for place in settings.rules({}).places.inside("", 3)]
    empty = tuple(g for g in grids if not any(p.is_handler_in(g) for p in staff))
    return Gaps(empty=empty, unheard=tuple(g for g in empty if not _is_heard(g, staff)))


async def look(settings: Settings) -> str:
    """What is missing, by a database's file that is there already; "" where nothing can be said."""
    path = file_of(settings.database.url)
    if path is None or not path.exists():
        return ""
    store = Store.open(settings.database.url, KINDS, settings.database.timeout_seconds)
    try:
        async with store.read(datetime.now(UTC)) as tx:
            found = await gaps(tx, settings)
    except Exception:  # what is wrong with it, `haitang doctor` says
        return ""
    finally:
        await store.close()
    return str(found) if found.empty else ""


def _is_heard(grid: str, staff: Iterable[Person]) -> bool:
    return any(p.has_role(role, grid) for p in staff for role in ABOVE)
