"""Words that belong to a petition that is there already: what is done with them."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.talk.forms import Form
from workflows.core.talk.messages import Attachment, Incoming, Kind
from workflows.core.talk.needs import PHOTOS, Picture
from workflows.desk import actions, viewing
from workflows.desk.context import Context
from workflows.petition import engine, forms
from workflows.petition.hearing.meaning import Meaning
from workflows.petition.intake.draft import Option
from workflows.petition.model import Ticket
from workflows.petition.needs import RATING
from workflows.petition.rules.conditions import WORST
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action, State

A, M = Action, Meaning
# What each is done by: the first that may be done.
_WAYS: dict[Meaning, tuple[Action, ...]] = {
    M.ADDITION: (A.ANSWER, A.EXPLAIN, A.ADD, A.NOTE),
    M.ANSWER: (A.ANSWER, A.ADD),
    M.FOLLOWUP: (A.ADD, A.NUDGE),
    M.SOLVED: (A.WITHDRAW,),
    M.UNHAPPY: (A.CONFIRM, A.EXPLAIN),
    M.UNSOLVED: (A.REOPEN, A.ADD),
    M.OBJECTION: (A.OBJECT,),
    M.REPORT: (A.NOTE,),
}
_BUTTONS: dict[str, Action] = {
    "satisfied": A.CONFIRM, "fairly": A.CONFIRM, "unhappy": A.CONFIRM,
    "solved_unhappy": A.UNHAPPY, "partly": A.PARTLY,
    "move": A.RELOCATE, "unsolved": A.REOPEN, "nudge": A.NUDGE,
    "withdraw": A.WITHDRAW, "accept": A.ACCEPT,
    "pass": A.PASS, "resolve": A.RESOLVE, "inspect": A.INSPECT, "note": A.NOTE,
}  # fmt: skip
_RATINGS = {"satisfied": 3, "fairly": 2, "unhappy": 1}
_NO_HOLDER = {State.UNASSIGNED}  # who has it would hear an addition; here the lead must


class Said(Struct, frozen=True, kw_only=True):
    """What was said, in words and files."""

    text: str = ""
    files: tuple[Attachment, ...] = ()


async def do(
    context: Context, incoming: Incoming, person: Person, option: Option, said: Said
) -> None:
    """Do with it what it is for; where nothing can be done, its card is shown. Raises Refusal."""
    if option.meaning is M.HUMAN:
        context.say_once(person.id, "hearing_human")
        return
    ticket = await context.tx.get(TICKETS, option.about)
    if ticket is None or not engine.may_see(person, ticket):
        raise Refusal("refused_unknown")
    if option.meaning is M.SOLVED and ticket.state is State.RESOLVED:
        viewing.show_card(context, ticket, person, "hearing_rate")
        return
    action = _action(context, person, ticket, option)
    if action is None:
        viewing.show_card(context, ticket, person)
        return
    await _begin(context, incoming, person, ticket, action, option, said)
    if option.meaning is M.UNHAPPY and action is A.CONFIRM:
        await _give_reason(context, incoming, person, option, said)


async def _give_reason(
    context: Context, incoming: Incoming, person: Person, option: Option, said: Said
) -> None:
    """What he said with it goes with it."""
    ticket = await context.tx.get(TICKETS, option.about)
    if ticket and engine.may(person, A.EXPLAIN, ticket, context.now, context.rules):
        await _begin(context, incoming, person, ticket, A.EXPLAIN, option, said)


def _action(context: Context, person: Person, ticket: Ticket, option: Option) -> Action | None:
    """A button is its action, whether it may be done or not; else the first that may."""
    if option.verb in _BUTTONS:
        return _BUTTONS[option.verb]
    ways = _WAYS.get(option.meaning, ())
    if option.meaning is M.FOLLOWUP and ticket.state in _NO_HOLDER:
        ways = ways[::-1]
    allowed = engine.actions(person, ticket, context.now, context.rules)
    return next((action for action in ways if action in allowed), None)


async def _begin(
    context: Context, incoming: Incoming, person: Person, ticket: Ticket, action: Action,
    option: Option, said: Said,
) -> None:  # fmt: skip
    """As after a tap on the card's button, with what was said already; another form stays open."""
    was = (await context.tx.dialog(person.id)).form
    step = engine.needs(person, action, ticket, context.now, context.rules)
    form = _rated(forms.begin(ticket, step, context.rules), option)
    is_words = option.meaning is not M.BUTTON
    filled = _filled(context, form, said) if is_words else form
    workflow = context.workflows.of(ticket)
    spoken = replace(incoming, kind=Kind.TEXT)  # what comes of it is a card of its own
    await actions.go_on(workflow, context, filled, ticket, person, spoken)
    dialog = await context.tx.dialog(person.id)
    if dialog.form is None and was and was.ticket_id != ticket.id:
        context.tx.put_dialog(replace(dialog, form=was))


def _rated(form: Form, option: Option) -> Form:
    rating = WORST if option.meaning is M.UNHAPPY else _RATINGS.get(option.verb)
    is_rated = rating is not None and RATING.name in form.needs
    return form.after().having(RATING, rating) if is_rated else form


def _filled(context: Context, form: Form, said: Said) -> Form:
    """The form with the words as its first answer, and the files beside them."""
    need = forms.FORMS.asked(form)
    if not form.needs or not need.is_words:
        return form
    if said.files:
        form = form.having(PHOTOS, (*form.kept(PHOTOS), *said.files))
    text = said.text.strip()
    if text or (said.files and need.picture is Picture.ENOUGH):
        form = form.after().having(need.answer, text)
    is_proven = form.needs and said.files and forms.FORMS.asked(form).picture is Picture.ALONE
    return form.after() if is_proven else form
