"""Offsets, long polls, conflicts and what is dropped."""

import asyncio

from playground.text.refusals import OTHER_POLLER


async def texts(api, **params):
    return [each["message"]["text"] for each in await api("getUpdates", **params)]


async def test_updates_stay_until_confirmed(api, chen, phones):
    for text in "abc":
        await chen.send(text)
    first = await api("getUpdates")
    assert await texts(api) == ["a", "b", "c"]
    assert await texts(api, offset=first[0]["update_id"] + 1) == ["b", "c"]
    assert await phones.pending() == 2
    assert await texts(api, limit=1) == ["b"]


async def test_a_negative_offset_keeps_only_the_last(api, chen, phones):
    for text in "abc":
        await chen.send(text)
    assert await texts(api, offset=-1) == ["c"]
    assert await phones.pending() == 1


async def test_a_negative_offset_beyond_the_start_keeps_all(api, chen):
    for text in "ab":
        await chen.send(text)
    assert await texts(api, offset=-10) == ["a", "b"]


async def test_a_long_poll_answers_when_something_arrives(api, chen):
    poll = asyncio.create_task(texts(api, timeout=10))
    await asyncio.sleep(0.01)
    await chen.send("now")
    assert await asyncio.wait_for(poll, 1) == ["now"]


async def test_an_idle_poll_ends_after_its_timeout(api, chen):
    assert await texts(api, timeout=0.01) == []


async def test_a_second_poller_ends_the_first(api, chen):
    first = asyncio.create_task(api.refused("getUpdates", timeout=10))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(texts(api, timeout=10))
    assert await asyncio.wait_for(first, 1) == f"409 {OTHER_POLLER}"
    await chen.send("yours")
    assert await asyncio.wait_for(second, 1) == ["yours"]


async def test_allowed_updates_are_remembered_for_what_comes_later(api, chen):
    await chen.send("kept")
    await api("getUpdates", allowed_updates=["callback_query"])
    await chen.send("unwanted")
    assert await texts(api) == ["kept"]
    await api("getUpdates", allowed_updates=[])
    await chen.send("wanted")
    assert await texts(api) == ["kept", "wanted"]


async def test_updates_are_dropped_after_24_hours_of_world_time(api, chen, phones):
    await chen.send("old")
    await phones.advance(23 * 3600)
    await chen.send("young")
    await phones.advance(3600)
    assert await texts(api) == ["old", "young"]
    await phones.advance(1)
    assert await texts(api) == ["young"]
    assert (await phones.bot())["dropped"] == 1


async def test_an_edited_message_arrives_as_such(api, chen):
    [message_id] = await chen.send("before")
    await chen.edit(message_id, "after")
    [_, update] = await api.updates()
    assert update["edited_message"]["text"] == "after"
    assert update["edited_message"]["edit_date"]


async def test_blocking_and_unblocking_reach_the_bot(api, chen):
    await chen.block()
    await chen.unblock()
    changes = [
        update["my_chat_member"]["new_chat_member"]["status"] for update in await api.updates()
    ]
    assert changes == ["kicked", "member"]


async def test_album_photos_arrive_one_by_one_with_one_group_id(api, chen):
    await chen.send_album(3, caption="灯坏了")
    messages = [update["message"] for update in await api.updates()]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["灯坏了", None, None]


async def test_malformed_updates_can_be_sent(api, chen, phones):
    await phones.push_update("message", {"nonsense": True})
    assert (await api.updates())[0]["message"] == {"nonsense": True}


async def test_an_answered_poll_reaches_the_bot(api, chen):
    sent = await api(
        "sendPoll", chat_id=1001, question="?", options=["是", "否"], is_anonymous=False
    )
    await chen.vote(sent["message_id"], [1])
    [update] = await api.updates()
    assert update["poll_answer"]["option_ids"] == [1]
