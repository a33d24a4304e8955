"""Letter → text and buttons: the only place that opens templates.

Text is HTML with autoescape on: what a person wrote is always a value, never a template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape, unescape
from pathlib import Path
from typing import Any

import structlog
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
)
from jinja2.runtime import Context, Macro
from msgspec import Struct

from bot.config.wording import TEMPLATES, read_words
from bot.telegram.tap_codec import encode
from workflows.core.messages import Button
from workflows.core.numbers import format_number
from workflows.core.policy import Rules
from workflows.desk import Letter, Toast
from workflows.desk.composing import Named
from workflows.petition import timing
from workflows.petition.model import Ticket
from workflows.petition.words import ClockName

_MESSAGE_UNITS = 4096
_TOAST_CHARACTERS = 190
_SAFE_CHARACTERS = 800  # even if every one of them must be escaped
_MOMENTS = 64  # remembered: what is drawn at once names the same ones
# What a message about a ticket can say (command.Command.as_values); absent means empty.
DEFAULTS: dict[str, Any] = dict.fromkeys(
    ("text", "where", "due", "to", "into", "rating", "clock", "mark", "at", "name", "about",
     "grid", "partner", "solved", "heard", "checked", "checklist", "referred")
) | {"actor": None, "heard_from": None, "late": 0, "photos": 0, "timer": ""}  # fmt: skip
_LABELS = 512  # remembered: the words of buttons that say nothing else, in one locale
_FOR_CONTEXTS = {"_loop_vars", "_block_vars"}  # what a template adds to a call inside a loop
_DICTS_OWN = frozenset(dir(dict))
_log = structlog.get_logger()

Keyboard = dict[str, list[list[dict[str, str]]]]


class _Context(Context):
    """Knows what a macro wants to be given, which Jinja asks at every call."""

    def call(self, obj: Callable[..., Any], /, *args: Any, **told: Any) -> Any:
        if type(obj) is Macro and told.keys() <= _FOR_CONTEXTS:
            return obj(self.eval_ctx, *args)
        return super().call(obj, *args, **told)


class _Environment(Environment):
    """Jinja's, without what it does again at every drawing."""

    context_class = _Context

    def __init__(self, **told: Any) -> None:
        super().__init__(**told)
        self._found: dict[tuple[BaseLoader | None, str], Template] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dict: importing a macro compares a template's globals with its own."""
        return {**self.globals, **(d or {})}

    def get_template(
        self, name: str | Template, parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - as the base calls it
    ) -> Template:  # fmt: skip
        """What was found once stays: no file changes while the bot runs."""
        if globals or not isinstance(name, str):
            return super().get_template(name, parent, globals)
        found = self._found.get((self.loader, name))
        if found is None:
            found = self._found[self.loader, name] = super().get_template(name, parent)
        return found

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A dict is asked for its key first, unless that is the name of a method."""
        if type(obj) is dict and attribute in obj and attribute not in _DICTS_OWN:
            return obj[attribute]
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)


class Drawn(Struct, frozen=True, kw_only=True):
    """A message ready to send: HTML text and its keyboard, as the Bot API takes it."""

    text: str
    markup: Keyboard | None


class Renderer:
    """The templates of one locale, with times and places shown as a community's rules say.

    `own` is a folder of templates and words that hold before the built-in ones. One of them that
    cannot be drawn is told by `take_broken`, and the message goes out with the built-in one.
    """

    def __init__(
        self, locale: str, rules: Rules, bot_name: str = "", own: Path | None = None
    ) -> None:  # fmt: skip
        builtin = FileSystemLoader(TEMPLATES / locale)
        self.words: Mapping[str, Any] = read_words(locale, own)[0]
        self.zone = rules.zone
        self.places = rules.places
        self.bot_name = bot_name
        self.promises = self._promises(rules)
        self.emergency = rules.emergency
        self.builtin = self._environment(builtin)
        both = ChoiceLoader([FileSystemLoader(own), builtin]) if own else builtin
        self.environment = self._environment(both)
        self._fixed = lru_cache(_LABELS)(self._worded)
        self._broken: dict[str, str] = {}  # what was drawn with the built-in template instead
        self._told: set[str] = set()

    def _environment(self, loader: BaseLoader) -> Environment:
        made = _Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True, auto_reload=False,
        )  # fmt: skip
        made.filters |= {
            "moment": lru_cache(_MOMENTS)(self.moment), "month": self.month,
            "span": self.span, "place": lru_cache(_MOMENTS)(self.place),
            "number": format_number, "word": self.word, "who": self.who, "weekday": self.weekday,
        }  # fmt: skip
        made.globals |= {"link": self.link, "call": self.emergency, **self.promises}
        return made

    def _render(self, name: str, values: Mapping[str, Any]) -> str:
        """A template filled; the built-in one where the community's own cannot be."""
        try:
            return self.environment.get_template(f"{name}.html").render(values)
        except Exception as error:
            drawn = self.builtin.get_template(f"{name}.html").render(values)
            self._broken.setdefault(f"{name}.html", f"{type(error).__name__}: {error}")
            _log.warning("template_broken", at=name, error=type(error).__name__)
            return drawn

    def take_broken(self) -> dict[str, str]:
        """The community's own templates that could not be drawn, with why: all, once there is a
        new one.
        """
        is_new = self._broken.keys() > self._told
        self._told |= self._broken.keys()
        return dict(self._broken) if is_new else {}

    def draw(self, letter: Letter) -> Drawn:
        """The message of a letter, at most as long as Telegram takes."""
        values = DEFAULTS | dict(letter.values) | {
            "letter": letter, "ticket": letter.ticket, "reader": letter.reader.value,
            "people": letter.people, "now": letter.now,
            "is_card": letter.owed.kind in {"card", "edit", "fade"},
        }  # fmt: skip
        text = self._render(letter.owed.template, values)
        return Drawn(text=_fitted(text.strip()), markup=self.keyboard(letter.buttons))

    def toast(self, toast: Toast) -> str:
        """The plain text of a tap's answer; "" where nothing is to be said."""
        if not toast.template:
            return ""
        seen = {"is_card": False, "reader": "staff", "ticket": None, "people": {}}
        text = self._render(toast.template, {**toast.values, **seen})
        return plain(text)[:_TOAST_CHARACTERS]

    def keyboard(self, rows: tuple[tuple[Button, ...], ...]) -> Keyboard | None:
        """The inline keyboard, or None without buttons."""
        drawn = [[self._button(button) for button in row] for row in rows if row]
        return {"inline_keyboard": drawn} if drawn else None

    def _button(self, button: Button) -> dict[str, str]:
        label = self.label(button)
        if button.url:
            return {"text": label, "url": button.url}
        return {"text": label, "callback_data": encode(button.tap)}

    def label(self, button: Button) -> str:
        """A button's words: "=text" is itself, "@path" a place's name, else a locale's word."""
        if button.label.startswith("="):
            return button.label[1:]
        if button.label.startswith("@"):
            return self.place(button.label[1:])
        return self._filled(button) if button.values else self._fixed(button.label)

    def _worded(self, label: str, **values: Any) -> str:
        """A locale's word, filled."""
        group, _, key = label.partition(".")
        return self.word(key, group).format(**values)

    def _filled(self, button: Button) -> str:
        values = dict(button.values)
        if "state" in values:
            values["state"] = self.word(values["state"], "state")
        if "stage" in values:
            values["stage"] = self.word(values["stage"], "resident_state")
        if "role" in values:
            values["role"] = self.word(values["role"], "role")
        if "place" in values:
            values["place"] = self.place(values["place"])
        return self._worded(button.label, **values)

    # filters

    def word(self, key: str, group: str) -> str:
        """A word of the locale, from words.toml's table `group`."""
        return str(self.words[group][key])

    def moment(self, value: str | datetime) -> str:
        """A moment as people say it, in the community's zone: "11月24日（周二）18:00"."""
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
        local = found.astimezone(self.zone)
        day = self.words["time"]["weekdays"][local.weekday()]
        pattern = str(self.words["time"]["moment"])
        return pattern.format(local=local, weekday=day)

    def month(self, value: str) -> str:
        """The month of a moment in the community's zone."""
        local = datetime.fromisoformat(value).astimezone(self.zone)
        return str(self.words["time"]["month"]).format(local=local)

    def weekday(self, number: int) -> str:
        """A day of the week, counted from Monday, 0."""
        return str(self.words["time"]["weekdays"][number])

    def span(self, value: float | timedelta) -> str:
        """A length of time in seconds as people say it: "1小时20分钟"."""
        seconds = value.total_seconds() if isinstance(value, timedelta) else value
        minutes = max(round(abs(seconds) / 60), 1)
        days, rest = divmod(minutes, 24 * 60)
        hours, left = divmod(rest, 60)
        parts = ((days, "days"), (hours, "hours"), (left if not days else 0, "minutes"))
        return "".join(f"{n}{self.words['time'][name]}" for n, name in parts if n)

    def _promises(self, rules: Rules) -> dict[str, object]:
        """What texts promise: the answer, whether some kinds wait for it longer, and reopening."""
        usual = rules.clocks[Ticket.kind][ClockName.RESPONSE]
        hours = usual.length.total_seconds() / 3600
        own = [timing.policy(ClockName.RESPONSE, c, rules, urgent=False) for c in rules.categories]
        return {
            "promised": f"{hours:g} {self.word(usual.counts, 'promise')}",
            "varies": any(p.counts is not usual.counts or p.length > usual.length for p in own),
            "reopen_days": rules.reopen_within.days,
            "office_phone": rules.office_phone,
        }

    def place(self, path: str) -> str:
        """A place as people call it: without its street, and without its community if only one."""
        parts = path.split("/")
        skipped = 2 if len(self.places.inside("", 2)) == 1 else 1
        return " ".join(parts[skipped:] or parts[-1:])

    def who(self, person_id: int | None, people: Mapping[int, Named]) -> str:
        """A person by role and name, or the word for nobody in particular."""
        named = people.get(person_id or 0)
        if named is None:
            return self.word("unknown" if person_id else "system", "role")
        return f"{self.word(named.role, 'role')}{' ' if named.name else ''}{named.name}"

    def link(self, payload: str) -> str:
        """The bot's start link with a payload."""
        return f"https://t.me/{self.bot_name}?start={payload}"


def plain(html: str) -> str:
    """A rendered text without its tags, for where Telegram takes no HTML."""
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


def _fitted(text: str) -> str:
    """A text no longer than Telegram takes; templates excerpt what people wrote, so it fits."""
    if 2 * len(text) <= _MESSAGE_UNITS:  # a sign is two units at most
        return text
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return text if units <= _MESSAGE_UNITS else escape(plain(text)[:_SAFE_CHARACTERS])
