"""The file of learnt weights: what is in it, and a community's own in its place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.danger import read_labelled
from benchmarks.danger_weights import as_toml
from bot.config.danger_ear import EAR, read_ear
from bot.config.danger_words import load_danger, read_danger
from bot.config.locales import locate
from workflows.danger.danger import Danger, find
from workflows.danger.ear import grams
from workflows.danger.text import listen

LEARNT = Path(__file__).parent.parent / "data/danger.csv"
OWN = """
doubt = 0.3
sure = 0.7
clear = 0.5
[danger]
bias = -200
[danger.grams]
900 = "雾 白雾"
[kinds]
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "zh").mkdir()
    return tmp_path / "zh"


def test_only_what_our_own_sentences_say_weighs():
    language = load_danger("zh")
    ear = language.ear
    said = (listen(text, language.letters, language.spelling) for text, _ in read_labelled(LEARNT))
    known = {gram for one in said for gram in grams(one.text)}
    assert ear
    assert all(known.issuperset(one.grams) for one in (ear.danger, *ear.kinds.values()))


def test_every_kind_but_a_mere_cry_is_learnt():
    ear, mistakes = read_ear("zh")
    assert ear and mistakes == []
    assert set(ear.kinds) == set(Danger) - {Danger.OTHER}


def test_the_file_is_as_it_is_written():
    ear, _ = read_ear("zh")
    path = locate("zh", EAR)
    assert path
    assert ear and as_toml(ear) == path.read_text("utf-8")
    assert path.stat().st_size < 300_000


def test_it_is_read_once():
    assert load_danger("zh") is load_danger("zh")


def test_a_locale_may_have_none():
    assert read_ear("xx") == (None, [])


def test_a_communitys_own_takes_its_place(own: Path):
    (own / EAR).write_text(OWN, "utf-8")
    language, mistakes = read_danger("zh", own)
    assert mistakes == []
    assert find("白雾", language) == (Danger.OTHER,) and find("白雾", load_danger("zh")) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        "sure = 0.7",
        OWN + 'steam = "x"',
        OWN.replace("900", "heavy"),
        OWN.replace("0.7", "1.0"),
        OWN.replace("-200", '"low"'),
    ],
)  # fmt: skip
def test_one_that_cannot_be_used_is_named_and_the_built_in_holds(own: Path, wrong: str):
    (own / EAR).write_text(wrong, "utf-8")
    language, [mistake] = read_danger("zh", own)
    assert mistake.key == "danger_ear"
    assert language is load_danger("zh")
