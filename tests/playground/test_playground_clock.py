"""The clock that the world and its bots share."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from playground import Clock

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


async def test_a_manual_clock_stands_still_until_moved(phones):
    assert (await phones.clock()).now == START
    assert (await phones.advance(90)).now == START + timedelta(seconds=90)
    assert (await phones.set_clock(START)).now == START


async def test_watchers_wake_on_a_change(phones):
    before = await phones.clock()
    watch = asyncio.create_task(phones.clock(after=before.version, timeout=10))
    await asyncio.sleep(0.01)
    await phones.advance(1)
    assert (await asyncio.wait_for(watch, 1)).version == before.version + 1


async def test_watchers_give_up_after_their_timeout(phones):
    before = await phones.clock()
    assert await phones.clock(after=before.version, timeout=0.01) == before


async def test_time_runs_at_any_rate(phones):
    await phones.set_rate(100_000)
    await asyncio.sleep(0.01)
    assert (await phones.clock()).now > START + timedelta(minutes=10)


async def test_messages_are_dated_by_the_clock(api, chen, phones):
    await phones.advance(3600)
    sent = await api("sendMessage", chat_id=1001, text="x")
    assert sent["date"] == int(START.timestamp()) + 3600


def test_naive_moments_and_backward_rates_are_refused():
    clock = Clock.manual(START)
    with pytest.raises(ValueError, match="naive"):
        clock.set(datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="backwards"):
        clock.run(-1)


def test_a_real_clock_shows_the_real_time():
    assert abs(Clock.real().now() - datetime.now(UTC)) < timedelta(seconds=1)
