"""The ledger by itself: what is posted comes to nothing, nobody gives what he has not."""

from collections.abc import Callable

import pytest
from effort import examples
from folk import NOW, SHANGHAI
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workflows.core.kernels import ledger
from workflows.core.kernels.ledger import Account, Book, Cause, Leg, Posting

POINTS = Book(name="points", issuing=frozenset({"issued"}))
ISSUED, CHEN, WANG = Account("issued"), Account("member", 1), Account("member", 2)
ACCOUNTS = st.sampled_from([ISSUED, CHEN, WANG])
AMOUNTS = st.integers(1, 50)


def posting(legs: tuple[Leg, ...], key: str = "a", **more: object) -> Posting:
    told = {"cause": Cause(1001, "verify"), "by": 3, "at": NOW, "month": "2026-03"} | more
    return Posting(key=key, legs=legs, **told)


GIVEN = posting(ledger.moved(5, ISSUED, CHEN))


@pytest.mark.parametrize("amount", [0, -3, 1.5, True, "3", 10**13])
def test_less_than_one_or_a_fraction_is_not_moved(amount: object):
    with pytest.raises(ledger.UnbalancedError):
        ledger.moved(amount, ISSUED, CHEN)


@pytest.mark.parametrize(
    "wrong",
    [
        posting(()),
        posting((Leg(CHEN, 1), Leg(ISSUED, -2))),
        posting((Leg(CHEN, 0), Leg(ISSUED, 0))),
        posting((Leg(CHEN, 1.0), Leg(ISSUED, -1.0))),
        replace(GIVEN, cause=Cause(0, "verify")),
        replace(GIVEN, cause=Cause(1001, "")),
        replace(GIVEN, key=""),
        replace(GIVEN, reverses="b"),
    ],
)
def test_what_does_not_come_to_nothing_or_has_no_cause_is_refused(wrong: Posting):
    with pytest.raises(ledger.UnbalancedError):
        ledger.check(POINTS, wrong, {})


def test_who_has_too_little_gives_nothing_and_who_issues_always_can():
    ledger.check(POINTS, GIVEN, {})
    paid = posting(ledger.moved(5, CHEN, WANG))
    ledger.check(POINTS, paid, {CHEN: 5})
    with pytest.raises(ledger.OverdrawnError) as raised:
        ledger.check(POINTS, paid, {CHEN: 4})
    assert (raised.value.account, raised.value.balance) == (CHEN, 4)


def test_a_closed_month_stays_closed():
    ledger.check(POINTS, GIVEN, {}, closed="2026-02")
    for closed in ("2026-03", "2026-12"):
        with pytest.raises(ledger.ClosedError):
            ledger.check(POINTS, GIVEN, {}, closed=closed)


def test_a_reversal_takes_back_all_of_one_posting_that_is_none_itself():
    told = {"cause": Cause(1001, "contest"), "by": 4, "at": NOW, "month": "2026-04"}
    back = ledger.reversal(GIVEN, key="b", **told)
    ledger.check(POINTS, back, {CHEN: 5}, wrong=GIVEN)
    again = ledger.reversal(back, key="c", **told)
    half = replace(back, legs=ledger.moved(2, CHEN, ISSUED))
    for wrong, one in ((back, again), (GIVEN, half)):
        with pytest.raises(ledger.UnbalancedError):
            ledger.check(POINTS, one, {CHEN: 5}, wrong=wrong)


def test_the_month_is_the_neighbourhoods():
    assert ledger.month_of(NOW.replace(month=12, day=31, hour=17), SHANGHAI) == "2027-01"


def _posted(moves: list[tuple[int, Account, Account]], check: Callable[..., None]) -> list[Posting]:
    """Those of the moves that are let into the book."""
    stands: list[Posting] = []
    for number, (amount, source, target) in enumerate(moves):
        one = posting(ledger.moved(amount, source, target), key=str(number))
        try:
            check(POINTS, one, ledger.replayed(stands))
        except ledger.OverdrawnError:
            continue
        stands.append(one)
    return stands


@given(moves=st.lists(st.tuples(AMOUNTS, ACCOUNTS, ACCOUNTS), max_size=30))
@examples(change=80, night=2000)
def test_all_accounts_come_to_nothing_and_only_who_issues_is_below(moves: list):
    stands = _posted(moves, ledger.check)
    balances = ledger.replayed(stands)
    assert sum(balances.values()) == 0
    assert balances[CHEN] >= 0 and balances[WANG] >= 0
    told = {"cause": Cause(1, "x"), "by": 4, "at": NOW, "month": "2026-03"}
    back = [ledger.reversal(one, key=f"b{one.key}", **told) for one in stands]
    assert not any(ledger.replayed([*stands, *back]).values())
