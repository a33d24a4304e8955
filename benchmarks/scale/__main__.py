"""What is asked all the time, in towns with 10 thousand to a million open tickets.

`python -m benchmarks.scale [--sizes 10000,100000,1000000] [--runs 5] [--data FOLDER] [--json FILE]`

Each question is asked of the one town, then of the next, and so on again: what the machine does
meanwhile hits all of them. A cost is the processor's time of this process, for the work itself and
its writing; the disk's waiting is in `wall`. The ratio is the largest town's to the smallest's.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.scale.measure import as_lines, is_too_much
from benchmarks.scale.questions import FOLDER, QUESTIONS, SIZES, measure


def main(argv: list[str] | None = None) -> int:
    """Print the table. Returns 1 if anything costs more than it may, else 0."""
    parser = argparse.ArgumentParser("python -m benchmarks.scale")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), metavar="N,N,…")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path, default=FOLDER, help="where the towns are kept")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--only", default="", help="questions with this in their name")
    given = parser.parse_args(argv)
    asked = [q for q in QUESTIONS if given.only in q.name]
    told = measure([int(size) for size in given.sizes.split(",")], given.runs, given.data, asked)
    print("\n".join(as_lines(told)))
    if given.json:
        given.json.write_text(json.dumps(told, indent=2), "utf-8")
    return int(is_too_much(told))


if __name__ == "__main__":
    sys.exit(main())
