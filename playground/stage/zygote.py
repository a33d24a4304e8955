"""A process that has imported the bot once and forks for each start, so that a start is quick.

What runs is the bot all the same: `python -m bot` in a process of its own, that can be killed, or
die at one of `workflows.core.faultpoints` it is told of while it runs.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
from asyncio import sleep
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import Any, Self

from jinja2 import Environment

from playground.stage.process import BotError, BotProcess, Running

_EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
_GLANCE = 0.003  # real seconds between two looks


class Zygote:
    """Forks bots. A context manager; with it end all that it forked."""

    def __init__(self, config: Path = _EXAMPLE) -> None:
        self._codes: dict[int, int] = {}
        self._unread = b""
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "playground.stage.zygote", str(config)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        self._told()  # that it is ready
        os.set_blocking(self._out, False)

    @property
    def _out(self) -> int:
        assert self._process.stdout
        return self._process.stdout.fileno()

    def __enter__(self) -> Self:
        """Ready to fork."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, and what it forked."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    async def fork(
        self, arguments: list[str], environment: Mapping[str, str], log: Path, out: str = os.devnull
    ) -> Fork:
        """Run `python -m bot` with these; what it prints goes to `out`, its stderr on to `log`."""
        assert self._process.stdin
        order = {"arguments": arguments, "environment": dict(environment), "log": str(log)}
        order["out"] = out
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        while (pid := self._look().get("started")) is None:  # noqa: ASYNC110 - another process
            await sleep(_GLANCE)
        return Fork(self, pid, log.with_suffix(".order"))

    def code_of(self, pid: int) -> int | None:
        """The exit code of a fork that has ended, negative for a signal."""
        self._look()
        return self._codes.get(pid)

    def _look(self) -> dict[str, Any]:
        """Take in what the zygote says; returns its last word that was not of an end."""
        said: dict[str, Any] = {}
        while line := self._told():
            if "ended" in line:
                self._codes[line["ended"]] = line["code"]
            else:
                said = line
        return said

    def _told(self) -> dict[str, Any] | None:
        while b"\n" not in self._unread:
            try:
                read = os.read(self._out, 65536)
            except BlockingIOError:
                return None
            if not read:
                raise BotError("the zygote is gone")
            self._unread += read
        line, _, self._unread = self._unread.partition(b"\n")
        told: dict[str, Any] = json.loads(line)
        return told


class Fork:
    """A forked process, as asyncio's own are handled."""

    def __init__(self, zygote: Zygote, pid: int, order: Path) -> None:
        self.pid = pid
        self._zygote = zygote
        self._order = order

    @property
    def returncode(self) -> int | None:
        """The exit code, None while it runs."""
        return self._zygote.code_of(self.pid)

    async def wait(self) -> int:
        """The exit code, once it ended."""
        while (code := self.returncode) is None:  # noqa: ASYNC110 - another process
            await sleep(_GLANCE)
        return code

    def kill(self) -> None:
        """SIGKILL."""
        os.kill(self.pid, signal.SIGKILL)

    def terminate(self) -> None:
        """SIGTERM."""
        os.kill(self.pid, signal.SIGTERM)

    async def arm(self, order: str) -> None:
        """Tell it where to die, "" nowhere; returns when it has heard, or has ended."""
        self._order.write_text(order)
        if self.returncode is None:
            os.kill(self.pid, signal.SIGUSR1)
        while self._order.exists() and self.returncode is None:  # noqa: ASYNC110 - another process
            await sleep(_GLANCE)


class ForkedBot(BotProcess):
    """The bot as a process that a zygote forks."""

    def __init__(
        self, zygote: Zygote, config: Path, environment: Mapping[str, str], log: Path
    ) -> None:
        super().__init__(config, environment, log)
        self._zygote = zygote
        self._fork: Fork | None = None

    async def _run(self) -> Running:
        arguments = ["run", "--config", str(self._config)]
        self._fork = await self._zygote.fork(arguments, self._environment, self._log)
        return self._fork

    async def command(self, name: str, *arguments: str) -> str:
        """Run another of its commands to the end; returns what it printed."""
        line = [name, "--config", str(self._config), *arguments]
        with NamedTemporaryFile(mode="r", encoding="utf-8") as out:
            fork = await self._zygote.fork(line, self._environment, self._log, out.name)
            if code := await fork.wait():
                raise BotError(f"{name} ended with {code}: {self.last_words()}")
            return out.read().strip()

    async def arm(self, order: str) -> None:
        """Let it die at a point from now on (`faultpoints.arm`)."""
        if self._fork:
            await self._fork.arm(order)


# The other side: what the zygote itself does.


def _serve() -> None:
    """Fork for every line that comes in; end, and kill what still runs, when no more can come."""
    from bot.__main__ import main  # noqa: PLC0415 - here alone, in the process that forks

    _warm_up(Path(sys.argv[1]))
    children: set[int] = set()
    out = os.dup(1)
    signal.signal(signal.SIGCHLD, lambda *_: _reap(children, out))
    _tell(out, ready=os.getpid())
    for line in sys.stdin.buffer:
        pid = os.fork()
        if not pid:
            os._exit(_live(main, json.loads(line)))
        children.add(pid)
        _tell(out, started=pid)
    for pid in children:
        os.kill(pid, signal.SIGKILL)


def _warm_up(config: Path) -> None:
    """Load what the bot would load while it runs, and compile its templates once for all."""
    import aiosqlite  # noqa: F401, PLC0415
    import anyio._backends._asyncio  # noqa: F401, PLC0415
    import httpcore  # noqa: F401, PLC0415
    import uvicorn.lifespan.on  # noqa: PLC0415
    import uvicorn.loops.auto  # noqa: PLC0415
    import uvicorn.protocols.http.auto  # noqa: PLC0415
    import uvicorn.protocols.websockets.auto  # noqa: F401, PLC0415

    import bot.service  # noqa: F401, PLC0415
    import workflows.store.migrations.steps  # noqa: F401, PLC0415
    from bot.config.settings import load  # noqa: PLC0415
    from bot.telegram.render import Renderer  # noqa: PLC0415

    settings = load(config, {}, needs_token=False)
    _compile_once()
    environment = Renderer(settings.locale, settings.rules(settings.choices())).environment
    for name in environment.list_templates(["html"]):
        environment.get_template(name)
    gc.freeze()


def _compile_once() -> None:
    """From now on every template is compiled once, whoever asks; the forks have it at once."""
    compile_, codes = Environment.compile, {}

    def compile_once(
        environment: Environment, source: str, name: str | None = None, filename: str | None = None,
        raw: bool = False, defer_init: bool = False,
    ) -> Any:  # fmt: skip
        key = (source, name, filename)
        if key not in codes:
            codes[key] = compile_(environment, source, name, filename, defer_init=defer_init)
        return codes[key]

    Environment.compile = compile_once  # type: ignore[method-assign,assignment]


def _reap(children: set[int], out: int) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        children.discard(pid)
        _tell(out, ended=pid, code=os.waitstatus_to_exitcode(status))


def _tell(out: int, **said: int) -> None:
    os.write(out, json.dumps(said).encode() + b"\n")


def _live(main: Any, order: dict[str, Any]) -> int:
    """The forked process: the bot and nothing else."""
    _settle_in(order)
    try:
        code = int(main(order["arguments"]))
        sys.stdout.flush()
        return code
    except SystemExit as error:
        return int(error.code or 0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1


def _settle_in(order: dict[str, Any]) -> None:
    """Its own environment, streams and signals; SIGUSR1 says where to die."""
    from workflows.core import faultpoints  # noqa: PLC0415

    log = Path(order["log"])
    told = log.with_suffix(".order")

    def obey(*_: object) -> None:
        faultpoints.arm(told.read_text())
        told.unlink()

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGUSR1, obey)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(order["out"], os.O_WRONLY | os.O_CREAT), 1)
    os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), 2)
    faultpoints.arm(os.environ.get("FAULTPOINT", ""))


if __name__ == "__main__":
    _serve()
