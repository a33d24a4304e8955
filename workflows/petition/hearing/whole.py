"""A whole message that is a button's word, or nothing but courtesy."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.hearing.language import Hearing, squeezed, typed, whole
from workflows.petition.hearing.evidence import TALK
from workflows.petition.hearing.meaning import (
    Guess,
    Matter,
    Meaning,
    Situation,
    Understood,
    sure,
)
from workflows.petition.hearing.reading import read
from workflows.petition.words import State

M, S = Meaning, State
CAN_ADD = frozenset(S) - {S.CLOSED, S.DECLINED, S.WITHDRAWN, S.MERGED}
OPEN_TO_RESIDENT = CAN_ADD - {S.RESOLVED, S.UNHAPPY}
_DONE = frozenset({S.RESOLVED})
_AT_PREVIEW = ("submit", "cancel", "restart", "move", "categorize")
_RATES = ("satisfied", "fairly", "unhappy", "solved_unhappy", "partly")
# Words that are a button's, or about it, where a petition stands so, and nothing anywhere else.
_ELSEWHERE = {"new": ("unsure",), "about": ("unsure",), "again": ("preview",)}
_PASSING = 12  # characters
_A_WORD = 1  # characters
_OWN_WORDS = 8  # characters in which a button's word is said otherwise
_TELLS = ("problem", "lack", "where", "wish", "chase", "well", "turns", "unwell", "objection",
          "apart", "amends", "points", "another", "report")  # fmt: skip


def said_whole(at: Situation, language: Hearing) -> Understood | None:
    """What it is; None for all others."""
    verbs, kinds = _verbs(at, language), whole(at.text, language)
    if (
        at.has_file
        or ("fine" in kinds and _is_told_well(at))
        or _is_doubt(at, verbs, kinds, language)
    ):
        return None
    if not verbs and not kinds:
        return _nothing_said(at) or _said_in_passing(at, language)
    if at.asked and not asks_since(at):
        return _beside_question(at, verbs, kinds)
    if at.step:
        return (_tapped_when_unsure if at.step == "unsure" else _at_preview)(at, verbs, kinds)
    looks = (_button(at, verbs, language), _verdict(at, kinds), _courtesy(kinds))
    return next(filter(None, looks), None) or _no_button(at, verbs)


def _is_doubt(
    at: Situation, verbs: frozenset[str], kinds: frozenset[str], language: Hearing
) -> bool:  # fmt: skip
    """Whether 嗯？ or 收到了吗 asks after what is there."""
    if not at.matters or at.step or at.asked or not (verbs or kinds == {"yes"}):
        return False
    return at.text.rstrip().endswith(("？", "?")) or read(at.text, language).has("asks")


def _verbs(at: Situation, language: Hearing) -> frozenset[str]:
    """The buttons whose words it is; below a question or a preview, in words of his own, too."""
    verbs = typed(at.text, language)
    if not verbs and (at.step or at.asked == "answer") and len(squeezed(at.text)) <= _OWN_WORDS:
        found = read(at.text, language)
        is_more = found.has("problem", "lack") or found.topics or found.buildings
        verbs = frozenset() if is_more else found.signs & {*_AT_PREVIEW, "drop"}
    return verbs - {verb for verb, steps in _ELSEWHERE.items() if at.step not in steps}


def asks_since(at: Situation) -> bool:
    """Whether what he said to our question is asked about; a form that he opened comes first."""
    return at.asked == "answer" and at.step == "unsure"


def _is_told_well(at: Situation) -> bool:
    """Whether "it is well" can be about what is there."""
    is_free = not (at.step or at.asked)
    return is_free and any(m.state in CAN_ADD | _DONE for m in at.matters)


# a few words


def _nothing_said(at: Situation) -> Understood | None:
    """Not a letter or a word: a question mark, a lone 1, a face."""
    if not at.text:
        return None
    said = squeezed(at.text)
    is_empty = not any(char.isalpha() for char in said) and len(said) <= 2
    if not is_empty or at.asked or at.replied or at.step == "placing":
        return None
    if at.matters and not at.step and not any(char.isalnum() for char in said):
        return None  # what becomes of it, or what was just said?
    return sure(M.NOTHING) if at.step else sure(M.GREETING)


def _said_in_passing(at: Situation, language: Hearing) -> Understood | None:
    """A few words that greet, thank or ask for somebody to talk to, with nothing else in them."""
    if len(squeezed(at.text)) > _PASSING or (at.asked and at.asked != "answer"):
        return None
    found = read(at.text, language)
    if found.has("human") and not (found.has("problem", "chase") or _may_be_his(at)):
        return sure(M.HUMAN)
    if found.has(*_TELLS) or found.topics or found.buildings:
        return None
    rest = len(language.short.sub("", squeezed(at.text))) if at.matters else 0
    for sign, meaning in (("kind", M.THANKS), ("greets", M.GREETING)):
        if found.has(sign) and rest <= _A_WORD:  # more than that can be about what is open
            return sure(meaning)
    return None


def _may_be_his(at: Situation) -> bool:
    """Whether who asks for somebody to talk to may mean to object, or gives his number."""
    is_refused = any(m.state in {S.DECLINED, S.MERGED} for m in at.matters)
    return is_refused or (bool(at.matters) and any(char.isdigit() for char in at.text))


# buttons


def _tapped_when_unsure(
    _: Situation, verbs: frozenset[str], kinds: frozenset[str]
) -> Understood | None:
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
    is_answer = bool(kinds & {"yes", "fine"}) and kinds.isdisjoint({"thanks", "greeting", "human"})
    if at.asked != "answer" or is_answer:
        return None
    return _courtesy(kinds - {"yes", "fine", "test"})


def _at_preview(at: Situation, verbs: frozenset[str], kinds: frozenset[str]) -> Understood | None:
    if "again" in verbs:
        return sure(M.NOTHING)
    if found := next((verb for verb in _AT_PREVIEW if verb in verbs), None):
        return sure(M.BUTTON, verb=found)
    if kinds & {"yes", "fine"} and "greeting" not in kinds and at.step == "preview":
        return sure(M.NOTHING) if at.is_aged else sure(M.BUTTON, verb="submit")
    return _courtesy(kinds)


def _verdict(at: Situation, kinds: frozenset[str]) -> Understood | None:
    """可以 to what was just done may say that it is well, or only that it was read."""
    done = [m for m in _told(at) if m.state is S.RESOLVED and not m.is_work]
    is_fit = "fit" in kinds and kinds.isdisjoint({"thanks", "greeting"})
    if not done or at.just or not ("praise" in kinds or is_fit):
        return None
    return Understood((Guess(M.SOLVED, done[0].id), TALK))


def _courtesy(kinds: frozenset[str]) -> Understood | None:
    return next((sure(meaning) for kind, meaning in _COURTESIES if kind in kinds), None)


_COURTESIES = (
    ("human", M.HUMAN), ("greeting", M.GREETING), ("thanks", M.THANKS), ("praise", M.THANKS),
    ("yes", M.THANKS), ("fine", M.THANKS), ("test", M.GREETING),
)  # fmt: skip


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


_CARD_BUTTONS = (
    *((verb, _DONE, False) for verb in _RATES),
    ("unsolved", frozenset({S.RESOLVED, S.UNHAPPY, S.CLOSED}), False),
    ("nudge", OPEN_TO_RESIDENT, False),
    ("move", OPEN_TO_RESIDENT - {S.SUSPENDED}, False),
    ("withdraw", OPEN_TO_RESIDENT, False),
    ("cancel", OPEN_TO_RESIDENT, False),
    ("accept", frozenset({S.DISPATCHED}), True),
    ("pass", frozenset({S.DISPATCHED}), True),
)


def _no_button(at: Situation, verbs: frozenset[str]) -> Understood | None:
    """A button's word that no card has now; where something is open it may be meant for it."""
    is_doubted = verbs & _MEANT_OTHERWISE and not (verbs & _OFFERED and _has_work(at))
    return None if at.matters and is_doubted else (sure(M.NOTHING) if verbs else None)


def _has_work(at: Situation) -> bool:
    return any(m.is_work for m in at.matters)


_OFFERED = frozenset({"accept", "pass"})
_MEANT_OTHERWISE = _OFFERED | {"unsolved", "cancel", "withdraw"}
