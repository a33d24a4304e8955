"""A community with rounds for their tests."""

import pytest
from beat import Beat
from chatting import Crew


@pytest.fixture
async def beat(crew: Crew) -> Beat:
    """Its plans are each test's own."""
    return Beat(crew)
