"""What an operator does on the command line, beside a bot that people talk with over HTTP."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import segno
from casting import CHARGER, GRID, Cast
from folk import EXAMPLE
from structlog.testing import capture_logs
from walking import Walker

from bot.__main__ import main
from bot.config.places import Building
from bot.config.settings import Settings
from bot.endings import EXIT_CONFIG
from playground.stage.stage import TOKEN, Stage
from workflows.core.people import Membership, Role

Haitang = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def haitang(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Haitang:
    """Runs a command beside the bot; its code, and what it printed."""

    async def run(
        stage: Stage, command: str, *more: str, clock: str = "clock"
    ) -> tuple[int, str, str]:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HAITANG_DATABASE__URL", stage.settings.database.url)
        monkeypatch.setenv("HAITANG_TELEGRAM__BASE_URL", stage.server.base_url)
        monkeypatch.setenv("HAITANG_CLOCK__URL", f"{stage.server.root}/playground/{clock}")
        capsys.readouterr()
        code = await asyncio.to_thread(main, [command, "--config", str(EXAMPLE), *more])
        return code, *capsys.readouterr()

    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", TOKEN)
    return run


# who joins by what is printed


async def test_the_line_printed_without_a_token_is_what_the_first_lead_sends(
    on_stage: Stage, haitang: Haitang, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("HAITANG_TELEGRAM__TOKEN")
    invited = ("--role", "lead", "--place", "南环一/1网格")
    code, line, why = await haitang(on_stage, "invite", *invited)
    assert code == 0 and "no token is set" in why and len(why.splitlines()) == 1
    lead = await on_stage.phones.add_user("钱进", 3001)
    await lead.send(line.strip())
    await on_stage.settle()
    assert "网格长" in "".join(m.text for m in await lead.inbox())


async def test_with_a_token_it_is_a_link_and_nothing_beside_it(on_stage: Stage, haitang: Haitang):
    code, line, why = await haitang(on_stage, "invite", "--role", "admin")
    name = on_stage.service.bot.username
    assert code == 0 and why == ""
    assert re.fullmatch(rf"https://t\.me/{name}\?start=iv_[\w-]{{32}}\n", line)


async def test_a_stations_link_is_printed_and_opens_the_bot_there(
    cast: Cast, haitang: Haitang, tmp_path: Path
):
    page = tmp_path / "stations.html"
    code, told, _ = await haitang(cast.stage, "stations", "--page", str(page))
    first, *_, last = told.splitlines()
    name, _, link = first.partition(" ")[0], *first.partition("): ")[1:]
    assert code == 0 and str(page) in last
    assert link.startswith(f"https://t.me/{cast.stage.service.bot.username}?start=st_")
    assert drawn_code(link) in page.read_text("utf-8") and "viewBox" in drawn_code(link)
    await cast.chen.start(link.partition("start=")[2])
    await cast.stage.settle()
    assert name in "".join(m.text for m in await cast.chen.inbox())


def drawn_code(link: str) -> str:
    """Without a size of its own, so that a page can make it as large as a sheet wants."""
    return str(segno.make(link, error="m", micro=False).svg_inline(omitsize=True))


async def test_without_the_bots_name_it_says_what_to_do(
    on_stage: Stage, haitang: Haitang, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.delenv("HAITANG_TELEGRAM__TOKEN")
    code, told, why = await haitang(on_stage, "stations")
    assert (code, told) == (1, "") and "HAITANG_TELEGRAM__TOKEN" in why and "--bot" in why
    code, told, why = await haitang(on_stage, "stations", "--bot", "@some_bot")
    assert (code, why) == (0, "") and "https://t.me/some_bot?start=st_" in told


# who works where


async def test_the_roster_has_everybody_with_how_they_are_and_what_is_missing(
    cast: Cast, haitang: Haitang
):
    await cast.li.block()
    await cast.stage.settle()
    code, told, _ = await haitang(cast.stage, "roster")
    lines = told.splitlines()
    assert code == 0 and f"{GRID}  lead  钱进 (3001): on duty" in lines
    assert f"{GRID}/3幢  pioneer  王琴 (2001): on duty" in lines
    assert lines.index(f"{GRID}  lead  钱进 (3001): on duty") < lines.index(
        f"{GRID}  worker  孙工 (2004): on duty"
    )
    assert any(one.startswith("missing: nobody works in 友新街道/南环一/2网格") for one in lines)


async def test_before_there_is_anybody_the_roster_says_how_to_begin(
    on_stage: Stage, haitang: Haitang
):
    code, told, _ = await haitang(on_stage, "roster")
    assert code == 0 and told.startswith(f"missing: nobody works in {GRID}")
    assert "haitang invite" in told and "/bind" in told


# a renamed building


def renamed(settings: Settings) -> Settings:
    """The same where 3幢 of the first grid was given another name."""
    first, *more = settings.communities
    grid, *others = first.grids
    houses = tuple(Building(name="三号楼") if b.name == "3幢" else b for b in grid.buildings)
    changed = grid.model_copy(update={"buildings": houses})
    first = first.model_copy(update={"grids": (changed, *others)})
    return settings.model_copy(update={"communities": (first, *more)})


async def starting(stage: Stage, settings: Settings) -> list[dict[str, object]]:
    """What the log says when the bot is started again with other settings."""
    stage.settings = settings
    with capture_logs() as logs:
        await stage.restart()
    return [*logs]


async def test_who_works_at_a_place_that_was_renamed_is_named_at_the_start(cast: Cast):
    told = await starting(cast.stage, renamed(cast.stage.settings))
    [gone] = [one for one in told if one["event"] == "gone"]
    assert "王琴 (pioneer, 友新街道/南环一/1网格/3幢)" in str(gone["what"])
    assert "old name" in str(gone["what"]) and "李明" not in str(gone["what"])


async def test_what_is_open_at_a_place_that_was_renamed_is_counted(cast: Cast):
    walker = await Walker.file(cast, CHARGER)
    assert (await walker.ticket()).place == f"{GRID}/3幢"
    told = await starting(cast.stage, renamed(cast.stage.settings))
    left = [str(one["what"]) for one in told if one["event"] == "gone"][-1]
    assert left.startswith(
        f"petitions are open where there is no such place any more: {GRID}/3幢 (1)"
    )


async def test_with_its_old_name_back_nobody_is_named(cast: Cast):
    told = await starting(cast.stage, cast.stage.settings)
    assert not [one for one in told if one["event"] == "gone"]


async def test_check_and_roster_name_them_too(cast: Cast, haitang: Haitang, tmp_path: Path):
    text = EXAMPLE.read_text("utf-8").replace('name = "3幢"', 'name = "三号楼"')
    (tmp_path / "renamed.toml").write_text(text, "utf-8")
    for command in ("check", "roster"):
        code, told, _ = await haitang(
            cast.stage, command, "--config", str(tmp_path / "renamed.toml")
        )
        assert code == 0 and f"no such place any more: 王琴 (pioneer, {GRID}/3幢)" in told


async def test_who_only_takes_a_category_that_was_renamed_is_named(cast: Cast):
    place = Membership(role=Role.WORKER, place=GRID, categories=("电梯", "没有的类别"))
    async with cast.stage.service.store.begin(cast.stage.now) as tx:
        await tx.grant(await tx.person(cast.worker.user_id), place, None)
    told = await starting(cast.stage, cast.stage.settings)
    assert "孙工 (没有的类别)" in str([one for one in told if one["event"] == "gone"])


# who it is, what is missing, where it is watched


async def test_at_its_start_it_says_who_it_is_what_is_missing_and_where_health_is(
    on_stage: Stage,
):
    health = on_stage.settings.health.model_copy(update={"port": 8099})
    told = await starting(on_stage, on_stage.settings.model_copy(update={"health": health}))
    [started] = [one for one in told if one["event"] == "started"]
    assert started["bot"] == f"@{on_stage.service.bot.username}"
    assert "南环一 (1网格, 2网格" in str(started["serves"]) and "SQLite" in str(started["database"])
    assert started["health"] == "http://127.0.0.1:8099/healthz, http://127.0.0.1:8099/metrics"
    missing = [str(one["what"]) for one in told if one["event"] == "missing"]
    assert [text.split()[0] for text in missing] == ["nobody", "no"]
    assert {one["at"] for one in told if one["event"] == "doubtful_setting"} == {
        "admins", "office_phone"
    }  # fmt: skip
    assert TOKEN not in str(told)


async def test_once_all_is_there_nothing_is_missing(cast: Cast):
    await cast.chen.start()
    await cast.stage.settle()
    changed = {"admins": (cast.chen.user_id,), "office_phone": "0512-68000000"}
    told = await starting(cast.stage, cast.stage.settings.model_copy(update=changed))
    assert not [one for one in told if one["event"] == "doubtful_setting"]
    assert "admins" not in str([one for one in told if one["event"] == "missing"])


async def test_an_admin_who_never_wrote_to_the_bot_is_missed(on_stage: Stage):
    changed = on_stage.settings.model_copy(update={"admins": (9001,)})
    told = await starting(on_stage, changed)
    assert "admins 9001 cannot be written to" in str(told)


# what cannot be, in one line


async def test_a_clock_that_is_none_is_told_in_a_line(on_stage: Stage, haitang: Haitang):
    code, told, why = await haitang(on_stage, "roster", clock="nothing")
    assert (code, told) == (EXIT_CONFIG, "") and len(why.splitlines()) == 1
    assert why.startswith("clock.url: no playground's clock is at http://")
