"""On which line of a TOML file a key stands: by its headers and its `key =`, a line at a time.

tomllib tells no lines. What stands inside a value of several lines is not looked for, and nothing
but a line's number depends on it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
_TABLES = re.compile(r"\s*\[\[\s*([\w.-]+)\s*\]\]\s*(?:#.*)?")
_TABLE = re.compile(r"\s*\[\s*([\w.-]+)\s*\]\s*(?:#.*)?")
_KEY = re.compile(r"\s*([\w-]+(?:\.[\w-]+)*)\s*=")


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The lines of a file's headers and keys; a list's tables are counted from 0 in a path."""

    headers: dict[Path, int] = field(default_factory=dict)
    keys: dict[Path, int] = field(default_factory=dict)

    def of(self, path: Path) -> int | None:
        """The line of what this lies in most closely, None where no part of it is there."""
        both = self.headers | self.keys
        inner = (path[:size] for size in range(len(path), 0, -1))
        return next((both[part] for part in inner if part in both), None)

    def header_of(self, path: Path) -> Path:
        """The header that this stands under, () at the top."""
        inner = (path[:size] for size in range(len(path), 0, -1))
        return next((part for part in inner if part in self.headers), ())


def lines_of(text: str) -> Lines:
    """All of a file's."""
    found, met, here = Lines(), Counter[Path](), Path()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLES.fullmatch(line):
            name = _under(header[1], met)
            here = (*name, met[name])
            met[name] += 1
            found.headers.setdefault(here, number)
        elif header := _TABLE.fullmatch(line):
            here = _under(header[1], met)
            found.headers.setdefault(here, number)
        elif key := _KEY.match(line):
            found.keys.setdefault((*here, *key[1].split(".")), number)
    return found


def _under(name: str, met: Counter[Path]) -> Path:
    """A header's path: what lies in a list lies in the last of its tables."""
    *outer, last = name.split(".")
    path: Path = ()
    for part in outer:
        path = (*path, part)
        path = (*path, met[path] - 1) if met[path] else path
    return (*path, last)
