"""The houses of the benchmarks: what is in their rooms adds up, and everything can be asked."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from benchmarks.scale.house import questions, rush, seed
from benchmarks.scale.house.house import NOW, PASSBOOKS, House
from workflows.passbook.chat import room
from workflows.passbook.points import POINTS
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store, Tx
from workflows.store.kernels import ledger

SIZE = 5 * PASSBOOKS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("houses")
    seed.ensure(made, SIZE)
    return made


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    yield
    structlog.reset_defaults()  # a benchmark keeps quiet


def ask(path: Path, question) -> object:
    async def asked() -> object:
        store = Store.open(f"sqlite+aiosqlite:///{path}", KINDS)
        async with store.read(NOW) as tx:
            found = await question(tx)
        await store.close()
        return found

    return asyncio.run(asked())


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_house_adds_up_and_nothing_in_it_refers_to_nothing(folder: Path):
    path = folder / f"house-{SIZE}.db"
    sorts = ("book", "held", "owed", "issued", "spent")
    assert ask(path, lambda tx: WORKFLOWS.faults(tx, House(size=SIZE).rules)) == []
    assert ask(path, lambda tx: tx.ask(ledger.total, POINTS, sorts)) == 0
    assert count(path, "pragma_foreign_key_check") == 0
    assert count(path, "ledger_postings") == SIZE


def test_an_older_house_has_the_same_people_and_more_behind_it():
    young, old = House(size=10_000), House(size=100_000)
    assert (young.each, old.each) == (37, 368) and 9 < old.weeks / young.weeks < 10
    assert young.spots(3) == old.spots(3) and young.goods == old.goods
    assert 10 * 10 * old.weeks > 50_000  # points of plans that were walked


def test_every_room_can_be_asked_and_keeps_nothing_of_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(questions, "PASSBOOKS", 10)  # of which statements are made
    path = folder / f"house-{SIZE}.db"
    tables = ("outbox", "gifts", "patrol_rounds", "ledger_postings", "presences", "looks")
    before = [count(path, table) for table in tables]
    once = [replace(one, times=1) for one in questions.QUESTIONS]
    told = questions.measure([SIZE], 1, folder, once)
    assert [row["name"] for row in told["questions"]] == [one.name for one in questions.QUESTIONS]
    assert all(row["cpu_ratio"] == 1 for row in told["questions"])
    assert before == [count(path, table) for table in tables]


def test_who_comes_in_a_rush_is_in_once_or_waits_as_he_came(folder: Path):
    [row] = rush.measure(SIZE, 1, folder, people=25)["questions"]
    assert len(row["cpu"]) == 2 and row["cpu_ratio"] > 0


def test_a_months_statement_is_the_same_however_few_lines_are_read_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    async def statement(tx: Tx) -> object:
        reader = await tx.person(House(size=SIZE).person(7))
        gather = WORKFLOWS.documents["passbook_statement"].gather
        asked = {"account": 7, "month": f"{tx.now:%Y-%m}"}
        return await gather(tx, reader, House(size=SIZE).rules, asked)

    path = folder / f"house-{SIZE}.db"
    whole = ask(path, statement)
    monkeypatch.setattr(room, "_PAGE", 1)
    assert ask(path, statement) == whole and len(whole["lines"]) == 2
