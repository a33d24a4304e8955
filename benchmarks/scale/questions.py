"""What is asked of the towns, and a town's office."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.scale import measure as measuring
from benchmarks.scale import seed
from benchmarks.scale.measure import Question
from benchmarks.scale.office import OURS, Office
from benchmarks.scale.seed import DUE, DUE_TIMERS, FIRST, NOW
from benchmarks.scale.town import HANDLERS, Town
from workflows.core.talk.messages import Kind
from workflows.desk.context import Context
from workflows.desk.lists import morning
from workflows.desk.privacy import retention
from workflows.petition.lists import weekly
from workflows.store import schedule

SIZES = (10_000, 100_000, 1_000_000)
FOLDER = Path(tempfile.gettempdir()) / "haitang-towns"


class TownOffice(Office):
    """The office of one town."""

    def __init__(self, path: Path, size: int) -> None:
        self.town = Town(size=size)
        super().__init__(path, self.town.rules, NOW)
        with closing(sqlite3.connect(path)) as db:
            self.known = db.execute("SELECT name, last FROM seeded").fetchall()

    def tidy(self) -> None:
        """Take back what the questions left behind, and wind up the timers that are due."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous=OFF")
            db.execute("BEGIN IMMEDIATE")
            for name, last in self.known:
                db.execute(f"DELETE FROM {name} WHERE id > {last}")  # noqa: S608
            db.execute(f"DELETE FROM seen_updates WHERE update_id >= {OURS}")  # noqa: S608
            db.execute("UPDATE dialogs SET body = json_object('person_id', person_id), at = ?"
                       " WHERE at > ?", (_at(-30), _at(-1)))  # fmt: skip
            db.execute("UPDATE outbox SET token = NULL, leased_until = NULL, attempts = 0"
                       " WHERE leased_until IS NOT NULL")  # fmt: skip
            back = "FROM outbox WHERE state = 'queued' AND dedupe_key GLOB 'parked*'"
            db.execute(f"UPDATE chats SET blocked_at = ? WHERE chat_id IN (SELECT chat_id {back})",  # noqa: S608
                       (_at(-1),))  # fmt: skip
            db.execute(f"UPDATE outbox SET state = 'parked' WHERE id IN (SELECT id {back})")  # noqa: S608
            db.execute("DELETE FROM chores")
            self._wind_up(db)
            db.execute("COMMIT")

    def _wind_up(self, db: sqlite3.Connection) -> None:
        """The tickets of the sweep as they were; what happened to them stays in their events."""
        kind = seed.wave(self.town.rules)
        every = self.town.size // DUE_TIMERS
        ids = [(FIRST + i * every + every // 2,) for i in range(DUE_TIMERS)]
        clocks = seed.bound(seed.row_of(kind)["clocks"])
        db.executemany("UPDATE tickets SET clocks = ? WHERE id = ?", [(clocks, *i) for i in ids])
        db.executemany("DELETE FROM timers WHERE ticket_id = ? AND fired_at IS NULL", ids)
        db.execute("DELETE FROM timers WHERE fired_at >= ?", (seed.bound(DUE),))
        bells = [(*i, *b) for i in ids for b in seed.bells(kind, self.town.rules) if not b[3]]
        db.executemany("INSERT INTO timers (ticket_id, clock, mark, due_at, fired_at)"
                       " VALUES (?, ?, ?, ?, ?)", bells)  # fmt: skip


def _at(days: int) -> str:
    return str(seed.bound(NOW + timedelta(days=days)))


# the questions


async def sweep(o: TownOffice) -> None:
    """Two hundred timers that are due."""
    assert await o.desk.tick(DUE) == DUE_TIMERS


async def mine(o: TownOffice) -> None:
    """/mine of a handler with a dozen in hand."""
    await o.command(_handler(o), "mine")


async def board_of_a_grid(o: TownOffice) -> None:
    """/board of a lead: 500 open tickets."""
    await o.command(o.town.lead(o.somewhere(o.town.grids)), "board")


async def board_of_a_street(o: TownOffice) -> None:
    """/board of a street's office: a twentieth of everything."""
    await o.command(o.town.street(o.somewhere(o.town.streets)), "board")


async def late_of_a_street(o: TownOffice) -> None:
    """The board's list of what is late, its third page."""
    await o.tap(o.town.street(o.somewhere(o.town.streets)), "b:overdue:2")


async def queue_of_a_street(o: TownOffice) -> None:
    """The board's queue of what waits for a yes or no."""
    await o.tap(o.town.street(o.somewhere(o.town.streets)), "b:proposed:2")


async def find_in_a_grid(o: TownOffice) -> None:
    """/find of a handler, with two words."""
    await o.command(_handler(o), "find", "老人 电梯")


async def find_in_a_street(o: TownOffice) -> None:
    """/find of a street's office, with a word that no petition has."""
    await o.command(o.town.street(o.somewhere(o.town.streets)), "find", "白蚁")


async def hints(o: TownOffice) -> None:
    """A new petition from a building: its preview, beside what it may repeat."""
    number = o.somewhere(o.town.size // 3) * 3
    building = number % o.town.buildings
    resident = o.town.resident(number)
    await o.hear(resident, kind=Kind.TEXT, text=f"{building % 5 + 1}幢的电梯又停了，老人下不了楼")
    turn = await o.desk.turn(NOW, is_allowed=lambda chat: chat == resident)
    [preview] = turn.letters
    assert preview.buttons, preview


async def receive(o: TownOffice) -> None:
    """One update that asks for little."""
    await o.command(o.town.resident(o.somewhere(o.town.size)), "help")


async def exchange(o: TownOffice) -> None:
    """What forty chats are owed, beside all that is held, parked and sent."""
    turn = await o.desk.turn(NOW, is_allowed=lambda _: True)
    assert len(turn.letters) == seed.QUEUED


async def idle(o: TownOffice) -> None:
    """When the loops have to wake next."""
    await o.store.next_timer()
    await o.store.next_owed()


async def health(o: TownOffice) -> None:
    """/healthz and /metrics."""
    await o.store.backlog(NOW)
    await o.store.queue(NOW)


async def upkeep_step(o: TownOffice) -> None:
    """A step of the night's upkeep, a fortnight later: all that was sent is to go."""
    later = NOW + timedelta(days=14)

    async def step(context: Context) -> None:
        await context.tx.do(schedule.plan, retention.NAME, NOW, NOW)
        assert await retention.ring(context) == 1

    await o.undone(step, later)


async def week(o: TownOffice) -> None:
    """The week's figures of one community."""
    place = o.town.community(o.somewhere(o.town.communities))
    await o.undone(lambda context: weekly._week(context, place, NOW))


async def morning_step(o: TownOffice) -> None:
    """A step of the morning lists: half a grid's handlers, and perhaps its lead."""
    someone = _handler(o)

    async def step(context: Context) -> None:
        await context.tx.do(schedule.plan, morning.NAME, NOW, NOW)
        await context.tx.do(schedule.reach, morning.NAME, someone)
        assert await morning.ring(context) == 1

    await o.undone(step)


def _handler(o: TownOffice) -> int:
    return o.town.handler(o.somewhere(o.town.grids), o.somewhere(HANDLERS))


QUESTIONS = (
    Question(ask=sweep, times=1),
    *(Question(ask=ask) for ask in (
        mine, board_of_a_grid, board_of_a_street, late_of_a_street, queue_of_a_street,
        find_in_a_grid, find_in_a_street, hints, receive,
    )),
    Question(ask=exchange, times=1),
    Question(ask=idle),
    Question(ask=health),
    Question(ask=upkeep_step, times=3),
    Question(ask=week, times=5),
    Question(ask=morning_step),
)  # fmt: skip


def measure(
    sizes: Sequence[int] = SIZES, runs: int = 5, folder: Path = FOLDER,
    questions: Sequence[Question] = QUESTIONS,
) -> dict[str, Any]:  # fmt: skip
    """Ask everything everywhere. Returns what the table shows, to be kept as JSON."""
    files = [seed.ensure(folder, size) for size in sizes]
    opened = partial(_opened, files, sizes)
    return measuring.ask(opened, files, sizes, runs, questions)


def _opened(files: Sequence[Path], sizes: Sequence[int]) -> list[TownOffice]:
    return [TownOffice(path, size) for path, size in zip(files, sizes, strict=True)]
