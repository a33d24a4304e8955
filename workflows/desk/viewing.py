"""Showing things: a subject's card, its steps and files, and what its workflow has beside these."""

from __future__ import annotations

from typing import Any

from workflows.core.engine.subject import Event, Subject
from workflows.core.errors import Refusal
from workflows.core.numbers import parse_number
from workflows.core.people import Person
from workflows.core.talk.messages import Attachment, Incoming, Notice, Priority
from workflows.desk import spawning
from workflows.desk.context import Context
from workflows.desk.parts import Readers
from workflows.desk.privacy import audit
from workflows.store.messages import said

_ALBUM = 10  # files in one album
_PART = 800  # characters a message, short enough even if each must be escaped
_TOGETHER = ({"photo", "video"}, {"document"})


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button to look at a subject: its card, the rarer actions, its steps, files, or more."""
    subject = await seen_by(context, person, incoming.tap.number)
    context.toast(incoming)
    if incoming.tap.verb in _FACES and await _turn_over(context, subject, incoming):
        return
    looks = {**_LOOKS, **context.workflows.of(subject).cards.looks}
    await incoming.tap.meant(looks)(context, subject, person)


async def _turn_over(context: Context, subject: Subject, incoming: Incoming) -> bool:
    """The card that was tapped shows its other buttons where it stands; whether it was the newest
    one, for only that is changed.
    """
    card = await context.tx.ask(said.card_in, subject.id, incoming.chat_id)
    if card is None or card != incoming.message_id:
        return False
    notice = Notice(
        to=incoming.chat_id, template=_FACES[incoming.tap.verb], ticket_id=subject.id,
        priority=Priority.REPLY, replaces=f"edit:{subject.id}",
    )  # fmt: skip
    context.tx.owe(notice, incoming.chat_id, "edit", f"{context.key}:face", context.now)
    return True


async def seen_by(context: Context, person: Person, number: int | None) -> Any:
    """The subject of this number. Raises Refusal, the same for "none" and "not yours"."""
    subject = await context.tx.subject(number) if number else None
    if subject is None or not context.workflows.of(subject).readers.may_see(person, subject):
        raise Refusal("refused_unknown")
    return subject


async def show_number(context: Context, person: Person, text: str) -> None:
    """The subject behind a number that was typed. Raises Refusal."""
    show_card(context, await seen_by(context, person, parse_number(text)), person)


def show_card(
    context: Context, subject: Subject, person: Person, template: str = "shown"
) -> None:  # fmt: skip
    """Send a fresh card; "more" has the rarer actions. That staff looked is written down."""
    audit.note(context, subject, person, "card")
    notice = Notice(
        to=person.id, template=template, ticket_id=subject.id, is_card=True,
        priority=Priority.REPLY,
    )  # fmt: skip
    context.reply(notice)


def show_text(context: Context, subject: Subject, person: Person, text: str) -> None:
    """What somebody wrote, whole, in as many messages as it takes."""
    audit.note(context, subject, person, "text")
    for start in range(0, len(text), _PART):
        notice = Notice(
            to=person.id, template="text", values={"text": text[start : start + _PART]},
            ticket_id=subject.id, priority=Priority.REPLY,
        )  # fmt: skip
        context.reply(notice)


async def _show_card(context: Context, subject: Subject, person: Person) -> None:
    show_card(context, subject, person)


async def _show_more(context: Context, subject: Subject, person: Person) -> None:
    show_card(context, subject, person, "more")


async def _show_steps(context: Context, subject: Subject, person: Person) -> None:
    """The timeline; a resident does not read the staff's own words among themselves."""
    audit.note(context, subject, person, "steps")
    readers = context.workflows.of(subject).readers
    is_staff = readers.is_work(person, subject) or not readers.is_own(person, subject)
    events = await context.tx.timeline(subject)
    told = [e for e in events if is_staff or e.action in readers.told]
    values = {
        "steps": [_step(readers, subject, event, person, is_staff) for event in told],
        "links": await spawning.links(context, subject, person),
    }
    notice = Notice(
        to=person.id, template="steps", values=values, ticket_id=subject.id,
        priority=Priority.REPLY,
    )  # fmt: skip
    context.reply(notice)


def _step(
    readers: Readers, subject: Subject, event: Event, person: Person, is_staff: bool
) -> dict[str, Any]:
    is_read = event.action in readers.open_to(person, subject) or event.actor == person.id
    return {
        "action": event.action, "actor": event.actor,
        "is_resident": bool(event.actor) and event.action in readers.own,
        "at": event.at.isoformat(), "text": event.data.get("text", "") if is_read else "",
        "checked": event.data.get("checked", []) if is_staff else [],
    }  # fmt: skip


async def _show_files(context: Context, subject: Subject, person: Person) -> None:
    """Every file this person may see; pictures and videos, and documents, in albums."""
    actions = context.workflows.of(subject).readers.open_to(person, subject)
    show_files(context, subject, person, await context.tx.files(subject.id, actions))


def show_files(
    context: Context, subject: Subject, person: Person, files: tuple[Attachment, ...]
) -> None:
    """What came with a subject, as much of it as this person may have. Raises Refusal."""
    if not files:
        raise Refusal("refused_no_files")
    audit.note(context, subject, person, "files")
    for album in albums(files):
        notice = Notice(
            to=person.id, template="files", ticket_id=subject.id, priority=Priority.REPLY,
            attachments=album,
        )  # fmt: skip
        context.reply(notice)


def albums(files: tuple[Attachment, ...]) -> list[tuple[Attachment, ...]]:
    """What can be sent together: Telegram mixes only pictures with videos, ten at the most."""
    together = [[f for f in files if f.kind in kinds] for kinds in _TOGETHER]
    albums = [tuple(some[i : i + _ALBUM]) for some in together for i in range(0, len(some), _ALBUM)]
    alone = [(f,) for f in files if not any(f.kind in kinds for kinds in _TOGETHER)]
    return [*albums, *alone]


_FACES = {"card": "card", "more": "more"}  # of a card: in front and behind
_LOOKS = {"card": _show_card, "more": _show_more, "steps": _show_steps, "files": _show_files}
