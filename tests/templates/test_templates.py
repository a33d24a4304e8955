"""What people read: every template the code names exists, renders for every reader, and is safe."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from folk import RULES
from jinja2 import Environment
from letters import letter_of, letters_of, raw_text, ticket_in, tickets_saying
from msgspec.structs import replace
from template_names import EVERY, FILES, needed
from template_values import HANDLER, NASTY, NICE, PLACES, RESIDENT

from bot.telegram import render
from bot.telegram.render import Renderer
from workflows.core.talk.lengths import utf16_units
from workflows.desk.outbound.composing import Letter, Reader
from workflows.desk.parts import Privacy
from workflows.petition.words import State
from workflows.registry import WORKFLOWS

TAGS = {"b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}
OTHERWISE = {"nasty": NASTY, "ampersands": "&" * 5000, "emoji": "😀" * 2500}


# which templates there are


def test_the_search_finds_names_of_every_origin() -> None:
    assert {"offered", "refused_taken", "welcome_staff", "overdue_resident", "invite_role"} <= (
        needed()
    )
    assert {"intake_preview", "form_propose", "form_due", "alert_dead", "emergency"} <= needed()


def test_every_template_that_the_code_names_exists() -> None:
    assert needed() <= {path.stem for path in FILES}


def test_no_two_folders_have_a_template_of_one_name() -> None:
    assert [name for name, times in Counter(p.stem for p in FILES).items() if times > 1] == []


def test_no_template_is_left_that_nobody_uses() -> None:
    files = {path.stem for path in FILES}
    everything = "".join(path.read_text("utf-8") for path in FILES)
    parts = {name for name in files if name.startswith("_") and f'"{name}.html"' in everything}
    cards = {name for name in files if name.startswith(("_card_", "_mydata_", "_listed_"))}
    assert sorted(files - needed() - parts - cards) == []


def test_every_workflow_has_its_part_of_the_page_of_what_it_holds() -> None:
    names, nothing = {path.stem for path in FILES}, Privacy().held
    holding = [w.kind for w in WORKFLOWS if w.privacy.held is not nothing]
    assert [kind for kind in holding if f"_mydata_{kind}" not in names] == []


def test_no_message_names_a_state_to_say_something_else_there() -> None:
    """A new one would be forgotten: what is said by state is a word, or follows from its row."""
    named = re.compile(r"\bstate (?:==|!=|in|not in) ")
    assert [path.name for path in FILES if named.search(path.read_text("utf-8"))] == []


# drawing them


def _balance(text: str) -> list[str]:
    """The tags still open at the end; an unknown or crossed one is an error."""
    still: list[str] = []
    for slash, name, rest in re.findall(r"<(/?)([a-z-]+)([^<>]*)>", text):
        assert name in TAGS and rest in {"", " expandable"}, (name, rest)
        if slash:
            assert still.pop() == name
        else:
            still.append(name)
    return still


def _sayings(template: str, renderer: Renderer) -> Iterator[tuple[str, list[str]]]:
    """What it says where people said something nice; and the rest, if it repeats what they said."""
    nice = [(x, raw_text(renderer, x)) for x in _some(letters_of(template, NICE), 600)]
    assert all(text or letter.reader is Reader.GROUP for letter, text in nice)
    yield "nice", sorted({text for _, text in nice})
    if any(NICE[:4] in text for _, text in nice):
        for name, said in OTHERWISE.items():
            letters = _some(letters_of(template, said), 200)
            yield name, sorted({raw_text(renderer, x) for x in letters})


def _some(letters: Iterable[Letter], most: int) -> list[Letter]:
    """Of every reader and state, where there are more of them."""
    every = [*letters]
    return every[:: 1 + len(every) // most]


@pytest.mark.parametrize("template", EVERY)
def test_every_message_is_whole_and_short_enough_and_safe(
    template: str, renderer: Renderer
) -> None:
    """A text that did not fit would come back cut without its tags, so unbalanced or unescaped."""
    for said, texts in _sayings(template, renderer):
        for text in texts:
            assert utf16_units(text) <= 4096, said
            assert _balance(text) == [], said
            bare = re.sub(r"</?[a-z-]+(?: expandable)?>", "", text)
            assert not set(bare) & {"<", ">"}, said
            assert not re.search(r"&(?!amp;|lt;|gt;|#34;|#39;|quot;)", bare), said
            assert "49" not in bare and "None" not in bare and "{%" not in bare, said
            assert not re.search(r"7000\d", text), "somebody's id"


@pytest.fixture(scope="module")
def slowly() -> Renderer:
    """The same, with what Jinja has and nothing of ours."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "Environment", Environment)
        return Renderer("zh", replace(RULES, places=PLACES), "haitang_bot")


@pytest.mark.parametrize("template", EVERY)
def test_a_message_is_to_the_letter_what_jinja_makes_of_it(
    template: str, renderer: Renderer, slowly: Renderer
) -> None:
    for letter in _some(letters_of(template, NASTY), 40):
        assert renderer.draw(letter) == slowly.draw(letter)


def test_braces_in_a_text_stay_as_they_were_written(renderer: Renderer) -> None:
    ticket = ticket_in(State.ACCEPTED, NASTY[:22])
    text = renderer.draw(letter_of("shown", {}, ticket, Reader.STAFF, HANDLER)).text
    assert "&lt;&amp;&gt;&#34;{{7*7}}" in text


def test_a_cut_text_says_so_and_a_short_one_does_not(renderer: Renderer) -> None:
    long, short = ticket_in(State.ACCEPTED, "长" * 5000), ticket_in(State.ACCEPTED, "短")
    cut, whole = (
        renderer.draw(letter_of("card", {}, t, Reader.STAFF, HANDLER)).text for t in (long, short)
    )
    assert "只显示开头" in cut and "只显示开头" not in whole


@pytest.mark.parametrize("reader", [Reader.RESIDENT, Reader.STAFF, Reader.GROUP])
def test_a_card_is_ten_lines_at_most(reader: Reader, renderer: Renderer) -> None:
    for ticket in tickets_saying(NICE):
        chat = RESIDENT if reader is Reader.RESIDENT else HANDLER
        text = renderer.draw(letter_of("card", {}, ticket, reader, chat)).text
        assert len(text.splitlines()) <= 10, text
