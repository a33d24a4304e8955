"""Faults on demand."""

import asyncio

import httpx
import pytest


async def test_429_carries_its_patience_and_strikes_once(api, chen, phones):
    await phones.fault("429", method="sendMessage", retry_after=7)
    assert (await api("getMe"))["is_bot"]
    read = (await api.answer("sendMessage", chat_id=1001, text="x")).json()
    assert read["parameters"] == {"retry_after": 7}
    await api("sendMessage", chat_id=1001, text="x")


async def test_a_fault_can_wait_for_one_chat(api, chen, phones):
    wang = await phones.add_user("王")
    await wang.start()
    await phones.fault("502", chat_id=wang.user_id)
    await api("sendMessage", chat_id=1001, text="x")
    assert (await api.refused("sendMessage", chat_id=wang.user_id, text="x")) == "502 Bad Gateway"


async def test_html_and_broken_json_come_instead_of_an_answer(api, phones):
    await phones.fault("html")
    assert (await api.answer("getMe")).text.startswith("<html>")
    await phones.fault("json")
    with pytest.raises(ValueError, match="Unterminated"):
        (await api.answer("getMe")).json()


async def test_a_dropped_answer_was_executed_all_the_same(api, chen, phones):
    await phones.fault("drop", method="sendMessage")
    with pytest.raises(httpx.RemoteProtocolError):
        await api.answer("sendMessage", chat_id=1001, text="x")
    assert (await chen.last()).text == "x"
    assert (await phones.calls())[-1]["fault"] == "drop"


async def test_a_stopped_server_executes_nothing_until_cleared(api, chen, phones):
    await phones.fault("stop", count=0)
    for _ in range(3):
        with pytest.raises(httpx.RemoteProtocolError):
            await api.answer("sendMessage", chat_id=1001, text="x")
    await phones.clear_faults()
    await api("sendMessage", chat_id=1001, text="y")
    assert [message.text for message in await chen.inbox(after=1)] == ["y"]


async def test_a_hanging_call_goes_on_when_released(api, phones):
    await phones.fault("hang", method="getMe")
    call = asyncio.create_task(api("getMe"))
    await asyncio.sleep(0.02)
    assert not call.done()
    await phones.clear_faults()
    assert (await asyncio.wait_for(call, 1))["is_bot"]


async def test_a_hanging_call_goes_on_after_its_seconds(api, phones):
    await phones.fault("hang", seconds=0.01)
    assert (await api("getMe"))["is_bot"]


async def test_a_confirmed_update_can_come_twice(api, chen, phones):
    await chen.send("twice")
    await chen.send("next")
    first, _ = await api("getUpdates")
    await phones.fault("duplicate", method="getUpdates")
    again = await api("getUpdates", offset=first["update_id"] + 1)
    assert [update["message"]["text"] for update in again] == ["twice", "next"]
    assert len(await api("getUpdates", offset=first["update_id"] + 1)) == 1


async def test_unknown_faults_are_named(phones):
    with pytest.raises(ValueError, match="unknown fault 'fire'"):
        await phones.fault("fire")
