"""Measures the hints on likely duplicates: `python -m benchmarks.duplicates FILE.csv`.

Every petition is filed in the order of time at its estate (`estates`), as a grid of its own; no
ticket ever ends, so the list of candidates is as long as it can be. The same matter is the same
estate and one of MATTERS: a word in the title, or three times in the text. Then once more, as if
everybody who is shown the same matter followed it instead of filing. Prints figures alone.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path
from time import perf_counter
from unicodedata import east_asian_width

from msgspec import Struct
from msgspec.structs import replace

from benchmarks.estates import estate_of, known_names
from benchmarks.petitions import Petition, example_rules, read
from workflows.core.policy import Rules
from workflows.petition.intake.matching import LOOKED_AT
from workflows.petition.intake.similarity import Said, most_alike
from workflows.petition.intake.suggestion import suggest
from workflows.petition.model import Ticket
from workflows.petition.words import State

MATTERS = {
    "搅拌站": "搅拌",
    "夜宵、油烟": "夜宵 油烟 烧烤 餐饮 饭店",
    "车位、停车": "车位 停车",
    "施工": "施工 工地",
    "供水": "停水 水改 水压 供水 用水 自来水",
    "幼儿园": "幼儿园",
    "入学": "入学 学位 小学",
    "医院": "医院",
    "垃圾": "垃圾",
    "电梯": "电梯",
    "违建": "违建 违章 违规搭建",
    "麻将": "麻将",
    "房屋质量、交房": "交房 烂尾 质量 收房 网签 退款",
    "物业": "物业 业委会",
    "消防": "消防",
}
_OFTEN = 3
_LARGE = 4  # petitions from which a group is printed by itself


class Filed(Struct, frozen=True, kw_only=True):
    """A petition at its place, with the matters it is about and the hints it got."""

    ticket: Ticket
    matters: frozenset[str]
    hints: tuple[int, ...] = ()
    without_place: tuple[int, ...] = ()
    joined: int | None = None
    seconds: float = 0.0


def matters_of(petition: Petition) -> frozenset[str]:
    """What a petition is about."""
    return frozenset(
        matter
        for matter, words in MATTERS.items()
        if any(word in petition.title for word in words.split())
        or sum(petition.body.count(word) for word in words.split()) >= _OFTEN
    )


def replay(petitions: list[Petition], rules: Rules) -> list[Filed]:
    """File those that name an estate, one after the other."""
    names = known_names(petitions)
    filed: list[Filed] = []
    for number, petition in enumerate(petitions, start=1):
        estate = estate_of(petition, names)
        if estate:
            ticket = _ticket(number, estate, petition, rules)
            filed.append(_file(ticket, matters_of(petition), filed, rules))
    return filed


def _ticket(number: int, estate: str, petition: Petition, rules: Rules) -> Ticket:
    return Ticket(
        id=number, draft_id=petition.id, resident=number, author=number,
        place=f"street/community/{estate}", category=suggest(petition.text, rules).categories[0],
        text=petition.text, filed_at=petition.at, state=State.DISPATCHED,
    )  # fmt: skip


def _file(ticket: Ticket, matters: frozenset[str], before: list[Filed], rules: Rules) -> Filed:
    here = [f.ticket for f in before if f.ticket.place == ticket.place]
    started = perf_counter()
    hints = _hints(ticket, here, rules)
    seconds = perf_counter() - started
    moved = [replace(f.ticket, place=ticket.place) for f in before]
    anywhere = _hints(ticket, moved, rules)
    return Filed(
        ticket=ticket, matters=matters, hints=hints, without_place=anywhere, seconds=seconds
    )


def _hints(ticket: Ticket, candidates: list[Ticket], rules: Rules) -> tuple[int, ...]:
    newest = candidates[: -LOOKED_AT - 1 : -1]  # what the desk asks the store for
    said = [
        Said(id=t.id, place=t.place, category=t.category, text=t.text, followers=len(t.followers))
        for t in newest
    ]
    return most_alike(ticket.place, ticket.category, ticket.text, said, rules)


def gather(filed: list[Filed], rules: Rules) -> list[Filed]:
    """The same once more: who is shown the same matter follows it, and files nothing."""
    own: dict[str, dict[int, Filed]] = defaultdict(dict)
    told: list[Filed] = []
    for one in filed:
        here = own[one.ticket.place]
        hints = _hints(one.ticket, [f.ticket for f in here.values()], rules)
        same = next((hint for hint in hints if here[hint].matters & one.matters), None)
        if same is None:
            here[one.ticket.id] = one
        else:
            here[same] = _followed(here[same], one.ticket.resident)
        told.append(replace(one, hints=hints, joined=same))
    return told


def _followed(one: Filed, by: int) -> Filed:
    return replace(one, ticket=replace(one.ticket, followers=(*one.ticket.followers, by)))


class Group(Struct, frozen=True, kw_only=True):
    """A matter at an estate: how many petitions, how many later ones, and what these were shown."""

    name: str
    size: int
    found: int
    found_first: int
    joined: int

    @property
    def later(self) -> int:
        """The petitions that had an earlier one."""
        return self.size - 1


def groups(filed: list[Filed], gathered: list[Filed]) -> list[Group]:
    """The groups of at least two, the largest first."""
    joined = {one.ticket.id for one in gathered if one.joined}
    members: dict[tuple[str, str], list[Filed]] = defaultdict(list)
    for one in filed:
        for matter in one.matters:
            members[one.ticket.place, matter].append(one)
    made = [_group(*key, those, joined) for key, those in members.items() if len(those) > 1]
    return sorted(made, key=lambda g: (-g.size, g.name))


def _group(place: str, matter: str, those: list[Filed], joined: set[int]) -> Group:
    ids = [one.ticket.id for one in those]
    later = those[1:]
    return Group(
        name=f"{place.rsplit('/', 1)[1]} · {matter}",
        size=len(those),
        found=sum(bool(set(one.hints) & set(ids)) for one in later),
        found_first=sum(ids[0] in one.hints for one in later),
        joined=len(joined & set(ids[1:])),
    )


def elsewhere(filed: list[Filed]) -> tuple[float, float]:
    """The share of petitions that got a hint from another estate: in use, and by words alone."""
    places = {one.ticket.id: one.ticket.place for one in filed}
    far = Counter[str]()
    for one in filed:
        for name, hints in (("in use", one.hints), ("words", one.without_place)):
            far[name] += any(places[hint] != one.ticket.place for hint in hints)
    return far["in use"] / len(filed), far["words"] / len(filed)


def other_matters(filed: list[Filed]) -> tuple[int, int]:
    """Of petitions on a matter that is new at their estate: how many got a hint, how many are."""
    seen: dict[str, set[str]] = defaultdict(set)
    hinted = total = 0
    for one in filed:
        known = seen[one.ticket.place]
        if known and one.matters and not one.matters & known:
            total += 1
            hinted += bool(one.hints)
        known |= one.matters
    return hinted, total


def as_lines(filed: list[Filed], gathered: list[Filed]) -> list[str]:
    """The report."""
    found = groups(filed, gathered)
    large = [g for g in found if g.size >= _LARGE]
    return [
        f"{'group':30} size  an earlier one  the first one   if all who see it follow",
        *(_line(g.name, [g]) for g in large),
        _line(f"all of {_LARGE} and more", large),
        _line("all of 2 and more", found),
        "",
        *_shares(filed),
    ]


def _line(name: str, several: list[Group]) -> str:
    later = sum(g.later for g in several)
    counts = [
        sum(getattr(g, column) for g in several) for column in ("found", "found_first", "joined")
    ]
    wide = name + " " * max(1, 30 - sum(2 if east_asian_width(c) in "WF" else 1 for c in name))
    shares = "    ".join(_share(count, later) for count in counts)
    return f"{wide} {sum(g.size for g in several):4}  {shares}"


def _share(part: int, whole: int) -> str:
    return f"{part:3}/{whole:<3} {part / whole if whole else 0:4.0%}"


def _shares(filed: list[Filed]) -> list[str]:
    in_use, words = elsewhere(filed)
    hinted, total = other_matters(filed)
    times = sorted(one.seconds * 1000 for one in filed)
    return [
        f"petitions with an estate: {len(filed)}, estates: {_estates(filed)}",
        f"hints from another estate: {in_use:.1%}; by words alone, without the place: {words:.1%}",
        f"hints on a matter that is new at its estate: {_share(hinted, total)}",
        f"cost: median {times[len(times) // 2]:.2f} ms, worst {times[-1]:.2f} ms a petition",
    ]


def _estates(filed: list[Filed]) -> int:
    return len({one.ticket.place for one in filed})


def main(argv: list[str] | None = None) -> int:
    """Print the report on a file."""
    parser = argparse.ArgumentParser("python -m benchmarks.duplicates")
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    given = parser.parse_args(argv)
    rules = example_rules()
    filed = replay(read(given.file), rules)
    print("\n".join(as_lines(filed, gather(filed, rules))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
