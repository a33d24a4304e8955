"""The parts that a workflow gives to the house, each a value that the desk asks for.

What is not given, the workflow does not have.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from enum import Flag
from typing import Any

from msgspec import Struct, field

from workflows.core.engine.flow import Flow
from workflows.core.people import Membership, Person
from workflows.core.permissions import Menu
from workflows.core.policy import ClockPolicy, Rules
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.messages import Button, Incoming, Notice, Values
from workflows.core.talk.tap import Tap
from workflows.desk.context import Context
from workflows.desk.defaults import does_nothing, is_not_its_own, no_list, no_table, none_at_all
from workflows.store import Owed, Sent, Tx

Rows = tuple[tuple[Button, ...], ...]
Room = Callable[[Context, Incoming, Person], Awaitable[None]]
Link = Callable[[Context, Incoming, Person, str], Awaitable[bool]]
Claim = Callable[[Context, Dialog, Incoming, Person], Awaitable[bool]]
Audience = Callable[[Tx, Any, datetime], Awaitable[list[int]]]


class Chat(Struct, frozen=True, kw_only=True):
    """The rooms in the chat: `taps` by the tap's kind, `commands` by name, `links` by what a start
    link begins with; `menu` says in whose menus the commands stand.

    `understands` is asked first, whatever is open: it may know better what a message is.
    `goes_on` claims what belongs to a conversation that is open, `hears` what it knows by the
    words; of the first workflow `begins` takes what nobody claims. `amends` is told of an edited
    message and says whether it was its own. `ahead` reads at once what a batch will touch. A
    command in the `menu` has a word in `[commands]`; a tap of `with_category` ends in a category.
    """

    taps: Mapping[str, Room] = field(default_factory=dict)
    commands: Mapping[str, Room] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    with_category: tuple[Tap, ...] = ()
    menu: Menu = Menu()
    goes_on: Claim = is_not_its_own
    hears: Claim = is_not_its_own
    understands: Claim = is_not_its_own
    begins: Claim = is_not_its_own
    amends: Callable[[Context, Incoming, Person], Awaitable[bool]] = is_not_its_own
    cancels: Callable[[Context, Person], Awaitable[bool]] = is_not_its_own
    ahead: Callable[[Tx, Sequence[Incoming]], Awaitable[None]] = does_nothing


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


def readers_of(
    flow: Flow[Any, Any, Any, Any, Any], relate: Callable[[Person, Any], Flag], *, work: Flag,
    own: Flag, opens: AbstractSet[Any] = frozenset(), told: AbstractSet[Any] | None = None,
    alone: AbstractSet[Any] = frozenset(),
) -> Readers:  # fmt: skip
    """Who stands to it as one of `work` reads all of it; as one of `own`, what is told, what it
    `opens`, and what he said himself. Residents are told how it began, and what says so in the
    table; what is done by them `alone`, nobody did as staff.
    """
    words: Any = type(flow.begins)
    actions = frozenset(words)
    shown = flow.actions_that(lambda row: row.shown or row.says) | {flow.begins}

    def is_work(person: Person, subject: Any) -> bool:
        return bool(relate(person, subject) & work)

    def is_own(person: Person, subject: Any) -> bool:
        return bool(relate(person, subject) & own)

    def may_see(person: Person, subject: Any) -> bool:
        return bool(relate(person, subject) & (work | own))

    def open_to(person: Person, subject: Any) -> AbstractSet[str]:
        its = opens if may_see(person, subject) else frozenset()
        return actions if is_work(person, subject) else its

    return Readers(
        may_see=may_see, is_own=is_own, is_work=is_work, open_to=open_to, own=alone,
        told=shown if told is None else told,
    )  # fmt: skip


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
    only the newest may; `spread` is the buttons of an action or a look by its name, given a subject
    and the rules. `delivered` hears what came of an answer that was waited for, and of
    messages with the templates that it `heeds`.
    """

    draw: Callable[[Drawing], Awaitable[Look]] = _plain
    ahead: Callable[[Tx, Sequence[Owed], Rules], Awaitable[Any]] = does_nothing
    changed: Callable[[Owed, Person, Any], Owed] = lambda owed, _, __: owed
    mentions: Callable[[Any], Iterable[int | None]] = lambda _: ()
    unnamed: Callable[[Any], AbstractSet[int | None]] = lambda _: frozenset()
    looks: Mapping[str, Callable[[Context, Any, Person], Awaitable[None]]] = field(
        default_factory=dict
    )
    hides: Callable[[Context, Owed, Any], Awaitable[bool]] = is_not_its_own
    spread: Callable[[Any, str, Rules], tuple[Button, ...]] = lambda *_: ()
    heeds: frozenset[str] = frozenset()
    delivered: Callable[[Context, Sent, Any], Awaitable[None]] = does_nothing


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

    `draw` is given the page that was asked for. Where nothing waits in it the board never `opens`.
    """

    key: str
    count: Callable[[Context, Collection[str]], Awaitable[int]]
    draw: Callable[[Context, Person, BoardPage], Awaitable[Notice]]
    opens: bool = True


class BoardPage(Struct, frozen=True, kw_only=True):
    """What is asked of a section: which page, of how many subjects, in which scope, below which
    tabs; whether it is what comes next after something was done there, and after which action;
    whose, where that was asked.
    """

    asked: str
    count: int
    scope: tuple[str, ...]
    tabs: tuple[tuple[Button, ...], ...]
    is_next: bool = False
    done: str | None = None
    of: str = ""


class Part(Struct, frozen=True, kw_only=True):
    """A part of a morning's list: the first lines and how many there are; `opens` are buttons. Of a
    workflow beside the first it is called as the table [morning] of its words says.

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


class Around(Struct, frozen=True, kw_only=True):
    """What is open to somebody where he lives: subjects, a line each, and further buttons."""

    subjects: Sequence[Any] = ()
    opens: Rows = ()


class Lists(Struct, frozen=True, kw_only=True):
    """What of it stands in lists: a line each, what somebody has in hand and has brought, what a
    search finds, the board's sections, the morning's parts, a table's rows to take away; what is
    `around` somebody, and `own`, the buttons below the list of what he brought.
    """

    line: Callable[[Any], Values] = lambda _: {}
    standing: Callable[[Any, datetime, Rules], Standing] = lambda *_: Standing()
    in_hand: Callable[[Context, Person], Awaitable[list[Any]]] = no_list
    brought: Callable[[Context, Person, int], Awaitable[list[Any]]] = no_list
    found: Callable[[Context, Person, str], Awaitable[Found]] = _nothing_found
    sections: tuple[Section, ...] = ()
    morning: Callable[[Context, list[Person], datetime], Awaitable[Round]] | None = None
    export: Callable[[Tx, Person, Rules], Awaitable[list[Values]]] | None = None
    around: Callable[[Context, Person], Awaitable[Around]] | None = None
    own: Rows = ()


class Document(Struct, frozen=True, kw_only=True):
    """A file that is made when it goes out, for who reads it as he stands then: a page to print, of
    which `<its name>_page.html` is the template, or "ics", a calendar of its `appointments`
    (`core.timing.appointments`). `gather` gives what it shows; the message's words come beside.
    /export offers it below the tables where it `is_report`.
    """

    gather: Callable[[Tx, Person, Rules, Values], Awaitable[Values]]
    ending: str = "html"
    is_report: bool = False


class Attending(Struct, frozen=True, kw_only=True):
    """Of a workflow to whose subjects people come: who is there is taken down (`desk.attendance`).

    `running` asks the store which are on just now; `runs` says whether somebody takes down others,
    `tabs` as what (a word for the step, and what to call it if that is no word of `attend`);
    `people` are those on the list, `line` what is said of one there: his `name`, where he has no
    account, `is_on`, and whatever its label needs. What is done is `here` for whoever gives a code,
    `mark` for who is taken down by others; of what is `uncounted` nobody is added by number.
    """

    running: Callable[..., Awaitable[list[int]]]
    runs: Callable[[Person, Any], bool]
    tabs: Callable[[Any], Sequence[tuple[str, str]]]
    people: Callable[[Any], Sequence[int]]
    line: Callable[[Any, int, str], Values]
    shown: Callable[[Any], Values] = lambda _: {}
    uncounted: frozenset[str] = frozenset()
    here: str = "here"
    mark: str = "mark"


class Hands(Struct, frozen=True, kw_only=True):
    """What goes with a person: who has a subject in hand, who only helps with it; how much somebody
    has, by his id; what goes on to others when he leaves, or cannot be reached any more; what waits
    for who has just got a role (`arrived`).
    """

    holder: Callable[[Any], int | None] = lambda _: None
    helps: Callable[[Person, Any], bool] = lambda *_: False
    loads: Callable[[Tx, Collection[int]], Awaitable[Mapping[int, int]]] = no_table
    held: Callable[[Tx, int], Awaitable[int]] = none_at_all
    release: Callable[[Context, Person], Awaitable[int]] = none_at_all
    arrived: Callable[[Context, Person, Membership], Awaitable[None]] = does_nothing


class Privacy(Struct, frozen=True, kw_only=True):
    """What is held about a person, as JSON; whether it may be forgotten (else a Refusal), and
    forgetting it; `expire` takes the words out of some whose time is over, and says if there
    were any. `needs_words` is the setting that says for how many days after its end.
    """

    held: Callable[[Tx, Person], Awaitable[Mapping[str, Any]]] = no_table
    check: Callable[[Context, Person], Awaitable[None]] = does_nothing
    forget: Callable[[Context, Person], Awaitable[int]] = none_at_all
    expire: Callable[[Context], Awaitable[bool]] = is_not_its_own
    needs_words: str = ""


class Promises(Struct, frozen=True, kw_only=True):
    """What it promises by a community's rules: `texts` are values for every template, where a
    policy is told as its length; `answers` say when what kind of matter is answered, usually and
    where it is urgent.
    """

    texts: Callable[[Rules], Values] = lambda _: {}
    answers: Callable[[Rules], Mapping[str, tuple[ClockPolicy, ClockPolicy]]] = lambda _: {}
