"""A tap is typed inside and text outside: each is the other, and what was before goes on."""

from pathlib import Path

import pytest
from effort import examples
from folk import NOW
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.tap_codec import DATA_BYTES, decode, encode
from workflows.core.errors import ForgedError
from workflows.core.people import Role
from workflows.core.talk.messages import Button, Notice
from workflows.core.talk.tap import NO_TAP, Tap
from workflows.core.talk.tap_text import LETTERS, LONGEST, Spelling, fitted, read, write
from workflows.desk import viewing
from workflows.desk.inbound import router
from workflows.desk.inbound.router import rooms
from workflows.desk.lists import board, mine
from workflows.desk.people import absence, joining, members, roster, skills
from workflows.desk.privacy import audit, my_data
from workflows.petition.chat import batch, deciding
from workflows.petition.intake import drafting
from workflows.petition.rules.agenda import DECISIONS
from workflows.petition.words import Action
from workflows.registry import WORKFLOWS
from workflows.store.messages.owed import owing
from workflows.store.unit.codec import buttons_from

# One or two of each shape that the version before drew in the tests of the desk.
RECORDED = (Path(__file__).parent.parent / "data" / "presses.txt").read_text("utf-8").split()
BEFORE = {
    "d": drafting.tap, "t": router._act, "f": router._tap_form, "v": viewing.tap,
    "g": roster.tap, "b": board.tap, "q": deciding.tap, "m": mine.tap, "p": my_data.tap,
    "a": absence.tap, "j": joining.tap, "s": skills.tap, "r": members.tap, "u": audit.tap,
    "k": batch.tap,
}  # fmt: skip


# buttons of the version before


@pytest.mark.parametrize("press", RECORDED)
def test_an_old_button_goes_to_the_same_room_and_is_spelt_as_it_was(press: str):
    tap = decode(press)
    assert tap.room(rooms(WORKFLOWS)) is BEFORE[press[0]]
    assert encode(tap) == press


def test_every_room_of_before_is_among_the_recorded():
    assert {press[0] for press in RECORDED} == {*BEFORE} == {*LETTERS}


@pytest.mark.parametrize(
    ("press", "tap"),
    [
        ("t:1001:confirm:3", Tap(kind="petition", subject=1001, verb="confirm", args=("3",))),
        ("d:012345678901:submit", Tap(kind="draft", subject="012345678901", verb="submit")),
        ("d:123456789012:submit", Tap(kind="draft", subject="123456789012", verb="submit")),
        ("d:0a:category:水:电", Tap(kind="draft", subject="0a", verb="category", args=("水:电",))),
        ("f:1001:cancel", Tap(kind="form", subject=1001, verb="cancel")),
        ("f:7:propose:due:3", Tap(kind="form", subject=7, verb="propose", args=("due", "3"))),
        ("q:approve:7:0a1b", Tap(kind="decision", subject=7, verb="approve", args=("0a1b",))),
        ("g:invite:lead:0a:yes", Tap(kind="roster", verb="invite", args=("lead", "0a", "yes"))),
        ("g:remove:7:yes", Tap(kind="roster", subject=7, verb="remove", args=("yes",))),
        ("r:move:7:lead:0a", Tap(kind="member", subject=7, verb="move", args=("lead", "0a"))),
        ("a:who:7:9:0", Tap(kind="absence", subject=7, verb="who", args=("9", "0"))),
        ("a:on", Tap(kind="absence", verb="on")),
        ("j:at:0123456789", Tap(kind="joining", verb="at", args=("0123456789",))),
        ("j:yes:5", Tap(kind="joining", subject=5, verb="yes")),
        ("s:7:水:电", Tap(kind="skills", subject=7, args=("水:电",))),
        ("u:1001:2", Tap(kind="audit", subject=1001, args=("2",))),
        ("b:overdue:-7", Tap(kind="board", verb="overdue", args=("-7",))),
        ("", NO_TAP),
    ],
)
def test_what_an_old_button_means(press: str, tap: Tap):
    assert read(press) == tap and write(tap) == press


@pytest.mark.parametrize("action", Action)
def test_every_action_and_decision_is_spelt_as_ever(action: Action):
    assert write(Tap(kind="petition", subject=7, verb=action)) == f"t:7:{action}"
    tap = Tap(kind="decision", subject=7, verb=action, args=("s",))
    assert action not in DECISIONS or read(f"q:{action}:7:s") == tap


# kinds to come


def test_a_kind_to_come_is_spelt_by_its_word():
    tap = Tap(kind="council", subject=12, verb="second", args=("yes", "2"))
    assert write(tap) == "council:12:second:yes:2" and read(write(tap)) == tap


def test_a_kind_is_a_word_no_letter():
    assert all(
        kind.isascii() and kind.islower() and 2 < len(kind) < 12 for kind in rooms(WORKFLOWS)
    )


_WORD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=":"), max_size=12)
_ARGS = st.lists(_WORD | st.sampled_from(["yes", "0123456789", "电梯"]), max_size=5)
_KINDS = st.sampled_from([*LETTERS.values(), Spelling(kind="council"), Spelling(kind="orders")])


_NAMES = st.from_regex("[0-9a-f]{12}", fullmatch=True)
_NUMBERS = st.integers(0, 10**18 - 1)


@st.composite
def taps(draw: st.DrawFn) -> Tap:
    """Any that a room could build: its kind's shape, whatever the words and numbers."""
    how = draw(_KINDS)
    known = st.sampled_from(sorted(how.about or {"show"}))
    verb = draw(known | _WORD.filter(bool)) if how.has_verb else ""
    has_subject = not how.verb_leads or how.follows(verb)
    subject = st.none() | (_NUMBERS if how.is_numbered else _NAMES)
    args = draw(_ARGS)[: how.parts - how.has_verb - has_subject]
    return Tap(
        kind=how.kind, subject=draw(subject) if has_subject else None, verb=verb, args=tuple(args)
    )


@examples(change=300, night=20_000)
@given(tap=taps())
def test_what_is_offered_is_what_comes_back_and_fits_or_is_refused(tap: Tap):
    if len(write(tap).encode()) <= LONGEST:
        assert decode(encode(tap)) == tap
    else:
        with pytest.raises(ValueError, match="room for 64 bytes"):
            encode(tap)


@examples(change=300, night=20_000)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_means_something_and_goes_on_meaning_it(text: str):
    tap = decode(text)
    assert len(write(tap).encode()) <= DATA_BYTES
    assert read(write(tap)) == tap


# too long


LONG = Tap(kind="council", subject=12, verb="second", args=("楼" * 18,))


def test_a_button_that_is_too_long_is_refused_as_it_is_built():
    buttons = ((Button(tap=LONG, label="x"),),)
    notice = Notice(to=1, template="x", buttons=buttons)
    with pytest.raises(ValueError, match="room for 64 bytes"):
        owing(notice, 1, "reply", "", NOW, NOW)
    assert fitted(Tap(kind="council", subject=12, verb="second", args=("楼" * 15,)))


def test_a_row_of_the_version_before_has_its_taps():
    [[button]] = buttons_from([[{"press": "t:1:accept", "label": "l", "values": {}, "url": ""}]])
    assert button.tap == Tap(kind="petition", subject=1, verb="accept")


def test_the_domain_needs_no_more_than_telegram_carries():
    assert LONGEST <= DATA_BYTES


# what a room reads


@pytest.mark.parametrize(
    "read_it",
    [
        lambda tap: tap.room({"petition": 1}),
        lambda tap: tap.meant({"accept": 1}),
        lambda tap: tap.word(Action),
        lambda tap: tap.word_at(0, Role),
        lambda tap: tap.number,
        lambda tap: tap.number_at(0),
        lambda tap: tap.number_at(5),
    ],
)
def test_what_does_not_fit_is_forged(read_it: object):  # F47
    with pytest.raises(ForgedError):
        read_it(Tap(kind="x", subject="y", verb="z", args=("w",)))  # type: ignore[operator]


def test_what_fits_is_read():
    tap = Tap(kind="roster", subject=7, verb="accept", args=("lead", "30"))
    assert (tap.number, tap.word(Action), tap.word_at(0, Role)) == (7, Action.ACCEPT, Role.LEAD)
    assert (tap.number_at(1), tap.number_at(1, digits=1), tap.at(2)) == (30, 3, "")
