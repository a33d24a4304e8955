"""Intake under load: `python -m benchmarks.intake --latency 0.05 --tls --runs 5 --bots haitang,…`.

Hundreds of residents at once walk the same six steps (`benchmarks.load.script`) with each bot.
"""

from __future__ import annotations

import argparse

from benchmarks.load import fast
from benchmarks.load.cli import common, plan_of, run_all, show


def main(argv: list[str] | None = None) -> int:
    """Run it and print the table."""
    parser = common("benchmarks.intake", __doc__ or "")
    parser.add_argument("--rate", type=float, default=0.0, help="updates/s, however slow the bot")
    arguments = parser.parse_args(argv)
    plan = plan_of(arguments, rate=arguments.rate)
    results = fast.run(run_all(arguments, plan))
    show(_title(arguments), results, arguments)
    return 0


def _title(arguments: argparse.Namespace) -> str:
    how = f"{arguments.rate:g}/s offered" if arguments.rate else "saturated"
    wire = "TLS" if arguments.tls else "plain"
    until = f", until {arguments.through} are through" if arguments.through else ""
    return f"intake, {arguments.latency * 1000:g} ms a call, {wire}, {how}{until}"


if __name__ == "__main__":
    raise SystemExit(main())
