"""What must hold of passbooks: every point has a service that somebody else saw, every gift its
points and its place on the shelf, and all of it comes to nothing together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from workflows.core.policy import Rules
from workflows.passbook import points
from workflows.passbook.model import Gift, Service
from workflows.passbook.service import stocked
from workflows.passbook.settings import Goods, PassbookSettings, cost_of
from workflows.passbook.store import queries
from workflows.passbook.store.tables import GIFTS, SERVICES
from workflows.passbook.words import State
from workflows.store import Tx, listing
from workflows.store.kept import Kept
from workflows.store.kernels import ledger

_CREDITED = {State.DONE, State.CONTESTED, State.RULED}


async def faults(tx: Tx, rules: Rules) -> list[str]:
    """What does not hold, a line each. It reads the whole ledger."""
    services, gifts = await _every(tx, SERVICES), await _every(tx, GIFTS)
    lying = await tx.ask(ledger.balances, points.POINTS, (points.BOOK, points.HELD, points.SPENT))
    held = sum(left for account, left in lying.items() if account.sort == points.HELD)
    waiting = sum(one.points for one in gifts if one.state is State.WAITING)
    return [
        *(f"{key} does not come to nothing" for key in await tx.ask(ledger.unbalanced)),
        *(f"{one.sort} {one.number} lies at {left}" for one, left in lying.items() if left < 0),
        *(f"{number} moved points and stands nowhere" for number in await tx.ask(queries.uncaused)),
        *([f"{held} points are held for gifts of {waiting}"] if held != waiting else []),
        *_unwitnessed(services),
        *_sold_out(gifts, await stocked(tx, rules), rules.of(PassbookSettings).fund_yuan),
    ]


async def _every(tx: Tx, kept: Kept[Any]) -> list[Any]:
    return await tx.find(kept, listing.ids, kept.table)


def _unwitnessed(services: Iterable[Service]) -> Iterator[str]:
    """What was credited on one's own word, or of one's household."""
    for one in services:
        if one.state in _CREDITED and one.points and one.done_by in {0, one.person, *one.kin}:
            yield f"{one.id} was verified by {one.done_by or 'nobody'}"


def _sold_out(gifts: list[Gift], shelf: list[Goods], fund: int) -> Iterator[str]:
    """More gone than were bought, more bought than there was money for."""
    if (cost := cost_of(shelf)) > fund:
        yield f"gifts for {cost} yuan, but fund_yuan is {fund}"
    for goods in shelf:
        gone = sum(one.what == goods.name and one.state is not State.DROPPED for one in gifts)
        if gone > goods.bought:
            yield f"{gone} of {goods.name} are gone, {goods.bought} were bought"
