"""The three limits at their exact edges, and no chat held up by another."""

from datetime import UTC, datetime, timedelta

from bot.pace import Pace

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
GROUP = -100


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def taken(pace: Pace, chats: range | list[int], moment: datetime) -> int:
    return sum(pace.allows(chat, moment) for chat in chats)


def test_thirty_a_second_in_all():
    pace = Pace(30, 1, 20)
    assert taken(pace, range(1, 50), NOW) == 30
    assert not pace.allows(99, at(0.999))
    assert taken(pace, range(100, 150), at(1)) == 30


def test_the_window_slides_and_does_not_start_anew():
    """Fifteen now and fifteen half a second later: at one second only fifteen are free."""
    pace = Pace(30, 1, 20)
    assert taken(pace, range(1, 16), NOW) == 15
    assert taken(pace, range(20, 40), at(0.5)) == 15
    assert taken(pace, range(40, 80), at(1)) == 15


def test_one_a_second_in_a_private_chat_and_nobody_else_waits():
    pace = Pace(30, 1, 20)
    assert pace.allows(1, NOW) and not pace.allows(1, at(0.999))
    assert pace.allows(2, at(0.999)) and pace.allows(1, at(1))


def test_slower_than_one_a_second_in_a_private_chat():
    pace = Pace(30, 0.5, 20)
    assert pace.allows(1, NOW) and not pace.allows(1, at(1.999)) and pace.allows(1, at(2))


def test_twenty_a_minute_in_a_group():
    pace = Pace(30, 1, 20)
    assert taken(pace, [GROUP] * 25, NOW) == 20
    assert not pace.allows(GROUP, at(59.999)) and pace.allows(-200, at(59.999))
    assert taken(pace, [GROUP] * 25, at(60)) == 20


def test_a_refusal_takes_no_place():
    pace = Pace(1, 1, 20)
    assert pace.allows(1, NOW)
    assert taken(pace, [2, 3, 4], at(0.5)) == 0
    assert pace.allows(2, at(1))


def test_the_next_free_moment_is_this_rounds_earliest():
    pace = Pace(30, 1, 1)
    assert taken(pace, [GROUP, 1], NOW) == 2
    pace.begin()
    assert pace.next_free is None
    assert taken(pace, [GROUP, 1], at(0.25)) == 0
    assert pace.next_free == at(1)
    pace.begin()
    assert pace.next_free is None


def test_a_clock_set_back_closes_nothing():
    """# F28: what was sent "tomorrow" does not hold up today for a day."""
    pace = Pace(1, 1, 1)
    assert pace.allows(1, NOW + timedelta(days=1))
    assert pace.allows(1, NOW)
