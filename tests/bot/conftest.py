"""Two who may be written to."""

import pytest
from post import listener

from playground.phones.phone import Phone
from playground.stage.stage import Stage


@pytest.fixture
async def two(on_stage: Stage) -> tuple[Phone, Phone]:
    return await listener(on_stage, "甲", 1001), await listener(on_stage, "乙", 1002)
