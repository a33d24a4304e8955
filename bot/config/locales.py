"""Where the texts of a locale stand: a folder for what all share, and one for each workflow.

A file is named without its folder, so no two may have the same name; `words.toml` alone is in each.
A community's own folder has the same ones, or the files just so.
"""

from __future__ import annotations

from pathlib import Path

from workflows.registry import FIRST

TEMPLATES = Path(__file__).parents[2] / "templates"
COMMON = "common"
_FIRST = (COMMON, FIRST)  # what names no workflow means these


def folders(locale: str) -> tuple[Path, ...]:
    """Those of a locale, what is asked first in front; none where there is no such locale."""
    there = {path.name: path for path in (TEMPLATES / locale).glob("*/")}
    names = [*_FIRST, *sorted(there.keys() - {*_FIRST})]
    return tuple(there[name] for name in names if name in there)


def locales() -> list[str]:
    """All there are."""
    return sorted(path.name for path in TEMPLATES.glob("*/") if folders(path.name))


def own_folders(locale: str, own: Path) -> tuple[Path, ...]:
    """Where a community's own files can be: just so, or in a folder as the built-in ones are."""
    return (own, *(own / folder.name for folder in folders(locale)))


def locate_of(kind: str, locale: str, name: str) -> Path | None:
    """A built-in file of one workflow."""
    return _first(tuple(f for f in folders(locale) if f.name == kind), name)


def locate_own_of(kind: str, own: Path | None, name: str) -> Path | None:
    """A community's own file of one workflow; one in no workflow's folder is the first one's."""
    if own is None:
        return None
    places = (own, own / COMMON, own / kind) if kind == FIRST else (own / kind,)
    return _first(places, name)


def locate(locale: str, name: str) -> Path | None:
    """A built-in file, in whichever folder it is."""
    return _first(folders(locale), name)


def locate_own(locale: str, own: Path | None, name: str) -> Path | None:
    """A community's own file, if it has one."""
    return _first(own_folders(locale, own), name) if own else None


def _first(places: tuple[Path, ...], name: str) -> Path | None:
    return next((place / name for place in places if (place / name).exists()), None)
