"""A bot that starts fast, backdrops that are set up once, and figures at the end."""

import asyncio
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import pytest
from casting import RESIDENTS, STAFF, Cast
from chatting import Chat, Crew
from rooms import config_with_rooms, settings_with_rooms
from scenes import SCENES
from trial import Outcome, Trial, passes

from bot.config.settings import Settings
from playground.demo import setting
from playground.phones.phone import Phone
from playground.stage.process_stage import UNPACED, process_stage
from playground.stage.stage import stage
from playground.stage.zygote import ForkedBot, Zygote
from playground.world import keeping

_BY_THE_CLOCK = ("tick", "timer", "chore")
_NAMES = ("chen", "zhou", "wang", "li", "zhao", "lead", "committee", "street")
Backdrop = Callable[[str], tuple[Path, int]]
Run = Callable[..., Outcome]


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    with Zygote() as made:
        yield made


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return config_with_rooms(tmp_path_factory.mktemp("config"))


@pytest.fixture(scope="session")
def backdrop(tmp_path_factory: pytest.TempPathFactory, hired: Path, config: Path) -> Backdrop:
    """The folder from which a scenario goes on, and its ticket; set up once for each beginning."""
    made: dict[object, tuple[Path, int]] = {}
    settings = settings_with_rooms(config.parent)

    def get(scene: str) -> tuple[Path, int]:
        begin = SCENES[scene][0]
        if begin not in made:
            folder = tmp_path_factory.mktemp(begin.__name__)
            made[begin] = folder, asyncio.run(_set_up(begin, hired, folder, settings))
        return made[begin]

    return get


async def _set_up(begin: Callable, hired: Path, folder: Path, settings: Settings) -> int:
    shutil.copy(hired / "haitang.db", folder / "haitang.db")
    database = settings.database.model_copy(
        update={"url": f"sqlite+aiosqlite:///{folder}/haitang.db"}
    )
    world = keeping.load(hired)
    assert world
    world.limits.enabled = False
    async with stage(settings.model_copy(update={"database": database}), world=world) as made:
        people = [*STAFF.items(), *RESIDENTS.items()]
        phones = {who: Phone(made.phones, known[-1], known[0]) for who, known in people}
        chats = {who: Chat(made, phones[who]) for who in _NAMES}
        ticket_id = await begin(Crew(cast=Cast(stage=made, **phones), stage=made, **chats))
        keeping.Keeper(world, folder).save()
    return int(ticket_id)


@pytest.fixture(scope="session")
def run(
    zygote: Zygote, backdrop: Backdrop, config: Path, tmp_path_factory: pytest.TempPathFactory
) -> Run:
    """Play a scene with a bot that dies where the order says; "" plays it calmly, and only once."""

    def play(scene: str, order: str, **environment: str) -> Outcome:
        folder, ticket_id = backdrop(scene)
        copy = tmp_path_factory.mktemp(scene) / "copy"
        shutil.copytree(folder, copy)
        return asyncio.run(_play(zygote, config, copy, scene, order, ticket_id, environment))

    calm = cache(play)
    return lambda scene, order, **environment: (
        play(scene, order, **environment) if ":" in order else calm(scene, order)
    )


async def _play(
    zygote: Zygote,
    config: Path,
    folder: Path,
    scene: str,
    order: str,
    ticket_id: int,
    more: dict[str, str],
) -> Outcome:
    """For the clock's own points time passes at the end of every scene."""
    world = keeping.load(folder)
    assert world
    world.limits.enabled = False
    database = folder / "haitang.db"
    late = [passes(minutes=95)] if order.startswith(_BY_THE_CLOCK) else []
    async with process_stage(
        config, world=world, database=f"sqlite+aiosqlite:///{database}",
        environment=UNPACED | setting.FUND | more, process=partial(ForkedBot, zygote),
    ) as house:  # fmt: skip
        trial = Trial(house, database, ticket_id, order if ":" in order else "")
        return await trial.play([*SCENES[scene][1], *late])


# The figures: which point was reached by how many scenes, how often the bot died, what was doubled.

_REACHED: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    told = dict(report.user_properties)
    if report.when == "call" and "point" in told:
        _REACHED[told["point"]][told["scene"]] = (told["kills"], told["duplicates"])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _REACHED:
        return
    terminalreporter.section("where the bot died")
    terminalreporter.line(f"{'point':<20}{'scenes':>8}{'reached':>9}{'deaths':>8}{'doubled':>9}")
    for point, scenes in sorted(_REACHED.items()):
        deaths, doubled = (sum(each[n] for each in scenes.values()) for n in (0, 1))
        reached = sum(kills > 0 for kills, _ in scenes.values())
        terminalreporter.line(f"{point:<20}{len(scenes):>8}{reached:>9}{deaths:>8}{doubled:>9}")
        missed = [scene for scene, (kills, _) in scenes.items() if not kills]
        if missed:
            terminalreporter.line(f"    not reached by {', '.join(sorted(missed))}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A point that hardly any scene reaches is not tried."""
    for scenes in _REACHED.values():
        if len(scenes) == len(SCENES) and sum(kills > 0 for kills, _ in scenes.values()) < 2:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
