"""The bot as it runs: its greeting, its health, its end, and that it never tells its token."""

import asyncio
import io
import json
import logging
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import monotonic

import httpx
import pytest
import structlog
from casting import Cast
from folk import EXAMPLE
from post import heard, rows
from sqlalchemy.ext.asyncio import AsyncConnection
from telegram.error import InvalidToken
from walking import Walker

from bot.__main__ import quiet_logs
from bot.config.settings import Settings, load
from bot.endings import EXIT_TOKEN
from bot.service import Service
from playground.http.server import Server, serve
from playground.phones.client import Phones
from playground.stage.process import BotProcess, _free_port
from playground.stage.process_stage import UNPACED, ProcessStage, process_stage
from playground.stage.stage import MORNING, SharedClock, Stage
from playground.world.clock import Clock
from playground.world.limits import Limits
from playground.world.world import World
from workflows.store import tables as t
from workflows.store.outbox import LEASE

CANARY = "canary-in-the-mine"
FREE = Limits(enabled=False)


# the greeting


async def test_commands_for_everybody_for_groups_and_the_menu_button(on_stage: Stage):
    bot = on_stage.server.world.bots[100]
    default = {c["command"]: c["description"] for c in bot.commands["default///"]}
    own = ["join", "mydata", "forget", "private"]  # no "topic": not every community has it
    assert list(default) == ["start", "mine", "help", "cancel", *own]
    assert all(default.values())
    groups = [c["command"] for c in bot.commands["all_group_chats///"]]
    assert groups == ["bind", "unbind"]
    assert bot.menu_buttons[0]["type"] == "commands"


@pytest.mark.parametrize("method", ["setMyCommands", "setChatMenuButton"])
async def test_a_greeting_that_fails_keeps_nobody_from_being_heard(cast: Cast, method: str):
    await cast.stage.phones.fault("502", method)
    await cast.stage.restart()
    await Walker.file(cast, "3号楼下充电桩坏了")
    assert "您的事记下了" in (await cast.chen.last()).text


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
async def test_a_start_while_the_line_is_down_goes_on_when_it_is_back(
    on_stage: Stage, method: str, monkeypatch: pytest.MonkeyPatch
):  # F2
    monkeypatch.setattr("bot.service._AGAIN_SECONDS", 0.01)
    for kind in ("502", "429", "drop"):
        await on_stage.phones.fault(kind, method)
    await on_stage.restart()
    assert await on_stage.service.poller.step(0) == 0


async def test_polling_takes_back_a_webhook_that_was_left(on_stage: Stage):
    await on_stage.service.bot.set_webhook("http://127.0.0.1:9/telegram")
    await on_stage.restart()
    assert (await on_stage.service.bot.get_webhook_info()).url == ""
    assert await on_stage.service.poller.step(0) == 0


async def test_admins_of_the_config_have_their_role(on_stage: Stage):
    on_stage.settings = on_stage.settings.model_copy(update={"admins": (9001,)})
    for _ in range(2):
        await on_stage.restart()
    assert [row["role"] for row in await rows(on_stage, t.memberships)] == ["admin"]


async def name_admins(stage: Stage, *ids: int) -> None:
    stage.settings = stage.settings.model_copy(update={"admins": ids})
    await stage.restart()
    await stage.settle()


async def commands_in(stage: Stage, chat_id: int) -> list[str]:
    stored = (await stage.phones.bot())["commands"]
    return [c["command"] for key, found in stored.items() if str(chat_id) in key for c in found]


async def test_an_admin_of_the_config_gets_his_menu_as_soon_as_he_is_known(on_stage: Stage):
    boss = await on_stage.phones.add_user("管理员", 9001)
    await name_admins(on_stage, 9001)
    assert await commands_in(on_stage, 9001) == []
    await boss.start()
    await on_stage.settle()
    assert {"roster", "audit"} <= set(await commands_in(on_stage, 9001))


async def test_an_admin_the_config_names_no_more_has_no_role_and_no_such_menu(on_stage: Stage):
    boss = await on_stage.phones.add_user("管理员", 9001)
    await boss.start()
    await on_stage.settle()
    await name_admins(on_stage, 9001)
    assert "roster" in await commands_in(on_stage, 9001)
    await name_admins(on_stage, 9002)
    assert "roster" not in await commands_in(on_stage, 9001)
    held = [(r["person_id"], r["until"] is None) for r in await rows(on_stage, t.memberships)]
    assert held == [(9001, False), (9002, True)]


async def test_the_config_ends_no_role_that_it_did_not_give(on_stage: Stage):
    await on_stage.hire("管理员", "admin", "", 9001)
    await name_admins(on_stage)
    assert [row["until"] for row in await rows(on_stage, t.memberships)] == [None]


# health


async def health(service: Service) -> dict[str, object]:
    transport = httpx.ASGITransport(app=service.web())
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as door:
        answer = await door.get("/healthz")
    assert answer.status_code == 200
    return dict(answer.json())


async def test_health_tells_what_is_owed_and_what_comes_next(cast: Cast):
    idle = await health(cast.stage.service)
    assert (idle["owed"], idle["timers"], idle["held"]) == (0, 0, None)
    assert idle["next"] == "2026-11-24T19:00:00+00:00"  # upkeep, at three in the night
    await Walker.file(cast, "3号楼下充电桩坏了")
    await cast.zhou.send_sticker()
    await cast.stage.service.poller.step(0)
    busy = await health(cast.stage.service)
    assert busy["owed"] == 1 and busy["held"] == (cast.stage.now + LEASE).isoformat()
    timer = await cast.stage.service.store.next_timer()
    assert timer
    cast.stage.clock.set(timer)
    assert (await health(cast.stage.service))["timers"] == 1


async def test_health_tells_no_personal_data_and_no_token(cast: Cast):
    """# F58"""
    await Walker.file(cast, "3号楼下充电桩坏了")
    told = json.dumps(await health(cast.stage.service), ensure_ascii=False)
    assert set(json.loads(told)) == {"owed", "timers", "clock", "held", "next", "late", "why"}
    assert (
        "充电桩" not in told and cast.stage.settings.telegram.token.get_secret_value() not in told
    )


# the end


@pytest.fixture
async def house() -> AsyncIterator[ProcessStage]:
    async with process_stage(EXAMPLE, limits=FREE, environment=UNPACED) as made:
        yield made


async def test_sigterm_ends_it_within_ten_seconds_and_loses_nothing(house: ProcessStage):
    """# F22: with a send, a tap's answer and the poll all hanging."""
    chen = await house.phones.add_user("陈师傅", 1001)
    await chen.start()
    await chen.send("3号楼下充电桩坏了")
    await house.settle()
    for method in ("sendMessage", "answerCallbackQuery", "editMessageText"):
        await house.phones.fault("hang", method, count=0)
    before = (await chen.last()).id
    await chen.tap("提交")
    await chen.send_sticker()
    await asyncio.sleep(0.1)
    began = monotonic()
    assert await house.stop() == 0
    assert monotonic() - began < 10
    await house.phones.clear_faults()
    await house.start_bot()
    await house.settle()
    await house.forward(minutes=2)
    assert sum("看不懂" in m.text for m in await chen.inbox(after=before)) == 1


async def test_sigterm_does_not_wait_for_a_caller_who_never_finishes(house: ProcessStage):
    """# F22"""
    with socket.create_connection(("127.0.0.1", house.bot.health_port)) as caller:
        caller.sendall(b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{")
        began = monotonic()
        assert await house.stop() == 0
    assert monotonic() - began < 10


async def test_a_webhook_bot_stops_in_the_middle_of_a_call(tmp_path: Path):
    """# F22"""
    port = _free_port()
    hook = {
        "MODE": "webhook", "WEBHOOK__URL": f"http://127.0.0.1:{port}/telegram",
        "WEBHOOK__SECRET": "s", "WEBHOOK__PORT": str(port),
    }  # fmt: skip
    told = {f"HAITANG_TELEGRAM__{name}": value for name, value in hook.items()}
    async with process_stage(EXAMPLE, limits=FREE, environment=told) as house:
        chen = await house.phones.add_user("陈师傅", 1001)
        await chen.start()
        await house.settle()
        assert "您好" in (await chen.last()).text
        with socket.create_connection(("127.0.0.1", port)) as caller:
            head = "POST /telegram HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: s\r\n"
            caller.sendall(f"{head}Content-Length: 99\r\n\r\n{{".encode())
            await asyncio.sleep(0.05)
            began = monotonic()
            assert await house.stop() == 0
        assert monotonic() - began < 10


# the token


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serve(World(clock=Clock.manual(MORNING), limits=FREE)) as running:
        yield running


def told(server: Server, folder: Path, token: str) -> dict[str, str]:
    return {
        "HAITANG_TELEGRAM__TOKEN": token,
        "HAITANG_TELEGRAM__BASE_URL": server.base_url,
        "HAITANG_DATABASE__URL": f"sqlite+aiosqlite:///{folder}/haitang.db",
    }


async def test_a_refused_token_ends_run_with_3_and_nothing_consumed(server: Server, tmp_path: Path):
    """# F13, F58"""
    async with Phones(server.root, f"100:{CANARY}") as phones:
        chen = await phones.add_user("陈师傅", 1001)
        await chen.send("3号楼下充电桩坏了")
        bot = BotProcess(EXAMPLE, told(server, tmp_path, f"100:wrong-{CANARY}"), tmp_path / "log")
        with (tmp_path / "log").open("ab") as log:
            process = await bot._spawn("run", stderr=log)
        assert await asyncio.wait_for(process.wait(), 30) == EXIT_TOKEN
        assert await phones.pending() == 1
        assert "does not know this token" in bot.last_words() and CANARY not in bot.last_words()
        await bot.close()


async def test_a_token_revoked_while_running_ends_it_with_3():
    """# F13"""
    told = {"HAITANG_TELEGRAM__POLL_TIMEOUT": "0"}
    async with process_stage(EXAMPLE, limits=FREE, environment=told) as house:
        await house.phones.revoke()
        process = house.bot._process
        assert process and await asyncio.wait_for(process.wait(), 30) == EXIT_TOKEN


@pytest.fixture
def all_logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Every line of every library, as loud as it can be made after the bot's own set-up."""
    kept = io.StringIO()
    monkeypatch.setattr(sys, "stderr", kept)
    root, handler, level = logging.getLogger(), logging.StreamHandler(kept), logging.root.level
    quiet_logs(logging.DEBUG)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("asyncio").debug("asyncio is loud")
    yield kept
    root.removeHandler(handler)
    root.setLevel(level)
    for name in ("httpx", "httpcore", "telegram", "aiosqlite", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()


async def test_the_token_is_in_no_log_error_or_repr(
    server: Server, tmp_path: Path, all_logs: io.StringIO, capfd: pytest.CaptureFixture[str]
):
    """# F58: through faults of every kind, a refusal, and the token's end."""
    settings = load(EXAMPLE, told(server, tmp_path, f"100:{CANARY}"))
    service = Service(settings, SharedClock(server.world.clock))
    async with Phones(server.root, f"100:{CANARY}") as phones:
        await service.start()
        chen = await phones.add_user("陈师傅", 1001)
        await chen.start()
        seen = [repr(service.settings), repr(service.bot), str(service.settings.telegram)]
        for kind in ("502", "html", "json", "stop", "429"):
            await phones.fault(kind, "getUpdates")
            seen.append(await raised(service.poller.step(0)))
            await phones.fault(kind, "sendMessage")
            await service.deliverer.drain()
            server.world.clock.advance(61)
        await service.poller.step(0)
        await service.deliverer.drain()
        await phones.revoke()
        seen.append(await raised(service.poller.step(0)))
    errors = [repr(row["error"]) for row in await rows_of(service)]
    await service.close()
    printed = capfd.readouterr()
    everything = "\n".join([*seen, *errors, all_logs.getvalue(), *printed])
    assert "started" in everything and "asyncio" in everything  # they were loud
    assert CANARY not in everything


async def rows_of(service: Service) -> list[dict[str, object]]:
    async with service.store.read(service.clock.now()) as tx:
        found = await tx.ask(AsyncConnection.execute, t.outbox.select())
        return [dict(row) for row in found.mappings()]


async def raised(doing: object) -> str:
    """What it said when it failed; "" when it did not."""
    try:
        await doing  # type: ignore[misc]
    except Exception as error:
        return f"{error!r} {error} {error.__cause__!r}"
    return ""


async def test_the_refusal_at_the_start_is_told_without_the_token(
    server: Server, tmp_path: Path, settings: Settings
):
    """# F58, F13: the library's own message has it, so only its kind may be shown."""
    server.world.add_bot("100:other")
    service = Service(load(EXAMPLE, told(server, tmp_path, f"100:{CANARY}")))
    with pytest.raises(InvalidToken):
        await service.start()
    await service.close()
    assert settings.telegram.token.get_secret_value() not in repr(settings)


async def test_what_people_write_is_in_no_log(cast: Cast, all_logs: io.StringIO):
    """# F58"""
    await Walker.file(cast, "3号楼下充电桩坏了金丝雀")
    await cast.stage.phones.push_update("message", {"text": "金丝雀"})
    await cast.stage.settle()
    assert "asyncio is loud" in all_logs.getvalue() and "金丝雀" not in all_logs.getvalue()
    assert len(await heard(cast.chen)) > 1
