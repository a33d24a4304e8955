"""A workflow of which nothing works, beside those that do."""

from typing import Any

from msgspec.structs import fields, replace

from tests.flows.unregistered import TOPIC
from workflows.council.workflow import COUNCIL_WORKFLOW
from workflows.desk.parts import Cards, Chat, Hands, Lists, Privacy, Section
from workflows.desk.workflow import Workflows
from workflows.petition.workflow import PETITION_WORKFLOW


class BrokenError(Exception):
    """What every hook of it raises."""


async def fail(*_: Any) -> Any:
    raise BrokenError


def fail_at_once(*_: Any) -> Any:
    raise BrokenError


_SECTION = Section(key="broken", count=fail, draw=fail)
_AT_ONCE = {"changed", "mentions", "unnamed", "line", "standing", "holder", "helps"}


def _broken(part: type) -> Any:
    """Every hook of a part that is a function fails."""
    hooks = [one for one in fields(part) if callable(one.default) or one.name == "morning"]
    return part(**{h.name: fail_at_once if h.name in _AT_ONCE else fail for h in hooks})


BROKEN = replace(
    TOPIC.workflow, chat=_broken(Chat), cards=_broken(Cards), hands=_broken(Hands),
    lists=replace(_broken(Lists), sections=(_SECTION,), export=None), privacy=_broken(Privacy),
    recover=fail, ring=fail, perform=fail,
)  # fmt: skip
BESIDE = Workflows(PETITION_WORKFLOW, BROKEN, COUNCIL_WORKFLOW)
