"""Finding: what stands in one's own places, by its number, its place or its words."""

from __future__ import annotations

from workflows.core.engine.subject import Subject
from workflows.core.errors import Refusal
from workflows.core.numbers import parse_number
from workflows.core.people import Person
from workflows.core.talk.messages import Notice, Priority
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.parts import Found
from workflows.desk.privacy import audit

MOST = 20  # that are shown


async def find(context: Context, person: Person, text: str) -> None:
    """Answer with what has every word of `text`, newest first; only what this person may see."""
    if not person.is_staff:
        raise Refusal("refused_staff_only")
    if not text.split():
        raise Refusal("refused_no_words")
    found, looked_at = await _search(context, person, text)
    shown = [x for x in found if context.workflows.of(x).readers.may_see(person, x)]
    for subject in shown:
        audit.note(context, subject, person, "found")
    notice = Notice(
        to=person.id, template="found", priority=Priority.REPLY,
        values={"said": text[:40], "lines": [paging.line(context, x) for x in shown], "most": MOST,
                "looked_at": looked_at},
        buttons=paging.openers(context, shown),
    )  # fmt: skip
    context.reply(notice)


async def _search(context: Context, person: Person, text: str) -> tuple[list[Subject], int]:
    """By the number if it is one, else as each workflow finds its own; and how many of a place
    were looked at where that was not all.
    """
    number = parse_number(text) if text.replace(" ", "").strip("№#").isdecimal() else None
    if number and (by_number := await context.tx.subjects([number])):
        return by_number, 0
    finds = [
        await guarding.asked(context, Found(), w.lists.found, context, person, text)
        for w in context.workflows
    ]
    looked_at = max((one.looked_at for one in finds), default=0)
    found = sorted((x for one in finds for x in one.subjects), key=lambda x: -x.id)
    return found[:MOST], looked_at
