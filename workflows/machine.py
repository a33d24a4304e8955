"""The engine of every workflow: transitions' Machine, once it is built, as quick as a table."""

from __future__ import annotations

from typing import Any

from transitions import Machine


class TableMachine(Machine):
    """A machine that is whole when it is first asked: no step is added to it later.

    The library looks through every trigger at each question; here the answer is kept.
    """

    def __init__(self, **told: Any) -> None:
        self._known: dict[tuple[Any, ...], list[str]] = {}
        super().__init__(auto_transitions=False, **told)

    def get_triggers(self, *args: Any) -> list[str]:
        """What leads from these states."""
        if args not in self._known:
            self._known[args] = super().get_triggers(*args)
        return self._known[args]
