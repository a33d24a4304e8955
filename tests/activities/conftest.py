"""A neighbourhood for the activities' tests."""

import pytest
from chatting import Crew
from outing import Outing, gather


@pytest.fixture
async def outing(crew: Crew) -> Outing:
    """李 plans, 周, 陈 and three neighbours come."""
    return await gather(crew)
