"""Text as Telegram counts and marks it: UTF-16 units, entities, typing, splitting."""

import re
from collections.abc import Iterator
from html import escape
from itertools import accumulate, chain

from playground.text.refusals import Json

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_COMMAND = re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")
_URL = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+[A-Za-z0-9/#=&_~\-]")
_CLOSED = frozenset({"text_link", "code", "pre", "url", "bot_command", "text_mention"})
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}


def units(text: str) -> int:
    """Count UTF-16 code units: what Telegram's limits, offsets and lengths mean."""
    return len(text) + sum(character > "\uffff" for character in text)


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Strip the white space around a bot's text, as Telegram does, and shift its entities."""
    stripped = text.strip()
    if stripped == text:
        return text, entities
    lead, size = units(text[: len(text) - len(text.lstrip())]), units(stripped)
    moved = (_clipped(entity, lead, size) for entity in entities)
    return stripped, [entity for entity in moved if entity["length"] > 0]


def _clipped(entity: Json, lead: int, size: int) -> Json:
    start = max(entity["offset"] - lead, 0)
    end = min(entity["offset"] + entity["length"] - lead, size)
    return entity | {"offset": start, "length": end - start}


def detect(text: str) -> list[Json]:
    """Find what Telegram marks by itself in typed text: bot commands and web addresses."""
    if "/" not in text:
        return []
    urls = list(_URL.finditer(text))
    commands = (
        found
        for found in _COMMAND.finditer(text)
        if not any(url.start() <= found.start() < url.end() for url in urls)
    )
    found = [*(("url", url) for url in urls), *(("bot_command", each) for each in commands)]
    return sorted(
        (_entity(kind, text, match.start(), match.end()) for kind, match in found),
        key=lambda entity: int(entity["offset"]),
    )


def with_detected(text: str, entities: list[Json]) -> list[Json]:
    """The entities that a bot gave, and those that Telegram finds by itself beside them."""
    closed = [e for e in entities if e["type"] in _CLOSED]
    found = [each for each in detect(text) if not any(_meet(each, other) for other in closed)]
    return (
        sorted([*entities, *found], key=lambda e: (e["offset"], -e["length"]))
        if found
        else entities
    )


def _meet(one: Json, other: Json) -> bool:
    starts, ends = (one["offset"], other["offset"]), (_end(one), _end(other))
    return bool(max(starts) < min(ends))


def _end(entity: Json) -> int:
    return int(entity["offset"] + entity["length"])


def _entity(kind: str, text: str, start: int, end: int) -> Json:
    return {"type": kind, "offset": units(text[:start]), "length": units(text[start:end])}


def command_of(text: str, entities: list[Json]) -> str | None:
    """Return the first bot command in a message, without its slash, or None."""
    for entity in entities:
        if entity["type"] == "bot_command":
            start = _index(text, entity["offset"])
            return text[start + 1 : _index(text, entity["offset"] + entity["length"])]
    return None


def _index(text: str, offset: int) -> int:
    """Turn a UTF-16 offset into an index into `text`."""
    if text.isascii():
        return offset
    for index, position in enumerate(_positions(text)):
        if position >= offset:
            return index
    return len(text)


def _positions(text: str) -> Iterator[int]:
    return accumulate(chain([0], (1 + (character > "\uffff") for character in text)))


def to_html(text: str, entities: list[Json]) -> str:
    """Write a text and its entities as HTML that parses back into the same."""
    if not entities:
        return escape(text, quote=False)
    ordered = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for entity in ordered:
        start, end = _tags(entity)
        opening.setdefault(entity["offset"], []).append(start)
        closing.setdefault(entity["offset"] + entity["length"], []).insert(0, end)
    pieces: list[str] = []
    for position, character in zip(_positions(text), [*text, ""], strict=True):
        pieces += closing.get(position, [])
        pieces += opening.get(position, [])
        pieces.append(escape(character, quote=False))
    return "".join(pieces)


def _tags(entity: Json) -> tuple[str, str]:
    match entity:
        case {"type": "text_link", "url": url}:
            return f'<a href="{escape(url)}">', "</a>"
        case {"type": "text_mention", "user": {"id": user_id}}:
            return f'<a href="tg://user?id={user_id}">', "</a>"
        case {"type": "pre", "language": language}:
            return f'<pre><code class="language-{escape(language)}">', "</code></pre>"
        case {"type": kind} if kind in _TAGS:
            return f"<{_TAGS[kind]}>", f"</{_TAGS[kind]}>"
    return "", ""


def split(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """Cut a long text as Telegram's clients do; joined, the parts are the text again.

    Each part has at most `limit` UTF-16 units. A cut falls right after the last new line,
    else sentence end, else space in the second half of the part, else at the limit.
    """
    parts = []
    while units(text) > limit:
        cut = _cut(text, limit)
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]


def _cut(text: str, limit: int) -> int:
    end = next(index - 1 for index, position in enumerate(_positions(text)) if position > limit)
    for marks in ("\n", "。！？!?.；", " \t\u3000"):
        cut = max(text.rfind(mark, end // 2, end) for mark in marks) + 1
        if cut > 0:
            return cut
    return end
