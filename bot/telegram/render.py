"""Letter → text and buttons: the only place that opens templates.

Text is HTML with autoescape on: what a person wrote is always a value, never a template.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from html import escape, unescape
from pathlib import Path
from typing import Any

import structlog
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from msgspec import Struct

from bot.config.locales import folders, own_folders
from bot.config.words import read_words
from bot.telegram.environment import Environment, qr
from bot.telegram.tap_codec import encode
from workflows.core.numbers import format_number
from workflows.core.policy import ClockPolicy, Rules
from workflows.core.talk.messages import Button
from workflows.desk import Letter, Toast
from workflows.desk.outbound.composing import Named, Reader
from workflows.registry import WORKFLOWS

_MESSAGE_UNITS = 4096
_TOAST_CHARACTERS = 190
_SAFE_CHARACTERS = 800  # even if every one of them must be escaped
_NOON = 12
_DAYS_END = (23, 59)
_PARTS = (0, 5, 8, 12, 13, 18)  # the hours at which the parts of a day begin, as `parts` has them
_MOMENTS = 64  # remembered: what is drawn at once names the same ones
# What a message about a ticket can say (command.Command.as_values); absent means empty.
DEFAULTS: dict[str, Any] = dict.fromkeys(
    ("text", "where", "due", "to", "into", "rating", "clock", "mark", "at", "name", "about",
     "grid", "place", "partner", "solved", "heard", "checked", "checklist", "referred", "kind")
) | {"actor": None, "heard_from": None, "late": 0, "photos": 0, "timer": ""}  # fmt: skip
_FEW = 3  # numbers of offices that are read before one is called
_ALONE = frozenset({"emergency"})  # the numbers it names come first; no other beside them
_LABELS = 512  # remembered: the words of buttons that say nothing else, in one locale
_WORDS = 2048  # remembered: more than a locale has
_NAMED = {"state": "state", "stage": "resident_state", "role": "role"}  # values that are words
_Line = Mapping[str, Any]
_NO_LINE: _Line = {}
_OF_A_KIND = re.compile(r"(_card|form)_\w+\.html")
_log = structlog.get_logger()

Keyboard = dict[str, list[list[dict[str, str]]]]


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
        builtin = FileSystemLoader(folders(locale))
        self._words = read_words(locale, own)[0]
        self.words: Mapping[str, Any] = self._words.shared
        self.zone = rules.zone
        self.places = rules.places
        self.bot_name = bot_name
        self.promises = self._promises(rules)
        self.emergency = rules.emergency
        self._offices = rules.offices
        self.builtin = self._environment(builtin)
        owns = [FileSystemLoader(own_folders(locale, own))] if own else []
        self.environment = self._environment(ChoiceLoader([*owns, builtin]) if own else builtin)
        self._names = frozenset(filter(_OF_A_KIND.fullmatch, self.builtin.list_templates()))
        self._fixed = lru_cache(_LABELS)(self._worded)
        self._phrase = lru_cache(_LABELS)(self._phrased)
        self._said = lru_cache(_WORDS)(self.word)
        self._at = lru_cache(_MOMENTS)(self.moment)
        self._broken: dict[str, str] = {}  # what was drawn with the built-in template instead
        self._told: set[str] = set()

    def _environment(self, loader: BaseLoader) -> Environment:
        made = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True, auto_reload=False,
        )  # fmt: skip
        made.filters |= {
            "moment": self._moment_here, "stamp": self.moment, "dated": self.dated,
            "month": self.month, "span": self.span, "place": lru_cache(_MOMENTS)(self.place),
            "number": format_number, "word": self._word_here, "who": self.who,
            "weekday": self.weekday, "phrase": self._phrase_here,
        }  # fmt: skip
        made.globals |= {
            "link": self.link, "qr": qr, "call": self.emergency, "glossary": self.words["glossary"],
            **self.promises,
        }  # fmt: skip
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
        subject = letter.subject
        values = DEFAULTS | dict(letter.values) | {
            "letter": letter, "subject": subject, "ticket": subject, "reader": letter.reader.value,
            "people": letter.people, "now": letter.now,
            "is_card": letter.owed.kind in {"card", "edit", "fade"},
            "offices": self._phones(letter),
        }  # fmt: skip
        if subject:
            values |= {
                "kind": subject.kind, "card": self._card(subject.kind, letter.reader.value)
            }  # fmt: skip
        text = self._render(self._message(letter.owed.template, values["kind"]), values)
        markup = self.keyboard(letter.buttons, values["kind"])
        return Drawn(text=_fitted(text.strip(), self._foot(letter, values)), markup=markup)

    def _foot(self, letter: Letter, values: Mapping[str, Any]) -> str:
        """Whom to call, under all that a resident reads; not under a picture."""
        is_read = letter.reader is Reader.RESIDENT and letter.owed.kind != "media"
        if not (is_read and values["offices"]) or letter.owed.template in _ALONE:
            return ""
        return f"\n{self._render('_office', values).strip()}"

    def _phones(self, letter: Letter) -> list[tuple[str, str]]:
        """The office's numbers for whom a letter goes to, each with its community's path or "";
        none where there are too many to choose from, and for staff, who are that office.
        """
        if letter.reader is Reader.STAFF:
            return []
        subject = letter.subject
        place = subject.place if subject else letter.values.get("place") or letter.home
        known = self._offices(place)
        return [*known.items()] if len(known) <= _FEW else []

    def _card(self, kind: str, reader: str) -> str:
        """The template of a card: a workflow's own, else the first workflow's."""
        own = f"_card_{kind}_{reader}.html"
        return own if own in self._names else f"_card_{reader}.html"

    def _message(self, name: str, kind: str) -> str:
        """The template of a message: a question is a workflow's own where it has it by its kind."""
        own = name.replace("form_", f"form_{kind}_", 1)
        return own if f"{own}.html" in self._names else name

    def page(self, name: str, letter: Letter) -> str:
        """A page to be kept, of what a letter gathered; each workflow has a part of its own."""
        values = {
            "found": letter.document or {}, "now": letter.now,
            "kind": letter.values.get("kind", ""), "kinds": [one.kind for one in WORKFLOWS],
            "offices": self._phones(letter),
        }  # fmt: skip
        return self._render(name, values)

    def table(self, name: str, kind: str = "") -> Mapping[str, Any]:
        """A table of words, as a workflow has it."""
        return self._words.table(name, kind)

    def columns(self, kind: str) -> Mapping[str, str]:
        """The columns of a workflow's export, with what they are called."""
        return self._words.by_kind[kind]["export"]

    def title(self, document: str, kind: str) -> str:
        """What a file is called."""
        return str(self.table("document", kind).get(document, document.partition("_")[0]))

    def toast(self, toast: Toast) -> str:
        """The plain text of a tap's answer; "" where nothing is to be said."""
        if not toast.template:
            return ""
        seen = {"is_card": False, "reader": "staff", "subject": None, "ticket": None, "people": {},
                "offices": []}  # fmt: skip
        text = self._render(toast.template, {**toast.values, **seen})
        return plain(text)[:_TOAST_CHARACTERS]

    def keyboard(self, rows: tuple[tuple[Button, ...], ...], kind: str = "") -> Keyboard | None:
        """The inline keyboard under a message of this workflow, or None without buttons."""
        drawn = [[self._button(button, kind) for button in row] for row in rows if row]
        return {"inline_keyboard": drawn} if drawn else None

    def _button(self, button: Button, kind: str) -> dict[str, str]:
        label = self.label(button, kind)
        if button.url:
            return {"text": label, "url": button.url}
        return {"text": label, "callback_data": encode(button.tap)}

    def label(self, button: Button, kind: str = "") -> str:
        """A button's words: "=text" is itself, "@path" a place's name, else a locale's word.

        That is a word of the workflow that its values name or its tap goes to, else of `kind`.
        """
        if button.label.startswith("="):
            return button.label[1:]
        if button.label.startswith("@"):
            return self.place(button.label[1:])
        kind = button.tap.kind if button.tap.kind in self._words.by_kind else kind
        return self._filled(button, kind) if button.values else self._fixed(button.label, kind)

    def _worded(self, label: str, kind: str, /, **values: Any) -> str:
        """A locale's word, filled."""
        group, _, key = label.partition(".")
        return self.word(key, group, kind).format(**values)

    def _filled(self, button: Button, kind: str) -> str:
        values = dict(button.values)
        kind = values.get("kind", kind)
        for name, group in _NAMED.items():
            if name in values:
                values[name] = self.word(values[name], group, kind)
        if "place" in values:
            values["place"] = self.place(values["place"])
        return self._worded(button.label, kind, **values)

    # filters

    def word(self, key: str, group: str, kind: str = "") -> str:
        """A word of the locale, from table `group` of the workflow's words or the shared ones."""
        return str(self._words.find(key, group, kind))

    @pass_context
    def _word_here(
        self, context: Context, key: str, group: str, line: _Line = _NO_LINE, rather: str = ""
    ) -> str:
        """The same, for what a list's line or the message is about; `rather` from this table."""
        kind = line.get("kind") or context.parent.get("kind", "")
        told = rather if rather and key in self._words.table(rather, kind) else group
        return self._said(key, told, kind)

    @pass_context
    def _phrase_here(self, context: Context, key: str, *groups: str) -> str:
        """The word of the first of these tables that has it, with the names of buttons in it."""
        return self._phrase(context.parent.get("kind", ""), key, *groups)

    def _phrased(self, kind: str, key: str, *groups: str) -> str:
        *rather, last = groups
        group = next((g for g in rather if key in self._words.table(g, kind)), last)
        return self.word(key, group, kind).format_map(self._words.table("action", kind))

    @pass_context
    def _moment_here(self, context: Context, value: str | datetime) -> str:
        """The same, as people say it on the day on which the message is drawn."""
        now = context.get("now", None)
        return self._at(value, now.astimezone(self.zone).date() if now else None)

    def moment(self, value: str | datetime, today: date | None = None) -> str:
        """A moment as people say it, in the community's zone: "明天（周三）上午9点"; without
        `today` by its date, as in a record.
        """
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
        local = found.astimezone(self.zone)
        time = self.words["time"]
        near = self.words["near"].get(str((local.date() - today).days)) if today else None
        return str(time["moment"]).format(
            day=near or str(time["day"]).format(local=local),
            weekday=time["weekdays"][local.weekday()],
            clock=self._clock(local),
        )

    def dated(self, value: str | datetime) -> str:
        """A moment with its year, as in a paper that is kept."""
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
        return f"{found.astimezone(self.zone).year}{self.words['time']['year']}{self.moment(value)}"

    def _clock(self, local: datetime) -> str:
        """The time of a day: "下午4点20分"; its last minute is how it ends."""
        time = self.words["time"]
        if (local.hour, local.minute) == _DAYS_END:
            return str(time["end"])
        part = time["parts"][bisect_right(_PARTS, local.hour) - 1]
        hour = local.hour if local.hour <= _NOON else local.hour - _NOON
        said = str(time["minute" if local.minute else "hour"])
        return said.format(part=part, hour=hour, minute=local.minute)

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
        """What texts promise, and whom they can name for it."""
        told = WORKFLOWS.promised(rules).items()
        said = {name: self._length(v) if isinstance(v, ClockPolicy) else v for name, v in told}
        return said | {"office_phone": rules.office_phone}

    def _length(self, policy: ClockPolicy) -> str:
        """How long a clock runs, and in which time: "24 小时"."""
        return f"{policy.length.total_seconds() / 3600:g} {self.word(policy.counts, 'promise')}"

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


def _fitted(text: str, foot: str = "") -> str:
    """A text no longer than Telegram takes; templates excerpt what people wrote, so it fits."""
    whole = text + foot
    if 2 * len(whole) <= _MESSAGE_UNITS:  # a sign is two units at most
        return whole
    units = len(whole.encode("utf-16-le", "surrogatepass")) // 2
    return whole if units <= _MESSAGE_UNITS else escape(plain(text)[:_SAFE_CHARACTERS]) + foot
