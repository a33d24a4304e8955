"""Single-use links: what is stored of one cannot be used by whoever reads the database."""

from __future__ import annotations

import hashlib


def token_hash(token: str) -> str:
    """What the store keeps of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()
