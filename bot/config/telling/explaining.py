"""pydantic's mistakes in plain words, with what could stand there instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.config.checks import Mistake
from workflows.registry import CLOCKS, FIRST

Loc = tuple[int | str, ...]
_FEW = 12  # keys of a section that are all named
_CLOCK_TABLES = {("sla",), ("urgent",), ("clocks",)}


def explain(error: ValidationError, top: type[BaseModel] | None = None) -> list[Mistake]:
    """All of them; `top` is what was to be read, so that its keys can be named."""
    found = error.errors(include_url=False, include_input=False)
    told = [e for e in found if e["type"] != "too_short" or not _is_consequence(e, found)]
    return [Mistake(".".join(str(part) for part in e["loc"]), _problem(e, top)) for e in told]


def _is_consequence(short: ErrorDetails, found: list[ErrorDetails]) -> bool:
    """Whether a list only counts as too short because what is in it does not fit."""
    loc = short["loc"]
    return any(len(e["loc"]) > len(loc) and e["loc"][: len(loc)] == loc for e in found)


_PROBLEMS = {
    "missing": "is missing",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be {le:g} or less",
    "multiple_of": "must be a multiple of {multiple_of:g}",
    "finite_number": "must be a number",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "model_type": "must be a table",
    "dict_type": "must be a table",
    "tuple_type": "must be a list in [ ]",
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_too_long": "is too long: at most {max_length} characters",
    "string_too_short": "is too short: at least {min_length} characters",
    "too_short": "is too short: at least {min_length}",
    "too_long": "is too long: at most {max_length}",
    "time_parsing": 'must be a time like "22:00"',
    "date_type": "must be a date like 2027-02-05",
    "date_from_datetime_parsing": "must be a date like 2027-02-05",
    "string_pattern_mismatch": "must be like {pattern}",
}
_PATTERNS = {
    "code": "may only have letters A-Z, digits, _ and -, at most 40",
    "locale": 'must be like "zh" or "zh_TW"',
    "path": "must begin with /",
    "name": "may not have a / in it",
    "street": "may not have a / in it",
}


def _problem(error: ErrorDetails, top: type[BaseModel] | None) -> str:
    kind, loc, context = error["type"], error["loc"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch" and loc[-1] in _PATTERNS:
        return _PATTERNS[str(loc[-1])]
    if kind == "extra_forbidden":
        return _unknown(loc, top)
    if context.get("min_length") == 1:
        return "is empty"
    return _PROBLEMS.get(kind, "does not fit").format(**_as_written(context))


def _as_written(context: dict[str, Any]) -> dict[str, Any]:
    """What it can be as TOML has it: 'day', or Python's own <To.LEAD: 'lead'>, becomes "day"."""
    expected = re.sub(r"<[^<>]*?('[^']*')>", r"\1", str(context.get("expected", "")))
    return context | {"expected": re.sub(r"'([^']*)'", r'"\1"', expected)}


def _unknown(loc: Loc, top: type[BaseModel] | None) -> str:
    if loc[-2:-1] in _CLOCK_TABLES:
        return f"is no clock; the clocks are {', '.join(_clocks_around(loc))}"
    if len(loc) > 1 and loc[-1] in _keys_of(top):
        return "is an unknown key here: it belongs at the top of the file, above the first [ ]"
    return f"is an unknown key{_meant(str(loc[-1]), _keys_of(_around(loc, top)))}"


def _meant(key: str, known: list[str]) -> str:
    """What was probably meant; else all there is, where that is not much."""
    if near := get_close_matches(key, known, n=1):
        return f": is {near[0]} meant?"
    return f"; there are {', '.join(known)}" if 0 < len(known) <= _FEW else ""


def _clocks_around(loc: Loc) -> Iterable[str]:
    """Those of the workflow in whose section this is; the first one's are in several."""
    kind = str(loc[0])
    return CLOCKS[kind if kind in CLOCKS else FIRST].usual


def _around(loc: Loc, top: type[BaseModel] | None) -> type[BaseModel] | None:
    """The section whose key is the last part; None where that is not known."""
    section = top
    for part in (str(part) for part in loc[:-1] if not isinstance(part, int)):
        fields = section.model_fields.values() if section else ()
        found = dict(zip(_keys_of(section), fields, strict=True)).get(part)
        section = next(_models_in(found.annotation), None) if found else None
    return section


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _keys_of(section: type[BaseModel] | None) -> list[str]:
    return [one.alias or name for name, one in section.model_fields.items()] if section else []
