"""Measures what is hidden of who somebody is: `python -m benchmarks.masking LABELS.csv …`.

LABELS has the columns text and hidden: the pieces that must vanish, with | between them; none for
a text that must stay as it is. Prints figures, and with --show the texts that fail.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.petitions import example_rules
from workflows.masking.masking import masked
from workflows.masking.words import PrivateWords


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A labelled text, what must vanish from it, and what is left."""

    text: str
    pieces: tuple[str, ...]
    shown: str

    @property
    def left(self) -> tuple[str, ...]:
        """The pieces that can still be read."""
        return tuple(piece for piece in self.pieces if piece in self.shown)

    @property
    def is_harmless(self) -> bool:
        """Whether it names nobody."""
        return not self.pieces

    @property
    def is_changed(self) -> bool:
        """Whether it names nobody and is changed all the same."""
        return self.is_harmless and self.shown != self.text


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The pieces and how many of them vanished; the harmless texts and how many were changed."""

    pieces: int
    hidden: int
    harmless: int
    changed: int

    def __str__(self) -> str:
        hidden, changed = self.hidden / self.pieces, self.changed / self.harmless
        return (
            f"hidden: {self.hidden}/{self.pieces} {hidden:.1%}, "
            f"harmless and changed: {self.changed}/{self.harmless} {changed:.1%}"
        )


def judge(labels: Path, words: PrivateWords) -> list[Judged]:
    """Every text of a labelled list, masked. Raises ValueError for a piece that its text lacks."""
    with labels.open(encoding="utf-8", newline="") as lines:
        return [_judged(row["text"], row["hidden"], words) for row in csv.DictReader(lines)]


def _judged(text: str, hidden: str, words: PrivateWords) -> Judged:
    pieces = tuple(piece for piece in hidden.split("|") if piece)
    if lacking := [piece for piece in pieces if piece not in text]:
        raise ValueError(f"{lacking[0]} is not in {text}")
    return Judged(text=text, pieces=pieces, shown=masked(text, words))


def figures(judged: Iterable[Judged]) -> Figures:
    """The counts."""
    found = list(judged)
    return Figures(
        pieces=sum(len(one.pieces) for one in found),
        hidden=sum(len(one.pieces) - len(one.left) for one in found),
        harmless=sum(one.is_harmless for one in found),
        changed=sum(one.is_changed for one in found),
    )


def failing(judged: Iterable[Judged]) -> Iterator[str]:
    """What is not as it should be, a line each."""
    for one in judged:
        if one.left or one.is_changed:
            yield f"{one.text} → {one.shown}"


def main(argv: list[str] | None = None) -> int:
    """Print the figures of each list."""
    parser = argparse.ArgumentParser("python -m benchmarks.masking")
    parser.add_argument("labels", type=Path, nargs="+", metavar="LABELS.csv")
    parser.add_argument("--show", action="store_true", help="the texts that fail")
    given = parser.parse_args(argv)
    words = example_rules().private
    for path in given.labels:
        judged = judge(path, words)
        print(f"{path.name}: {figures(judged)}")
        print("".join(f"  {line}\n" for line in failing(judged) if given.show), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
