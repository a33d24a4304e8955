"""What could not be handled or sent: seen, tried again, dropped; nothing of it is in the list."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog
from casting import Cast
from folk import EXAMPLE
from post import heard, jammed, listener, owe, rows
from sqlalchemy.ext.asyncio import AsyncConnection
from walking import Walker

from bot.__main__ import main
from bot.ops import dead_letters
from playground.stage.stage import Stage
from workflows.petition.store import tables as own
from workflows.store import tables as t
from workflows.store.unit.codec import incoming_from

SECRET = "3号楼下充电桩坏了，我的电话13912345678"


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    yield
    structlog.reset_defaults()


async def fail(cast: Cast) -> int:
    """陈's petition could not be filed; the id of its dead letter."""
    async with jammed(cast.stage):
        with suppress(IndexError):
            await Walker.file(cast, SECRET)
    [letter] = await rows(cast.stage, t.dead_letters)
    return int(letter["id"])


async def run(stage: Stage, what: str, name: str) -> int:
    """The command's work in this loop, at the stage's moment."""
    store, settings = stage.service.store, stage.service.settings
    kind, number = dead_letters._parsed(name)
    if what == "retry" and kind == "u":
        return await dead_letters._retry_update(settings, number, store, stage.now)
    act = dead_letters.queue_again if what == "retry" else dead_letters.give_up
    return await act(name, store, stage.now)


async def test_an_update_that_failed_is_handled_as_if_it_came_now(cast: Cast):
    """Invariant 11: nothing came of it before, one ticket does now."""
    letter = await fail(cast)
    assert not await rows(cast.stage, own.tickets)
    cast.stage.clock.advance(3600)
    assert await run(cast.stage, "retry", f"u{letter}") == 0
    await cast.stage.settle()
    [ticket] = await rows(cast.stage, own.tickets)
    assert ticket["text"] == SECRET and ticket["filed_at"] == cast.stage.now
    assert "收到了" in (await heard(cast.chen))[-1]


async def test_a_letter_is_tried_once(cast: Cast, capsys: pytest.CaptureFixture[str]):
    """# F14: a second try finds it dealt with."""
    letter = await fail(cast)
    assert [await run(cast.stage, "retry", f"u{letter}") for _ in range(2)] == [0, 1]
    assert len(await rows(cast.stage, own.tickets)) == 1
    assert "no dead letter" in capsys.readouterr().err


async def test_two_who_try_one_letter_at_once_have_one_effect(cast: Cast):
    """# F14: each has read it before the other has dealt with it."""
    letter, service = await fail(cast), cast.stage.service
    [row] = await rows(cast.stage, t.dead_letters)
    pressed = incoming_from(row["raw"])
    tries = (service.desk.retry(letter, pressed, cast.stage.now) for _ in range(2))
    await asyncio.gather(*tries)
    assert len(await rows(cast.stage, own.tickets)) == 1


async def test_what_is_refused_by_now_is_dealt_with(cast: Cast):
    letter = await fail(cast)
    await cast.chen.send("/cancel")
    await cast.stage.settle()
    assert await run(cast.stage, "retry", f"u{letter}") == 0
    assert await rows(cast.stage, own.tickets) == []
    assert [row["outcome"] for row in await rows(cast.stage, t.dead_letters)] == ["retried"]


async def test_one_that_fails_again_stays(cast: Cast, capsys: pytest.CaptureFixture[str]):
    letter = await fail(cast)
    async with jammed(cast.stage):
        assert await run(cast.stage, "retry", f"u{letter}") == 1
    [kept] = await rows(cast.stage, t.dead_letters)
    assert kept["outcome"] is None and kept["raw"]["press"]
    assert "139" not in capsys.readouterr().err


async def test_what_was_dropped_leaves_a_record_without_its_words(cast: Cast):
    letter = await fail(cast)
    assert await run(cast.stage, "drop", f"u{letter}") == 0
    [kept] = await rows(cast.stage, t.dead_letters)
    assert (kept["outcome"], kept["raw"]) == ("dropped", {})
    assert (await cast.stage.service.store.queue(cast.stage.now)).letters == 0


async def give_up(stage: Stage, chat_id: int) -> int:
    """A message that Telegram refuses for good; its id in the outbox."""
    await owe(stage, chat_id, SECRET)
    async with stage.service.store.begin(stage.now) as tx:
        await tx.ask(AsyncConnection.execute,
            t.outbox.update().where(t.outbox.c.chat_id == chat_id)
            .values(state="dead", error="BadRequest('x')", sent_at=stage.now, attempts=9)
        )  # fmt: skip
    return int((await rows(stage))[-1]["id"])


async def test_a_dead_message_is_sent_again(on_stage: Stage):
    chen = await listener(on_stage, "陈师傅", 1001)
    number = await give_up(on_stage, 1001)
    await on_stage.settle()
    assert await heard(chen) == []
    assert await run(on_stage, "retry", f"m{number}") == 0
    await on_stage.settle()
    assert await heard(chen) == [SECRET]


async def test_a_dropped_message_is_never_sent_and_says_so(on_stage: Stage):
    await listener(on_stage, "陈师傅", 1001)
    number = await give_up(on_stage, 1001)
    assert [await run(on_stage, "drop", f"m{number}") for _ in range(2)] == [0, 1]
    assert await run(on_stage, "retry", f"m{number}") == 1
    assert [r["state"] for r in await rows(on_stage) if r["id"] == number] == ["dropped"]


async def test_an_unreadable_update_is_tried_by_the_newer_reader(on_stage: Stage):
    """It came as it is; one that still cannot be read stays."""
    await on_stage.service.receiver.take([{"update_id": 5, "message": {"message_id": "what?"}}])
    [letter] = await rows(on_stage, t.dead_letters)
    assert await run(on_stage, "retry", f"u{letter['id']}") == 1
    assert (await on_stage.service.store.queue(on_stage.now)).letters == 1


async def test_the_list_masks_what_people_wrote(cast: Cast, capsys: pytest.CaptureFixture[str]):
    """# F58"""
    await fail(cast)
    await give_up(cast.stage, 1002)
    capsys.readouterr()
    await dead_letters.print_list(cast.stage.service.store, cast.stage.now, full=False)
    told = capsys.readouterr().out
    assert "press  NoResultFound" in told and "text  BadRequest" in told
    assert not [word for word in ("充电", "139", "1001", "1002", "jammed") if word in told]
    await dead_letters.print_list(cast.stage.service.store, cast.stage.now, full=True)
    told = capsys.readouterr().out
    assert SECRET in told and "person 1001" in told


@pytest.mark.parametrize("name", ["", "7", "x7", "u", "m-1", "u7; DROP TABLE", "m" + "9" * 30])
def test_a_name_that_is_none_is_refused(name: str):
    assert dead_letters._parsed(name) == ("", 0)


def test_the_command_lists_retries_and_drops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for variable in [n for n in os.environ if n.startswith("HAITANG_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", f"100:{'x' * 35}")
    monkeypatch.setenv("HAITANG_DATABASE__URL", f"sqlite+aiosqlite:///{tmp_path}/haitang.db")
    line = ["dead-letters", "--config", str(EXAMPLE)]
    assert main(line) == 0 and "no dead letters" in capsys.readouterr().out
    assert main([*line, "retry", "u1"]) == main([*line, "drop", "m1"]) == 1
    assert main([*line, "retry", "rubbish"]) == 1
    assert "u… or m…" in capsys.readouterr().err
