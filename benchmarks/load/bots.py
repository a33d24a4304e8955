"""The bots under test: haitang as it really runs, and the peers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers import PEERS, Peer

ROOT = Path(__file__).parents[2]
TOKEN = "42:bench"  # noqa: S105 - any will do
_EXAMPLE = ROOT / "config.example.toml"
_VENV = ROOT / ".venv" / "bin" / "python"
HAITANG_PYTHON = str(_VENV) if _VENV.exists() else sys.executable
_WIDE = "10000"  # a pace that never holds anything up
# As deploy/ runs it: without docstrings, from bytecode; the first run of all writes that.
_INSTALLED = {
    "PYTHONOPTIMIZE": "2", "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "bytecode"),
    "PYTHONDONTWRITEBYTECODE": "",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a bot finds what it needs: the Bot API, its own empty folder, a CA (TLS only)."""

    base_url: str
    folder: Path
    ca: Path | None
    has_limits: bool
    health_port: int = 0
    profile: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Bot:
    """How to start one; `prepare` is a command to run to its end before."""

    name: str
    command: Callable[[Place], list[str]]
    environment: Callable[[Place], dict[str, str]]
    prepare: Callable[[Place, int], list[str]] = lambda _, __: []
    missing: Callable[[], str | None] = lambda: None
    has_health: bool = False


def environment_of(place: Place) -> dict[str, str]:
    """What every bot is told."""
    around = {k: v for k, v in os.environ.items() if not k.startswith(("HAITANG_", "BENCH_"))}
    told = {
        "BENCH_BASE_URL": place.base_url, "BENCH_TOKEN": TOKEN, "BENCH_DATA": str(place.folder),
        "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
    }  # fmt: skip
    return around | told | ({"BENCH_CA": str(place.ca)} if place.ca else {})


def profiled(command: list[str], place: Place) -> list[str]:
    """A Python bot under cProfile, which writes its file when the bot ends."""
    if place.profile is None:
        return command
    return [command[0], "-m", "cProfile", "-o", str(place.profile), *command[1:]]


def database_of(place: Place) -> str:
    """haitang's database in its folder."""
    return f"sqlite+aiosqlite:///{place.folder}/haitang.db"


def _haitang_command(place: Place) -> list[str]:
    line = [HAITANG_PYTHON, "-m", "bot", "run", "--config", str(_EXAMPLE)]
    return profiled(line, place)


def _haitang_environment(place: Place) -> dict[str, str]:
    """The example's settings; nothing depends on the hour, and with limits off none is kept."""
    told = {
        "TELEGRAM__TOKEN": TOKEN,
        "TELEGRAM__BASE_URL": f"{place.base_url}/bot",
        "DATABASE__URL": database_of(place),
        "HEALTH__PORT": str(place.health_port),
        "QUIET__FROM": "00:00", "QUIET__UNTIL": "00:00",
        "MOST_OPEN": "0",
    }  # fmt: skip
    if not place.has_limits:
        told |= dict.fromkeys(("TELEGRAM__PER_SECOND", "TELEGRAM__PER_CHAT_SECOND"), _WIDE)
    told_all = environment_of(place) | {"PYTHONPATH": str(ROOT)} | _INSTALLED
    trusted = {"SSL_CERT_FILE": str(place.ca)} if place.ca else {}
    return told_all | trusted | {f"HAITANG_{k}": v for k, v in told.items()}


def _haitang_prepare(place: Place, pushes: int) -> list[str]:
    line = [HAITANG_PYTHON, "-m", "benchmarks.load.seed", "--config", str(_EXAMPLE)]
    return [*line, "--pushes", str(pushes)]


HAITANG = Bot(
    name="haitang", command=_haitang_command, environment=_haitang_environment,
    prepare=_haitang_prepare, has_health=True,
)  # fmt: skip


def bots() -> Mapping[str, Bot]:
    """All of them by name, haitang first."""
    return {HAITANG.name: HAITANG} | {name: _peer(peer) for name, peer in PEERS.items()}


def _peer(peer: Peer) -> Bot:
    line = peer.command()
    is_python = "python" in Path(line[0]).name
    return Bot(
        name=peer.name,
        command=lambda place: profiled(line, place) if is_python else line,
        environment=environment_of,
        missing=peer.missing,
    )
