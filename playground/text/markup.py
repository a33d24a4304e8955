"""Telegram's HTML parse mode, with its error texts.

A parser of its own: the offsets in Telegram's messages are bytes of UTF-8, and what it
forgives (an unknown `&name;`, `</>` as an end tag) and refuses is peculiar to it. The
behaviour follows the tests of tdlib (`parse_html` in test/message_entities.cpp).
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from playground.text.entities import units
from playground.text.refusals import Json, bad_request

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-zA-Z]+));?")
_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"[^\s=>]*")


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    piece: int


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Read HTML as Telegram does: the plain text and its entities, sorted.

    Raises a `Refusal` that begins "Bad Request: can't parse entities".
    """
    return _Parser(source).parse()


def unescape(source: str) -> str:
    """Decode the five named and the numeric character references Telegram knows."""
    return _CHARACTER.sub(_character, source) if "&" in source else source


def _character(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if name is not None:
        return _NAMED.get(name, found[0])
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if 0xD800 <= code <= 0xDFFF:
        raise bad_request(
            "can't parse entities: Text contains invalid Unicode characters after decoding "
            "HTML entities, check for unmatched surrogate code units"
        )
    return chr(code) if 0 < code < 0x10FFFF else found[0]


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.pieces: list[str] = []
        self.length = 0  # UTF-16 units of the plain text so far
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def parse(self) -> tuple[str, list[Json]]:
        while (tag := self.source.find("<", self.at)) >= 0:
            self._text(tag)
            self._end_tag() if self.source.startswith("</", tag) else self._start_tag()
        self._text(len(self.source))
        if self.open:
            tag_name = self.open[-1].tag
            _refuse(f'Can\'t find end tag corresponding to start tag "{tag_name}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)  # kept until here in case a <pre> claimed it
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.pieces), self.entities

    def _text(self, end: int) -> None:
        piece = unescape(self.source[self.at : end])
        self.pieces.append(piece)
        self.length += units(piece)
        self.at = end

    def _start_tag(self) -> None:
        begin = self.at
        tag = self._take(_NAME, begin + 1).lower()
        self._need_more(begin, "Unclosed start tag")
        if tag not in _KINDS:
            self._fail(f'Unsupported start tag "{tag}"', begin)
        argument = ""
        while self._skip_space() != ">":
            argument = self._attribute(tag, begin) or argument
        if tag == "span" and argument != "spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', begin)
        self.at += 1
        self.open.append(_Open(tag, argument, self.length, len(self.pieces)))

    def _attribute(self, tag: str, begin: int) -> str:
        """Read one attribute; return its value when it is the one that matters to `tag`."""
        self._need_more(begin, f'Unclosed start tag "{tag}"')
        name = self._take(_ATTRIBUTE, self.at)
        if not name:
            self._fail(f'Empty attribute name in the tag "{tag}"', begin)
        if self._skip_space() != "=" and tag == "blockquote" and name == "expandable":
            return "expandable"
        if self._skip_space() != "=":
            sort = f'Expected equal sign in declaration of an attribute of the tag "{tag}"'
            self._fail(sort, begin)
        self.at += 1
        self._skip_space()
        self._need_more(begin, f'Unclosed start tag "{tag}"')
        return _argument(tag, name, self._value(begin))

    def _value(self, begin: int) -> str:
        quote = self.source[self.at]
        if quote in "\"'":
            return self._quoted(quote, begin)
        token_begin = self.at
        token = self._take(_TOKEN, token_begin).lower()
        if self.at >= len(self.source) or self.source[self.at] not in " \t\r\n>":
            self._fail("Unexpected end of name token", token_begin)
        return token

    def _quoted(self, quote: str, begin: int) -> str:
        start, end = self.at + 1, self.source.find(quote, self.at + 1)
        self.at = end + 1 if end >= 0 else len(self.source)
        self._need_more(begin, "Unclosed start tag")
        return unescape(self.source[start:end])

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            self._fail("Unexpected end tag", begin)
        name = self._take(_NAME, begin + 2).lower()
        if self._skip_space() != ">":
            self._fail("Unclosed end tag", begin)
        self.at += 1
        opened = self.open.pop()
        if name and name != opened.tag:
            found = f'expected "</{opened.tag}>", found "</{name}>"'
            self._fail("Unmatched end tag", begin, f", {found}")
        if self.length > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        span = {"offset": opened.offset, "length": self.length - opened.offset}
        entity = _entity(opened, "".join(self.pieces[opened.piece :]))
        if entity and (language := self._language(opened, span)):
            self.entities.pop()
            entity = {"type": "pre", "language": language}
        if entity:
            self.entities.append(entity | span)

    def _language(self, opened: _Open, span: Json) -> str:
        """Find the language when <pre> and <code> enclose exactly the same text."""
        last = self.entities[-1] if self.entities else {}
        if {last.get("type"), opened.tag} != {"code", "pre"}:
            return ""
        same = all(last[key] == span[key] for key in span)
        return str(last.get("language") or opened.argument) if same else ""

    def _take(self, pattern: re.Pattern[str], start: int) -> str:
        found = pattern.match(self.source, start)
        assert found is not None  # every pattern here also matches nothing
        self.at = found.end()
        return found[0]

    def _skip_space(self) -> str:
        while self.source[self.at : self.at + 1].isspace():
            self.at += 1
        return self.source[self.at : self.at + 1]

    def _need_more(self, begin: int, complaint: str) -> None:
        if self.at >= len(self.source):
            self._fail(complaint, begin)

    def _fail(self, complaint: str, position: int, detail: str = "") -> NoReturn:
        offset = len(self.source[:position].encode("utf-8", "surrogatepass"))
        _refuse(f"{complaint} at byte offset {offset}{detail}")


def _refuse(complaint: str) -> NoReturn:
    raise bad_request(f"can't parse entities: {complaint}")


def _argument(tag: str, name: str, value: str) -> str:
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case ("code", "class") if value.startswith("language-"):
            return value.removeprefix("language-")
        case ("span", "class") if value.startswith("tg-"):
            return value.removeprefix("tg-")
    return ""


def _entity(opened: _Open, content: str) -> Json | None:
    kind = _KINDS[opened.tag]
    match kind:
        case "text_link":
            return _link(opened.argument or content)
        case "custom_emoji":
            return {"type": kind, "custom_emoji_id": opened.argument}
        case "code" if opened.argument:
            return {"type": kind, "language": opened.argument}
        case "blockquote" if opened.argument:
            return {"type": "expandable_blockquote"}
    return {"type": kind}


def _link(url: str) -> Json | None:
    """Make a link entity; Telegram silently drops what is no address."""
    if url.startswith("tg://user?id="):
        return {"type": "text_mention", "user": {"id": int(url.removeprefix("tg://user?id="))}}
    if not re.match(r"(?:[a-z]+://)?[^\s.]+\.[^\s]+$|tg://|ton://", url):
        return None
    has_scheme = "://" in url
    return {"type": "text_link", "url": url if has_scheme else f"http://{url}/"}
