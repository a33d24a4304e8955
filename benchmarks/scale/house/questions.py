"""What is asked of the houses' rooms, and a house's office."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.scale import measure as measuring
from benchmarks.scale.house import seed
from benchmarks.scale.house.house import KEY, MONDAY, NOW, PASSBOOKS, PLANS, WEEK, House
from benchmarks.scale.measure import Question
from benchmarks.scale.office import Office
from workflows.core.kernels.presence import printed
from workflows.core.people import Person
from workflows.core.talk.messages import Kind
from workflows.core.talk.tap import Tap
from workflows.desk import Letter
from workflows.desk.context import Context
from workflows.passbook import service
from workflows.passbook.store import queries
from workflows.patrols import tending
from workflows.patrols.chat.scanning import LINK
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store, Tx, schedule

SIZES = (10_000, 100_000)  # entries in the ledger
_STATEMENT = WORKFLOWS.documents["passbook_statement"].gather


class _Forgetful(Store):
    """Takes every unit of work as far as its commit, which it never comes to."""

    @asynccontextmanager
    async def begin(self, now: datetime) -> AsyncIterator[Tx]:
        async with self.engine.connect() as conn:
            tx = Tx(conn, now, self.kinds)
            yield tx
            await tx.flush()
            await conn.rollback()


class HouseOffice(Office):
    """The office of one house; nothing that is asked of it stays."""

    def __init__(self, path: Path, size: int) -> None:
        self.house = House(size=size)
        super().__init__(path, self.house.rules, NOW)

    def opened(self, url: str) -> Store:
        """One that keeps nothing."""
        return _Forgetful.open(url, KINDS)

    async def letters(self, person: int, **what: Any) -> list[Letter]:
        """What somebody is answered."""
        batch = [self.incoming(person, **what)]
        turn = await self.desk.turn(self.now, batch, is_allowed=lambda chat: chat == person)
        assert turn.letters and not turn.failed, turn
        return turn.letters

    async def shown(self, template: str, person: int, **what: Any) -> Letter:
        """The one letter of this template that somebody is answered."""
        letters = await self.letters(person, **what)
        told = [one for one in letters if one.owed.template == template]
        assert told, [one.owed.template for one in letters]
        return told[0]

    async def pressed(self, template: str, person: int, kind: str, verb: str, **of: int) -> Letter:
        """The same after a button."""
        tap = Tap(kind=kind, verb=verb, **of)
        return await self.shown(template, person, kind=Kind.PRESS, tap=tap, callback_id="1")

    @property
    def number(self) -> int:
        """A passbook, another one each time."""
        return self.somewhere(PASSBOOKS) + 1

    @property
    def plan(self) -> int:
        """A plan, another one each time."""
        return self.somewhere(PLANS)

    async def person(self, context: Context, number: int) -> Person:
        """Somebody of the house."""
        found = await context.tx.person(number)
        assert found
        return found


# passbooks


async def passbook_shown(o: HouseOffice) -> None:
    """存折: what lies in it, and its newest lines."""
    person = o.house.person(o.number)
    assert len((await o.shown("passbook", person, kind=Kind.TEXT, text="存折")).values["lines"]) > 4


async def statement_of_a_month(o: HouseOffice) -> None:
    """A passbook's month, as a paper."""
    person = o.house.person(o.number)
    told = await o.pressed("passbook_statement", person, "book", "month", subject=o.number)
    document = told.document
    assert document and 0 < len(document["lines"]) < 5


async def one_of_all_statements(o: HouseOffice) -> None:
    """The month's papers of all passbooks, one after the other."""

    async def gather(context: Context) -> None:
        for number in range(1, PASSBOOKS + 1):
            reader = await o.person(context, o.house.person(number))
            asked = {"account": number, "month": f"{NOW:%Y-%m}"}
            told = (context.tx, reader, context.rules, asked)
            assert (await _STATEMENT(*told))["lines"]

    await o.undone(gather)


async def report_of_the_fund(o: HouseOffice) -> None:
    """What is promised and what there is for it, for who answers for that."""
    committee = o.house.town.committee(0)
    told = await o.pressed("passbook_report", committee, "export", "passbook_report")
    assert told.document and told.document["points"] > 0


async def gift_paid(o: HouseOffice) -> None:
    """A gift: what lies in the passbook, on the shelf, and what he has had this year."""

    async def pay(context: Context) -> None:
        [book] = await context.tx.ask(queries.books, number=o.number)
        owner = await o.person(context, book.person)
        goods = o.house.goods[o.somewhere(len(o.house.goods))]
        assert (await service.reserve(context, book, goods, owner)).points == goods.points

    await o.undone(pay)


async def shelf_shown(o: HouseOffice) -> None:
    """What can be had for how much, and how many are left of each."""
    letter = await o.pressed("shelf", o.house.person(o.number), "book", "shelf", subject=o.number)
    assert len(letter.values["lines"]) == len(o.house.goods)


async def table_of_services(o: HouseOffice) -> None:
    """What was done in the last weeks, as a table."""
    committee = o.house.town.committee(0)
    document = (await o.pressed("export", committee, "export", "service")).document
    assert document and document["rows"]


# patrols


def _link(o: HouseOffice) -> dict[str, Any]:
    code = o.house.spot(o.plan, o.somewhere(7)).code
    said = f"{LINK}_{code}-{printed(KEY, code)}"
    return {"kind": Kind.COMMAND, "command": "start", "text": said}


async def resident_scans_a_point(o: HouseOffice) -> None:
    """He is asked what is wrong there."""
    await o.shown("spot_here", o.house.person(o.number), **_link(o))


async def patroller_scans_a_point(o: HouseOffice) -> None:
    """He is there; the card of his round says what is next."""
    told = await o.letters(o.house.patroller(o.plan), **_link(o))
    assert any(one.subject and one.subject.kind == "patrols" for one in told)


async def board_with_patrols(o: HouseOffice) -> None:
    """/board of a grid's lead."""
    await o.letters(o.house.town.lead(o.plan), kind=Kind.COMMAND, command="board")


async def card_of_a_round(o: HouseOffice) -> None:
    """The round of this week."""
    lead = o.house.town.lead(o.plan)
    told = await o.pressed("patrols", lead, "board", "patrols")
    button = next(b for row in told.buttons for b in row if b.tap.kind != "board")
    o.asked += 1
    letters = await o.letters(lead, kind=Kind.PRESS, tap=button.tap, callback_id="1")
    assert letters[-1].subject


async def opening_of_rounds(o: HouseOffice) -> None:
    """Monday morning: a round of each plan opens."""
    monday = MONDAY + WEEK

    async def ring(context: Context) -> None:
        await context.tx.do(schedule.plan, tending.NAME, monday, monday)
        assert await tending.ring(context) == 1
        assert len(context.tx.work.changed) == PLANS

    await o.undone(ring, monday)


async def table_of_findings(o: HouseOffice) -> None:
    """The ledger of findings: those of a year, and what is open."""
    committee = o.house.town.committee(0)
    document = (await o.pressed("export", committee, "export", "findings")).document
    assert document and document["rows"]


QUESTIONS = (
    Question(ask=passbook_shown),
    Question(ask=statement_of_a_month),
    Question(ask=one_of_all_statements, times=1, share=PASSBOOKS),
    Question(ask=report_of_the_fund, times=2),
    Question(ask=gift_paid),
    Question(ask=shelf_shown),
    Question(ask=table_of_services, times=2),
    Question(ask=resident_scans_a_point),
    Question(ask=patroller_scans_a_point),
    Question(ask=board_with_patrols, times=10),
    Question(ask=card_of_a_round, times=10),
    Question(ask=opening_of_rounds, times=3),
    Question(ask=table_of_findings, times=2),
)


def measure(
    sizes: Sequence[int], runs: int, folder: Path, questions: Sequence[Question] = QUESTIONS
) -> dict[str, Any]:
    """Ask everything of each house. Returns what the table shows, to be kept as JSON."""
    files = [seed.ensure(folder, size) for size in sizes]
    return measuring.ask(partial(_opened, files, sizes), files, sizes, runs, questions)


def _opened(files: Sequence[Path], sizes: Sequence[int]) -> list[HouseOffice]:
    return [HouseOffice(path, size) for path, size in zip(files, sizes, strict=True)]
