"""Words for what is everybody's: gates, garages, squares. Which there are, the config says."""

from __future__ import annotations

import re

# What a name must not run into: 东门诊, 西门子, 广场舞, 南环路灯.
_NOT_BEHIND = {"门": "诊|子|铃|窗|面|锁|卡|把|槛|钥|禁|店", "场": "舞", "路": "灯|由", "园": "路"}
_KINDS = (
    "[东南西北]大?门|[前后侧正]门|小区大门|大门口|地下车库|地下停车[库场]|地库|车库|车棚|停车场|广场"
    "|公园|小?花园里|凉亭|游乐[场园]|滑梯|[篮足羽网排]\\w?球场|河边|人工湖|池塘边|门卫室?|岗亭"
    "|小区门口|小区外|(?<![东西南北])马路|人行道|公交站|站台|菜市?场(?!的)|垃圾房|垃圾亭|垃圾站|快递柜|宣传栏|健身[区点]|活动中心"
)
_PUBLIC = re.compile(rf"(?:{_KINDS})(?!诊|子|铃|窗|面|锁|卡|把|槛|钥|禁|店|舞|路)")
_AROUND = 6
_OWN = re.compile(r"(?:家|自己|私家|家里)的?$")


def ends_there(name: str, text: str) -> bool:
    """Whether a name stands in a text as itself; "11网格" has no 1网格, "东门诊" no 东门."""
    behind = _NOT_BEHIND.get(name[-1:], "")
    guard = rf"(?!{behind})" if behind else ""
    return bool(re.search(rf"(?<!\d){re.escape(name)}{guard}", text))


def public_word(text: str) -> str:
    """The first word for something public, "" without one; somebody's own garage is none."""
    found = (
        m
        for m in _PUBLIC.finditer(text)
        if not _OWN.search(text[max(0, m.start() - _AROUND) : m.start()])
    )
    return next((m[0] for m in found), "")
