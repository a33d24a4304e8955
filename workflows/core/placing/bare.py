"""Whether a text says nothing but where something is: "4号楼", "不是3幢，是4幢", "小区东门口"."""

from __future__ import annotations

import re

from workflows.core.places import Places
from workflows.core.placing.buildings import mentions
from workflows.core.placing.numerals import fold

# What people say around a place, and nothing of the matter itself.
_AROUND = re.compile(
    r"应该|改成|改到|改为|换成|换到|更正|地点|地址|位置|地方|[说写打讲弄记搞填]错"
    r"|小区|大?门口|楼下|下面|旁边|边上|附近|[那这]边|[那这哪]里|[那这]儿"
    r"|[我们咱就住是在不对错了的吧啊呀哦嗯前后里口楼]"
)
_SAID = re.compile(r"\w")


def is_bare(text: str, places: Places) -> bool:
    """Whether nothing is left of it without the places that it names, and without such words."""
    folded = fold(text)
    rest, at = "", 0
    for mention in mentions(folded, is_answer=True):
        rest, at = rest + folded[at : mention.start], mention.end
    rest += folded[at:]
    for name in sorted({name for _, name in places.named(folded)}, key=len, reverse=True):
        rest = rest.replace(name, "")
    return rest != folded and not _SAID.search(_AROUND.sub("", rest))
