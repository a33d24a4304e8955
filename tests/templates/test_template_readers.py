"""Who reads what of a ticket: nothing personal in a group, and nothing that is not one's own."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from letters import letter_of, letters_of, raw_text, ticket_in, tickets_saying, values_of
from msgspec.structs import replace
from template_names import about_tickets
from template_values import FOLLOWER, NICE, NOW, PHONE, RESIDENT

from bot.telegram.render import Renderer
from workflows.desk.outbound.composing import Reader
from workflows.petition.model import Ticket
from workflows.petition.stages import ENDED
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


def _card(ticket: Ticket, reader: int, renderer: Renderer) -> str:
    return renderer.draw(letter_of("card", {}, ticket, Reader.RESIDENT, reader)).text


@pytest.mark.parametrize("state", [State.WAITING, State.RESOLVED])
def test_who_brought_it_is_asked_and_a_follower_is_not(state: State, renderer: Renderer):
    own, others = (_card(ticket_in(state, NICE), i, renderer) for i in (RESIDENT, FOLLOWER))
    assert "等提的人" in others and "等提的人" not in own
    assert ("请您" in own or "请点「💬 回话」" in own) and "请" not in others.split("👉")[1]


@pytest.mark.parametrize("state", sorted(ENDED))
def test_only_who_brought_what_was_closed_reads_how_to_open_it_again(
    state: State, renderer: Renderer
):
    ended = ticket_in(state, NICE, ended_at=NOW)
    long_ago = ticket_in(state, NICE, ended_at=NOW - timedelta(days=60))
    asked = [
        "点「还没解决」" in _card(ticket, reader, renderer)
        for ticket, reader in ((ended, RESIDENT), (ended, FOLLOWER), (long_ago, RESIDENT))
    ]
    assert asked == [state is State.CLOSED, False, False]


@pytest.mark.parametrize("state", sorted(State))
def test_a_resident_reads_a_result_only_once_it_is_his_answer(state: State, renderer: Renderer):
    ticket = ticket_in(state, NICE, result="换好了新桩")
    text = renderer.draw(letter_of("shown", {}, ticket, Reader.RESIDENT, RESIDENT)).text
    assert ("换好了新桩" in text) == ticket.stage.is_answer
