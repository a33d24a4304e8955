"""What a community settles for its activities: the keys under [activities] in the config."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from workflows.core.settings import Count, Days, Hours


class ActivitySettings(Struct, frozen=True, kw_only=True):
    """The committee looks at one for more than `review_above` people before it is announced.

    A place that falls free is held as the clock says; `short_offer_hours` where it begins within
    `short_before_hours`. Who did not come `no_shows` times in `no_show_days` is asked the day
    before. Where nobody says how long it lasts, it is `usual_minutes`; it is closed
    `closes_after_minutes` later.
    """

    review_above: Count = 50
    short_offer_hours: Hours = 0.5
    short_before_hours: Hours = 12
    no_shows: Annotated[int, Meta(ge=1, le=100)] = 3
    no_show_days: Days = 90
    usual_minutes: Annotated[int, Meta(ge=10, le=1440)] = 90
    closes_after_minutes: Annotated[int, Meta(ge=0, le=600)] = 30
