"""Tap ⇄ the data of a Telegram button: 64 bytes at most, which come back as any client likes."""

from __future__ import annotations

from workflows.core.talk.tap import Tap
from workflows.core.talk.tap_text import fitted, read

DATA_BYTES = 64  # Telegram's limit


def encode(tap: Tap) -> str:
    """The data of a button. Raises ValueError where it does not fit."""
    return fitted(tap)


def decode(data: str) -> Tap:
    """What was tapped, by this version's buttons or an earlier one's; no more is read than fits."""
    return read(data.encode()[:DATA_BYTES].decode(errors="ignore"))
