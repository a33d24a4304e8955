"""Invented petitions, one longer than a Telegram message, through the real bot as a process."""

import csv
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from folk import EXAMPLE

from playground.phones.filing import Filing, Petition, Resident
from playground.replay.__main__ import compare, is_whole, main, read_petitions
from playground.replay.figures import measured, spread
from playground.stage.process_stage import UNPACED, process_stage
from playground.world.limits import Limits
from workflows.petition.model import Ticket

LONG = "".join(f"第{n}天了，楼下的充电桩还是坏的，没有人来修。\n" for n in range(1, 220)).strip()
ROWS = [
    ("1", "A1", "楼下充电桩坏了", "三根都充不了电，已经一个星期。"),
    ("2", "A2", "电动车棚", LONG),
    ("3", "A1", "电梯", "按钮不灵，<b>老人</b>上不去 & 下不来。"),
    ("4", "A3", "楼道里冒烟", "电表箱在冒烟，快来人！"),
]


@pytest.fixture
def petitions(tmp_path: Path) -> Path:
    path = tmp_path / "petitions.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(("id", "user", "time", "title", "text"))
        rows.writerows((i, user, "2026/3/2 8:00", title, text) for i, user, title, text in ROWS)
    return path


def test_every_row_is_filed_and_kept_word_for_word(
    petitions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """The station's link, one message, one tap: also for a text that arrives in two parts."""
    written = tmp_path / "report.json"
    assert main([str(petitions), "--report", str(written)]) == 0
    report = json.loads(written.read_text("utf-8"))
    assert (report["rows"], report["residents"], report["filed"]) == (4, 3, 4)
    assert report["messages"] == {"1": 4} and report["taps"] == {"1": 1, "2": 3}
    assert report["split"] == 1 and report["longest"][0]["is_identical"]
    assert report["urgent"] == 1 and report["other_messages"] == 1
    assert report["categories"]["充电设施"] == 2 and not report["limits"]
    shown = capsys.readouterr().out
    assert "没有人来修" not in shown + written.read_text("utf-8")


async def test_a_question_is_answered_and_silence_is_a_refusal():
    """Without a link the bot must ask for the grid; one that is gone never answers."""
    unlimited = Limits(enabled=False)
    async with process_stage(EXAMPLE, None, limits=unlimited, environment=UNPACED) as house:
        chen = Resident(await house.phones.add_user("陈师傅", 1001), patience=20)
        zhou = Resident(await house.phones.add_user("周阿姨", 1002), patience=0.3)
        petition = Petition(id="1", user="A", text="充电桩坏了")
        [filed] = await chen.file_all([petition], "")
        assert (filed.refusal, filed.questions, filed.taps) == ("", 1, 2)
        await house.kill()
        [refused] = await zhou.file_all([petition], "st_nanhuan-east")
        assert refused.refusal == "no welcome within 0.3 s"


def test_a_text_is_the_title_a_new_line_and_the_text(petitions: Path):
    """And it is not shown where a petition is printed."""
    first = read_petitions(petitions)[0]
    assert first.text == "楼下充电桩坏了\n三根都充不了电，已经一个星期。"
    assert first.text not in repr(first)


def test_a_changed_lost_or_added_text_is_found(ticket_of: Callable[[str], Ticket]):
    """Each petition needs a ticket of its own with exactly its text."""
    sent = [Petition(id=str(n), user="A", text=text) for n, text in enumerate(["一", "二", "二"])]
    kept = compare(sent, [ticket_of(text) for text in ("一", "二", "二 ", "三")])
    assert kept.different == ("2",) and kept.unexpected == 2


@pytest.fixture
def ticket_of() -> Callable[[str], Ticket]:
    def make(text: str) -> Ticket:
        return Ticket(
            id=1, draft_id="d", resident=1, author=1, place="", category="", text=text,
            filed_at=datetime(2026, 3, 2, tzinfo=UTC),
        )  # fmt: skip

    return make


def filing(row: str, **measured: object) -> Filing:
    petition = Petition(id=row, user=row, text="坏了")
    return Filing(petition=petition, **{"messages": 1, "taps": 2, **measured})


def test_the_share_counts_one_message_and_two_taps_of_all_rows():
    """A refused row, a third tap and a second message are not easy."""
    rows = [filing("1"), filing("2", taps=3), filing("3", messages=2), filing("4", refusal="no")]
    figures = measured(rows, frozenset())
    assert figures["one_message_two_taps"] == 0.25
    assert figures["filed"] == 3 and figures["refused"] == {"no": 1}


def test_only_a_whole_replay_is_a_success():
    whole = {"rows": 2, "filed": 2, "identical": 2, "unexpected": 0}
    assert is_whole(whole)
    assert not any(is_whole(whole | change) for change in ({"filed": 1}, {"identical": 1}))
    assert not is_whole(whole | {"unexpected": 1})


def test_percentiles_of_times():
    times: Iterable[float] = [n / 100 for n in range(101)]
    assert spread(times) == {"p50": 0.5, "p99": 0.99, "max": 1.0}
    assert spread([]) == {}
