"""The config: `config.toml` and the environment, read once into frozen Settings.

The environment beats the file: HAITANG_TELEGRAM__TOKEN is `token` under [telegram]. What a
community settles for itself goes on to the domain as `Rules`; the rest is for the bot.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.config_check import (
    FALLBACK,
    PREFIX,
    ConfigError,
    Mistake,
    check,
    check_token,
    explain,
    read_toml,
    unknown_variables,
)
from bot.config_parts import (
    Admins,
    CategoryPart,
    ClockSource,
    Community,
    Database,
    Days,
    Escalation,
    Health,
    Hours,
    Locale,
    Morning,
    Quiet,
    Sla,
    StationPart,
    Telegram,
    Word,
    Zone,
)
from workflows.model import To
from workflows.places import Place, Places
from workflows.rules import Category, Climb, Rules, Station

__all__ = ["ConfigError", "Mistake", "Settings", "Telegram", "load", "load_choices"]

TEMPLATES = Path(__file__).parent.parent / "templates"


class Settings(BaseSettings):
    """Everything that can be set, checked; built by `load`, reads nothing by itself."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    telegram: Telegram = Telegram()
    database: Database = Database()
    health: Health = Health()
    clock: ClockSource = ClockSource()
    locale: Locale = "zh"
    timezone: Zone = "Asia/Shanghai"
    quiet: Quiet = Quiet()
    morning: Morning = time(8)
    urgent_words: tuple[Word, ...] = ()
    fallback_category: Word = FALLBACK
    sla: Sla = Sla()
    escalation: tuple[Escalation, ...] = (
        Escalation(after_hours=0, to=To.LEAD),
        Escalation(after_hours=2, to=To.COMMITTEE),
        Escalation(after_hours=8, to=To.STREET),
    )
    reopen_days: Days = 7
    nudge_hours: Hours = 12
    invitation_days: Days = 7
    admins: Admins = ()
    communities: tuple[Community, ...] = ()
    stations: tuple[StationPart, ...] = ()
    categories: tuple[CategoryPart, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what it is given: `load` merges file and environment, and checks both at once."""
        return (init_settings,)

    def rules(self, choices: Mapping[str, tuple[str, ...]]) -> Rules:
        """What the domain needs to know of it; `choices` are the quick replies."""
        places = Places({place.path: place for place in _places(self.communities)})
        return Rules(
            zone=ZoneInfo(self.timezone),
            places=places,
            categories={c.key: Category(**c.model_dump()) for c in self.categories},
            stations={s.code: _station(s, places) for s in self.stations},
            clocks=self.sla.policies(),
            climb=tuple(
                Climb(after=timedelta(hours=e.after_hours), to=e.to) for e in self.escalation
            ),
            quiet_from=self.quiet.from_,
            quiet_until=self.quiet.until,
            urgent_words=self.urgent_words,
            fallback_category=self.fallback_category,
            morning=self.morning,
            reopen_within=timedelta(days=self.reopen_days),
            nudge_every=timedelta(hours=self.nudge_hours),
            invitation_lasts=timedelta(days=self.invitation_days),
            choices=choices,
        )


def _station(part: StationPart, places: Places) -> Station:
    return Station(code=part.code, name=part.name, place=places.resolve(part.place))


def _places(communities: tuple[Community, ...]) -> Iterator[Place]:
    """Streets, communities, grids and buildings, each before what lies in it."""
    for community in communities:
        path = f"{community.street}/{community.name}"
        yield Place(path=community.street)
        yield Place(path=path)
        for grid in community.grids:
            yield Place(path=f"{path}/{grid.name}", names=grid.estates)
            for b in grid.buildings:
                inner = f"{path}/{grid.name}/{b.name}"
                yield Place(path=inner, names=b.names, position=b.position)


class _Environment(EnvSettingsSource):
    """pydantic's reading of the environment, from a mapping; empty variables count as unset."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        given = {name.lower(): value for name, value in self._environ.items() if value}
        return {name: _clean(value) for name, value in given.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """A list or table as JSON; anything else stays text, so that it is reported by its key."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


def _clean(value: str) -> str:
    """Bytes that are no UTF-8 arrive as lone surrogates, which nothing here can carry."""
    return value.encode("utf-8", "replace").decode()


def load(path: Path | None, environ: Mapping[str, str], *, needs_token: bool = True) -> Settings:
    """The settings of a file (None: no file) and the environment, which beats it.

    Raises ConfigError with every mistake at once. `needs_token` is for commands that talk to
    Telegram.
    """
    data, mistakes = read_toml(path)
    mistakes += unknown_variables(environ, Settings.model_fields)
    if data is None:  # what else is wrong cannot be known
        raise ConfigError(mistakes)
    data = _merged(data, _Environment(environ)())
    settings, found = _validated(data)
    mistakes += found + check(data) + _check_locale(settings)
    mistakes += check_token(data) if needs_token else []
    if mistakes or settings is None:
        raise ConfigError(mistakes)
    return settings


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two trees as one; where both say something, `above` holds."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[key] = _merged(old, value) if both and old is not None else value
    return merged


def _validated(data: Mapping[str, Any]) -> tuple[Settings | None, list[Mistake]]:
    try:
        return Settings(**data), []
    except ValidationError as error:
        return None, explain(error)


def _check_locale(settings: Settings | None) -> list[Mistake]:
    if settings is None or (TEMPLATES / settings.locale).is_dir():
        return []
    return [Mistake("locale", f'there are no templates for "{settings.locale}"')]


def load_choices(locale: str) -> dict[str, tuple[str, ...]]:
    """The quick replies of a locale by action, and "where" for where to go when declined.

    Raises ConfigError when the locale has none.
    """
    path = TEMPLATES / locale / "choices.toml"
    if not path.is_file():
        raise ConfigError([Mistake("locale", f'there are no quick replies for "{locale}"')])
    read = tomllib.loads(path.read_text("utf-8"))
    return {action: tuple(replies) for action, replies in read.items()}
