"""A resident reads plain words and a number to call; staff have their own words explained."""

import pytest
from chatting import Crew
from plain_words import OFFICE

from playground.phones.phone_client import Message
from playground.stage.stage import Stage

PHONE = "0512-68000000"
FOOT = f"☎️ 社区电话：{PHONE}"
TRAPPED = "3号楼电梯里有人被困"


async def give_phones(stage: Stage, phone: str = "", **own: str) -> None:
    """The bot goes on with these numbers: for all, and of communities by their names."""
    told = [c.model_copy(update={"office_phone": own.get(c.name, "")}) for c in
            stage.settings.communities]  # fmt: skip
    changed = {"office_phone": phone, "communities": tuple(told)}
    stage.settings = stage.settings.model_copy(update=changed)
    await stage.restart()


async def a_day_of_chen(crew: Crew) -> list[Message]:
    """All that he reads from the greeting until it is closed."""
    await crew.chen.say("/start", "/help", "/mine", "你好", "取消")
    walker = await crew.planned()
    await crew.chen.tap(f"v:{walker.id}:steps")
    await crew.wang.tap(f"t:{walker.id}:resolve")
    await crew.wang.say("换好了")
    await crew.chen.tap("满意")
    await crew.chen.press(f"t:{walker.id}:nudge")
    await crew.chen.say("/mine", "/private", "/forget")
    return [m for m in await crew.chen.phone.inbox() if m.sender == "bot" and m.text]


async def test_no_message_of_the_day_has_a_word_of_the_office_or_a_command(crew: Crew):
    said = await a_day_of_chen(crew)
    labels = [label for message in said for label in message.labels]
    assert len(said) > 12
    for text in [m.text for m in said] + labels:
        assert not OFFICE.search(text) and "/mine" not in text and "/forget" not in text


async def test_every_message_of_the_day_ends_with_the_offices_number(crew: Crew):
    await give_phones(crew.stage, PHONE)
    assert all(m.text.endswith(FOOT) for m in await a_day_of_chen(crew))
    assert not any(PHONE in text for text in await crew.wang.all())


async def test_where_no_number_is_set_nothing_is_said_of_one(crew: Crew):
    assert not any("社区电话" in m.text or "☎️" in m.text for m in await a_day_of_chen(crew))


async def test_the_number_is_that_of_the_community_where_it_is(crew: Crew):
    await give_phones(crew.stage, 南环一="0512-1", 南环二="0512-2")
    assert "0512-2" in (await crew.chen.start()).text  # where he lives is not known yet
    await crew.file()
    said = (await crew.chen.last()).text
    assert "0512-1" in said and "0512-2" not in said
    assert "0512-2" not in (await crew.chen.say("/mine")).text


async def test_staff_who_ask_for_a_person_are_not_sent_to_themselves(crew: Crew):
    await give_phones(crew.stage, PHONE)
    assert "请打下面的电话" not in (await crew.wang.say("人工")).text
    assert "请打下面的电话" in (await crew.chen.say("人工")).text


async def test_in_danger_no_other_number_stands_beside_the_urgent_ones(crew: Crew):
    await give_phones(crew.stage, PHONE)
    await crew.chen.say(TRAPPED)
    [urgent] = [text for text in await crew.chen.new() if "请现在就打电话" in text]
    assert PHONE not in urgent


@pytest.mark.parametrize(("asked", "said"), [("挂账", "现在办不了，先记着"), ("天书", "办结：")])
async def test_staff_ask_what_a_word_means(crew: Crew, asked: str, said: str):
    assert said in (await crew.wang.say(f"/help {asked}")).text


async def test_all_words_are_behind_a_button_of_the_staffs_help(crew: Crew):
    await crew.wang.say("/help")
    assert "挂账：现在办不了" in (await crew.wang.tap("这些词什么意思")).text


async def test_a_resident_is_offered_no_list_of_staff_words(crew: Crew):
    assert "这些词什么意思" not in "".join((await crew.chen.say("/help")).labels)


async def test_what_is_being_written_stops_at_a_word(crew: Crew):
    await crew.chen.say("3号楼充电桩坏了")
    assert "没有提交" in (await crew.chen.say("取消")).text
