"""Which templates there have to be: those that the code names, wherever it names one."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from workflows.core.engine.flow import Step
from workflows.core.talk.needs import EVERYWHERE, PHOTO
from workflows.petition.intake import draft
from workflows.petition.lifecycle import STEPS
from workflows.petition.words import Action
from workflows.registry import WORKFLOWS

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "templates" / "zh").glob("*/*.html"))
FOLDERS = {path.stem: path.parent.name for path in FILES}
# No attempt gives these values.
PLAIN_CARDS = {
    "done",
    "card",
    "shown",
    "more",
    "filed",
    "split",
    "followed",
    "shown_again",
    "waits",
    "before",
    "after",
}
# What goes beside a file that /export offers.
PAPERS = {"export"} | {name for name, made in WORKFLOWS.documents.items() if made.is_report}
# A keyboard taken away, a list of commands, a file's content: no message.
PAGES = {"mydata_page"} | {
    f"{name}_page" for name, made in WORKFLOWS.documents.items() if made.ending == "html"
}
UNSEEN = {"strip", "menu"} | PAGES


def _strings(node: ast.AST | None) -> list[str]:
    if isinstance(node, ast.IfExp):
        return _strings(node.body) + _strings(node.orelse)
    is_name = isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value
    return [node.value] if is_name else []  # type: ignore[union-attr]


_POSITION = {
    "show_card": 3,
    "Refusal": 0,
    "alert": 0,
    "alarm": 1,
    "say": 1,
    "say_there": 1,
    "_send": 3,  # the pictures of a step
    "toast": 1,
    "reply": 1,
    "ask": 2,
    "welcome": 2,
    "page": 0,
    "queue": 0,
    "open_queue": 0,
    "document": 1,
}


def _named_in(node: ast.AST, source: str) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        at = _POSITION.get(name)
        if at is not None and len(node.args) > at:
            yield from _strings(node.args[at])
        for keyword in node.keywords:
            if keyword.arg in {"template", "told", "refused"}:
                yield from _strings(keyword.value)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from _defaults(node.args)
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and source == "escalation.py":
        yield from _strings(node.elts[1])


def _defaults(arguments: ast.arguments) -> Iterator[str]:
    """A template that a function sends unless told another."""
    positional = zip(reversed(arguments.args), reversed(arguments.defaults), strict=False)
    for argument, default in (
        *positional,
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ):
        if argument.arg in {"template", "told"}:
            yield from _strings(default)


def _in_code() -> set[str]:
    files = [*(ROOT / "workflows").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]
    return {
        name
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        for name in _named_in(node, file.name)
    }


def _told(steps: Iterable[Step[Any, Any, Any, Any]]) -> set[str]:
    return {template for step in steps for _, template in step.tells}


@cache
def in_forms() -> frozenset[str]:
    """Those by which a form asks for something."""
    steps = [step for workflow in WORKFLOWS for step in workflow.flow.steps]
    asked = {(step.action, need) for step in steps for need in step.needs}
    asked.add((Action.RESOLVE, PHOTO))  # where a category wants proof
    named = (f"form_{a if need.is_words else need.name}" for a, need in asked)
    usual = frozenset(named) | {f"form_{name}" for name in EVERYWHERE}
    own = (name.replace("form_", f"form_{w.kind}_", 1) for w in WORKFLOWS for name in usual)
    return usual | {name for name in own if name in FOLDERS}


@cache
def needed() -> frozenset[str]:
    """All that the code names."""
    steps = {f"intake_{step}" for step in draft.Step}
    told = {name for workflow in WORKFLOWS for name in _told(workflow.flow.steps)}
    return frozenset(_in_code() | PAGES | PAPERS | told | in_forms() | steps)


@cache
def about_tickets() -> frozenset[str]:
    """Those that show a ticket."""
    clocks = {"remind", "remind_resident", "overdue", "overdue_resident"}
    return (
        frozenset(_told(STEPS))
        | clocks
        | PLAIN_CARDS
        | {"unassigned", "group_gone", "gathered", "relocated"}
    )


EVERY = sorted(needed() - UNSEEN)
_BESIDE = [workflow.kind for workflow in WORKFLOWS][1:]
# Those of the workflows beside the first: what they say is in `tests/<kind>/sample_letters.py`.
OTHERS = {name: kind for name in EVERY if (kind := FOLDERS.get(name)) in _BESIDE}
