"""What can go wrong, and what the person who meets it reads."""

from __future__ import annotations

from typing import Any


class HaitangError(Exception):
    """The root of everything this project raises on purpose."""


class Refusal(HaitangError):
    """An expected no: `template` is what the person reads, filled with `values`."""

    def __init__(self, template: str, **values: Any) -> None:
        super().__init__(template)
        self.template = template
        self.values = values


class ForgedError(HaitangError):
    """A press of a button that this bot never made, or not for whom it came from."""
