"""`make torture`: residents and staff under load while the bot is killed again and again.

Telegram refuses, fails and loses answers meanwhile. At the end all that stops, the bot comes to
rest, and what people's phones show is held against what the store holds.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
from collections.abc import Collection, Coroutine
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from bot.config.settings import load
from playground.stage.process import BotError
from playground.stage.process_stage import ProcessStage, process_stage
from playground.stage.stage import MORNING
from playground.stage.zygote import ForkedBot, Zygote
from playground.torture import invariants
from playground.torture.crowd import Neighbour, Official
from playground.torture.evidence import Evidence
from playground.torture.invariants import Findings, examine
from workflows.core.faultpoints import KILLED, POINTS
from workflows.core.people import Role

_EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
_RATES = {"429": 0.02, "502": 0.02, "drop": 0.01}
_FIRST_RESIDENT = 1_000_001
_AT_A_POINT = 5.0  # real seconds to reach a point, before it is killed wherever it is
_AT_REST = 300.0  # real seconds to come to rest at the end, or half of what it lasted
_RESTING_SPEED = 60.0  # what waits for its chat's turn by then need not be waited for
_ALIVE = tuple(p for p in POINTS if p.partition(".")[0] not in {"migration", "backup"})


@dataclass(frozen=True, kw_only=True)
class Options:
    """How long and how hard. `every` is real seconds between kills, on average; `speed` how many
    seconds of the story pass in one.
    """

    minutes: float = 2.0
    residents: int = 30
    every: float = 8.0
    speed: float = 1.0
    seed: int = 0


@dataclass
class Killings:
    """How the bot ended: killed at random moments or at points, or, as it never should, alone."""

    signals: list[float] = field(default_factory=list)  # the story's moments, in Unix seconds
    points: list[float] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    failed_starts: int = 0

    @property
    def count(self) -> int:
        """All that were meant."""
        return len(self.signals) + len(self.points)


class Killer:
    """Kills the bot and starts it again, over and over."""

    def __init__(self, house: ProcessStage, options: Options, random: Random) -> None:
        assert isinstance(house.bot, ForkedBot)
        self.bot = house.bot
        self.killings = Killings()
        self._every = options.every
        self._house = house
        self._random = random

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await self._wait(self._random.uniform(0.2, 1.8) * self._every)
            await self._kill()
            await asyncio.sleep(self._random.uniform(0.0, 1.0))
            await self.revive()

    async def _wait(self, seconds: float) -> None:
        """Look at it meanwhile: it must not end by itself."""
        until = monotonic() + seconds
        while monotonic() < until:
            if not self.bot.is_running:
                self.killings.alone.append(f"code {self.bot.ended_with}")
                await self.revive()
            await asyncio.sleep(0.2)

    async def _kill(self) -> None:
        if self._random.random() < 0.5:
            await self.bot.arm(f"{self._random.choice(_ALIVE)}:{self._random.randint(1, 5)}")
            if await self._has_died():
                self.killings.points.append(self._house.now.timestamp())
                return
        await self.bot.kill()
        self.killings.signals.append(self._house.now.timestamp())

    async def _has_died(self) -> bool:
        until = monotonic() + _AT_A_POINT
        while self.bot.is_running and monotonic() < until:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.01)
        return self.bot.ended_with == KILLED

    async def revive(self) -> None:
        """Start it until it is up."""
        while not self.bot.is_running:
            try:
                await self.bot.start()
            except BotError:
                self.killings.failed_starts += 1
                await self.bot.kill()


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of it."""

    seconds: float
    killings: Killings
    lost_replies: int
    refused: dict[str, int]
    sent: int
    filed: int  # petitions whose card a resident was shown
    identical: int  # of these, in the store with just the text that was sent
    lost: int
    findings: Findings
    integrity: str
    faults: tuple[str, ...] = ()

    def doubled_before(self, deaths: Collection[float]) -> int:
        """How many doubled messages were in flight, as far as can be told, at one of these."""
        ends = sorted((*self.killings.signals, *self.killings.points, inf))
        moments = (moment for chat in self.findings.doubled.values() for moment in chat)
        return sum(next(end for end in ends if end >= moment) in deaths for moment in moments)

    @property
    def wrong(self) -> int:
        """In the store with another text."""
        return self.filed - self.identical - self.lost

    @property
    def is_good(self) -> bool:
        """Nothing lost, nothing wrong, at most one message doubled by each kill or lost reply."""
        is_whole = not (self.lost or self.wrong or self.findings.broken or self.faults)
        is_sparing = self.findings.duplicates <= self.killings.count + self.lost_replies
        return is_whole and is_sparing and self.integrity == "ok" and not self.killings.alone


async def torture(options: Options, folder: Path) -> Result:
    """Let it all happen in a folder, which keeps the database."""
    random = Random(options.seed)  # noqa: S311 - to be repeated, not to be secret
    database = folder / "haitang.db"
    with Zygote() as zygote:
        async with process_stage(
            _EXAMPLE, MORNING, database=f"sqlite+aiosqlite:///{database}",
            process=partial(ForkedBot, zygote),
        ) as house:  # fmt: skip
            return await _suffer(house, database, options, random)


async def _suffer(house: ProcessStage, database: Path, options: Options, random: Random) -> Result:
    officials = [Official(phone, random) for phone in await _hire(house)]
    people = [await _move_in(house, n, random) for n in range(options.residents)]
    killer, faults, began = Killer(house, options, random), house.server.world.faults, monotonic()
    faults.random = random
    faults.rates |= _RATES
    house.clock.run(options.speed)
    lives = [killer.run(), *(o.run() for o in officials), *(n.run() for n in people)]
    await _during(options.minutes * 60, lives)
    faults.clear()
    seconds = monotonic() - began
    await _come_to_rest(house, killer, max(_AT_REST, seconds / 2))
    result = _result(house, database, people, killer.killings, seconds)
    return replace(result, faults=tuple(await invariants.faults(database, house.now)))


async def _hire(house: ProcessStage) -> list[Any]:
    """Two pioneers and a lead for each grid, and each community's committee."""
    places = load(_EXAMPLE, {}, needs_token=False).rules({}).places.by_path
    grids = [path for path in places if path.count("/") == 2]
    posts = [(role, grid) for grid in grids for role in (Role.PIONEER, Role.PIONEER, Role.LEAD)]
    posts += [(Role.COMMITTEE, path) for path in places if path.count("/") == 1]
    return [
        await house.hire(f"{role} {n}", role, place) for n, (role, place) in enumerate(posts, 1)
    ]


async def _move_in(house: ProcessStage, n: int, random: Random) -> Neighbour:
    user_id = _FIRST_RESIDENT + n
    phone = await house.phones.add_user(f"resident {user_id}", user_id)
    return Neighbour(phone, random)


async def _during(seconds: float, lives: list[Coroutine[Any, Any, None]]) -> None:
    """Let them all live so long. Raises what ends one before."""
    tasks = [asyncio.create_task(life) for life in lives]
    done, running = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for task in running:
        task.cancel()
    await asyncio.wait(tasks)
    for task in done:
        task.result()


async def _come_to_rest(house: ProcessStage, killer: Killer, patience: float) -> None:
    """With nobody to disturb it, the bot does what is still to be done; then time stands still."""
    with suppress(BotError):
        await killer.bot.kill()  # once more: it may be armed, or half started
    await killer.revive()
    house.clock.run(_RESTING_SPEED)
    await house.settle(patience)
    house.clock.run(0.0)
    await house.settle(patience)


def _result(
    house: ProcessStage, database: Path, people: list[Neighbour], killings: Killings, seconds: float
) -> Result:
    with closing(sqlite3.connect(database)) as conn:
        integrity = conn.execute("PRAGMA integrity_check").fetchone()[0]
        conn.row_factory = sqlite3.Row
        kept = Evidence(house.server.world, conn, "").tickets
    struck = house.server.world.faults.struck
    drops = {name: count for (kind, name), count in struck.items() if kind == "drop"}
    pairs = [(n, i) for n in people for i in sorted(shown_to(house, n.user_id))]
    own = [(n, row) for n, i in pairs if (row := kept.get(i)) and _is_own(n, row)]
    lost = sum(i not in kept for _, i in pairs)
    return Result(
        seconds=seconds, killings=killings, integrity=integrity,
        lost_replies=sum(n for name, n in drops.items() if name.startswith("send")),
        refused={kind: sum(c for (k, _), c in struck.items() if k == kind) for kind in _RATES},
        sent=sum(len(n.said) for n in people), filed=len(own) + lost, lost=lost,
        identical=sum(set(row["text"].splitlines()) <= set(n.said) for n, row in own),
        findings=examine(house.server.world, database, house.bot.last_words(10_000_000)),
    )  # fmt: skip


def _is_own(neighbour: Neighbour, ticket: Any) -> bool:
    """What somebody filed, not what he was shown of a neighbour's, nor a part split off later."""
    return bool(ticket["author"] == neighbour.user_id and ticket["parent"] is None)


def shown_to(house: ProcessStage, user_id: int) -> set[int]:
    """The tickets whose card this resident's phone shows."""
    chat = next(c for c in house.server.world.private.values() if c.id == user_id)
    buttons = (b for message in chat.messages for row in message.inline for b in row)
    data = ((button.get("callback_data") or "").split(":") for button in buttons)
    return {int(parts[1]) for parts in data if parts[0] == "v" and parts[1].isdigit()}


def as_lines(result: Result) -> list[str]:
    """The figures, one a line."""
    k, f = result.killings, result.findings
    figures = {
        "seconds": f"{result.seconds:.0f}",
        "kills": f"{k.count} ({len(k.signals)} at any moment, {len(k.points)} at a point)",
        "ended by itself": ", ".join(k.alone) or "never",
        "starts that failed": k.failed_starts,
        "calls struck": ", ".join(f"{kind} {n}" for kind, n in result.refused.items()),
        "petitions sent": result.sent,
        "said to be filed": result.filed,
        "in the store, identical": result.identical,
        "lost": result.lost,
        "wrong": result.wrong,
        "messages doubled": f"{f.duplicates} of {k.count + result.lost_replies} allowed "
                            f"({k.count} kills, {result.lost_replies} lost replies)",
        "  before a kill": f"{result.doubled_before(k.signals)} at any moment, "
        f"{result.doubled_before(k.points)} at a point",
        "  in one chat": f"at most {max(map(len, f.doubled.values()), default=0)}",
        "chains and invariants": "all hold" if not f.broken else f"{len(f.broken)} broken",
        "the workflows' own rules": "; ".join(result.faults) or "all hold",
        "PRAGMA integrity_check": result.integrity,
    }  # fmt: skip
    return [f"{name:<26}{value}" for name, value in figures.items()] + [f"  {b}" for b in f.broken]


def main(argv: list[str] | None = None) -> int:
    """Returns 0 only if nothing was lost, wrong, broken, or doubled too often."""
    given = _parser().parse_args(argv)
    options = Options(**{k: v for k, v in vars(given).items() if k != "folder"})
    with TemporaryDirectory(prefix="torture-") as folder:
        result = asyncio.run(torture(options, given.folder or Path(folder)))
    print("\n".join(as_lines(result)))
    return 0 if result.is_good else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m playground.torture", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--residents", type=int, default=30)
    parser.add_argument("--every", type=float, default=8.0, help="seconds between kills (8)")
    parser.add_argument("--speed", type=float, default=1.0, help="of the story's clock (1)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="an empty one, to keep the database")
    return parser


if __name__ == "__main__":
    sys.exit(main())
