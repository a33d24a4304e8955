"""A neighbourhood for the activities' tests."""

from collections.abc import AsyncIterator

import pytest
from chatting import Crew
from outing import Outing, gather
from upholding import adds_up


@pytest.fixture
async def outing(crew: Crew) -> AsyncIterator[Outing]:
    """李 plans, 周, 陈 and three neighbours come."""
    yield await gather(crew)
    await adds_up(crew)
