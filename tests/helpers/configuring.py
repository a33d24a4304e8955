"""A small config to be changed, and what is made of it: settings, or every mistake by its key."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from bot.config.settings import ConfigError, Settings, load

CANARY = f"1234567:canary-in-the-mine{'-' * 17}"
TOKEN = {"HAITANG_TELEGRAM__TOKEN": CANARY}

GOOD: dict[str, Any] = {
    "communities": [
        {
            "name": "南环一",
            "street": "友新街道",
            "grids": [
                {"name": "1网格", "estates": ["东苑"], "buildings": [{"name": "1幢"}]},
                {"name": "2网格", "buildings": [{"name": "1幢"}, {"name": "2幢"}]},
            ],
        }
    ],
    "stations": [{"code": "east", "name": "东站", "place": "南环一/1网格"}],
    "categories": [{"key": "电梯", "words": ["电梯"]}, {"key": "其他"}],
}
ELSEWHERE = {"key": "学校", "words": ["小学"], "where": "教育局"}


def good(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(GOOD) | changes


def as_environ(tree: dict[str, Any]) -> dict[str, str]:
    return {
        f"HAITANG_{key.upper()}": value if isinstance(value, str) else json.dumps(value)
        for key, value in tree.items()
    }


def loaded(**changes: Any) -> Settings:
    return load(None, as_environ(good(**changes)) | TOKEN)


def mistakes(tree: dict[str, Any], environ: dict[str, str] = TOKEN) -> dict[str, str]:
    with pytest.raises(ConfigError) as raised:
        load(None, as_environ(tree) | environ)
    plain = [replace(m, where="", at="") for m in raised.value.mistakes]
    return {mistake.key: str(mistake).partition(": ")[2] for mistake in plain}
