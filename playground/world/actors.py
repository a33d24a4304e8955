"""Who acts in the world: people and bots."""

from collections import OrderedDict
from dataclasses import dataclass, field

from playground.text.refusals import Json
from playground.world.limits import Limits, Throttle
from playground.world.updates import Mailbox

PRESENT = frozenset({"creator", "administrator", "member"})
QUERY_LIFE = 150  # seconds in which a callback query can be answered
_QUERIES_KEPT = 10_000


@dataclass
class User:
    """A person with a phone."""

    id: int
    name: str
    username: str = ""
    deactivated: bool = False

    def as_json(self) -> Json:
        """Write the person as the Bot API's User."""
        extra = {"username": self.username} if self.username else {}
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": "zh-hans",
            **extra,
        }


@dataclass(frozen=True)
class Query:
    """A pressed button that waits for its answer. `at` is world time in Unix seconds."""

    user_id: int
    at: int


@dataclass(frozen=True)
class Toast:
    """What answerCallbackQuery showed to a person."""

    callback_id: str
    text: str
    alert: bool


@dataclass
class Bot:
    """A bot account. `reads_all` means that privacy mode is off."""

    id: int
    token: str
    username: str
    name: str
    throttle: Throttle = field(default_factory=lambda: Throttle(Limits()))
    reads_all: bool = False
    mailbox: Mailbox = field(default_factory=Mailbox)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    queries: OrderedDict[str, Query] = field(default_factory=OrderedDict)
    toasts: dict[int, list[Toast]] = field(default_factory=dict)

    def as_json(self) -> Json:
        """Write the bot as the Bot API's User, the short form that messages carry."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.name,
            "username": self.username,
        }

    def remember(self, query_id: str, query: Query) -> None:
        """Keep a pressed button answerable; forget the oldest beyond 10,000."""
        self.queries[query_id] = query
        if len(self.queries) > _QUERIES_KEPT:
            self.queries.popitem(last=False)
