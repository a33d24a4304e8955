"""Replays real petitions: `python -m playground.replay FILE.csv`, columns id,user,time,title,text.

Everybody in the file files what they wrote through the real bot, over HTTP, as their phones
would. Then every text in the store is compared with what was sent. Nothing of the texts is
printed or kept.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from time import monotonic
from typing import Any

from bot.config.settings import Settings, load
from playground.phones.filing import Filing, Petition, Resident
from playground.replay.figures import as_lines, measured
from playground.stage.process import BotError
from playground.stage.process_stage import UNPACED, ProcessStage, process_stage
from playground.stage.stage import TOKEN
from playground.world.limits import Limits
from workflows.core.people import Role
from workflows.petition.model import Ticket
from workflows.petition.store import lookups
from workflows.registry import KINDS
from workflows.store import Store

_EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
_PATIENCE = 60.0  # real seconds for one answer
_FIRST_RESIDENT = 1_000_001


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to replay: `at_once` people at a time, by Telegram's `limits` or without."""

    config: Path = _EXAMPLE
    at_once: int = 50
    limits: bool = False


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the store has of one resident's petitions."""

    tickets: tuple[Ticket, ...]
    different: tuple[str, ...]  # rows whose text is not there
    unexpected: int  # tickets whose text nobody sent


def read_petitions(path: Path) -> list[Petition]:
    """The rows of a file; a petition's text is its title, a new line, and its text."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [
            Petition(id=row["id"], user=row["user"], text=f"{row['title']}\n{row['text']}")
            for row in csv.DictReader(lines)
        ]


async def replay(petitions: Sequence[Petition], options: Options) -> dict[str, Any]:
    """File them all through a bot of its own; returns the report."""
    settings = load(options.config, {"HAITANG_TELEGRAM__TOKEN": TOKEN})
    people = _by_user(petitions)
    environment = {} if options.limits else UNPACED
    limits = Limits(enabled=options.limits)
    async with process_stage(options.config, None, limits=limits, environment=environment) as house:
        await _hire(house, settings)
        began = monotonic()
        links = [f"st_{station.code}" for station in settings.stations]
        filings = await house.bot.during(_file_all(house, people, links, options.at_once))
        seconds = monotonic() - began
        exit_code = await house.stop()
        kept = await _kept(house.database, people)
    return _report(filings, kept, seconds) | {"limits": options.limits, "bot_ended_with": exit_code}


def _by_user(petitions: Iterable[Petition]) -> dict[int, list[Petition]]:
    """Each person's petitions, by the id of their phone."""
    by_name: dict[str, list[Petition]] = {}
    for petition in petitions:
        by_name.setdefault(petition.user, []).append(petition)
    return dict(enumerate(by_name.values(), _FIRST_RESIDENT))


async def _hire(house: ProcessStage, settings: Settings) -> None:
    """A pioneer and a lead behind each station, so that petitions reach somebody."""
    for station in settings.stations:
        for role in (Role.PIONEER, Role.LEAD):
            await house.hire(f"{role} of {station.code}", role, station.place)


async def _file_all(
    house: ProcessStage, people: dict[int, list[Petition]], links: Sequence[str], at_once: int
) -> list[Filing]:
    """Many people at a time, each with one petition after the other."""
    door = asyncio.Semaphore(at_once)

    async def come(user_id: int, petitions: list[Petition], link: str) -> list[Filing]:
        async with door:
            phone = await house.phones.add_user(f"resident {user_id}", user_id)
            return await Resident(phone, _PATIENCE).file_all(petitions, link)

    visits = [
        come(user_id, petitions, link)
        for (user_id, petitions), link in zip(people.items(), cycle(links), strict=False)
    ]
    return [filing for visit in await asyncio.gather(*visits) for filing in visit]


async def _kept(database: str, people: dict[int, list[Petition]]) -> list[Kept]:
    """Everybody's tickets, held against what they sent."""
    store = Store.open(database, KINDS)
    try:
        async with store.read(datetime.now(UTC)) as tx:
            return [
                compare(petitions, await lookups.brought_by(tx, user_id, 2 * len(petitions) + 10))
                for user_id, petitions in people.items()
            ]
    finally:
        await store.close()


def compare(petitions: Iterable[Petition], tickets: Sequence[Ticket]) -> Kept:
    """Pair petitions with tickets of exactly the same text, each with one."""
    left = Counter(ticket.text for ticket in tickets)
    different = []
    for petition in petitions:
        if left[petition.text] > 0:
            left[petition.text] -= 1
        else:
            different.append(petition.id)
    return Kept(tickets=tuple(tickets), different=tuple(different), unexpected=left.total())


def _report(filings: list[Filing], kept: list[Kept], seconds: float) -> dict[str, Any]:
    tickets = [ticket for each in kept for ticket in each.tickets]
    different = [row for each in kept for row in each.different]
    figures = measured(filings, frozenset(different))
    return figures | {
        "identical": len(filings) - len(different),
        "different": different,
        "unexpected": sum(each.unexpected for each in kept),
        "urgent": sum(ticket.urgent for ticket in tickets),
        "categories": dict(Counter(ticket.category for ticket in tickets).most_common()),
        "seconds": round(seconds, 1),
        "petitions_a_second": round(figures["filed"] / seconds, 1),
    }


def is_whole(report: dict[str, Any]) -> bool:
    """Whether every row was filed, every text is identical, and there is nothing else."""
    return report["filed"] == report["identical"] == report["rows"] and not report["unexpected"]


def main(argv: list[str] | None = None) -> int:
    """Replay a file; returns 0 only if every row was filed and every text is identical."""
    given = _parser().parse_args(argv)
    options = Options(config=given.config, at_once=given.at_once, limits=given.limits)
    try:
        report = asyncio.run(replay(read_petitions(given.file)[: given.limit], options))
    except BotError as error:  # its first line alone: the bot's own words may quote a petition
        print(str(error).partition("\n")[0], file=sys.stderr)
        return 1
    print("\n".join(as_lines(report)))
    if given.report:
        given.report.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return 0 if is_whole(report) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m playground.replay", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--limit", type=int, help="only the first rows")
    parser.add_argument("--report", type=Path, metavar="OUT.json", help="write the figures there")
    parser.add_argument("--limits", action="store_true", help="keep Telegram's limits")
    parser.add_argument("--at-once", type=int, default=50, help="people at a time (50)")
    parser.add_argument("--config", type=Path, default=_EXAMPLE)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
