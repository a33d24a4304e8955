"""The words of danger in the language's file, and a community's own added to them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from folk import EXAMPLE

from bot.config.danger_words import load_danger, read_danger
from bot.config.settings import ConfigError, load
from bot.telegram.own_templates import check_own
from workflows.danger.danger import Danger, find
from workflows.danger.judge import JUDGEMENTS

LANGUAGE = load_danger("zh")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "zh").mkdir()
    return tmp_path / "zh"


def test_every_class_that_is_named_has_words_and_every_word_is_used():
    assert LANGUAGE.classes == set(LANGUAGE.words)
    assert all(LANGUAGE.words.values())


def test_every_kind_has_signs_and_an_end_is_only_of_a_kind():
    assert set(LANGUAGE.dangers) == set(Danger)
    assert {*LANGUAGE.over, *LANGUAGE.lasting, *LANGUAGE.threatened} <= set(Danger)


def test_every_judgement_has_its_words():
    assert set(LANGUAGE.judged) == set(JUDGEMENTS)


def test_what_stands_in_for_a_word_is_as_long():
    assert [w for w, right in LANGUAGE.spelling.items() if len(w) != len(right)] == []


def test_own_words_are_added_and_taken_out_by_class(own: Path):
    (own / "danger.toml").write_text('[words]\n"火" = "红云头 -着火"', "utf-8")
    language, mistakes = read_danger("zh", own)
    assert mistakes == []
    assert find("路灯红云头", language) == (Danger.FIRE,) and find("路灯红云头", LANGUAGE) == ()
    assert "着火" not in language.words["火"] and "起火" in language.words["火"]


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ('[words]\n"水果" = "梨"', "danger.words.水果", "no class of words"),
        ('[words]\n"火" = ["梨"]', "danger.words.火", "words in quotes"),
        ('words = "梨"', "danger.words", "must be a table"),
        ("lasting = []", "danger.lasting", "only words can be added"),
    ],
)
def test_what_is_wrong_is_named_and_the_built_in_words_hold(
    own: Path, text: str, key: str, problem: str
):
    (own / "danger.toml").write_text(text, "utf-8")
    language, [mistake] = read_danger("zh", own)
    assert mistake.key == key and problem in mistake.problem
    assert find("3幢着火了", language) == (Danger.FIRE,)


def test_the_check_names_it(own: Path):
    (own / "danger.toml").write_text('[words]\n"水果" = "梨"', "utf-8")
    environment = {"HAITANG_TELEGRAM__TOKEN": f"1:{'x' * 35}", "HAITANG_TEMPLATES": str(own.parent)}
    [mistake] = check_own(load(EXAMPLE, environment))
    assert mistake.key == "danger.words.水果"


def test_a_locale_without_words_is_refused():
    with pytest.raises(ConfigError, match="no words of danger"):
        load_danger("xx")
