"""What is asked all the time, in towns with 10 thousand to a million open tickets.

`python -m benchmarks.scale [--sizes 10000,100000,1000000] [--runs 5] [--data FOLDER] [--json FILE]`

Each question is asked of the one town, then of the next, and so on again: what the machine does
meanwhile hits all of them. A cost is the processor's time of this process, for the work itself and
its writing; the disk's waiting is in `wall`. The ratio is the largest town's to the smallest's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import structlog

from benchmarks import seed
from benchmarks.seed import DUE, DUE_TIMERS, FIRST, NOW
from benchmarks.town import HANDLERS, Town
from workflows.core.talk.messages import Incoming, Kind
from workflows.core.talk.tap_text import read
from workflows.desk import Desk
from workflows.desk.context import Context
from workflows.desk.lists import morning
from workflows.desk.privacy import retention
from workflows.petition.lists import weekly
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store, Tx, schedule

SIZES = (10_000, 100_000, 1_000_000)
AT_MOST = 1.3  # how much more the largest town may cost
FOLDER = Path(tempfile.gettempdir()) / "haitang-towns"
_OURS = 2_000_000_000  # updates from here on are ours
_SPREAD = 7919  # a prime, so that one after the other is asked somewhere else


class Office:
    """A desk over one town's database; every question is asked somewhere else than the last."""

    def __init__(self, path: Path, size: int) -> None:
        self.path = path
        self.town = Town(size=size)
        self.store = Store.open(f"sqlite+aiosqlite:///{path}", KINDS)
        self.desk = Desk(self.store, self.town.rules, WORKFLOWS)
        self.asked = 0
        with closing(sqlite3.connect(path)) as db:
            self.known = db.execute("SELECT name, last FROM seeded").fetchall()

    def somewhere(self, count: int) -> int:
        """A number below `count`, another one each time."""
        return self.asked * _SPREAD % count

    async def hear(self, person: int, **what: Any) -> None:
        """One update of this person."""
        update = _OURS + self.asked
        incoming = Incoming(update_id=update, at=NOW, person_id=person, chat_id=person,
                            message_id=update, **what)  # fmt: skip
        await self.desk.turn(NOW, [incoming])

    async def command(self, person: int, name: str, text: str = "") -> None:
        """A command of this person."""
        await self.hear(person, kind=Kind.COMMAND, command=name, text=text)

    async def undone(self, work: Callable[[Context], Awaitable[object]], now: Any = NOW) -> None:
        """A unit of work as far as its commit, which it never comes to."""
        async with self.store.engine.connect() as conn:
            tx = Tx(conn, now, KINDS)
            await work(self.desk._context(tx, now, f"b{self.asked}"))
            await tx.flush()
            await conn.rollback()

    def tidy(self) -> None:
        """Take back what the questions left behind, and wind up the timers that are due."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous=OFF")
            db.execute("BEGIN IMMEDIATE")
            for name, last in self.known:
                db.execute(f"DELETE FROM {name} WHERE id > {last}")  # noqa: S608
            db.execute(f"DELETE FROM seen_updates WHERE update_id >= {_OURS}")  # noqa: S608
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


async def sweep(o: Office) -> None:
    """Two hundred timers that are due."""
    assert await o.desk.tick(DUE) == DUE_TIMERS


async def mine(o: Office) -> None:
    """/mine of a handler with a dozen in hand."""
    await o.command(_handler(o), "mine")


async def board_of_a_grid(o: Office) -> None:
    """/board of a lead: 500 open tickets."""
    await o.command(o.town.lead(o.somewhere(o.town.grids)), "board")


async def board_of_a_street(o: Office) -> None:
    """/board of a street's office: a twentieth of everything."""
    await o.command(o.town.street(o.somewhere(o.town.streets)), "board")


async def late_of_a_street(o: Office) -> None:
    """The board's list of what is late, its third page."""
    await _tap(o, o.town.street(o.somewhere(o.town.streets)), "b:overdue:2")


async def queue_of_a_street(o: Office) -> None:
    """The board's queue of what waits for a yes or no."""
    await _tap(o, o.town.street(o.somewhere(o.town.streets)), "b:proposed:2")


async def find_in_a_grid(o: Office) -> None:
    """/find of a handler, with two words."""
    await o.command(_handler(o), "find", "老人 电梯")


async def find_in_a_street(o: Office) -> None:
    """/find of a street's office, with a word that no petition has."""
    await o.command(o.town.street(o.somewhere(o.town.streets)), "find", "白蚁")


async def hints(o: Office) -> None:
    """A new petition from a building: its preview, beside what it may repeat."""
    number = o.somewhere(o.town.size // 3) * 3
    building = number % o.town.buildings
    resident = o.town.resident(number)
    await o.hear(resident, kind=Kind.TEXT, text=f"{building % 5 + 1}幢的电梯又停了，老人下不了楼")
    turn = await o.desk.turn(NOW, is_allowed=lambda chat: chat == resident)
    [preview] = turn.letters
    assert preview.buttons, preview


async def receive(o: Office) -> None:
    """One update that asks for little."""
    await o.command(o.town.resident(o.somewhere(o.town.size)), "help")


async def exchange(o: Office) -> None:
    """What forty chats are owed, beside all that is held, parked and sent."""
    turn = await o.desk.turn(NOW, is_allowed=lambda _: True)
    assert len(turn.letters) == seed.QUEUED


async def idle(o: Office) -> None:
    """When the loops have to wake next."""
    await o.store.next_timer()
    await o.store.next_owed()


async def health(o: Office) -> None:
    """/healthz and /metrics."""
    await o.store.backlog(NOW)
    await o.store.queue(NOW)


async def upkeep_step(o: Office) -> None:
    """A step of the night's upkeep, a fortnight later: all that was sent is to go."""
    later = NOW + timedelta(days=14)

    async def step(context: Context) -> None:
        await context.tx.do(schedule.plan, retention.NAME, NOW, NOW)
        assert await retention.ring(context) == 1

    await o.undone(step, later)


async def week(o: Office) -> None:
    """The week's figures of one community."""
    place = o.town.community(o.somewhere(o.town.communities))
    await o.undone(lambda context: weekly._week(context, place, NOW))


async def morning_step(o: Office) -> None:
    """A step of the morning lists: half a grid's handlers, and perhaps its lead."""
    someone = _handler(o)

    async def step(context: Context) -> None:
        await context.tx.do(schedule.plan, morning.NAME, NOW, NOW)
        await context.tx.do(schedule.reach, morning.NAME, someone)
        assert await morning.ring(context) == 1

    await o.undone(step)


def _handler(o: Office) -> int:
    return o.town.handler(o.somewhere(o.town.grids), o.somewhere(HANDLERS))


async def _tap(o: Office, person: int, press: str) -> None:
    await o.hear(person, kind=Kind.PRESS, tap=read(press), callback_id="1")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, and how often for one figure."""

    ask: Callable[[Office], Awaitable[None]]
    times: int = 20

    @property
    def name(self) -> str:
        """As in the table."""
        return self.ask.__name__.replace("_", " ")


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


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Milliseconds of one question."""

    cpu: float
    wall: float


async def _cost(office: Office, question: Question) -> Cost:
    """The mean of several, each asked somewhere else."""
    cpu, wall = process_time(), perf_counter()
    for _ in range(question.times):
        office.asked += 1
        await question.ask(office)
    share = 1000 / question.times
    told = Cost(cpu=(process_time() - cpu) * share, wall=(perf_counter() - wall) * share)
    office.tidy()
    return told


async def _measure(
    files: Sequence[Path], sizes: Sequence[int], runs: int, questions: Sequence[Question]
) -> dict[str, list[list[Cost]]]:
    """Costs by question, town and run; the first round warms up and does not count."""
    offices = [Office(path, size) for path, size in zip(files, sizes, strict=True)]
    found: dict[str, list[list[Cost]]] = {q.name: [[] for _ in offices] for q in questions}
    try:
        for office in offices:
            office.tidy()
        for run, question in product(range(runs + 1), questions):
            for kept, office in zip(found[question.name], offices, strict=True):
                cost = await _cost(office, question)
                kept.extend([cost] if run else [])
    finally:
        for office in offices:
            await office.store.close()
    return found


def measure(
    sizes: Sequence[int] = SIZES, runs: int = 5, folder: Path = FOLDER,
    questions: Sequence[Question] = QUESTIONS,
) -> dict[str, Any]:  # fmt: skip
    """Ask everything everywhere. Returns what the table shows, to be kept as JSON."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    files = [seed.ensure(folder, size) for size in sizes]
    for path in files:  # so that no figure is the disk's
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass
    found = asyncio.run(_measure(files, sizes, runs, questions))
    return {"sizes": list(sizes), "runs": runs, "at_most": AT_MOST,
            "questions": [_row(name, costs) for name, costs in found.items()]}  # fmt: skip


def _row(name: str, costs: list[list[Cost]]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name}
    for what in ("cpu", "wall"):
        each = [[getattr(cost, what) for cost in one] for one in costs if one]
        middle = [median(one) for one in each]
        row[what] = [round(value, 3) for value in middle]
        row[f"{what}_spread"] = [[round(min(one), 3), round(max(one), 3)] for one in each]
        row[f"{what}_ratio"] = round(middle[-1] / middle[0], 2)
    return row


def as_lines(told: dict[str, Any]) -> list[str]:
    """The table."""
    heads = "".join(f"{size:>12,}" for size in told["sizes"])
    lines = [f"{'milliseconds of processor':24}{heads}   ratio   (wall)"]
    for row in told["questions"]:
        costs = "".join(f"{cost:12.3f}" for cost in row["cpu"]).ljust(12 * len(told["sizes"]))
        mark = " " if row["cpu_ratio"] <= told["at_most"] else "!"
        ratios = f"{row['cpu_ratio']:7.2f} {mark}{row['wall_ratio']:8.2f}"
        lines.append(f"{row['name']:24}{costs}{ratios}")
    return lines


def main(argv: list[str] | None = None) -> int:
    """Print the table. Returns 1 if anything costs more than it may, else 0."""
    parser = argparse.ArgumentParser("python -m benchmarks.scale")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), metavar="N,N,…")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path, default=FOLDER, help="where the towns are kept")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--only", default="", help="questions with this in their name")
    given = parser.parse_args(argv)
    asked = [q for q in QUESTIONS if given.only in q.name]
    told = measure([int(size) for size in given.sizes.split(",")], given.runs, given.data, asked)
    print("\n".join(as_lines(told)))
    if given.json:
        given.json.write_text(json.dumps(told, indent=2), "utf-8")
    return int(any(row["cpu_ratio"] > AT_MOST for row in told["questions"]))


if __name__ == "__main__":
    sys.exit(main())
