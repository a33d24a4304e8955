"""`haitang doctor` and `haitang check` say where nobody works yet, and who hears of faults."""

from __future__ import annotations

from pathlib import Path

import pytest
from casting import GRID, Cast
from folk import EXAMPLE

from bot.__main__ import main
from bot.ops import doctor
from bot.ops.doctor import Level
from playground.stage.stage import TOKEN, Stage


async def roster(stage: Stage) -> doctor.Finding:
    found = [f async for f in doctor._database(stage.settings, stage.now)]
    return next(f for f in found if f.name == "roster")


async def test_with_nobody_at_all_it_is_bad(on_stage: Stage):
    found = await roster(on_stage)
    assert found.level is Level.BAD and GRID in found.told
    assert "nobody hears of" in found.told and "haitang invite" in found.told


async def test_a_grid_that_somebody_above_hears_of_is_a_warning(cast: Cast):
    found = await roster(cast.stage)
    assert found.level is Level.WARN and "南环一/2网格" in found.told and GRID not in found.told
    assert "nobody hears" not in found.told


async def test_who_cannot_be_reached_is_not_there(cast: Cast):
    for phone in (cast.wang, cast.li, cast.zhao, cast.worker, cast.lead):
        await phone.block()
        await cast.stage.settle()
    assert GRID in (await roster(cast.stage)).told


def test_check_says_that_no_admin_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", TOKEN)
    config = tmp_path / "config.toml"
    config.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    assert main(["check", "--config", str(config)]) == 0
    assert "admins: nobody hears of faults" in capsys.readouterr().out
    config.write_text(EXAMPLE.read_text("utf-8").replace("admins = []", "admins = [7]"), "utf-8")
    assert main(["check", "--config", str(config)]) == 0
    assert "admins:" not in capsys.readouterr().out


def test_check_names_the_grids_without_anybody(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], migrated: Path
):
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", TOKEN)
    monkeypatch.setenv("HAITANG_DATABASE__URL", f"sqlite+aiosqlite:///{migrated}")
    assert main(["check", "--config", str(EXAMPLE)]) == 0
    assert f"roster: nobody works in {GRID}" in capsys.readouterr().out
