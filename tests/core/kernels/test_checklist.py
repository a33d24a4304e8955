"""Checklists by themselves: the answered copy is frozen, and nothing is signed half done."""

from decimal import Decimal
from typing import Any

import pytest
from effort import examples
from folk import NOW
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert, json
from msgspec.structs import replace

from workflows.core.kernels import checklist
from workflows.core.kernels.checklist import (
    Checklist,
    Item,
    Limits,
    Mark,
    Proof,
    Sheet,
    Verdict,
)
from workflows.core.talk.messages import Attachment

PRESSURE = Limits(low=Decimal("0.8"), high=Decimal("1.2"), unit="MPa")
WIRES, GAUGE, DOOR = (
    Item(key="wires", text="有没有飞线充电", proof=Proof.FAULT),
    Item(key="gauge", text="灭火器压力", limits=PRESSURE, proof=Proof.NEVER),
    Item(key="door", text="防火门", proof=Proof.ALWAYS),
)
LIST = Checklist(place="友新街道/南环一", name="工地生活区", items=(WIRES, GAUGE, DOOR))
FRESH = checklist.begun(LIST, 1001, "1号点")
PICTURE = (Attachment(kind="photo", file_id="p1"),)


def mark(verdict: Verdict = Verdict.OK, **more: Any) -> Mark:
    return Mark(verdict=verdict, by=11, at=NOW, **more)


MEASURED = checklist.marked(FRESH, "gauge", mark(measure=Decimal("1.0")))
DONE = checklist.all_well(
    checklist.marked(MEASURED, "door", mark(photos=PICTURE)), by=11, at=NOW
)  # fmt: skip


def test_what_is_edited_later_changes_no_answer():
    newer = checklist.revised(LIST, (replace(WIRES, text="别的"), DOOR))
    assert (newer.version, DONE.checklist) == (2, LIST)
    assert checklist.revised(newer, newer.items) is newer
    assert checklist.signed(DONE, 11, NOW).checklist.version == 1


@pytest.mark.parametrize(
    "items",
    [
        (),
        (WIRES, WIRES),
        (replace(WIRES, text=" "),),
        (replace(WIRES, key=""),),
        (replace(GAUGE, limits=Limits(low=Decimal(2), high=Decimal(1))),),
    ],
)
def test_what_is_no_list_is_refused(items: tuple[Item, ...]):
    with pytest.raises(checklist.UnclearError):
        checklist.revised(LIST, items)


def test_nothing_is_signed_before_all_is_answered_and_shown():
    with pytest.raises(checklist.UnfinishedError) as raised:
        checklist.signed(checklist.all_well(FRESH, 11, NOW), 11, NOW)
    assert raised.value.items == ("gauge", "door")
    bad = checklist.marked(DONE, "wires", mark(Verdict.FAULT))
    assert [one.key for one in bad.missing] == ["wires"]
    assert checklist.marked(bad, "wires", mark(Verdict.FAULT, photos=PICTURE)).missing == ()
    assert checklist.marked(bad, "wires", mark(Verdict.BEYOND)).missing == ()


def test_a_signed_sheet_stays_as_it_is():
    signed = checklist.signed(DONE, 11, NOW)
    assert signed.is_signed and signed.marks == DONE.marks
    for change in (
        lambda: checklist.marked(signed, "wires", mark()),
        lambda: checklist.all_well(signed, 11, NOW),
        lambda: checklist.signed(signed, 12, NOW),
    ):
        with pytest.raises(checklist.SignedError):
            change()


@pytest.mark.parametrize(
    ("measure", "verdict"),
    [("0.8", Verdict.OK), ("1.2", Verdict.OK), ("0.79", Verdict.FAULT), ("3", Verdict.FAULT)],
)
def test_what_lies_outside_its_limits_is_a_fault_whatever_is_said(measure: str, verdict: Verdict):
    sheet = checklist.marked(FRESH, "gauge", mark(measure=Decimal(measure)))
    assert sheet.marks["gauge"].verdict is verdict
    assert bool(sheet.faults) is (verdict is Verdict.FAULT)


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("nothing", mark()),
        ("gauge", mark()),
        ("gauge", mark(measure=Decimal("nan"))),
        ("wires", mark(measure=Decimal(1))),
    ],
)
def test_what_is_no_answer_to_it_is_refused(key: str, wrong: Mark):
    with pytest.raises(checklist.UnknownItemError):
        checklist.marked(FRESH, key, wrong)


def test_who_says_that_the_rest_is_well_changes_no_answer():
    found = checklist.marked(FRESH, "wires", mark(Verdict.FAULT, note="三根"))
    rest = checklist.all_well(found, 12, NOW)
    assert rest.marks == found.marks
    assert (rest.faults, rest.beyond) == ((WIRES,), ())


def test_without_its_words_it_still_says_what_was_found():
    found = checklist.marked(DONE, "wires", mark(Verdict.FAULT, note="王阿姨家", photos=PICTURE))
    bare = checklist.without_words(found)
    assert "王阿姨" not in str(bare) and "p1" not in str(bare)
    assert {key: one.verdict for key, one in bare.marks.items()} == {
        key: one.verdict for key, one in found.marks.items()
    }


MARKS = st.builds(
    mark, st.sampled_from(Verdict), note=st.text(max_size=3),
    photos=st.sampled_from([(), PICTURE]),
    measure=st.none() | st.decimals(0, 2, places=2),
)  # fmt: skip
MOVES = st.one_of(
    st.tuples(st.sampled_from(["wires", "gauge", "door", "odd"]), MARKS),
    st.sampled_from(["well", "sign"]).map(lambda move: (move, None)),
)


@given(moves=st.lists(MOVES, max_size=20))
@examples(change=150, night=3000)
def test_whatever_is_answered_the_copy_stays_and_a_signed_sheet_is_whole(moves: list):
    sheet = FRESH
    for key, said in moves:
        before = sheet
        try:
            sheet = _moved(sheet, key, said)
        except checklist.ChecklistError:
            assert sheet is before
        assert sheet.checklist == LIST
        assert not before.is_signed or sheet == before
        assert not sheet.is_signed or not sheet.missing
        assert convert(json.decode(json.encode(sheet)), Sheet) == sheet


def _moved(sheet: Sheet, key: str, said: Mark | None) -> Sheet:
    if said:
        return checklist.marked(sheet, key, said)
    move = checklist.all_well if key == "well" else checklist.signed
    return move(sheet, 11, NOW)
