"""Files the bot makes: a person's data as a page and as JSON, a table for the office as CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from unicodedata import category, normalize

from bot.telegram.render import Renderer
from workflows.desk import Letter

_RUNS = frozenset("=+-@\N{MINUS SIGN}")  # what a spreadsheet would run instead of show
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that nobody sees
_QUOTE = '"'  # at another cell's beginning it is taken for that cell's own quotes
_BREAKS = re.compile("([;\t\r\n])")  # where some spreadsheets begin another cell
_WORDS = {"state": "state", "solved": "solved", "rating": "rating"}  # column → table of words


def file_of(letter: Letter, renderer: Renderer) -> tuple[str, bytes]:
    """The file's name and content."""
    ending, made = _MADE[letter.owed.template]
    name, day = letter.owed.template.partition("_")[0], letter.now.astimezone(renderer.zone)
    return f"{name}-{day:%Y-%m-%d}.{ending}", made(letter, renderer)


def _page(letter: Letter, renderer: Renderer) -> bytes:
    return renderer.page("mydata_page", letter).encode()


def _json(letter: Letter, _: Renderer) -> bytes:
    return json.dumps(letter.document, ensure_ascii=False, indent=2, default=str).encode()


def _table(letter: Letter, renderer: Renderer) -> bytes:
    """It begins with a byte-order mark, as spreadsheets want."""
    return _rows((letter.document or {}).get("rows", []), renderer).encode("utf-8-sig")


_MADE = {"mydata": ("html", _page), "mydata_data": ("json", _json), "export": ("csv", _table)}


def _rows(rows: list[Mapping[str, Any]], renderer: Renderer) -> str:
    columns = renderer.words["export"]
    sheet = io.StringIO()
    writer = csv.writer(sheet, quoting=csv.QUOTE_ALL)
    writer.writerow(columns.values())
    writer.writerows([safe(_cell(name, row[name], renderer)) for name in columns] for row in rows)
    return sheet.getvalue()


def _cell(name: str, value: Any, renderer: Renderer) -> str:
    if value in (None, "", False):
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(renderer.zone):%Y-%m-%d %H:%M}"
    if name == "place":
        return renderer.place(value)
    if name in _WORDS:
        return renderer.word(str(value), _WORDS[name])
    return renderer.word("yes", "export_cell") if value is True else str(value)


def safe(cell: str) -> str:
    """A cell that a spreadsheet shows and never runs, whatever it takes for a cell's end.

    Nothing is taken from the text: an apostrophe stands before what could run.
    """
    return "".join(f"'{part}" if _could_run(part) else part for part in _BREAKS.split(cell))


def _could_run(part: str) -> bool:
    """Whether the first thing to be seen begins a formula, as it is or narrowed ("＝")."""
    first = next((c for c in part if not _is_unseen(c)), "")
    return first in _RUNS or normalize("NFKC", first)[:1] in _RUNS


def _is_unseen(character: str) -> bool:
    """Spaces, controls, marks, turned directions, what is not assigned; quotes."""
    return category(character)[0] in "CZM" or character in _BLANKS or character == _QUOTE
