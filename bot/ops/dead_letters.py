"""`haitang dead-letters`: what could not be handled or sent; look at it, try it again, drop it.

An id is "u7" for an update and "m7" for a message. The list says nothing that people wrote.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from bot.config.settings import Settings
from bot.running.clock import moment
from bot.telegram.client import make_bot
from bot.telegram.translate import translate
from workflows.core.talk.messages import Incoming
from workflows.desk import Desk
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store
from workflows.store.messages import dead_letters
from workflows.store.messages.dead_letters import DeadMessage, DeadUpdate
from workflows.store.unit.codec import incoming_from

Dead = DeadUpdate | DeadMessage
_ID = re.compile(r"([um])(\d{1,18})")
Work = Callable[[Store, datetime], Awaitable[int]]


def show(settings: Settings, *, full: bool) -> int:
    """Print what is dead; with `full` also who it was, the words, and the whole error."""
    return asyncio.run(_with_store(settings, partial(print_list, full=full)))


def retry(settings: Settings, name: str) -> int:
    """Handle an update, or send a message, once more. Returns 0, or 1 if it failed again."""
    kind, number = _parsed(name)
    if kind == "u":
        return asyncio.run(_with_store(settings, partial(_retry_update, settings, number)))
    return asyncio.run(_with_store(settings, partial(queue_again, name)))


def drop(settings: Settings, name: str) -> int:
    """Give one up; that it was dropped stays with its row. Returns 0, or 1 if there is none."""
    return asyncio.run(_with_store(settings, partial(give_up, name)))


async def _with_store(settings: Settings, work: Work) -> int:
    store = Store.open(settings.database.url, KINDS, settings.database.timeout_seconds)
    try:
        await store.migrate()
        return await work(store, await moment(settings.clock.url))
    finally:
        await store.close()


async def print_list(store: Store, now: datetime, *, full: bool) -> int:
    """A line each, newest first: updates, then messages."""
    async with store.read(now) as tx:
        dead: list[Dead] = [*await tx.ask(dead_letters.updates)]
        dead += await tx.ask(dead_letters.messages)
    print("\n".join(_line(one, full=full) for one in dead) or "no dead letters")
    return 0


async def queue_again(name: str, store: Store, now: datetime) -> int:
    """Owe a dead message once more."""
    kind, number = _parsed(name)
    async with store.begin(now) as tx:
        is_done = kind == "m" and await tx.do(dead_letters.queue_again, number, now)
    return _told(name, "queued again; a running bot sends it within a minute", is_done=is_done)


async def give_up(name: str, store: Store, now: datetime) -> int:
    """Drop either."""
    kind, number = _parsed(name)
    async with store.begin(now) as tx:
        if kind == "u":
            is_done = await tx.do(dead_letters.settle_update, number, "dropped")
        else:
            is_done = kind == "m" and await tx.do(dead_letters.drop_message, number, now)
    return _told(name, "dropped", is_done=is_done)


async def _retry_update(settings: Settings, number: int, store: Store, now: datetime) -> int:
    async with store.read(now) as tx:
        letter = await tx.ask(dead_letters.update_of, number)
    incoming = _incoming(settings, letter, now) if letter else None
    if incoming is None:
        return _told(f"u{number}", "", is_done=False)
    desk = Desk(store, settings.rules(settings.choices()), WORKFLOWS, settings.admins)
    try:
        await desk.retry(number, incoming, now)
    except Exception as error:
        print(f"u{number}: failed again: {type(error).__name__}", file=sys.stderr)
        return 1
    return _told(f"u{number}", "handled; a running bot answers within a minute", is_done=True)


def _incoming(settings: Settings, letter: DeadUpdate, now: datetime) -> Incoming | None:
    """The update as if it came now; None when it cannot be read, or its words were erased."""
    if isinstance(letter.raw, dict) and "kind" in letter.raw:
        read: object = incoming_from(letter.raw)
    else:
        read = translate(letter.raw, make_bot(settings.telegram)[0], now)
    return replace(read, at=now, callback_id="") if isinstance(read, Incoming) else None


def _line(one: Dead, *, full: bool) -> str:
    return "  ".join(_full(one) if full else _masked(one))


def _masked(one: Dead) -> Iterator[str]:
    yield f"{'u' if isinstance(one, DeadUpdate) else 'm'}{one.id}"
    yield f"{one.at:%Y-%m-%d %H:%M}Z"
    yield _kind_of(one)
    yield re.sub(r"\W.*", "", one.error, flags=re.DOTALL) or "refused"


def _kind_of(one: Dead) -> str:
    if isinstance(one, DeadMessage):
        return one.template
    return str(one.raw.get("kind", "unreadable")) if isinstance(one.raw, dict) else "unreadable"


def _full(one: Dead) -> Iterator[str]:
    yield from _masked(one)
    if isinstance(one, DeadUpdate):
        yield f"person {one.person_id}, update {one.update_id}: {one.raw}"
    else:
        yield f"chat {one.chat_id}, ticket {one.ticket_id}: {one.values}"
    yield one.error


def _parsed(name: str) -> tuple[str, int]:
    found = _ID.fullmatch(name)
    return (found[1], int(found[2])) if found else ("", 0)


def _told(name: str, what: str, *, is_done: bool) -> int:
    print(f"{name}: {what}") if is_done else _unknown(name)
    return 0 if is_done else 1


def _unknown(name: str) -> int:
    print(f"{name}: no dead letter that can be tried (u… or m…, see the list)", file=sys.stderr)
    return 1
