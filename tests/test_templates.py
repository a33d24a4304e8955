"""What people read: every template the code names exists, renders for every reader, and is safe."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from folk import RULES
from jinja2 import Environment
from msgspec.structs import replace

from bot import render
from bot.config import load, load_choices
from bot.render import Renderer, plain
from workflows import draft, intake_view
from workflows.attempt import Attempt, Given, Heard
from workflows.desk import Letter, Toast
from workflows.desk.composing import Named, Reader
from workflows.desk.menus import commands_of
from workflows.desk.mine import Filter
from workflows.form import DUE_DAYS, RATINGS
from workflows.intake_view import Verb
from workflows.model import (
    ENDED,
    SYSTEM,
    Action,
    Button,
    Clock,
    ClockName,
    Extension,
    Membership,
    Person,
    Priority,
    Proposal,
    Role,
    State,
    Ticket,
    Timer,
    To,
)
from workflows.places import Place, Places
from workflows.rules import Counts, Rules
from workflows.store import Owed
from workflows.store.lists import Section
from workflows.ticket import STAGES, STEPS, TOLD_TO_RESIDENTS, Need

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "templates" / "zh"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PHONE = "13912345678"
NICE = f"3幢楼下的充电桩坏了，充不进电，我的电话是{PHONE}。"
NASTY = ('<&>"{{7*7}}' * 500)[:5000]
RESIDENT, FOLLOWER, HANDLER = 70001, 70002, 70003
PLACE = "友新街道/南环一/1网格/3幢"
GRID = "友新街道/南环一/1网格"
# No attempt gives these values.
PLAIN_CARDS = {"done", "card", "shown", "more", "filed", "split", "followed", "shown_again"}
UNSEEN = {"strip", "menu"}  # a keyboard taken away, a list of commands: no text
TAGS = {"b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}
PLACES = Places({p: Place(path=p) for p in (PLACE, "友新街道/南环一/1网格", "友新街道/南环一")})
PEOPLE = {
    RESIDENT: Named(name="", role="resident"),
    HANDLER: Named(name="王强", role="pioneer"),
}


# which templates there are


def _strings(node: ast.AST | None) -> list[str]:
    if isinstance(node, ast.IfExp):
        return _strings(node.body) + _strings(node.orelse)
    is_name = isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value
    return [node.value] if is_name else []  # type: ignore[union-attr]


_POSITION = {
    "show_ticket": 3,
    "Refusal": 0,
    "alert": 0,
    "say": 1,
    "toast": 1,
    "reply": 1,
    "ask": 2,
}


def _named_in(node: ast.AST, source: str) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        at = _POSITION.get(name)
        if at is not None and len(node.args) > at:
            yield from _strings(node.args[at])
        for keyword in node.keywords:
            if keyword.arg in {"template", "told"}:
                yield from _strings(keyword.value)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from _defaults(node.args)
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and source == "ringing.py":
        yield from _strings(node.elts[1])


def _defaults(arguments: ast.arguments) -> Iterator[str]:
    """A template that a function sends unless told another."""
    positional = zip(reversed(arguments.args), reversed(arguments.defaults), strict=False)
    for argument, default in (
        *positional,
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ):
        if argument.arg in {"template", "told"}:
            yield from _strings(default)


def _in_code() -> set[str]:
    files = [*(ROOT / "workflows").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]
    return {
        name
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        for name in _named_in(node, file.name)
    }


@cache
def _in_steps() -> frozenset[str]:
    residents = {step.resident for step in STEPS if step.resident}
    return frozenset(residents | {template for step in STEPS for _, template in step.staff})


@cache
def _in_forms() -> frozenset[str]:
    asked = {(step.action, need) for step in STEPS for need in step.needs}
    asked.add((Action.RESOLVE, Need.PHOTO))  # where a category wants proof
    words = {Need.TEXT, Need.NOTE_OR_PHOTO}
    named = (f"form_{a}" if need in words else f"form_{need.value}" for a, need in asked)
    return frozenset(named)


@cache
def _needed() -> frozenset[str]:
    steps = {f"intake_{step}" for step in draft.Step}
    return frozenset(_in_code() | _in_steps() | _in_forms() | steps)


def test_the_search_finds_names_of_every_origin() -> None:
    assert {"offered", "refused_taken", "welcome_staff", "overdue_resident", "invite_role"} <= (
        _needed()
    )
    assert {"intake_preview", "form_propose", "form_due", "alert_dead", "emergency"} <= _needed()


def test_every_template_that_the_code_names_exists() -> None:
    assert sorted(n for n in _needed() if not (FOLDER / f"{n}.html").is_file()) == []


def test_no_template_is_left_that_nobody_uses() -> None:
    files = {path.stem for path in FOLDER.glob("*.html")}
    everything = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.html"))
    parts = {name for name in files if name.startswith("_") and f'"{name}.html"' in everything}
    assert sorted(files - _needed() - parts) == []


# what they are filled with


@cache
def _about_tickets() -> frozenset[str]:
    clocks = {"remind", "remind_resident", "overdue", "overdue_resident"}
    return _in_steps() | clocks | PLAIN_CARDS | {"unassigned", "group_gone"}


def _plain_values(said: str) -> dict[str, dict[str, Any]]:
    """Of each message that is not an attempt's: just what the code gives it."""
    line = {
        "ticket": 1001, "state": "planned", "place": PLACE, "category": "", "urgent": True,
        "filed_at": NOW.isoformat(), "due": NOW.isoformat(),
    }  # fmt: skip
    step = {
        "action": "resolve", "actor": HANDLER, "at": NOW.isoformat(), "text": said,
        "is_resident": False, "checked": [said[:30]] * 4,
    }  # fmt: skip
    member = {
        "id": HANDLER, "name": said[:128], "on_duty": True, "away_until": None, "role": "lead",
        "place": PLACE,
    }  # fmt: skip
    role = {"role": "pioneer", "place": PLACE}
    counted = ("filed", "excluded", "unheard", "breached", "due", "in_time", "asked", "solved",
               "rated")  # fmt: skip
    rates = {"response": "97.5%", "resolution": "100%", "satisfaction": "0%"}
    month = dict.fromkeys(counted, 12345) | rates | {"since": NOW.isoformat()}
    again = {"count": 2, "since": NOW.isoformat()}
    return {
        "done": {"action": "propose"},
        "writing": {
            "asked": "form_resolve",
            "action": "resolve",
            "writer": said[:128],
            "doing": "propose",
        },
        "private": {"is_unlisted": True},
        "group_bound_residents": {"place": GRID, "when": {"weekday": 0, "time": "09:00"}},
        "weekly": {
            "place": GRID,
            "filed": 12,
            "on_time": 8,
            "late": 1,
            "closed": 7,
            "waiting": 5,
            "categories": [["电梯", 9], ["其他", 3]],
            "solved": [["电梯", GRID]] * 5,
        },
        "steps": {"steps": [step] * 40},
        "text": {"text": said[:800]},
        "mine": {
            "held": [line | {"helps": True, "stands_for": said[:128]}] * 10,
            "brought": [line] * 10,
            "filter": "late",
            "total": 99,
        },
        "board": {
            "section": "overdue",
            "lines": [line | {"passed": 7e6}] * 10,
            "first": 11,
            "total": 99,
        },
        "queue": {"first": 7, "total": 99, "done": "reject"},
        "figures": {"places": [PLACE, GRID, ""], "months": [month, month | {"response": ""}]},
        "morning": {
            "late": [line] * 10,
            "today": [line] * 10,
            "waiting": [line | {"whom": w} for w in ("resident", "lead", "committee")] * 3,
            "asks": [line] * 10,
            "counts": {"late": 12, "today": 10, "waiting": 99, "asks": 11},
        },
        "found": {"said": said[:40], "lines": [line] * 19, "most": 20, "looked_at": 5000},
        "roster": {"members": [member, member | {"place": "", "role": "admin"}] * 60},
        "duty": {
            "on_duty": True,
            "away_until": NOW.isoformat(),
            "stand_in": said[:128],
            "absent": [said[:128]] * 20,
            "is_handler": True,
            "categories": ["电梯"] * 12,
        },
        "leave_until": {"name": said[:128]},
        "leave_who": {"until": NOW.isoformat(), "name": said[:128]},
        "leave_set": {"until": NOW.isoformat(), "name": said[:128], "stand_in": said[:128]},
        "leave_over": {"name": said[:128]},
        "stand_in": {"until": NOW.isoformat(), "name": said[:128], "count": 3},
        "stand_in_over": {"name": said[:128]},
        "skills": {"name": said[:128], "categories": ["电梯"] * 12},
        "member": {
            "name": said[:128],
            "on_duty": True,
            "open": 3,
            "stand_in": said[:128],
            "roles": [role | {"categories": ["电梯"] * 12}] * 20,
            "away_until": NOW.isoformat(),
        },
        "move_which": {"name": said[:128]},
        "move_where": {"name": said[:128], "role": "pioneer"},
        "member_moved": role | {"name": said[:128], "passed_on": 2},
        "moved_you": role,
        "join_waiting": {"place": PLACE},
        "join_sent": {"place": PLACE},
        "join_asked": {"name": said[:128], "place": PLACE},
        "join_decided": {"name": said[:128], "place": PLACE, "is_granted": True},
        "join_refused": role,
        "refused_decided": {"name": said[:12], "is_granted": False},
        "audit": {
            "number": 1001,
            "first": 11,
            "total": 99,
            "lines": [
                {"at": NOW.isoformat(), "name": said[:128], "role": "lead", "kind": kind, "what": w}
                for kind, w in (("look", "card"), ("step", "accept"))
            ]
            * 5,
        },
        "welcome": {"station": "南环东民情站"},
        "welcome_staff": {"station": ""},
        "help_staff": {"roles": [str(r) for r in Role]},
        "joined": role,
        "joined_staff": role | {"name": said[:128]},
        "invite_place": {"role": "lead"},
        "invitation": role | {"payload": "iv_" + "x" * 32},
        "remove_sure": {"name": said[:128]},
        "removed": {"name": said[:128], "passed_on": 2},
        "group_bound": {"place": "友新街道/南环一/1网格"},
        "alert_failed": again | {"update_id": 7, "error": said},
        "alert_template": again | {"faults": [["accepted.html", said]] * 9},
        "alert_dead": again | {"outbox": 7, "error": said},
        "alert_conflict": again,
        "alert_backup": again | {"error": said},
        "alert_gap": again | {"seconds": 90000.0, "start": NOW.isoformat(), "end": NOW.isoformat()},
        "refused_taken": {"handler": HANDLER, "about": 1001, "name": said[:128]},
        "refused_offered": {"handler": HANDLER, "about": 1001, "name": said[:128]},
        "removed_you": {"roles": ["pioneer", "lead"]},
        "refused_forget_open": {"count": 3},
        "refused_now": {"about": 1001, "state": "resolved"},
        "refused_nudge": {"about": 1001},
        "refused_filed": {"about": 1001},
        "unfollowed": {"about": 1001},
        "handed_on": {"about": 1001},
        "handed_over": {"about": 1001},
        "refused_reply": {"about": 1001},
        "received": {"about": 1001, "place": GRID},
        "alike": {"about": 1001, "chosen": 2, "lines": [line | {"text": said[:31]}] * 20},
        "alike_done": {"action": "merge", "done": 3, "refused": [line | {"name": said[:128]}] * 5},
        "entrusted": {"payload": "to_" + "x" * 32, "number": "100-19"},
    }


def _intake_values(said: str) -> dict[str, object]:
    """What intake_view gives."""
    part = draft.Part(message_id=1, text=said, at=NOW)
    made = draft.Draft(
        id="d", parts=(part,), place=PLACE, urgent=True, on_behalf=said, has_consent=True
    )
    alike = {
        "ticket": 1001, "text": said[:40], "place": PLACE, "category": "充电设施",
        "state": "planned", "since": NOW.isoformat(), "photos": 2, "followers": 3,
        "is_known": False,
    }  # fmt: skip
    return intake_view._values(made, NOW, RULES) | {
        "alike": [alike] * 3, "elsewhere": {"key": said[:20], "where": said[:100]},
    }  # fmt: skip


def _attempt_values(template: str, said: str, actor: int, ticket: Ticket) -> dict[str, Any]:
    """What the lifecycle gives a message of this name: exactly what its step asks for."""
    steps = [s for s in STEPS if template in {s.resident, *(name for _, name in s.staff)}]
    needs = {need for step in steps for need in step.needs}
    given = Given(
        text=said if needs & {Need.TEXT, Need.NOTE_OR_PHOTO} else "",
        where=said if Need.WHERE in needs else "",
        due=NOW + timedelta(days=3) if Need.DUE in needs else None,
        to=Person(id=HANDLER, name="王强") if Need.TO in needs else None,
        into=replace(ticket, id=1002) if Need.INTO in needs else None,
        rating=3 if Need.RATING in needs and actor else None,
        grid=GRID if Need.GRID in needs else "",
        partner=said[:40] if Need.PARTNER in needs else "",
        solved="no" if Need.SOLVED in needs else "",
        heard=Heard(by=RESIDENT, text=said),
    )
    return dict(_attempt(ticket, actor, given).as_values())


def _attempt(ticket: Ticket, actor: int, given: Given) -> Attempt:
    person = Person(id=actor, name="王强") if actor else SYSTEM
    rules: Any = None
    return Attempt(
        ticket=ticket, action=Action.NOTE, actor=person, now=NOW, rules=rules, given=given
    )


def _rung_values(ticket: Ticket, clock: ClockName, mark: str, late: int) -> dict[str, Any]:
    due_at = NOW - timedelta(seconds=late)
    timer = Timer(ticket_id=ticket.id, clock=clock, mark=mark, due_at=due_at)
    return dict(_attempt(ticket, 0, Given(timer=timer)).as_values())


def _ticket(state: State, said: str, **changes: Any) -> Ticket:
    """A ticket with everything that it can have in this state."""
    paused = NOW if state is State.WAITING else None
    clock = Clock(started=NOW, due=NOW + timedelta(hours=6), paused=paused)
    own = STAGES[state].clock
    full = Ticket(
        id=1001, state=state, draft_id="d", resident=RESIDENT, author=RESIDENT,
        place=PLACE, category="充电设施", contact=said, partner=said[:8],
        proposal=Proposal(text=said, due=NOW + timedelta(days=5)), supervisor=HANDLER,
        text=said, filed_at=NOW - timedelta(hours=18), urgent=True, on_behalf=said,
        handler=HANDLER, followers=(FOLLOWER,), plan=said, plan_due=NOW + timedelta(days=3),
        extension=Extension(reason=said, due=NOW + timedelta(days=9)), result=said, rating=2,
        merged_into=1002 if state is State.MERGED else None,
        clocks={} if state in ENDED else {ClockName.RESPONSE: clock, own or ClockName.PLAN: clock},
    )  # fmt: skip
    return replace(full, **changes)


def _many_handed(said: str) -> Ticket:
    """A part of another, with helpers, somebody outside, and a question to another community."""
    planned = _ticket(State.PLANNED, said, result="", extension=None, helpers=(HANDLER,) * 3)
    clock = planned.clocks[ClockName.RESPONSE]
    return replace(
        planned, parent=1000, referred_to="友新街道/南环二/4网格", partner=said[:8],
        clocks={**planned.clocks, ClockName.PARTNER: clock},
    )  # fmt: skip


def _tickets(said: str) -> Iterator[Ticket]:
    for state in State:
        yield _ticket(state, said)
        yield _ticket(
            state, said, handler=None, offered_to=HANDLER, result="", told_at=NOW, extension=None
        )
    yield _ticket(State.DISPATCHED, "", plan="", result="", untold=True, open_to_grid=True)
    yield _many_handed(said)
    late = Clock(started=NOW - timedelta(days=2), due=NOW - timedelta(days=1))
    yield _ticket(
        State.PROPOSED, said, handler=None, category="", result="",
        clocks=dict.fromkeys(ClockName, late),
    )  # fmt: skip


# drawing them


def _rules() -> Rules:
    """The example's rules."""
    settings = load(ROOT / "config.example.toml", {"HAITANG_TELEGRAM__TOKEN": "1:x"})
    return settings.rules(load_choices("zh"))


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer("zh", replace(_rules(), places=PLACES), "haitang_bot")


def _letter(
    template: str, values: dict[str, Any], ticket: Ticket | None, reader: Reader, chat: int
) -> Letter:
    kind = "card" if template in _about_tickets() else "text"
    rows = ((Button(label="form.cancel"),),) * (2 if template in _in_forms() else 0)
    owed = Owed(
        id=1, token="", chat_id=chat, ticket_id=ticket.id if ticket else None, kind=kind,
        template=template, values=values, buttons=(), attachments=(), priority=Priority.PUSH,
        answers=False, attempts=1, is_plain=False, card=None, is_blocked=False,
    )  # fmt: skip
    return Letter(
        owed=owed, reader=reader, ticket=ticket, people=PEOPLE, buttons=rows, files=2, now=NOW,
        children=(1003, 1004),
    )  # fmt: skip


READERS = (
    (Reader.RESIDENT, RESIDENT),
    (Reader.RESIDENT, FOLLOWER),
    (Reader.STAFF, HANDLER),
    (Reader.STAFF, RESIDENT),
    (Reader.GROUP, -100),
    (Reader.NOBODY, 9),
)


def _values(template: str, said: str, ticket: Ticket) -> list[dict[str, Any]]:
    if template in {"remind", "overdue", "remind_resident", "overdue_resident"}:
        marks = cycle((("50", 0), ("due", 4000), ("climb2", 0), ("late1", 90_000)))
        rung = [(clock, *next(marks)) for clock in (*ClockName, *[ClockName.PLAN] * 3)]
        return [_rung_values(ticket, *one) for one in rung]
    if template.startswith("intake_") and template != "intake_cancelled":
        return [_intake_values(said)]
    if template.startswith("form_"):
        return [{"action": a} for a in ("propose", "extend", "suspend", "transfer")]
    if template in _about_tickets() and template not in PLAIN_CARDS:
        timer = Timer(ticket_id=1001, clock=ClockName.ACCEPT, mark="due", due_at=NOW)
        by_timer = dict(_attempt(ticket, 0, Given(timer=timer)).as_values())
        return [by_timer, *(_attempt_values(template, said, a, ticket) for a in (0, HANDLER))]
    return [_plain_values(said).get(template, {})]


def _letters(template: str, said: str) -> Iterator[Letter]:
    of_tickets = template in _about_tickets() | {"queue"}
    for ticket in _tickets(said) if of_tickets else [*_tickets(said)][:1]:
        for values in _values(template, said, ticket):
            for reader, chat in READERS:
                yield _letter(template, values, ticket, reader, chat)


def _raw(renderer: Renderer, letter: Letter) -> str:
    """The text as the template made it: `draw` would hide that it does not fit."""
    drawn = renderer.draw(letter).text
    assert not re.search(r"\n{3,}", drawn), f"a hole in the text: {drawn!r}"
    return drawn


def _balance(text: str) -> list[str]:
    """The tags still open at the end; an unknown or crossed one is an error."""
    still: list[str] = []
    for slash, name, rest in re.findall(r"<(/?)([a-z-]+)([^<>]*)>", text):
        assert name in TAGS and rest in {"", " expandable"}, (name, rest)
        if slash:
            assert still.pop() == name
        else:
            still.append(name)
    return still


EVERY = sorted(_needed() - UNSEEN)
SAID = {"nice": NICE, "nasty": NASTY, "ampersands": "&" * 5000, "emoji": "😀" * 2500}


@pytest.mark.parametrize("template", EVERY)
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_every_message_is_whole_and_short_enough_and_safe(
    template: str, said: str, renderer: Renderer
) -> None:
    """A text that did not fit would come back cut without its tags, so unbalanced or unescaped."""
    for text in {_raw(renderer, letter) for letter in _letters(template, said)}:
        assert draft.utf16_units(text) <= 4096
        assert _balance(text) == []
        bare = re.sub(r"</?[a-z-]+(?: expandable)?>", "", text)
        assert not set(bare) & {"<", ">"}
        assert not re.search(r"&(?!amp;|lt;|gt;|#34;|#39;|quot;)", bare)
        assert "49" not in bare and "None" not in bare and "{%" not in bare


@pytest.fixture(scope="module")
def slowly() -> Renderer:
    """The same, with what Jinja has and nothing of ours."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "_Environment", Environment)
        return Renderer("zh", replace(_rules(), places=PLACES), "haitang_bot")


@pytest.mark.parametrize("template", EVERY)
@pytest.mark.parametrize("said", [NICE, NASTY], ids=["nice", "nasty"])
def test_a_message_is_to_the_letter_what_jinja_makes_of_it(
    template: str, said: str, renderer: Renderer, slowly: Renderer
) -> None:
    for letter in _letters(template, said):
        assert renderer.draw(letter) == slowly.draw(letter)


@pytest.mark.parametrize("template", EVERY)
def test_a_message_says_something_and_nobodys_id(template: str, renderer: Renderer) -> None:
    for letter in _letters(template, NICE):
        text = _raw(renderer, letter)
        assert text or letter.reader is Reader.GROUP
        assert not re.search(r"7000\d", text)


@pytest.mark.parametrize("template", sorted(_about_tickets()))
def test_a_group_reads_nothing_that_a_person_wrote(template: str, renderer: Renderer) -> None:
    for letter in _letters(template, NICE):
        if letter.reader is Reader.GROUP:
            text = unescape(_raw(renderer, letter))
            assert PHONE not in text and "充不进电" not in text
            assert "诉求 <code>" in text


@pytest.mark.parametrize("template", sorted(_about_tickets() | {"steps", "files"}))
def test_who_may_no_longer_see_a_ticket_reads_nothing_of_it(
    template: str, renderer: Renderer
) -> None:
    texts = {
        _raw(renderer, letter)
        for letter in _letters(template, NICE)
        if letter.reader is Reader.NOBODY
    }
    assert len(texts) == 1
    assert not re.search(r"\d|充电|网格\d", texts.pop())


@pytest.mark.parametrize("template", sorted(_about_tickets()))
def test_a_follower_does_not_read_the_residents_own_words(
    template: str, renderer: Renderer
) -> None:
    for ticket in _tickets(NICE):
        bare = replace(ticket, plan="", result="", extension=None)
        letter = _letter(template, _values(template, "", bare)[-1], bare, Reader.RESIDENT, FOLLOWER)
        assert PHONE not in _raw(renderer, letter)


def test_braces_in_a_text_stay_as_they_were_written(renderer: Renderer) -> None:
    ticket = _ticket(State.ACCEPTED, NASTY[:22])
    text = renderer.draw(_letter("shown", {}, ticket, Reader.STAFF, HANDLER)).text
    assert "&lt;&amp;&gt;&#34;{{7*7}}" in text


def test_a_cut_text_says_so_and_a_short_one_does_not(renderer: Renderer) -> None:
    long, short = _ticket(State.ACCEPTED, "长" * 5000), _ticket(State.ACCEPTED, "短")
    cut, whole = (
        renderer.draw(_letter("card", {}, t, Reader.STAFF, HANDLER)).text for t in (long, short)
    )
    assert "只显示开头" in cut and "只显示开头" not in whole


@pytest.mark.parametrize("reader", [Reader.RESIDENT, Reader.STAFF, Reader.GROUP])
def test_a_card_is_ten_lines_at_most(reader: Reader, renderer: Renderer) -> None:
    for ticket in _tickets(NICE):
        chat = RESIDENT if reader is Reader.RESIDENT else HANDLER
        text = renderer.draw(_letter("card", {}, ticket, reader, chat)).text
        assert len(text.splitlines()) <= 10, text


# the words


_LEAD = Person(id=1, name="", memberships=(Membership(role=Role.LEAD, place=PLACE),))
LEADS_COMMANDS = commands_of(_LEAD)
OWN = {To.HANDLER, To.OFFERED}
TABLES: list[tuple[str, list[str]]] = [
    ("state", [str(s) for s in State]),
    *((table, [str(a) for a in Action]) for table in ("action", "step", "done")),
    ("role", [*(str(r) for r in Role), "resident", "system", "unknown"]),
    *((table, [str(c) for c in ClockName]) for table in ("clock", "duty")),
    ("intake", [str(v) for v in Verb]),
    ("rating", [str(r) for r in RATINGS]),
    ("days", [str(d) for d in DUE_DAYS]),
    ("form", ["person", "cancel", "open", "ticked", "no_photo"]),
    ("resident_state", [str(s) for s in State]),
    ("resident_step", [str(a) for a in TOLD_TO_RESIDENTS]),
    ("view", ["open", "own", "steps", "files", "text", "known", "more", "back", "alike"]),
    ("roster", ["member", "move", "role", "remove", "sure"]),
    ("absence", ["on", "off", "leave", "back", *map(str, DUE_DAYS), "person", "nobody"]),
    ("skills", ["choose", "on", "off"]),
    ("join", ["wish", "drop", "yes", "no"]),
    ("look", ["card", "steps", "files", "text", "found", "export"]),
    ("alike", ["chosen", "other", "all", "merge", "tell"]),
    ("board", [str(s) for s in Section]),
    ("mine", [str(f) for f in Filter]),
    ("rights", ["forget"]),
    ("pages", ["previous", "next"]),
    ("whom", [str(s.holder) for s in STAGES.values() if s.holder and s.holder not in OWN]),
    ("commands", [*LEADS_COMMANDS, "audit", "join", "bind", "unbind"]),
    ("promise", [str(c) for c in Counts]),
    ("time", ["weekdays", "moment", "days", "hours", "minutes"]),
]


@pytest.mark.parametrize(("table", "keys"), TABLES, ids=[name for name, _ in TABLES])
def test_every_word_is_there(table: str, keys: list[str], renderer: Renderer) -> None:
    words = renderer.words[table]
    assert [key for key in keys if not words.get(key)] == []


def test_labels_are_filled_with_their_values(renderer: Renderer) -> None:
    person = Button(label="form.person", values={"name": "王{强}", "open": 2})
    view = Button(
        label="view.open", values={"number": "10015", "category": "电梯", "state": "planned"}
    )
    assert renderer.label(person) == "王{强}（在手 2 件）"
    assert renderer.label(view) == "10015 电梯·方案已定"
    assert renderer.label(Button(label="days.3")) == "3天内"


def test_a_moment_and_a_span_read_as_people_say_them(renderer: Renderer) -> None:
    assert renderer.moment("2026-11-24T10:00:00+00:00") == "11月24日（周二）18:00"
    assert renderer.span(4800) == "1小时20分钟"


# toasts


_TOASTED = {n for n in _needed() if n.startswith(("refused_", "form_"))}
TOASTS = sorted(_TOASTED - _in_forms())


@pytest.mark.parametrize("template", TOASTS)
def test_a_toast_says_all_of_it_within_what_fits(template: str, renderer: Renderer) -> None:
    """Values are just what the refusal gives: a toast has no defaults."""
    values = _plain_values("王强").get(template, {})
    made = renderer.environment.get_template(f"{template}.html").render(
        **values, is_card=False, reader="staff", ticket=None, people={}
    )
    text = renderer.toast(Toast(callback_id="1", template=template, values=values))
    assert text == plain(made) and 5 <= len(text) <= 190


def test_a_toast_can_go_without_the_name_of_who_was_faster(renderer: Renderer) -> None:
    toast = Toast(callback_id="1", template="refused_taken", values={"handler": 5, "about": 1001})
    assert "别人" in renderer.toast(toast)
