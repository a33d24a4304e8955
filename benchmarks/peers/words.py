"""What every peer says, read from words.json: the same texts and buttons for all of them.

A button is (label, callback data). The place is only shown: nobody in the benchmark changes it.
"""

import json
from datetime import date
from html import escape
from pathlib import Path

_SAID = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))

Button = tuple[str, str]
GREETING: str = _SAID["greeting"]
CHOOSE: str = _SAID["choose"]
CATEGORIES: list[str] = _SAID["categories"]
UNCATEGORISED: str = _SAID["category"]
_CHOICES: list[Button] = [(name, f"category:{i}") for i, name in enumerate(CATEGORIES)]

MENU: list[list[Button]] = [[(label, data) for label, data in _SAID["menu"]]]
CHOICES: list[list[Button]] = [_CHOICES[i : i + 3] for i in range(0, len(_CHOICES), 3)]


def chosen(data: str) -> str:
    """The category that a button of CHOICES stands for."""
    return CATEGORIES[int(data.removeprefix("category:"))]


def preview(text: str, category: str) -> str:
    """The draft as HTML."""
    said: str = _SAID["preview"]
    return said.format(text=escape(text), category=escape(category), place=_SAID["place"])


def filed(count: int) -> str:
    """The answer to the day's ticket of this number."""
    said: str = _SAID["filed"]
    return said.format(number=f"{date.today():%Y%m%d}-{count:04}")
