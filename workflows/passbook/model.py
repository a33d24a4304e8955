"""What stands in a passbook: services that fill it, gifts that empty it. What lies in it is a sum
that the ledger knows, and no field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from msgspec import Struct, field

from workflows.core.engine.clocks import Clock
from workflows.passbook.words import ClockName, State


class Account(Struct, frozen=True, kw_only=True):
    """A passbook: `person` is whose it is, 0 of one of paper, which has a `name`: of somebody
    without a phone, or a team's. `code` is what its card shows at the counter.
    """

    number: int = 0
    person: int = 0
    name: str = ""
    place: str
    code: str


class Lot(Struct, frozen=True, kw_only=True):
    """So many of a gift that came in, at what price and paid by whom; fewer than none take back
    what was said too much.
    """

    what: str
    amount: int
    yuan: int
    payer: str
    by: int
    at: datetime


class Entry(Struct, frozen=True, kw_only=True):
    """What services and gifts share: of which `account`, whose, `what`, how many `points`; who
    entered it, said that it was so, contested it, and wants it undone.
    """

    kind: ClassVar[str]
    is_urgent: ClassVar[bool] = False
    before: ClassVar[None] = None

    id: int
    version: int = 0
    state: State = State.WAITING
    account: int
    person: int = 0
    place: str
    what: str
    day: date
    points: int = 0
    code: str = ""  # of a gift: what he shows for it
    text: str = ""
    reason: str = ""
    asked_by: int = 0
    done_by: int = 0
    contested_by: int = 0
    ruled_by: int = 0
    opened_at: datetime
    ended_at: datetime | None = None
    clocks: Mapping[ClockName, Clock] = field(default_factory=dict)

    @property
    def parties(self) -> frozenset[int]:
        """Who cannot be the next to have a say."""
        return frozenset({self.person, self.contested_by, self.ruled_by} - {0})


class Service(Entry, frozen=True, kw_only=True):
    """What somebody did for so many `minutes`, from that minute of the day on. So many of them are
    `counted`, each hour worth `per_hour`. `kin` live behind his door. What was entered afterwards
    has the role of who did it, `asked_as`.
    """

    kind: ClassVar[str] = "service"

    minutes: int = 0
    counted: int = 0
    per_hour: int = 0
    starts: int | None = None
    witness: int = 0
    kin: tuple[int, ...] = ()
    asked_as: str = ""

    @property
    def parties(self) -> frozenset[int]:
        """Who has had a say, and who lives with him, cannot verify it or judge of it."""
        return super().parties | {self.asked_by, self.done_by, *self.kin} - {0}


class Gift(Entry, frozen=True, kw_only=True):
    """A gift that somebody chose, at the price of that moment."""

    kind: ClassVar[str] = "gift"
