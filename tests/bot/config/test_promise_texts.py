"""What a config promises is said by `check`, and a year without known holidays in the log."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from folk import EXAMPLE
from structlog.testing import capture_logs

from bot.__main__ import main
from bot.config.clocks import Sla
from bot.config.settings import Settings
from playground.stage.stage import stage


def check(folder: Path, capsys: pytest.CaptureFixture[str], *changes: tuple[str, str]) -> list[str]:
    """What `haitang check` says of the example with some lines changed."""
    text = EXAMPLE.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "config.toml").write_text(text, "utf-8")
    assert main(["check", "--config", str(folder / "config.toml")]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", "1:x")


def test_check_says_one_promise_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    [_, promise] = check(tmp_path, capsys)
    assert promise.startswith("answer within 24 h, urgent 2 h: 充电设施, 电梯, ")


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
