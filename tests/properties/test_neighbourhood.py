"""Whatever people do and whatever befalls the bot: the twelve invariants hold after every step."""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from bank import Bank
from casting import Cast
from chatting import Chat, Crew
from effort import examples
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from neighbourhood import IDS, MOVES, TROUBLES, Move, Neighbourhood
from rooms import announced, settings_with_rooms

from bot.config.settings import Settings
from playground.phones.phone import Phone
from playground.stage.stage import Stage, stage
from playground.torture.invariants import examine
from playground.world import keeping

Open = Callable[[], tuple[Stage, Path]]
_ADMIN = 9001
moves = st.builds(Move, what=st.sampled_from(MOVES), luck=st.integers(0, 9999))


class Life(RuleBasedStateMachine):
    """A day or two in one grid. The stage runs on a loop of this machine's own."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.exits = AsyncExitStack()
        self.database = folder / "haitang.db"
        self.here = self.runner.run(self._open(folder, settings))

    async def _open(self, folder: Path, settings: Settings) -> Neighbourhood:
        world = keeping.load(folder)
        assert world
        world.limits.enabled = False
        made = await self.exits.enter_async_context(
            stage(_on(settings, self.database), world=world)
        )
        return Neighbourhood(made)

    @rule(moves=st.lists(moves, min_size=1, max_size=3))
    def people_act(self, moves: list[Move]) -> None:
        self.runner.run(self.here.live(moves, "nothing"))

    @rule(moves=st.lists(moves, min_size=1, max_size=3), trouble=st.sampled_from(TROUBLES))
    def people_act_in_troubled_times(self, moves: list[Move], trouble: str) -> None:
        event(trouble)
        self.runner.run(self.here.live(moves, trouble))

    @invariant()
    def the_twelve_hold(self) -> None:
        found = examine(self.here.world, self.database)
        assert found.broken == ()
        assert found.duplicates <= self.here.lost  # F15, F20

    @invariant()
    def what_each_workflow_says_must_hold_does(self) -> None:
        assert self.runner.run(self.here.faults()) == []

    def teardown(self) -> None:
        self.runner.run(self.exits.aclose())
        self.runner.close()


def _on(settings: Settings, database: Path) -> Settings:
    url = settings.database.model_copy(update={"url": f"sqlite+aiosqlite:///{database}"})
    return settings.model_copy(update={"database": url})


async def _set_up(hired: Path, folder: Path, settings: Settings) -> None:
    """One petition is on offer, one has a plan, a topic is raised, a round is to be walked, two
    want the one place of an activity, a gift is chosen, and the grid has its group.
    """
    shutil.copy(hired / "haitang.db", folder / "haitang.db")
    world = keeping.load(hired)
    assert world
    world.limits.enabled = False
    async with stage(_on(settings, folder / "haitang.db"), world=world) as made:
        phones = {who: Phone(made.phones, IDS[who], who) for who in IDS}
        chats = {who: Chat(made, phone) for who, phone in phones.items() if who != "worker"}
        crew = Crew(cast=Cast(stage=made, **phones), stage=made, **chats)
        await crew.group()
        await crew.planned()
        await crew.file("3号楼楼道灯不亮", by=crew.zhou)
        await crew.chen.say("/topic 楼道里堆的东西怎么办")
        await crew.stage.forward(minutes=40)  # the day's round opens
        await _sign_up(crew)
        bank = Bank(crew)
        await bank.rich()
        await bank.chosen("毛巾")
        keeping.Keeper(world, folder).save()


async def _sign_up(crew: Crew) -> None:
    """Two neighbours want the one place of an activity, and one of the staff helps."""
    activity = await announced(crew)
    for chat, button in ((crew.chen, "就我一个"), (crew.zhou, "就我一个"), (crew.zhao, "当帮手")):
        await chat.start(f"at_{activity}")
        await chat.tap(button)


def test_a_neighbourhood_lives_on_whatever_befalls_the_bot(
    hired: Path, tmp_path_factory: pytest.TempPathFactory
):
    """# F1, F2, F14, F15, F17, F18, F19, F20, F24, F32, F48"""
    backdrop = tmp_path_factory.mktemp("backdrop")
    settings = settings_with_rooms(backdrop).model_copy(update={"admins": (_ADMIN,)})
    asyncio.run(_set_up(hired, backdrop, settings))

    def begin() -> Life:
        folder = tmp_path_factory.mktemp("life") / "copy"
        shutil.copytree(backdrop, folder)
        return Life(folder, settings)

    tries = examples(change=4, night=300, stateful_step_count=10)
    run_state_machine_as_test(begin, settings=tries)
