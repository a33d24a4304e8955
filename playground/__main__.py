"""Runs the playground and its page alone, for any bot: `python -m playground --port 8081`."""

import argparse
import asyncio
import contextlib
import signal
import sys

from playground.calling import called
from playground.http.server import serve
from playground.world.limits import Limits
from playground.world.world import World

EXIT_HELD = 6  # as `haitang` ends where another program has what it needs
_PEOPLE = ("小明", "小红")


async def _run(port: int, limits: Limits) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no such handlers; there Ctrl+C ends the program the plain way.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    world = World(limits=limits, username="playground_bot", name="Bot")
    for name in _PEOPLE:
        world.add_user(name)
    async with serve(world, port=port) as server:
        print(f"Page:     {server.root}/")
        print(f"Bot API:  {server.base_url}<token>/<method>; any token will do, such as 42:any")
        print(f"base_url: {server.base_url}  base_file_url: {server.file_url}", flush=True)
        await stopped.wait()


def main(argv: list[str] | None = None) -> int:
    """Read the command line, or `argv`, and serve until interrupted. Returns the exit code."""
    parser = argparse.ArgumentParser(called("python -m playground"), description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 takes a free port")
    parser.add_argument("--no-limits", action="store_true", help="never answer 429")
    options = parser.parse_args(argv)
    try:
        asyncio.run(_run(options.port, Limits(enabled=not options.no_limits)))
    except OSError as error:
        advice = "choose another with --port, or --port 0 for any that is free"
        print(f"port {options.port}: {error.strerror}: {advice}", file=sys.stderr)
        return EXIT_HELD
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
