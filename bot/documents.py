"""Files the bot makes: a person's data as JSON, a table for the office as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.render import Renderer
from workflows.desk import Letter

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run instead of show
_WORDS = {"state": "state", "solved": "solved", "rating": "rating"}  # column → table of words


def file_of(letter: Letter, renderer: Renderer) -> tuple[str, bytes]:
    """The file's name and content. A table begins with a byte-order mark, as spreadsheets want."""
    if letter.owed.template != "export":
        text = json.dumps(letter.document, ensure_ascii=False, indent=2, default=str)
        return f"{letter.owed.template}.json", text.encode()
    rows = (letter.document or {}).get("rows", [])
    day = letter.now.astimezone(renderer.zone)
    return f"export-{day:%Y-%m-%d}.csv", _table(rows, renderer).encode("utf-8-sig")


def _table(rows: list[Mapping[str, Any]], renderer: Renderer) -> str:
    columns = renderer.words["export"]
    sheet = io.StringIO()
    writer = csv.writer(sheet)
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
    """A cell that a spreadsheet shows and never runs."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
