"""`haitang demo`: four stories and a page to try it all, with no token."""

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from bot.__main__ import quiet_logs
from playground.calling import called
from playground.demo.show import Options, run
from playground.stage.process import BotError

_DID_NOT_RUN = 2


def main(argv: list[str] | None = None) -> int:
    """Read the command line, or `argv`, and play. Returns 0 when every promise was kept,
    2 where the bot did not run.
    """
    arguments = _parser().parse_args(argv)
    quiet_logs(logging.ERROR)
    is_plain = arguments.plain or not sys.stdout.isatty()
    options = Options(
        folder=None if is_plain else arguments.state,
        pause=arguments.speed,
        port=0 if is_plain else arguments.port,
        stories=not arguments.skip_stories,
        fresh=arguments.fresh,
    )
    try:
        return asyncio.run(run(options))
    except BotError as error:
        first, *words = str(error).splitlines()
        print(f"{first}: {next(reversed(words), '')}", file=sys.stderr)
        return _DID_NOT_RUN


def _parser() -> argparse.ArgumentParser:
    demo = argparse.ArgumentParser(called("python -m playground.demo"), description=__doc__)
    demo.add_argument("--speed", type=float, default=0.0, help="seconds to pause a message")
    demo.add_argument("--plain", action="store_true", help="tell the stories and end; no page")
    demo.add_argument("--state", type=Path, default=Path("data/demo"), help="where it is kept")
    demo.add_argument("--fresh", action="store_true", help="forget what was kept")
    demo.add_argument("--skip-stories", action="store_true", help="open the page at once")
    demo.add_argument("--port", type=int, default=8765, help="0 takes a free port")
    return demo


if __name__ == "__main__":
    raise SystemExit(main())
