"""A building for the council's tests."""

import pytest
from chatting import Crew
from neighbours import Building, move_in


@pytest.fixture
async def building(crew: Crew) -> Building:
    """Five neighbours of 3幢 with their grid's staff around them."""
    return await move_in(crew)
