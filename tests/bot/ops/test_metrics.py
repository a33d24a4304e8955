"""Health and numbers: red when a loop stands still, and nothing of anybody in them."""

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import structlog
from casting import Cast
from post import jammed, listener
from prometheus_client.parser import text_string_to_metric_families
from walking import Walker

from bot.__main__ import quiet_logs
from bot.config.settings import Settings
from bot.running.heartbeats import OUTBOX, POLL, TICK, Heartbeats
from bot.service import Service
from playground.stage.stage import Stage

CANARY = "金丝雀"


async def door(service: Service, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=service.web())
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        return await client.get(path)


async def numbers(service: Service) -> dict[str, float]:
    """Every sample as "name{label,…}"."""
    answer = await door(service, "/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {
        f"{s.name}{{{','.join(s.labels.values())}}}": s.value for f in families for s in f.samples
    }


# metrics


async def test_what_happened_is_counted(cast: Cast):
    await Walker.file(cast, "3号楼下充电桩坏了")
    told = await numbers(cast.stage.service)
    assert told["haitang_decisions_total{file}"] == 1
    assert told["haitang_updates_total{press,handled}"] == 1
    assert told["haitang_updates_total{text,handled}"] == 1
    assert told["haitang_sends_total{card,sent}"] >= 2
    assert told["haitang_commit_seconds_count{}"] > 0
    assert told["haitang_outbox{sendable}"] == 0


async def test_refused_repeated_and_unreadable_updates_are_told_apart(on_stage: Stage):
    chen = await listener(on_stage, "陈师傅", 1001)
    await chen.send("/t 999999")
    again = await on_stage.service.poller._fetch(0)
    await on_stage.settle()
    await on_stage.service.receiver.take([*again, {"update_id": 5, "message": {"what": 1}}])
    told = await numbers(on_stage.service)
    assert told["haitang_updates_total{command,refused}"] == 1
    assert told["haitang_updates_total{command,repeated}"] == 1
    assert told["haitang_updates_total{unknown,unreadable}"] == 1
    assert told["haitang_dead_letters{}"] == 1


async def test_an_update_that_was_rolled_back_is_not_counted(on_stage: Stage):
    """Only what was committed counts."""
    chen = await listener(on_stage, "陈师傅", 1001)
    before = await numbers(on_stage.service)
    await chen.send_sticker()
    [raw] = await on_stage.service.poller._fetch(0)
    with pytest.raises(RuntimeError):
        async with on_stage.service.store.begin(on_stage.now) as tx:
            await tx.prefetch([raw["update_id"]], [1001], [])
            tx.mark_seen(raw["update_id"])
            raise RuntimeError
    after = await numbers(on_stage.service)
    assert after["haitang_commit_seconds_count{}"] == before["haitang_commit_seconds_count{}"]


async def test_late_timers_and_old_messages_show(cast: Cast):
    await Walker.file(cast, "3号楼下充电桩坏了")
    timer = await cast.stage.service.store.next_timer()
    assert timer
    cast.stage.clock.set(timer)
    cast.stage.clock.advance(600)
    told = await numbers(cast.stage.service)
    assert told["haitang_timers_overdue{}"] >= 1
    await cast.stage.service.desk.tick(cast.stage.now)
    cast.stage.clock.advance(60)
    told = await numbers(cast.stage.service)
    assert told["haitang_timers_overdue{}"] == 0
    assert told["haitang_timer_lateness_seconds_sum{}"] >= 600
    assert told["haitang_outbox{sendable}"] >= 1
    assert told["haitang_outbox_oldest_seconds{}"] == 60


async def test_the_numbers_hold_nothing_of_anybody(cast: Cast):
    """# F58"""
    await Walker.file(cast, f"3号楼下充电桩坏了{CANARY}")
    text = (await door(cast.stage.service, "/metrics")).text
    assert not [word for word in (CANARY, "陈", "playground", "充电") if word in text]
    labels = re.findall(r"\{.*?\}", text)
    assert labels and not [
        told for told in labels if re.search(r'"\d{4,}"', told)
    ]  # no id of anybody


# health


class Hands:
    """A clock's hands, turned by the test."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def a_pulse(settings: Settings, hands: Hands) -> Heartbeats:
    return Heartbeats(settings.health.limits(polls=True), hands)


@pytest.mark.parametrize(("name", "limit"), [(POLL, 180), (TICK, 120), (OUTBOX, 600)])
def test_each_loop_may_stand_still_just_so_long(settings: Settings, name: str, limit: float):
    """# F16"""
    hands = Hands()
    heartbeats = a_pulse(settings, hands)
    hands.seconds += limit
    assert name not in heartbeats.late()
    hands.seconds += 0.1
    assert name in heartbeats.late()
    heartbeats.beat(name)
    assert name not in heartbeats.late() and heartbeats.ages()[name] == 0


async def test_health_is_red_while_the_poll_stands_still(on_stage: Stage):
    """# F16"""
    service, hands = on_stage.service, Hands()
    service.health.heartbeats = service.poller.heartbeats = service.heartbeats = a_pulse(
        on_stage.settings, hands
    )
    assert (await door(service, "/healthz")).status_code == 200
    hands.seconds += 181
    red = await door(service, "/healthz")
    assert red.status_code == 503 and POLL in red.json()["late"]
    await service.poller.step(0)
    await service._ring()
    assert (await door(service, "/healthz")).json()["late"] == []


async def test_an_outbox_that_sends_nothing_is_red_and_an_empty_one_is_not(cast: Cast):
    service, hands = cast.stage.service, Hands()
    service.health.heartbeats = service.heartbeats = a_pulse(cast.stage.settings, hands)
    hands.seconds += 601
    assert OUTBOX not in (await door(service, "/healthz")).json()["late"]
    await cast.zhou.send_sticker()
    await cast.stage.phones.fault("502", "sendMessage")
    await service.poller.step(0)
    hands.seconds += 601
    assert OUTBOX in (await door(service, "/healthz")).json()["late"]
    await service.deliverer.drain()
    assert OUTBOX in service.heartbeats.late()  # tried, and not sent
    cast.stage.clock.advance(60)
    await service.deliverer.drain()
    assert OUTBOX not in service.heartbeats.late()


def test_a_webhook_is_not_asked_for_polls(settings: Settings):
    assert set(settings.health.limits(polls=False)) == {TICK, OUTBOX}


# the log


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    kept = io.StringIO()
    monkeypatch.setattr(sys, "stderr", kept)
    quiet_logs()
    yield kept
    structlog.reset_defaults()


def lines(log: io.StringIO, event: str) -> list[dict[str, object]]:
    told = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in told if line["event"] == event]


@pytest.mark.parametrize(
    ("value", "read"),
    [("坏了😀\n",) * 2, ("\ud83d",) * 2, (9**40,) * 2, (Path("a"), "PosixPath('a')")],
)
def test_a_line_of_the_log_can_hold_anything(log: io.StringIO, value: object, read: object):
    structlog.get_logger().warning("odd", value=value)
    [line] = lines(log, "odd")
    assert line["value"] == read and line["level"] == "warning" and line["timestamp"]


async def test_every_update_leaves_a_line_with_its_ticket_and_no_words(
    cast: Cast, log: io.StringIO
):
    """# F58"""
    walker = await Walker.file(cast, f"3号楼下充电桩坏了{CANARY}")
    filed = [line for line in lines(log, "handled") if "file" in line["actions"]]  # type: ignore[operator]
    assert [line["tickets"] for line in filed] == [[walker.id]]
    assert all(line["update_id"] and line["result"] == "handled" for line in filed)
    assert CANARY not in log.getvalue() and "陈师傅" not in log.getvalue()


async def test_what_goes_wrong_in_an_update_names_it(cast: Cast, log: io.StringIO):
    """# F58: a line from deep inside has the update's id; the words are nowhere."""
    async with jammed(cast.stage):
        with pytest.raises(IndexError):
            await Walker.file(cast, f"3号楼下充电桩坏了{CANARY}")
    [line], [told] = (
        lines(log, "update_failed"),
        [line for line in lines(log, "handled") if line["result"] == "failed"],
    )
    assert line["update_id"] == told["update_id"] and CANARY not in log.getvalue()
