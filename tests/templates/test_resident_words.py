"""What residents read is plain: none of the office's own words, and help that fits on a hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from folk import RULES
from letters import letter_of, letters_of, tickets_saying, values_of
from template_names import EVERY, OTHERS, about_tickets, needed
from template_values import FOLLOWER, RESIDENT

from bot.telegram.render import Renderer, plain
from workflows.core.permissions import commands_of
from workflows.desk.outbound.composing import Reader
from workflows.petition.intake.view import Verb
from workflows.petition.lifecycle import STEPS, TOLD_TO_RESIDENTS, Relation
from workflows.petition.needs import SOLVED_AS
from workflows.petition.words import Action, State
from workflows.registry import WORKFLOWS

OFFICE = re.compile("挂账|并案|附议|派单|剔除|督办|解挂|退单|转办|逾期|签收|协办")
SAID = "灯不亮"
RESIDENTS = Relation.RESIDENT | Relation.FOLLOWER | Relation.NEIGHBOUR
# Only staff are sent these; every other template is a resident's too.
STAFFS = re.compile(
    "help_staff|welcome_staff|remind|overdue|unassigned|unattended|waits|waiting|group_.*|alert_.*|"
    "invit.*|joined_staff|"
    "join_.*|member_moved|remove_sure|removed|roster|duty|board.*|morning|found|called|received|"
    "leave_.*|stand_in.*|skills|moved_you|audit|weekly|writing|queue.*|batch.*|figures.*|"
    "refused_(handler|merge|grid|offered|taken|bind|over|earlier|past|staff_only|forget_staff|"
    "move|stand_in|decided|waiting|joined|.*leave.*|export.*|.*batch.*)|export.*|form_photo|"
    "form_tap_or_photo|form_tap_a_(name|place)|form_tap_an_answer|form_no_ticket"
)
LABELS = {
    "rating": ["1", "2", "3"],
    "solved": list(SOLVED_AS),
    "intake": [str(verb) for verb in Verb],
    "view": ["more", "back", "own", "steps", "text", "files", "known"],
    "form": ["cancel"],
    "rights": ["forget"],
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
    asked = template.removeprefix("form_")
    is_staffs_form = asked in {a.value for a in Action} and asked not in _residents_actions()
    return template in to_staff or is_staffs_form or bool(STAFFS.fullmatch(template))


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
    for text in _texts(template, renderer):
        assert not OFFICE.findall(text), text


@pytest.mark.parametrize("table", LABELS)
def test_no_label_a_resident_reads_has_a_word_of_the_office(table: str, renderer: Renderer):
    labels = [str(renderer.words[table][key]) for key in LABELS[table]]
    assert [label for label in labels if OFFICE.search(label)] == []


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


def test_help_is_six_things_to_do_at_most(renderer: Renderer):
    letter = letter_of("help", {}, None, Reader.RESIDENT, RESIDENT)
    lines = plain(renderer.draw(letter).text).splitlines()
    assert len(lines) <= 6 and all(len(line) <= 60 for line in lines)
    assert any("发给我" in line for line in lines) and "119" in lines[-1]
