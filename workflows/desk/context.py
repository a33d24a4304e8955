"""What every use case works with: the unit of work, the rules, the moment; and how it speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from workflows.core.engine.subject import Subject
from workflows.core.people import Person, Role
from workflows.core.permissions import commands_of
from workflows.core.policy import Rules
from workflows.core.talk.messages import Button, Incoming, Notice, Priority, Values
from workflows.core.talk.needs import NOTHING, Answers
from workflows.core.timing import calendar
from workflows.desk.outbound import alerts, audience
from workflows.store import Tx
from workflows.store.messages.owed import Owing

if TYPE_CHECKING:
    from workflows.desk.workflow import Workflows


class Toast(Struct, frozen=True, kw_only=True):
    """The short answer to a tap; best effort, never in the outbox."""

    callback_id: str
    template: str = ""
    values: Values = field(default_factory=dict)


class Context(Struct, kw_only=True):
    """One update or timer being handled. `now` is aware UTC."""

    tx: Tx
    rules: Rules
    workflows: Workflows
    now: datetime
    key: str  # names what is handled, so that a repeated message is owed once
    toasts: list[Toast] = field(default_factory=list)
    aside: dict[str, Exception] = field(default_factory=dict)  # workflows that fail at it, and why

    def reply(self, notice: Notice) -> None:
        """Owe a message to one chat."""
        assert isinstance(notice.to, int)
        self._owe(notice, notice.to, self.now)

    def answer(self, notices: Iterable[Notice]) -> None:
        """Owe several messages to one chat."""
        for notice in notices:
            self.reply(notice)

    def push(self, notice: Notice) -> None:
        """Owe a message to one chat that nobody is woken for."""
        assert isinstance(notice.to, int)
        self._owe(notice, notice.to, calendar.end_of_quiet(self.now, self.rules))

    def say(self, chat_id: int, template: str, **values: object) -> None:
        """Owe a plain answer to one chat."""
        self.reply(Notice(to=chat_id, template=template, values=values, priority=Priority.REPLY))

    def say_there(self, incoming: Incoming, template: str, **values: object) -> None:
        """Owe a plain answer to the chat in which something was said, in the same topic of it."""
        there = {"topic": incoming.topic} if incoming.topic else {}
        self.say(incoming.chat_id, template, **values, **there)

    def say_once(self, chat_id: int, template: str, *buttons: Button) -> None:
        """The same answer to many messages in a row is given once."""
        rows = tuple((button,) for button in buttons)
        self.reply(
            Notice(to=chat_id, template=template, buttons=rows, priority=Priority.REPLY,
                   replaces=template)
        )  # fmt: skip

    def document(
        self, person: Person, template: str, kind: str,
        buttons: tuple[tuple[Button, ...], ...] = (), **values: object,
    ) -> None:  # fmt: skip
        """Owe a file that this workflow makes; it is made when it goes out."""
        notice = Notice(
            to=person.id, template=template, values={**values, "kind": kind},
            buttons=buttons, priority=Priority.REPLY,
        )  # fmt: skip
        key = f"{self.key}:{template}:{len(self.tx.work.owed)}"
        self.tx.owe(notice, person.id, "document", key, self.now)

    def menu(self, person: Person) -> None:
        """Owe this person the commands his roles have."""
        values = {"commands": self.commands(person)}
        self._owe(Notice(to=person.id, template="menu", values=values), person.id, self.now)

    def commands(self, person: Person) -> list[str]:
        """The commands in somebody's menu; who is known nowhere has everybody's."""
        is_known = bool(person.memberships or person.last_place)
        offered = self.workflows.offered(person if is_known else None, self.rules)
        return commands_of(person, offered.menu)

    def toast(self, incoming: Incoming, template: str = "", **values: object) -> None:
        """Answer a tap."""
        if incoming.callback_id:
            answer = Toast(callback_id=incoming.callback_id, template=template, values=values)
            others = [t for t in self.toasts if t.callback_id != incoming.callback_id]
            self.toasts = [*others, answer]  # a later refusal is what counts

    async def perform(
        self, subject: Any, action: Any, actor: Person, answers: Answers = NOTHING
    ) -> Any:
        """Let `actor` do `action` with all that follows: the workflow knows. Raises Refusal."""
        return await self.workflows.of(subject).perform(self, subject, action, actor, answers)

    async def tell(self, subject: Subject, notice: Notice, actor: Person) -> None:
        """Owe a message about a subject to everybody in its audience but who caused it."""
        moment = self._moment(subject, notice)
        audiences = self.workflows.of(subject).audiences
        for chat_id in await audience.chats(self.tx, subject, notice.to, audiences, self.now):
            is_his_own = chat_id == actor.id and notice.priority is not Priority.REPLY
            if not is_his_own and not self._is_told(notice, chat_id):
                self._owe(notice, chat_id, moment)

    def _is_told(self, notice: Notice, chat_id: int) -> bool:
        """Whether he hears it already: a lead who has it in hand himself is told once."""
        same = (notice.ticket_id, notice.template)
        return any((o.ticket_id, o.template) == same for o in self._owed_to(chat_id))

    def has_shown(self, subject: Subject, person: Person) -> bool:
        """Whether this person gets a new card of it anyway."""
        same = (subject.id, "card")
        return any((o.ticket_id, o.kind) == same for o in self._owed_to(person.id))

    def has_answered(self, person: Person) -> bool:
        """Whether this person is told in plain words anyway what came of it."""
        return any(o.kind == "text" for o in self._owed_to(person.id))

    def _owed_to(self, chat_id: int) -> Iterator[Owing]:
        """What this chat is owed by now because of what happens here, of all that a turn owes."""
        ours = f"{self.key}:"
        for one in self.tx.work.owed:
            if one.chat_id == chat_id and one.dedupe_key.startswith(ours):
                yield one

    def _moment(self, subject: Subject, notice: Notice) -> datetime:
        if notice.urgent or notice.priority is Priority.REPLY:
            return self.now
        return calendar.push_moment(subject, self.now, self.rules)

    def _owe(self, notice: Notice, chat_id: int, moment: datetime) -> None:
        kind = _kind(notice)
        subject = f"{notice.ticket_id or ''}:{notice.template}"
        key = f"{self.key}:{subject}:{chat_id}:{len(self.tx.work.owed)}"
        self.tx.owe(notice, chat_id, kind, key, moment + timedelta(seconds=notice.hold))

    async def alert(self, template: str, **values: object) -> None:
        """Tell the admins of every place that something is wrong with the bot itself."""
        admins = [p.id for p in await self.tx.staff("") if p.has_role(Role.ADMIN, "")]
        await self.alarm(admins, template, values)

    async def alarm(
        self, chat_ids: Iterable[int], template: str, values: Values, when: datetime | None = None
    ) -> None:  # fmt: skip
        """Tell these people that something is wrong, now or at a later moment (aware UTC); more of
        the same within the hour is told as that one message with a count.
        """
        for chat_id in chat_ids:
            found = await alerts.compose(self.tx, chat_id, template, values, self.now)
            key = f"{self.key}:{template}:{chat_id}:{len(self.tx.work.owed)}"
            self.tx.owe(found.notice, chat_id, found.kind, key, when or self.now)


def _kind(notice: Notice) -> str:
    if notice.template == "menu":
        return "menu"
    return "media" if notice.attachments else "card" if notice.is_card else "text"
