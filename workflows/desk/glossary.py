"""What the staff's own words mean: all of them behind a button, one of them by its name."""

from __future__ import annotations

from workflows.core.people import Person
from workflows.core.talk.messages import Button, Incoming, Notice, Priority
from workflows.core.talk.tap import Tap
from workflows.desk.context import Context

WORDS = Button(tap=Tap(kind="glossary"), label="view.glossary")
_LONGEST = 4  # characters of one of these words; what is longer says something


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """All of them, in a message of their own: what was read stays."""
    context.toast(incoming)
    context.say(person.id, "glossary", asked="")


def is_asked(incoming: Incoming, person: Person) -> bool:
    """Whether one of the staff asks by /help what a word means."""
    is_word = 0 < len(incoming.text.strip()) <= _LONGEST
    return person.is_staff and incoming.command == "help" and is_word


def welcome(context: Context, person: Person, template: str, **values: object) -> None:
    """Say something that brings somebody in touch with these words, with the way to them."""
    notice = Notice(
        to=person.id, template=template, values=values, buttons=((WORDS,),),
        priority=Priority.REPLY,
    )  # fmt: skip
    context.reply(notice)
