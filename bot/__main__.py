"""The command `haitang`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from runpy import run_module
from typing import Any, TextIO, cast
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.config.checks import Mistake
from bot.config.moved import place_of
from bot.config.promise_texts import promises
from bot.config.settings import ConfigError, Settings, load, old_keys, told_of
from bot.config.sources.files import without_file
from bot.endings import ENDS, ending
from bot.running.holding import held
from workflows.store.engine.snapshot import file_of

_OWNER_ALONE = 0o077  # umask: whatever is made holds what residents wrote
_UNTIL_COLLECTED = 50_000  # new objects still there, until the collector looks through them
Run = Callable[[argparse.Namespace], int]
_BESIDE = {"demo": "playground.demo", "playground": "playground"}


def main(argv: list[str] | None = None) -> int:
    """Run a command. Returns its exit code: 0, 2 for a wrong config, 3 for a refused token, 4 for a
    database that cannot be used, 5 for one that is gone, 6 where another program has what this one
    needs; `doctor` has its own.
    """
    words = sys.argv[1:] if argv is None else argv
    usual = os.umask(_OWNER_ALONE)
    try:
        return _do(words)
    except ENDS as error:
        code, told = ending(error)
        print(told, file=sys.stderr)
        return code
    finally:
        os.umask(usual)


def _do(words: list[str]) -> int:
    if words and words[0] in _BESIDE:
        return _beside(*words)
    arguments = _parser().parse_args(words)
    return int(arguments.run(arguments))


def _beside(command: str, *arguments: str) -> int:
    """A program of its own, as Python's -m runs it: the bot itself needs nothing of it."""
    sys.argv = [f"haitang {command}", *arguments]
    run_module(_BESIDE[command], run_name="__main__")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("haitang", description="A neighbourhood's petitions, kept.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = _command(commands, "run", _run, "run the bot")
    check = _command(commands, "check", _check, "check the config and say every mistake")
    invite = _command(commands, "invite", _invite, "make a single-use invitation link")
    for with_config in (run, check, invite):
        with_config.add_argument("--config", type=Path, default=Path("config.toml"))
    invite.add_argument("--role", required=True, help="pioneer, worker, lead, committee, …")
    invite.add_argument("--place", default="", help='as in "南环一/1网格"')
    invite.add_argument("--category", action="append", default=[], help="limit to a category")
    _add_operations(commands)
    commands.add_parser("demo", help="two stories and a page to try it all, with no token")
    commands.add_parser("playground", help="run the Bot API playground alone")
    return parser


def _add_operations(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    doctor = _command(commands, "doctor", _doctor, "say what is well and what to do: exits 0, 1, 2")
    backup = _command(commands, "backup", _backup, "copy the database, also beside a running bot")
    backup.add_argument(
        "folder",
        nargs="?",
        default="",
        help="instead of the config's, or of backups beside the database",
    )
    restore = _command(commands, "restore", _restore, "put a backup back where no database is")
    restore.add_argument("file", type=Path)
    letters = _command(commands, "dead-letters", _dead_letters, "what could not be handled or sent")
    letters.add_argument("what", nargs="?", default="list", choices=["list", "retry", "drop"])
    letters.add_argument("id", nargs="?", default="", help="u7 for an update, m7 for a message")
    letters.add_argument("--full", action="store_true", help="list with personal data")
    roster = _command(commands, "roster", _roster, "say who works where, and who is missing")
    stations = _command(commands, "stations", _stations, "print the stations' links and QR codes")
    stations.add_argument("--page", type=_page, help="write a page to print, as in stations.html")
    stations.add_argument("--bot", default="", help="the bot's name, where it cannot be asked for")
    for parser in (doctor, backup, restore, letters, roster, stations):
        parser.add_argument("--config", type=Path, default=Path("config.toml"))


def _page(name: str) -> Path:
    """A file that may be written over: none of another kind."""
    if not name.endswith(".html"):
        raise argparse.ArgumentTypeError("must end with .html")
    return Path(name)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: Run, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text)
    parser.set_defaults(run=run)
    return parser


def _settings(arguments: argparse.Namespace, *, needs_token: bool = True) -> Settings:
    file = _file(arguments)
    try:
        return load(file, os.environ, needs_token=needs_token)
    except ConfigError as error:
        raise (error if file else without_file(error)) from None


def _file(arguments: argparse.Namespace) -> Path | None:
    """The config's file; the usual one need not be there."""
    path: Path = arguments.config
    return None if path == Path("config.toml") and not path.exists() else path


def _with_database(settings: Settings) -> Settings:
    """The settings, where a database is or none ever was. Raises LostDatabaseError."""
    from bot.ops.lost import refuse_lost  # noqa: PLC0415

    refuse_lost(settings)
    return settings


def _run(arguments: argparse.Namespace) -> int:
    from bot.service import Service  # noqa: PLC0415 - so that `check` starts at once

    quiet_logs()
    settings = _with_database(_settings(arguments))
    _keep_what_is_loaded()
    with held(settings.database.url):
        asyncio.run(_serve(Service, settings))
    return 0


def _keep_what_is_loaded() -> None:
    """No later collection looks through it, which would hold up everybody for a tenth of a second.

    They are rare besides: little is thrown away that only a collection finds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_UNTIL_COLLECTED)


async def _serve(service, settings: Settings) -> None:  # type: ignore[no-untyped-def]
    await service(settings).run()


def _check(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    if settings.templates:
        _check_own(settings)
    print(f"ok: {len(settings.communities)} communities, {len(settings.categories)} categories")
    for line in promises(settings.rules({})):
        print(line)
    for doubt in _doubted(settings, arguments):
        print(f"warning: {doubt}")
    for line in _at_rest(settings):
        print(f"warning: roster: {line}")
    for key in old_keys(_file(arguments), os.environ):
        print(f"{key}: stands at {place_of(key)} now; it is read on where it is")
    if names := settings.without_phone():
        print(f"office_phone: not said for {', '.join(names)}: no number to call is told there")
    if year := settings.unknown_holidays(datetime.now(ZoneInfo(settings.timezone)).date()):
        print(f"calendar: the holidays of {year} are not known, its weekdays count as working days")
        print("calendar: update chinesecalendar, or add them to holidays and workdays")
    return 0


def _doubted(settings: Settings, arguments: argparse.Namespace) -> list[Mistake]:
    """What the config most likely does not mean, by file and line."""
    from bot.config.telling.doubts import doubts  # noqa: PLC0415

    return told_of(doubts(settings), _file(arguments), os.environ)


def _at_rest(settings: Settings) -> list[str]:
    """Who is missing, and who works at places that are not, by a SQLite database that is there."""
    file = file_of(settings.database.url)
    if file is None or not file.exists():
        return []
    from bot.ops.standing import at_rest  # noqa: PLC0415 - a database takes a while to load

    return asyncio.run(at_rest(settings))


def _check_own(settings: Settings) -> None:
    """Raises ConfigError with what is wrong in the community's own templates."""
    from bot.telegram.own_templates import check_own  # noqa: PLC0415 - drawing takes a while to load

    if mistakes := check_own(settings):
        raise ConfigError(mistakes)


def _invite(arguments: argparse.Namespace) -> int:
    from bot.ops.invite import print_invitation  # noqa: PLC0415

    settings = _with_database(_settings(arguments, needs_token=False))
    return print_invitation(settings, arguments.role, arguments.place, arguments.category)


def _doctor(arguments: argparse.Namespace) -> int:
    from bot.ops.doctor import print_findings  # noqa: PLC0415

    quiet_logs(logging.ERROR)
    settings = _settings(arguments)
    return print_findings(settings, _doubted(settings, arguments))


def _backup(arguments: argparse.Namespace) -> int:
    from bot.ops.backup import folder_of, print_backup  # noqa: PLC0415

    settings = _settings(arguments, needs_token=False)
    folder = arguments.folder or str(folder_of(settings))
    part = settings.backup.model_copy(update={"folder": folder})
    return print_backup(settings.database.url, part, datetime.now(UTC))


def _restore(arguments: argparse.Namespace) -> int:
    from bot.ops.backup import print_restore  # noqa: PLC0415

    settings = _settings(arguments, needs_token=False)
    return print_restore(settings.database.url, arguments.file)


def _dead_letters(arguments: argparse.Namespace) -> int:
    from bot.ops import dead_letters  # noqa: PLC0415

    settings = _with_database(_settings(arguments))
    if arguments.what == "list":
        return dead_letters.show(settings, full=arguments.full)
    act = dead_letters.retry if arguments.what == "retry" else dead_letters.drop
    return act(settings, arguments.id)


def _roster(arguments: argparse.Namespace) -> int:
    from bot.ops.roll import print_roster  # noqa: PLC0415

    return print_roster(_with_database(_settings(arguments, needs_token=False)))


def _stations(arguments: argparse.Namespace) -> int:
    from bot.ops.stations import print_stations  # noqa: PLC0415

    settings = _settings(arguments, needs_token=False)
    return print_stations(settings, arguments.bot, arguments.page)


def quiet_logs(level: int = logging.INFO) -> None:
    """Structured lines on stderr; the libraries' own would hold the token in an address, or what
    people wrote in a statement's parameters.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    for name in ("httpx", "httpcore", "telegram", "aiosqlite", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(_as_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _Lines(sys.stderr))),
    )


def _as_json(event: Mapping[str, Any], **_: Any) -> str:
    """A line of the log; what no JSON has a word for as Python shows it."""
    try:
        return msgspec.json.encode(event, enc_hook=repr).decode()
    except UnicodeEncodeError:  # half a surrogate pair
        return json.dumps(event, ensure_ascii=False, default=repr)


class _Lines(io.TextIOBase):
    """A stream that loses a line the disk has no room for, and never the bot that wrote it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError:
            return 0

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


if __name__ == "__main__":
    raise SystemExit(main())
