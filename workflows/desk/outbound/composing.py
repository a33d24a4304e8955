"""What an owed message shows when it goes out: the subject as it is now, for whoever reads it.

Composed at the last moment, so a card that waited through the night is fresh, its buttons are
what the machine accepts now, and somebody who left the roster meanwhile reads nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.engine.subject import Subject
from workflows.core.people import Person, Role
from workflows.core.permissions import RANKS
from workflows.core.policy import Rules
from workflows.core.talk.messages import Values
from workflows.desk import guarding
from workflows.desk.lists import export
from workflows.desk.parts import Drawing, Look, Rows
from workflows.desk.privacy import my_data
from workflows.desk.workflow import Workflow, Workflows
from workflows.store import Owed, Tx
from workflows.store.reading import UnreadableError


class Reader(StrEnum):
    """For whose eyes: what a card may show depends on it."""

    RESIDENT = "resident"
    STAFF = "staff"
    GROUP = "group"
    NOBODY = "nobody"


class Named(Struct, frozen=True, kw_only=True):
    """A person as others may see him."""

    name: str
    role: str


class Letter(Struct, frozen=True, kw_only=True):
    """Everything the renderer needs for one message; `people` by id, `now` aware UTC.

    `shown` is what the workflow gives to the card's template.
    """

    owed: Owed
    reader: Reader
    subject: Subject | None
    people: Mapping[int, Named]
    buttons: Rows
    now: datetime
    shown: Any = None
    document: Mapping[str, Any] | None = None  # what a file is made of
    home: str = ""  # where the reader's own things were so far, in a message that is about none

    @property
    def values(self) -> Values:
        """What the message was given to say."""
        return self.owed.values


class Composer:
    """Composes a batch of messages, of which what they show was read at once; see `read_ahead`."""

    def __init__(self, tx: Tx, rules: Rules, workflows: Workflows, now: datetime) -> None:
        self._tx = tx
        self._rules = rules
        self._workflows = workflows
        self._now = now
        self._ahead: dict[str, Any] = {}
        self.failed: list[Exception] = []  # of the workflows, without which it went on

    async def read_ahead(self, owed: list[Owed]) -> None:
        """Load what a batch of messages shows in a few queries."""
        for workflow in self._workflows:
            if error := await guarding.failure(self._read(workflow, owed)):
                self.failed.append(error)
        subjects = await self._tx.subjects(o.ticket_id for o in owed if o.ticket_id)
        await self._tx.prefetch_files(subject.id for subject in subjects)
        ids = {o.chat_id for o in owed if o.chat_id > 0}
        ids |= {i for one in owed for i in _said_of(one)}
        ids |= {i for x in subjects for i in self._workflows.of(x).cards.mentions(x) if i}
        await self._tx.prefetch_persons(ids)

    async def _read(self, workflow: Workflow, owed: list[Owed]) -> None:
        found = await workflow.cards.ahead(self._tx, owed, self._rules)
        self._ahead[workflow.kind] = found

    async def compose(self, owed: Owed) -> Letter:
        """The letter for an owed message. Raises UnreadableError."""
        if owed.is_bare:
            raise UnreadableError("message", owed.id, "its row")
        subject = await self._tx.subject(owed.ticket_id) if owed.ticket_id else None
        who = self._tx.known if subject else self._tx.person  # nobody reads more than he may
        viewer = await who(owed.chat_id) if owed.chat_id > 0 else None
        if subject is None:
            return await self._plain(self._as_shown(owed, viewer), viewer)
        return await self._card(owed, subject, viewer, self._workflows.of(subject))

    def _as_shown(self, owed: Owed, viewer: Person | None) -> Owed:
        if viewer is None:
            return owed
        for workflow in self._workflows:
            try:
                owed = workflow.cards.changed(owed, viewer, self._ahead.get(workflow.kind))
            except Exception as error:  # it reads nothing: the fault is its own
                self.failed.append(error)
        return owed

    async def _plain(self, owed: Owed, viewer: Person | None) -> Letter:
        """A message that belongs to nothing."""
        reader = Reader.STAFF if viewer and viewer.is_staff else Reader.RESIDENT
        return Letter(
            owed=owed, reader=Reader.GROUP if owed.chat_id < 0 else reader, subject=None,
            people=await named(self._tx, _said_of(owed)), buttons=owed.buttons, now=self._now,
            document=await self._document(owed, viewer), home=viewer.last_place if viewer else "",
        )  # fmt: skip

    async def _card(
        self, owed: Owed, subject: Subject, viewer: Person | None, workflow: Workflow
    ) -> Letter:
        reader = _reader(owed, subject, viewer, workflow)
        drawing = Drawing(
            tx=self._tx, rules=self._rules, now=self._now, owed=owed, subject=subject,
            viewer=viewer, reader=reader, ahead=self._ahead.get(workflow.kind),
        )  # fmt: skip
        look: Look = await workflow.cards.draw(drawing)
        shown = _with_headline(owed, subject) if drawing.is_card else owed
        ids = _said_of(shown) | {i for i in workflow.cards.mentions(subject) if i}
        people = await named(self._tx, ids, subject.place, workflow.cards.unnamed(subject))
        buttons = look.buttons if drawing.is_card else shown.buttons
        return Letter(
            owed=shown, reader=reader, subject=subject, people=people, buttons=buttons,
            now=self._now, shown=look.shown,
        )  # fmt: skip

    async def _document(self, owed: Owed, viewer: Person | None) -> Mapping[str, Any] | None:
        """What a file holds, gathered when it goes out, for who reads it as he stands then."""
        if viewer is None or owed.kind != "document":
            return None
        if made := self._workflows.documents.get(owed.template):
            return await made.gather(self._tx, viewer, self._rules, owed.values)
        gather = _GATHERED.get(owed.template)
        told = (self._tx, viewer, self._rules, self._workflows, owed.values)
        return await gather(*told) if gather else None


_Gather = Callable[[Tx, Person, Rules, Workflows, Values], Awaitable[Mapping[str, Any]]]
_GATHERED: dict[str, _Gather] = {
    "mydata": my_data.gather, "mydata_data": my_data.gather, "export": export.gather,
}  # fmt: skip


def _with_headline(owed: Owed, subject: Subject) -> Owed:
    """A card drawn again keeps what it said on top as long as the subject stands where it stood."""
    if owed.kind != "edit" or owed.card_state != subject.state:
        return owed
    return replace(owed, template=owed.card_template, values=owed.card_values)


def _reader(owed: Owed, subject: Subject, viewer: Person | None, workflow: Workflow) -> Reader:
    if owed.chat_id < 0:
        return Reader.GROUP
    if viewer is None:
        return Reader.RESIDENT
    readers = workflow.readers
    if not readers.may_see(viewer, subject):
        return Reader.NOBODY
    is_own = readers.is_own(viewer, subject) and not readers.is_work(viewer, subject)
    return Reader.RESIDENT if is_own else Reader.STAFF


def _said_of(owed: Owed) -> set[int]:
    """Whom a message's own words can name."""
    ids = {owed.values.get(name) for name in ("actor", "handler", "to", "heard_from")}
    ids |= {step.get("actor") for step in owed.values.get("steps", ())}
    return {i for i in ids if isinstance(i, int)}


async def named(
    tx: Tx, ids: Iterable[int], place: str = "", unnamed: AbstractSet[int | None] = frozenset()
) -> dict[int, Named]:
    """People by id as a reader may see them, by their role at a place; the system is nobody."""
    persons = [await tx.person(i) for i in ids if i]
    return {p.id: _named(p, place, is_hidden=p.id in unnamed) for p in persons if p}


def _named(person: Person, place: str, *, is_hidden: bool) -> Named:
    if is_hidden:
        return Named(name="", role="resident")
    roles = [r for r in RANKS if any(m.role is r for m in person.memberships)]
    here = [r for r in roles if person.has_role(r, place)]
    return Named(name=person.name, role=(here or roles or [Role.PIONEER])[0].value)
