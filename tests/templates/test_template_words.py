"""The words of labels, of moments and of toasts: each is there, filled in, and short enough."""

from __future__ import annotations

from datetime import date

import pytest
from letters import letter_of, ticket_in, toast_values
from msgspec.structs import replace
from template_names import in_forms, needed
from template_values import HANDLER, NOW, PLACE

from bot.config.words import read_words
from bot.telegram.render import Renderer, plain
from workflows.core.people import Membership, Person, Role
from workflows.core.permissions import commands_of
from workflows.core.policy import Counts
from workflows.core.talk.messages import Button
from workflows.core.talk.needs import DUE_DAYS
from workflows.desk import Toast
from workflows.desk.lists.mine import Filter
from workflows.desk.outbound.composing import Reader
from workflows.desk.workflow import Workflow
from workflows.petition.intake.view import Verb
from workflows.petition.lifecycle import STAGES
from workflows.petition.needs import RATINGS
from workflows.petition.words import State, To
from workflows.registry import WORKFLOWS

# the words


_LEAD = Person(id=1, name="", memberships=(Membership(role=Role.LEAD, place=PLACE),))
LEADS_COMMANDS = commands_of(_LEAD, WORKFLOWS.menu)
OWN = {To.HANDLER, To.OFFERED}
# What every workflow has words for, tests/flows/test_flow_names.py asks.
TABLES: list[tuple[str, list[str]]] = [
    ("role", [*(str(r) for r in Role), "resident", "system", "unknown"]),
    ("intake", [str(v) for v in Verb]),
    ("rating", [str(r) for r in RATINGS]),
    ("days", [str(d) for d in DUE_DAYS]),
    ("form", ["person", "person_off", "person_away", "cancel", "open", "ticked", "no_photo"]),
    ("resident_next", [str(s) for s in State]),
    ("view", ["open", "own", "steps", "files", "text", "known", "more", "back", "alike"]),
    ("roster", ["member", "move", "role", "remove", "sure"]),
    (
        "absence",
        ["on", "off", "leave", "back", *map(str, DUE_DAYS), "person", "person_off", "nobody"],
    ),
    ("skills", ["choose", "on", "off"]),
    ("join", ["wish", "drop", "yes", "no"]),
    ("look", ["card", "steps", "files", "text", "found", "export"]),
    ("alike", ["chosen", "other", "all", "merge", "tell"]),
    ("mine", [str(f) for f in Filter]),
    ("rights", ["forget"]),
    ("pages", ["previous", "next"]),
    ("whom", [str(s.holder) for s in STAGES.values() if s.holder and s.holder not in OWN]),
    ("commands", [*LEADS_COMMANDS, "audit", "join", "bind", "unbind"]),
    ("promise", [str(c) for c in Counts]),
    (
        "time",
        ["weekdays", "moment", "day", "parts", "hour", "minute", "end", "days", "hours", "minutes"],
    ),
]


@pytest.mark.parametrize(("table", "keys"), TABLES, ids=[name for name, _ in TABLES])
def test_every_word_is_there(table: str, keys: list[str], renderer: Renderer) -> None:
    words = renderer.words[table]
    assert [key for key in keys if not words.get(key)] == []


def test_only_states_have_words_for_who_brought_it(renderer: Renderer) -> None:
    assert renderer.words["own_next"].keys() <= set(State)


def test_labels_are_filled_with_their_values(renderer: Renderer) -> None:
    person = Button(label="form.person", values={"name": "王{强}", "open": 2})
    view = Button(
        label="view.open", values={"number": "10015", "category": "电梯", "state": "planned"}
    )
    assert renderer.label(person) == "王{强}（在手 2 件）"
    assert renderer.label(view) == "10015 电梯·方案已定"
    assert renderer.label(Button(label="days.3")) == "3天内"


def test_a_moment_and_a_span_read_as_people_say_them(renderer: Renderer) -> None:
    assert renderer.moment("2026-11-24T10:00:00+00:00") == "11月24日（周二）晚上6点"
    assert renderer.span(4800) == "1小时20分钟"


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-23T01:00:00+00:00", "昨天（周一）上午9点"),
        ("2026-11-24T15:59:00+00:00", "今天（周二）晚上12点"),
        ("2026-11-24T16:00:00+00:00", "明天（周三）凌晨0点"),
        ("2026-11-25T04:20:00+00:00", "明天（周三）中午12点20分"),
        ("2026-11-26T05:00:00+00:00", "后天（周四）下午1点"),
        ("2026-11-27T23:05:00+00:00", "11月28日（周六）早上7点5分"),
    ],
)
def test_a_day_that_is_near_is_called_by_its_word(
    moment: str, said: str, renderer: Renderer
) -> None:
    assert renderer.moment(moment, date(2026, 11, 24)) == said


@pytest.mark.parametrize(
    ("day", "said"), [(24, "今天（周二）"), (23, "明天（周二）"), (12, "11月24日")]
)
def test_a_message_says_today_by_the_day_on_which_it_is_drawn(
    day: int, said: str, renderer: Renderer
) -> None:
    letter = letter_of("engaged", {"due": NOW}, ticket_in(State.PLANNED, ""), Reader.STAFF, HANDLER)
    drawn = renderer.draw(replace(letter, now=NOW.replace(day=day)))
    assert f"说好{said}" in drawn.text


# toasts


_TOASTED = {n for n in needed() if n.startswith(("refused_", "form_"))}
TOASTS = sorted(_TOASTED - in_forms())


@pytest.mark.parametrize("template", TOASTS)
def test_a_toast_says_all_of_it_within_what_fits(template: str, renderer: Renderer) -> None:
    """Values are just what the refusal gives: a toast has no defaults."""
    values = toast_values(template, "王强")
    made = renderer.environment.get_template(f"{template}.html").render(
        **values, is_card=False, reader="staff", ticket=None, people={}
    )
    text = renderer.toast(Toast(callback_id="1", template=template, values=values))
    assert text == plain(made) and 5 <= len(text) <= 190


def test_a_toast_can_go_without_the_name_of_who_was_faster(renderer: Renderer) -> None:
    toast = Toast(callback_id="1", template="refused_taken", values={"handler": 5, "about": 1001})
    assert "别人" in renderer.toast(toast)


@pytest.mark.parametrize("workflow", WORKFLOWS.all, ids=[w.kind for w in WORKFLOWS])
def test_every_workflow_has_words_of_its_own_for_all_it_knows(
    workflow: Workflow, renderer: Renderer
) -> None:
    flow, told = workflow.flow, workflow.readers.told
    actions, clocks = [flow.begins, *flow.named], list(workflow.clocks.usual)
    wanted = {"thing": ["name"], "resident_step": sorted(told)}
    wanted |= {table: list(flow.stages) for table in ("state", "resident_state")}
    wanted |= dict.fromkeys(("action", "step", "done"), actions)
    wanted |= dict.fromkeys(("clock", "duty"), clocks)
    own = read_words("zh")[0].by_kind[workflow.kind]
    missing = [(t, key) for t, keys in wanted.items() for key in keys if not own[t].get(key)]
    assert missing == []
