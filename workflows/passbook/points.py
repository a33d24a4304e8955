"""What a service or a gift moves in the ledger; what lies where is asked there alone."""

from __future__ import annotations

from workflows.core.errors import Refusal
from workflows.core.kernels import ledger as pure
from workflows.core.kernels.ledger import Account, Book, Leg
from workflows.desk.context import Context
from workflows.passbook.model import Entry, Gift, Service
from workflows.passbook.words import State
from workflows.store import Tx
from workflows.store.kernels import ledger

BOOK, HELD, OWED = "book", "held", "owed"  # of a passbook, by its number
ISSUED, SPENT = "issued", "spent"  # of all together
POINTS = Book(name="points", issuing=frozenset({ISSUED, OWED}))
_MOVES = {  # from where to where, and what must stand there already
    (Service.kind, State.DONE): (ISSUED, BOOK, None),
    (Service.kind, State.UNDONE): (BOOK, ISSUED, State.DONE),
    (Gift.kind, State.WAITING): (BOOK, HELD, None),
    (Gift.kind, State.DONE): (HELD, SPENT, State.WAITING),
    (Gift.kind, State.DROPPED): (HELD, BOOK, State.WAITING),
    (Gift.kind, State.UNDONE): (SPENT, BOOK, State.DONE),
}


def at(sort: str, number: int) -> Account:
    """An account of a passbook, or of all together."""
    return Account(sort, 0 if sort in {ISSUED, SPENT} else number)


async def balance(tx: Tx, number: int, sort: str = BOOK) -> int:
    """What lies in a passbook, or what of it is held for gifts."""
    return await tx.ask(ledger.balance, POINTS, at(sort, number))


async def outstanding(tx: Tx) -> int:
    """All that can still be exchanged."""
    return await tx.ask(ledger.total, POINTS, (BOOK, HELD))


async def settle(context: Context, entry: Entry, by: int) -> None:
    """Move what an entry moves as it comes to stand where it does; the second time nothing, and
    nothing back that was never there.
    """
    source, target, after = _MOVES.get((entry.kind, entry.state), ("", "", None))
    key = f"{entry.kind}:{entry.id}:{after}"
    is_due = after is None or await context.tx.ask(ledger.find, POINTS, key) is not None
    if source and entry.points and is_due:
        await move(context, entry, entry.state, source, target, entry.points, by)


async def move(
    context: Context, entry: Entry, why: str, source: str, target: str, amount: int, by: int
) -> None:
    """So much from one account to another, once for each `why`. Raises Refusal for too much."""
    tx, key = context.tx, f"{entry.kind}:{entry.id}:{why}"
    if await tx.ask(ledger.find, POINTS, key):
        return
    legs = await _legs(tx, at(source, entry.account), at(target, entry.account), amount)
    posting = pure.Posting(
        key=key, cause=pure.Cause(entry.id, why), by=by, at=context.now, legs=legs,
        month=pure.month_of(context.now, context.rules.zone),
    )  # fmt: skip
    try:
        await tx.do(ledger.post, POINTS, posting)
    except pure.OverdrawnError as error:
        raise Refusal("refused_points") from error


async def _legs(tx: Tx, source: Account, target: Account, amount: int) -> tuple[Leg, ...]:
    """What was spent before it was taken back is owed, and paid by what comes in next: nobody's
    passbook goes below nothing.
    """
    if ISSUED not in {source.sort, target.sort}:
        return pure.moved(amount, source, target)
    if target.sort == ISSUED:
        part = max(amount - await tx.ask(ledger.balance, POINTS, source), 0)
        owed = at(OWED, source.number)
        legs = (Leg(source, part - amount), Leg(owed, -part), Leg(target, amount))
    else:
        owed = at(OWED, target.number)
        part = min(amount, -await tx.ask(ledger.balance, POINTS, owed))
        legs = (Leg(source, -amount), Leg(target, amount - part), Leg(owed, part))
    return tuple(leg for leg in legs if leg.amount)
