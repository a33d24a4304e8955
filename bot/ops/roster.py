"""Where nobody works yet, as the roster says."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bot.config.settings import Settings
from workflows.core.people import Person
from workflows.core.permissions import ABOVE
from workflows.store import Tx

_NAMED = 3  # grids


class Gaps(Struct, frozen=True, kw_only=True):
    """The grids without anybody who could do something, and those of them of which nobody hears."""

    empty: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.empty:
            return "somebody works in every grid"
        told = f"nobody works in {_some(self.empty)}"
        if self.unheard == self.empty:
            told = f"{told}, and nobody hears of them"
        elif self.unheard:
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


def _is_heard(grid: str, staff: Iterable[Person]) -> bool:
    return any(p.has_role(role, grid) for p in staff for role in ABOVE)
