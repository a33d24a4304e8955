"""What somebody says is heard for what it is (`hearing`), and answered so.

True where that was done here; what is more of a petition, an answer or a reply goes its usual way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.engine.subject import Subject
from workflows.core.numbers import parse_number
from workflows.core.people import Person
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.messages import Button, Incoming, Kind
from workflows.core.talk.tap import Tap
from workflows.desk import actions, viewing
from workflows.desk.context import Context
from workflows.desk.lists.mine import MINE
from workflows.desk.people import roster
from workflows.petition.chat import situation
from workflows.petition.hearing.hearing import understand
from workflows.petition.hearing.meaning import Guess, Meaning, Situation, Understood
from workflows.petition.intake import drafting, handing
from workflows.petition.intake.draft import Draft, Option, Step, settled
from workflows.petition.intake.kept import draft_of, with_draft
from workflows.petition.model import Ticket
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import State

M = Meaning
_NAME = 8  # characters by which a petition is called on a button


class Heard(Struct, frozen=True, kw_only=True):
    """A message with who said it, in the middle of what, and what it is."""

    dialog: Dialog
    draft: Draft | None
    incoming: Incoming
    person: Person
    at: Situation
    guess: Guess

    @property
    def said(self) -> handing.Said:
        """The message's own words and file."""
        file = self.incoming.attachment
        return handing.Said(text=self.incoming.text, files=(file,) if file else ())


async def understands(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """Whether it was answered as what it is."""
    about = await _replied(context, incoming)
    if _is_others(dialog, about) or _begins_anothers(context, dialog, incoming):
        return False
    replied, draft = about if isinstance(about, Ticket) else None, draft_of(dialog)
    is_more = situation.is_plainly_more(context, dialog, draft, incoming)
    tickets = [] if is_more else await situation.tickets(context, dialog, person, replied)
    at = situation.of(context, dialog, draft, incoming, person, tickets, replied)
    found = understand(at, context.rules.hearing)
    if not found.is_sure:
        options = _options(found, tickets, at)
        await drafting.ask(context, dialog, incoming, person, options)
        return True
    heard = Heard(dialog=dialog, draft=draft, incoming=incoming, person=person, at=at,
                  guess=found.first)  # fmt: skip
    return await _ROOMS[found.first.meaning](context, heard)


async def _replied(context: Context, incoming: Incoming) -> Subject | None:
    """What the message is about that this replies to."""
    if not incoming.reply_to:
        return None
    return await context.tx.subject_of_message(incoming.chat_id, incoming.reply_to)


def _is_others(dialog: Dialog, about: Subject | None) -> bool:
    """Whether another workflow has asked something, or is replied to."""
    asked = dialog.form.kind if dialog.form else ""
    is_reply = about is not None and not isinstance(about, Ticket)
    return is_reply or asked not in {"", TICKETS.kind}


def _begins_anothers(context: Context, dialog: Dialog, incoming: Incoming) -> bool:
    """Whether it begins as what another workflow hears, with nothing else open."""
    said, is_free = incoming.text.strip(), not (dialog.form or dialog.draft)
    return is_free and any(said.startswith(words) for words in context.rules.hears.values())


# what is asked


def _options(found: Understood, tickets: Sequence[Ticket], at: Situation) -> tuple[Option, ...]:
    names = {t.id: (t.text.strip() or t.category)[:_NAME] for t in tickets}
    abouts = {g.about for g in found.guesses if g.meaning is M.REPORT}
    guesses = [g for guess in found.guesses for g in _ways(guess, at, is_one=len(abouts) == 1)]
    return tuple(
        Option(meaning=g.meaning, about=g.about, verb=g.verb, name=names.get(g.about, ""))
        for g in dict.fromkeys(guesses)
    )


def _ways(guess: Guess, at: Situation, *, is_one: bool) -> list[Guess]:
    """A report on the one that is in hand: that it is done, or how it stands."""
    matter = at.matter(guess.about)
    if guess.meaning is not M.REPORT or not matter:
        return [guess]
    note = Guess(M.REPORT, guess.about, "note")
    is_in_hand = matter.state not in {State.DISPATCHED, State.RESOLVED, State.WAITING}
    if not is_one or not is_in_hand:
        return [note]
    return [Guess(M.REPORT, guess.about, "resolve"), note]


# what is done


async def _petition(context: Context, heard: Heard) -> bool:
    """It goes its usual way; a question what the words before it were is answered by it, and words
    of another meaning are left out. Danger is no part of what was left lying, and nobody is asked
    about it.
    """
    draft = heard.draft
    if heard.at.is_danger and heard.at.is_aged:
        plain = with_draft(heard.dialog, None)
    elif draft and draft.step is Step.UNSURE:
        plain = _settled(context, heard, draft)
    else:
        return False
    await drafting.converse(context, plain, heard.incoming, heard.person)
    return True


def _settled(context: Context, heard: Heard, draft: Draft) -> Dialog:
    """The dialog in which the petition goes on or begins; of what is left out, he hears."""
    if draft.may_begin:
        return with_draft(heard.dialog, settled(draft, context.rules))
    context.say(heard.person.id, "hearing_left_out", text=draft.text)
    return with_draft(heard.dialog, None)


async def _answer(context: Context, heard: Heard) -> bool:
    form = heard.dialog.form
    if form and form.ticket_id == heard.guess.about:
        return False
    return await _hand(context, heard)


async def _addition(context: Context, heard: Heard) -> bool:
    """A reply is where it belongs; what staff send right after goes with what they did."""
    is_asked = heard.dialog.form and heard.dialog.form.ticket_id == heard.guess.about
    if heard.at.replied and not is_asked:
        return False
    matter, file = heard.at.matter(heard.guess.about), heard.incoming.attachment
    tail = heard.dialog.tail
    if matter and matter.is_work and file and tail:
        context.tx.add_files(matter.id, (file,), tail.action, heard.person.id)
        context.say(heard.person.id, "hearing_photo", about=matter.id)
        return True
    return await _hand(context, heard)


async def _hand(context: Context, heard: Heard) -> bool:
    """Done with the petition it is about."""
    guess = heard.guess
    option = Option(meaning=guess.meaning, about=guess.about, verb=guess.verb)
    await handing.do(context, heard.incoming, heard.person, option, heard.said)
    return True


async def _number(context: Context, heard: Heard) -> bool:
    """Shown, if it is to be seen. Raises Refusal."""
    number = heard.guess.about or parse_number(heard.incoming.text)
    subject = await viewing.seen_by(context, heard.person, number)
    viewing.show_card(context, subject, heard.person)
    return True


async def _button(context: Context, heard: Heard) -> bool:
    """Typed instead of tapped: the same happens."""
    if heard.guess.about:
        return await _hand(context, heard)
    if heard.dialog.form:
        return await actions.cancel(context, heard.person)
    if heard.draft:
        verb, *args = heard.guess.verb, *(["0"] if heard.guess.verb == "about" else [])
        tap = Tap(kind="draft", subject=heard.draft.id, verb=verb, args=tuple(args))
        pressed = replace(heard.incoming, kind=Kind.PRESS, tap=tap)
        await drafting.tap(context, pressed, heard.person)
        return True
    return False


async def _nothing(context: Context, heard: Heard) -> bool:
    """Nothing that could be pressed: what is in the making is shown again."""
    draft = heard.draft
    if draft and draft.step is Step.UNSURE and heard.incoming.text:
        return False
    if draft:
        drafting.show_again(context, draft, heard.person)
    else:
        roster.ask(context, heard.person, "hearing_nothing", ((MINE,),))
    return True


async def _greeting(context: Context, heard: Heard) -> bool:
    return _courtesy(context, heard, MINE, template="hearing_greeting")


async def _thanks(context: Context, heard: Heard) -> bool:
    return _courtesy(context, heard, template="hearing_thanks")


async def _human(context: Context, heard: Heard) -> bool:
    return _courtesy(context, heard, template="hearing_human")


def _courtesy(context: Context, heard: Heard, *buttons: Button, template: str) -> bool:
    """Answered as what it is; then what is in the making stands below again."""
    context.say_once(heard.person.id, template, *buttons)
    if heard.draft and heard.at.step:
        drafting.show_again(context, heard.draft, heard.person)
    return True


_Room = Callable[[Context, Heard], Awaitable[bool]]
_ROOMS: dict[Meaning, _Room] = {
    M.PETITION: _petition,
    M.ADDITION: _addition,
    M.ANSWER: _answer,
    M.FOLLOWUP: _hand,
    M.SOLVED: _hand,
    M.UNHAPPY: _hand,
    M.UNSOLVED: _hand,
    M.OBJECTION: _hand,
    M.REPORT: _hand,
    M.NUMBER: _number,
    M.BUTTON: _button,
    M.GREETING: _greeting,
    M.THANKS: _thanks,
    M.HUMAN: _human,
    M.NOTHING: _nothing,
}
