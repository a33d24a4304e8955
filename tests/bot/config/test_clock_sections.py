"""The clocks of a second workflow, in a section of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import BaseModel, ValidationError

from bot.config.own import sections
from bot.config.telling import explaining
from bot.config.telling.explaining import explain
from workflows.core.policy import ClockDefaults, ClockPolicy

DAY = timedelta(days=1)
TOPIC = ClockDefaults(
    usual={"ballot": ClockPolicy(length=3 * DAY, remind=(50,)), "recess": ClockPolicy(length=DAY)}
)
CLOCKS = {"first": ClockDefaults(usual={}), "topic": TOPIC}


def read(**clocks: object) -> BaseModel:
    return sections(CLOCKS, {}).model_validate({"topic": {"clocks": clocks}})


def test_what_is_left_out_stays_as_the_workflow_declares_it() -> None:
    policies = read(ballot={"days": 5}).topic.clocks.policies()  # type: ignore[attr-defined]
    assert policies["ballot"] == ClockPolicy(length=5 * DAY, remind=(50,))
    assert policies["recess"] == TOPIC.usual["recess"]
    assert sections(CLOCKS, {})().topic.clocks.policies() == TOPIC.usual  # type: ignore[attr-defined]


def test_the_first_workflow_has_no_section_beside_its_old_one() -> None:
    assert list(sections(CLOCKS, {}).model_fields) == ["topic"]


def test_a_clock_that_there_is_not_is_told_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(explaining, "CLOCKS", CLOCKS)
    with pytest.raises(ValidationError) as raised:
        read(vote={}, recess={"hours": 0})
    found = {m.key: m.problem for m in explain(raised.value)}
    assert found["topic.clocks.vote"] == "is no clock; the clocks are ballot, recess"
    assert found["topic.clocks.recess.hours"].startswith("must be more than 0")
