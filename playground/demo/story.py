"""The two stories the bot is for, each a list of steps that a terminal or the page can play."""

from __future__ import annotations

from dataclasses import dataclass

STATION = "st_nanhuan-east"


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

STORIES: dict[str, tuple[Step, ...]] = {"one_day": ONE_DAY, "nobody": NOBODY}
