"""A need is one value, whoever's it is: what is asked, read, kept and told follows from it."""

from datetime import datetime
from typing import Any

import pytest
from folk import CHEN, LI, NOW, RULES, said, tapped

from workflows.core.errors import Refusal
from workflows.core.policy import Rules
from workflows.core.talk.forms import Form, Forms, form_body, form_from
from workflows.core.talk.needs import CHECKED, DUE, HEARD, NOTHING, TEXT, TO, Answers, Heard, Need
from workflows.petition.lifecycle import STEPS
from workflows.petition.needs import CONTACT, NEEDS


def _share(answer: str, _: datetime, __: Rules) -> int:
    if not answer.isdecimal():
        raise Refusal("form_no_share")
    return int(answer)


SHARE: Need[int] = Need(
    name="share", default=0, read=_share, kept=int, tell=lambda share: f"{share}%",
    taps=((("25", "share.quarter"), ("50", "share.half")),),
)  # fmt: skip
COUNCIL = Forms(kind="council", needs={need.name: need for need in (SHARE, TEXT)})
FORM = Form(ticket_id=7, kind="council", action="pledge", needs=("share", "text"))


def filled(form: Form, incoming: Any) -> Form:
    return COUNCIL.fill(form, incoming, NOW, RULES)


# what was given


def test_what_was_not_given_is_the_needs_default():
    assert (NOTHING[TEXT], NOTHING[DUE], NOTHING[CHECKED], NOTHING[SHARE]) == ("", None, (), 0)
    assert Answers({TEXT: "好"})[TEXT] == "好"


def test_one_more_answer_leaves_the_others_as_they_were():
    first = Answers({TEXT: "好"})
    assert first.having(TO, LI)[TEXT] == "好"
    assert first[TO] is None


def test_each_need_says_how_it_is_told_and_what_is_confided_is_told_nowhere():
    given = {SHARE: 25, TO: LI, CONTACT: "0512-65001234", HEARD: Heard(by=1, text="x"), TEXT: ""}
    assert Answers(given).as_values() == {"share": "25%", "to": LI.id}


# a need of another workflow


def test_another_workflows_need_is_asked_read_and_kept_by_its_value_alone():
    question = COUNCIL.question(FORM, CHEN, RULES)
    assert question.template == "form_share"
    half = question.buttons[0][1]
    asked = filled(FORM, tapped(half.tap))
    assert (asked.kept(SHARE), asked.need) == (50, "text")
    assert COUNCIL.question(asked, CHEN, RULES).template == "form_pledge"


def test_what_it_cannot_read_is_refused_in_its_own_words():
    with pytest.raises(Refusal) as raised:
        filled(FORM, said("一半"))
    assert raised.value.template == "form_no_share"


def test_it_is_stored_under_its_name_and_comes_back():
    asked = filled(FORM, said("25"))
    assert form_body(asked)["share"] == 25
    assert form_from(form_body(asked)) == asked


def test_a_need_that_only_another_version_knows_is_over():
    with pytest.raises(Refusal) as raised:
        filled(Form(ticket_id=7, action="pledge", needs=("weight",)), said("3"))
    assert raised.value.template == "form_over"


# the petition's


def test_every_need_of_the_table_is_among_the_needs_and_no_two_share_a_name():
    assert {need for step in STEPS for need in step.needs} <= {*NEEDS}
    assert len({need.name for need in NEEDS}) == len(NEEDS)
