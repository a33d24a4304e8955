"""A bank for the passbook's tests."""

import pytest
from bank import Bank, open_bank
from chatting import Crew


@pytest.fixture
async def bank(crew: Crew) -> Bank:
    """Two neighbours, who verifies, who decides, who hands out; a shelf with two gifts."""
    return await open_bank(crew)
