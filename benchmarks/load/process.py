"""A process pinned to a core, and what the kernel says of it."""

from __future__ import annotations

import asyncio
import os
import shutil
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

BOT_CORE, LOAD_CORE = 0, 1
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_STOP_SECONDS = 60.0  # a profile takes a while to be written


def pin_load() -> None:
    """This process leaves the bot's core alone, where there is another one."""
    if LOAD_CORE in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {LOAD_CORE})


async def start(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Process:
    """Start it on the bot's core; what it prints goes to `log`."""
    pinned = ["taskset", "-c", str(BOT_CORE)] if shutil.which("taskset") else []
    with log.open("ab") as out:
        return await asyncio.create_subprocess_exec(
            *pinned, *command, env=dict(environment), stdout=out, stderr=out
        )


async def stop(process: Process) -> int:
    """SIGTERM, and SIGKILL to what does not end. Returns its exit code."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        return await asyncio.wait_for(process.wait(), _STOP_SECONDS)
    except TimeoutError:
        process.kill()
        return await process.wait()


def cpu_seconds(pid: int) -> float:
    """User and system time of all its threads so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_megabytes(pid: int) -> float:
    """The memory it has in RAM."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * _PAGE / 1e6
