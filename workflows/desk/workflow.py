"""What a workflow gives to the house: one value, in parts that the desk asks for.

A package beside this one makes a `Workflow` of its table and of what is its own in the chat;
`workflows.registry` lists them. The desk knows none of them by name. What is not given, the
workflow does not have.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import cached_property
from types import ModuleType
from typing import Any, TypeVar

from msgspec import Struct, field

from workflows.core.dialogs import Dialog
from workflows.core.errors import Refusal
from workflows.core.flow import Flow
from workflows.core.messages import Button, Incoming, Notice, Values
from workflows.core.people import Person
from workflows.core.policy import ClockDefaults, Rules
from workflows.core.subject import Attempt, Subject, Timer
from workflows.desk import performing
from workflows.desk.asking import Asking
from workflows.desk.context import Context
from workflows.store import Owed, Sent, Tx
from workflows.store.kept import Kept, Kinds

Rows = tuple[tuple[Button, ...], ...]
Room = Callable[[Context, Incoming, Person], Awaitable[None]]
Link = Callable[[Context, Incoming, Person, str], Awaitable[bool]]
Claim = Callable[[Context, Dialog, Incoming, Person], Awaitable[bool]]
Audience = Callable[[Tx, Any, datetime], Awaitable[list[int]]]
T = TypeVar("T")


async def _nothing(*_: object) -> None:
    """There is nothing to do."""


async def _claims_none(*_: object) -> bool:
    return False


async def _none(*_: object) -> list[Any]:
    return []


async def _zero(*_: object) -> int:
    return 0


async def _empty(*_: object) -> dict[Any, Any]:
    return {}


class Chat(Struct, frozen=True, kw_only=True):
    """The rooms in the chat: `taps` by the tap's kind, `commands` by name, `links` by what a start
    link begins with.

    `goes_on` claims what belongs to a conversation that is open, `hears` what it knows by the
    words; of the first workflow `begins` takes what nobody claims. `amends` is told of an edited
    message and says whether it was its own. `ahead` reads at once what a batch will touch.
    """

    taps: Mapping[str, Room] = field(default_factory=dict)
    commands: Mapping[str, Room] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    goes_on: Claim = _claims_none
    hears: Claim = _claims_none
    begins: Claim = _claims_none
    amends: Callable[[Context, Incoming, Person], Awaitable[bool]] = _claims_none
    cancels: Callable[[Context, Person], Awaitable[bool]] = _claims_none
    ahead: Callable[[Tx, Sequence[Incoming]], Awaitable[None]] = _nothing


class Readers(Struct, frozen=True, kw_only=True):
    """Who reads what of a subject: who may at all, as whose own it is, as who works on it.

    `open_to` are the actions whose words and files somebody may have; `told` those of which
    residents read, `own` those that nobody but residents take.
    """

    may_see: Callable[[Person, Any], bool]
    is_own: Callable[[Person, Any], bool]
    is_work: Callable[[Person, Any], bool]
    open_to: Callable[[Person, Any], AbstractSet[str]]
    told: AbstractSet[str] = frozenset()
    own: AbstractSet[str] = frozenset()


class Drawing(Struct, frozen=True, kw_only=True):
    """A card about to go out: of what, for whom; `reader` is "resident", "staff", "group" or
    "nobody", `ahead` what `Cards.ahead` has read.
    """

    tx: Tx
    rules: Rules
    now: datetime
    owed: Owed
    subject: Any
    viewer: Person | None
    reader: str
    ahead: Any

    @property
    def is_card(self) -> bool:
        """Whether it is drawn with its buttons."""
        return self.owed.kind in {"card", "edit"}


class Look(Struct, frozen=True, kw_only=True):
    """How a card looks: its buttons, and what its template is given as `shown`."""

    buttons: Rows = ()
    shown: Any = None


async def _nothing_found(*_: object) -> Found:
    return Found()


async def _plain(_: Drawing) -> Look:
    return Look()


class Cards(Struct, frozen=True, kw_only=True):
    """How subjects look. `ahead` reads at once what a batch of messages shows; `changed` is a
    message that belongs to no subject, as it is shown now.

    `mentions` are people whom a card can name, `unnamed` those whose name nobody reads; `looks`
    are further things of a subject to look at; `hides` says whether an older card has shown what
    only the newest may. `delivered` hears what came of an answer that was waited for, and of
    messages with the templates that it `heeds`.
    """

    draw: Callable[[Drawing], Awaitable[Look]] = _plain
    ahead: Callable[[Tx, Sequence[Owed], Rules], Awaitable[Any]] = _nothing
    changed: Callable[[Owed, Person, Any], Owed] = lambda owed, _, __: owed
    mentions: Callable[[Any], Iterable[int | None]] = lambda _: ()
    unnamed: Callable[[Any], AbstractSet[int | None]] = lambda _: frozenset()
    looks: Mapping[str, Callable[[Context, Any, Person], Awaitable[None]]] = field(
        default_factory=dict
    )
    hides: Callable[[Context, Owed, Any], Awaitable[bool]] = _claims_none
    heeds: frozenset[str] = frozenset()
    delivered: Callable[[Context, Sent, Any], Awaitable[None]] = _nothing


class Standing(Struct, frozen=True, kw_only=True):
    """What a subject asks of people today; `waits_for` is an audience, but for who has it in
    hand; `due` the next moment that was promised (aware UTC).
    """

    is_urgent: bool = False
    is_late: bool = False
    is_today: bool = False
    waits_for: str | None = None
    due: datetime | None = None


class Section(Struct, frozen=True, kw_only=True):
    """A section of the board: how many there are in a scope, and a page of them, drawn.

    `draw` is given the page that was asked for.
    """

    key: str
    count: Callable[[Context, Collection[str]], Awaitable[int]]
    draw: Callable[[Context, Person, BoardPage], Awaitable[Notice]]


class BoardPage(Struct, frozen=True, kw_only=True):
    """What is asked of a section: which page, of how many subjects, in which scope, below which
    tabs; whether it is what comes next after something was done there, and after which action.
    """

    asked: str
    count: int
    scope: tuple[str, ...]
    tabs: tuple[Button, ...]
    is_next: bool = False
    done: str | None = None


class Part(Struct, frozen=True, kw_only=True):
    """A part of a morning's list: the first lines and how many there are; `opens` are buttons.

    `calls` says whether it is worth a message of its own.
    """

    lines: Sequence[Values]
    count: int
    opens: Rows = ()
    calls: bool = True


class Round(Struct, frozen=True, kw_only=True):
    """The morning of some people: how many of those asked about it has looked at, and the parts
    of each.
    """

    reach: int
    parts: Callable[[Person], Awaitable[Mapping[str, Part]]]


class Found(Struct, frozen=True, kw_only=True):
    """What a search finds, newest first; `looked_at` says how many of a place were looked at, where
    that was not all of them.
    """

    subjects: Sequence[Any] = ()
    looked_at: int = 0


class Lists(Struct, frozen=True, kw_only=True):
    """What of it stands in lists: a line each, what somebody has in hand and has brought, what a
    search finds, the board's sections, the morning's parts, a table's rows to take away.
    """

    line: Callable[[Any], Values] = lambda _: {}
    standing: Callable[[Any, datetime, Rules], Standing] = lambda *_: Standing()
    in_hand: Callable[[Context, Person], Awaitable[list[Any]]] = _none
    brought: Callable[[Context, Person, int], Awaitable[list[Any]]] = _none
    found: Callable[[Context, Person, str], Awaitable[Found]] = _nothing_found
    sections: tuple[Section, ...] = ()
    morning: Callable[[Context, list[Person], datetime], Awaitable[Round]] | None = None
    export: Callable[[Tx, Person, Rules], Awaitable[list[Values]]] | None = None


class Hands(Struct, frozen=True, kw_only=True):
    """What goes with a person: who has a subject in hand, who only helps with it; how much somebody
    has, by his id; what goes on to others when he leaves, or cannot be reached any more.
    """

    holder: Callable[[Any], int | None] = lambda _: None
    helps: Callable[[Person, Any], bool] = lambda *_: False
    loads: Callable[[Tx, Collection[int]], Awaitable[Mapping[int, int]]] = _empty
    held: Callable[[Tx, int], Awaitable[int]] = _zero
    release: Callable[[Context, Person], Awaitable[int]] = _zero


class Privacy(Struct, frozen=True, kw_only=True):
    """What is held about a person, as JSON; whether it may be forgotten (else a Refusal), and
    forgetting it; `expire` takes the words out of some whose time is over, and says if there
    were any.
    """

    held: Callable[[Tx, Person], Awaitable[Mapping[str, Any]]] = _empty
    check: Callable[[Context, Person], Awaitable[None]] = _nothing
    forget: Callable[[Context, Person], Awaitable[int]] = _zero
    expire: Callable[[Context], Awaitable[bool]] = _claims_none


class Workflow(Struct, frozen=True, kw_only=True, dict=True):
    """A workflow: its table (`flow`), how its subjects are kept (`kept`), its clocks' defaults, and
    its parts in the chat.

    `command` makes somebody's command of it; `perform` and `ring` take a step and a due moment with
    all that follows. `recover` is what follows from a time in which nothing was heard.
    """

    flow: Flow[Any, Any, Any, Any, Any]
    kept: Kept[Any]
    readers: Readers
    asking: Asking[Any]
    command: Callable[..., Attempt]
    audiences: Mapping[str, Audience] = field(default_factory=dict)
    perform: performing.Perform = performing.perform
    ring: Callable[[Context, Timer], Awaitable[None]] = performing.ring
    chat: Chat = Chat()
    cards: Cards = Cards()
    lists: Lists = Lists()
    hands: Hands = Hands()
    privacy: Privacy = Privacy()
    clocks: ClockDefaults = ClockDefaults(usual={})
    recover: Callable[[Context, datetime], Awaitable[None]] = _nothing
    chores: tuple[ModuleType, ...] = ()

    @property
    def kind(self) -> str:
        """Its name in taps, tables, templates and the config."""
        return self.flow.kind

    def may(self, person: Person, action: Any, subject: Any, now: datetime, rules: Rules) -> bool:
        """Whether the machine would accept this action from this person now."""
        return self.flow.may(self.command(subject, action, person, now, rules))

    def actions(self, person: Person, subject: Any, now: datetime, rules: Rules) -> tuple[Any, ...]:
        """All that this person may do now, in the table's order: the buttons."""
        return self.flow.actions(self.command(subject, self.flow.begins, person, now, rules))

    def row(self, person: Person, action: Any, subject: Any, now: datetime, rules: Rules) -> Any:
        """The row that an action would take. Raises the refusal."""
        return self.flow.row_for(self.command(subject, action, person, now, rules))

    def action(self, name: str) -> Any:
        """An action by its word. Raises Refusal where only another version knows it."""
        if name not in self.flow.by_name:
            raise Refusal("form_over")
        return self.flow.by_name[name]


class Workflows:
    """All of them. The first is asked first: its are most subjects."""

    def __init__(self, *workflows: Workflow) -> None:
        self.all = workflows
        self._by_kind = {one.kind: one for one in workflows}
        self.kinds = Kinds(tuple(one.kept for one in workflows))

    def __iter__(self) -> Iterator[Workflow]:
        return iter(self.all)

    @property
    def first(self) -> Workflow:
        """What nobody claims is begun there."""
        return self.all[0]

    def of(self, subject: Subject) -> Workflow:
        """The workflow of a subject."""
        return self._by_kind[subject.kind]

    def named(self, kind: object) -> Workflow | None:
        """The workflow of this kind, or None."""
        return self._by_kind.get(str(kind))

    @cached_property
    def taps(self) -> Mapping[str, Room]:
        """The rooms behind taps. Raises ValueError where two want the same."""
        return _merged(one.chat.taps for one in self)

    @cached_property
    def commands(self) -> Mapping[str, Room]:
        """The same behind commands."""
        return _merged(one.chat.commands for one in self)

    @cached_property
    def links(self) -> Mapping[str, Link]:
        """The same behind start links."""
        return _merged(one.chat.links for one in self)

    @cached_property
    def sections(self) -> Mapping[str, Section]:
        """The board's sections."""
        return _merged({s.key: s for s in one.lists.sections} for one in self)

    @cached_property
    def heeded(self) -> frozenset[str]:
        """The templates of which some workflow wants to hear that they went out, or not."""
        return frozenset(name for one in self for name in one.cards.heeds)

    @cached_property
    def chores(self) -> tuple[ModuleType, ...]:
        """What is done by the calendar for them."""
        return tuple(chore for one in self for chore in one.chores)


def _merged(tables: Iterable[Mapping[str, T]]) -> dict[str, T]:
    merged: dict[str, T] = {}
    for table in tables:
        if twice := merged.keys() & table.keys():
            raise ValueError(f"two workflows want {sorted(twice)}")
        merged |= table
    return merged
