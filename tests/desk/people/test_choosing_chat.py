"""Lists of people to choose from: who is there stands first, and nobody looks free who is not."""

import pytest
from chatting import Chat, Crew
from folk import FAR_GRID, OTHER_GRID
from walking import Walker

from workflows.core.people import Role
from workflows.petition.words import Action


async def rest(chat: Chat) -> None:
    await chat.say("/duty")
    await chat.tap("⚪ 休息")


async def leave(chat: Chat) -> None:
    await chat.say("/duty")
    await chat.tap("🏖 请假")
    await chat.tap("3天后")
    await chat.tap("没有人代")


async def names(chat: Chat, walker: Walker, action: Action) -> list[str]:
    """The people offered to choose from."""
    await chat.press(f"t:{walker.id}:{action}")
    return [label for label in (await chat.last()).labels if label != "取消"]


def place_in(labels: list[str], name: str) -> int:
    return next(i for i, label in enumerate(labels) if name in label)


@pytest.mark.parametrize("action", [Action.DISPATCH, Action.TRANSFER, Action.ASSIST])
async def test_who_is_off_duty_or_away_stands_last_and_marked(crew: Crew, action: Action):
    await rest(crew.li)
    await leave(crew.zhao)
    walker = await (crew.file() if action is Action.DISPATCH else crew.accepted())
    labels = await names(crew.lead, walker, action)
    assert labels[-2:] == ["⚪ 李明（休息，在手 0 件）", "🏖 赵兰（请假，在手 0 件）"]
    assert "孙工（在手 0 件）" in labels[:-2]


async def test_a_helping_hand_of_another_grid_is_marked_and_left_out_alike(crew: Crew):
    resting = Chat(crew.stage, await crew.stage.hire("蒋平", Role.PIONEER, OTHER_GRID, 2101))
    gone = Chat(crew.stage, await crew.stage.hire("韩梅", Role.PIONEER, OTHER_GRID, 2102))
    await rest(resting)
    await gone.phone.block()
    walker = await crew.accepted()
    labels = await names(crew.lead, walker, Action.ASSIST)
    assert labels[-1] == "⚪ 蒋平（休息，在手 0 件）" and "韩梅" not in "".join(labels)


async def test_a_stand_in_is_chosen_by_what_he_has_in_hand(crew: Crew):
    await rest(crew.li)
    await crew.accepted()
    await crew.zhao.say("/duty")
    await crew.zhao.tap("🏖 请假")
    labels = (await crew.zhao.tap("3天后")).labels
    assert "王琴（在手 1 件）" in labels and "⚪ 李明（休息，在手 0 件）" in labels
    assert place_in(labels, "李明") > place_in(labels, "王琴")


async def test_the_roster_says_how_much_each_has_in_hand(crew: Crew):
    await crew.accepted()
    lines = (await crew.lead.say("/roster")).text.split("\n")
    assert "王琴（在手 1 件）" in next(line for line in lines if "王琴" in line)
    assert "在手" not in next(line for line in lines if "李明" in line)


async def test_a_community_where_nobody_can_hear_it_is_not_offered(crew: Crew):
    far = Chat(crew.stage, await crew.stage.hire("沈长", Role.LEAD, FAR_GRID, 3002))
    walker = await crew.accepted()
    assert "南环二 4网格" in await names(crew.lead, walker, Action.REFER)
    await crew.lead.tap("取消")
    await far.phone.block()
    await crew.stage.settle()
    await crew.lead.press(f"t:{walker.id}:{Action.REFER}")
    assert "南环二 4网格" not in (await crew.lead.last()).labels
