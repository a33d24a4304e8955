"""Entities, UTF-16 units, and splitting."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.text.entities import command_of, detect, split, to_html, trimmed, units
from playground.text.markup import parse_html
from playground.text.refusals import Refusal

# The cases are those of tdlib's own tests (test/message_entities.cpp).
COMPLAINTS = [
    ("&#57311;", "Text contains invalid Unicode characters after decoding HTML entities"),
    ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
    ("🏟 🏟&lt;<abac>", 'Unsupported start tag "abac" at byte offset 13'),
    ("🏟 🏟&lt;<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
    ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
    ("🏟 🏟&lt;<i    aba>", "Expected equal sign in declaration of an attribute of the tag"),
    ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
    ("🏟 🏟&lt;<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
    ('🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
    ("🏟 🏟&lt;</", "Unexpected end tag at byte offset 13"),
    ("🏟 🏟&lt;<b></b></", "Unexpected end tag at byte offset 20"),
    ("🏟 🏟&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
    ("<i>a</em>", 'Unmatched end tag at byte offset 4, expected "</i>", found "</em>"'),
    ("a<b>c", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
]
PARSED = [
    ("&lt;&gt;&amp;&quot;&laquo;&#12345678;", '<>&"&laquo;&#12345678;', []),
    ("➡️ ➡️<i>➡️ ➡️</i>", "➡️ ➡️➡️ ➡️", [("italic", 5, 5)]),
    ("🏟 🏟<i>🏟 &lt🏟</i>", "🏟 🏟🏟 <🏟", [("italic", 5, 6)]),
    ("🏟 🏟&lt;<i>a</    >", "🏟 🏟<a", [("italic", 6, 1)]),
    ("<b></b>a", "a", []),
    ("<i><b> </b> <code> </code></i>", "   ", [("italic", 0, 3), ("bold", 0, 1), ("code", 2, 1)]),
    ("<a href=telegram.org>a</a>", "a", [("text_link", 0, 1)]),
    ("<a>nothing</a>", "nothing", []),
    ('<pre><code class="language-py">x</></>', "x", [("pre", 0, 1)]),
    ('<code class="language-py"><pre>x</></>', "x", [("pre", 0, 1)]),
    ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
    (
        '<span class="tg-spoiler">x</span><u>y</u><s>z</s>',
        "xyz",
        [("spoiler", 0, 1), ("underline", 1, 1), ("strikethrough", 2, 1)],
    ),
]


@pytest.mark.parametrize(("html", "complaint"), COMPLAINTS)
def test_bad_html_gets_telegrams_complaint(html, complaint):
    with pytest.raises(Refusal) as refusal:
        parse_html(html)
    assert refusal.value.description.startswith(f"Bad Request: can't parse entities: {complaint}")


@pytest.mark.parametrize(("html", "text", "marks"), PARSED)
def test_html_becomes_text_and_entities(html, text, marks):
    parsed, entities = parse_html(html)
    found = [(entity["type"], entity["offset"], entity["length"]) for entity in entities]
    assert (parsed, found) == (text, marks)


@given(st.text())
def test_escaped_text_comes_back_unchanged(text):
    assert parse_html(escape(text)) == (text, [])


@given(st.text(min_size=1), st.text(min_size=1))
def test_html_survives_the_way_there_and_back(first, second):
    html = f"<b>{escape(first, quote=False)}</b><i>{escape(second, quote=False)}</i>"
    assert to_html(*parse_html(html)) == html


@given(st.text(alphabet="ab海🌸\n。 ", max_size=300), st.integers(2, 40))
def test_splitting_loses_nothing_and_keeps_the_limit(text, limit):
    parts = split(text, limit)
    assert "".join(parts) == text
    assert all(units(part) <= limit for part in parts)


def test_a_split_prefers_a_line_then_a_sentence_then_a_space():
    assert split("aaaaaa\nb。b cccc", 12)[0] == "aaaaaa\n"
    assert split("aaaaaa。bb cccc", 12)[0] == "aaaaaa。"
    assert split("aaaaaabbb cccc", 12)[0] == "aaaaaabbb "
    assert split("\na" + "b" * 20, 12)[0] == "\na" + "b" * 10


def test_typed_commands_and_addresses_are_found():
    text = "🌸 /start@x_bot https://t.me/a/b。 1/2 a/b"
    assert [(each["type"], each["offset"], each["length"]) for each in detect(text)] == [
        ("bot_command", 3, 12),
        ("url", 16, 16),
    ]
    assert command_of(text, detect(text)) == "start@x_bot"


def test_trimming_shifts_entities():
    entities = [{"type": "bold", "offset": 0, "length": 6}]
    assert trimmed("  🌸a ", entities) == ("🌸a", [{"type": "bold", "offset": 0, "length": 3}])


async def test_entities_may_be_given_instead_of_html(api, chen):
    bold = [{"type": "bold", "offset": 0, "length": 1}]
    sent = await api("sendMessage", chat_id=1001, text="ab", entities=bold)
    assert sent["entities"] == bold
    assert (await chen.last()).html == "<b>a</b>b"


async def test_mentions_carry_the_person(api, chen):
    html = '<a href="tg://user?id=1001">陈</a><a href="tg://user?id=9">?</a>'
    sent = await api("sendMessage", chat_id=1001, text=html, parse_mode="HTML")
    assert [entity["user"]["first_name"] for entity in sent["entities"]] == ["陈师傅"]
