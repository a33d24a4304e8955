"""What a service or a gift moves in the ledger; what lies where is asked there, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.core.errors import Refusal
from workflows.core.kernels.ledger import (
    Account,
    Book,
    Cause,
    Leg,
    OverdrawnError,
    Posting,
    month_of,
    moved,
)  # fmt: skip
from workflows.desk.context import Context
from workflows.passbook.model import Entry, Gift, Service
from workflows.passbook.words import State
from workflows.store import Tx
from workflows.store.kernels import ledger

BOOK, HELD, OWED = "book", "held", "owed"  # of a passbook, by its number
ISSUED, SPENT, POOL = "issued", "spent", "pool"  # of all together
POINTS = Book(name="points", issuing=frozenset({ISSUED, OWED}))
_MOVES: Mapping[tuple[str, State], tuple[str, str, State | None]] = {  # after which state
    (Service.kind, State.DONE): (ISSUED, BOOK, None),
    (Service.kind, State.UNDONE): (BOOK, ISSUED, State.DONE),
    (Gift.kind, State.WAITING): (BOOK, HELD, None),
    (Gift.kind, State.DONE): (HELD, SPENT, State.WAITING),
    (Gift.kind, State.DROPPED): (HELD, BOOK, State.WAITING),
    (Gift.kind, State.UNDONE): (SPENT, BOOK, State.DONE),
}


def at(sort: str, number: int = 0) -> Account:
    """An account of a passbook, or of all together."""
    return Account(sort, number if sort in {BOOK, HELD, OWED} else 0)


async def balance(tx: Tx, number: int, sort: str = BOOK) -> int:
    """What lies in a passbook, or what of it is held for gifts."""
    return await tx.ask(ledger.balance, POINTS, at(sort, number))


async def outstanding(tx: Tx) -> int:
    """All that can still be exchanged."""
    return sum((await tx.ask(ledger.balances, POINTS, (BOOK, HELD))).values())


async def settle(context: Context, entry: Entry, by: int) -> None:
    """Move what an entry moves as it comes to stand where it does; the second time nothing, and
    nothing back that was never there.
    """
    source, target, after = _MOVES.get((entry.kind, entry.state), ("", "", None))
    is_due = after is None or await context.tx.ask(ledger.find, POINTS, _key(entry, after))
    if source and entry.points and is_due:
        await post(context, _key(entry, entry.state), entry, (source, target), by)


def _key(entry: Entry, state: str) -> str:
    return f"{entry.kind}:{entry.id}:{state}"


async def post(
    context: Context, key: str, entry: Any, move: tuple[str, str], by: int, amount: int = 0
) -> None:
    """So much from one account to another, once for its key. Raises Refusal where there is less."""
    tx = context.tx
    if await tx.ask(ledger.find, POINTS, key):
        return
    legs = await _legs(tx, *(at(sort, entry.account) for sort in move), amount or entry.points)
    cause = Cause(subject=entry.id, event=key.rpartition(":")[2])
    month = month_of(context.now, context.rules.zone)
    posting = Posting(key=key, cause=cause, by=by, at=context.now, month=month, legs=legs)
    try:
        await tx.do(ledger.post, POINTS, posting)
    except OverdrawnError as error:
        raise Refusal("refused_points") from error


async def _legs(tx: Tx, source: Account, target: Account, amount: int) -> tuple[Leg, ...]:
    """What was spent before it was taken back is owed, and paid by what comes in next: nobody's
    passbook goes below nothing.
    """
    if ISSUED not in {source.sort, target.sort}:
        return moved(amount, source, target)
    is_back = target.sort == ISSUED
    book = source if is_back else target
    owed = at(OWED, book.number)
    there = await tx.ask(ledger.balance, POINTS, book if is_back else owed)
    part = max(amount - there, 0) if is_back else min(amount, -there)
    sign = -1 if is_back else 1
    legs = (
        Leg(at(ISSUED), -sign * amount),
        Leg(book, sign * (amount - part)),
        Leg(owed, sign * part),
    )
    return tuple(leg for leg in legs if leg.amount)
