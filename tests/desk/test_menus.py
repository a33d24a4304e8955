"""The commands in people's menus: the house's, and those that a workflow says it has for whom."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree

import pytest
from folk import CHEN, COMMITTEE, LEAD, WANG, person
from msgspec.structs import replace

from bot import service
from bot.config import locales
from bot.config.settings import Settings
from playground.stage.stage import stage
from workflows.core.people import Person
from workflows.core.permissions import Menu, commands_of
from workflows.desk.inbound import commands
from workflows.desk.workflow import Workflows
from workflows.registry import WORKFLOWS

OUTING = Menu(residents=("outing",), staff=("minutes",), above=("quorum",))


@pytest.mark.parametrize(
    ("who", "has"),
    [
        (None, {"outing"}),
        (CHEN, {"outing"}),
        (WANG, {"outing", "minutes"}),
        (LEAD, {"outing", "minutes", "quorum"}),
        (COMMITTEE, {"outing", "minutes", "quorum"}),
    ],
)
def test_a_workflows_commands_are_in_the_menus_of_those_it_names(
    who: Person | None, has: set[str]
) -> None:
    told = commands_of(who, OUTING)
    assert {*told} - {*commands_of(who, Menu())} == has
    assert len(told) == len({*told})


def test_the_menus_of_several_workflows_are_one() -> None:
    both = OUTING.beside(Menu(residents=("orders",), above=("books",)))
    assert commands_of(person(7, "王"), both)[-2:] == ["outing", "orders"]
    assert both.staff == ("minutes",) and both.above == ("quorum", "books")


def test_a_command_in_a_menu_is_one_that_somebody_answers() -> None:
    for workflow in WORKFLOWS:
        menu = workflow.chat.menu
        told = {*menu.residents, *menu.staff, *menu.above}
        assert told <= workflow.chat.commands.keys()
        assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in workflow.chat.commands)


def test_no_workflow_has_a_command_that_the_house_answers_itself() -> None:
    assert not WORKFLOWS.commands.keys() & commands._PRIVATE.keys()


async def test_it_is_in_telegrams_menu_with_the_workflows_own_words(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copytree(locales.TEMPLATES, tmp_path / "templates")
    words = tmp_path / "templates" / "zh" / "outing" / "words.toml"
    words.parent.mkdir()
    words.write_text('[commands]\nouting = "结伴出门"\n', "utf-8")
    monkeypatch.setattr(locales, "TEMPLATES", tmp_path / "templates")
    first = WORKFLOWS.first
    chat = replace(first.chat, menu=OUTING)
    monkeypatch.setattr(service, "WORKFLOWS", Workflows(replace(first, chat=chat)))
    async with stage(settings) as made:
        default = made.server.world.bots[100].commands["default///"]
    assert {"command": "outing", "description": "结伴出门"} in default
    assert "private" not in [one["command"] for one in default]
