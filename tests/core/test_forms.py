"""A form: one question at a time until an action has what it needs."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from folk import CHEN, NOW, RULES, SHANGHAI, WANG, local, pressed, said, tapped
from hypothesis import assume, given
from hypothesis import strategies as st

from workflows.core.errors import Refusal
from workflows.core.numbers import format_number
from workflows.core.talk.forms import Form, cancelling, tap
from workflows.core.talk.messages import Attachment, Button, Incoming
from workflows.core.talk.needs import DUE, NOTE_OR_PHOTO, PHOTO, PHOTOS, TEXT, TO, Need
from workflows.core.talk.tap_text import fitted
from workflows.core.timing.dates import parse_due
from workflows.petition.forms import FORMS
from workflows.petition.lifecycle import STEPS
from workflows.petition.needs import INTO, RATING, WHERE
from workflows.petition.words import Action

ASKED = [*dict.fromkeys(need for step in STEPS for need in step.needs), PHOTO]
NO_PICTURES = [need for need in ASKED if need not in {TEXT, NOTE_OR_PHOTO, PHOTO}]
PICTURE = Attachment(kind="photo", file_id="p1")


def form(*needs: Need[Any], action: Action = Action.PROPOSE, **more: object) -> Form:
    names = tuple(need.name for need in needs)
    return Form(ticket_id=1001, action=action, needs=names, **more)  # type: ignore[arg-type]


def filled(made: Form, incoming: Incoming) -> Form:
    return FORMS.fill(made, incoming, NOW, RULES)


def refused(made: Form, incoming: Incoming) -> str:
    with pytest.raises(Refusal) as raised:
        filled(made, incoming)
    return raised.value.template


# each need


def test_words_answer_what_words_are_asked_for():
    full = filled(form(TEXT), said("  换新桩  "))
    assert (full.kept(TEXT), full.need) == ("换新桩", "")


def test_needs_are_asked_in_order():
    first = filled(form(TEXT, DUE), said("换新桩"))
    assert first.need == DUE.name
    second = filled(first, said("3天内"))
    assert (second.kept(TEXT), second.need) == ("换新桩", "")
    assert second.kept(DUE) == local(18, day=5)


def test_a_picture_alone_is_a_note():
    full = filled(form(NOTE_OR_PHOTO), said(attachment=PICTURE))
    assert (full.kept(PHOTOS), full.kept(TEXT), full.need) == ((PICTURE,), "", "")


def test_a_picture_with_words_is_both():
    full = filled(form(NOTE_OR_PHOTO), said("坏了三根", attachment=PICTURE))
    assert (full.kept(PHOTOS), full.kept(TEXT)) == ((PICTURE,), "坏了三根")


def test_a_picture_is_kept_but_no_plan():
    asked = filled(form(TEXT, DUE), said(attachment=PICTURE))
    assert (asked.need, asked.kept(PHOTOS)) == (TEXT.name, (PICTURE,))
    assert filled(asked, said("换新桩")).kept(PHOTOS) == (PICTURE,)


def test_where_to_go_instead_is_its_own_answer():
    full = filled(form(TEXT, WHERE, action=Action.DECLINE), said("不归社区"))
    assert filled(full, said("12345")).kept(WHERE) == "12345"


def test_a_person_is_tapped():
    made = form(TO, action=Action.DISPATCH)
    assert filled(made, tapped(tap(made, "12", "x").tap)).kept(TO) == 12
    assert refused(made, said("李明")) == "form_tap_a_name"


def test_the_ticket_to_merge_into_is_its_number():
    made = form(INTO, action=Action.MERGE)
    assert filled(made, said(f"№{format_number(1002)}")).kept(INTO) == 1002
    assert refused(made, said("10020")) == "form_no_ticket"


@pytest.mark.parametrize("answer", ["0", "4", "满意", "-1", "²", "3.0"])
def test_a_rating_is_one_of_three(answer: str):
    made = form(RATING, action=Action.CONFIRM)
    assert filled(made, said("3")).kept(RATING) == 3
    assert refused(made, said(answer)) == "form_tap_a_rating"


@pytest.mark.parametrize("need", ASKED, ids=lambda need: need.name)
def test_nothing_answers_nothing(need: Need[Any]):  # F38
    assert refused(form(need), said(" \n ")) == "form_not_understood"


@pytest.mark.parametrize("need", NO_PICTURES, ids=lambda need: need.name)
def test_a_picture_answers_no_other_need(need: Need[Any]):
    assert refused(form(need), said(attachment=PICTURE)) == "form_not_understood"


# dates as people say them


def due(answer: str, now: datetime = NOW) -> date:
    return parse_due(answer, now, RULES).astimezone(SHANGHAI).date()


@pytest.mark.parametrize("answer", ["3", "3天", "3天内", "3天后", " 3 天内 ", "３天"])
def test_days_count_from_today_and_end_at_six(answer: str):
    assert parse_due(answer, NOW, RULES) == local(18, day=5)


@pytest.mark.parametrize(("answer", "day"), [("今天", 2), ("明天", 3), ("后天", 4), ("大后天", 5)])
def test_near_days_have_names(answer: str, day: int):
    assert due(answer) == date(2026, 3, day)


@pytest.mark.parametrize(
    ("answer", "day"),
    [
        ("12月1日", date(2026, 12, 1)),
        ("3月15号", date(2026, 3, 15)),
        ("3-15", date(2026, 3, 15)),
        ("3/15", date(2026, 3, 15)),
        ("2026年4月1日", date(2026, 4, 1)),
        ("2027-01-05", date(2027, 1, 5)),
        ("3月15日前修好", date(2026, 3, 15)),
    ],
)
def test_dates_in_their_usual_spellings(answer: str, day: date):
    assert due(answer) == day


def test_in_december_a_day_of_january_is_next_years():
    december = datetime(2026, 12, 20, 2, tzinfo=UTC)
    assert due("1月5日", december) == date(2027, 1, 5)
    assert due("12月31日", december) == date(2026, 12, 31)
    assert due("3", datetime(2026, 12, 30, 2, tzinfo=UTC)) == date(2027, 1, 2)


def test_today_is_the_neighbourhoods_day():  # F29
    assert due("今天", datetime(2026, 3, 2, 17, tzinfo=UTC)) == date(2026, 3, 3)


def test_today_after_six_is_until_midnight():
    assert parse_due("今天", local(19), RULES) == local(23, 59)
    assert parse_due("0", local(9), RULES) == local(18)


def due_refused(answer: str, now: datetime = NOW) -> str:
    with pytest.raises(Refusal) as raised:
        parse_due(answer, now, RULES)
    return raised.value.template


@pytest.mark.parametrize("answer", ["2月1日", "2025年12月1日", "2020-1-1", "0001-1-1"])
def test_what_is_over_is_no_due_date(answer: str):
    assert due_refused(answer) == "refused_past"


@pytest.mark.parametrize(
    "answer", ["", "尽快", "下周", "2月30日", "13月1日", "0月0日", "1000", "天", "²", "二月"]
)
def test_junk_is_no_date(answer: str):
    assert due_refused(answer) == "form_no_date"


@given(st.text(max_size=30), st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)))
def test_any_text_gives_a_future_date_or_a_refusal(answer: str, naive: datetime):  # F37
    now = naive.replace(tzinfo=UTC)
    try:
        assert parse_due(answer, now, RULES) > now
    except Refusal as refusal:
        assert refusal.template in {"form_no_date", "refused_past"}


@given(st.dates(date(2024, 1, 1), date(2029, 12, 31)), st.integers(0, 150))
def test_a_day_of_the_next_five_months_is_found_by_month_and_day(today: date, ahead: int):
    """Over the year's end too."""
    now = datetime(today.year, today.month, today.day, 1, tzinfo=UTC)
    day = date.fromordinal(today.toordinal() + ahead)
    assume((day.month, day.day) != (2, 29) or day.year == today.year)
    assert due(f"{day.month}月{day.day}日", now) == day


# taps


def test_a_tapped_day_and_a_quick_reply_are_answers():
    made = form(DUE)
    assert filled(made, tapped(tap(made, "7", "x").tap)).kept(DUE) == local(18, day=9)
    ask = form(TEXT)
    words = FORMS.choices_of(ask, RULES)
    assert filled(ask, tapped(tap(ask, "1", "x").tap)).kept(TEXT) == words[1]


@pytest.mark.parametrize(
    "press",
    [
        "f:1002:propose:text:0",  # another ticket's
        "f:1001:reject:text:0",  # another action's
        "f:1001:propose:due:3",  # a need not asked for now
        "f:1001:propose:text",
        "f:1001:propose:text:99",
        "f:1001:propose:text:-1",
        "f:1001:propose:text:x",
        "f:",
        "t:1001:propose",
    ],
)
def test_a_press_that_is_not_this_forms_is_over(press: str):  # F48
    assert refused(form(TEXT, DUE), pressed(press)) == "form_over"


def test_a_press_on_a_full_form_is_over():  # F48
    assert refused(form(), pressed("f:1001:propose:text:0")) == "form_over"


# questions


def taps(made: Form, *people: Button) -> list[Button]:
    notice = FORMS.question(made, WANG, RULES, people)
    return [button for row in notice.buttons for button in row]


@pytest.mark.parametrize("need", ASKED, ids=lambda need: need.name)
def test_every_question_can_be_cancelled_and_replaces_the_one_before(need: Need[Any]):
    made = form(need)
    notice = FORMS.question(made, WANG, RULES)
    assert notice.buttons[-1][0].tap == cancelling(made)
    assert (notice.to, notice.replaces) == (WANG.id, "form")


@pytest.mark.parametrize(("need", "count"), [(DUE, 6), (RATING, 3), (INTO, 0)])
def test_what_can_be_tapped(need: Need[Any], count: int):
    assert len(taps(form(need))) == count + 1


def test_every_tap_of_a_question_answers_it():
    for need in (TEXT, NOTE_OR_PHOTO, DUE, RATING, WHERE):
        made = form(need)
        for button in taps(made)[:-1]:
            assert len(fitted(button.tap).encode()) <= 64
            assert filled(made, tapped(button.tap)).need == ""


def test_people_are_offered_first():
    made = form(TO, action=Action.TRANSFER)
    li = tap(made, "12", "form.person", {"name": "李明"})
    assert taps(made, li)[0] == li


def test_words_are_asked_by_the_action_and_the_rest_by_the_need():
    assert FORMS.question(form(TEXT), CHEN, RULES).template == "form_propose"
    assert FORMS.question(form(DUE), CHEN, RULES).template == "form_due"


@pytest.mark.parametrize(
    ("answer", "day"),
    [("三天", 3), ("3天之内", 3), ("十二天", 12), ("大后天", 3)],
)
def test_days_are_understood_as_people_say_them(answer: str, day: int):
    today = NOW.astimezone(SHANGHAI).date()
    assert (parse_due(answer, NOW, RULES).astimezone(SHANGHAI).date() - today).days == day


def test_a_day_alone_is_the_next_of_its_number():
    now = local(9, day=24)
    assert parse_due("25号", now, RULES).astimezone(SHANGHAI).day == 25
    assert (
        parse_due("3号", now, RULES).astimezone(SHANGHAI).month
        == now.astimezone(SHANGHAI).month + 1
    )


def test_more_than_a_year_is_no_promise():
    with pytest.raises(Refusal):
        parse_due("999天", NOW, RULES)
