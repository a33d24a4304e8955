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

    def arrows(self) -> dict[tuple[str, str], list[str]]:
        """What leads from a state to another; parallel arrows are one, loops are left out."""
        found: dict[tuple[str, str], list[str]] = {}
        for event in self.events.values():
            for arrow in (each for group in event.transitions.values() for each in group):
                if arrow.dest and arrow.dest != arrow.source:
                    names = found.setdefault((arrow.source, arrow.dest), [])
                    names += [] if event.name in names else [event.name]
        return found
