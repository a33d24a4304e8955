"""What an action needs before it can happen: each need is one value, and all about it stands there.

How it is asked, how an answer is read, how a form keeps it, how it is told. A workflow has more of
its own beside these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any, Generic, TypeVar

from msgspec import Struct, field

from workflows.core.engine.subject import Timer
from workflows.core.errors import Refusal
from workflows.core.kernels.presence import Presence
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Attachment
from workflows.core.timing.dates import parse_due

T = TypeVar("T")
DUE_DAYS = (0, 1, 3, 7, 14, 30)
NO_PHOTO = "none"  # tapped: there is no picture
_SHOWN = 8  # quick replies below a question


class Picture(Enum):
    """What a picture is to a question."""

    NO_ANSWER = "no answer"
    BESIDE = "beside"  # it goes with the words, which are still asked for
    ENOUGH = "enough"
    ALONE = "alone"  # only a picture, or the tap that there is none
    SEVERAL = "several"  # pictures one after the other, until a tap says that these are all


class Children(StrEnum):
    """What becomes of what a subject was the cause of, when it is called off."""

    KEEP = "keep"  # it goes on by itself
    END = "end"


class Heard(Struct, frozen=True, kw_only=True):
    """What somebody (by id) said just before; it goes on with an offer, its own event keeps it."""

    by: int
    text: str


def _as_said(answer: str, _: datetime, __: Rules) -> Any:
    return answer


def _as_it_is(value: Any) -> object:
    return value


class Asked(Struct, frozen=True, kw_only=True):
    """A question: of which workflow (`kind`), by which `key` its texts are found, about what."""

    kind: str
    key: str
    category: str = ""


def no_replies(_: Asked, __: Rules) -> tuple[str, ...]:
    """Nothing is proposed."""
    return ()


def quick_replies(asked: Asked, rules: Rules) -> tuple[str, ...]:
    """The community's quick replies to a question; the category's own first."""
    said = rules.choices.get(asked.kind, {})
    own = said.get(f"{asked.category}.{asked.key}", ())
    return tuple(dict.fromkeys((*own, *said.get(asked.key, ()))))[:_SHOWN]


class Need(Struct, Generic[T], frozen=True, kw_only=True, eq=False):
    """Something that is asked for, or that the system gives; `name` is its word in every column.

    The same one all along: compared by identity.
    """

    name: str
    default: T  # where nothing was given
    # An answer, typed or tapped, as the form keeps it. Raises Refusal for what is no answer.
    read: Callable[[str, datetime, Rules], Any] = _as_said
    kept: Any = str  # the type of what a form keeps
    tell: Callable[[T], object] | None = _as_it_is  # in the event and the messages; None: nowhere
    fills: Need[T] | None = None  # whose answer it gives, where that is not its own
    # How it is asked: in the action's own words or its own, with what can be tapped.
    is_words: bool = False
    replies: Callable[[Asked, Rules], tuple[str, ...]] = no_replies
    taps: tuple[tuple[tuple[str, str], ...], ...] = ()  # rows, each tap a value and its label
    picture: Picture = Picture.NO_ANSWER
    is_number: bool = False  # a bare number is its answer, whatever else it could mean
    is_shared: bool = False  # a card with a number answers it

    @property
    def answer(self) -> Need[T]:
        """By which what it asks for is found."""
        return self.fills or self

    def key(self, action: str) -> str:
        """By which its question is found, and what is proposed."""
        return action if self.is_words else self.name

    @property
    def has_replies(self) -> bool:
        """Whether a tap stands for words that are proposed."""
        return self.replies is not no_replies


class Answers(Struct, frozen=True):
    """What was given with an action, by need: `answers[TEXT]`."""

    given: Mapping[Need[Any], Any] = field(default_factory=dict)

    def __getitem__(self, need: Need[T]) -> T:
        """What was given, or the need's default."""
        found: T = self.given.get(need, need.default)
        return found

    def having(self, need: Need[T], value: T) -> Answers:
        """The same with one more, or another."""
        return Answers({**self.given, need: value})

    def as_values(self) -> dict[str, object]:
        """The same as JSON, for the event and the templates; without what is empty."""
        told = {n.name: n.tell(value) for n, value in self.given.items() if value and n.tell}
        return {name: value for name, value in told.items() if value}


NOTHING = Answers()


def _moment(due: datetime | None) -> object:
    return due and due.isoformat()


def by_id(found: Any) -> object:
    """Told by its number: a person, or a subject."""
    return found.id


def _number(answer: str, _: datetime, __: Rules) -> int:
    if not answer.isdecimal():
        raise Refusal("form_tap_a_name")
    return int(answer[:18])


def _children(answer: str, _: datetime, __: Rules) -> Children:
    if answer not in set(Children):
        raise Refusal("form_tap_an_answer")
    return Children(answer)


_DAYS = tuple((str(days), f"days.{days}") for days in DUE_DAYS)

# The action's main words: a reason, a plan, …
TEXT = Need(name="text", default="", is_words=True, replies=quick_replies, picture=Picture.BESIDE)
NOTE_OR_PHOTO = Need(
    name="note_or_photo", default="", fills=TEXT, is_words=True, replies=quick_replies,
    picture=Picture.ENOUGH,
)  # fmt: skip
DUE: Need[datetime | None] = Need(
    name="due", default=None, read=parse_due, kept=datetime | None, tell=_moment,
    taps=(_DAYS[:3], _DAYS[3:]),
)  # fmt: skip
TO: Need[Person | None] = Need(
    name="to", default=None, read=_number, kept=int | None, tell=by_id, is_number=True
)
PHOTOS: Need[tuple[Attachment, ...]] = Need(
    name="photos", default=(), kept=tuple[Attachment, ...], tell=len
)
PHOTO = Need(
    name="photo", default=(), fills=PHOTOS, picture=Picture.ALONE,
    taps=(((NO_PHOTO, "form.no_photo"),),),
)  # fmt: skip
# What of a checklist was ticked.
CHECKED: Need[tuple[str, ...]] = Need(name="checked", default=(), kept=tuple[str, ...], tell=list)
# What becomes of what it was the cause of; asked in every workflow, where there is something.
CHILDREN: Need[Children | None] = Need(
    name="children", default=None, read=_children, kept=Children | None,
    taps=tuple(((one.value, f"children.{one}"),) for one in Children),
)  # fmt: skip
EVERYWHERE: Mapping[str, Need[Any]] = {CHILDREN.name: CHILDREN}
# What the system gives; nobody is asked for these.
TIMER: Need[Timer | None] = Need(
    name="timer", default=None, tell=lambda timer: timer and timer.kind
)
HEARD: Need[Heard | None] = Need(name="heard", default=None, tell=None)
# What the list of who is there gives: who, as what, how many more or fewer, and by which code.
WHOM = Need(name="whom", default=0)
MODE = Need(name="mode", default="")
MORE = Need(name="more", default=1)
SEEN: Need[Presence | None] = Need(name="seen", default=None, tell=None)
