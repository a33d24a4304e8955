"""When something is due, as people say it: found, over, or asked again."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from folk import RULES, SHANGHAI
from hypothesis import assume, given
from hypothesis import strategies as st

from benchmarks import places as measured
from benchmarks.places import Verdict
from workflows.core.errors import Refusal
from workflows.core.timing.dates import parse_due

DATA = Path(__file__).parents[1] / "data"
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
WEEKDAYS = "一二三四五六日"


def due(said: str, now: datetime) -> datetime:
    return parse_due(said, now, RULES).astimezone(SHANGHAI)


def here(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


@pytest.mark.parametrize("part", ["seen", "held"])
def test_the_labelled_dates_are_understood_or_asked(part: str):
    rows = measured.read(DATA / "dates_said.csv")
    judged = [one for one in measured.dates(rows, RULES) if one.is_held is (part == "held")]
    assert len(judged) >= 50
    heard = measured.share(judged, Verdict.RIGHT, Verdict.ASKED)
    assert heard.part >= 0.95 * heard.whole
    assert measured.share(judged, Verdict.WRONG).part <= 0.01 * len(judged)


@given(MOMENTS, st.integers(1, 120))
def test_a_day_comes_back_however_it_is_spelled(now: datetime, ahead: int):
    day = here(now) + timedelta(days=ahead)
    assume((day.month, day.day) != (2, 29))
    spelled = (f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日",
               f"{day.month}月{day.day}号", f"{ahead}天", f"{ahead}天内修好")  # fmt: skip
    assert {due(said, now).date() for said in spelled} == {day}


@given(MOMENTS, st.integers(1, 30), st.integers(1, 30))
def test_of_a_range_the_end_is_promised(now: datetime, first: int, more: int):
    for said in (f"{first}-{first + more}天", f"{first}到{first + more}天内修好"):
        assert due(said, now).date() == here(now) + timedelta(days=first + more)


@given(MOMENTS, st.integers(0, 6), st.integers(1, 2))
def test_a_weekday_of_a_later_week_is_in_that_week(now: datetime, weekday: int, weeks: int):
    """Weeks begin on Monday, at midnight of the neighbourhood."""
    found = due(f"{'下' * weeks}周{WEEKDAYS[weekday]}", now).date()
    monday = here(now) - timedelta(days=here(now).weekday())
    assert found == monday + timedelta(days=weekday, weeks=weeks)


@given(MOMENTS, st.integers(0, 6))
def test_a_weekday_alone_is_the_next_and_todays_is_asked(now: datetime, weekday: int):
    ahead = (weekday - here(now).weekday()) % 7
    if ahead:
        assert due(f"周{WEEKDAYS[weekday]}", now).date() == here(now) + timedelta(days=ahead)
    else:
        with pytest.raises(Refusal, match="form_no_date"):
            due(f"周{WEEKDAYS[weekday]}", now)


def test_the_week_turns_at_the_neighbourhoods_midnight():
    sunday_night = datetime(2026, 12, 13, 15, 59, tzinfo=UTC)
    assert due("下周一", sunday_night).date() == date(2026, 12, 14)
    assert due("下周一", sunday_night + timedelta(minutes=1)).date() == date(2026, 12, 21)


@given(MOMENTS, st.integers(1, 20))
def test_working_days_end_on_one_and_none_between_is_left_out(now: datetime, count: int):
    found = due(f"{count}个工作日", now).date()
    days = [here(now) + timedelta(days=n) for n in range(1, (found - here(now)).days + 1)]
    assert RULES.working.is_workday(found)
    assert sum(RULES.working.is_workday(day) for day in days) == count


@given(MOMENTS)
def test_the_months_end_is_its_last_day(now: datetime):
    found = due("月底", now).date()
    assert (found + timedelta(days=1)).day == 1 and found.month == here(now).month


@given(
    MOMENTS,
    st.text(
        "0123456789一二三十两月日号天周下上大后明今年底内前半点个工作星期-到.至早晚午", max_size=9
    ),
)
def test_nothing_is_due_in_the_past_or_in_more_than_a_year(now: datetime, said: str):
    try:
        assert now < parse_due(said, now, RULES) < now + timedelta(days=368)
    except Refusal as refusal:
        assert refusal.template in {"form_no_date", "refused_past"}


@pytest.mark.parametrize(
    "said", ["尽快", "下周", "1.5天", "明天或后天", "后天来不了", "这两天", "3-5"]
)
def test_what_is_not_clear_is_asked_and_never_guessed(said: str):
    with pytest.raises(Refusal, match="form_no_date"):
        due(said, datetime(2026, 12, 1, 2, tzinfo=UTC))


def test_a_story_is_no_date():
    with pytest.raises(Refusal, match="form_no_date"):
        due("材料" * 60 + "明天", datetime(2026, 12, 1, 2, tzinfo=UTC))
