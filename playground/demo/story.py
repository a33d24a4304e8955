"""The stories the bot is for, each a list of steps that a terminal or the page can play."""

from __future__ import annotations

from dataclasses import dataclass

STATION = "st_nanhuan-east"
RIDERS = "riders"  # forty couriers at once


@dataclass(frozen=True, kw_only=True)
class Step:
    """One move: `who` is a key of the cast, `kind` says which of `Play`'s moves it is.

    `day` counts from the story's first day.
    """

    kind: str
    who: str = ""
    text: str = ""
    day: int = 0


def _morning() -> Step:
    return Step(kind="morning")


def _at(clock: str, *, day: int = 0) -> Step:
    return Step(kind="at", text=clock, day=day)


def _opens(who: str, link: str) -> Step:
    return Step(kind="opens", who=who, text=link)


def _says(who: str, text: str) -> Step:
    return Step(kind="says", who=who, text=text)


def _shows(who: str, caption: str) -> Step:
    return Step(kind="shows", who=who, text=caption)


def _taps(who: str, label: str) -> Step:
    return Step(kind="taps", who=who, text=label)


def _scans(who: str, owner: str) -> Step:
    """What hangs at a point, from the sheet that its owner has just been sent."""
    return Step(kind="scans", who=who, text=owner)


def _visits(who: str, owner: str) -> Step:
    """The link of the activity whose card its owner saw last."""
    return Step(kind="visits", who=who, text=owner)


def _enters(who: str, owner: str) -> Step:
    """The code that its owner shows."""
    return Step(kind="enters", who=who, text=owner)


ONE_DAY = (
    _morning(),
    _opens("chen", STATION),
    _says("chen", "3号楼下充电桩又旧又坏，充不进电"),
    _taps("chen", "提交"),
    _at("09:12"),
    _taps("wang", "接单"),
    _at("10:05"),
    _taps("wang", "实地查看"),
    _shows("wang", "三根桩都坏了，插座也老化"),
    _taps("wang", "上报方案"),
    _at("10:20"),
    _says("wang", "请充电公司来换三根新桩，换好前先用2幢的"),
    _taps("wang", "3天内"),
    _at("14:00"),
    _taps("wu", "同意"),
    _at("16:00", day=2),
    _taps("wang", "办结"),
    _shows("wang", "三根新桩装好了，试过能充电"),
    _taps("chen", "满意"),
)

NOBODY = (
    _morning(),
    _opens("zhou", STATION),
    _says("zhou", "2号楼楼道堆满杂物，消防通道都堵住了"),
    _taps("zhou", "提交"),
    _at("19:30", day=1),
    _taps("qian", "派单"),
    _taps("qian", "李明"),
    _at("19:38", day=1),
    _taps("li", "接单"),
    _at("19:50", day=1),
    _taps("li", "上报方案"),
    _says("li", "明天上午和物业一起清理楼道"),
    _taps("li", "明天"),
    _at("20:15", day=1),
    _taps("wu", "同意"),
)

ROUND = (
    _morning(),
    _opens("chen", STATION),
    _says("chen", "3幢充电桩坏了，充不进电"),
    _taps("chen", "提交"),
    _at("09:05"),
    _taps("wang", "接单"),
    _at("09:31"),
    _taps("li", "更多"),
    _taps("li", "打印二维码"),
    _at("09:50"),
    _scans("li", "li"),
    _taps("li", "有问题"),
    _taps("li", "能充电"),
    _shows("li", "充不进电"),
    _taps("li", "一般"),
    _taps("li", "要派人处理"),
    _at("11:00"),
    _taps("wang", "办结"),
    _shows("wang", "换了保险，试过能充电"),
    _taps("chen", "满意"),
    _taps("li", "已经好了"),
)

COOL = (
    _morning(),
    _says("li", "办活动 送清凉"),
    _taps("li", "写活动安排"),
    _says("li", "明天下午2点到3点"),
    _says("li", "3幢楼下"),
    _says("li", "38"),
    _says("li", "2"),
    _taps("li", "公布"),
    _visits(RIDERS, "li"),
    _taps(RIDERS, "就我一个"),
    _visits("zhou", "li"),
    _taps("zhou", "当帮手"),
    _at("14:01", day=1),
    _taps("li", "🔢 签到码"),
    _enters(RIDERS, "li"),
    _enters("zhou", "li"),
    _at("15:40", day=1),
    _taps("li", "写小结"),
    _taps("li", "顺利办好了"),
    _says("zhou", "存折"),
    _taps("zhou", "换东西"),
    _taps("zhou", "毛巾"),
    _taps("zhou", "就换这个"),
)

STORIES: dict[str, tuple[Step, ...]] = {
    "one_day": ONE_DAY, "nobody": NOBODY, "round": ROUND, "cool": COOL,
}  # fmt: skip
