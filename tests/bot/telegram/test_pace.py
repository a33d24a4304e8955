"""The three limits at their edges, and no chat held up by another."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.telegram.pace import Pace

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
GROUP = -100


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def taken(pace: Pace, chats: range | list[int], moment: datetime) -> int:
    return sum(pace.allows(chat, moment) for chat in chats)


def leave(pace: Pace, seconds: float, late: float = 0.0) -> list[datetime]:
    """When messages leave from now on, each taken so much after its place came."""
    left, now = [], NOW
    while now < at(seconds):
        if pace.has_place(1, now):
            left.append(now)
        else:
            assert pace.next_free
            now = pace.next_free + timedelta(seconds=late)
        pace.begin()
    return left


def most_within(moments: list[datetime], span: float) -> int:
    return max(sum(m <= x < m + timedelta(seconds=span) for x in moments) for m in moments)


@pytest.mark.parametrize("late", [0.0, 0.005, 0.01])
def test_all_messages_leave_evenly_never_more_than_thirty_a_second(late: float):
    """And nearly so many, though each is taken a little late."""
    left = leave(Pace(30, 1, 20), 10, late)
    assert most_within(left, 1.0) <= 30
    assert len(left) >= 10 * 30 * 0.95
    assert most_within(left, 0.1) <= 4


def test_who_comes_after_a_pause_finds_one_place_and_no_heap_of_them():
    pace = Pace(30, 1, 20)
    assert pace.has_place(1, NOW)
    assert [pace.has_place(1, at(60)) for _ in range(3)] == [True, False, False]


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
    assert not pace.allows(GROUP, at(60)) and pace.allows(-200, at(60))
    assert taken(pace, [GROUP] * 25, at(60.03)) == 20


def test_a_chats_place_counts_from_when_its_message_left():
    pace = Pace(30, 1, 20)
    assert pace.allows(1, NOW) and pace.has_place(1, at(0.5))
    assert not pace.allows(1, at(1.4)) and pace.allows(1, at(1.5))


def test_a_refusal_takes_no_place():
    pace = Pace(1, 1, 20)
    assert pace.has_place(1, NOW)
    assert not any(pace.has_place(1, at(0.5)) for _ in range(3))
    assert pace.has_place(1, at(1.03))


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
    assert pace.allows(1, NOW + timedelta(days=1)) and pace.has_place(1, NOW + timedelta(days=1))
    assert pace.allows(1, NOW) and pace.has_place(1, NOW)


def test_a_chat_is_forgotten_once_nothing_of_it_counts():
    """However many write in a day, what is remembered of them is a second's worth."""
    pace = Pace(30, 1, 20)
    for resident in range(1, 10_001):
        assert pace.allows(resident, at(resident / 10))
    assert len(pace._chats) <= 1_000


def test_what_still_counts_is_not_forgotten_however_many_write_at_once():
    pace = Pace(30, 1, 20)
    assert taken(pace, [GROUP] * 20, NOW) == 20
    assert taken(pace, range(1, 5_001), NOW) == 5_000
    assert taken(pace, range(1, 5_001), at(0.9)) == 0
    assert taken(pace, range(5_001, 15_001), at(30)) == 10_000
    assert not pace.allows(GROUP, at(30))


def test_a_place_that_was_forgotten_while_its_message_waited_counts_when_that_leaves():
    pace = Pace(30, 1, 20)
    assert pace.allows(1, NOW)
    assert taken(pace, range(2, 3_000), at(2)) == 2_998
    assert pace.has_place(1, at(2)) and not pace.allows(1, at(2.9))
