"""A community with everything on: a round each day, an activity, gifts to take."""

from __future__ import annotations

from pathlib import Path

from chatting import Crew
from post import rows

from bot.config.settings import Settings, load
from playground.demo import setting
from playground.stage.stage import TOKEN
from workflows.activities.store.kept import ACTIVITIES


def config_with_rooms(folder: Path) -> Path:
    """The demo's, with its round from the first morning on."""
    config = setting.write(folder)
    told = config.read_text("utf-8").replace("first = 2026-11-29", "first = 2026-11-24")
    config.write_text(told, "utf-8")
    return config


def settings_with_rooms(folder: Path) -> Settings:
    """The same, read; its file is put into the folder."""
    told = {"HAITANG_TELEGRAM__TOKEN": TOKEN, **setting.FUND}
    return load(config_with_rooms(folder), told)


async def announced(crew: Crew) -> int:
    """An activity of 李's, tomorrow, with one place and one helper. Its id."""
    for said in ("办活动 手工课", "明天 14:00-15:30", "社区活动室", "1", "1"):
        await crew.li.say(said)
    await crew.li.tap("公布")
    return int((await rows(crew.stage, ACTIVITIES.table))[-1]["id"])
