"""Petitions from a CSV file with the columns id, user, time, title, text."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config.settings import load, load_choices
from workflows.core.policy import Rules

_EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
_ZONE = ZoneInfo("Asia/Shanghai")  # of a moment that does not say its own


@dataclass(frozen=True, kw_only=True)
class Petition:
    """One row."""

    id: str
    at: datetime
    title: str = field(repr=False)
    body: str = field(repr=False)

    @property
    def text(self) -> str:
        """What a resident would send: the title is its first line."""
        return f"{self.title}\n{self.body}"


def read(path: Path) -> list[Petition]:
    """All rows, the oldest first."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [
            Petition(id=r["id"], at=_moment(r["time"]), title=r["title"].strip(), body=r["text"])
            for r in csv.DictReader(lines)
        ]
    return sorted(rows, key=lambda p: (p.at, p.id))


def _moment(said: str) -> datetime:
    for pattern in ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M"):
        try:
            return datetime.strptime(said.strip(), pattern).replace(tzinfo=_ZONE)
        except ValueError:
            continue
    found = datetime.fromisoformat(said.strip())
    return found if found.tzinfo else found.replace(tzinfo=_ZONE)


def example_rules() -> Rules:
    """The example config's rules: its categories, and what is decided elsewhere."""
    settings = load(_EXAMPLE, {}, needs_token=False)
    return settings.rules(load_choices(settings.locale))
