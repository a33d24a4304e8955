"""What an action still needs before it can happen, asked one question at a time.

A button is tapped; the row of the table says what it needs; each answer fills the next need. The
form is kept with the person's dialog and survives restarts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, convert, field, to_builtins
from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Button, Incoming, Kind, Notice, Priority
from workflows.core.talk.needs import (
    CHECKED,
    EVERYWHERE,
    NO_PHOTO,
    PHOTOS,
    TEXT,
    Asked,
    Need,
    Picture,
)
from workflows.core.talk.tap import Tap

_LAPSES = timedelta(hours=1)
_TICK = "c"  # before the index of what is ticked on a checklist
_KIND = "form"  # of its taps
TOPIC = "form"  # by which its questions replace each other


class Form(Struct, frozen=True, kw_only=True):
    """An action waiting for its answers; `needs` are the names of those still missing, in order.

    `kind` is the workflow's, "" the first one's; `category` the subject's when the form was opened;
    `answers` are kept as JSON, by need; `others` are subjects with which the same is done.
    """

    ticket_id: int
    kind: str = ""
    action: str
    category: str = ""
    needs: tuple[str, ...]
    answers: Mapping[str, Any] = field(default_factory=dict)
    others: tuple[int, ...] = ()
    asked_at: datetime | None = None
    from_board: bool = False  # the next one there is shown when it is done

    @property
    def need(self) -> str:
        """The name of what is asked for now; "" when the form is full."""
        return self.needs[0] if self.needs else ""

    def kept(self, need: Need[Any]) -> Any:
        """What was answered, as the need reads it; its default where nothing was."""
        told = self.answers.get(need.name)
        return need.default if told is None else convert(told, need.kept)

    def having(self, need: Need[Any], kept: Any) -> Form:
        """The form with this answer."""
        return replace(self, answers={**self.answers, need.name: to_builtins(kept)})

    def after(self) -> Form:
        """The form when what is asked for now has been answered."""
        return replace(self, needs=self.needs[1:])


_OWN = frozenset(Form.__struct_fields__)


def form_body(form: Form) -> dict[str, Any]:
    """A form as it is stored: its answers beside its own fields, as every version has read them."""
    body: dict[str, Any] = to_builtins(form)
    given: dict[str, Any] = body.pop("answers")
    return given | body


def form_from(body: Mapping[str, Any]) -> Form:
    """A form from its JSON."""
    given = {name: value for name, value in body.items() if name not in _OWN and value is not None}
    return convert({**body, "answers": given}, Form)


class Forms(Struct, frozen=True, kw_only=True, eq=False):
    """How one workflow asks: its needs by name, and what its forms have beyond them.

    `checklist` is what to tick on the way; questions of `lapsing` actions do not wait for ever.
    """

    kind: str
    needs: Mapping[str, Need[Any]]
    checklist: Callable[[Form, Rules], tuple[str, ...]] = lambda _, __: ()
    lapsing: frozenset[str] = frozenset()

    @property
    def known(self) -> Mapping[str, Need[Any]]:
        """Its needs, and those of every workflow."""
        return {**EVERYWHERE, **self.needs}

    def has_lapsed(self, form: Form, now: datetime) -> bool:
        """Whether words said now are no answer any more.

        A withdrawal that was tapped and forgotten must not swallow the next petition as its reason;
        every other question waits: a handler walks to the place first.
        """
        is_old = form.asked_at is not None and now - form.asked_at > _LAPSES
        return form.action in self.lapsing and is_old

    def asked(self, form: Form) -> Need[Any]:
        """What is asked for now; words when the form is full. Raises Refusal where that is a need
        that this version does not know.
        """
        need = self.known.get(form.need or TEXT.name)
        if need is None:
            raise Refusal("form_over")
        return need

    # -- what is answered -----------------------------------------------------------------

    def fill(self, form: Form, incoming: Incoming, now: datetime, rules: Rules) -> Form:
        """The form with one more answer. Raises Refusal with what was not understood."""
        filled = self._filled(form, incoming, now, rules)
        # A picture that came with an earlier answer is not asked for again.
        is_proven = self.asked(filled).picture is Picture.ALONE and filled.kept(PHOTOS)
        return filled.after() if is_proven else filled

    def _filled(self, form: Form, incoming: Incoming, now: datetime, rules: Rules) -> Form:
        need, argument = self.asked(form), self._tapped(form, incoming, rules)
        if self.is_tick(form, incoming, rules):
            return self._ticked(form, argument, rules)
        if need.picture is Picture.ALONE:
            return _with_proof(form, incoming, argument)
        if need.picture is Picture.SEVERAL:
            return _with_several(form, incoming, argument)
        answer = argument or incoming.text.strip()
        if form.kept(PHOTOS) and incoming.album and incoming.attachment and not answer:
            return _with_photo(form, incoming)
        if incoming.attachment and need.picture is not Picture.NO_ANSWER:
            return _with_words(_with_photo(form, incoming), need, answer)
        if not answer:
            raise Refusal("form_not_understood")
        return form.after().having(need.answer, need.read(answer, now, rules))

    def _tapped(self, form: Form, incoming: Incoming, rules: Rules) -> str:
        """The value that was tapped, "" for anything else.

        A tap on a form that is no longer open, or on a need already answered, is refused.
        """
        if incoming.kind is not Kind.PRESS:
            return ""
        value = incoming.tap.at(1)
        if incoming.tap != _answering(form, value):
            raise Refusal("form_over")
        if self.is_tick(form, incoming, rules):
            return value.removeprefix(_TICK)
        return self._chosen(form, value, rules) if self.asked(form).has_replies else value

    def _chosen(self, form: Form, index: str, rules: Rules) -> str:
        """The words of a quick reply."""
        choices = self.choices_of(form, rules)
        if not index.isdecimal() or int(index[:4]) >= len(choices):
            raise Refusal("form_over")
        return choices[int(index[:4])]

    def choices_of(self, form: Form, rules: Rules) -> tuple[str, ...]:
        """The community's quick replies for what is asked now."""
        need = self.asked(form)
        about = Asked(kind=self.kind, key=need.key(form.action), category=form.category)
        return need.replies(about, rules)

    def is_tick(self, form: Form, incoming: Incoming, rules: Rules) -> bool:
        """Whether a tap ticks something on the checklist, or takes the tick away again."""
        value = incoming.tap.at(1)
        mark, index = value[:1], value[1:]
        is_index = mark == _TICK and index.isdecimal()
        return is_index and int(index[:4]) < len(self.checklist(form, rules))

    def _ticked(self, form: Form, index: str, rules: Rules) -> Form:
        """The list in its own order with one more tick, or one less."""
        listed = self.checklist(form, rules)
        changed = {*form.kept(CHECKED)} ^ {listed[int(index[:4])]}
        return form.having(CHECKED, tuple(one for one in listed if one in changed))

    def is_some(self, form: Form) -> bool:
        """Whether pictures are asked for, one after the other, and some have come."""
        return self.asked(form).picture is Picture.SEVERAL and bool(form.kept(PHOTOS))

    # -- what is asked --------------------------------------------------------------------

    def question(
        self, form: Form, person: Person, rules: Rules, choices: tuple[Button, ...] = ()
    ) -> Notice:
        """What the person is asked next, with what can be tapped; `choices` had to be looked up."""
        need = self.asked(form)
        rows = [*((b,) for b in choices), *self._rows(form, need, rules)]
        cancel = Button(tap=cancelling(form), label="form.cancel")
        return Notice(
            to=person.id, template=f"form_{need.key(form.action)}", ticket_id=form.ticket_id,
            values={
                "kind": self.kind, "action": form.action,
                "checklist": bool(self.checklist(form, rules)),
                "photos": len(form.kept(PHOTOS)),
            },
            buttons=(*rows, (cancel,)), priority=Priority.REPLY, replaces=TOPIC,
        )  # fmt: skip

    def _rows(self, form: Form, need: Need[Any], rules: Rules) -> list[tuple[Button, ...]]:
        fixed = [tuple(tap(form, value, label) for value, label in row) for row in need.taps]
        replies = enumerate(self.choices_of(form, rules))
        words = [tap(form, str(i), f"={text}") for i, text in replies]
        ticks = self._ticks(form, rules) if need.has_replies else []
        return [*fixed, *((button,) for button in (*ticks, *words))]

    def _ticks(self, form: Form, rules: Rules) -> list[Button]:
        """The checklist: a tap each, with what is ticked already."""
        ticked = form.kept(CHECKED)
        return [
            tap(form, f"{_TICK}{i}", "form.ticked" if one in ticked else "form.open", {"what": one})
            for i, one in enumerate(self.checklist(form, rules))
        ]


def _with_proof(form: Form, incoming: Incoming, argument: str) -> Form:
    """A picture, or the tap that there is none; both are well."""
    if not incoming.attachment and argument != NO_PHOTO:
        raise Refusal("form_tap_or_photo" if incoming.text.strip() else "form_not_understood")
    return _with_photo(form, incoming).after()


def _with_several(form: Form, incoming: Incoming, argument: str) -> Form:
    """One more picture, with whatever words; or the tap that these are all, once there is one."""
    if incoming.attachment:
        return _with_photo(form, incoming)
    if not argument or not form.kept(PHOTOS):
        raise Refusal("form_tap_or_photo")
    return form.after()


def _with_photo(form: Form, incoming: Incoming) -> Form:
    more = (incoming.attachment,) if incoming.attachment else ()
    return form.having(PHOTOS, (*form.kept(PHOTOS), *more))


def _with_words(form: Form, need: Need[Any], answer: str) -> Form:
    """A picture alone is a note, but no reason or plan: those are still asked for."""
    if not answer and need.picture is Picture.BESIDE:
        return form
    return form.after().having(need.answer, answer)


def tap(form: Form, value: str, label: str, values: dict[str, object] | None = None) -> Button:
    """A button that answers what the form asks for now."""
    return Button(tap=_answering(form, value), label=label, values=values or {})


def _answering(form: Form, value: str) -> Tap:
    return Tap(kind=_KIND, subject=form.ticket_id, verb=form.action, args=(form.need, value))


def cancelling(form: Form) -> Tap:
    """A tap that drops the form."""
    return Tap(kind=_KIND, subject=form.ticket_id, verb="cancel")
