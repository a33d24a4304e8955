"""What a message is: decided by one pure function, asked where it is not sure.

In the order of the page: danger; whole messages (a button's word, a greeting, thanks); a number;
the question that is open; the petition in the making; the message it replies to; and free words,
by what they say and by what of this person's is open. Measured by `python -m benchmarks.hearing`;
docs/hearing.md has the figures.
"""

from __future__ import annotations

from collections.abc import Callable

from workflows.hearing.language import Hearing
from workflows.petition.hearing.evidence import LONG, is_certainly_new, is_same, is_told, spoken_of
from workflows.petition.hearing.free import free
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
from workflows.petition.hearing.whole import CAN_ADD, OPEN_TO_RESIDENT, asks_since, said_whole
from workflows.petition.words import State

M, S = Meaning, State


def understand(at: Situation, language: Hearing) -> Understood:
    """What a message is in its situation: what the first of PAGE says that knows."""
    return next(found for look in PAGE if (found := look(at, language)))


def _rest(at: Situation, _: Hearing) -> Understood | None:
    return sure(M.PETITION) if at.is_cut and not at.asked else None


def _danger(at: Situation, language: Hearing) -> Understood | None:
    """It goes where it would go without a question: nobody in danger is asked what he means. What
    is open calls everybody at once, a petition in the making only when it is filed.
    """
    if not at.is_danger:
        return None
    if at.asked:
        return sure(M.ANSWER, at.asked_about)
    matter = at.matter(at.replied) or _only_one_of_it(at, language)
    if matter and matter.state in CAN_ADD and not at.step:
        return sure(M.ADDITION, matter.id)
    return sure(M.PETITION)


def _only_one_of_it(at: Situation, language: Hearing) -> Matter | None:
    """The one open that speaks of the same, where the words name no place."""
    found = read(at.text, language)
    is_other = bool(found.buildings) or found.has("another") or found.length >= LONG
    open_ = [m for m in at.matters if m.state in OPEN_TO_RESIDENT and not m.is_work]
    same = [m for m in open_ if is_same(found, m, language)]
    return same[0] if len(same) == 1 and not is_other else None


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
    if not at.asked or asks_since(at):
        return None
    return _to_us(at, language) if at.asked == "answer" else sure(M.ANSWER, at.asked_about)


def _to_us(at: Situation, language: Hearing) -> Understood:
    """We asked, not he: unless it is plainly something else; of two questions, which is asked."""
    waiting = [m for m in at.matters if m.state is S.WAITING and not m.is_work]
    if meant := at.matter(at.replied):
        return sure(M.ANSWER, meant.id) if meant in waiting else replied(at, meant, language)
    about = at.matter(at.asked_about)
    if about and about.state in OPEN_TO_RESIDENT - {S.WAITING}:
        return _answered_late(at, about, language)
    if at.text and not at.has_file and (other := _no_answer(at, language)):
        return Understood((Guess(M.ANSWER, at.asked_about), other))
    same = [m for m in waiting if is_same(read(at.text, language), m, language)]
    if len(same) == 1:
        return sure(M.ANSWER, same[0].id)
    if len(waiting) > 1:
        return Understood(tuple(Guess(M.ANSWER, m.id) for m in waiting[:3]))
    return sure(M.ANSWER, at.asked_about)


def _no_answer(at: Situation, language: Hearing) -> Guess | None:
    """What it can be beside an answer: something new, a chase, or that nobody need come."""
    if _is_plainly_new(at, language):
        return Guess(M.PETITION)
    found = read(at.text, language)
    if found.has("chase") and not found.has("long"):
        return Guess(M.FOLLOWUP, at.asked_about)
    is_over = found.is_well or found.has("recovers", "needless")
    is_said_of_it = found.has("perfect") and bool(spoken_of(found, at.matters, language))
    return Guess(M.SOLVED, at.asked_about) if is_over or is_said_of_it else None


def _is_plainly_new(at: Situation, language: Hearing) -> bool:
    """Whether it says itself that it is something else, or names another building."""
    found = read(at.text, language)
    return found.has("another") or (
        bool(found.buildings) and is_told(found) and is_certainly_new(found, at.matters, language)
    )


def _answered_late(at: Situation, about: Matter, language: Hearing) -> Understood:
    """The question has lapsed, the work goes on: what he says is still for it."""
    if at.text and _is_plainly_new(at, language):
        return Understood((Guess(M.ADDITION, about.id), Guess(M.PETITION)))
    return replied(at, about, language)


# the petition in the making


def _while_unsure(at: Situation, language: Hearing) -> Understood | None:
    """More words while it was asked what the first ones are: plainly new, or more of the same."""
    if at.step != "unsure" or at.is_aged:
        return None
    found, heard = free(at, language), read(at.text, language)
    is_named = heard.length <= _NAME and bool(spoken_of(heard, at.matters, language))
    if is_named or (heard.length <= _FEW and not heard.has("problem")):
        is_pointing = is_named or heard.has("was", "points")
        verb = "new" if heard.has("another") else "about" if is_pointing else ""
        return sure(M.BUTTON, verb=verb) if verb else sure(M.NOTHING)
    is_new = found.is_sure and found.first.meaning is M.PETITION
    return found if is_new else sure(M.NOTHING)


_NAME = 6  # characters by which it is called


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
    _rest, _danger, said_whole, _number, _asked, _while_unsure, _in_draft, _reply, free,
)  # fmt: skip
