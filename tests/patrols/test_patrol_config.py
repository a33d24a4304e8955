"""What `haitang check` says of plans, and what is switched on together."""

from typing import Any

import pytest
from configuring import GOOD, good, loaded, mistakes

from workflows.core.kernels.checklist import Limits
from workflows.patrols.settings import PatrolSettings

POINT = {"code": "ext", "name": "灭火器", "place": "南环一/2网格/2幢"}
PLAN: dict[str, Any] = {
    "name": "周查",
    "place": "南环一/1网格",
    "points": ["ext"],
    "items": [{"text": "压力", "low": 0.8, "unit": "MPa"}],
    "rule": "FREQ=WEEKLY;BYDAY=MO,TH",
}


def section(plan: dict[str, Any] | None = None, **point: Any) -> dict[str, Any]:
    return {"patrols": {"points": [POINT | point], "plans": [PLAN | (plan or {})]}}


def test_a_plan_is_read_with_its_points_and_its_list():
    own = loaded(**section()).rules({}).of(PatrolSettings)
    [plan] = own.plans
    limits = plan.items[0].item.limits
    assert isinstance(limits, Limits) and str(limits.low) == "0.8" and limits.high is None
    assert own.spots["ext"].at(loaded().rules({}).places).place == "友新街道/南环一/2网格/2幢"


@pytest.mark.parametrize(
    ("plan", "point", "problem"),
    [
        ({"points": ["gone"]}, {}, 'there is no point "gone"'),
        ({"rule": "FREQ=HOURLY"}, {}, "FREQ=HOURLY"),
        ({"items": [{"text": "a"}, {"text": "a"}]}, {}, "two with one key"),
        ({"place": "9网格"}, {}, 'there is no place "9网格"'),
        ({}, {"place": "9幢"}, 'there is no place "9幢"'),
    ],
)
def test_what_does_not_fit_is_told(plan: dict[str, Any], point: dict[str, Any], problem: str):
    assert problem in mistakes(good(**section(plan, **point)))["patrols"]


def test_rounds_and_findings_are_switched_on_together():
    community = GOOD["communities"][0] | {"workflows": ["patrols"]}
    rules = loaded(communities=[community]).rules({})
    assert rules.is_on("patrols", "友新街道/南环一") and rules.is_on("findings", "友新街道/南环一")
    assert not loaded().rules({}).is_on("findings", "友新街道/南环一")
    alone = GOOD["communities"][0] | {"workflows": ["findings"]}
    assert "there is no workflow" in "".join(mistakes(good(communities=[alone])).values())
