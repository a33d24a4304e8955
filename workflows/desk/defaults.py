"""What a workflow gives where it gives nothing of its own."""

from __future__ import annotations

from typing import Any


async def does_nothing(*_: object) -> None:
    """There is nothing to do."""


async def is_not_its_own(*_: object) -> bool:
    """It takes nothing as its own."""
    return False


async def no_list(*_: object) -> list[Any]:
    """There are none."""
    return []


async def no_table(*_: object) -> dict[Any, Any]:
    """Nothing stands there."""
    return {}


async def none_at_all(*_: object) -> int:
    """How many: none."""
    return 0
