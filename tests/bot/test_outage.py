"""After the line to Telegram was down: lost presses are asked for again, once; a day is told of."""

from contextlib import suppress
from datetime import timedelta

import pytest
from casting import CHARGER, Cast
from post import heard, listener
from telegram.error import TelegramError
from walking import Walker

from bot.service import Service
from bot.telegram import receive
from playground.phones.phone import Phone
from playground.stage.stage import Stage


async def cut_off(stage: Stage, **span: float) -> None:
    """The poll fails, and goes on failing for so long (timedelta's arguments)."""
    await stage.settle()
    await break_off(stage)
    stage.clock.advance(timedelta(**span).total_seconds())


async def break_off(stage: Stage) -> None:
    await stage.phones.fault("502", "getUpdates")
    with suppress(TelegramError):
        await stage.service.poller.step(0)


async def draft(phone: Phone, stage: Stage) -> None:
    """A petition that only waits for its 提交."""
    await phone.start("st_nanhuan-east")
    await phone.send(CHARGER)
    await stage.settle()


async def test_an_open_draft_is_nudged_once_and_can_be_submitted(cast: Cast):
    """# F10"""
    await draft(cast.chen, cast.stage)
    await cut_off(cast.stage, minutes=10)
    for _ in range(3):
        await cast.stage.settle()
    nudges = [text for text in await heard(cast.chen) if "断线" in text]
    assert len(nudges) == 1 and "还没有提交" in nudges[0]
    await cast.chen.tap("提交")
    await cast.stage.settle()
    assert "收到了" in (await heard(cast.chen))[-1]


async def test_who_has_to_tap_is_shown_his_card_again_once(cast: Cast):
    """# F10: the pioneer it is offered to; nobody else, and no resident."""
    walker = await Walker.file(cast, CHARGER)
    offered = await cast.wang.last()
    await cut_off(cast.stage, minutes=10)
    for _ in range(3):
        await cast.stage.settle()
    again = [text for text in await heard(cast.wang) if "断线" in text]
    assert len(again) == 1
    assert (await cast.wang.last()).id != offered.id
    for other in (cast.chen, cast.zhou, cast.li, cast.lead, cast.committee):
        assert not [text for text in await heard(other) if "断线" in text]
    await cast.wang.tap("接单")
    await cast.stage.settle()
    assert (await walker.ticket()).handler == cast.wang.user_id


async def test_a_press_that_still_arrives_counts_and_brings_no_nudge(cast: Cast):
    """# F10: what came back with the first answer is handled before anything is asked again."""
    await draft(cast.chen, cast.stage)
    await cut_off(cast.stage, minutes=10)
    await cast.chen.tap("提交")
    await cast.stage.settle()
    assert not [text for text in await heard(cast.chen) if "断线" in text]


@pytest.mark.parametrize("minutes", [0, 4])
async def test_a_short_break_is_nobodys_business(cast: Cast, minutes: float):
    """# F10"""
    await draft(cast.chen, cast.stage)
    await cut_off(cast.stage, minutes=minutes)
    await cast.stage.settle()
    assert not [text for text in await heard(cast.chen) if "断线" in text]


async def test_time_that_passes_with_polls_is_no_outage(cast: Cast):
    """# F10, F28: neither a quiet night nor a clock that is set forward."""
    await draft(cast.chen, cast.stage)
    cast.stage.clock.advance(7200)
    await cast.stage.settle()
    assert not [text for text in await heard(cast.chen) if "断线" in text]


async def test_a_clock_turned_while_the_line_holds_is_no_part_of_the_break_after_it(cast: Cast):
    """# F10, F28: the break is counted from when the line broke."""
    await draft(cast.chen, cast.stage)
    cast.stage.clock.advance(7200)
    await break_off(cast.stage)
    cast.stage.clock.advance(240)
    await cast.stage.settle()
    assert not [text for text in await heard(cast.chen) if "断线" in text]


async def test_what_nobody_has_touched_for_days_is_left_alone(cast: Cast):
    """# F10"""
    await draft(cast.chen, cast.stage)
    await cast.stage.forward(days=2)
    await cut_off(cast.stage, minutes=10)
    await cast.stage.settle()
    assert not [text for text in await heard(cast.chen) if "断线" in text]


async def test_a_bot_that_was_down_makes_it_good_when_it_is_back(cast: Cast):
    """# F10: the heartbeat in the database knows since when; and only once for several starts."""
    await draft(cast.chen, cast.stage)
    await cast.stage.service.monitor.look(cast.stage.now)
    cast.stage.clock.advance(900)
    for _ in range(2):
        await cast.stage.restart()
        await cast.stage.settle()
    assert len([text for text in await heard(cast.chen) if "断线" in text]) == 1


ADMIN = 9001


async def guard(stage: Stage) -> Phone:
    stage.settings = stage.settings.model_copy(update={"admins": (ADMIN,)})
    await stage.restart()
    return await listener(stage, "管理员", ADMIN)


async def test_more_than_a_day_is_told_with_its_length(on_stage: Stage):
    """# F11"""
    admin = await guard(on_stage)
    await cut_off(on_stage, hours=30)
    await on_stage.settle()
    [told] = [text for text in await heard(admin) if "没有连上" in text]
    assert "1天6小时" in told and "收不到了" in told


async def test_less_than_a_day_loses_no_words_and_alarms_nobody(on_stage: Stage):
    """# F11"""
    admin = await guard(on_stage)
    await cut_off(on_stage, hours=23)
    await on_stage.settle()
    assert not [text for text in await heard(admin) if "没有连上" in text]


async def test_a_day_that_the_bot_itself_was_down_is_told_too(on_stage: Stage):
    """# F11"""
    admin = await guard(on_stage)
    await on_stage.service.poller.step(0)
    await on_stage.service.monitor.look(on_stage.now)
    on_stage.clock.advance(25 * 3600)
    await on_stage.restart()
    await on_stage.settle()
    assert len([text for text in await heard(admin) if "没有连上" in text]) == 1


async def test_a_database_that_hangs_is_given_up_and_the_poll_goes_on(
    on_stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    """# F16: not the network but the commit hangs."""
    chen = await listener(on_stage, "陈师傅", 1001)
    await chen.send_sticker()
    with monkeypatch.context() as impatient:
        impatient.setattr(on_stage.service.store, "seconds", 0.05)
        async with on_stage.service.store._writer:
            with pytest.raises(TimeoutError):
                await on_stage.service.poller.step(0)
    assert await on_stage.phones.pending() == 1
    await on_stage.settle()
    assert len(await heard(chen)) == 1


async def test_the_longest_hang_is_over_within_90_seconds(on_stage: Stage):
    """# F16: network, commit and pause, by the values it really runs with."""
    poll, patience = on_stage.settings.telegram.poll_timeout, on_stage.service.receiver.patience
    assert poll + receive._GRACE + patience + receive._PAUSE < 90


async def test_a_webhook_bot_makes_it_good_at_its_start(on_stage: Stage):
    """# F10: nobody polls, so being up is what counts."""
    service: Service = on_stage.service
    await service.store.beat({"poll": on_stage.now - timedelta(minutes=12)}, on_stage.now)
    service.poller.remembered = await service.store.last_beat("poll")
    await service._recover()
    assert await service.store.last_beat("poll") == on_stage.now
