"""`haitang invite`: a link for the first lead, before there is anybody to invite in chat."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

from telegram.error import TelegramError

from bot.config.settings import Settings
from bot.running.clock import moment
from bot.telegram.client import make_bot
from workflows.core.people import Membership, Role
from workflows.core.permissions import DEPTHS
from workflows.core.places import UnknownPlaceError
from workflows.core.policy import Rules
from workflows.desk import Desk
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store


def print_invitation(settings: Settings, role: str, place: str, categories: list[str]) -> int:
    """Print the link, or what to send to the bot in its stead. Returns 0, or 2 for a mistake."""
    rules = settings.rules({})
    try:
        membership = _membership(rules, role, place, categories)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(asyncio.run(_invite(settings, rules, membership)))
    return 0


def _membership(rules: Rules, role: str, place: str, categories: list[str]) -> Membership:
    """The role at the place. Raises ValueError saying what is wrong with it."""
    try:
        found = Role(role)
        path = rules.places.resolve(place) if place else ""
    except ValueError:
        raise ValueError(f"--role {role}: one of {', '.join(Role)}") from None
    except UnknownPlaceError:
        raise ValueError(f"--place {place}: no such place, or more than one") from None
    if found is not Role.ADMIN and path.count("/") + 1 not in DEPTHS[found]:
        raise ValueError(f"--place {place}: a {role} does not belong there")
    unknown = [c for c in categories if c not in rules.categories]
    if unknown:
        raise ValueError(f"--category {unknown[0]}: no such category")
    return Membership(role=found, place=path, categories=tuple(categories))


async def _invite(settings: Settings, rules: Rules, membership: Membership) -> str:
    store = Store.open(settings.database.url, KINDS, settings.database.timeout_seconds)
    try:
        await store.migrate()
        now = await moment(settings.clock.url)
        payload = await Desk(store, rules, WORKFLOWS).invite(membership, now)
    finally:
        await store.close()
    return await _link(settings, payload)


async def _link(settings: Settings, payload: str) -> str:
    """The full link when Telegram can be asked for the bot's name, else what to send to the bot."""
    if settings.telegram.token.get_secret_value():
        with suppress(TelegramError):
            async with make_bot(settings.telegram)[0] as bot:
                return f"https://t.me/{bot.username}?start={payload}"
    return f"/start {payload}"
