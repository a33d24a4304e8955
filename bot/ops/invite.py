"""`haitang invite`: a link for the first lead, before there is anybody to invite in chat."""

from __future__ import annotations

import asyncio
import sys

from bot.config.checks import ANYWHERE, misplaced
from bot.config.settings import Settings
from bot.ops.links import bot_name, link
from bot.running.clock import moment
from workflows.core.people import Membership, Role
from workflows.core.permissions import DEPTHS
from workflows.core.places import Places
from workflows.core.policy import Rules
from workflows.desk import Desk
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store


def print_invitation(settings: Settings, role: str, place: str, categories: list[str]) -> int:
    """Print the link, or what to send to the bot in its stead and, beside it, why there is no link.

    Returns 0, or 2 for a mistake.
    """
    rules = settings.rules({})
    try:
        membership = _membership(rules, role, place, categories)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    payload = asyncio.run(_invite(settings, rules, membership))
    name, why_not = asyncio.run(bot_name(settings.telegram))
    print(link(name, payload) if name else f"/start {payload}")
    if not name:
        print(f"{why_not}. Whoever is invited sends the bot the line above", file=sys.stderr)
    return 0


def _membership(rules: Rules, role: str, place: str, categories: list[str]) -> Membership:
    """The role at the place. Raises ValueError saying what is wrong with it."""
    found = _role(role)
    path = _path(rules.places, place, found) if place or found is not Role.ADMIN else ""
    if unknown := [c for c in categories if c not in rules.categories]:
        there = f"there are {', '.join(rules.categories)}"
        raise ValueError(f"--category {unknown[0]}: there is no such category; {there}")
    return Membership(role=found, place=path, categories=tuple(categories))


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise ValueError(f"--role {name}: one of {', '.join(Role)}") from None


def _path(places: Places, name: str, role: Role) -> str:
    """The whole path of a place where this role belongs; an admin's may be any."""
    depths = DEPTHS[role] if role is not Role.ADMIN else ANYWHERE
    if problem := misplaced(name, places, depths):
        raise ValueError(f"--place {name}: {problem}" if name else f"--place: {problem}")
    return places.resolve(name)


async def _invite(settings: Settings, rules: Rules, membership: Membership) -> str:
    store = Store.open(settings.database.url, KINDS, settings.database.timeout_seconds)
    try:
        await store.migrate()
        now = await moment(settings.clock.url)
        return await Desk(store, rules, WORKFLOWS).invite(membership, now)
    finally:
        await store.close()
