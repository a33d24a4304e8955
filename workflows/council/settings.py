"""What a community settles for its council: the keys under [council] in the config."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from workflows.core.settings import Share


class CouncilSettings(Struct, frozen=True, kw_only=True):
    """A topic is called once `households` second it, the raiser's own among them; a vote counts
    if `quorum_percent` of those registered took part.
    """

    households: Annotated[int, Meta(ge=1, le=100)] = 3
    quorum_percent: Share = 50
