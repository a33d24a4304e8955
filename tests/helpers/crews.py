"""Everybody with a chat."""

import pytest
from casting import Cast
from chatting import Chat, Crew

from playground.stage.stage import Stage


@pytest.fixture
async def crew(cast: Cast) -> Crew:
    """Everybody hired, each with a chat."""
    names = ("chen", "zhou", "wang", "li", "zhao", "lead", "committee", "street")
    chats = {name: Chat(cast.stage, getattr(cast, name)) for name in names}
    return Crew(cast=cast, stage=cast.stage, **chats)


@pytest.fixture
async def chen(on_stage: Stage) -> Chat:
    """A resident whom the bot does not know yet; no staff at all."""
    return Chat(on_stage, await on_stage.phones.add_user("陈师傅", 1001))
