"""What a message is: decided by one pure function, asked where it is not sure.

In the order of the page: danger; whole messages (a button's word, a greeting, thanks); a number;
the question that is open; the petition in the making; the message it replies to; and free words,
by what they say and by what of this person's is open. Measured by `python -m benchmarks.hearing`;
docs/hearing.md has the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from workflows.hearing.language import Hearing, squeezed, typed, whole
from workflows.petition.hearing.free import free, is_plainly_new, is_same
from workflows.petition.hearing.meaning import (
    Guess,
    Matter,
    Meaning,
    Situation,
    Understood,
    sure,
)
from workflows.petition.hearing.reading import read
from workflows.petition.hearing.replies import replied
from workflows.petition.words import State

M, S = Meaning, State
_AT_PREVIEW = {"submit": "submit", "cancel": "cancel", "restart": "restart", "move": "move",
               "categorize": "categorize"}  # fmt: skip
_RATES = ("satisfied", "fairly", "unhappy", "solved_unhappy", "partly")


def understand(at: Situation, language: Hearing) -> Understood:
    """What a message is in its situation: what the first of PAGE says that knows."""
    return next(found for look in PAGE if (found := look(at, language)))


def _rest(at: Situation, _: Hearing) -> Understood | None:
    return sure(M.PETITION) if at.is_cut and not at.asked else None


def _danger(at: Situation, _: Hearing) -> Understood | None:
    """It goes where it would go without a question: nobody in danger is asked what he means."""
    if not at.is_danger:
        return None
    if at.asked:
        return sure(M.ANSWER, at.asked_about)
    matter = at.matter(at.replied)
    if matter and matter.state in _CAN_ADD and not at.step:
        return sure(M.ADDITION, matter.id)
    return sure(M.PETITION)


_CAN_ADD = frozenset(S) - {S.CLOSED, S.DECLINED, S.WITHDRAWN, S.MERGED}


# whole messages


def _whole(at: Situation, language: Hearing) -> Understood | None:
    """A message that is a button's word, or nothing but courtesy; None for all others."""
    verbs, kinds = typed(at.text, language), whole(at.text, language)
    if at.step != "unsure":
        verbs -= _WHEN_UNSURE
    if at.has_file or ("fine" in kinds and _is_told_well(at)):
        return None
    if not verbs and not kinds:
        return _nothing_said(at) or _said_in_passing(at, language)
    if at.asked and not _asks_since(at):
        return _beside_question(at, verbs, kinds)
    if at.step == "unsure":
        return _tapped_when_unsure(verbs, kinds)
    if at.step:
        return _at_preview(at, verbs, kinds)
    return _button(at, verbs, language) or _courtesy(kinds) or _no_button(at, verbs)


def _said_in_passing(at: Situation, language: Hearing) -> Understood | None:
    """A few words that greet, thank or ask for somebody to talk to, with nothing else in them."""
    if len(squeezed(at.text)) > _PASSING or (at.asked and at.asked != "answer"):
        return None
    found = read(at.text, language)
    if found.has("human") and not found.has("problem", "chase"):
        return sure(M.HUMAN)
    if found.has(*_MORE) or found.topics or found.buildings or _says_more(at, language):
        return None
    for sign, meaning in (("kind", M.THANKS), ("greets", M.GREETING)):
        if found.has(sign):
            return sure(meaning)
    return None


def _says_more(at: Situation, language: Hearing) -> bool:
    """Whether, besides its courtesy, it says something that can be about what is open."""
    return bool(at.matters) and len(language.short.sub("", squeezed(at.text))) > _A_WORD


_A_WORD = 3  # characters


_PASSING = 12  # characters
_MORE = ("problem", "where", "wish", "chase", "well", "unwell", "objection", "apart", "amends",
         "points", "another", "report")  # fmt: skip


_WHEN_UNSURE = frozenset({"new", "about"})  # buttons that are nowhere else


def _is_told_well(at: Situation) -> bool:
    """Whether "it is well" can be about one of his own."""
    is_free = not (at.step or at.asked)
    return is_free and any(not m.is_work and m.state in (_CAN_ADD | _DONE) for m in at.matters)


def _nothing_said(at: Situation) -> Understood | None:
    """Not a letter or a word: a question mark, a lone 1, a face."""
    if not at.text:
        return None
    said = squeezed(at.text)
    is_empty = not any(char.isalpha() for char in said) and len(said) <= 2
    if not is_empty or at.asked or at.replied or at.step == "placing":
        return None
    return sure(M.NOTHING) if at.step else sure(M.GREETING)


def _asks_since(at: Situation) -> bool:
    """Whether what he said to our question is asked about; a form that he opened comes first."""
    return at.asked == "answer" and at.step == "unsure"


def _tapped_when_unsure(verbs: frozenset[str], kinds: frozenset[str]) -> Understood | None:
    for verb in ("cancel", "new", "about"):
        if verb in verbs:
            return sure(M.BUTTON, verb=verb)
    if "nudge" in verbs or "yes" in kinds:
        return sure(M.BUTTON, verb="about")
    return _courtesy(kinds)


def _beside_question(
    at: Situation, verbs: frozenset[str], kinds: frozenset[str]
) -> Understood | None:
    """While a question is open: it can be dropped, and who greets has not answered it."""
    if "drop" in verbs:
        return sure(M.BUTTON, verb="cancel")
    is_answer = bool(kinds & {"yes", "fine"}) and kinds.isdisjoint({"thanks", "greeting"})
    if at.asked != "answer" or is_answer:
        return None
    return _courtesy(kinds - {"yes", "fine", "test"})


def _at_preview(at: Situation, verbs: frozenset[str], kinds: frozenset[str]) -> Understood | None:
    if found := next((_AT_PREVIEW[v] for v in _AT_PREVIEW if v in verbs), None):
        return sure(M.BUTTON, verb=found)
    if kinds & {"yes", "fine"} and "greeting" not in kinds and at.step == "preview":
        return sure(M.NOTHING) if at.is_aged else sure(M.BUTTON, verb="submit")
    return _courtesy(kinds)


def _courtesy(kinds: frozenset[str]) -> Understood | None:
    for kind, meaning in (("human", M.HUMAN), ("greeting", M.GREETING), ("thanks", M.THANKS),
                          ("yes", M.THANKS), ("fine", M.THANKS), ("test", M.GREETING)):  # fmt: skip
        if kind in kinds:
            return sure(meaning)
    return None


def _button(at: Situation, verbs: frozenset[str], language: Hearing) -> Understood | None:
    """A button of a card, typed; which card, is asked where several have it."""
    if verbs & {"cancel", "withdraw"} and read(at.text, language).is_well:
        return None  # 已经好了，不用了: it is asked which of both
    for verb, states, is_work in _CARD_BUTTONS:
        if verb not in verbs:
            continue
        is_rate = verb in _RATES
        fit = [m for m in _told(at) if m.is_work is is_work and _has(m, states, is_rate=is_rate)]
        if fit:
            meant = "withdraw" if verb == "cancel" else verb
            return Understood(tuple(Guess(M.BUTTON, m.id, meant) for m in fit[:3]))
    return None


def _has(matter: Matter, states: frozenset[State], *, is_rate: bool) -> bool:
    """Whether the card of the matter has the button."""
    return matter.state in states or (is_rate and matter.wants_rating)


def _told(at: Situation) -> Iterable[Matter]:
    """The matter that is replied to, or all of them."""
    one = at.matter(at.replied)
    return [one] if one else at.matters


_OPEN_TO_RESIDENT = _CAN_ADD - {S.RESOLVED, S.UNHAPPY}
_DONE = frozenset({S.RESOLVED})
_CARD_BUTTONS = (
    *((verb, _DONE, False) for verb in _RATES),
    ("unsolved", frozenset({S.RESOLVED, S.UNHAPPY, S.CLOSED}), False),
    ("nudge", _OPEN_TO_RESIDENT, False),
    ("move", _OPEN_TO_RESIDENT - {S.SUSPENDED}, False),
    ("withdraw", _OPEN_TO_RESIDENT, False),
    ("cancel", _OPEN_TO_RESIDENT, False),
    ("accept", frozenset({S.DISPATCHED}), True),
    ("pass", frozenset({S.DISPATCHED}), True),
)


def _no_button(at: Situation, verbs: frozenset[str]) -> Understood | None:
    """A button's word that no card has now; where something is open it may be meant for it."""
    if at.matters and verbs & {"unsolved", "cancel", "withdraw"}:
        return None
    return sure(M.NOTHING) if verbs else None


# a number


_FEW = 12  # characters beside a number which ask for no more than to see it


def _number(at: Situation, language: Hearing) -> Understood | None:
    """It is shown; with more words, these are for it as in a reply."""
    if not at.number or at.asked:
        return None
    if at.number < 0 and at.step:  # somebody's telephone, say
        return sure(M.PETITION)
    matter, found = at.matter(at.number), read(at.text, language)
    is_asked_for = at.is_number_alone or found.has("chase") or found.length <= _FEW
    if matter and not is_asked_for:
        return replied(at, matter, language)
    return sure(M.NUMBER, max(at.number, 0))


# the question that is open


def _asked(at: Situation, language: Hearing) -> Understood | None:
    """What is said answers it."""
    if not at.asked or _asks_since(at):
        return None
    return _to_us(at, language) if at.asked == "answer" else sure(M.ANSWER, at.asked_about)


def _to_us(at: Situation, language: Hearing) -> Understood:
    """We asked, not he: unless it is plainly something else; of two questions, which is asked."""
    waiting = [m for m in at.matters if m.state is S.WAITING and not m.is_work]
    if at.replied and at.matter(at.replied) in waiting:
        return sure(M.ANSWER, at.replied)
    about = at.matter(at.asked_about)
    if about and about.state in _OPEN_TO_RESIDENT - {S.WAITING}:
        return _answered_late(at, about, language)
    if at.text and not at.has_file and is_plainly_new(at, language):
        return Understood((Guess(M.ANSWER, at.asked_about), Guess(M.PETITION)))
    same = [m for m in waiting if is_same(read(at.text, language), m, language)]
    if len(same) == 1:
        return sure(M.ANSWER, same[0].id)
    if len(waiting) > 1:
        return Understood(tuple(Guess(M.ANSWER, m.id) for m in waiting[:3]))
    return sure(M.ANSWER, at.asked_about)


def _answered_late(at: Situation, about: Matter, language: Hearing) -> Understood:
    """The question has lapsed, the work goes on: what he says is still for it."""
    if at.text and is_plainly_new(at, language):
        return Understood((Guess(M.ADDITION, about.id), Guess(M.PETITION)))
    is_well = read(at.text, language).is_well
    return replied(at, about, language) if is_well else sure(M.ADDITION, about.id)


# the petition in the making


def _while_unsure(at: Situation, language: Hearing) -> Understood | None:
    """More words while it was asked what the first ones are: plainly new, or more of the same."""
    if at.step != "unsure" or at.is_aged:
        return None
    found = free(at, language)
    is_new = found.is_sure and found.first.meaning is M.PETITION
    return found if is_new else sure(M.NOTHING)


def _in_draft(at: Situation, _: Hearing) -> Understood | None:
    """More of it; of one that was left lying, which is asked."""
    if not at.step:
        return None
    if at.is_aged:
        return Understood((Guess(M.PETITION, verb="new"), Guess(M.PETITION, verb="join")))
    return sure(M.PETITION)


def _reply(at: Situation, language: Hearing) -> Understood | None:
    matter = at.matter(at.replied)
    return replied(at, matter, language) if matter else None


_Look = Callable[[Situation, Hearing], Understood | None]
PAGE: tuple[_Look, ...] = (
    _rest, _danger, _whole, _number, _asked, _while_unsure, _in_draft, _reply, free,
)  # fmt: skip
