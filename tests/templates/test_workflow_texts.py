"""Texts by workflow: a second one's folder beside the petition's, a community's own over all."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from typing import ClassVar

import pytest
from folk import EXAMPLE, RULES
from letters import letter_of, ticket_in
from msgspec.structs import asdict, replace
from template_values import HANDLER, PLACES, plain_values

from bot.config import locales
from bot.config.settings import load
from bot.config.words import read_words
from bot.telegram.own_templates import check_own
from bot.telegram.render import Renderer
from workflows.core.talk.messages import Button
from workflows.core.talk.tap import Tap
from workflows.desk.outbound.composing import Reader
from workflows.petition.model import Ticket
from workflows.petition.words import State


class Outing(Ticket, frozen=True):
    """What a second workflow deals with."""

    kind: ClassVar[str] = "outing"


OUTING = Outing(**asdict(ticket_in(State.ACCEPTED, "装电梯")))
WORDS = """
[action]
accept = "列入"
bring = "带饭"
[done]
accept = "已列入"
[state]
accepted = "已列入"
"""
TEXTS = {
    "words.toml": WORDS,
    "seconded.html": '{% extends "_notice.html" %}{% block headline %}有人附议{% endblock %}\n',
    "form_outing_note.html": "请说说您的意见\n",
    "_card_outing_staff.html": '议题：{{ ticket.text }}，{{ "accept"|word("action") }}\n',
}


@pytest.fixture
def outing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a second workflow beside the built-in ones."""
    copytree(locales.TEMPLATES, tmp_path / "templates")
    folder = tmp_path / "templates" / "zh" / "outing"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, "utf-8")
    monkeypatch.setattr(locales, "TEMPLATES", tmp_path / "templates")
    return folder


def _own(tmp_path: Path, name: str, text: str) -> Path:
    """A community's folder of its own with one file."""
    path = tmp_path / "own" / "zh" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return tmp_path / "own" / "zh"


def _drawn(renderer: Renderer, template: str, ticket: Ticket, reader: Reader) -> str:
    letter = letter_of(template, {"action": "accept"}, ticket, reader, HANDLER)
    return renderer.draw(letter).text


@pytest.mark.usefixtures("outing")
@pytest.mark.parametrize(
    ("kind", "label", "said"),
    [
        ("outing", "action.accept", "列入"),
        ("petition", "action.accept", "接单"),
        ("join", "action.accept", "接单"),
        ("outing", "view.back", "⬅️ 返回"),
        ("", "action.bring", "带饭"),
    ],
)
def test_a_button_has_the_word_of_its_workflow_else_the_shared_one(
    kind: str, label: str, said: str
) -> None:
    assert Renderer("zh", RULES).label(Button(label=label, tap=Tap(kind=kind))) == said


@pytest.mark.usefixtures("outing")
def test_a_button_without_a_workflow_speaks_for_the_message_it_stands_under() -> None:
    rows = ((Button(label="action.accept", tap=Tap(kind="form")),),)
    said = [Renderer("zh", RULES).keyboard(rows, kind) for kind in ("outing", "petition", "")]
    assert [made and made["inline_keyboard"][0][0]["text"] for made in said] == [
        "列入", "接单", "接单",
    ]  # fmt: skip


@pytest.mark.usefixtures("outing")
def test_a_shared_message_speaks_for_the_workflow_it_is_about() -> None:
    renderer = Renderer("zh", RULES)
    assert _drawn(renderer, "done", OUTING, Reader.STAFF).startswith("✅ 已列入。")
    petition = ticket_in(State.ACCEPTED, "灯坏了")
    assert _drawn(renderer, "done", petition, Reader.STAFF).startswith("✅ 已接单")


@pytest.mark.usefixtures("outing")
@pytest.mark.parametrize(("named", "said"), [({"kind": "outing"}, "已列入"), ({}, "已接单")])
def test_a_line_of_a_list_and_its_button_have_the_words_of_what_they_name(
    named: dict[str, str], said: str
) -> None:
    renderer = Renderer("zh", replace(RULES, places=PLACES))
    values = {"number": "10015", "category": "电梯", "state": "accepted"} | named
    assert renderer.label(Button(label="view.open", values=values)) == f"10015 电梯·{said}"
    [line, *_] = plain_values("")["mine"]["held"]
    held = [line | {"state": "accepted"} | named]
    listed = {"held": held, "brought": [], "filter": "all", "total": 1}
    text = renderer.draw(letter_of("mine", listed, None, Reader.STAFF, HANDLER)).text
    assert f"<b>{said}</b>" in text


@pytest.mark.usefixtures("outing")
def test_a_workflow_has_templates_and_a_card_of_its_own() -> None:
    text = _drawn(Renderer("zh", RULES), "card", OUTING, Reader.STAFF)
    assert text == "议题：装电梯，列入"
    assert _drawn(Renderer("zh", RULES), "seconded", OUTING, Reader.STAFF) == "有人附议"


@pytest.mark.usefixtures("outing")
@pytest.mark.parametrize(
    ("action", "kind", "asked"),
    [
        ("note", "outing", "请说说您的意见"),
        ("note", "petition", "记一笔"),
        ("ask", "outing", "要问居民什么"),  # has none of its own
    ],
)
def test_a_question_is_a_workflows_own_where_two_have_the_same_action(
    action: str, kind: str, asked: str
) -> None:
    subject = OUTING if kind == "outing" else ticket_in(State.ACCEPTED, "灯坏了")
    assert asked in _drawn(Renderer("zh", RULES), f"form_{action}", subject, Reader.STAFF)


@pytest.mark.usefixtures("outing")
def test_a_question_about_nothing_yet_is_of_the_workflow_that_asks() -> None:
    """As one that begins something."""
    letter = letter_of("form_note", {"kind": "outing"}, None, Reader.STAFF, HANDLER)
    assert "请说说您的意见" in Renderer("zh", RULES).draw(letter).text


def test_a_communitys_own_word_needs_no_folder(outing: Path, tmp_path: Path) -> None:
    own = _own(tmp_path, "words.toml", '[action]\naccept = "我来"\nbring = "带水"\n')
    words, mistakes = read_words("zh", own)
    assert outing.exists() and mistakes == []
    assert (words.find("accept", "action"), words.find("accept", "action", "petition")) == (
        "我来", "我来",
    )  # fmt: skip
    assert words.find("accept", "action", "outing") == "列入"
    assert words.find("bring", "action", "outing") == "带水"


@pytest.mark.usefixtures("outing")
def test_a_communitys_own_word_in_a_folder_is_that_workflows(tmp_path: Path) -> None:
    own = _own(tmp_path, "outing/words.toml", '[action]\naccept = "上会"\n[role]\nlead = "片长"\n')
    words, mistakes = read_words("zh", own)
    assert mistakes == [] and words.find("lead", "role") == "片长"
    assert words.find("accept", "action", "outing") == "上会"
    assert words.find("accept", "action") == "接单"


@pytest.mark.parametrize("name", ["accepted.html", "petition/accepted.html"])
def test_a_communitys_own_message_may_stand_in_its_folder_or_not(tmp_path: Path, name: str) -> None:
    own = _own(tmp_path, name, "我来了")
    ticket = ticket_in(State.ACCEPTED, "灯坏了")
    assert _drawn(Renderer("zh", RULES, own=own), "accepted", ticket, Reader.RESIDENT) == "我来了"
    (own / name).write_text("{{ nobody }}", "utf-8")
    environment = {"HAITANG_TELEGRAM__TOKEN": f"1:{'x' * 35}", "HAITANG_TEMPLATES": str(own.parent)}
    assert [str(own / name) in m.key for m in check_own(load(EXAMPLE, environment))] == [True]


def test_no_word_of_the_petition_is_also_a_shared_one() -> None:
    """What names no workflow means either, so one of the two would never be read."""
    by_kind = read_words("zh")[0].by_kind
    common, own = (
        {(table, key) for table, found in by_kind[name].items() for key in found}
        for name in ("common", "petition")
    )
    assert common and own and not common & own


@pytest.mark.parametrize("table", ["", '[hears]\nwords = ["出游"]\n'])
def test_a_workflow_says_how_words_begin_that_are_its_own(outing: Path, table: str) -> None:
    (outing / "words.toml").write_text(WORDS + table, "utf-8")
    assert read_words("zh")[0].heard().get("outing", ()) == (("出游",) if table else ())
