"""What is said where there is danger: whom to call first, what to do, and that filing can wait."""

from __future__ import annotations

import pytest
from folk import RULES
from letters import letter_of
from msgspec.structs import replace

from bot.telegram.render import Renderer, plain
from workflows.core.policy import Emergency
from workflows.danger.danger import Danger
from workflows.desk.outbound.composing import Reader

FIRST = {
    "fire": ("119", "别坐电梯"), "gas": ("119", "别开灯"), "electricity": ("95598", "拉闸"),
    "self_harm": ("12356", "陪着他"), "violence": ("110", "先躲开"),
    "person_down": ("120", "别挪动"), "trapped": ("119", "别扒门"), "collapse": ("119", "马上离开"),
    "flood_electric": ("95598", "别踩水"), "missing": ("110", "马上打"), "other": ("120", "离开"),
}  # fmt: skip


def drawn(emergency: Emergency = RULES.emergency, **values: object) -> str:
    renderer = Renderer("zh", replace(RULES, emergency=emergency), "haitang_bot")
    return plain(renderer.draw(letter_of("emergency", values, None, Reader.RESIDENT, 1)).text)


def said(kind: str, **values: object) -> str:
    return drawn(**{"kinds": [kind], "then": "submit"} | values)


@pytest.mark.parametrize("kind", Danger)
def test_each_kind_says_the_number_and_what_to_do_in_two_lines(kind: Danger):
    number, first = FIRST[kind]
    own = said(kind).split("\n\n")[1].strip().splitlines()
    assert len(own) == 2
    assert number in own[0] and first in own[1]


def test_calling_comes_first_and_filing_waits_for_nobody_to_be_safe():
    text = said("trapped")
    assert text.index("119") < text.index("提交") and "随时都可以点" in text
    assert "人安全了" not in text


def test_where_the_place_is_asked_for_first_it_says_so():
    assert "点一下在哪里" in said("trapped", then="place") and "随时都可以" in said("trapped")


def test_what_is_filed_already_is_not_to_be_filed_again():
    assert "提交" not in said("fire", then="filed")


def test_a_number_that_a_place_does_not_have_is_not_shown():
    assert "燃气抢修" not in said("gas")
    assert "燃气抢修 0512-962520" in drawn(Emergency(gas="0512-962520"), kinds=["gas"])
    assert "119" not in drawn(Emergency(), kinds=["gas"])


def test_a_message_owed_by_an_older_version_is_drawn():
    assert "119" in drawn()
