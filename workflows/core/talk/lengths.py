"""How long a text is as chat clients count it, and from where on they may cut one in two."""

from __future__ import annotations

_CLIENT_SPLIT_UNITS = 2048  # a part this long was cut by the client, the next continues it


def utf16_units(text: str) -> int:
    """A text's length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_long(text: str) -> bool:
    """Whether a client may have cut a text here, so that more of it may follow at once."""
    return utf16_units(text) >= _CLIENT_SPLIT_UNITS
