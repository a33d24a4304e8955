"""Whatever stands in the config file: it can be used, or every mistake is told with its key."""

import re
from pathlib import Path

import pytest
from effort import examples
from folk import EXAMPLE
from hypothesis import given
from hypothesis import strategies as st

from bot.config.checks import ConfigError
from bot.config.settings import Settings, load
from playground.stage.stage import TOKEN

LINES = EXAMPLE.read_text("utf-8").splitlines()
_ENVIRONMENT = {"HAITANG_TELEGRAM__TOKEN": TOKEN}
_SETTING = re.compile(r"^(\s*#?\s*)([\w\"'.-]+)(\s*=\s*)(.*)$")
VALUES = st.sampled_from([
    "true", "false", "0", "-1", "1", "99999999999999999999", "1.5", "nan", "inf", '""', '"x"',
    '"😀"', "[]", "{}", "[[1]]", "[1, \"x\"]", "{a = 1}", "1979-05-27", "07:32:00", "25:00:00",
    '"24h"', '"-3h"', '"9h 9h"', '"1e400h"', '"00:00"', '"22:00-22:00"', '"Mars/Olympus"',
    '"sqlite+aiosqlite:///"', '"http://"', '"../../etc"', '"\\u0000"', "nonsense", "",
])  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """The example with some lines changed, gone, doubled, moved or commented in."""
    lines = [*LINES]
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["value", "value", "key", "drop", "double", "move", "comment"]))
        lines = _changed(draw, lines, at, how)
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _changed(draw: st.DrawFn, lines: list[str], at: int, how: str) -> list[str]:
    before, line, after = lines[:at], lines[at], lines[at + 1 :]
    if how == "drop":
        return [*before, *after] or [""]
    if how == "double":
        return [*before, line, line, *after]
    if how == "move":
        return [*after, line, *before]
    if how == "comment":
        return [*before, line.removeprefix("# ").removeprefix("#"), *after]
    found = _SETTING.match(line)
    if not found:
        return [*before, draw(st.text(max_size=20).map(_one_line)), *after]
    mark, key, equals, _ = found.groups()
    if how == "key":
        return [*before, mark + draw(_KEYS) + equals + found[4], *after]
    return [*before, mark.replace("#", "") + key + equals + draw(VALUES), *after]


_KEYS = st.sampled_from(["tokn", "zone", "name", "url", "a.b.c", '"键"', "telegram", "1", ""])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _load(folder: Path, content: bytes) -> Settings | None:
    path = folder / "config.toml"
    path.write_bytes(content)
    try:
        return load(path, _ENVIRONMENT)
    except ConfigError as error:
        assert error.mistakes
        assert all(mistake.key and mistake.problem for mistake in error.mistakes)
        return None


@examples(change=60, night=20_000)
@given(content=files())
def test_a_mutated_file_is_used_or_refused_with_its_keys(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
):  # F60
    folder = tmp_path_factory.getbasetemp()
    settings = _load(folder, content)
    if settings:
        settings.rules(settings.choices())  # what was taken can be worked with


@examples(change=30, night=5_000)
@given(
    content=st.binary(max_size=300)
    | st.text(max_size=100).map(lambda t: t.encode("utf-8", "replace"))
)
def test_a_file_of_anything_is_refused_with_a_reason(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
):  # F60
    folder = tmp_path_factory.getbasetemp()
    _load(folder, content)
