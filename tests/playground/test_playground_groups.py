"""Groups: privacy mode, coming and going, upgrades."""

import pytest

from playground import World


@pytest.fixture
async def group(phones, chen, api):
    made = await phones.add_group("1网格", [chen])
    await api.updates()
    return made


async def heard(api):
    return [update["message"].get("text") for update in await api.updates()]


async def test_being_added_is_told(phones, chen, api):
    await phones.add_group("1网格", [chen])
    change, service = await api.updates()
    assert change["my_chat_member"]["old_chat_member"]["status"] == "left"
    assert change["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert service["message"]["new_chat_members"][0]["id"] == 123456


async def test_privacy_mode_hears_commands_and_replies_to_the_bot(api, chen, group):
    sent = await api("sendMessage", chat_id=group.chat_id, text="新诉求")
    await chen.send("闲聊", chat=group)
    await chen.send("/bind", chat=group)
    await chen.send("/bind@other_bot", chat=group)
    await chen.send("/bind@Haitang_bot", chat=group)
    await chen.send("好", chat=group, reply_to=sent["message_id"])
    assert await heard(api) == ["/bind", "/bind@Haitang_bot", "好"]


async def test_an_administrator_hears_everything(api, chen, group, phones):
    await phones.set_bot_status(group, "administrator")
    await api.updates()
    await chen.send("闲聊", chat=group)
    assert await heard(api) == ["闲聊"]


def test_without_privacy_mode_a_bot_reads_all():
    world = World(privacy=False)
    assert world.bot_by_token("1:a").reads_all


async def test_joining_and_leaving_are_service_messages(api, phones, group):
    wang = await phones.add_user("王")
    await wang.join(group)
    await wang.leave(group)
    joined, left = [update["message"] for update in await api.updates()]
    assert joined["new_chat_members"][0]["id"] == wang.user_id
    assert left["left_chat_member"]["id"] == wang.user_id


async def test_members_have_a_status(api, chen, group, phones):
    wang = await phones.add_user("王")
    member = {"chat_id": group.chat_id}
    assert (await api("getChatMember", **member, user_id=1001))["status"] == "creator"
    assert (await api("getChatMember", **member, user_id=wang.user_id))["status"] == "left"
    assert (
        await api.refused("getChatMember", **member, user_id=5) == "400 Bad Request: user not found"
    )
    admins = await api("getChatAdministrators", **member)
    assert [admin["user"]["id"] for admin in admins] == [1001]
    assert await api("getChatMemberCount", **member) == 2


async def test_an_upgrade_is_told_on_both_sides(api, group, phones):
    successor = await phones.upgrade(group)
    old, new = [update["message"] for update in await api.updates()]
    assert (old["chat"]["id"], old["migrate_to_chat_id"]) == (group.chat_id, successor.chat_id)
    assert (new["chat"]["id"], new["migrate_from_chat_id"]) == (successor.chat_id, group.chat_id)
    assert new["chat"]["type"] == "supergroup"


async def test_leaving_tells_the_bot_and_the_group(api, chen, group):
    await api("leaveChat", chat_id=group.chat_id)
    [*_, update] = await api.updates()
    assert update["my_chat_member"]["new_chat_member"]["status"] == "left"
    assert (await chen.inbox(chat=group))[-1].media == "left_chat_member"


async def test_an_outsider_cannot_write_to_a_group(phones, group):
    wang = await phones.add_user("王")
    with pytest.raises(ValueError, match="not in this chat"):
        await wang.send("x", chat=group)


async def test_pins_are_shown(api, chen, group, phones):
    await phones.set_bot_status(group, "administrator")
    sent = await api("sendMessage", chat_id=group.chat_id, text="规则")
    await api("pinChatMessage", chat_id=group.chat_id, message_id=sent["message_id"])
    inbox = await chen.inbox(chat=group)
    assert [message.pinned for message in inbox if message.text == "规则"] == [True]
    assert inbox[-1].media == "pinned_message"
    await api("unpinChatMessage", chat_id=group.chat_id)
    assert not any(message.pinned for message in await chen.inbox(chat=group))
