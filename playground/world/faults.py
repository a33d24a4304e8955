"""Faults on demand: what a network and a busy Telegram do to a bot, one call at a time."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from random import Random

KINDS = frozenset({"429", "502", "html", "json", "drop", "hang", "duplicate", "stop"})


@dataclass
class Fault:
    """One fault waiting for its calls. `count` 0 means until cleared.

    429, 502, html, json: refused with such an answer (json: a cut-off body), not executed.
    stop: the connection dies before the call is executed. drop: it is executed, then the
    connection dies before the answer. hang: waits `seconds` (real) or until released.
    """

    kind: str
    method: str = "*"
    count: int = 1
    chat_id: int | None = None
    retry_after: int = 3
    seconds: float = 60.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}; there are {', '.join(sorted(KINDS))}")

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Tell whether a call meets this fault; method names ignore case."""
        named = self.method == "*" or self.method.lower() == method.lower()
        return named and self.chat_id in (None, chat_id)


@dataclass
class Faults:
    """The faults still to happen: those that wait, and by `rates` (a kind's share of all calls)
    any call at random; `struck` counts these by kind and method.
    """

    waiting: list[Fault] = field(default_factory=list)
    rates: dict[str, float] = field(default_factory=dict)
    struck: Counter[tuple[str, str]] = field(default_factory=Counter)
    random: Random = field(default_factory=Random)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, fault: Fault) -> None:
        """Let a fault wait for its first fitting call."""
        self.waiting.append(fault)

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Use up one occurrence of the first fault that fits a call."""
        for fault in self.waiting:
            if fault.fits(method, chat_id):
                self._use(fault)
                return fault
        return self._by_chance(method) if self.rates else None

    def _by_chance(self, method: str) -> Fault | None:
        drawn = self.random.random()
        for kind, share in self.rates.items():
            if drawn < share:
                self.struck[kind, method] += 1
                return Fault(kind)
            drawn -= share
        return None

    def _use(self, fault: Fault) -> None:
        if fault.count == 1:
            self.waiting.remove(fault)
        elif fault.count:
            fault.count -= 1

    def clear(self) -> None:
        """Forget all faults and let hanging calls go on."""
        self.waiting.clear()
        self.rates.clear()
        self.release()

    def release(self) -> None:
        """Let the calls go on that hang now."""
        self._released.set()
        self._released = asyncio.Event()

    async def hang(self, seconds: float) -> None:
        """Wait until released, at most `seconds` of real time."""
        try:
            await asyncio.wait_for(self._released.wait(), seconds)
        except TimeoutError:
            return
