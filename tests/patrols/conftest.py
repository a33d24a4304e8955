"""A community with rounds for their tests."""

from collections.abc import AsyncIterator

import pytest
from beat import Beat
from chatting import Crew
from upholding import adds_up


@pytest.fixture
async def beat(crew: Crew) -> AsyncIterator[Beat]:
    """Its plans are each test's own."""
    yield Beat(crew)
    await adds_up(crew)
