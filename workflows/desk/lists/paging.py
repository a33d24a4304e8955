"""Lists in the chat: a line and a button each, pages, redrawn in place as one taps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from workflows.core.engine.subject import Subject
from workflows.core.numbers import format_number
from workflows.core.talk.messages import Button, Incoming, Kind, Notice, Values, opener
from workflows.core.talk.tap import Tap
from workflows.desk.context import Context
from workflows.desk.parts import Standing

_One = TypeVar("_One")
PAGE = 10  # subjects a page
AT_MOST = 1000  # that a list counts and shows


def line(context: Context, subject: Subject) -> Values:
    """What a list's line says of a subject: nothing that a person wrote."""
    return context.workflows.of(subject).lists.line(subject)


def standing(context: Context, subject: Subject) -> Standing:
    """What it asks of people today."""
    standing = context.workflows.of(subject).lists.standing
    return standing(subject, context.now, context.rules)


def openers(
    context: Context, subjects: Iterable[Subject], label: str = "open"
) -> tuple[tuple[Button, ...], ...]:
    """A button for each that opens its card; "own" names the state in residents' words."""
    return tuple((_open(context, subject, label),) for subject in subjects)


def _open(context: Context, subject: Subject, label: str) -> Button:
    state = subject.state.value
    named = {
        "number": format_number(subject.id), "category": line(context, subject).get("category", ""),
        "state": state, "stage": state, "kind": subject.kind,
    }  # fmt: skip
    return opener(subject.id, f"view.{label}", named)


def said(count: int) -> int | str:
    """A count as people read it; "1000+" where it went no further."""
    return f"{AT_MOST}+" if count > AT_MOST else count


def page_of(total: int, asked: str, size: int = PAGE) -> int:
    """The page asked for, counted from 0; the last one where the list has become shorter."""
    last = max((total - 1) // size, 0)
    return min(int(asked[:6]), last) if asked.isdecimal() else 0


def cut(found: Sequence[_One], page: int, size: int = PAGE) -> Sequence[_One]:
    """What stands on a page."""
    return found[page * size :][:size]


def turns(tap: Tap, page: int, total: int, size: int = PAGE) -> tuple[tuple[Button, ...], ...]:
    """A row to turn pages, where there is more than one; `tap` is what the page is added to."""
    back = Button(tap=at_page(tap, page - 1), label="pages.previous")
    on = Button(tap=at_page(tap, page + 1), label="pages.next")
    row = ([back] if page else []) + ([on] if (page + 1) * size < total else [])
    return (tuple(row),) if row else ()


def at_page(tap: Tap, page: int) -> Tap:
    """The tap that shows this page of a list."""
    return replace(tap, args=(str(page), *tap.args[1:]))


def answer(context: Context, incoming: Incoming, notice: Notice) -> None:
    """Show a list: to a command as a message, to a tap in the message that was tapped."""
    if incoming.kind is not Kind.PRESS or not incoming.is_private:
        context.reply(notice)
        return
    context.toast(incoming)
    values = {**notice.values, "message_id": incoming.message_id}
    replaces = notice.replaces or f"list:{incoming.message_id}"
    redrawn = replace(notice, values=values, replaces=replaces)
    context.tx.owe(redrawn, incoming.chat_id, "redraw", f"{context.key}:redraw", context.now)
