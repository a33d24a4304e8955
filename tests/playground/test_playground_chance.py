"""Faults by chance: a share of all calls, until told otherwise."""

from random import Random

from playground.world.faults import Faults


def struck(faults: Faults, calls: int = 1000) -> list[str]:
    found = (faults.take("sendMessage", 1) for _ in range(calls))
    return [fault.kind for fault in found if fault]


def test_a_share_of_all_calls_is_met_and_counted():
    faults = Faults(rates={"429": 0.2, "drop": 0.1}, random=Random(1))
    kinds = struck(faults)
    assert 150 < kinds.count("429") < 250 and 60 < kinds.count("drop") < 140
    assert faults.struck["429", "sendMessage"] == kinds.count("429")


def test_cleared_faults_strike_no_more():
    faults = Faults(rates={"502": 1.0}, random=Random(1))
    faults.clear()
    assert struck(faults) == []
