"""The kinds of problems in the config: what a community handles."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from bot.config.clocks import Clocks
from bot.config.sections import Item, Part, Word, fits_button


class CategoryPart(Part):
    """A kind of problem, the words that suggest it, whether the committee approves plans, what to
    look at on the spot, whether a picture of the result or the flat is asked for, and its own
    clocks.
    """

    key: Annotated[Word, AfterValidator(fits_button)]
    words: tuple[Word, ...] = ()
    needs_approval: bool = True
    checklist: Annotated[tuple[Item, ...], Field(max_length=10)] = ()
    needs_photo: bool = False
    needs_flat: bool = False
    sla: Clocks = Clocks()
