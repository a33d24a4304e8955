"""What people do while the bot dies: where it begins, and what is done one after the other."""

from collections.abc import Awaitable, Callable

from bank import Bank
from casting import CHARGER
from chatting import Crew
from rooms import announced
from trial import (
    Act,
    album,
    album_part,
    block,
    edit,
    passes,
    photo,
    press,
    say,
    start,
    tap,
    tap_first,
)
from walking import Walker

# Where a scenario begins; each returns the ticket it is about, 0 for none yet.


async def hired(crew: Crew) -> int:
    return 0


async def greeted(crew: Crew) -> int:
    await crew.chen.start("st_nanhuan-east")
    return 0


async def filed(crew: Crew) -> int:
    return (await crew.file(CHARGER)).id


async def filed_by_a_neighbour(crew: Crew) -> int:
    walker = await crew.file(CHARGER)
    await crew.zhou.start("st_nanhuan-east")
    return walker.id


async def accepted(crew: Crew) -> int:
    return (await crew.accepted(CHARGER)).id


async def two_accepted(crew: Crew) -> int:
    """The other one is filed first, so that its number is the same in every run."""
    other = await crew.file("3号楼楼道灯不亮", by=crew.zhou)
    assert other.id
    return (await crew.accepted(CHARGER)).id


async def proposed(crew: Crew) -> int:
    walker = await crew.accepted(CHARGER)
    await crew.wang.tap(f"t:{walker.id}:propose")
    await crew.wang.say("请充电公司来换新桩")
    await crew.wang.say("3天")
    return walker.id


async def resolved(crew: Crew) -> int:
    return (await crew.resolved(CHARGER)).id


async def nearly_late(crew: Crew) -> int:
    """An hour before the promise is broken."""
    walker = await crew.accepted(CHARGER)
    await crew.stage.forward(hours=23)
    return walker.id


async def nearly_morning(crew: Crew) -> int:
    """Half an hour before everybody hears what is due that day."""
    walker = await crew.accepted(CHARGER)
    await crew.stage.forward(hours=22, minutes=30)
    return walker.id


async def nearly_night(crew: Crew) -> int:
    """Ten minutes before the upkeep, in which there is nothing to throw away yet."""
    walker = await crew.accepted(CHARGER)
    await crew.stage.forward(hours=17, minutes=50)
    return walker.id


async def nearly_called(crew: Crew) -> int:
    """Everybody but one was asked; then it is the grid's group."""
    await crew.group()
    walker: Walker = await crew.file(CHARGER)
    await crew.stage.forward(minutes=90)
    return walker.id


async def one_place_is_taken(crew: Crew) -> int:
    """周 is in, 陈 looks at it."""
    activity = await announced(crew)
    for chat in (crew.zhou, crew.chen):
        await chat.start()
        await chat.say("/cancel")
        await chat.start(f"at_{activity}")
    await crew.zhou.tap("就我一个")
    return activity


async def nearly_opened(crew: Crew) -> int:
    """A minute before the day's round opens; 陈 has said already what it will come upon."""
    walker = await crew.file("3幢充电桩坏了，充不进电")
    await crew.stage.forward(minutes=29)
    return walker.id


async def nearly_chosen(crew: Crew) -> int:
    """陈 has points, and a gift before his eyes."""
    bank = Bank(crew)
    await crew.chen.start()
    await bank.rich()
    await bank.shelf()
    await crew.chen.tap("毛巾")
    return 0


Scene = tuple[Callable[[Crew], Awaitable[int]], list[Act]]

SCENES: dict[str, Scene] = {
    "file": (hired, [start("chen"), say("chen", CHARGER), tap("chen", "提交")]),
    "album": (greeted, [album("chen", 3, CHARGER), tap("chen", "提交")]),
    "slow album": (  # F43: killed between its parts
        greeted,
        [album_part("chen", CHARGER), album_part("chen"), album_part("chen"), tap("chen", "提交")],
    ),
    "edit": (
        greeted,
        [say("chen", CHARGER), edit("chen", f"{CHARGER}两根"), tap("chen", "提交")],
    ),
    "accept": (filed, [press("wang", "accept")]),
    "plan": (
        accepted,
        [press("wang", "propose"), say("wang", "请充电公司来换新桩"), say("wang", "3天"),
         press("committee", "approve")],
    ),
    "ask": (
        accepted,
        [press("wang", "ask"), say("wang", "请问是几号桩？"), press("chen", "answer"),
         say("chen", "三号桩")],
    ),
    "rate": (
        accepted,
        [press("wang", "resolve"), say("wang", "已经换好了"), press("chen", "confirm:3")],
    ),
    "nudge": (accepted, [press("chen", "nudge")]),
    "withdraw": (filed, [press("chen", "withdraw"), say("chen", "已经自己修好了")]),
    "follow": (
        filed_by_a_neighbour,
        [say("zhou", CHARGER), tap("zhou", "我也遇到了")],
    ),
    "merge": (two_accepted, [press("wang", "merge"), say("wang", "{other}")]),
    "reopen": (resolved, [press("chen", "reopen"), say("chen", "还是充不了电")]),
    "offer": (filed, [passes(minutes=16), passes(minutes=17)]),  # reminded, handed on
    "breach": (nearly_late, [passes(minutes=90)]),
    "morning": (nearly_morning, [passes(minutes=40)]),
    "night": (nearly_night, [passes(minutes=20)]),
    "called": (nearly_called, [passes(minutes=45), press("zhao", "accept", in_group=True)]),
    "blocked": (proposed, [block("chen"), press("committee", "approve"), start("chen", "")]),
    "split": (accepted, [press("wang", "split"), say("wang", "楼道里的插座也坏了")]),
    "move": (accepted, [press("lead", "move"), tap_first("lead"), say("lead", "在他们那边")]),
    "sign up": (
        one_place_is_taken,
        [tap("chen", "就我一个"), tap("zhou", "不去了"), tap("chen", "我来")],
    ),
    "round": (
        nearly_opened,
        [passes(minutes=2), tap("li", "3幢充电桩"), tap("li", "有问题"), tap("li", "能充电"),
         photo("li", "充不进电"), tap("li", "一般"), tap("li", "要派人处理")],
    ),
    "gift": (nearly_chosen, [tap("chen", "就换这个")]),
    "assist": (accepted, [press("wang", "assist"), tap_first("wang"), say("wang", "搭把手")]),
}  # fmt: skip
