"""The machine's limits are measured as they are meant: durable commits, and whole answers."""

from pathlib import Path

from benchmarks.limits import __main__ as limits
from benchmarks.limits import disk

NAMES = [limits.BATCH_COMMITS, limits.ROW_COMMITS, limits.SOCKETS, limits.AIOHTTP]


def test_every_limit_has_a_figure_and_both_together_are_below_each(tmp_path: Path):
    kept = limits.as_json(limits.measure(tmp_path, runs=1, seconds=0.2))
    assert list(kept) == [*NAMES, limits.BOTH]
    assert all(kept[name]["updates_per_second"] > 0 for name in NAMES)
    least = min(kept[name]["updates_per_second"] for name in (limits.BATCH_COMMITS, limits.SOCKETS))
    assert kept[limits.BOTH]["updates_per_second"] < least
    assert limits.as_table(kept).count("\n") == 6


def test_a_batch_is_durable_and_holds_eight_rows_an_update(tmp_path: Path):
    with disk.database(tmp_path) as db:
        before = db.total_changes
        disk.commit_batch(db, 0)
        assert db.total_changes - before == 8 * disk.BATCH
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)
