"""What is wrong is told by file, line and section as they are written, counted from 1."""

from pathlib import Path

import pytest
from configuring import TOKEN
from folk import EXAMPLE

from bot.config.settings import ConfigError, load
from bot.config.telling.toml_lines import lines_of

LINES = EXAMPLE.read_text("utf-8").splitlines()


def told(path: Path, text: str, environ: dict[str, str] | None = None) -> str:
    """The one mistake of a file."""
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised:
        load(path, TOKEN | (environ or {}))
    [mistake] = raised.value.mistakes
    return str(mistake)


def changed(old: str, new: str) -> tuple[str, int]:
    """The example with one line of it changed, and its number."""
    number = LINES.index(old)
    return "\n".join([*LINES[:number], new, *LINES[number + 1 :]]), number + 1


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('name = "3网格"', 'name = "2网格"',
         '[[communities.grids]] no. 3 "2网格" of "南环一", name'),
        ('name = "4网格"', 'nane = "4网格"', '[[communities.grids]] no. 1 of "南环二"'),
        ('names = ["老年活动室那幢"]', 'names = ["老"]',
         '[[communities.grids.buildings]] no. 4 "4幢" of "1网格" of "南环一", names no. 1'),
        ('place = "南环一/3网格"', 'place = "3号网格"', '[[stations]] no. 2 "南环西民情站", place'),
        ('key = "绿化"', 'key = "电梯"', '[[petition.categories]] no. 11 "电梯", key'),
        ("partly = 50                  # 说「解决了一部分」", "partly = 500",
         "[petition.scoring] partly"),
        ('hours = ["09:00-12:00", "13:30-17:30"]', 'hours = ["09:00-12:00", "13"]',
         "[calendar] hours no. 2"),
        ("after_hours = 2", "after_hours = -2", "[[escalation]] no. 2, after_hours"),
        ("admins = []                  # 一开始就是管理员的人，填 Telegram 的数字编号，"
         "例如 [10001, 10002]；空着，出了毛病没有人知道", "admins = [0]", "admins no. 1"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_is_written(tmp_path: Path, old: str, new: str, where: str):
    text, number = changed(old, new)
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised:
        load(path, TOKEN)
    found = [str(mistake) for mistake in raised.value.mistakes]
    assert any(one.startswith(f"{path}, line {number}: {where}") for one in found), found


def test_what_is_there_twice_is_told_with_the_first_ones_line(tmp_path: Path):
    text, _ = changed('key = "绿化"', 'key = "电梯"')
    first = LINES.index('key = "电梯"') + 1
    assert told(tmp_path / "c.toml", text).endswith(f'"电梯" is there twice, first at line {first}')


def test_an_inline_table_is_told_by_its_key(tmp_path: Path):
    text, number = changed('key = "绿化"', 'key = "绿化"\nsla = { plan = { hours = 0 } }')
    assert f'line {number + 1}: [[petition.categories]] no. 11 "绿化", sla.plan.hours: ' in told(
        tmp_path / "c.toml", text
    )


@pytest.mark.parametrize(
    ("name", "value", "where"),
    [
        ("HAITANG_QUIET__FROM", "25", "HAITANG_QUIET__FROM: must be a time"),
        ("HAITANG_QUIET", '{"from": "25"}', "HAITANG_QUIET from: must be a time"),
        ("HAITANG_ADMINS", "[7, -1]", "HAITANG_ADMINS no. 2: must be more than 0"),
    ],
)
def test_what_a_variable_says_is_told_by_its_name(
    tmp_path: Path, name: str, value: str, where: str
):
    assert told(tmp_path / "c.toml", "\n".join(LINES), {name: value}).startswith(where)


@pytest.mark.parametrize(
    ("old", "new", "instead"),
    [
        ('mode = "polling"             # polling：自己去取消息（不需要公网地址）；'
         "webhook：等 Telegram 送来", 'mode = "push"', 'must be "polling" or "webhook"'),
        ('to = "street"', 'to = "mayor"', 'must be "lead", "committee", "street" or "admin"'),
        ('place = "南环一/3网格"', 'place = "南环一/3网个"', "is 南环一/3网格 meant?"),
        ('place = "南环一/3网格"', 'place = "东边"', "there are 南环一/1网格, 南环一/2网格"),
        ('fallback_category = "其他"', 'fallback_category = "杂"', "categories: 充电设施, 电梯"),
        ('locale = "zh"                # 用哪一种语言说话：templates/ 里的文件夹',
         'locale = "fr"', "there are for zh"),
        ("per_second = 30              # 每秒一共最多发几条", "per_secnd = 3",
         "is per_second meant?"),
        ('folder = ""', 'path = "x"', "there are folder, every_hours, keep"),
        ("every_hours = 24             # 几个小时备份一次", "admins = [7]",
         "belongs at the top of the file"),
    ],
)  # fmt: skip
def test_it_says_what_could_stand_there(tmp_path: Path, old: str, new: str, instead: str):
    said = told(tmp_path / "c.toml", changed(old, new)[0])
    assert instead in said and "<" not in said


def test_every_line_of_the_example_is_found():
    found = lines_of("\n".join(LINES))
    stated = [n for n, line in enumerate(LINES, 1) if line[:1].isalpha() or line[:1] == "["]
    assert sorted({*found.headers.values(), *found.keys.values()}) == stated


@pytest.mark.parametrize(
    "token",
    ["your-token-here", "<token>", "123456789", "123456789:your-token-here", "xxx:yyy", "…",
     "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDs", "1:2:3"],
)  # fmt: skip
def test_a_token_that_cannot_be_one_is_refused_and_not_repeated(token: str):
    with pytest.raises(ConfigError) as raised:
        load(EXAMPLE, {"HAITANG_TELEGRAM__TOKEN": token})
    [mistake] = raised.value.mistakes
    assert (mistake.key == "telegram.token" and "@BotFather" in str(mistake)) or "strange" in str(
        mistake
    )
    assert token not in str(mistake)


def test_another_server_may_give_tokens_of_its_own_form():
    elsewhere = {"HAITANG_TELEGRAM__BASE_URL": "http://127.0.0.1:8081/bot"}
    assert load(EXAMPLE, {"HAITANG_TELEGRAM__TOKEN": "42:any"} | elsewhere)
    assert load(EXAMPLE, {"HAITANG_TELEGRAM__TOKEN": f"123456789:{'A' * 35}"})
    test = {"HAITANG_TELEGRAM__BASE_URL": "https://api.telegram.org/bot{token}/test"}
    assert load(EXAMPLE, TOKEN | test)


@pytest.mark.parametrize(
    "url", ["https://api.telegram.org", "https://api.telegram.org/bot/", "http://x/"]
)
def test_a_base_url_without_bot_is_refused(url: str):
    with pytest.raises(ConfigError, match="must end with /bot"):
        load(EXAMPLE, TOKEN | {"HAITANG_TELEGRAM__BASE_URL": url})
