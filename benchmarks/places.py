"""How well places and dates are understood: `python -m benchmarks.places [--list NAME] [--show]`.

The sentences and what they mean are in `tests/data`, written before the rules. A third of them is
held out: it is measured, and never shown or looked at while rules are made.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from benchmarks.categories import Share
from benchmarks.petitions import example_rules
from workflows.core.errors import Refusal
from workflows.core.placing.finding import find
from workflows.core.policy import Rules
from workflows.core.timing.dates import parse_due

DATA = Path(__file__).parents[1] / "tests" / "data"
_ASKED, _PAST, _PUBLIC = "?", "past", "~"
_MOMENT = "%Y-%m-%d %H:%M"


class Verdict(StrEnum):
    """What became of a sentence. Who is `asked` loses a tap; what is `missed` is said as assumed
    (places), `wrong` is what nobody would notice.
    """

    RIGHT = "right"
    ASKED = "asked"
    MISSED = "missed"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A sentence, what it means, what was understood, and whether it is held out."""

    text: str
    means: str
    found: str
    is_held: bool

    @property
    def verdict(self) -> Verdict:
        """How that went."""
        if self.found in self.means.split("|"):
            return Verdict.RIGHT
        if self.found == _ASKED:
            return Verdict.ASKED
        return Verdict.MISSED if self.found in {"", _PUBLIC} else Verdict.WRONG


def places(rows: Iterable[dict[str, str]], rules: Rules) -> list[Judged]:
    """Each sentence, by the parser that the desk uses."""
    return [_judged(row, _place_in(row["text"], rules)) for row in rows]


def dates(rows: Iterable[dict[str, str]], rules: Rules) -> list[Judged]:
    """The same for dates, each at its own moment."""
    return [_judged(row, _date_in(row["text"], row["now"], rules)) for row in rows]


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a labelled list."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def share(judged: Sequence[Judged], *verdicts: Verdict) -> Share:
    """How many of them went so."""
    return Share(part=sum(one.verdict in verdicts for one in judged), whole=len(judged))


def _judged(row: dict[str, str], found: str) -> Judged:
    return Judged(text=row["text"], means=row["means"], found=found, is_held=bool(row["held"]))


def _place_in(text: str, rules: Rules) -> str:
    found = find(text, rules.places)
    if found.place:
        return found.place.rpartition("/")[2]
    if found.is_question:
        return _ASKED
    return _PUBLIC if found.is_public else ""


def _date_in(text: str, now: str, rules: Rules) -> str:
    moment = datetime.strptime(now, _MOMENT).replace(tzinfo=rules.zone).astimezone(UTC)
    try:
        return parse_due(text, moment, rules).astimezone(rules.zone).strftime(_MOMENT)
    except Refusal as refusal:
        return _PAST if refusal.template == "refused_past" else _ASKED


def as_lines(name: str, judged: Sequence[Judged]) -> list[str]:
    """The figures of what rules were made by, and of what was held out."""
    parts = {"seen": [j for j in judged if not j.is_held], "held": [j for j in judged if j.is_held]}
    return [
        f"{name:7} {part:5} {len(some):4}"
        f"  right or asked {share(some, Verdict.RIGHT, Verdict.ASKED)}"
        f"  silently wrong {share(some, Verdict.WRONG)}  {_counted(some)}"
        for part, some in parts.items()
    ]


def _counted(judged: Iterable[Judged]) -> str:
    counts = Counter(one.verdict for one in judged)
    return ", ".join(f"{verdict} {counts[verdict]}" for verdict in Verdict)


def unlike(judged: Iterable[Judged]) -> list[str]:
    """What was not understood as it is meant, of what was not held out."""
    return [
        f"{one.verdict:6} {one.means or '-'} <> {one.found or '-'}: {one.text}"
        for one in judged
        if one.verdict is not Verdict.RIGHT and not one.is_held
    ]


def main(argv: list[str] | None = None) -> int:
    """Print the report."""
    parser = argparse.ArgumentParser("python -m benchmarks.places")
    parser.add_argument("--list", default="said", help="said, or another pair in tests/data")
    parser.add_argument("--show", action="store_true", help="what is not understood, not held out")
    given, rules = parser.parse_args(argv), example_rules()
    both = {
        "places": places(read(DATA / f"places_{given.list}.csv"), rules),
        "dates": dates(read(DATA / f"dates_{given.list}.csv"), rules),
    }
    for name, judged in both.items():
        print("\n".join([*as_lines(name, judged), *(unlike(judged) if given.show else [])]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
