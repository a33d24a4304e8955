"""The towns of the benchmarks: what is in them, and that everything can be asked of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog

from benchmarks.scale import measure, questions, seed
from benchmarks.scale.town import HANDLERS, Town
from benchmarks.start import __main__ as start

SMALL, LARGER = 1000, 2000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("towns")
    for size in (SMALL, LARGER):
        seed.ensure(made, size)
    return made


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    yield
    structlog.reset_defaults()  # a benchmark keeps quiet


def count(path: Path, condition: str) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute(f"SELECT count(*) FROM {condition}").fetchone()[0])


def test_a_larger_town_has_more_grids_not_fuller_ones(folder: Path):
    for size in (SMALL, LARGER):
        path, town = folder / f"town-{size}.db", Town(size=size)
        assert count(path, "tickets WHERE ended_at IS NULL") == size == 500 * town.grids
        for grid in range(town.grids):
            assert count(path, f"tickets WHERE place GLOB '{town.grid(grid)}/*'") == 500
        assert count(path, "tickets WHERE place NOT GLOB street || '/*'") == 0
        assert count(path, f"tickets WHERE handler = {town.handler(0, HANDLERS - 1)}") >= 9


def test_two_hundred_timers_are_due_and_no_others_before(folder: Path):
    for size in (SMALL, LARGER):
        path, due = folder / f"town-{size}.db", seed.bound(seed.DUE)
        assert count(path, f"timers WHERE fired_at IS NULL AND due_at = '{due}'") == 200
        assert count(path, f"timers WHERE fired_at IS NULL AND due_at < '{due}'") == 0


def test_a_million_is_twenty_streets_of_ten_communities():
    town = Town(size=1_000_000)
    assert (town.streets, town.communities, town.grids) == (20, 200, 2000)
    assert sum(town.community(c).startswith("7街道/") for c in range(200)) == 10


def test_everything_can_be_asked_and_leaves_nothing_behind(folder: Path):
    path = folder / f"town-{SMALL}.db"
    before = [count(path, table) for table in ("outbox", "looks", "seen_updates", "tickets")]
    told = questions.measure([SMALL], 1, folder)
    assert [row["name"] for row in told["questions"]] == [q.name for q in questions.QUESTIONS]
    assert all(row["cpu_ratio"] > 0 for row in told["questions"])
    assert len(measure.as_lines(told)) == len(questions.QUESTIONS) + 1
    assert before == [count(path, t) for t in ("outbox", "looks", "seen_updates", "tickets")]
    assert seed.ensure(folder, SMALL) == path


def test_a_start_is_timed_from_outside_and_inside(folder: Path):
    told = start.measure([SMALL], 1, folder)
    took = {row["name"]: row["median"][0] for row in told["figures"]}
    assert 0 < took["start"] < took["process"]
    assert len(start.as_lines(told)) == 4
