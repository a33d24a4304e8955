"""What a workflow is to the house: one value, made of its table and its parts.

A package beside this one makes it; `workflows.registry` lists them all. The desk knows none of
them by name: it is given the list, and asks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property, lru_cache, reduce
from types import ModuleType
from typing import Any, TypeVar

from msgspec import Struct, field, structs

from workflows.core.engine.flow import Flow
from workflows.core.engine.subject import Attempt, Subject, Timer
from workflows.core.errors import Refusal
from workflows.core.kernels.causes import Seed
from workflows.core.people import Person
from workflows.core.permissions import Menu
from workflows.core.places import Places, community_of
from workflows.core.policy import ClockDefaults, Rules
from workflows.core.settings import NoSettings
from workflows.core.talk.messages import Incoming
from workflows.core.talk.needs import quick_replies
from workflows.desk import performing
from workflows.desk.asking import Asking
from workflows.desk.context import Context
from workflows.desk.defaults import does_nothing, no_list
from workflows.desk.parts import (
    Attending,
    Audience,
    Cards,
    Chat,
    Document,
    Hands,
    Link,
    Lists,
    Privacy,
    Promises,
    Readers,
    Room,
    Section,
)
from workflows.store import Tx
from workflows.store.kept import Kept, Kinds

T = TypeVar("T")
_COMMUNITY = 2  # how deep it lies


class Workflow(Struct, frozen=True, kw_only=True, dict=True):
    """A workflow: its table (`flow`), how its subjects are kept (`kept`), its clocks' defaults, its
    own `settings` in the config (`Rules.of` has them), and its parts in the chat.

    `command` makes somebody's command of it; `perform` and `ring` take a step and a due moment with
    all that follows. `recover` is what follows from a time in which nothing was heard; `spawned`
    begins a subject that another one causes (`desk.spawning`), and `caused` hears that the work on
    one that it had caused is done. One that is `part_of` another kind is on where that is.
    `documents` are the files it makes, by the template of the message that brings them. `faults`
    says in a line each what must hold of all that is kept of it and does not: for the operator.
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
    promises: Promises = Promises()
    clocks: ClockDefaults = ClockDefaults(usual={})
    settings: type[Struct] = NoSettings
    recover: Callable[[Context, datetime], Awaitable[None]] = does_nothing
    spawned: Callable[[Context, Seed], Awaitable[Any]] | None = None
    caused: Callable[[Context, Any, Any, Person], Awaitable[None]] = does_nothing
    part_of: str = ""
    chores: tuple[ModuleType, ...] = ()
    attending: Attending | None = None
    documents: Mapping[str, Document] = field(default_factory=dict)
    faults: Callable[[Tx], Awaitable[list[str]]] = no_list

    @property
    def kind(self) -> str:
        """Its name in taps, tables, templates and the config."""
        return self.flow.kind

    @property
    def package(self) -> str:
        """Where it is made; several can be in one."""
        return type(self.flow.begins).__module__.rpartition(".")[0]

    @property
    def reply_keys(self) -> frozenset[str]:
        """What can have quick replies: by the actions that ask for words, and by some needs."""
        return frozenset(
            need.key(step.action)
            for step in self.flow.steps
            for need in step.needs
            if need.replies is quick_replies
        )

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
        self._parts = dict[tuple[str, ...], Workflows]()
        self.kinds = Kinds(tuple(one.kept for one in workflows))

    def __iter__(self) -> Iterator[Workflow]:
        return iter(self.all)

    def offered(self, person: Person | None, rules: Rules) -> Workflows:
        """Those that the communities of a person have; with None, those that all have."""
        if not rules.without:
            return self
        known = None if person is None else _known(person)
        return self._only(_offered(tuple(self._by_kind), known, rules))

    def _only(self, kinds: tuple[str, ...]) -> Workflows:
        if kinds not in self._parts:
            self._parts[kinds] = Workflows(*(self._by_kind[kind] for kind in kinds))
        return self._parts[kinds]

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

    async def faults(self, tx: Tx) -> list[str]:
        """What must hold of each and does not."""
        return [f"{one.kind}: {what}" for one in self for what in await one.faults(tx)]

    def without_secrets(self, incoming: Incoming) -> Incoming:
        """What may be kept of something that could not be handled: of a secret answer not what it
        was.
        """
        tap = incoming.tap
        is_secret = any(tap.verb in one.asking.secret for one in self)
        return (
            structs.replace(incoming, tap=structs.replace(tap, args=())) if is_secret else incoming
        )

    @cached_property
    def taps(self) -> Mapping[str, Room]:
        """The rooms behind taps. Raises ValueError where two want the same."""
        return merged(one.chat.taps for one in self)

    @cached_property
    def commands(self) -> Mapping[str, Room]:
        """The same behind commands."""
        return merged(one.chat.commands for one in self)

    @cached_property
    def links(self) -> Mapping[str, Link]:
        """The same behind start links."""
        return merged(one.chat.links for one in self)

    @cached_property
    def menu(self) -> Menu:
        """Their commands in people's menus, and 身边 where one of them has something there."""
        around = Menu(lists=("around",)) if any(one.lists.around for one in self) else Menu()
        return reduce(Menu.beside, (one.chat.menu for one in self), around)

    @cached_property
    def sections(self) -> Mapping[str, Section]:
        """The board's sections."""
        return merged({s.key: s for s in one.lists.sections} for one in self)

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """The files they make. Raises ValueError where two have one of the same name."""
        return merged(one.documents for one in self)

    @cached_property
    def heeded(self) -> frozenset[str]:
        """The templates of which some workflow wants to hear that they went out, or not."""
        return frozenset(name for one in self for name in one.cards.heeds)

    def promised(self, rules: Rules) -> Mapping[str, Any]:
        """What texts can say of their promises. Raises ValueError where two mean one name."""
        return merged(one.promises.texts(rules) for one in self)

    @cached_property
    def chores(self) -> tuple[ModuleType, ...]:
        """What is done by the calendar for them."""
        return tuple(chore for one in self for chore in one.chores)


@lru_cache(maxsize=1024)  # several times a message, of few places
def _offered(
    kinds: tuple[str, ...], known: tuple[str, ...] | None, rules: Rules
) -> tuple[str, ...]:
    """Those of the kinds that the communities of these places have; with None, that all have."""
    every = [one.path for one in rules.places.inside("", _COMMUNITY)]
    if known is None:
        return tuple(k for k in kinds if all(rules.is_on(k, one) for one in every))
    near = _near(known, rules.places) or every
    return tuple(k for k in kinds if any(rules.is_on(k, one) for one in near))


def _known(person: Person) -> tuple[str, ...]:
    """Where somebody works or was last."""
    return (*(m.place for m in person.memberships), *filter(None, [person.last_place]))


def _near(known: Iterable[str], places: Places) -> list[str]:
    """The communities of places; none where nothing is known."""
    inside = [
        places.inside(place, _COMMUNITY) or (places.by_path.get(community_of(place)),)
        for place in known
    ]
    return [one.path for some in inside for one in some if one]


def merged(tables: Iterable[Mapping[str, T]]) -> dict[str, T]:
    """One table of all. Raises ValueError where two have a word for themselves."""
    found: dict[str, T] = {}
    for table in tables:
        if twice := found.keys() & table.keys():
            raise ValueError(f"two want {sorted(twice)}")
        found |= table
    return found
