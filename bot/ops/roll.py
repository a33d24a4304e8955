"""`haitang roster`: who works where, the bound groups, and what is missing, a line each."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.config.settings import Settings
from bot.ops import standing
from bot.ops.standing import Standing
from bot.running.clock import moment
from workflows.core.people import Membership, Person
from workflows.core.permissions import RANKS
from workflows.store.engine.snapshot import file_of


def print_roster(settings: Settings) -> int:
    """Print it. Returns 0, or 1 where there is none yet."""
    file = file_of(settings.database.url)
    if file and not file.exists():
        print(f"there is no {file} yet: begin with `haitang invite`", file=sys.stderr)
        return 1
    now = asyncio.run(moment(settings.clock.url))
    found = asyncio.run(standing.looked(settings, now))
    if found is None:
        print("the database is of another version: `haitang doctor` says more", file=sys.stderr)
        return 1
    for line in lines(found, settings, now):
        print(line)
    return 0


def lines(found: Standing, settings: Settings, now: datetime) -> Iterator[str]:
    """All of it."""
    yield from people(found, now, ZoneInfo(settings.timezone))
    yield from groups(found)
    told = [*standing.missing(found), *standing.gone_in_words(found, settings.rules({}))]
    yield from (f"missing: {one}" for one in told)


def people(found: Standing, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    """A line for each role, by place, the highest first."""
    held = [(one, person) for person in found.staff for one in person.memberships]
    for one, person in sorted(held, key=_order):
        only = f", only {', '.join(one.categories)}" if one.categories else ""
        name = f"{person.name or '?'} ({person.id})"
        yield f"{one.place or 'everywhere'}  {one.role}  {name}{only}: {_state(person, now, zone)}"


def _order(held: tuple[Membership, Person]) -> tuple[str, int, int]:
    one, person = held
    return one.place, -RANKS.index(one.role), person.id


def _state(person: Person, now: datetime, zone: ZoneInfo) -> str:
    if not person.is_reachable:
        return "gets no messages, must open the bot"
    if person.away_until and person.is_away(now):
        return f"away until {person.away_until.astimezone(zone):%F %H:%M}"
    return "on duty" if person.on_duty else "off duty"


def groups(found: Standing) -> Iterator[str]:
    """A line for each bound group."""
    for group in found.groups:
        state = "" if group.is_reachable else ": closed to the bot"
        yield f"{group.place}  group of {_AUDIENCES[group.audience]}  {group.chat_id}{state}"


_AUDIENCES = {"grid": "the staff", "residents": "residents"}
