"""What a bot says of itself at its start: who it is, what it serves, how it is reached."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.config.settings import Settings
from workflows.store.engine.snapshot import file_of


def introduction(settings: Settings, name: str) -> dict[str, str]:
    """A value a line; no password, no token."""
    return {
        "bot": f"@{name}",
        "serves": _serves(settings),
        "database": _database(settings.database.url),
        "updates": _updates(settings),
        "health": _health(settings),
        "backups": settings.backup.folder or "off",
    }


def _serves(settings: Settings) -> str:
    told = (
        f"{one.name} ({', '.join(grid.name for grid in one.grids)})" for one in settings.communities
    )
    return "; ".join(told)


def _database(url: str) -> str:
    if file := file_of(url):
        return f"SQLite, {file}"
    parts = urlsplit(url)
    return f"PostgreSQL, {parts.hostname or 'this machine'}{parts.path}"


def _updates(settings: Settings) -> str:
    told = settings.telegram
    return f"webhook, {told.webhook.url}" if told.mode == "webhook" else "polling"


def _health(settings: Settings) -> str:
    part = settings.health
    host = f"[{part.host}]" if ":" in part.host else part.host
    at = f"http://{host}:{part.port}"
    return f"{at}/healthz, {at}/metrics" if part.port else "off: set port under [health]"
