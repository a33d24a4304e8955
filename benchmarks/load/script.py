"""The conversation, the same for every bot: six updates, six answers.

1. /start                → a greeting
2. a petition            → a preview with the buttons 类别 and 提交 (and others)
3. 类别 is tapped        → the categories, as an edited or a new message
4. a category is tapped  → the preview
5. a further sentence    → the preview
6. 提交 is tapped        → it is filed, with its number

Buttons are found by a word of their label, as no two bots write quite the same. haitang's place
is in the petition itself (a building's name), so it has nothing to ask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.load.botapi.api import Shown

FIRST_NEIGHBOUR = 5_000_000  # who only gets broadcasts, by Telegram's number
FIRST_RESIDENT = 10_000_000  # and who talks
SUBMIT = "提交"
CATEGORY = "类别"
_FILED = ("编号", "已登记", "记下了")
_NO_CATEGORY = ("取消", "返回")
_BUILDINGS = ("1幢", "2幢", "3幢", "4幢", "5幢", "6幢", "7幢", "8幢", "9幢", "10幢", "11幢",
              "12幢", "21幢", "22幢")  # fmt: skip
_TROUBLES = (
    "充电桩坏了，插上去没有反应", "电梯停了两天，老人上不了楼", "楼道的灯不亮，晚上看不见台阶",
    "垃圾桶满了没人收，味道很大", "地下车库在漏水，地上很滑", "楼下半夜放音响，孩子睡不着",
    "消防通道停了车，叫不到人挪", "大树的枝条伸到窗户里了", "单元门关不上，谁都能进来",
    "污水从井盖里冒出来了", "隔壁在楼道里堆了很多东西",
)  # fmt: skip
_MORE = ("晚上没有灯，老人不敢走", "已经好几天了", "跟门卫说过，还没有人来看", "小孩子经过很危险")

Tap = tuple[str, bytes]  # the button's data, and the message it is below


@dataclass(frozen=True)
class Step:
    """What a resident says, or else which button he looks for; and what answers him."""

    says: Callable[[int], str] | None
    finds: Callable[[Shown, int], str | None]
    is_answered: Callable[[Shown], bool]


def petition(resident: int) -> str:
    """What is wrong, and where: a building that only one community has."""
    return f"{_BUILDINGS[resident % 14]}{_TROUBLES[resident // 14 % 11]}"


def _more(resident: int) -> str:
    return _MORE[resident % len(_MORE)]


def _start(_: int) -> str:
    return "/start"


def _none(_: Shown, __: int) -> str | None:
    return None


def button(shown: Shown, word: str) -> str | None:
    """The data of the first button with this word on it."""
    for row in shown.keyboard:
        for one in row:
            if word in one["text"]:
                return str(one.get("callback_data", ""))
    return None


def _category_button(shown: Shown, _: int) -> str | None:
    return button(shown, CATEGORY)


def _submit_button(shown: Shown, _: int) -> str | None:
    return button(shown, SUBMIT)


def _some_category(shown: Shown, resident: int) -> str | None:
    offered = [
        str(one.get("callback_data", ""))
        for row in shown.keyboard for one in row
        if not any(word in one["text"] for word in _NO_CATEGORY)
    ]  # fmt: skip
    return offered[resident % len(offered)] if offered else None


def _anything(_: Shown) -> bool:
    return True


def is_preview(shown: Shown) -> bool:
    """Whether it can be submitted."""
    return button(shown, SUBMIT) is not None


def _is_choice(shown: Shown) -> bool:
    return bool(shown.keyboard) and not is_preview(shown)


def _is_filed(shown: Shown) -> bool:
    return any(word in shown.text for word in _FILED)


INTAKE: tuple[Step, ...] = (
    Step(_start, _none, _anything),
    Step(petition, _none, is_preview),
    Step(None, _category_button, _is_choice),
    Step(None, _some_category, is_preview),
    Step(_more, _none, is_preview),
    Step(None, _submit_button, _is_filed),
)
PETITION_ALONE: tuple[Step, ...] = (INTAKE[1],)
