"""What a community settles for petitions alone: the keys under [petition] in the config."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from msgspec import Meta, Struct

from workflows.core.settings import Count, Days, Hours, Share, Word


class Opinion(StrEnum):
    """What a resident can say of the result; each has its weight."""

    SATISFIED = "satisfied"
    FAIRLY = "fairly"
    PARTLY = "partly"
    UNSATISFIED = "unsatisfied"


class Scoring(Struct, frozen=True, kw_only=True):
    """What an opinion counts for the rate of satisfaction, in percent."""

    satisfied: Share = 100
    fairly: Share = 80
    partly: Share = 50
    unsatisfied: Share = 0

    def weight(self, opinion: Opinion) -> int:
        """The same by opinion."""
        weight: int = getattr(self, opinion.value)
        return weight


class Elsewhere(Struct, frozen=True, kw_only=True):
    """A kind of matter a community does not decide, its words, and `where` people turn with it."""

    key: Word
    words: Annotated[tuple[Word, ...], Meta(min_length=1)]
    where: Annotated[Word, Meta(max_length=100)]


class PetitionSettings(Struct, frozen=True, kw_only=True, dict=True):
    """`reopen_days` after its end a petition can be opened again; between two nudges are
    `nudge_hours`; `followup_percent` of what is closed gets a neutral follow-up; a handler with
    `most_open` in hand is offered no more, 0 is no limit; the promises stand still for a question
    to the resident `most_pauses` times; `partners` are whom handlers call in.
    """

    reopen_days: Days = 7
    nudge_hours: Hours = 12
    followup_percent: Share = 10
    most_open: Count = 8
    most_pauses: Count = 2
    partners: tuple[Word, ...] = ()
    scoring: Scoring = Scoring()
    elsewhere: tuple[Elsewhere, ...] = ()

    @cached_property  # every card asks
    def reopen_within(self) -> timedelta:
        """The same as a span."""
        return timedelta(days=self.reopen_days)

    @cached_property  # every card asks
    def nudge_every(self) -> timedelta:
        """The same as a span."""
        return timedelta(hours=self.nudge_hours)
