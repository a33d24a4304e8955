"""A world that is kept in a folder comes back as it was."""

import json
from datetime import timedelta

import pytest

from playground import Clock, Phones, World, serve
from playground.world.keeping import Keeper, UnreadableWorld, as_plain, load

TOKEN = "123456:playground"


async def test_everything_comes_back(world, api, chen, phones, tmp_path):
    """Chats, unread updates, files, presses, votes, groups; ids go on where they were."""
    rows = [[{"text": "x", "callback_data": "x"}]]
    await api("setMyCommands", commands=[{"command": "mine", "description": "我的"}])
    await api("sendMessage", chat_id=1001, text="<b>海</b>棠", parse_mode="HTML",
              reply_markup={"inline_keyboard": rows})  # fmt: skip
    poll = await api("sendPoll", chat_id=1001, question="?", options=["a", "b"])
    await chen.vote(poll["message_id"], [1])
    await phones.add_group("群", [chen])
    await chen.tap("x")
    await chen.send_photo("桩", data=b"\xff\xd8picture")
    await chen.send("\ud800 lone")
    Keeper(world, tmp_path).save()
    again = load(tmp_path)
    assert again is not None
    assert as_plain(again) == as_plain(world)
    assert again.clock.now() == world.clock.now()
    async with serve(again) as server, Phones(server.root, TOKEN) as others:
        assert await others.pending() == await phones.pending()
        phone = type(chen)(others, 1001, "陈师傅")
        [photo] = [m for m in await phone.inbox() if m.media == "photo"]
        assert await others.download(photo.file_ids[0]) == b"\xff\xd8picture"
        with pytest.raises(ValueError, match="voted already"):
            await phone.vote(poll["message_id"], [0])


async def test_it_is_saved_while_it_runs_and_at_the_end(world, chen, tmp_path):
    async with Keeper(world, tmp_path).keeping():
        world.clock.advance(60)
        await chen.send("last words")
    again = load(tmp_path)
    assert "last words" in json.dumps(as_plain(again))
    assert again.clock.now() == world.clock.now()


def test_there_may_be_nothing_to_load(tmp_path):
    assert load(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{}", '{"format": 99}', '{"format": 1}'])
def test_a_broken_world_is_refused(tmp_path, text):
    (tmp_path / "world.json").write_text(text)
    with pytest.raises(UnreadableWorld, match=r"world\.json"):
        load(tmp_path)


def test_a_half_written_file_changes_nothing(tmp_path):
    """What a crash leaves is a draft beside the whole one."""
    world = World(clock=Clock.real())
    world.add_user("陈师傅")
    Keeper(world, tmp_path).save()
    (tmp_path / "world.new").write_text("{")
    again = load(tmp_path)
    assert [user.name for user in again.users.values()] == ["陈师傅"]
    assert abs(again.clock.now() - world.clock.now()) < timedelta(seconds=5)
