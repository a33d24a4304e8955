"""When people meet: a day, a time of day, and if they like, until when."""

import pytest
from folk import NOW, RULES

from workflows.core.errors import Refusal
from workflows.core.timing.moments import read_span


@pytest.mark.parametrize(
    ("said", "starts", "minutes"),
    [
        ("明天 14:00-16:00", "03-03 14:00", 120),
        ("周六下午2点到4点", "03-07 14:00", 120),
        ("明天下午2-4点", "03-03 14:00", 120),
        ("明天晚上7点-9点", "03-03 19:00", 120),
        ("3月8日 9:00至11:30", "03-08 09:00", 150),
        ("明天晚上七点半", "03-03 19:30", None),
    ],
)
def test_a_span_is_read_with_or_without_its_end(said: str, starts: str, minutes: int | None):
    span = read_span(said, NOW, RULES)
    assert f"{span.starts.astimezone(RULES.zone):%m-%d %H:%M}" == starts
    assert span.minutes == minutes


@pytest.mark.parametrize("said", ["明天", "14:00-16:00", "明天下午2点到25点", "昨天 14:00-16:00"])
def test_what_is_no_span_is_asked_again(said: str):
    with pytest.raises(Refusal):
        read_span(said, NOW, RULES)
