"""A ledger: whole numbers that go from one account to another, each time with a cause.

A balance is a sum, never a field. What was posted is never changed: what was wrong is reversed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from workflows.core.errors import HaitangError

_MOST = 10**12  # of one leg: beyond, somebody mistyped


class LedgerError(HaitangError):
    """It cannot be posted; nothing was."""


class UnbalancedError(LedgerError):
    """Its legs are not whole numbers that come to nothing together, or it has no cause."""


class OverdrawnError(LedgerError):
    """Somebody would give more than there is: `account` has `balance`."""

    def __init__(self, account: Account, balance: int) -> None:
        super().__init__(f"{account.sort} {account.number} has {balance}")
        self.account, self.balance = account, balance


class ClosedError(LedgerError):
    """Its month is closed."""


class TakenError(LedgerError):
    """Something else stands under its key, or what it reverses is reversed already."""


class Account(Struct, frozen=True, order=True):
    """Where something lies: what sort of account, and whose, by number."""

    sort: str
    number: int = 0


class Book(Struct, frozen=True, kw_only=True):
    """Accounts that balance among themselves. Only those of the `issuing` sorts go below nothing:
    what was given out stands there.
    """

    name: str
    issuing: frozenset[str]


class Cause(Struct, frozen=True):
    """Why: the number of a subject, and the step of it."""

    subject: int
    event: str


class Leg(Struct, frozen=True):
    """What goes into an account, or less than nothing, out of it."""

    account: Account
    amount: int


class Posting(Struct, frozen=True, kw_only=True):
    """What goes from where to where, once for its `key` in its book.

    It counts for `month` ("2026-12"), which may be another than that of `at`. What it `reverses`
    is told by that one's key.
    """

    key: str
    cause: Cause
    by: int
    at: datetime
    month: str
    legs: tuple[Leg, ...]
    reverses: str = ""

    @property
    def accounts(self) -> frozenset[Account]:
        """Those that it touches."""
        return frozenset(leg.account for leg in self.legs)


class Line(Struct, frozen=True, kw_only=True):
    """A leg on somebody's statement, with the balance after it; `id` orders them."""

    id: int
    amount: int
    balance: int
    key: str
    cause: Cause
    at: datetime
    month: str
    reverses: str


class Cursor(Struct, frozen=True):
    """Where a page of a statement goes on: before this line, after which there was so much."""

    before: int
    balance: int


def moved(amount: int, source: Account, target: Account) -> tuple[Leg, Leg]:
    """So much from one to the other. Raises UnbalancedError for less than one, or a fraction."""
    if not _is_whole(amount) or amount < 0:
        raise UnbalancedError(f"{amount!r} cannot be moved")
    return Leg(source, -amount), Leg(target, amount)


def reversal(
    wrong: Posting, *, key: str, cause: Cause, by: int, at: datetime, month: str
) -> Posting:  # fmt: skip
    """What takes a posting back."""
    return Posting(
        key=key, cause=cause, by=by, at=at, month=month, legs=_opposite(wrong), reverses=wrong.key
    )


def _opposite(posting: Posting) -> tuple[Leg, ...]:
    return tuple(Leg(leg.account, -leg.amount) for leg in posting.legs)


def month_of(moment: datetime, zone: ZoneInfo) -> str:
    """The month in which a moment lies there: "2026-12"."""
    return moment.astimezone(zone).strftime("%Y-%m")


def is_same(one: Posting, other: Posting) -> bool:
    """Whether both say the same, whoever posts it when."""
    return (one.cause, one.legs, one.reverses) == (other.cause, other.legs, other.reverses)


def check(
    book: Book, posting: Posting, balances: Mapping[Account, int], *, closed: str = "",
    wrong: Posting | None = None,
) -> None:  # fmt: skip
    """Raises LedgerError where it cannot stand in the book, which is closed through a month and
    has these balances; `wrong` is what it reverses.
    """
    _check_legs(posting)
    if posting.month <= closed:
        raise ClosedError(posting.month)
    if posting.reverses and not (wrong and _takes_back(posting, wrong)):
        raise UnbalancedError(f"{posting.reverses} is not what it takes back")
    for account, change in replayed([posting]).items():
        left = balances.get(account, 0) + change
        if change < 0 and left < 0 and account.sort not in book.issuing:
            raise OverdrawnError(account, balances.get(account, 0))


def _check_legs(posting: Posting) -> None:
    amounts = [leg.amount for leg in posting.legs]
    if not amounts or not all(map(_is_whole, amounts)) or sum(amounts) != 0:
        raise UnbalancedError(f"{amounts} do not come to nothing")
    if not (posting.key and posting.cause.subject and posting.cause.event):
        raise UnbalancedError("without a key or a cause")


def _is_whole(amount: object) -> bool:
    return type(amount) is int and 0 < abs(amount) <= _MOST


def _takes_back(posting: Posting, wrong: Posting) -> bool:
    """Whether it does all of it; what takes back is not taken back itself."""
    return not wrong.reverses and posting.legs == _opposite(wrong)


def replayed(postings: Iterable[Posting]) -> Counter[Account]:
    """The balances that these make."""
    found = Counter[Account]()
    for leg in (leg for posting in postings for leg in posting.legs):
        found[leg.account] += leg.amount
    return found
