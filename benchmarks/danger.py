"""Measures how danger is heard: `python -m benchmarks.danger FILE.csv [--show]`.

FILE has the columns text and kind, a kind of `workflows.danger.danger.Danger` or nothing for a text
without danger. Prints figures of both judges, each alone and together, and by kind; with --show
also the sentences that were judged wrongly. How the ear is taught: `benchmarks.danger_training`.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from benchmarks.categories import Share
from benchmarks.petitions import example_rules
from workflows.danger.danger import Danger, find
from workflows.danger.language import Language

Labelled = Sequence[tuple[str, Danger | None]]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A labelled sentence, what it is (None: no danger) and what was found in it."""

    text: str
    kind: Danger | None
    found: tuple[Danger, ...]

    @property
    def is_heard(self) -> bool:
        """Whether any danger was found."""
        return bool(self.found)

    @property
    def is_named(self) -> bool:
        """Whether its own kind was."""
        return self.kind in self.found


def read_labelled(path: Path) -> Labelled:
    """The sentences of a file with their kinds. Raises ValueError for a kind that is none."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [(row["text"], Danger(row["kind"]) if row["kind"] else None) for row in rows]


def judge(labelled: Labelled, language: Language) -> list[Judged]:
    """Each sentence, by the signs and the ear that a language has."""
    return [Judged(text=text, kind=kind, found=find(text, language)) for text, kind in labelled]


def recall(judged: Iterable[Judged]) -> Share:
    """How many of the dangers were heard, as whatever kind."""
    return _share([one.is_heard for one in judged if one.kind])


def named(judged: Iterable[Judged]) -> Share:
    """How many of the dangers were heard as what they are."""
    return _share([one.is_named for one in judged if one.kind])


def false_alarms(judged: Iterable[Judged]) -> Share:
    """How many of the harmless sentences were taken for danger."""
    return _share([one.is_heard for one in judged if one.kind is None])


def _share(answers: list[bool]) -> Share:
    return Share(part=sum(answers), whole=len(answers))


def judges(language: Language) -> dict[str, Language]:
    """Who can judge: the signs alone, the ear alone, both."""
    return {
        "signs": replace(language, ear=None),
        "ear": replace(language, dangers={}),
        "both": language,
    }


def compared(labelled: Labelled, language: Language) -> list[str]:
    """A line for each judge."""
    found = {name: judge(labelled, one) for name, one in judges(language).items()}
    return [
        "judge   heard           as its kind     harmless, taken for danger",
        *(f"{n:6}  {recall(j)}  {named(j)}  {false_alarms(j)}" for n, j in found.items()),
    ]


def as_lines(judged: Sequence[Judged]) -> list[str]:
    """The report."""
    return [
        f"sentences: {len(judged)}",
        f"dangers heard:               {recall(judged)}",
        f"heard as their kind:         {named(judged)}",
        f"harmless, taken for danger:  {false_alarms(judged)}",
        "",
        "kind            heard           as its kind",
        *(_line(kind, judged) for kind in Danger),
    ]


def _line(kind: Danger, judged: Sequence[Judged]) -> str:
    of = [one for one in judged if one.kind is kind]
    return f"{kind:14}  {recall(of)}    {named(of)}"


def wrong(judged: Iterable[Judged]) -> list[str]:
    """Each sentence that was judged wrongly, with what it is."""
    return [
        f"{one.kind or 'harmless'}: {one.text}"
        for one in judged
        if one.is_heard is not bool(one.kind)
    ]


def main(argv: list[str] | None = None) -> int:
    """Print the report."""
    parser = argparse.ArgumentParser("python -m benchmarks.danger")
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--show", action="store_true", help="the sentences judged wrongly, too")
    given = parser.parse_args(argv)
    labelled, language = read_labelled(given.file), example_rules().danger
    judged = judge(labelled, language)
    lines = [*as_lines(judged), "", *compared(labelled, language)]
    print("\n".join([*lines, *(wrong(judged) if given.show else [])]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
