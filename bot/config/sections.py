"""The sections of the config, each a frozen value that refuses keys it does not know."""

from __future__ import annotations

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    SecretStr,
    StringConstraints,
)

from workflows.core.policy import WeekTime
from workflows.core.settings import YEAR
from workflows.core.talk.tap_text import LONGEST, write
from workflows.core.timing.dates import parse_week_time
from workflows.registry import WORKFLOWS

_BEFORE_CATEGORY = [len(write(tap)) for one in WORKFLOWS for tap in one.chat.with_category]
CATEGORY_BYTES = LONGEST - max(_BEFORE_CATEGORY, default=0)
_DATABASES = ("sqlite+aiosqlite://", "postgresql+asyncpg://")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        raise ValueError(
            f'there is no time zone "{name}"; write one like "Asia/Shanghai"'
        ) from None
    return name


def fits_button(key: str) -> str:
    """The key, if a button has room for it. Raises ValueError."""
    size = len(key.encode())
    if size > CATEGORY_BYTES:
        raise ValueError(
            f"is too long: {size} bytes of {CATEGORY_BYTES} (a Chinese character is 3)"
        )
    return key


def _is_address(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("must begin with https:// or http://")
    return url


def _is_bot_api(url: str) -> str:
    """The token is written right behind it, or where {token} is; without /bot a server answers what
    is no Bot API.
    """
    if not url.endswith("/bot") and "/bot{token}" not in url:
        raise ValueError('must end with /bot, as in "https://api.telegram.org/bot"')
    return url


def _is_database(url: str) -> str:
    if not url.startswith(_DATABASES):
        raise ValueError(f"must begin with {' or '.join(_DATABASES)}")
    return url


def _is_token(token: SecretStr) -> SecretStr:
    text = token.get_secret_value()
    if any(not "!" <= char <= "~" for char in text):
        raise ValueError("has a space, a line break or a strange character in it")
    if text and not re.match(r"\d+:.", text, re.ASCII):
        raise ValueError("is no token: it begins with digits and a colon, as @BotFather gives it")
    return token


def _is_hook_secret(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if len(text) > 256 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in text):
        raise ValueError("may only have letters, digits, _ and -, at most 256")
    return secret


def _is_clock_time(value: Any) -> Any:
    """Text "22:00", or TOML's own 22:00:00; a bare number would be read as seconds."""
    if not isinstance(value, str | time):
        raise ValueError('must be a time like "22:00"')
    return value


def _or_never(value: Any) -> Any:
    """The same, or "" for never."""
    return None if value in ("", None) else _is_clock_time(value)


def _read_week_time(value: Any) -> Any:
    """Text "周一 09:00", or "" for never."""
    if value in ("", None) or isinstance(value, WeekTime):
        return value or None
    return parse_week_time(value if isinstance(value, str) else "")


def _or_none(value: Any) -> Any:
    """Nothing between the quotes says the same as no setting."""
    return None if value == "" else value


def _or_zero(value: Any) -> Any:
    """Nothing between the quotes says the same as 0."""
    return 0 if value == "" else value


def _is_local(value: time | None) -> time | None:
    if value and value.tzinfo:
        raise ValueError("is in the community's own time zone: leave the zone out")
    return value


Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)]
Item = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(_[A-Z]{2})?$")]
Zone = Annotated[str, AfterValidator(_zone)]
Url = Annotated[str, AfterValidator(_is_address)]
Moment = Annotated[time, BeforeValidator(_is_clock_time), AfterValidator(_is_local)]
Morning = Annotated[time | None, BeforeValidator(_or_never), AfterValidator(_is_local)]
Weekly = Annotated[InstanceOf[WeekTime] | None, BeforeValidator(_read_week_time)]
Folder = Annotated[Path | None, BeforeValidator(_or_none)]
Port = Annotated[int, Field(ge=0, le=65535)]
Percent = Annotated[int, Field(ge=1, le=99)]
Minutes = Annotated[float, Field(gt=0, le=YEAR * 24 * 60)]
Hours = Annotated[float, Field(gt=0, le=YEAR * 24)]
Days = Annotated[float, Field(gt=0, le=YEAR)]
KeepDays = Annotated[int, Field(ge=2, le=YEAR)]  # Telegram repeats an update for a day
Retention = Annotated[int, BeforeValidator(_or_zero), Field(ge=0, le=100 * YEAR)]
Share = Annotated[int, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Pace = Annotated[float, Field(gt=0, le=10_000)]
Standstill = Annotated[float, Field(ge=90, le=24 * 3600)]  # a long poll takes most of a minute
Admins = tuple[Annotated[int, Field(gt=0)], ...]


class Part(BaseModel):
    """A section of the config."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False
    )


class Webhook(Part):
    """Where Telegram calls (`url`, with its `secret`), and where the bot listens for it."""

    url: Url = ""
    secret: Annotated[SecretStr, AfterValidator(_is_hook_secret)] = SecretStr("")
    host: Word = "127.0.0.1"
    port: Port = 8443
    path: Annotated[str, StringConstraints(pattern="^/")] = "/telegram"


class Telegram(Part):
    """How to reach Telegram, and how fast it lets us send. `poll_timeout` is in seconds.

    `token_file` holds the token in its stead; `load` has read it already.
    """

    token: Annotated[SecretStr, AfterValidator(_is_token)] = SecretStr("")
    token_file: str = ""
    base_url: Annotated[Url, Field(min_length=1), AfterValidator(_is_bot_api)] = (
        "https://api.telegram.org/bot"
    )
    mode: Literal["polling", "webhook"] = "polling"
    webhook: Webhook = Webhook()
    poll_timeout: Annotated[int, Field(ge=0, le=50)] = 30
    per_second: Pace = 30
    per_chat_second: Pace = 1.0
    per_group_minute: Pace = 20


class Database(Part):
    """Where everything is kept, and how long a unit of work may take there; the address can hold a
    password, so it is not shown.
    """

    url: Annotated[str, AfterValidator(_is_database), Field(repr=False)] = (
        "sqlite+aiosqlite:///data/haitang.db"
    )
    timeout_seconds: Annotated[float, Field(gt=0, le=30)] = 10


class Health(Part):
    """Where /healthz and /metrics listen; port 0 is off. The rest is in seconds: how long the poll,
    the timers or the outbox may stand still before /healthz says 503.
    """

    host: Word = "127.0.0.1"
    port: Port = 0
    poll_seconds: Standstill = 180
    tick_seconds: Standstill = 120
    outbox_seconds: Standstill = 600

    def limits(self, *, polls: bool) -> dict[str, float]:
        """The same by loop; without polls there is nothing to wait for from Telegram."""
        limits = {"tick": self.tick_seconds, "outbox": self.outbox_seconds}
        return ({"poll": self.poll_seconds} if polls else {}) | limits


class Backup(Part):
    """Where copies of the database go, how often, and how many are kept; no folder is off."""

    folder: str = ""
    every_hours: Hours = 24
    keep: Annotated[int, Field(ge=1, le=10_000)] = 14


class Privacy(Part):
    """How long after its end a subject keeps its words, in days; 0 is for ever."""

    retention_days: Retention = 365

    def retention(self) -> timedelta | None:
        """The same as a span, None for ever."""
        return timedelta(days=self.retention_days) if self.retention_days else None


class ClockSource(Part):
    """The playground's clock to follow over HTTP; empty for the real time."""

    url: Url = ""


class EmergencyPart(Part):
    """The numbers to call first; "" for one that this place does not have."""

    fire: Number = "119"
    police: Number = "110"
    police_text: Number = "12110"
    ambulance: Number = "120"
    gas: Number = ""
    power: Number = "95598"
    counsel: Number = "12356"


class Quiet(Part):
    """The hours in which nobody is woken, local time; both the same is none."""

    from_: Moment = Field(default=time(22), alias="from")
    until: Moment = time(7)
