"""What a config promises is said by `check`, and a year without known holidays in the log."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from folk import EXAMPLE, RULES
from msgspec.structs import replace
from structlog.testing import capture_logs

from bot.__main__ import main
from bot.config import promise_texts
from bot.config.clocks import Sla
from bot.config.settings import Settings
from bot.telegram import render
from playground.stage.stage import stage
from workflows.core.policy import ClockPolicy, Counts
from workflows.desk.parts import Promises
from workflows.desk.workflow import Workflow, Workflows
from workflows.registry import WORKFLOWS


def check(folder: Path, capsys: pytest.CaptureFixture[str], *changes: tuple[str, str]) -> list[str]:
    """What `haitang check` says of the example with some lines changed."""
    text = EXAMPLE.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "config.toml").write_text(text, "utf-8")
    assert main(["check", "--config", str(folder / "config.toml")]) == 0
    told = capsys.readouterr().out.splitlines()
    return [one for one in told if not one.startswith("warning: ")]


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", f"1:{'x' * 35}")


def test_check_says_one_promise_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    [promise] = [line for line in check(tmp_path, capsys) if line.startswith("answer")]
    assert promise.startswith("answer within 24 h, urgent 2 h: 充电设施, 电梯, ")


def test_check_doubts_a_community_whose_residents_are_told_no_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    doubt = "office_phone: not said for {}: no number to call is told there"
    own = ('# office_phone = ""  ', 'office_phone = "0512-1"  ')
    for_all = ('office_phone = ""            # 社区办公室', 'office_phone = "0512-1"  # 社区办公室')
    assert doubt.format("南环一, 南环二") in check(tmp_path, capsys)
    assert doubt.format("南环二") in check(tmp_path, capsys, own)
    assert not any("office_phone" in line for line in check(tmp_path, capsys, for_all))


def test_check_says_every_other_promise(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    own = 'key = "停车"\nsla = { response = { hours = 4, counts = "working" } }'
    table = "[petition.sla.urgent.response]"
    urgent = (f"# {table}\n# hours = 2", f"{table}\nhours = 3")
    said = check(tmp_path, capsys, ('key = "停车"', own), urgent)
    assert "answer within 4 h of working time, urgent 3 h: 停车" in said
    assert any(line.startswith("answer within 24 h, urgent 3 h: 充电设施, 电梯, ") for line in said)


@pytest.mark.parametrize("counts", ["working", "day"])
async def test_a_year_without_known_holidays_is_said_once_and_fails_nothing(
    settings: Settings, counts: str
):
    sla = Sla.model_validate({"review": {"counts": counts}})
    far = datetime(2049, 3, 1, tzinfo=UTC)
    with capture_logs() as logs:
        async with stage(settings.model_copy(update={"sla": sla}), far):
            pass
    said = [log["year"] for log in logs if log["event"] == "holidays_unknown"]
    assert said == ([2049] if counts == "working" else [])


# of a second workflow


def promising(**given: object) -> Workflow:
    return replace(WORKFLOWS.first, promises=Promises(**given))  # type: ignore[arg-type]


def test_check_says_what_every_workflow_promises(monkeypatch: pytest.MonkeyPatch):
    usual, urgent = (ClockPolicy(length=timedelta(hours=hours)) for hours in (72, 24))
    second = promising(answers=lambda _: {"议题": (usual, urgent), "电梯": (usual, usual)})
    monkeypatch.setattr(promise_texts, "WORKFLOWS", (WORKFLOWS.first, second))
    said = [*promise_texts.promises(RULES)]
    assert said[0].startswith("answer within 24 h, urgent 2 h: 充电设施, 电梯, ")
    assert said[1:] == [
        "answer within 72 h, urgent 24 h: 议题",
        "answer within 72 h, urgent 72 h: 电梯",
    ]


def test_a_length_is_told_in_words_and_two_may_not_mean_one_name(monkeypatch: pytest.MonkeyPatch):
    day = ClockPolicy(length=timedelta(hours=8), counts=Counts.WORKING)
    second = promising(texts=lambda _: {"voting": day, "seconds": 3})
    monkeypatch.setattr(render, "WORKFLOWS", Workflows(second))
    drawn = render.Renderer("zh", RULES).promises
    assert drawn == {
        "voting": "8 小时（只算上班时间）",
        "seconds": 3,
        "office_phone": RULES.office_phone,
    }
    twice = Workflows(WORKFLOWS.first)
    twice.all = (WORKFLOWS.first, WORKFLOWS.first)
    with pytest.raises(ValueError, match="promised"):
        twice.promised(RULES)
