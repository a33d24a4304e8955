"""Runs the playground and its page alone, for any bot: `python -m playground --port 8081`."""

import argparse
import asyncio
import contextlib
import signal

from playground.calling import called
from playground.http.server import serve
from playground.world.limits import Limits
from playground.world.world import World

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


def main(argv: list[str] | None = None) -> None:
    """Read the command line, or `argv`, and serve until interrupted."""
    parser = argparse.ArgumentParser(called("python -m playground"), description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 takes a free port")
    parser.add_argument("--no-limits", action="store_true", help="never answer 429")
    options = parser.parse_args(argv)
    asyncio.run(_run(options.port, Limits(enabled=not options.no_limits)))


if __name__ == "__main__":
    main()
