"""Which estate (小区, 楼盘) a petition is about: found by how such names are written, from no list.

A name ends as estates' names do (小区, 花园, 新城, …苑, …府) and begins where a district, a street,
a punctuation mark or a verb ends. It counts when some title has it and at least two petitions do;
a longer spelling is the shorter one. Of several, the first in a title counts, then the most said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from benchmarks.petitions import Petition

_ENDS = "小区|新村|家园|花园|公寓|公馆|世家|山庄|国际|新城|倾城|[苑园城府湾郡庭轩阁都里]"
# What ends before a name begins: an anonymised district ("A7县"), a street, a verb, a mark.
_CUT = re.compile(
    r"[A-Z]+\d*[市区县州]?|[^一-鿿]+|街道|社区|大道|[路镇乡村街的在是住]|位于|投诉|反映|举报|请求|希望|"
    "关于|建议|咨询|请问|问问|询问|恳请|强烈|反对|坚决|反馈|呼吁|再次|我们|附近|旁边|业主|居民"
)
_NAME = re.compile(rf"^[一-鿿]{{1,6}}?(?:{_ENDS})(?![市区县道])")
_NO_NAME = re.compile(
    "政府|幼儿园|公园|校园|产业园|科技园|学园|入园|办园|全城|这里|哪里|里面|开发商|物业|小学|中学|"
    "整个|周边|严重|影响|每个|一个|^[该本此各]|住宅|破坏|动物园|大学|安置|生活|老旧|城市|商城|市场|"
    "法庭|家庭|不|没|请|让"
)


def names_in(text: str) -> set[str]:
    """What in a text reads like an estate's name, without 小区."""
    begun = (_NAME.match(piece) for piece in _CUT.split(text) if piece)
    names = {found[0] for found in begun if found and not _NO_NAME.search(found[0])}
    bare = {name.removesuffix("小区") for name in names if len(name) >= 3}
    return {name for name in bare if len(name) >= 2}


def known_names(petitions: Iterable[Petition]) -> list[str]:
    """The names that a set of petitions holds, the shorter spelling of each."""
    held = Counter[str]()
    titled: set[str] = set()
    for petition in petitions:
        in_title = names_in(petition.title)
        titled |= in_title
        held.update(in_title | names_in(petition.body))
    short: list[str] = []
    for name in sorted((n for n in titled if held[n] >= 2), key=lambda n: (len(n), n)):
        if not any(known in name for known in short):
            short.append(name)
    return short


def estate_of(petition: Petition, names: Iterable[str]) -> str:
    """The name its title has first, else the one its text says most; "" for none."""
    in_title = [(petition.title.find(n), n) for n in names if n in petition.title]
    said = [(petition.body.count(n), n) for n in names if n in petition.body]
    return min(in_title, default=(0, ""))[1] or max(said, default=(0, ""))[1]
