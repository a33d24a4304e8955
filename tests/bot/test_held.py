"""What only one program may have: who has it is said in one line, and a kill lets go of it."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog
from test_private_files import environment, haitang, line

from bot.__main__ import main
from bot.endings import EXIT_CONFIG, EXIT_HELD
from bot.running.holding import HeldError, held, listener
from playground.stage.stage import TOKEN

ELSEWHERE = "sqlite+aiosqlite:///data/other.db"


@contextmanager
def running(folder: Path, **more: str) -> Iterator[subprocess.Popen[str]]:
    """The bot, waiting for a Telegram that does not answer, its database open."""
    begun = subprocess.Popen(line("run"), cwd=folder, env=environment() | more, text=True,
                             stderr=subprocess.PIPE)  # fmt: skip
    assert begun.stderr
    with begun as bot:
        next(told for told in begun.stderr if "telegram_unreachable" in told)
        yield bot
        bot.kill()


def test_a_second_run_on_one_database_is_refused_with_who_has_it(tmp_path: Path):
    with running(tmp_path) as first:
        ended = haitang(tmp_path, 0o022, "run")
    [told] = ended.stderr.splitlines()
    assert ended.returncode == EXIT_HELD == 6 and ended.stdout == ""
    assert f"process {first.pid} on {socket.gethostname()} since 2" in told
    assert "data/deep/haitang.db" in told and "Stop that one first" in told


def test_what_only_reads_or_adds_goes_on_beside_it(tmp_path: Path):
    with running(tmp_path):
        for command in (("backup",), ("dead-letters",), ("invite", "--role", "admin")):
            assert haitang(tmp_path, 0o022, *command).returncode == 0, command


def test_a_kill_lets_go_of_it(tmp_path: Path):
    with running(tmp_path) as first:
        first.kill()
        first.wait()
        with running(tmp_path) as second:
            assert second.poll() is None


def test_two_databases_are_two_bots(tmp_path: Path):
    with running(tmp_path), running(tmp_path, HAITANG_DATABASE__URL=ELSEWHERE) as other:
        assert other.poll() is None


def test_on_postgresql_several_may_serve_one_database(tmp_path: Path):
    with held("postgresql+asyncpg://u@h/d"), held("postgresql+asyncpg://u@h/d"):
        assert not list(tmp_path.iterdir())


def test_it_is_let_go_of_at_the_end_however_that_comes(tmp_path: Path):
    url = f"sqlite+aiosqlite:///{tmp_path}/haitang.db"
    with pytest.raises(ZeroDivisionError), held(url):
        raise ZeroDivisionError
    with held(url), pytest.raises(HeldError), held(url):
        pass
    assert (tmp_path / "haitang.db.lock").stat().st_mode & 0o077 == 0


def test_a_second_demo_of_one_folder_says_who_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    begun = ["demo", "--state", str(tmp_path), "--skip-stories", "--port", "0"]
    with held(f"sqlite+aiosqlite:///{tmp_path}/haitang.db"), pytest.raises(SystemExit) as ended:
        main(begun)
    assert ended.value.code == 2
    structlog.reset_defaults()
    [told] = capsys.readouterr().err.splitlines()
    assert told.startswith("the bot did not come up: another haitang serves")


@contextmanager
def taken() -> Iterator[int]:
    """A port that another program has."""
    with socket.create_server(("127.0.0.1", 0)) as there:
        yield there.getsockname()[1]


def test_an_answer_is_sent_at_once():
    """asyncio switches Nagle's algorithm off for sockets that name TCP."""
    with listener("127.0.0.1", 0) as door:
        assert door.proto == socket.IPPROTO_TCP


async def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path, on_stage):
    base = {"HAITANG_TELEGRAM__BASE_URL": on_stage.server.base_url}
    base |= {"HAITANG_TELEGRAM__TOKEN": TOKEN}
    with taken() as port:
        more = base | {"HAITANG_HEALTH__PORT": str(port)}
        begun = await _run(tmp_path, more)
    told = [said for said in begun.stderr.splitlines() if not said.startswith("{")]
    assert begun.returncode == EXIT_HELD
    assert told == [f"127.0.0.1:{port}: Address already in use: choose another port under "
                    "[health] or [telegram.webhook], or stop what has it"]  # fmt: skip


async def test_a_webhook_that_telegram_refuses_is_told_in_one_line(tmp_path: Path, on_stage):
    hook = {"MODE": "webhook", "WEBHOOK__URL": "http://example.org/telegram",
            "WEBHOOK__SECRET": "s3cret", "BASE_URL": on_stage.server.base_url,
            "TOKEN": TOKEN}  # fmt: skip
    begun = await _run(tmp_path, {f"HAITANG_TELEGRAM__{key}": hook[key] for key in hook})
    [told] = [said for said in begun.stderr.splitlines() if not said.startswith("{")]
    assert begun.returncode == EXIT_CONFIG and "an https url must be provided" in told


async def _run(folder: Path, more: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run, line("run"), cwd=folder, env=environment() | more, text=True,
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("program", [("bot", "playground"), ("playground",)])
def test_the_playground_on_a_port_that_is_taken_says_how_to_choose_another(
    tmp_path: Path, program: tuple[str, ...]
):
    with taken() as port:
        begun = [sys.executable, "-m", *program, "--port", str(port)]
        ended = subprocess.run(begun, cwd=tmp_path, env=environment(), capture_output=True,
                               text=True, check=False, timeout=60)  # fmt: skip
    [told] = ended.stderr.splitlines()
    assert ended.returncode == EXIT_HELD and f"port {port}: Address already in use" in told
    assert "--port 0" in told and ended.stdout == ""
