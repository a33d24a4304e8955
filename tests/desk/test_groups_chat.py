"""The grid's group: bound by its lead, asked when nobody took a ticket, told nothing personal."""

from typing import Any

import pytest
from chatting import Chat, Crew
from walking import Walker

from playground.phones.phone_client import Group, Message
from workflows.core.people import Role
from workflows.petition.words import State
from workflows.store.messages import chats

GRID = "友新街道/南环一/1网格"
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


async def place_of(crew: Crew, group: Group) -> str:
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        return await tx.ask(chats.place_of, group.chat_id)


async def from_bot(crew: Crew, group: Group) -> list[Message]:
    found = await crew.lead.phone.inbox(chat=group)
    return [m for m in found if m.sender == "bot"]


async def asked(crew: Crew) -> tuple[Walker, Group]:
    """A ticket that nobody took, and the group that is asked."""
    group = await crew.group(crew.chen)
    walker = await crew.file("3号楼下充电桩坏了，陈师傅13912345678")
    await crew.called(walker)
    return walker, group


# binding


async def test_a_lead_binds_the_group_to_his_grid(crew: Crew):
    group = await crew.group()
    assert await place_of(crew, group) == GRID
    [said] = await from_bot(crew, group)
    assert "1网格 的网格群" in said.text and "不写居民的姓名" in said.text


@pytest.mark.parametrize("command", ["/bind", "/bind 1网格", "/unbind"])
async def test_others_cannot_bind_or_unbind(crew: Crew, command: str):
    group = await crew.group(crew.chen, crew.committee, crew.street)
    for chat in (crew.chen, crew.wang, crew.committee, crew.street):
        said = await chat.say(command, chat=group)
        assert "没有改成" in said.text
        assert await place_of(crew, group) == GRID


@pytest.mark.parametrize("command", ["/bind", "/unbind"])
async def test_a_group_is_not_taken_from_another_lead(crew: Crew, command: str):  # F50
    other = await crew.stage.hire("外格长", Role.LEAD, "南环一/2网格", 3002)
    chat = Chat(crew.stage, other)
    group = await crew.group(chat)
    await chat.say(command, chat=group)
    assert "没有改成" in (await from_bot(crew, group))[-1].text
    assert await place_of(crew, group) == GRID


async def test_a_lead_unbinds_his_group(crew: Crew):
    group = await crew.group()
    await crew.lead.say("/unbind", chat=group)
    assert await place_of(crew, group) == ""


async def test_a_grid_has_one_group_the_newest(crew: Crew):
    old, new = await crew.group(), await crew.group()
    walker = await crew.file()
    await crew.called(walker)
    assert len(await from_bot(crew, old)) == 1 and len(await from_bot(crew, new)) == 2


async def test_an_admin_names_the_grid(crew: Crew):
    boss = Chat(crew.stage, await crew.stage.hire("管理员", Role.ADMIN, "", 9001))
    group = await crew.stage.phones.add_group("2网格", [boss.phone])
    await boss.say("/bind", chat=group)
    assert await place_of(crew, group) == ""
    await boss.say("/bind 2网格", chat=group)
    assert await place_of(crew, group) == "友新街道/南环一/2网格"


# asking the group


async def test_the_group_is_asked_without_anything_personal(crew: Crew):  # F57
    _, group = await asked(crew)
    card = (await from_bot(crew, group))[-1]
    assert "谁来接单" in card.text and card.labels == ["接单"]
    assert "1网格 3幢" in card.text and "充电设施" in card.text
    for personal in ("13912345678", "坏了", "陈师傅"):
        assert personal not in card.text


async def test_who_takes_it_gets_the_card_and_the_group_sees_who(crew: Crew):
    walker, group = await asked(crew)
    await crew.zhao.mark()
    await crew.zhao.phone.tap("接单", chat=group)
    await crew.zhao.settled()
    assert "13912345678" in (await crew.zhao.last()).text
    card = (await from_bot(crew, group))[-1]
    assert "赵兰 接单" in card.text and not card.buttons
    assert (await walker.ticket()).handler == crew.zhao.id


async def test_a_resident_in_the_group_cannot_take_it(crew: Crew):  # F47
    walker, group = await asked(crew)
    card = (await from_bot(crew, group))[-1]
    await crew.zhou.phone.join(group)
    await crew.zhou.phone.tap_data(f"t:{walker.id}:accept", card.id, chat=group)
    await crew.zhou.stage.settle()
    assert "没有找到" in await crew.zhou.toast()
    assert (await walker.ticket()).state is State.DISPATCHED


async def test_a_withdrawn_ticket_is_offered_in_the_group_no_more(crew: Crew):
    walker, group = await asked(crew)
    await crew.chen.tap(f"t:{walker.id}:withdraw")
    await crew.chen.tap("已经解决了")
    card = (await from_bot(crew, group))[-1]
    assert not card.buttons and "已经解决了" not in card.text


# talking in it


async def test_a_command_in_a_group_leads_to_the_private_chat(crew: Crew):  # F46
    group = await crew.group(crew.chen)
    await crew.file("3号楼下充电桩坏了，电话13912345678")
    ours = "/status@" + (await crew.stage.service.bot.get_me()).username
    for command in ("/mine", "/t 10019", "/start", "/roster", "/help", "/cancel", ours):
        said = await crew.chen.say(command, chat=group)
        assert "单独发给我" in said.text and "13912345678" not in said.text


def _as_nobody(group: Group, **sender: Any) -> dict[str, Any]:
    chat = {"id": group.chat_id, "type": "supergroup", "title": "1网格"}
    return {"message_id": 900, "date": 1764000000, "chat": chat, "text": "/bind 1网格"} | sender


@pytest.mark.parametrize("sender", ["channel", "telegram"])
async def test_who_is_nobody_is_not_heard(crew: Crew, sender: str):  # F45
    group = await crew.group()
    await crew.lead.say("/unbind", chat=group)
    before = len(await from_bot(crew, group))
    channel = {"id": -100777, "type": "channel", "title": "频道"}
    found = {
        "channel": {"from": TELEGRAM, "sender_chat": channel},
        "telegram": {"from": TELEGRAM},
    }[sender]  # fmt: skip
    await crew.stage.phones.push_update("message", _as_nobody(group, **found))
    await crew.stage.settle()
    assert await place_of(crew, group) == "" and len(await from_bot(crew, group)) == before


@pytest.mark.parametrize("command", ["/status", "/status@other_bot", "/mine@other_bot", "/天气"])
async def test_a_command_for_another_bot_is_not_answered(crew: Crew, command: str):
    group = await crew.group(crew.chen)
    before = len(await from_bot(crew, group))
    await crew.chen.say(command, chat=group)
    assert len(await from_bot(crew, group)) == before


async def anonymously(crew: Crew, group: Group, text: str) -> list[Message]:
    """What the bot says in the group after an admin said this as the group itself."""
    before = len(await from_bot(crew, group))
    itself = {"id": group.chat_id, "type": "supergroup", "title": "1网格"}
    said = _as_nobody(group, **{"from": ANONYMOUS, "sender_chat": itself, "text": text})
    await crew.stage.phones.push_update("message", said)
    await crew.stage.settle()
    return (await from_bot(crew, group))[before:]


@pytest.mark.parametrize("command", ["/bind", "/bind 1网格", "/unbind"])
async def test_an_anonymous_admin_is_told_what_to_do(crew: Crew, command: str):
    group = await crew.group()
    [told] = await anonymously(crew, group, command)
    assert "匿名" in told.text and command.split(maxsplit=1)[0] in told.text
    assert await place_of(crew, group) == GRID


@pytest.mark.parametrize("text", ["/mine", "/bind@other_bot", "大家好", "/status"])
async def test_what_else_an_anonymous_admin_says_is_nobodys(crew: Crew, text: str):
    assert not await anonymously(crew, await crew.group(), text)


# a group with topics

TOPIC = 77


async def forum(crew: Crew, topics: tuple[int, ...] = (TOPIC,), **said: Any) -> Group:
    """A forum in which the lead says /bind in a topic."""
    phones = [m.phone for m in (crew.lead, crew.zhao, crew.wang, crew.chen)]
    group = await crew.stage.phones.add_group("论坛", phones, topics=topics)
    await in_topic(crew, group, "/bind", crew.lead, **said)
    return group


async def in_topic(
    crew: Crew, group: Group, text: str, by: Chat, topic: int = TOPIC, **said: Any
) -> None:
    person = {"id": by.id, "is_bot": False, "first_name": by.phone.name}
    there = {"message_thread_id": topic, "is_topic_message": True} | said
    message = _as_nobody(group, **{"from": person, "text": text}, **there)
    await crew.stage.phones.push_update("message", message)
    await crew.stage.settle()


async def topics_of(crew: Crew, group: Group) -> list[int | None]:
    """Into which topic each message to the group went; those that were refused left out."""
    calls = [c for c in await crew.stage.phones.calls() if c["status"] == 200]
    sent = [c["params"] for c in calls if c["method"].startswith("send")]
    to_group = (p for p in sent if str(p.get("chat_id")) == str(group.chat_id))
    return [int(p["message_thread_id"]) if "message_thread_id" in p else None for p in to_group]


async def test_all_that_is_for_a_group_goes_to_the_topic_where_it_was_bound(crew: Crew):
    group = await forum(crew)
    assert await place_of(crew, group) == GRID
    await crew.called(await crew.file())
    said = [m.text for m in await from_bot(crew, group)]
    assert "网格群" in said[0] and "谁来接单" in said[-1]
    assert await topics_of(crew, group) == [TOPIC] * len(said)


async def test_bound_again_elsewhere_it_goes_there(crew: Crew):
    group = await forum(crew, (TOPIC, 88))
    await in_topic(crew, group, "/bind", crew.lead, 88)
    await crew.lead.say("/bind", chat=group)
    assert await topics_of(crew, group) == [TOPIC, 88, None]


async def test_a_thread_of_answers_is_no_topic(crew: Crew):
    """Telegram numbers the answers to a message in any large group."""
    group = await forum(crew, is_topic_message=False)
    assert await topics_of(crew, group) == [None]


async def test_what_is_asked_in_a_topic_is_answered_there(crew: Crew):
    group = await forum(crew, (TOPIC, 88))
    await in_topic(crew, group, "/mine", crew.chen, 88)
    await in_topic(crew, group, "/unbind", crew.chen, 88)
    assert await topics_of(crew, group) == [TOPIC, 88, 88]


async def test_where_the_topic_is_gone_the_group_itself_is_told(crew: Crew):
    group = await forum(crew, topics=())
    [said] = await from_bot(crew, group)
    assert "网格群" in said.text and await topics_of(crew, group) == [None]


async def test_a_channels_post_is_not_heard(crew: Crew):  # F45
    post = {"message_id": 1, "date": 1764000000, "text": "3号楼充电桩坏了",
            "chat": {"id": -100777, "type": "channel", "title": "频道"}}  # fmt: skip
    await crew.stage.phones.push_update("channel_post", post)
    await crew.stage.settle()
    calls = await crew.stage.phones.calls()
    assert not [c for c in calls if str(c["params"].get("chat_id")) == "-100777"]
