"""What holds whoever talks: majority and quorum, who is of the electorate, what the table lets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from folk import RULES
from msgspec.structs import replace

from workflows.core.engine.clocks import Clock
from workflows.core.engine.decision import decide
from workflows.core.errors import Refusal
from workflows.core.people import SYSTEM, Membership, Person, Role
from workflows.core.talk.needs import TEXT, TO, Answers
from workflows.council import doors
from workflows.council.chat.raising import place_of
from workflows.council.lifecycle import COUNCIL, STEPS, begin
from workflows.council.model import Tally, Topic
from workflows.council.needs import CHOICE, HOUSEHOLD, MEETING, TALLY
from workflows.council.relations import attempt
from workflows.council.settings import CouncilSettings
from workflows.council.words import Action, Choice, ClockName, State

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HOME = "友新街道/南环一/1网格/3幢"
CHEN, ZHOU, MA = (Person(id=i, name=str(i), last_place=HOME) for i in (1, 2, 3))
LEAD = Person(
    id=9, name="", memberships=(Membership(role=Role.LEAD, place="友新街道/南环一/1网格"),)
)
ELSEWHERE = replace(ZHOU, id=5, last_place="友新街道/南环一/1网格/4幢")
A, S = Action, State


def topic(state: State = S.RAISED, **more: Any) -> Topic:
    raised = Topic(id=1001, raiser=CHEN.id, place=HOME, text="堆物", raised_at=NOW)
    begun = begin(raised, CHEN, NOW, RULES).subject
    return replace(begun, state=state, **more)


VOTERS = {"301": (CHEN.id, MA.id), "302": (ZHOU.id,), "401": (4,)}
VOTING = topic(S.VOTING, households=VOTERS, electorate=3, quorum_percent=50)


def do(now: Topic, action: Action, person: Person, **given: Any) -> Topic:
    needs = {"household": HOUSEHOLD, "choice": CHOICE, "tally": TALLY, "text": TEXT, "to": TO,
             "meeting": MEETING}  # fmt: skip
    answers = Answers({needs[name]: value for name, value in given.items()})
    return decide(COUNCIL, attempt(now, action, person, NOW, RULES, answers)).subject


def may(now: Topic, action: Action, person: Person) -> bool:
    return COUNCIL.may(attempt(now, action, person, NOW, RULES))


def read(need: Any, answer: str) -> Any:
    return need.read(answer, NOW, RULES)


# the count


@pytest.mark.parametrize(
    ("yes", "no", "abstain", "electorate", "is_agreed"),
    [
        (3, 2, 0, 5, True),
        (2, 2, 0, 4, False),  # a tie is a no
        (2, 1, 1, 4, False),  # an abstention is a ballot: no more than half said yes
        (2, 0, 0, 4, True),  # half of the electorate is enough
        (2, 0, 0, 5, False),  # less than that is not
        (0, 0, 0, 0, False),
        (0, 0, 3, 3, False),
    ],
)
def test_more_than_half_of_the_ballots_of_half_the_households(
    yes: int, no: int, abstain: int, electorate: int, *, is_agreed: bool
) -> None:
    tally = Tally(yes=yes, no=no, abstain=abstain, electorate=electorate)
    assert tally.is_agreed is is_agreed


@pytest.mark.parametrize(("yes", "state"), [(2, S.AGREED), (1, S.NOT_AGREED)])
def test_the_timer_closes_it_with_what_was_in_the_box(yes: int, state: State) -> None:
    closed = do(VOTING, A.CLOSE, SYSTEM, tally=Tally(yes=yes, no=1))
    assert (closed.state, closed.ended_at, closed.clocks) == (state, NOW, {})
    assert closed.result == Tally(yes=yes, no=1, electorate=3)


def test_nobody_but_the_timer_closes_it() -> None:
    assert [p.id for p in (CHEN, ZHOU, LEAD, SYSTEM) if may(VOTING, A.CLOSE, p)] == [0]


def test_a_convener_closes_what_the_timer_did_not() -> None:
    late = {ClockName.BALLOT: Clock(started=NOW - timedelta(days=3), due=NOW)}
    overdue = replace(VOTING, clocks=late)
    assert [p.id for p in (CHEN, ZHOU, LEAD, SYSTEM) if may(overdue, A.CLOSE, p)] == [9, 0]
    assert do(overdue, A.CLOSE, LEAD, tally=Tally(yes=2, no=1)).state is S.AGREED
    assert do(overdue, A.CLOSE, LEAD, tally=Tally(no=2)).state is S.NOT_AGREED
    early = {ClockName.BALLOT: Clock(started=NOW, due=NOW + timedelta(minutes=1))}
    assert not may(replace(VOTING, clocks=early), A.CLOSE, LEAD)


def test_a_vote_is_counted_by_what_was_settled_as_it_opened() -> None:
    strict = RULES.having(CouncilSettings(quorum_percent=100))
    opened = do(topic(S.CALLED, households=VOTERS), A.OPEN, LEAD)
    assert (opened.electorate, opened.quorum_percent) == (3, 50)
    given = Answers({TALLY: Tally(yes=2)})
    closed = decide(COUNCIL, attempt(opened, A.CLOSE, SYSTEM, NOW, strict, given)).subject
    assert closed.state is S.AGREED and closed.result == Tally(yes=2, electorate=3)


@pytest.mark.parametrize(
    ("yes", "no", "abstain", "is_told"),
    [(2, 1, 0, True), (1, 1, 1, True), (1, 1, 0, False), (3, 0, 0, False), (0, 5, 0, False),
     (1, 0, 0, False), (0, 0, 0, False), (0, 0, 4, False)],
)  # fmt: skip
def test_a_split_is_told_only_where_it_gives_nobody_away(
    yes: int, no: int, abstain: int, *, is_told: bool
) -> None:
    assert Tally(yes=yes, no=no, abstain=abstain, electorate=9).is_told is is_told


def test_a_topic_has_no_count_before_the_close() -> None:
    voted = do(VOTING, A.VOTE, CHEN, choice=Choice.YES)
    assert voted.result is None and voted.voted == ("301",)
    assert "yes" not in str(voted)


# one household, one ballot


def test_a_household_has_one_ballot_whoever_of_it_taps() -> None:
    voted = do(VOTING, A.VOTE, MA, choice=Choice.NO)
    assert [may(voted, A.VOTE, p) for p in (CHEN, MA, ZHOU)] == [False, False, True]
    with pytest.raises(Refusal, match="refused_voted"):
        do(voted, A.VOTE, CHEN, choice=Choice.YES)


def test_who_voted_says_nothing_of_the_order() -> None:
    one = do(do(VOTING, A.VOTE, ZHOU, choice=Choice.NO), A.VOTE, CHEN, choice=Choice.NO)
    other = do(do(VOTING, A.VOTE, CHEN, choice=Choice.NO), A.VOTE, ZHOU, choice=Choice.NO)
    assert one.voted == other.voted


def test_no_event_or_message_of_a_vote_has_the_choice() -> None:
    given = Answers({CHOICE: Choice.YES})
    made = decide(COUNCIL, attempt(VOTING, A.VOTE, CHEN, NOW, RULES, given))
    assert made.event.data == {} and made.notices == ()


def test_no_event_says_behind_which_door_somebody_lives() -> None:
    given = Answers({HOUSEHOLD: "301"})
    made = decide(COUNCIL, attempt(topic(), A.SECOND, ZHOU, NOW, RULES, given))
    assert made.event.data == {}


def test_the_electorate_is_who_was_registered_when_the_vote_opened() -> None:
    called = topic(S.CALLED, households=VOTERS)
    late = Person(id=7, name="", last_place=HOME)
    assert may(called, A.JOIN, late) and not may(VOTING, A.JOIN, late)
    assert not may(VOTING, A.SECOND, late) and not may(VOTING, A.VOTE, late)
    with pytest.raises(Refusal, match="refused_unregistered"):
        do(VOTING, A.VOTE, late, choice=Choice.YES)


def test_who_is_forgotten_leaves_the_electorate_as_large_as_it_was() -> None:
    left = do(VOTING, A.ERASE, SYSTEM, to=ZHOU)
    assert (left.households["302"], len(left.households)) == ((), 3)
    assert left.text == VOTING.text and do(VOTING, A.ERASE, SYSTEM, to=CHEN).text == ""


def test_when_time_is_over_all_words_go_and_the_counts_stay() -> None:
    closed = do(VOTING, A.CLOSE, SYSTEM, tally=Tally(yes=2, no=1))
    bare = do(closed, A.ERASE, SYSTEM)
    assert (bare.text, bare.households, bare.voted) == ("", {}, ())
    assert bare.result == closed.result and bare.state is S.AGREED


# seconding


def test_a_household_seconds_once_and_the_third_carries_it() -> None:
    now = do(topic(), A.SECOND, CHEN, household="301")
    now = do(now, A.SECOND, MA, household="301")
    now = do(now, A.SECOND, ZHOU, household="302")
    assert (now.state, len(now.households)) == (S.RAISED, 2)
    assert do(now, A.SECOND, replace(CHEN, id=4), household="401").state is S.SECONDED


def test_nobody_from_elsewhere_seconds_and_who_raised_it_there_does() -> None:
    assert not may(topic(), A.SECOND, ELSEWHERE)
    assert may(topic(raiser=ELSEWHERE.id), A.SECOND, ELSEWHERE)


def test_only_the_grids_lead_calls_and_declines() -> None:
    seconded, other = topic(S.SECONDED), replace(LEAD, memberships=(
        Membership(role=Role.LEAD, place="友新街道/南环一/2网格"),))  # fmt: skip
    for action in (A.SUMMON, A.DISMISS):
        assert [may(seconded, action, p) for p in (CHEN, LEAD, other)] == [False, True, False]


@pytest.mark.parametrize(
    ("role", "place", "is_convener"),
    [(Role.COMMITTEE, "友新街道/南环一", True), (Role.STREET, "友新街道", True),
     (Role.ADMIN, "友新街道", False), (Role.WORKER, "友新街道/南环一/1网格", False)],
)  # fmt: skip
def test_who_stands_above_the_lead_may_do_what_he_does_not(
    role: Role, place: str, *, is_convener: bool
) -> None:
    above = Person(id=8, name="", memberships=(Membership(role=role, place=place),))
    for action in (A.SUMMON, A.DISMISS):
        assert may(topic(S.SECONDED), action, above) is is_convener
    assert may(topic(S.CALLED), A.OPEN, above) is is_convener


@pytest.mark.parametrize("state", S)
def test_its_raiser_alone_withdraws_it_until_the_vote(state: State) -> None:
    may_be = state in {S.RAISED, S.SECONDED, S.CALLED}
    assert [may(topic(state), A.WITHDRAW, p) for p in (CHEN, ZHOU, LEAD)] == [may_be, False, False]
    if may_be:
        assert do(topic(state), A.WITHDRAW, CHEN).ended_at == NOW


def test_the_meetings_moment_is_when_the_vote_opens_by_itself() -> None:
    at = NOW + timedelta(days=2, hours=3)
    called = do(topic(S.SECONDED), A.SUMMON, LEAD, meeting=at, text="楼下")
    [timer] = COUNCIL.clockwork.timers(called, RULES)
    assert (timer.due_at, COUNCIL.on_time(timer.clock)) == (at, A.OPEN)
    assert do(called, A.OPEN, SYSTEM).state is S.VOTING


def test_every_open_state_has_its_clock_and_every_row_a_state_that_there_is() -> None:
    assert all(bool(stage.clock) is not stage.is_end for stage in COUNCIL.stages.values())
    assert {s for step in STEPS for s in step.sources} == set(State)
    assert {step.target for step in STEPS} - {None} == set(State) - {S.RAISED}


# what people write


@pytest.mark.parametrize(
    ("said", "household"),
    [("301", "301"), ("３０１室", "301"), ("2单元301", "2-301"), ("2-301", "2-301"),
     ("3幢2单元301室", "2-301"), ("12b", "12B"), (" 1203 ", "1203"), ("二单元301", "2-301"),
     ("2 单元 301 号", "2-301"), ("十二单元1203", "12-1203"), ("3-2-301", "2-301"),
     ("我家是02单元301。", "2-301"), ("3楼301", "301")],
)  # fmt: skip
def test_a_door_is_its_numbers_however_it_is_written(said: str, household: str) -> None:
    assert read(HOUSEHOLD, said) == household


@pytest.mark.parametrize("said", ["", "我家", "13912345678", "1 2 3 4", "2单元", "301漏水"])
def test_what_is_no_door_is_asked_again(said: str) -> None:
    with pytest.raises(Refusal, match="form_no_household"):
        read(HOUSEHOLD, said)


@pytest.mark.parametrize("said", ["301", "我家", "2单元", "1 2 3 4", "3幢", "12b"])
def test_what_is_made_as_doors_are_was_meant_as_one(said: str) -> None:
    assert doors.is_tried(said)


@pytest.mark.parametrize("said", ["", "楼道", "2单元301漏水", "301着火了", "电梯坏了", "不用了"])
def test_what_says_anything_else_was_not(said: str) -> None:
    assert not doors.is_tried(said)


def test_a_flat_is_one_household_with_its_staircase_or_without() -> None:
    bare = doors.placed({}, "301", 1)
    assert doors.placed(bare, "301", 2) == {"301": (1, 2)}
    named = doors.placed(bare, "2-301", 3)
    assert named == {"2-301": (1, 3)}
    assert doors.placed(named, "1-301", 4) == {"2-301": (1, 3), "1-301": (4,)}
    with pytest.raises(Refusal, match="form_which_unit"):
        doors.placed(named, "301", 5)
    assert doors.placed(named, "302", 5)["302"] == (5,)


@pytest.mark.parametrize(
    ("said", "local"),
    [("明天 19:30", "11-25 19:30"), ("12月1日14:00", "12-01 14:00"),
     ("3天 ９：０５", "11-27 09:05"), ("今天 23:00", "11-24 23:00"),
     ("明天晚上7:30", "11-25 19:30"), ("明天下午3点", "11-25 15:00"),
     ("明天晚上七点半", "11-25 19:30"), ("12月1日上午9点", "12-01 09:00"),
     ("明天中午12点", "11-25 12:00"), ("明天中午1点", "11-25 13:00"),
     ("后天晚上8点开会", "11-26 20:00"), ("下周三下午两点半", "12-02 14:30"),
     ("晚上7点半，明天", "11-25 19:30"), ("明晚7点", "11-25 19:00")],
)  # fmt: skip
def test_a_meeting_is_a_day_and_a_time_of_day(said: str, local: str) -> None:
    assert f"{read(MEETING, said).astimezone(RULES.zone):%m-%d %H:%M}" == local


@pytest.mark.parametrize(
    ("said", "refusal"),
    [("明天", "form_no_moment"), ("19:30", "form_no_date"), ("今天 08:59", "refused_past"),
     ("明天 25:30", "form_no_date"), ("明天晚上", "form_no_moment"),
     ("明天3点到5点", "form_no_moment"), ("明天 19:30-21:00", "form_no_moment"),
     ("明天晚上7点或者后天", "form_no_date"), ("明天晚上7点在楼下", "form_no_date"),
     ("不是明天 19:30", "form_no_date"), ("明天凌晨3点", "form_no_date"),
     ("明天 19:30 20:30", "form_no_date")],
)  # fmt: skip
def test_what_is_no_moment_ahead_is_asked_again(said: str, refusal: str) -> None:
    with pytest.raises(Refusal, match=refusal):
        read(MEETING, said)


@pytest.mark.parametrize("said", ["", "maybe", "YES"])
def test_a_ballot_says_one_of_three_things(said: str) -> None:
    assert [read(CHOICE, one.value) for one in Choice] == [*Choice]
    with pytest.raises(Refusal, match="form_tap_an_answer"):
        read(CHOICE, said)


@pytest.mark.parametrize(
    ("said", "at_home", "place"),
    [
        ("楼道里堆的东西", HOME, HOME),
        ("楼道里堆的东西", "", ""),
        ("楼道里堆的东西", "友新街道/南环一/1网格", ""),  # a grid is no building
        ("3幢楼道里堆的东西", "友新街道/南环一/1网格", HOME),
        ("3幢和4幢之间", "", ""),  # two are none, but for who lives in one of them
        ("3幢和4幢之间", HOME, HOME),
    ],
)
def test_a_topic_is_about_the_building_it_names_else_where_one_lives(
    said: str, at_home: str, place: str
) -> None:
    assert place_of(said, replace(CHEN, last_place=at_home), RULES) == place
