"""Who reads what: nothing personal in a group, nothing of residents to each other."""

import re
from typing import Any

from chatting import Crew, number
from walking import Walker

NAME, PHONE = "陈师傅", "13912345678"
TEXT = f"3号楼下充电桩坏了，我姓陈，电话{PHONE}，住302室"
NOTE = "上门见过302室的老陈"
PHONE_LIKE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|0\d{2,3}-?\d{7,8}")
WRITTEN = ("我姓陈", "302", "老陈", "周阿姨", NAME, "还在响")


async def words_to(crew: Crew, *, groups: bool) -> list[str]:
    """Everything the bot ever sent or drew anew, to groups or to people."""
    calls = await crew.stage.phones.calls()
    sent = [c["params"] for c in calls if c["method"].startswith(("send", "edit"))]
    return [_words(p) for p in sent if (int(p.get("chat_id", 0)) < 0) == groups]


def _words(params: dict[str, Any]) -> str:
    return " ".join(str(params.get(key, "")) for key in ("text", "caption", "reply_markup"))


async def whole_life(crew: Crew) -> Walker:
    """A petition from the group's question to its reopening, with everything said on the way."""
    group = await crew.group(crew.chen)
    walker = await crew.file(TEXT)
    await crew.called(walker)
    await crew.zhao.phone.tap("接单", chat=group)
    await crew.stage.settle()
    for who, action, answers in (
        (crew.zhao, "inspect", [NOTE]),
        (crew.zhao, "ask", ["请问是302室吗？"]),
        (crew.chen, "answer", [f"对，还在响，打{PHONE}"]),
        (crew.zhao, "propose", ["302室门口换新桩", "3天"]),
        (crew.committee, "approve", []),
        (crew.zhao, "note", [f"已打{PHONE}"]),
        (crew.zhao, "resolve", ["302室门口换好了"]),
        (crew.chen, "unhappy", []),
        (crew.chen, "reopen", ["还在响"]),
    ):
        await who.say(number(walker))
        await who.tap(f"t:{walker.id}:{action}")
        for answer in answers:
            await who.say(answer)
    return walker


async def test_nothing_personal_is_ever_said_in_a_group(crew: Crew):  # F57
    await whole_life(crew)
    told = await words_to(crew, groups=True)
    assert len(told) > 5 and any("接单" in text for text in told)
    for text in told:
        assert not PHONE_LIKE.search(text)
        assert not [word for word in WRITTEN if word in text]


async def test_the_weeks_summary_names_nobody_and_no_building(crew: Crew):  # F57
    residents = await crew.stage.phones.add_group("居民", [crew.lead.phone, crew.chen.phone])
    await crew.lead.say("/bind 居民群", chat=residents)
    walker = await whole_life(crew)
    await crew.zhao.press(f"t:{walker.id}:accept")  # else everybody is called for six days
    await crew.zhao.press(f"t:{walker.id}:attend")
    await crew.chen.say("/cancel")
    other = await crew.resolved(f"3号楼楼道的灯不亮，请打电话{PHONE}")
    await crew.chen.say(number(other))
    await crew.chen.tap("满意")
    await crew.stage.forward(days=6, minutes=1)
    said = [m.text for m in await crew.chen.phone.inbox(chat=residents) if m.sender == "bot"]
    [week] = [text for text in said if "上一周，大家提的事" in text]
    assert "提了 2 件" in week and "·1网格" in week
    for personal in (*WRITTEN, "3幢", "王琴", "赵兰", number(walker), number(other)):
        assert personal not in week
    for text in await words_to(crew, groups=True):
        assert not PHONE_LIKE.search(text)


async def test_a_name_given_by_a_pioneer_is_not_said_in_a_group(crew: Crew):  # F57
    await crew.group()
    await crew.wang.say("3号楼路灯不亮")
    await crew.wang.tap("代居民提交")
    await crew.wang.say(f"302室老陈，{PHONE}")
    await crew.wang.tap("本人同意了")
    await crew.wang.tap("提交")
    [ticket] = await crew.wang.tickets()
    await crew.called(Walker(crew.cast, ticket.id))
    told = "".join(await words_to(crew, groups=True))
    assert "谁来接单" in told and "老陈" not in told and PHONE not in told


async def test_a_group_that_is_refused_falls_back_to_the_lead_alone(crew: Crew):  # F4
    group = await crew.group()
    walker = await crew.file(TEXT)
    await crew.stage.phones.set_bot_status(group, "kicked")
    await crew.called(walker)
    assert "网格群发不进去" in "".join(await crew.lead.all())
    assert PHONE not in "".join(await words_to(crew, groups=True))


async def test_each_reads_only_what_is_for_him(crew: Crew):
    await crew.zhou.say("3号楼路灯不亮")
    await crew.zhou.tap("提交")
    walker = await whole_life(crew)
    for staff in (crew.zhao, crew.lead, crew.committee, crew.street):
        await staff.say(f"/t {number(walker)}")
        await staff.tap("经过")
        assert NAME not in "".join(await staff.all())  # the resident is never named
    his = "".join(await crew.chen.all())
    assert NOTE not in his and f"已打{PHONE}" not in his  # the staff's own words stay with them
    neighbour = "".join(await crew.zhou.all())
    assert PHONE not in neighbour and number(walker) not in neighbour


async def test_who_speaks_in_a_group_is_not_written_down(crew: Crew):
    group = await crew.stage.phones.add_group("聊天", [crew.zhou.phone])
    await crew.stage.phones.set_bot_status(group, "administrator")
    await crew.zhou.phone.send(f"我的电话{PHONE}", group)
    await crew.stage.settle()
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        assert await tx.person(crew.zhou.id) is None
