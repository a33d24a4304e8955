"""After a test in the chat: what a workflow says must hold of what is kept does."""

from __future__ import annotations

from chatting import Crew

from workflows.registry import WORKFLOWS


async def adds_up(crew: Crew) -> None:
    """Assert that no workflow finds a fault."""
    rules = crew.stage.service.desk.rules
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        assert await WORKFLOWS.faults(tx, rules) == []
