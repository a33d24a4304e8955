"""The settings that a workflow declares: read from its own section, told plainly where wrong."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from configuring import loaded
from folk import EXAMPLE
from msgspec import Meta, Struct, field
from pydantic import BaseModel, ValidationError

from bot.config.own import no_value, read_into, sections
from bot.config.settings import Settings
from bot.config.telling import explaining
from bot.config.telling.explaining import explain
from workflows.core.policy import ClockDefaults, ClockPolicy
from workflows.core.settings import Count, Days, NoSettings, Share, Word
from workflows.petition.settings import PetitionSettings
from workflows.registry import FIRST, SETTINGS


class Way(StrEnum):
    SHOWN = "shown"
    SECRET = "secret"


class Hall(Struct, frozen=True, kw_only=True):
    name: Word
    seats: Count = 10


class Outing(Struct, frozen=True, kw_only=True):
    """What a second workflow may settle: every kind of value there is."""

    seconds: Annotated[int, Meta(ge=1, le=9)] = 3
    quorum_percent: Share = 50
    voting_days: Days = 7
    by_proxy: bool = False
    way: Way = Way.SECRET
    counted: Literal["heads", "homes"] = "homes"
    room: Annotated[str, Meta(pattern="^[A-C][0-9]$")] = "A1"
    opens: time = time(8)
    first: date | None = None
    themes: tuple[Word, ...] = ("绿化",)
    hall: Hall = Hall(name="活动室")
    halls: tuple[Hall, ...] = ()
    weights: dict[str, Share] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.seconds > 3 and not self.by_proxy:
            raise ValueError("more than 3 seconds need by_proxy")


CLOCKS = {
    FIRST: ClockDefaults(usual={}),
    "outing": ClockDefaults(usual={"vote": ClockPolicy(length=timedelta(days=7))}),
}
MADE = sections(CLOCKS, {FIRST: NoSettings, "outing": Outing})


def section(**said: Any) -> BaseModel:
    found: BaseModel = MADE.model_validate({"outing": said}).outing  # type: ignore[attr-defined]
    return found


def read(**said: Any) -> Outing:
    return read_into(Outing, section(**said))


def wrong(**said: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as raised:
        section(**said)
    return {mistake.key: mistake.problem for mistake in explain(raised.value)}


def test_what_is_left_out_is_as_the_workflow_declares_it():
    assert read() == Outing()
    assert read(seconds=2, hall={"name": "门厅"}) == Outing(seconds=2, hall=Hall(name="门厅"))


def test_the_file_and_the_environment_are_read_alike():
    said = {"seconds": 2, "by_proxy": True, "voting_days": 1.5, "opens": "09:30", "way": "shown"}
    same = read(**said)
    assert same == Outing(**said | {"opens": time(9, 30), "way": Way.SHOWN})
    assert read(**{key: str(value) for key, value in said.items()}) == same
    assert read(opens=time(9, 30), first=date(2027, 1, 1)).first == date(2027, 1, 1)


def test_tables_become_the_workflows_own_values():
    found = read(halls=[{"name": " 门厅 ", "seats": 4}, {"name": "院子"}], weights={"物业": 20})
    assert found.halls == (Hall(name="门厅", seats=4), Hall(name="院子"))
    assert found.weights == {"物业": 20}


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("seconds", "three", "must be a whole number"),
        ("seconds", 0, "must be 1 or more"),
        ("seconds", 10, "must be 9 or less"),
        ("quorum_percent", 101, "must be 100 or less"),
        ("voting_days", 0, "must be more than 0"),
        ("voting_days", "soon", "must be a number"),
        ("by_proxy", "maybe", "must be true or false"),
        ("way", "open", 'must be "shown" or "secret"'),
        ("counted", "cars", 'must be "heads" or "homes"'),
        ("room", "大厅", "must be like ^[A-C][0-9]$"),
        ("opens", "8 o'clock", 'must be a time like "22:00"'),
        ("first", "soon", "must be a date like 2027-02-05"),
        ("themes", "绿化", "must be a list in [ ]"),
        ("themes", [" "], "is empty"),
        ("hall", "院子", "must be a table"),
        ("hall", {"seats": 4}, "is missing"),
        ("halls", [{"name": "院子", "floor": 1}], "is an unknown key"),
        ("weights", ["物业"], "must be a table"),
        ("colour", "red", "is an unknown key"),
        ("clocks", {"vot": {}}, "is no clock; the clocks are vote"),
    ],
)
def test_a_mistake_is_told_by_its_key_and_what_was_expected(
    key: str, value: Any, problem: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(explaining, "CLOCKS", CLOCKS)
    [(found, why)] = wrong(**{key: value}).items()
    assert found.startswith(f"outing.{key}") and why == problem


def test_all_mistakes_are_told_at_once():
    assert wrong(seconds=0, way="x", colour=1).keys() == {
        "outing.seconds", "outing.way", "outing.colour",
    }  # fmt: skip


def test_what_does_not_go_together_the_workflow_says_itself():
    assert no_value(Outing, section(seconds=4)) == "more than 3 seconds need by_proxy"
    assert no_value(Outing, section(seconds=4, by_proxy=True)) == ""


# how the domain has them


def test_the_rules_have_what_the_config_says_and_the_defaults_of_what_nobody_reads():
    rules = loaded(most_open=3).rules({})
    assert rules.of(PetitionSettings) == PetitionSettings(most_open=3)
    assert rules.of(Outing) == Outing()
    assert rules.having(Outing(seconds=2)).of(Outing).seconds == 2


def test_no_workflows_key_hides_one_of_the_bots_own():
    at_the_top = {*SETTINGS[FIRST].__struct_fields__} | SETTINGS.keys() - {FIRST}
    assert at_the_top and not at_the_top & Settings.__annotations__.keys()


# where people read of them

EXAMPLES = EXAMPLE.read_text("utf-8")


def is_told(kind: str, name: str, text: str = EXAMPLES) -> bool:
    """Whether a setting's line is in the section, with a comment beside or above it, or its table
    is there.
    """
    section = re.search(rf"^\[{kind}\].*?(?=^\[|\Z)", text, re.M | re.S)
    beside, above = rf"^(# )?{name} = .*# ", rf"^# .*\n(# )?{name} = "
    line = section and re.search(f"{beside}|{above}", section[0], re.M)
    return bool(line or re.search(rf"^(# )?\[+{kind}\.{name}\]+", text, re.M))


@pytest.mark.parametrize(("kind", "settings"), SETTINGS.items(), ids=SETTINGS)
def test_every_setting_is_in_the_example_with_a_comment(kind: str, settings: type[Struct]):
    assert settings()  # all have a default
    assert [n for n in settings.__struct_fields__ if not is_told(kind, n)] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[outing]\nseconds = 3  # 几户附议", True),
        ("[outing]\n# 几户附议\n# seconds = 3", True),
        ("[[outing.seconds]]", True),
        ("[outing]\nseconds = 3", False),
        ("[petition]\nseconds = 3  # 几户附议\n[outing]\n", False),
        ("[outing]\n[other]\nseconds = 3  # 几户附议", False),
    ],
)
def test_a_line_without_a_comment_or_in_another_section_tells_nothing(text: str, told: bool):
    assert is_told("outing", "seconds", text) is told
