"""Measures the suggested categories: `python -m benchmarks.categories FILE.csv LABELS.csv`.

LABELS has the columns id and label: one of the config's categories, or `outside` for what a
community does not decide. Prints figures alone.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.petitions import example_rules, read
from workflows.core.policy import Rules
from workflows.petition.intake.suggestion import Suggestion, suggest

OUTSIDE = "outside"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A labelled petition with what was suggested for it."""

    label: str
    suggestion: Suggestion

    @property
    def is_outside(self) -> bool:
        """Whether a person found that the community does not decide it."""
        return self.label == OUTSIDE

    @property
    def is_sent_elsewhere(self) -> bool:
        """Whether the preview says where else to turn."""
        return self.suggestion.elsewhere is not None

    @property
    def is_first(self) -> bool:
        """Whether the preset category is the right one."""
        return self.suggestion.categories[0] == self.label

    @property
    def is_among_both(self) -> bool:
        """Whether one of the two suggestions is."""
        return self.label in self.suggestion.categories


def judge(petitions: Path, labels: Path, rules: Rules) -> list[Judged]:
    """Every labelled petition of a file. Raises KeyError for a label that is no category."""
    with labels.open(encoding="utf-8", newline="") as lines:
        given = {row["id"]: row["label"] for row in csv.DictReader(lines)}
    for label in set(given.values()) - {OUTSIDE}:
        rules.categories[label]
    found = [p for p in read(petitions) if p.id in given]
    return [Judged(label=given[p.id], suggestion=suggest(p.text, rules)) for p in found]


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many of how many."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """From 0 to 1; 0 of none."""
        return self.part / self.whole if self.whole else 0.0

    def __str__(self) -> str:
        return f"{self.part:3}/{self.whole:<3} {self.value:4.0%}"


def share(of: Iterable[Judged], is_so: Callable[[Judged], bool]) -> Share:
    """The share of those for which something is so."""
    answers = [is_so(one) for one in of]
    return Share(part=sum(answers), whole=len(answers))


def in_scope(judged: Iterable[Judged]) -> list[Judged]:
    """Those that have a category."""
    return [one for one in judged if not one.is_outside]


def outside(judged: Iterable[Judged]) -> list[Judged]:
    """Those that the community does not decide."""
    return [one for one in judged if one.is_outside]


def as_lines(judged: list[Judged], rules: Rules) -> list[str]:
    """The report."""
    own, others = in_scope(judged), outside(judged)
    return [
        f"labelled: {len(judged)}, with a category: {len(own)}, outside: {len(others)}",
        f"first suggestion right:         {share(own, lambda j: j.is_first)}",
        f"one of the two right:           {share(own, lambda j: j.is_among_both)}",
        f"outside, recognised as such:    {share(others, lambda j: j.is_sent_elsewhere)}",
        f"with a category, called outside:{share(own, lambda j: j.is_sent_elsewhere)}",
        "",
        "category     labelled  first     one of two  of those suggested first, right",
        *(_line(key, judged) for key in rules.categories),
    ]


def _line(key: str, judged: list[Judged]) -> str:
    labelled = [one for one in judged if one.label == key]
    suggested = [
        one for one in judged if one.suggestion.categories[0] == key and not one.is_sent_elsewhere
    ]
    name = key + " " * (12 - 2 * len(key))
    shares = (
        share(labelled, lambda j: j.is_first),
        share(labelled, lambda j: j.is_among_both),
        share(suggested, lambda j: j.label == key),
    )
    return f"{name} {len(labelled):8}  {'  '.join(map(str, shares))}"


def main(argv: list[str] | None = None) -> int:
    """Print the report."""
    parser = argparse.ArgumentParser("python -m benchmarks.categories")
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("labels", type=Path, metavar="LABELS.csv")
    given = parser.parse_args(argv)
    rules = example_rules()
    print("\n".join(as_lines(judge(given.file, given.labels, rules), rules)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
