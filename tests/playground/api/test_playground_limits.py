"""The three limits, by the world's clock."""

import pytest

from playground.world.limits import Limits, Throttle


@pytest.fixture(autouse=True)
async def on(phones):
    await phones.set_limits(enabled=True)


async def test_a_private_chat_takes_a_short_burst_then_one_a_second(api, chen, phones):
    for _ in range(3):
        await api("sendMessage", chat_id=1001, text="x")
    read = (await api.answer("sendMessage", chat_id=1001, text="x")).json()
    assert read["description"] == "Too Many Requests: retry after 1"
    assert read["parameters"] == {"retry_after": 1}
    await phones.advance(1)
    await api("sendMessage", chat_id=1001, text="x")
    assert await api.refused("sendMessage", chat_id=1001, text="x") == (
        "429 Too Many Requests: retry after 1"
    )


async def test_a_group_takes_20_a_minute(api, chen, phones):
    group = await phones.add_group("1网格", [chen])
    for _ in range(20):
        await api("sendMessage", chat_id=group.chat_id, text="x")
    await phones.advance(15)
    refusal = await api.refused("sendMessage", chat_id=group.chat_id, text="x")
    assert refusal == "429 Too Many Requests: retry after 45"
    await phones.advance(45)
    await api("sendMessage", chat_id=group.chat_id, text="x")


async def test_all_chats_together_take_30_a_second(api, phones):
    people = [await phones.add_user(f"{n}") for n in range(31)]
    for person in people:
        await person.start()
    for person in people[:30]:
        await api("sendMessage", chat_id=person.user_id, text="x")
    last = {"chat_id": people[30].user_id, "text": "x"}
    assert (await api.refused("sendMessage", **last)).endswith("retry after 1")
    await phones.advance(1)
    await api("sendMessage", **last)


async def test_refused_messages_do_not_count(api, chen):
    for _ in range(5):
        await api.refused("sendMessage", chat_id=1001, text="")
    await api("sendMessage", chat_id=1001, text="x")


async def test_limits_can_be_switched_off(api, chen, phones):
    await phones.set_limits(enabled=False)
    for _ in range(40):
        await api("sendMessage", chat_id=1001, text="x")


def test_each_limit_is_a_setting():
    throttle = Throttle(Limits(burst=1, private_per_second=0.5, group_per_minute=1, per_second=3))
    assert throttle.admit(1, True, 0.0) == 0
    assert throttle.admit(1, True, 0.0) == 2
    assert throttle.admit(-1, False, 0.0) == 0
    assert throttle.admit(-1, False, 0.0) == 60


def test_an_album_counts_each_photo_yet_is_never_impossible():
    throttle = Throttle(Limits())
    assert throttle.admit(1, True, 0.0, 10) == 0
    assert throttle.admit(1, True, 0.0) == 8
