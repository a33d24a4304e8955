"""Bots that hold the same intake conversation as haitang, each as its library's users write them.

A peer is a process of its own: it reads BENCH_BASE_URL (the API is at .../bot<TOKEN>/method),
BENCH_TOKEN, BENCH_DATA (an empty folder) and, over TLS, BENCH_CA (whom to trust), and polls.
They are installed for the benchmarks alone: `make bench-peers`.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_PYTHON = _ROOT / ".venv/peers/bin/python"
# What make leaves where every library of a kind is in.
_PYTHON_READY = _ROOT / ".venv/peers/.bench-ready"
_NODE_READY = _HERE / "node/node_modules/.ready"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A bot to compare with. `state` is where it keeps what it knows of people and tickets."""

    name: str
    state: str
    line: tuple[str, ...]
    ready: Path

    def command(self) -> list[str]:
        """How to start it, from any folder."""
        return list(self.line)

    def missing(self) -> str | None:
        """Why it cannot run here; None when it can."""
        if not shutil.which(self.line[0]) or not self.ready.exists():
            return f"{self.name} is not here: run make bench-peers"
        return None


def _python(name: str, state: str, program: str, *options: str) -> Peer:
    line = (str(_PYTHON), str(_HERE / program), *options)
    return Peer(name=name, state=state, line=line, ready=_PYTHON_READY)


def _node(name: str, program: str, *options: str) -> Peer:
    line = ("node", str(_HERE / "node" / program), *options)
    return Peer(name=name, state="memory", line=line, ready=_NODE_READY)


PEERS: dict[str, Peer] = {
    peer.name: peer
    for peer in (
        _python("ptb", "memory", "ptb_conversation.py"),
        _python("ptb-pickle", "file every 60 s", "ptb_conversation.py", "pickle"),
        _python("aiogram", "memory", "aiogram_fsm.py"),
        _python("aiogram-sqlite", "ticket on disk", "aiogram_fsm.py", "sqlite"),
        _python("telebot", "memory", "telebot_states.py"),
        _node("grammy", "grammy_session.js"),
        _node("grammy-runner", "grammy_session.js", "runner"),
        _node("telegraf", "telegraf_session.js"),
    )
}
