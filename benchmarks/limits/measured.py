"""A limit's figure."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Measured:
    """How often something was done a second, and how many updates are that much."""

    per_second: float
    updates_per_second: float
    server_busy: float | None = None  # a share of its core
