"""`haitang stations`: each station's link, and a page with their QR codes to print and put up."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bot.config.settings import Settings
from bot.ops.links import bot_name, link
from bot.telegram.render import Renderer
from workflows.core.policy import Station

_PAGE = "print/stations.html"


def print_stations(settings: Settings, bot: str, page: Path | None) -> int:
    """Print every link, and write the page if one is wanted; `bot` is a name that need not be asked
    for. Returns 0, or 1 where nothing can be printed.
    """
    stations = settings.rules({}).stations.values()
    name, why_not = (bot.removeprefix("@"), "") if bot else asyncio.run(bot_name(settings.telegram))
    if not stations or not name:
        problem = (
            f"{why_not}, or say it with --bot" if stations else "the config has no [[stations]]"
        )
        print(problem, file=sys.stderr)
        return 1
    for station in stations:
        print(f"{station.name} ({station.place}): {_link(name, station)}")
    if page:
        page.write_text(drawn(settings, name), "utf-8")
        print(f"{page}: open it in a browser and print it")
    return 0


def drawn(settings: Settings, name: str) -> str:
    """The page, a sheet for each station."""
    rules = settings.rules({})
    renderer = Renderer(settings.locale, rules, name, own=settings.own_templates)
    template = renderer.environment.get_template(_PAGE)
    return template.render(stations=[*_sheets(name, rules.stations.values())])


def _sheets(name: str, stations: Iterable[Station]) -> Iterator[Mapping[str, object]]:
    for station in stations:
        to = _link(name, station)
        yield {"name": station.name, "place": station.place, "link": to}


def _link(name: str, station: Station) -> str:
    return link(name, f"st_{station.code}")
