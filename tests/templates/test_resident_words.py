"""What residents read is plain: none of the staff's own words, nothing to type that is no word,
the office's number where one may be stuck, and help that fits on a hand.

A template is a resident's unless only staff are told it, or STAFFS names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from folk import RULES
from letters import letter_of, letters_of, tickets_saying, values_of
from msgspec.structs import replace
from plain_words import INSTEAD, OFFICE, TEXTS, complaints
from template_names import EVERY, OTHERS, about_tickets, needed
from template_values import FOLLOWER, HANDLER, PLACE, RESIDENT

from bot.config.words import read_words
from bot.telegram.render import Renderer, plain
from workflows.core.permissions import commands_of
from workflows.desk.outbound.composing import Reader
from workflows.petition.intake.view import Verb
from workflows.petition.lifecycle import STEPS, TOLD_TO_RESIDENTS, Relation
from workflows.petition.needs import SOLVED_AS
from workflows.petition.words import Action, State
from workflows.registry import WORKFLOWS

_WORDS = read_words("zh")[0].shared
COMMAND = re.compile(r"(?<![\w/:.])/[a-z]")
SAID = "灯不亮"
RESIDENTS = Relation.RESIDENT | Relation.FOLLOWER | Relation.NEIGHBOUR
# Only staff are sent these; every other template is a resident's too.
STAFFS = re.compile(
    "help_staff|welcome_staff|glossary|remind|overdue|unassigned|unattended|waits|waiting|group_.*|alert_.*|invit.*|joined|joined_staff|"
    "join_(asked|decided)|member_moved|remove_sure|removed|roster|duty|board.*|morning|found|called|received|gathered|relocated|"
    "leave_.*|stand_in.*|skills|moved_you|audit|writing|alike.*|entrusted|objected|queue.*|batch.*|figures.*|"
    "refused_(anonymous|handler|unreachable|merge|grid|offered|taken|bind|residents_group|over|earlier|past|"
    "move|stand_in|decided|none_chosen|no_words|.*leave.*|export.*|.*batch.*)|export.*|attend_list|attend_code|seat_call|form_photo|"
    "form_tap_or_photo|form_tap_a_(name|place)|form_tap_an_answer|form_no_ticket"
)
LABELS = {
    "rating": ["1", "2", "3"],
    "solved": list(SOLVED_AS),
    "intake": [str(verb) for verb in Verb],
    "view": ["more", "back", "own", "steps", "text", "files", "known", "mine"],
    "hearing": sorted(_WORDS["hearing"].keys() - {"report", "note", "resolve", "accept", "pass"}),
    "form": ["cancel"],
    "rights": ["data", "ask", "forget"],
    "thing": ["own"],
    "pages": ["previous", "next"],
    "resident_state": [str(state) for state in State],
    "resident_next": [str(state) for state in State],
    "own_next": ["waiting", "resolved"],
    "resident_step": [str(action) for action in TOLD_TO_RESIDENTS],
    "commands": commands_of(None, WORKFLOWS.menu),
}


# Where residents get less than staff.
_OF_RESIDENTS = {"done": {"action": Action.ADD.value}, "mine": {"held": [], "filter": ""}}


@cache
def _residents_actions() -> frozenset[Action]:
    return frozenset(step.action for step in STEPS if step.who & RESIDENTS)


def _is_staffs(template: str) -> bool:
    told = {s.resident for s in STEPS}
    to_staff = {name for step in STEPS for _, name in step.staff} - told
    return template in to_staff or _is_staffs_form(template) or bool(STAFFS.fullmatch(template))


def _is_staffs_form(template: str) -> bool:
    """Whether only staff are asked it, for an action or for one of its needs."""
    asked = template.removeprefix("form_")
    needing = {s.action for s in STEPS if asked in {s.action.value, *(n.name for n in s.needs)}}
    return bool(needing) and not needing & _residents_actions()


def _texts(template: str, renderer: Renderer) -> Iterator[str]:
    """The message as a resident and a follower read it, of a ticket in every state."""
    if template in OTHERS:
        letters = [x for x in letters_of(template, SAID) if x.reader is Reader.RESIDENT]
        yield from (plain(renderer.draw(letter).text) for letter in letters)
        return
    about = template in about_tickets() | {"steps"}
    for ticket in [*tickets_saying(SAID)] if about else [*tickets_saying(SAID)][:1]:
        for found in values_of(template, SAID, ticket):
            values = found | _OF_RESIDENTS.get(template, {})
            for reader in (RESIDENT, FOLLOWER):
                letter = letter_of(template, values, ticket, Reader.RESIDENT, reader)
                yield plain(renderer.draw(letter).text)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer("zh", RULES, "haitang_bot")


@pytest.mark.parametrize("template", [name for name in EVERY if not _is_staffs(name)])
def test_no_message_to_a_resident_has_a_word_of_the_office(template: str, renderer: Renderer):
    found = complaints(template, _texts(template, renderer))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("template", [name for name in EVERY if not _is_staffs(name)])
def test_no_message_to_a_resident_asks_for_a_command(template: str, renderer: Renderer):
    for text in _texts(template, renderer):
        assert not COMMAND.search(text), text


@pytest.mark.parametrize("table", LABELS)
def test_no_label_a_resident_reads_has_a_word_of_the_office(table: str, renderer: Renderer):
    tables = read_words("zh")[0].by_kind.values()
    labels = [
        str(t[table][k]) for t in tables if table in t for k in LABELS[table] if k in t[table]
    ]
    assert labels and [label for label in labels if OFFICE.search(label)] == []


def test_no_button_or_toast_of_a_residents_step_has_a_word_of_the_office(renderer: Renderer):
    for action in _residents_actions():
        for table in ("action", "done"):
            assert not OFFICE.search(renderer.words[table][action]), (table, action)


def test_no_quick_reply_of_a_resident_has_a_word_of_the_office():
    said = [
        text
        for action in _residents_actions()
        for text in RULES.choices["petition"].get(action, ())
    ]
    assert said and not OFFICE.search("".join(said))


def test_staff_keep_their_own_words(renderer: Renderer):
    words = renderer.words
    assert words["state"]["suspended"] == "挂账" and words["state"]["unassigned"] == "待派单"
    assert words["step"]["follow"] == "附议" and words["action"]["merge"] == "并案"


def test_what_stands_closed_is_not_called_solved(renderer: Renderer):
    for state in ("closed", "resolved"):
        assert "解决" not in renderer.words["resident_state"][state]


def test_the_search_for_office_words_reads_what_residents_are_told():
    named = {step.resident for step in STEPS if step.resident}
    assert named <= {name for name in needed() if not _is_staffs(name)}
    assert not {"filed", "help", "welcome", "mine", "steps", "done", "intake_preview"} & {
        name for name in EVERY if _is_staffs(name)
    }


def test_a_word_of_the_office_is_told_with_its_file_and_what_to_say_instead():
    [told] = complaints("resolved", ["这件事办结了。"])
    assert "words.toml" in told and "「办结」, say 「办好了」" in told
    assert complaints("offered", ["请接单"])[0].startswith("templates/zh/petition/offered.html: ")
    assert complaints("resolved", ["这件事办好了。"]) == []


def test_every_word_that_staff_have_explained_has_a_plain_one_for_residents():
    assert set(_WORDS["glossary"]) <= set(INSTEAD)


def test_every_such_word_that_staff_read_is_explained_to_them():
    read = [re.sub(r"(?m)^#.*|#}.*", "", text) for text in TEXTS.values()]
    used = {word for word in INSTEAD for text in read if word in text}
    explained = "".join(_WORDS["glossary"])
    assert len(used) > 25 and sorted(word for word in used if word not in explained) == []


def test_no_text_names_the_area_code_of_a_town():
    code = re.compile(r"(?<!\d)0\d{2,3}(?!\d)")
    assert [str(path) for path, text in TEXTS.items() if code.search(text)] == []


PHONE = "0512-68000000"
NOT_UNDER = {"emergency", "files", "photo_kept"}  # numbers of its own; pictures and their words


@pytest.mark.parametrize("template", [name for name in EVERY if not _is_staffs(name)])
def test_the_offices_number_stands_under_every_message(template: str, renderer: Renderer):
    told = Renderer("zh", replace(RULES, office_phone=PHONE), "haitang_bot")
    last = f"\n☎️ 社区电话：{PHONE}"
    assert template in NOT_UNDER or all(x.endswith(last) for x in _texts(template, told))
    assert not any("☎️" in text for text in _texts(template, renderer))


def test_staff_are_not_told_the_number_of_their_own_office():
    told = Renderer("zh", replace(RULES, office_phone=PHONE), "haitang_bot")
    assert PHONE not in told.draw(letter_of("apology", {}, None, Reader.STAFF, HANDLER)).text


def test_the_number_is_that_of_ones_own_community():
    phones = {"友新街道/南环一": PHONE, "友新街道/南环二": "0512-2"}
    rules = replace(RULES, office_phone="0512-0", office_phones=phones)
    assert rules.offices(PLACE) == {"": PHONE} and rules.offices("别处/别的") == {"": "0512-0"}
    assert rules.offices("") == {"": "0512-0"}
    assert replace(rules, office_phone="").offices("别处/别的") == {}
    letter = letter_of("apology", {}, None, Reader.RESIDENT, RESIDENT)
    told = Renderer("zh", replace(rules, office_phone=""))
    at_home = told.draw(replace(letter, home=PLACE)).text
    assert PHONE in at_home and "0512-2" not in at_home
    assert f"南环一社区电话：<b>{PHONE}" in told.draw(letter).text


def test_help_is_six_things_to_do_at_most(renderer: Renderer):
    letter = letter_of("help", {}, None, Reader.RESIDENT, RESIDENT)
    lines = plain(renderer.draw(letter).text).splitlines()
    assert len(lines) <= 6 and all(len(line) <= 60 for line in lines)
    assert any("发给我" in line for line in lines) and "119" in lines[-1]
