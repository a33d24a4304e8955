"""How a gift begins that somebody chose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from entries import begun, gift, holds
from entries import letters as _letters
from trials import Sample

from workflows.desk import Letter
from workflows.passbook.needs import INSTEAD
from workflows.passbook.settings import Goods


def plain_values(_: str) -> dict[str, dict[str, Any]]:
    """It has no messages of its own beside its card."""
    return {}


def letters(template: str, said: str) -> Iterator[Letter]:
    """To everybody who can be sent it."""
    yield from _letters(template, said, {})


RICE = Goods(name="大米", points=10, yuan=1, payer="基金", bought=1)
SAMPLE = Sample(fresh=(begun(gift()),), outcome="done_by", holds=holds, values={INSTEAD: (RICE,)})
