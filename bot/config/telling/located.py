"""Where something is, as whoever edits the config sees it: file, line, section, counted from 1."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.config.checks import Mistake
from bot.config.telling.toml_lines import Lines, Path

_NAMES = ("name", "key", "code")  # by what a table of a list is known


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What was read: the file's name, tree and lines, and the variables by what they set."""

    sections: Collection[str]
    file: str = ""
    tree: Mapping[str, Any] = field(default_factory=dict)
    lines: Lines = field(default_factory=Lines)
    variables: Mapping[tuple[str, ...], str] = field(default_factory=dict)


def located(mistakes: Iterable[Mistake], read: Sources) -> list[Mistake]:
    """The same, each with where it is, in the file's order."""
    in_order = sorted(mistakes, key=lambda one: read.lines.of(_path(one.key)) or 0)
    return [_located(mistake, read) for mistake in in_order]


def _located(mistake: Mistake, read: Sources) -> Mistake:
    path = _path(mistake.key)
    if not {str(path[0])} & {*read.sections, *read.tree}:  # a file, or a variable
        return mistake
    where = _variable(path, read) or _in_file(path, read)
    return replace(mistake, where=where, at=mistake.first and _first(_path(mistake.first), read))


def _first(path: Path, read: Sources) -> str:
    line = read.lines.of(path)
    return f"line {line}" if line else _spelled(path, read)


def _path(key: str) -> Path:
    return tuple(int(part) if part.isdecimal() else part for part in key.split("."))


def _variable(path: Path, read: Sources) -> str:
    """The variable that says it, which beats the file, or ""."""
    for size in range(len(path), 0, -1):
        if name := read.variables.get(tuple(map(str, path[:size]))):
            return " ".join([name, *filter(None, [_inner(path[size:])])])
    return ""


def _in_file(path: Path, read: Sources) -> str:
    line = read.lines.of(path)
    there = [f"{read.file}, line {line}" if line else read.file] if read.file else []
    return ": ".join([*there, _spelled(path, read)])


def _spelled(path: Path, read: Sources) -> str:
    """As in: [[communities.grids]] no. 2 "2网格" of "南环一", estates no. 1."""
    header = read.lines.header_of(path)
    gap = ", " if header and isinstance(header[-1], int) else " "
    return gap.join(filter(None, [_header(header, read.tree), _inner(path[len(header) :])]))


def _header(path: Path, tree: Mapping[str, Any]) -> str:
    if not path:
        return ""
    name = ".".join(part for part in path if isinstance(part, str))
    lists = [size for size in range(1, len(path) + 1) if isinstance(path[size - 1], int)]
    called = [_called(path[:size], tree) for size in reversed(lists)]
    if isinstance(path[-1], int):
        return f"[[{name}]] {' of '.join([called[0], *map(_shortly, called[1:])])}"
    return " of ".join([f"[{name}]", *map(_shortly, called)])


def _called(path: Path, tree: Any) -> str:
    """A table of a list by its number and its name."""
    number = f"no. {int(path[-1]) + 1}"
    for part in path:
        tree = _step(tree, part)
    names = (tree.get(key) for key in _NAMES) if isinstance(tree, Mapping) else ()
    name = next((name for name in names if isinstance(name, str) and name.strip()), "")
    return f'{number} "{name}"' if name else number


def _step(tree: Any, part: str | int) -> Any:
    if isinstance(tree, Mapping):
        return tree.get(part)
    is_there = isinstance(tree, list) and isinstance(part, int) and part < len(tree)
    return tree[part] if is_there else None


def _shortly(called: str) -> str:
    """Its name alone, where it has one."""
    return called.partition(" ")[2].partition(" ")[2] or called


def _inner(path: Path) -> str:
    """As in: sla.plan.remind no. 2."""
    words = [f" no. {part + 1} " if isinstance(part, int) else f".{part}" for part in path]
    return "".join(words).replace(" .", " ").strip(" .")
