"""What a config may say and most likely does not mean is told, by file and line; it runs on."""

from pathlib import Path

import pytest
from configuring import loaded
from folk import EXAMPLE

from bot.__main__ import main
from bot.config.telling.doubts import doubts

STREET = {"name": "南环一", "street": "友新街道"}


def doubted(**changes: object) -> dict[str, str]:
    """The doubts by their keys, but those about who can be reached."""
    found = doubts(loaded(**changes))
    return {d.key: d.problem for d in found if d.key not in {"admins", "office_phone"}}


def grids(*found: dict[str, object]) -> list[dict[str, object]]:
    named = [{"name": f"{n}网格"} | grid for n, grid in enumerate(found, 1)]
    return [STREET | {"grids": named}]


def houses(*positions: list[float] | None, name: str = "{}幢") -> dict[str, object]:
    some = ({"position": at} if at else {} for at in positions)
    return {"buildings": [{"name": name.format(n)} | at for n, at in enumerate(some, 1)]}


def test_a_config_that_means_what_it_says_is_not_doubted():
    assert doubted() == {}
    assert not doubts(loaded(admins=[7], office_phone="0512-68000000"))


def test_who_cannot_be_reached_is_missed():
    assert [d.key for d in doubts(loaded())] == ["admins", "office_phone"]
    twice = doubts(loaded(admins=[7, 1234567, 7], office_phone="1"))
    assert [(d.key, d.first) for d in twice] == [("admins.1", ""), ("admins.2", "admins.0")]


def test_an_estate_in_two_grids_is_told_with_the_buildings_both_have():
    estate = {"estates": ["东苑"]}
    same = doubted(communities=grids(estate | houses(None), estate | houses(None, None)))
    assert same.keys() == {"communities.0.grids.1.estates.0"}
    assert "in two grids" in str(same) and "of building 1 which one" in str(same)
    other = doubted(communities=grids(estate | houses(None), {"estates": ["西苑"]}))
    assert other == {}


def test_a_name_or_number_of_two_buildings_is_told():
    named = [{"name": "1幢", "names": ["超市楼上"]}, {"name": "2幢", "names": ["超市楼上"]}]
    assert doubted(communities=grids({"buildings": named})).keys() == {
        "communities.0.grids.0.buildings.1.names.0"
    }
    numbered = [{"name": "1幢"}, {"name": "1号楼"}]
    assert doubted(communities=grids({"buildings": numbered})).keys() == {
        "communities.0.grids.0.buildings.1.name"
    }


def test_a_position_that_was_copied_or_mistyped_is_told():
    near, far = [31.2862, 120.6215], [13.2862, 120.6215]
    copied = doubted(communities=grids(houses(near), houses(near)))
    assert copied.keys() == {"communities.0.grids.1.buildings.0.position"}
    mistyped = doubted(communities=grids(houses(near, [31.287, 120.62], far)))
    assert mistyped.keys() == {"communities.0.grids.0.buildings.2.position"}
    assert doubted(communities=grids(houses(near), houses(far))) == {}


@pytest.mark.parametrize(
    ("clocks", "key"),
    [
        ({"assign": {"hours": 30, "counts": "calendar"}}, "sla.assign"),
        ({"response": {"minutes": 20}}, "sla.accept"),
        ({"urgent": {"response": {"hours": 48}}}, "sla.urgent.response"),
    ],
)
def test_a_step_longer_than_what_it_is_a_part_of_is_told(clocks: dict[str, object], key: str):
    assert key in doubted(sla=clocks)


def test_what_would_be_sent_at_night_is_told():
    assert doubted(morning="05:30").keys() == {"morning"}
    assert doubted(weekly="周一 23:00").keys() == {"weekly"}
    assert doubted(morning="07:00", weekly="") == {}


def test_a_webhook_that_nobody_answers_and_a_clock_that_is_played_are_told():
    hook = {"url": "https://example.org/bot", "secret": "s3cret"}
    told = doubted(telegram={"mode": "webhook", "webhook": hook})
    assert told.keys() == {"telegram.webhook.url"}
    hook["url"] = "https://example.org/telegram"
    assert doubted(telegram={"mode": "webhook", "webhook": hook}) == {}
    assert doubted(clock={"url": "http://127.0.0.1:8081/clock"}).keys() == {"clock.url"}


def test_check_tells_them_by_file_and_line_and_exits_with_nought(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", f"1:{'x' * 35}")
    text = EXAMPLE.read_text("utf-8").replace('["南环新村"]', '["南环东苑"]')
    (tmp_path / "config.toml").write_text(text, "utf-8")
    number = 1 + [*reversed(text.splitlines())].index('estates = ["南环东苑"]')
    assert main(["check", "--config", str(tmp_path / "config.toml")]) == 0
    told = capsys.readouterr().out
    line = len(text.splitlines()) + 1 - number
    assert f'config.toml, line {line}: [[communities.grids]] no. 2 "2网格"' in told
    assert '"南环东苑" is in two grids' in told and "first at line" in told
