"""What is asked all the time, in towns with 10 thousand to a million open tickets; and of a
community's rooms when it is a year old and when it is ten.

`python -m benchmarks.scale [--sizes 10000,100000,1000000] [--houses 10000,100000] [--runs 5]
[--data FOLDER] [--json FILE] [--only WORDS]`

Each question is asked of the one town, then of the next, and so on again: what the machine does
meanwhile hits all of them. A cost is the processor's time of this process, for the work itself and
its writing; the disk's waiting is in `wall`. The ratio is the largest town's to the smallest's.
`--houses` are entries in the ledger. In the end five hundred sign up for one activity: there the
ratio is the last hundred's to the first's.
"""

from __future__ import annotations

import argparse
import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from benchmarks.scale import questions as towns
from benchmarks.scale.house import questions as houses
from benchmarks.scale.house import rush
from benchmarks.scale.measure import AT_MOST, Question, as_lines, is_too_much

_RUSH = "sign up"


def main(argv: list[str] | None = None) -> int:
    """Print the tables. Returns 1 if anything costs more than it may, else 0."""
    parser = argparse.ArgumentParser("python -m benchmarks.scale")
    parser.add_argument("--sizes", default=_written(towns.SIZES), metavar="N,N,…")
    parser.add_argument("--houses", default=_written(houses.SIZES), metavar="N,N,…")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path, default=towns.FOLDER, help="where all is kept")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--only", default="", help="questions with this in their name")
    given = parser.parse_args(argv)
    told = {"at_most": AT_MOST} | _of_towns(given) | _of_houses(given)
    if given.json:
        given.json.write_text(json.dumps(told, indent=2), "utf-8")
    return int(any(is_too_much(one) for one in told.values() if isinstance(one, dict)))


def _of_towns(given: Namespace) -> dict[str, Any]:
    sizes, asked = _read(given.sizes), _asked(towns.QUESTIONS, given.only)
    if not (sizes and asked):
        return {}
    told = towns.measure(sizes, given.runs, given.data, asked)
    print("\n".join(as_lines(told)))
    return {"towns": told}


def _of_houses(given: Namespace) -> dict[str, Any]:
    sizes, asked, found = _read(given.houses), _asked(houses.QUESTIONS, given.only), {}
    if sizes and asked:
        found["houses"] = houses.measure(sizes, given.runs, given.data, asked)
        print("\n".join(["", *as_lines(found["houses"])]))
    if sizes and given.only in _RUSH:
        found["rush"] = rush.measure(sizes[0], given.runs, given.data)
        print("\n".join(["", *as_lines(found["rush"])]))
    return found


def _asked(questions: tuple[Question, ...], words: str) -> list[Question]:
    return [one for one in questions if words in one.name]


def _written(sizes: tuple[int, ...]) -> str:
    return ",".join(map(str, sizes))


def _read(said: str) -> list[int]:
    return [int(size) for size in said.split(",") if size]


if __name__ == "__main__":
    sys.exit(main())
