"""`haitang doctor`: what is well, what is not, and what to do about it, a line each.

It reads only, and may run beside the bot.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import IntEnum
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.config.checks import Mistake
from bot.config.settings import Settings
from bot.ops import backup, lost, roster, standing
from bot.ops.standing import Standing
from bot.running.clock import moment
from bot.telegram.client import make_bot
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Queue, Store, Tx, integrity, unreadable
from workflows.store.engine import owner
from workflows.store.engine.snapshot import file_of
from workflows.store.integrity import Engine
from workflows.store.migrations import pending
from workflows.store.reading import UnreadableError

_GIGABYTE = 1024**3
_SECONDS = 10.0  # for Telegram to answer
_NAMED = 10  # faults or rows that cannot be read


class Level(IntEnum):
    """How bad it is; the worst is the exit code."""

    OK = 0
    WARN = 1
    BAD = 2


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at; `told` says how it is and what to do."""

    name: str
    level: Level
    told: str

    def __str__(self) -> str:
        return f"{self.level.name.lower():4}  {self.name:10}  {self.told}"


def ok(name: str, told: str) -> Finding:
    """All is well."""
    return Finding(name=name, level=Level.OK, told=told)


def warn(name: str, told: str) -> Finding:
    """It works, but not for ever."""
    return Finding(name=name, level=Level.WARN, told=told)


def bad(name: str, told: str) -> Finding:
    """People are not served."""
    return Finding(name=name, level=Level.BAD, told=told)


def print_findings(settings: Settings, doubted: Sequence[Mistake] = ()) -> int:
    """Print every finding, with what is doubted in the config. Returns 0, 1 with a warning, 2 when
    something is bad.
    """
    found = [*(warn("config", str(doubt)) for doubt in doubted), *asyncio.run(examine(settings))]
    for finding in found:
        print(finding)
    return int(max(finding.level for finding in found))


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything."""
    now = await moment(settings.clock.url)
    found = [finding async for finding in _database(settings, now)]
    found += [disk(settings), files(settings), backups(settings, now), await _clock(settings)]
    found += [finding async for finding in _telegram(settings)]
    return found


# the database


async def _database(settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    path = file_of(settings.database.url)
    if gone := list(lost.found(settings)):
        yield bad("database", "; ".join(gone))
        return
    if path and not path.exists():
        yield bad("database", f"there is no {path}: run `haitang run`, or restore a backup")
        return
    store = Store.open(settings.database.url, KINDS, settings.database.timeout_seconds)
    try:
        async for finding in _stored(store, settings, now):
            yield finding
    except Exception as error:
        told = integrity.is_broken(error)
        yield broken() if told else bad("database", f"{type(error).__name__}: cannot be read")
    finally:
        await store.close()


async def _stored(store: Store, settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    reading = store.read_all if store.file else store.read  # a file is read from end to end
    async with reading(now) as tx:
        yield await _intact(tx)
        yield durability(await tx.ask(integrity.engine))
        change = await tx.ask(pending)
        if change:
            yield bad("schema", f"{change}: start this haitang once, or install the newer one")
            return
        yield ok("schema", "as this haitang makes it")
        if met := await tx.ask(unreadable.look, tx.kinds):
            yield unread(met)
        yield sound(await WORKFLOWS.faults(tx))
        found = await standing.look(tx, settings)
        yield staffed(found.gaps)
        for finding in known(found, settings):
            yield finding
        yield polled(await tx.ask(integrity.last_beat, "poll"), now)
        for finding in owed(await tx.ask(integrity.queue, now), now):
            yield finding


async def _intact(tx: Tx) -> Finding:
    if found := await tx.ask(integrity.faults, "integrity_check"):
        return broken(found[0])
    if table := await tx.ask(integrity.loose):
        told = f"{table} has rows that refer to nothing: was something deleted by hand?"
        return warn("database", f"{told} `PRAGMA foreign_key_check` lists them")
    return ok("database", "intact")


def broken(fault: str = "the file cannot be read") -> Finding:
    """The file is damaged."""
    return bad("database", f"{fault}: stop the bot, `haitang restore` the newest backup")


def unread(met: Sequence[UnreadableError]) -> Finding:
    """What is there and this version cannot read; tickets by their numbers."""
    more = f" and {len(met) - _NAMED} more" if len(met) > _NAMED else ""
    told = "; ".join(str(one) for one in met[:_NAMED])
    advice = "are they of a newer haitang? Install that one, or mend them; all others are served"
    return bad("rows", f"cannot be read: {told}{more}: {advice}")


def sound(faults: Sequence[str]) -> Finding:
    """Whether all holds that must: balances, places given out, rounds that end."""
    more = f" and {len(faults) - _NAMED} more" if len(faults) > _NAMED else ""
    told = "; ".join(faults[:_NAMED])
    return bad("books", f"{told}{more}") if faults else ok("books", "add up")


def staffed(gaps: roster.Gaps) -> Finding:
    """Whether there is somebody for what residents bring."""
    level = bad if gaps.unheard else warn if gaps.empty else ok
    return level("roster", str(gaps))


def known(found: Standing, settings: Settings) -> Iterator[Finding]:
    """Whether everybody can be written to, and works at a place that there is."""
    told = [*standing.unheard_in_words(found)]
    told += standing.gone_in_words(found, settings.rules({}))
    yield from (warn("people", one) for one in told)
    if not told:
        yield ok("people", f"{len(found.staff)} on the roster, {len(found.groups)} groups")


def durability(engine: Engine) -> Finding:
    """Whether a commit survives a power cut."""
    told = f"{engine.name} {engine.version}"
    if engine.name != "SQLite":
        return ok("durability", told)
    told = f"{told}, journal {engine.journal}, synchronous {engine.synchronous}"
    is_safe = engine.journal == "wal" and engine.synchronous in {"FULL", "EXTRA"}
    if is_safe:
        return ok("durability", told)
    return bad("durability", f"{told}: move the database to a local disk, it needs WAL and FULL")


def polled(at: datetime | None, now: datetime) -> Finding:
    """When Telegram was last heard, by what the running bot writes down twice a minute."""
    if at is None:
        return warn("poll", "never heard of Telegram yet: run `haitang run`")
    seconds = (now - at).total_seconds()
    told = f"Telegram was last heard {_span(seconds)} ago"
    if seconds < 180:
        return ok("poll", told)
    advice = "is the bot running, and the line up? Look at its log"
    return (warn if seconds < 900 else bad)("poll", f"{told}: {advice}")


def owed(queue: Queue, now: datetime) -> Iterator[Finding]:
    """Messages that wait, what is dead, timers that did not ring."""
    age = (now - queue.oldest).total_seconds() if queue.oldest else 0.0
    told = f"{queue.sendable} to send, the oldest for {_span(age)}, {queue.parked} parked"
    level = ok if age < 300 else warn if age < 3600 else bad
    yield level("outbox", told if age < 300 else f"{told}: is the bot running, Telegram up?")
    dead = queue.dead + queue.letters
    told = f"{queue.dead} messages, {queue.letters} updates"
    yield warn("dead", f"{told}: `haitang dead-letters`") if dead else ok("dead", told)
    late = (now - queue.latest_timer).total_seconds() if queue.latest_timer else 0.0
    told = f"{queue.timers} overdue, by {_span(late)}" if queue.timers else "none overdue"
    level = ok if late < 120 else warn if late < 900 else bad
    yield level("timers", told if late < 120 else f"{told}: is the bot running?")


# the machine


def disk(settings: Settings) -> Finding:
    """Whether there is room to go on writing."""
    path = file_of(settings.database.url)
    if path is None:
        return ok("disk", "the database is elsewhere: look there")
    folder = next(p for p in path.absolute().parents if p.exists())
    usage = shutil.disk_usage(folder)
    size = path.stat().st_size if path.exists() else 0
    told = f"{usage.free / _GIGABYTE:.1f} GB free, the database has {size / _GIGABYTE:.2f} GB"
    if usage.free < max(size / 4, 0.1 * _GIGABYTE):
        return bad("disk", f"{told}: free some now, or nothing can be filed")
    if usage.free < max(size * 2, _GIGABYTE):
        return warn("disk", f"{told}: free some, a backup needs as much as the database")
    return ok("disk", told)


def files(settings: Settings) -> Finding:
    """Whether what residents wrote is for its owner alone."""
    found = owner.open_among(path for path in backup.own_files(settings) if path.exists())
    if not found:
        return ok("files", "for their owner alone")
    told = ", ".join(str(path) for path in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return warn("files", f"others may read {told}{more}: chmod go= them, or move them to a "
                "folder of their own")  # fmt: skip


def backups(settings: Settings, now: datetime) -> Finding:
    """Whether there is a young copy."""
    part = settings.backup
    if file_of(settings.database.url) is None:
        return ok("backup", "PostgreSQL: make them with pg_dump")
    if not part.folder:
        return warn("backup", "off: set folder under [backup]")
    age = backup.age(Path(part.folder), now)
    if age is None:
        return warn("backup", f"none yet in {part.folder}: run `haitang backup`")
    told = f"the newest is {_span(age.total_seconds())} old"
    if age <= timedelta(hours=part.every_hours * 2):
        return ok("backup", told)
    return bad("backup", f"{told}: look for backup_failed in the log")


async def _clock(settings: Settings) -> Finding:
    """This machine's clock against the Date that Telegram's server sends; no token is sent."""
    if settings.clock.url:
        return warn("clock", "follows a playground: leave [clock] url empty for real use")
    parts = urlsplit(settings.telegram.base_url)
    try:
        async with httpx.AsyncClient(timeout=_SECONDS) as client:
            answer = await client.head(f"{parts.scheme}://{parts.netloc}/")
        theirs = parsedate_to_datetime(answer.headers["date"])
    except (httpx.HTTPError, KeyError, ValueError):
        return warn("clock", "Telegram cannot be reached to compare: check NTP by hand")
    return skew((datetime.now(UTC) - theirs).total_seconds())


def skew(seconds: float) -> Finding:
    """Deadlines are told by this machine's clock."""
    if abs(seconds) <= 5:
        return ok("clock", "within five seconds of Telegram's")
    told = f"{_span(abs(seconds))} {'ahead of' if seconds > 0 else 'behind'} Telegram's"
    return (warn if abs(seconds) <= 60 else bad)("clock", f"{told}: turn NTP on")


# Telegram


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    bot, _ = make_bot(settings.telegram)
    try:
        async with bot:
            yield ok("token", f"@{bot.username}")
            yield await _hook(bot, settings)
    except InvalidToken:
        yield bad("token", "Telegram does not know it: ask @BotFather for a new one")
    except TelegramError as error:
        yield bad("token", f"Telegram cannot be asked ({type(error).__name__}): is the line up?")


async def _hook(bot: Bot, settings: Settings) -> Finding:
    return hook(await bot.get_webhook_info(), settings.telegram.mode, settings.telegram.webhook.url)


def hook(info: WebhookInfo, mode: str, url: str) -> Finding:
    """Whether updates come in the way that the config says."""
    waiting = f"{info.pending_update_count} updates wait"
    if mode == "polling":
        if info.url:
            return bad("updates", "a webhook is set, polling gets nothing: restart the bot")
        return ok("updates", f"polling, {waiting}")
    if info.url != url:
        return bad("updates", "Telegram calls elsewhere: restart the bot to set the webhook")
    if info.last_error_message:
        return warn("updates", f"webhook, {waiting}, last error: {info.last_error_message}")
    return ok("updates", f"webhook, {waiting}")


def _span(seconds: float) -> str:
    """The same in the largest unit that fits: "3 min"."""
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
