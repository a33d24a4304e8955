"""The config: `config.toml` and the environment, read once into frozen Settings.

The environment beats the file: HAITANG_TELEGRAM__TOKEN is `token` under [telegram]. What a
community settles for itself goes on to the domain as `Rules`; the rest is for the bot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.config import moved
from bot.config.calendar import CalendarPart, counts_working
from bot.config.categories import CategoryPart
from bot.config.checks import (
    ANYWHERE,
    FALLBACK,
    ConfigError,
    Mistake,
    check,
    check_token,
    misplaced,
)
from bot.config.clocks import CallStep, ClockTables, Escalation, Sla
from bot.config.danger_words import load_danger
from bot.config.hearing_words import load_hearing
from bot.config.locales import folders, locales
from bot.config.own import Sections, no_value, read_into
from bot.config.places import Community, StationPart, places_of, without
from bot.config.sections import (
    Admins,
    Backup,
    ClockSource,
    Count,
    Database,
    Days,
    EmergencyPart,
    Folder,
    Health,
    KeepDays,
    Locale,
    Morning,
    Phone,
    Privacy,
    Quiet,
    Telegram,
    Weekly,
    Word,
    Zone,
)
from bot.config.sources.environment import merged, paths, tree_of, unknown_variables
from bot.config.sources.files import exposed_secrets, read_token_file, read_toml, text_of
from bot.config.telling.explaining import explain
from bot.config.telling.located import Sources, located
from bot.config.telling.toml_lines import lines_of
from bot.config.wording import load_choices, read_private
from bot.config.words import read_words
from workflows.core.places import Places
from workflows.core.policy import (
    Category,
    Choices,
    Climb,
    ClockPolicy,
    Emergency,
    Rules,
    Station,
    WeekTime,
)
from workflows.core.talk.messages import To
from workflows.danger.language import Language
from workflows.registry import CLOCKS, FIRST, SETTINGS, WORKFLOWS

__all__ = ["Backup", "ConfigError", "Mistake", "Settings", "Telegram", "load", "load_choices"]


class Settings(Sections):
    """Everything that can be set, checked; built by `load`, reads nothing by itself."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True
    )

    telegram: Telegram = Telegram()
    database: Database = Database()
    health: Health = Health()
    backup: Backup = Backup()
    clock: ClockSource = ClockSource()
    locale: Locale = "zh"
    templates: Folder = None
    timezone: Zone = "Asia/Shanghai"
    quiet: Quiet = Quiet()
    calendar: CalendarPart = CalendarPart()
    morning: Morning = time(8)
    weekly: Weekly = WeekTime(weekday=0, at=time(9))
    urgent_words: tuple[Word, ...] = ()
    emergency: EmergencyPart = EmergencyPart()
    fallback_category: Word = FALLBACK
    sla: Sla = Sla()
    escalation: tuple[Escalation, ...] = (
        Escalation(after_hours=0, to=To.LEAD),
        Escalation(after_hours=2, to=To.COMMITTEE),
        Escalation(after_hours=8, to=To.STREET),
    )
    urgent_escalation: tuple[CallStep, ...] = (
        CallStep(after_minutes=3, to=To.COMMITTEE),
        CallStep(after_minutes=10, to=To.STREET),
    )
    office_phone: Phone = ""
    invitation_days: Days = 7
    keep_days: KeepDays = 7
    privacy: Privacy = Privacy()
    most_per_minute: Count = 100
    admins: Admins = ()
    communities: tuple[Community, ...] = ()
    stations: tuple[StationPart, ...] = ()
    categories: tuple[CategoryPart, ...] = ()

    def rules(self, choices: Mapping[str, Choices]) -> Rules:
        """What the domain needs to know of it; `choices` are the quick replies."""
        places = Places({place.path: place for place in places_of(self.communities)})
        zone = ZoneInfo(self.timezone)
        return Rules(
            zone=zone,
            places=places,
            categories={c.key: _category(c) for c in self.categories},
            stations={s.code: _station(s, places) for s in self.stations},
            working=self.calendar.working_hours(zone),
            danger=self.danger().with_own(self.urgent_words),
            emergency=Emergency(**self.emergency.model_dump()),
            fallback_category=self.fallback_category,
            retention=self.privacy.retention(),
            most_per_minute=self.most_per_minute,
            office_phone=self.office_phone,
            office_phones={
                f"{c.street}/{c.name}": c.office_phone for c in self.communities if c.office_phone
            },
            choices=choices,
            hearing=load_hearing(self.locale, self.own_templates),
            hears=read_words(self.locale, self.own_templates)[0].heard(),
            private=read_private(self.locale, self.own_templates)[0],
            without=without(self.communities),
            own={made: read_into(made, self.section_of(kind)) for kind, made in SETTINGS.items()},
            **self._times(),
        )

    @property
    def own_templates(self) -> Path | None:
        """The folder of the community's own texts for the locale, or None."""
        return self.templates / self.locale if self.templates else None

    def choices(self) -> dict[str, Choices]:
        """The quick replies, the community's own over the built-in ones."""
        return load_choices(self.locale, self.own_templates, [c.key for c in self.categories])

    def danger(self) -> Language:
        """The words of danger, the community's own templates added to the built-in ones."""
        return load_danger(self.locale, self.own_templates)

    def _times(self) -> dict[str, Any]:
        """The rules about when and how long."""
        climb = (Climb(after=timedelta(hours=e.after_hours), to=e.to) for e in self.escalation)
        calls = [timedelta(minutes=e.after_minutes) for e in self.urgent_escalation]
        called = zip(calls, self.urgent_escalation, strict=True)
        return {
            "clocks": self._clocks(ClockPolicy(length=calls[0], climbs=True)),
            "urgent_clocks": self.sla.urgent_changes(),
            "climb": tuple(climb),
            "call_climb": tuple(Climb(after=moment - calls[0], to=e.to) for moment, e in called),
            "quiet_from": self.quiet.from_,
            "quiet_until": self.quiet.until,
            "morning": self.morning,
            "weekly": self.weekly,
            "invitation_lasts": timedelta(days=self.invitation_days),
            "keep": timedelta(days=self.keep_days),
        }

    def section_of(self, kind: str) -> BaseModel:
        """Where a workflow's own settings are; the first one's are at the top."""
        found: BaseModel = self if kind == FIRST else getattr(self, kind)
        return found

    def clocks_of(self, kind: str) -> ClockTables:
        """What is said of a workflow's clocks."""
        found: ClockTables = self.sla if kind == FIRST else getattr(self, kind).clocks
        return found

    def _clocks(self, call: ClockPolicy) -> dict[str, dict[str, ClockPolicy]]:
        """The policies by kind and clock; `call` is that of what is urgent and nobody has taken."""
        return {
            kind: self.clocks_of(kind).policies() | ({own.called: call} if own.called else {})
            for kind, own in CLOCKS.items()
        }

    def without_phone(self) -> list[str]:
        """The communities whose residents are told no number of the office."""
        return [c.name for c in self.communities if not (c.office_phone or self.office_phone)]

    def unknown_holidays(self, today: date) -> int | None:
        """The year, now or soon, whose holidays are needed and nobody has said; None without."""
        usual = [p for kind in CLOCKS for p in self.clocks_of(kind).policies().values()]
        parts = (self.sla.urgent, *(c.sla for c in self.categories))
        changes = [change for part in parts for change in part.changes().values()]
        return self.calendar.unknown_year(today) if counts_working([*usual, *changes]) else None


def _category(part: CategoryPart) -> Category:
    plain = part.model_dump(exclude={"sla"})
    return Category(**plain, clocks=part.sla.changes())


def _station(part: StationPart, places: Places) -> Station:
    return Station(code=part.code, name=part.name, place=places.resolve(part.place))


def _sections() -> set[str]:
    """What a key can begin with."""
    return {*Settings.model_fields, *moved.MOVED}


def load(path: Path | None, environ: Mapping[str, str], *, needs_token: bool = True) -> Settings:
    """The settings of a file (None: no file) and the environment, which beats it.

    Raises ConfigError with every mistake at once. `needs_token` is for commands that talk to
    Telegram.
    """
    data, mistakes = read_toml(path)
    mistakes += unknown_variables(environ, _sections())
    if data is None:  # what else is wrong cannot be known
        raise ConfigError(mistakes)
    mistakes += exposed_secrets(path, data)
    trees = [data, tree_of(environ, _sections())]
    (below, wrong), (above, also) = map(moved.brought, trees)
    data, unread = read_token_file(merged(below, above))
    settings, found = _checked(data)
    found += check_token(data) if needs_token else []
    mistakes += [*wrong, *also, *unread, *moved.as_written(found, trees)]
    if mistakes or settings is None:
        raise ConfigError(located(mistakes, _sources(path, trees[0], environ)))
    return settings


def told_of(
    mistakes: Iterable[Mistake], path: Path | None, environ: Mapping[str, str]
) -> list[Mistake]:
    """What was found in settings that `load` took, by file, line and section."""
    trees = [read_toml(path)[0] or {}, tree_of(environ, _sections())]
    return located(moved.as_written(mistakes, trees), _sources(path, trees[0], environ))


def _sources(path: Path | None, tree: Mapping[str, Any], environ: Mapping[str, str]) -> Sources:
    variables = paths(environ, _sections())
    if path is None:
        return Sources(sections=_sections(), variables=variables)
    return Sources(
        sections=_sections(), file=str(path), tree=tree, lines=lines_of(text_of(path)),
        variables=variables,
    )  # fmt: skip


def old_keys(path: Path | None, environ: Mapping[str, str]) -> list[str]:
    """The keys of what `load` took that stand where an earlier version had them."""
    return moved.old_keys([read_toml(path)[0] or {}, tree_of(environ, _sections())])


def _checked(data: Mapping[str, Any]) -> tuple[Settings | None, list[Mistake]]:
    """The settings of a tree, None where they do not fit, with all that is wrong."""
    settings, mistakes = _validated(data)
    mistakes += check(data) + _check_locale(settings) + _check_retention(settings)
    mistakes += _check_workflows(settings)
    return settings, mistakes + _check_templates(settings) + _check_doors(settings)


def _validated(data: Mapping[str, Any]) -> tuple[Settings | None, list[Mistake]]:
    try:
        return Settings(**data), []
    except ValidationError as error:
        return None, explain(error, Settings)


def _check_locale(settings: Settings | None) -> list[Mistake]:
    if settings is None or folders(settings.locale):
        return []
    there = f"there are for {', '.join(locales())}"
    return [Mistake("locale", f'there are no templates for "{settings.locale}"; {there}')]


def _check_templates(settings: Settings | None) -> list[Mistake]:
    folder = settings.own_templates if settings else None
    if folder is None or folder.is_dir():
        return []
    return [Mistake("templates", f"there is no folder {folder}")]


def _check_doors(settings: Settings | None) -> list[Mistake]:
    """What watches the bot has an address of its own, which Telegram's calls do not reach."""
    if settings is None or settings.telegram.mode != "webhook":
        return []
    if settings.health.port != settings.telegram.webhook.port:
        return []
    return [Mistake("health.port", "is that of telegram.webhook: choose another, or 0 for none")]


def _check_retention(settings: Settings | None) -> list[Mistake]:
    """Words must not be gone while what is closed can still be reopened."""
    kept = settings.privacy.retention_days if settings else 0
    needing = [(one.kind, one.privacy.needs_words) for one in WORKFLOWS if one.privacy.needs_words]
    return [
        Mistake("privacy.retention_days", f"must be more than {key} ({days:g}), or 0 for never")
        for kind, key in needing
        if settings and 0 < kept <= (days := getattr(settings.section_of(kind), key))
    ]


def _check_workflows(settings: Settings | None) -> list[Mistake]:
    """What a workflow says of its settings together, and the places that they name."""
    return [
        Mistake(kind, why)
        for kind, made in SETTINGS.items()
        if settings and (why := _wrong(settings, kind, made))
    ]


def _wrong(settings: Settings, kind: str, made: type[Struct]) -> str:
    section = settings.section_of(kind)
    if why := no_value(made, section):
        return why
    names = getattr(read_into(made, section), "named_places", ())
    places = Places({p.path: p for p in places_of(settings.communities)}) if names else Places()
    return next(filter(None, (misplaced(name, places, ANYWHERE) for name in names)), "")
