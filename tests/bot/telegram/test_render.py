"""What drawing does beyond the templates' own tests: zones, toasts, keyboards, what is too long."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from folk import RULES
from jinja2 import DictLoader, Environment, StrictUndefined, TemplateError
from telegram import Bot

from bot.telegram.render import Renderer, _fitted, plain
from bot.telegram.translate import translate
from playground.text.entities import units
from workflows.core.talk.messages import Button, Incoming
from workflows.core.talk.tap import Tap
from workflows.desk import Toast

RENDERER = Renderer("zh", RULES, "haitang_bot")
MOMENT = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)  # half past one on the next day in Suzhou


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"])
def host(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A machine that stands elsewhere."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("host")
def test_times_are_shown_in_the_communitys_zone_wherever_the_host_stands():
    """# F29"""
    shown = RENDERER.moment(MOMENT)
    assert "11月25日" in shown and "凌晨1点30分" in shown
    assert shown == RENDERER.moment(MOMENT.isoformat())


@pytest.mark.usefixtures("host")
def test_telegrams_dates_are_read_alike_wherever_the_host_stands():
    """# F29"""
    chat = {"id": 1, "type": "private"}
    message = {"message_id": 1, "date": int(MOMENT.timestamp()), "chat": chat, "text": "x"}
    said = translate({"update_id": 1, "message": message}, Bot("1:x"), MOMENT)
    assert isinstance(said, Incoming) and said.at == MOMENT and said.at.tzinfo


@pytest.mark.parametrize("over", [-1, 0, 1])
@pytest.mark.parametrize("piece", ["字", "😀"])
def test_a_text_as_long_as_telegram_takes_is_left_alone(piece: str, over: int):
    """# F36: counted in UTF-16; one unit more and it is cut rather than refused."""
    text = piece * (4096 // units(piece)) if over == 0 else piece * (4096 // units(piece) + over)
    fitted = _fitted(text)
    assert (fitted == text) is (over <= 0) and units(fitted) <= 4096


def test_what_is_cut_stays_well_formed():
    """# F39"""
    fitted = _fitted("<b>" + "&amp;" * 5000 + "</b>")
    assert fitted == "&amp;" * 800


def test_plain_text_has_no_tags_and_the_persons_own_signs():
    assert plain("<b>3 &lt; 4</b> &amp; <i>5</i>\n") == "3 < 4 & 5"


def test_an_empty_toast_says_nothing():
    assert RENDERER.toast(Toast(callback_id="1")) == ""


def test_rows_without_buttons_are_left_out_and_no_rows_are_no_keyboard():
    assert RENDERER.keyboard(()) is None and RENDERER.keyboard(((), ())) is None
    made = RENDERER.keyboard(((), (Button(label="=好", tap=Tap(kind="x")),)))
    assert made and [[b["text"] for b in row] for row in made["inline_keyboard"]] == [["好"]]


ACCEPT = Tap(kind="petition", subject=1, verb="accept")


def test_a_button_leads_to_an_address_or_comes_back():
    link, tap = Button(label="=图", url="https://x.cn/"), Button(label="=好", tap=ACCEPT)
    made = RENDERER.keyboard(((link, tap),))
    assert made
    assert made["inline_keyboard"][0] == [
        {"text": "图", "url": "https://x.cn/"}, {"text": "好", "callback_data": "t:1:accept"}
    ]  # fmt: skip


def test_what_a_person_wrote_on_a_button_is_never_a_pattern():
    """# F40"""
    assert RENDERER.label(Button(label="={state}{{7*7}}")) == "{state}{{7*7}}"


def test_the_start_link_names_the_bot():
    assert RENDERER.link("st_east") == "https://t.me/haitang_bot?start=st_east"


OF_DICTS = ["{{ d.name }}", "{{ d.items }}", "{{ d.items()|list }}", "{{ d.get('name') }}",
            "{{ d.nothing }}", "{{ d.nothing is defined }}", "{{ d['name'] }}",
            "{{ d.inner.x }}"]  # fmt: skip
_BOLD = "{% macro b(x, y='&') %}<b>{{ x }}{{ y }}{{ caller() if caller }}</b>{% endmacro %}"
OF_MACROS = [
    _BOLD + "{{ b(d.name) }}", _BOLD + "{{ b(x=d.name, y=1) }}", _BOLD + "{{ b(1, 2, 3) }}",
    _BOLD + "{% for i in [1, 2] %}{{ b(i) }}{{ loop.index }}{% endfor %}",
    _BOLD + "{% call b(d.name) %}<{{ d.name }}{% endcall %}", _BOLD + "{{ b() }}",
    _BOLD + "{% autoescape false %}{{ b(d.name) }}{% endautoescape %}",
    "{% from '_b.html' import b %}{{ b(d.name) }}", "{% include '_d.html' %}",
    "{% from '_d.html' import x with context %}{{ x }}", "{% from '_b.html' import c %}{{ c() }}",
    "{% include ['_none.html', '_d.html'] %}", "{% include '_none.html' %}", "{{ d.pop() }}",
]  # fmt: skip


def _made(environment: Environment, template: str) -> str:
    """What comes of it, twice: the second time much is remembered."""
    made = environment.from_string(template)
    values = {"d": {"name": "<坏>", "items": "<i>", "inner": {"x": None}}}
    try:
        assert made.render(values) == made.render(values)
        return made.render(values)
    except (TemplateError, TypeError) as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("template", [*OF_DICTS, *OF_MACROS])
def test_a_communitys_own_template_means_what_it_means_to_jinja(template: str):
    parts = {"_b.html": _BOLD, "_d.html": "{% set x = d.name %}{{ d.name }}"}
    own = RENDERER._environment(DictLoader(parts))
    stock = Environment(
        loader=DictLoader(parts), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, extensions=own.extensions,
    )  # fmt: skip
    assert _made(own, template) == _made(stock, template)


def test_a_template_is_found_by_its_folder_too():
    """Another folder put in the first one's place holds at once."""
    environment = RENDERER._environment(DictLoader({"x.html": "old"}))
    assert environment.get_template("x.html").render() == "old"
    environment.loader = DictLoader({"x.html": "new"})
    assert environment.get_template("x.html").render() == "new"
    assert environment.get_template("x.html", globals={"y": 1}).render() == "new"


def test_words_without_values_are_made_once_and_what_people_wrote_is_not_kept():
    renderer = Renderer("zh", RULES)
    for label in ("intake.submit", "intake.submit", "=王强", "@友新街道/南环一"):
        assert renderer.label(Button(label=label))
    assert renderer._fixed.cache_info()[:2] == (1, 1)
