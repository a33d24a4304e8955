"""The words by which a message is known for what it is, and a community's own beside them."""

from pathlib import Path

from bot.config.hearing_words import load_hearing, read_hearing
from workflows.hearing.language import read, typed


def _own(folder: Path, text: str) -> Path:
    (folder / "hearing.toml").write_text(text, "utf-8")
    return folder


def test_a_community_adds_its_own_words(tmp_path: Path):
    own = _own(tmp_path, '[words]\n"催" = "搞快些"\n[buttons]\nsubmit = "递上去"')
    language, mistakes = read_hearing("zh", own)
    assert not mistakes and read("搞快些嘛", language).has("chase")
    assert typed("递上去", language) == {"submit"}


def test_what_is_no_word_is_a_mistake_and_the_others_hold(tmp_path: Path):
    language, mistakes = read_hearing("zh", _own(tmp_path, '[signs]\nchase = ["催"]\n[x]\ny = 1'))
    assert [m.key for m in mistakes] == ["hearing.signs.chase", "hearing.x.y"]
    assert read("怎么还没人来", language).has("chase")


def test_who_changes_nothing_has_the_same_value():
    assert load_hearing("zh") is load_hearing("zh")
