"""haitang's database before a run: pioneers in every building, and pushes that are owed.

A program of its own, run with the bot's interpreter: `python -m benchmarks.load.seed`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.load.script import FIRST_NEIGHBOUR
from bot.config.settings import Settings, load
from workflows.core.people import Membership, Person, Role
from workflows.core.talk.messages import Notice, Priority
from workflows.registry import KINDS
from workflows.store import Store, Tx

_FIRST_PIONEER = 1_000
_PIONEERS_A_BUILDING = 2
_AT_ONCE = 1_000


async def seed(settings: Settings, pushes: int) -> None:
    """Make the schema, hire, and owe so many broadcasts to as many people."""
    store = Store.open(settings.database.url, KINDS)
    try:
        await store.migrate()
        now = datetime.now(UTC)
        async with store.begin(now) as tx:
            await _hire(tx, [p.path for p in settings.rules({}).places.inside("", 4)])
        for first in range(0, pushes, _AT_ONCE):
            async with store.begin(now) as tx:
                _owe(tx, range(first, min(first + _AT_ONCE, pushes)), now)
    finally:
        await store.close()


async def _hire(tx: Tx, buildings: list[str]) -> None:
    for number, place in enumerate(buildings * _PIONEERS_A_BUILDING):
        person = Person(id=_FIRST_PIONEER + number, name="Pioneer")
        tx.put_person(person)
        await tx.grant(person, Membership(role=Role.PIONEER, place=place), None)


def _owe(tx: Tx, numbers: range, now: datetime) -> None:
    """A few words that everybody gets, as a broadcast: behind every reply and every push."""
    for number in numbers:
        chat_id = FIRST_NEIGHBOUR + number
        tx.put_person(Person(id=chat_id, name="Neighbour"))
        notice = Notice(to=chat_id, template="unsupported", priority=Priority.BROADCAST)
        tx.owe(notice, chat_id, "text", f"bench:{number}", now)


def main() -> None:
    """Seed the database that the config and the environment name."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--pushes", type=int, default=0)
    arguments = parser.parse_args()
    settings = load(arguments.config, os.environ, needs_token=False)
    asyncio.run(seed(settings, arguments.pushes))


if __name__ == "__main__":
    main()
