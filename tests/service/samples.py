"""How a service begins, and every letter of its templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crowd import NEIGHBOURS, around
from entries import begun, holds, service
from entries import letters as _letters
from folk import BUILDING
from trials import Sample

from workflows.core.people import Role
from workflows.desk import Letter
from workflows.passbook.needs import WHAT


def plain_values(said: str) -> dict[str, dict[str, Any]]:
    """What the code gives to messages that are about no entry."""
    at = "2026-11-24T08:00:00+00:00"
    line = {"ticket": 1001, "kind": "service", "state": "waiting", "place": "友新街道/南环一",
            "category": "", "urgent": False, "filed_at": at, "due": at}  # fmt: skip
    of = {"amount": 10, "balance": 20, "at": at, "event": "done", "ticket": 1001, "kind": "service",
          "what": said[:40], "by_hand": True}  # fmt: skip
    goods = [{"name": said[:40], "points": 30, "left": left} for left in (0, 1)]
    odd = {"sort": "pair", "amount": 3, "services": [1001] * 9, "names": [said[:128]] * 2}
    shelf = {"lines": goods, "balance": 20, "promised": 700, "fund": 1000, "where": said,
             "days": [15]}  # fmt: skip
    count = {"name": said[:40], "amount": -10, "yuan": 35, "cost": -350, "payer": said[:40]}
    came = {"what": said[:40], "amount": 20, "yuan": 35, "payer": said[:40], "at": at,
            "name": said[:128]}  # fmt: skip
    stock = {"lines": [{"name": said[:40], "bought": 20, "taken": 3}] * 9, "lots": [came] * 5,
             "is_mine": True}  # fmt: skip
    return {
        "stock": stock,
        "stock_count": count,
        "refused_stock_fund": {"cost": 1100, "fund": 1000},
        "passbook": {"number": 1, "name": said[:40], "held": 5, "balance": 20, "lines": [of] * 8,
                     "is_first": True},
        "shelf": shelf,
        "gift_sure": {"name": said[:40], "points": 30, "left": 5},
        "refused_most": {"most": 2},
        "refused_another": {"about": 1001},
        "proof_checked": {"is_true": True, "number": 1, "day": "20261124", "minutes": 60},
        "services": {"lines": [line] * 10, "total": 99},
        "odd": {"lines": [odd] * 20, "total": 99},
    }  # fmt: skip


def letters(template: str, said: str) -> Iterator[Letter]:
    """To everybody who can be sent it."""
    yield from _letters(template, said, plain_values(said).get(template, {}))


LIN = NEIGHBOURS[1].id


def _of(role: Role) -> int:
    """Who has this role over the building."""
    return next(p.id for p in around(BUILDING) if p.has_role(role, BUILDING))


def _entered(role: Role, by: int, **more: Any) -> Any:
    """One that was entered afterwards."""
    return begun(service(witness=0, asked_as=role.value, asked_by=by, **more))


SAMPLE = Sample(
    fresh=(
        begun(service()),
        _entered(Role.LEAD, _of(Role.LEAD), minutes=0),
        _entered(Role.COMMITTEE, _of(Role.COMMITTEE), minutes=0),
        _entered(Role.LEAD, 999, kin=(LIN,)),
        _entered(Role.COMMITTEE, 999),
    ),
    outcome="done_by",
    values={WHAT: ("patrol",)},
    holds=holds,
)
