"""Running it: addresses, stopping, the event stream, the ways to pass parameters."""

import asyncio
import json
import time

import httpx
import pytest

from playground import Phones, World, serve

TOKEN = "123456:playground"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org"])
async def test_only_this_machine_is_served(host):
    with pytest.raises(ValueError, match="only this machine"):
        async with serve(host=host):
            pass


async def test_it_stops_at_once_with_polls_and_streams_open(world):
    http = httpx.AsyncClient(trust_env=False)
    async with serve(world) as server:
        waits = (
            f"{server.root}/playground/clock?after=1&timeout=50",
            f"{server.root}/playground/events",
            f"{server.base_url}{TOKEN}/getUpdates?timeout=50",
        )
        stuck = [asyncio.create_task(http.get(wait)) for wait in waits]
        await asyncio.sleep(0.05)
        began = time.monotonic()
    assert time.monotonic() - began < 0.5
    answers = await asyncio.wait_for(asyncio.gather(*stuck), 1)
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    await http.aclose()


async def test_changes_are_streamed_as_events(api, chen, phones, server):
    async with api.http.stream("GET", f"{server.root}/playground/events") as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == ": connected"
        await api("sendMessage", chat_id=1001, text="x")
        await phones.advance(1)
        await chen.send("y")
        kinds = []
        while len(kinds) < 4:
            if (line := await anext(lines)).startswith("data: "):
                kinds.append(json.loads(line.removeprefix("data: "))["event"])
    assert kinds == ["message", "call", "clock", "message"]


async def test_parameters_may_come_in_any_dress(api, chen):
    url = f"{api.root}/bot{api.token}/sendMessage"
    plain = {"chat_id": "1001", "text": "海 & 棠"}
    by_query = await api.http.get(url, params=plain)
    by_form = await api.http.post(url, data=plain)
    by_json = await api.http.post(url, json=plain)
    by_parts = await api.http.post(url, data=plain, files={"unused": ("a", b"")})
    for answer in (by_query, by_form, by_json, by_parts):
        assert answer.json()["result"]["text"] == "海 & 棠"


async def test_bodies_that_are_no_parameters_are_refused(api):
    url, kind = f"{api.root}/bot{api.token}/getMe", {"content-type": "application/json"}
    for body in (b"{", b"[]"):
        assert (await api.http.post(url, content=body, headers=kind)).status_code == 400
    answer = await api.http.post(url, content=b"a=%ff", headers={"content-type": "x/y"})
    assert answer.json()["description"].endswith("UTF-8")


async def test_objects_of_the_wrong_shape_are_refused(api, chen):
    for markup in ([1], {"inline_keyboard": 3}, {"inline_keyboard": [[1]]}, "{"):
        answer = await api.answer("sendMessage", chat_id=1001, text="x", reply_markup=markup)
        assert answer.status_code == 400
    answer = await api.answer("sendMessage", chat_id=1001, text="x", reply_parameters=[1])
    assert answer.status_code == 400


async def test_a_closed_world_knows_only_its_own_bots():
    world = World(open_mode=False)
    world.add_bot("7:secret")
    assert world.bot_by_token("7:secret").username == "haitang_bot"
    async with serve(world) as server, Phones(server.root, "8:other") as phones:
        with pytest.raises(ValueError, match="Unauthorized"):
            await phones.pending()


async def test_phones_find_a_lone_bot_by_themselves(api, chen, server):
    await chen.send("x")
    answer = await api.http.get(f"{server.root}/playground/bot")
    assert answer.json()["pending"] == 1
    everybody = (await api.http.get(f"{server.root}/playground/users")).json()
    assert [user["id"] for user in everybody["users"]] == [1001]


async def test_two_bots_keep_their_private_chats_apart(api, chen, server):
    async with Phones(server.root, "7:other") as others:
        other = type(chen)(others, chen.user_id, chen.name)
        await other.start()
        assert [message.text for message in await other.inbox()] == ["/start"]
    assert await api("getUpdates") == []
