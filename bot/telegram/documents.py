"""Files the bot makes: a person's data as a page and as JSON, a table for the office as CSV, and
what the workflows have: pages to print, appointments.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from unicodedata import category, normalize

from bot.telegram.appointments import calendar_of
from bot.telegram.render import Renderer
from workflows.desk import Letter
from workflows.registry import WORKFLOWS

_RUNS = frozenset("=+-@\N{MINUS SIGN}")  # what a spreadsheet would run instead of show
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that nobody sees
_QUOTE = '"'  # at another cell's beginning it is taken for that cell's own quotes
_BREAKS = re.compile("([;\t\r\n])")  # where some spreadsheets begin another cell


def file_of(letter: Letter, renderer: Renderer) -> tuple[str, bytes]:
    """The file's name and content."""
    template, day = letter.owed.template, letter.now.astimezone(renderer.zone)
    ending = _ENDINGS.get(template) or WORKFLOWS.documents[template].ending
    name = renderer.title(template, letter.values.get("kind", ""))
    return f"{name}-{day:%Y-%m-%d}.{ending}", _MADE[ending](letter, renderer)


def _page(letter: Letter, renderer: Renderer) -> bytes:
    return renderer.page(f"{letter.owed.template}_page", letter).encode()


def _json(letter: Letter, _: Renderer) -> bytes:
    return json.dumps(letter.document, ensure_ascii=False, indent=2, default=str).encode()


def _table(letter: Letter, renderer: Renderer) -> bytes:
    """It begins with a byte-order mark, as spreadsheets want."""
    found = letter.document or {}
    kind = found.get("kind") or WORKFLOWS.first.kind
    return _rows(found.get("rows", []), kind, renderer).encode("utf-8-sig")


def _calendar(letter: Letter, renderer: Renderer) -> bytes:
    found = letter.document or {}
    return calendar_of(found.get("appointments", ()), renderer.zone, letter.now)


_MADE = {"html": _page, "json": _json, "csv": _table, "ics": _calendar}
_ENDINGS = {"mydata": "html", "mydata_data": "json", "export": "csv"}  # of what the desk makes


def _rows(rows: list[Mapping[str, Any]], kind: str, renderer: Renderer) -> str:
    columns = renderer.columns(kind)
    sheet = io.StringIO()
    writer = csv.writer(sheet, quoting=csv.QUOTE_ALL)
    writer.writerow(columns.values())
    writer.writerows(
        [safe(_cell(name, row[name], kind, renderer)) for name in columns] for row in rows
    )
    return sheet.getvalue()


def _cell(name: str, value: Any, kind: str, renderer: Renderer) -> str:
    """What stands in a column; a word that its workflow has in a table of that name is said."""
    if value in (None, "", False):
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(renderer.zone):%Y-%m-%d %H:%M}"
    if name == "place":
        return renderer.place(value)
    if value is True:
        return renderer.word("yes", "export_cell")
    return str(renderer.table(name, kind).get(str(value), value))


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
