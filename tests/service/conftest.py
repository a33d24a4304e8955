"""A bank for the passbook's tests."""

from collections.abc import AsyncIterator

import pytest
from bank import Bank, open_bank
from chatting import Crew
from upholding import adds_up


@pytest.fixture
async def bank(crew: Crew) -> AsyncIterator[Bank]:
    """Two neighbours, who verifies, who decides, who hands out; a shelf with two gifts."""
    yield await open_bank(crew)
    await adds_up(crew)
