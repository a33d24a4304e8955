"""`haitang demo`: the four stories the bot is for, told by the real bot, and a page to go on with.

The bot runs as its own process against the playground, on a clock that is moved forward. Who says
what to whom is printed as it happens; at the end every promise is checked against the store.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from playground.demo import setting
from playground.demo.control_api import ABILITIES, ControlApi
from playground.demo.inspector import Inspector
from playground.demo.ledger import Ledger
from playground.demo.narrator import Narrator
from playground.demo.play import Play
from playground.demo.story import STORIES, Step
from playground.http.server import serve
from playground.phones.client import Phones
from playground.phones.phone import Phone
from playground.stage.process import BotProcess
from playground.stage.process_stage import ProcessStage, bot_environment
from playground.stage.stage import MORNING, TOKEN
from playground.world.clock import Clock
from playground.world.keeping import Keeper, load
from playground.world.world import World
from workflows.petition.model import Ticket
from workflows.petition.words import State

PORT = 8765
_LIMIT = timedelta(hours=24)
_FEW = {"chen": 4, "wang": 6, "wu": 2}  # messages that one petition pushes


@dataclass(frozen=True, kw_only=True)
class Options:
    """How the demo runs. `folder` is where its state is kept; None tells the stories and ends.

    `pause` is in seconds a printed message; `port` 0 takes a free one.
    """

    folder: Path | None = None
    pause: float = 0.0
    port: int = PORT
    stories: bool = True
    fresh: bool = False


# -- the house --------------------------------------------------------------------------


@dataclass(frozen=True)
class House:
    """Everything that runs in a demo."""

    play: Play
    ledger: Ledger
    control_api: ControlApi


@asynccontextmanager
async def house(folder: Path, options: Options) -> AsyncIterator[House]:
    """The playground on the folder's world, the bot on the folder's database."""
    world = load(folder) or World(clock=Clock.manual(MORNING))
    control_api = ControlApi()
    port = _free_or_any(options.port)
    async with (
        Keeper(world, folder).keeping(),
        serve(world, port=port, more=control_api.routes(), abilities=ABILITIES) as server,
        Phones(server.root, TOKEN) as phones,
    ):
        database = f"sqlite+aiosqlite:///{folder / 'haitang.db'}"
        environment = bot_environment(server, database, has_own_clock=True) | setting.FUND
        config = setting.write(folder)
        bot = BotProcess(config, environment, folder / "bot.log")
        narrator = Narrator(world, options.pause)
        ledger = await Ledger.open(config, database, narrator)
        try:
            await bot.start()
            stage = ProcessStage(server, phones, bot, database)
            yield House(Play(stage, narrator, ledger.rules.zone), ledger, control_api)
        finally:
            await control_api.close()
            await _goodbye(bot)
            await ledger.close()


async def _goodbye(bot: BotProcess) -> None:
    """Let the bot end as it would in life; whatever happens, leave nothing behind."""
    try:
        if bot.is_running:
            await bot.stop()
    finally:
        await bot.close()


def _free_or_any(port: int) -> int:
    """The port if nobody has it, else 0: any."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


# -- telling ----------------------------------------------------------------------------


async def tell(made: House) -> bool:
    """Tell all stories, and check what they claim."""
    for name, steps in STORIES.items():
        await tell_one(made.play, name, steps)
    return await check(made)


async def tell_one(play: Play, name: str, steps: tuple[Step, ...]) -> None:
    """Tell one story."""
    play.narrator.title(name)
    for step in steps:
        await play.do(step)


async def check(made: House) -> bool:
    """Show both tickets' steps and clocks; whether they are what the stories say."""
    ledger, phones = made.ledger, made.play.phones
    kept, late, *others = await ledger.tickets()
    for ticket in (kept, late):
        await ledger.show(ticket)
        made.play.narrator.pushes(await _pushes(made, ticket.id))
    higher = (phones["qian"], phones["wu"], phones["street"])
    facts = {
        "closed": kept.state is State.CLOSED and kept.rating == 3,
        "kept": kept.told_at is not None and kept.told_at - kept.filed_at < _LIMIT,
        "no_breach": kept.breached_at is None,
        "breach": late.breached_at == late.filed_at + _LIMIT,
        "told_late": late.told_at is not None and late.told_at - late.filed_at > _LIMIT,
        "climbed": await _heard(ledger, late.id, *higher),
        "honest": "overdue_resident" in await ledger.sent_to(phones["zhou"].user_id, late.id),
        "few": await _are_few(made, kept.id),
        **await _rooms(made, others),
        "chain": await ledger.is_chained(kept) and await ledger.is_chained(late),
        "nothing_owed": await ledger.is_quiet(made.play.stage.now),
    }
    made.play.narrator.verdict(facts)
    return all(facts.values())


async def _rooms(made: House, others: Sequence[Ticket]) -> dict[str, bool]:
    """What the round and the activity came to."""
    ledger, phones = made.ledger, made.play.phones
    [charger, *more], [finding], [activity] = (
        others,
        *[await ledger.subjects(kind) for kind in ("findings", "activities")],
    )
    told = await ledger.sent_to(phones["chen"].user_id, charger.id)
    places = activity.slot()
    return {
        "one_petition": not more and charger.state is State.CLOSED,
        "borne_out": "borne_out" in told,
        "checked": finding.state == "cleared" and finding.fixers == (phones["wang"].user_id,),
        "line_kept": (places.taken, len(places.line)) == (38, 2),
        "points": [one.state for one in await ledger.subjects("gift")] == ["waiting"],
        "nothing_wrong": await ledger.faults() == [],
    }


async def _heard(ledger: Ledger, ticket_id: int, *phones: Phone) -> bool:
    """Whether each of these was told of the breach."""
    sent = [await ledger.sent_to(phone.user_id, ticket_id) for phone in phones]
    return all("overdue" in templates for templates in sent)


async def _pushes(made: House, ticket_id: int) -> dict[str, tuple[int, int]]:
    """How many messages a ticket brought to each of the cast, by name."""
    counts = await made.ledger.pushed(ticket_id)
    phones = made.play.phones.values()
    return {p.name: counts[p.user_id] for p in phones if p.user_id in counts}


async def _are_few(made: House, ticket_id: int) -> bool:
    """Whether nobody of the common path was sent more than he can bear."""
    counts = await made.ledger.pushed(ticket_id)
    people = {key: phone.user_id for key, phone in made.play.phones.items()}
    return all(counts[people[key]][0] <= most for key, most in _FEW.items())


# -- the two ways to run ----------------------------------------------------------------


async def run(options: Options) -> int:
    """Tell the stories, and with a folder serve the page until interrupted.

    Returns 0, or 1 when a clock or a message was not as the stories say.
    """
    if options.folder is None:
        with TemporaryDirectory(prefix="demo-") as folder:
            async with house(Path(folder), options) as made:
                await made.play.gather()
                return 0 if await tell(made) else 1
    is_new = _prepare(options.folder, is_fresh=options.fresh)
    return await _run_page(options.folder, options, tells=is_new and options.stories)


def _prepare(folder: Path, *, is_fresh: bool) -> bool:
    """Make the folder; whether there is nothing in it yet."""
    if is_fresh:
        rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return not (folder / "world.json").exists()


async def _run_page(folder: Path, options: Options, *, tells: bool) -> int:
    async with house(folder, options) as made:
        is_right = await _open(made, tells=tells)
        _say(made, "serving", folder=folder)
        await _interrupted()
    return 0 if is_right else 1


async def _open(made: House, *, tells: bool) -> bool:
    """Everybody takes their place; the page opens once the stories are told."""
    await made.play.gather()
    if not tells:
        open_page(made)
        return True
    _say(made, "watching")
    is_right = await tell(made)
    await made.play.do(Step(kind="morning"))
    open_page(made)
    return is_right


def open_page(made: House) -> None:
    """From now on the page may move time and look behind the glass."""
    made.control_api.open(made.play, Inspector(made.ledger, made.play.narrator.words["marks"]))


def _say(made: House, what: str, **values: object) -> None:
    words = made.play.narrator.words
    address = f"{made.play.stage.server.root}/"
    print(f"\n{words[what].format(address=address, **values)}", flush=True)


async def _interrupted() -> None:
    """Wait for Ctrl+C, SIGTERM, or the end of the terminal."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
