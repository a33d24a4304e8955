"""A community's own texts: what is wrong with them is said with key, file and line."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from folk import EXAMPLE, RULES
from msgspec.structs import replace

from bot.__main__ import main
from bot.config import locales
from bot.config.settings import load
from bot.config.wording import load_choices, read_choices, read_private
from bot.config.words import read_words
from bot.endings import EXIT_CONFIG
from bot.telegram.own_templates import check_own
from workflows.core.talk.needs import Asked, quick_replies
from workflows.registry import REPLY_KEYS

KINDS = ("电梯", "停车")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """The folder of the community's own texts in the one language there is."""
    (tmp_path / "zh").mkdir()
    return tmp_path / "zh"


def wrong_choices(own: Path, text: str) -> dict[str, str]:
    (own / "choices.toml").write_text(text, "utf-8")
    return {m.key: m.problem for m in read_choices("zh", own, KINDS)[1]}


def wrong_words(own: Path, text: str) -> dict[str, str]:
    (own / "words.toml").write_text(text, "utf-8")
    return {m.key: m.problem for m in read_words("zh", own)[1]}


def wrong(own: Path, name: str, text: str) -> list[str]:
    (own / name).write_text(text, "utf-8")
    settings = load(
        EXAMPLE, {"HAITANG_TELEGRAM__TOKEN": f"1:{'x' * 35}", "HAITANG_TEMPLATES": str(own.parent)}
    )
    return [str(mistake) for mistake in check_own(settings)]


# quick replies


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ('["电棍"]\nresolve = ["好"]', "choices.电棍.resolve", "none of the categories"),
        ('["电梯"]\nresolv = ["好"]', "choices.电梯.resolv", "asks for no words"),
        ('accept = ["好"]', "choices.accept", "asks for no words"),
        ('["电梯"]\nresolve = "好"', "choices.电梯.resolve", "a list of texts"),
        ('["电梯"]\nresolve = []', "choices.电梯.resolve", "a list of texts"),
        (f'note = ["{"长" * 31}"]', "choices.note", "1 to 30 characters"),
        ('note = [" "]', "choices.note", "1 to 30 characters"),
    ],
)
def test_a_wrong_reply_is_named_by_its_key_and_left_out(
    own: Path, text: str, key: str, problem: str
):
    [(found, why)] = wrong_choices(own, text).items()
    assert found == key and problem in why
    assert load_choices("zh", own, KINDS) == load_choices("zh")


def test_own_replies_hold_key_by_key(own: Path):
    (own / "choices.toml").write_text('note = ["好"]\n["停车"]\nresolve = ["挪走了"]', "utf-8")
    found = load_choices("zh", own, KINDS)["petition"]
    assert (found["note"], found["停车.resolve"]) == (("好",), ("挪走了",))
    assert found["resolve"] == load_choices("zh")["petition"]["resolve"]


def test_a_file_that_is_no_toml_says_where(own: Path):
    [(key, why)] = wrong_choices(own, 'note = ["好"]\nresolve = [').items()
    assert key.endswith("choices.toml") and "line 2" in why


# those of a second workflow

KEYS = {**REPLY_KEYS, "outing": {"second", "note"}}


@pytest.fixture
def outing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a second workflow beside the built-in ones."""
    copytree(locales.TEMPLATES, tmp_path / "templates")
    folder = tmp_path / "templates" / "zh" / "outing"
    folder.mkdir()
    (folder / "choices.toml").write_text('second = ["我同意"]\nnote = ["开过会了"]', "utf-8")
    monkeypatch.setattr(locales, "TEMPLATES", tmp_path / "templates")
    return folder


@pytest.mark.usefixtures("outing")
def test_each_workflow_has_its_own_replies_to_one_action():
    found, mistakes = read_choices("zh", None, KINDS, KEYS)
    assert mistakes == [] and found["outing"]["note"] == ("开过会了",)
    assert found["petition"] == load_choices("zh")["petition"] and "second" not in found["petition"]
    rules = replace(RULES, choices=found)
    asked = [Asked(kind=kind, key="note") for kind in ("outing", "petition", "orders")]
    said = [quick_replies(one, rules) for one in asked]
    assert said == [("开过会了",), found["petition"]["note"], ()]


def test_a_workflow_may_have_no_quick_replies(outing: Path):
    (outing / "choices.toml").unlink()
    assert read_choices("zh", None, KINDS, KEYS)[0]["outing"] == {}


@pytest.mark.usefixtures("outing")
def test_a_communitys_own_replies_are_of_the_workflow_in_whose_folder_they_stand(own: Path):
    (own / "outing").mkdir()
    (own / "outing" / "choices.toml").write_text('second = ["赞成"]\nresolve = ["好"]', "utf-8")
    (own / "choices.toml").write_text('note = ["好"]\nsecond = ["好"]', "utf-8")
    found, mistakes = read_choices("zh", own, KINDS, KEYS)
    assert (found["outing"]["second"], found["outing"]["note"]) == (("赞成",), ("开过会了",))
    assert found["petition"]["note"] == ("好",)
    told = {m.key: m.problem for m in mistakes}
    assert told.keys() == {"choices.second", "outing/choices.resolve"}
    assert told["outing/choices.resolve"] == "asks for no words; what does: note, second"


# words


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ('[action]\nresolv = "好"', "words.action.resolv", "no word of the bot's"),
        ("[action]\nresolve = 3", "words.action.resolve", "text in quotes"),
        ('[form]\nperson = "{nmae}"', "words.form.person", "may only use {name}, {open}"),
        ('[form]\nperson = "{name"', "words.form.person", "a { or }"),
        ('[time]\nweekdays = ["周一"]', "words.time.weekdays", "a list of 7 texts"),
        ('action = "好"', "words.action", "no word of the bot's"),
    ],
)
def test_a_wrong_word_is_named_by_its_key_and_the_built_in_one_holds(
    own: Path, text: str, key: str, problem: str
):
    [(found, why)] = wrong_words(own, text).items()
    assert found == key and problem in why
    assert read_words("zh", own)[0] == read_words("zh")[0]


# messages


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("好\n{% if %}\n", ":2", "Expected"),
        ("好\n\n{{ ticket.id|nummer }}", ":3", "nummer"),
        ("好\n{{ tickets }}", ":2", 'no "tickets"'),
        ('{% include "_nix.html" %}', "", 'no "_nix.html"'),
    ],
)
def test_a_broken_message_is_named_by_file_and_line(own: Path, text: str, line: str, problem: str):
    [said] = wrong(own, "accepted.html", text)
    assert said.startswith(f"{own}/accepted.html{line}: ") and problem in said


def test_a_message_that_the_bot_never_sends_is_named(own: Path):
    [said] = wrong(own, "acepted.html", "好")
    assert "acepted.html: is no message" in said


def test_a_sound_message_is_no_mistake(own: Path):
    assert not wrong(
        own, "accepted.html", "{{ ticket.id|number }} {{ actor|who(people) }} {{ text }}"
    )


def test_check_says_it_all_and_ends_with_the_code_of_a_wrong_config(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", f"1:{'x' * 35}")
    monkeypatch.setenv("HAITANG_TEMPLATES", str(own.parent))
    assert main(["check", "--config", str(EXAMPLE)]) == 0
    (own / "accepted.html").write_text("\n{% if %}", "utf-8")
    (own / "choices.toml").write_text('nix = ["好"]', "utf-8")
    assert main(["check", "--config", str(EXAMPLE)]) == EXIT_CONFIG
    told = capsys.readouterr().err
    assert "accepted.html:2: " in told and "choices.nix: " in told


def test_a_folder_that_is_not_there_is_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", f"1:{'x' * 35}")
    monkeypatch.setenv("HAITANG_TEMPLATES", str(tmp_path / "nowhere"))
    assert main(["check", "--config", str(EXAMPLE)]) == EXIT_CONFIG
    assert "HAITANG_TEMPLATES: there is no folder" in capsys.readouterr().err


# by which words somebody is known


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ("[names]\nsurnames = [1]", "private.names.surnames", "as it is in the built-in file"),
        ('[names]\ntitles = "师傅"', "private.names.titles", "as it is in the built-in file"),
        ('[names]\ntitel = ["师傅"]', "private.names.titel", "is no word of the bot's"),
        ('[people]\ntitles = ["师傅"]', "private.people.titles", "is no word of the bot's"),
        ('names = "张"', "private.names", "is no word of the bot's"),
    ],
)
def test_wrong_private_words_are_named_by_their_key_and_the_built_in_ones_hold(
    own: Path, text: str, key: str, problem: str
):
    (own / "private.toml").write_text(text, "utf-8")
    words, [mistake] = read_private("zh", own)
    assert mistake.key == key and problem in mistake.problem
    assert words == read_private("zh")[0]
    assert key in wrong(own, "private.toml", text)[0]


def test_own_private_words_hold_key_by_key(own: Path):
    (own / "private.toml").write_text('[names]\nroles = ["管家"]', "utf-8")
    words, mistakes = read_private("zh", own)
    assert mistakes == [] and words.names.roles == ("管家",)
    assert words.numbers == read_private("zh")[0].numbers
