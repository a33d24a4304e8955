"""One start of the bot on a town, in a process that holds nothing else: for `benchmarks.start`.

`python -m benchmarks.start.once FILE SIZE BASE_URL` prints the seconds of `Service.start`, and the
megabytes there are then, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from time import perf_counter

import structlog

from benchmarks.scale.town import Town
from bot.config.sections import Telegram
from bot.service import Service

_STATUS = Path("/proc/self/status")


async def start(path: Path, size: int, base_url: str) -> None:
    """Start once and stop again. Raises what keeps the bot from starting."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    there = Telegram.model_validate({"token": "100:playground", "base_url": base_url})
    settings = Town(size=size).settings(f"sqlite+aiosqlite:///{path}")
    began = perf_counter()
    service = Service(settings.model_copy(update={"telegram": there}))
    await service.start()
    took, memory = perf_counter() - began, _megabytes()
    print(json.dumps({"start": took, "memory": memory}), flush=True)
    await service.close()


def _megabytes() -> float:
    """What this process holds in memory; 0 where there is no kernel that says so."""
    lines = _STATUS.read_text("ascii").splitlines() if _STATUS.exists() else []
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) / 1024 if found else 0.0


if __name__ == "__main__":
    asyncio.run(start(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
