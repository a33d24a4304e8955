"""Choosing a place by taps: first the outermost, then all of it or something inside."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from workflows.core.places import covers, place_key
from workflows.core.talk.messages import Button, in_rows
from workflows.core.talk.tap import Tap

_BUTTONS = 90  # Telegram takes a hundred below a message
SURE = "yes"


def narrow(places: Sequence[str], key: str, sure: str) -> tuple[str, list[str]]:
    """The place behind a button's key ("" for none), and what is left to choose from.

    The choice is made when nothing is left: who taps the outer place itself once more is `SURE`.
    """
    outermost = _outermost(places)
    chosen = next((path for path in places if place_key(path) == key), "")
    if not key and len(outermost) == 1 and len(places) > 1:
        chosen = outermost[0]  # a lead has one grid: no need to ask which
    inner = [p for p in places if chosen and p != chosen and covers(chosen, p)]
    if chosen and (sure == SURE or not inner):
        return chosen, []
    return chosen, [chosen, *inner] if chosen else outermost


def taps(tap: Tap, chosen: str, options: Sequence[str]) -> tuple[tuple[Button, ...], ...]:
    """Buttons for what is left; `tap` is what a place's key is added to."""
    return in_rows(buttons(options, tap, *((SURE,) if chosen else ())), 2)


def buttons(places: Sequence[str], tap: Tap, *sure: str) -> list[Button]:
    """A button a place: its key comes behind the arguments that `tap` has already."""
    return [Button(tap=_at(tap, p, *sure), label=f"@{p}") for p in places[:_BUTTONS]]


def _at(tap: Tap, place: str, *sure: str) -> Tap:
    return replace(tap, args=(*tap.args, place_key(place), *sure))


def _outermost(places: Sequence[str]) -> list[str]:
    return [p for p in places if not any(q != p and covers(q, p) for q in places)]
