"""What of a card stands in front, the likeliest first; the rest waits behind one button.

Somebody of seventy with a phone in one hand finds six buttons, not eleven.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

AT_MOST = 6  # buttons in front, the one for the rest among them


class Front(Struct, frozen=True):
    """The names of what stands in front and of what is behind, each in its order."""

    shown: tuple[str, ...]
    behind: tuple[str, ...] = ()


def split(sizes: Mapping[str, int], likely: Sequence[str], then: Sequence[str] = ()) -> Front:
    """Divide what there is, by how many buttons each has: the `likely` in front as far as there is
    room, the others in the order of `then`, and what that does not name at the end.
    """
    first = [name for name in dict.fromkeys(likely) if name in sizes]
    others = [name for name in (*then, *sizes) if name in sizes and name not in first]
    ranked = tuple(dict.fromkeys((*first, *others)))
    hidden = sum(sizes[name] for name in ranked if name not in first)
    if hidden <= 1 and sum(sizes.values()) <= AT_MOST:  # no button hides a single other
        return Front(ranked)
    shown = _fitting(sizes, first)
    return Front(shown, tuple(name for name in ranked if name not in shown))


def _fitting(sizes: Mapping[str, int], names: Sequence[str]) -> tuple[str, ...]:
    """As many of these as there is room for beside the button for the rest."""
    shown: list[str] = []
    room = AT_MOST - 1
    for name in names:
        if sizes[name] <= room:
            shown.append(name)
            room -= sizes[name]
    return tuple(shown)
