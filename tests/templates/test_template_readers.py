"""Who reads what of a ticket: nothing personal in a group, and nothing that is not one's own."""

from __future__ import annotations

import re
from html import unescape

import pytest
from letters import letter_of, letters_of, raw_text, ticket_in, tickets_saying, values_of
from msgspec.structs import replace
from template_names import about_tickets
from template_values import FOLLOWER, NICE, PHONE, RESIDENT

from bot.telegram.render import Renderer
from workflows.desk.composing import Reader
from workflows.petition.words import State


@pytest.mark.parametrize("template", sorted(about_tickets()))
def test_a_group_reads_nothing_that_a_person_wrote(template: str, renderer: Renderer) -> None:
    for letter in letters_of(template, NICE):
        if letter.reader is Reader.GROUP:
            text = unescape(raw_text(renderer, letter))
            assert PHONE not in text and "充不进电" not in text
            assert "诉求 <code>" in text


@pytest.mark.parametrize("template", sorted(about_tickets() | {"steps", "files"}))
def test_who_may_no_longer_see_a_ticket_reads_nothing_of_it(
    template: str, renderer: Renderer
) -> None:
    texts = {
        raw_text(renderer, letter)
        for letter in letters_of(template, NICE)
        if letter.reader is Reader.NOBODY
    }
    assert len(texts) == 1
    assert not re.search(r"\d|充电|网格\d", texts.pop())


@pytest.mark.parametrize("template", sorted(about_tickets()))
def test_a_follower_does_not_read_the_residents_own_words(
    template: str, renderer: Renderer
) -> None:
    for ticket in tickets_saying(NICE):
        bare = replace(ticket, plan="", result="", extension=None)
        letter = letter_of(
            template, values_of(template, "", bare)[-1], bare, Reader.RESIDENT, FOLLOWER
        )
        assert PHONE not in raw_text(renderer, letter)


@pytest.mark.parametrize("state", sorted(State))
def test_a_resident_reads_a_result_only_once_it_is_his_answer(state: State, renderer: Renderer):
    ticket = ticket_in(state, NICE, result="换好了新桩")
    text = renderer.draw(letter_of("shown", {}, ticket, Reader.RESIDENT, RESIDENT)).text
    assert ("换好了新桩" in text) == ticket.stage.is_answer
