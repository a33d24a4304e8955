"""uvloop and orjson where they are installed (`benchmarks/requirements.txt`), else what Python has.

The load must not be what is measured, so its own ceiling matters; a bot never gets them from here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from importlib import import_module
from typing import Any, TypeVar

T = TypeVar("T")


def _orjson() -> tuple[Callable[[bytes | str], Any], Callable[[Any], bytes]]:
    try:
        module = import_module("orjson")
    except ImportError:
        return json.loads, lambda value: json.dumps(value, ensure_ascii=False).encode()
    return module.loads, module.dumps


loads, dumps = _orjson()


def run(work: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run`, on uvloop's loop where there is one."""
    try:
        factory = import_module("uvloop").new_event_loop
    except ImportError:
        factory = None
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(work)
