"""What a resident sees at each step."""

import pytest
from folk import BUILDING, CHEN, COMMUNITY, DAY, GRID, NOW, RULES, WANG, said
from msgspec.structs import replace

from workflows.core.people import Person
from workflows.core.places import Place, Places, covers, place_key
from workflows.core.policy import Rules
from workflows.core.talk.messages import Button, Notice, in_rows
from workflows.core.talk.tap_text import fitted, write
from workflows.petition.intake import view
from workflows.petition.intake.draft import Draft, Step, hear
from workflows.petition.intake.suggestion import suggest
from workflows.petition.intake.view import show
from workflows.petition.settings import PetitionSettings

DRAFT = replace(hear(Draft(id="0123456789ab"), said("3幢充电桩坏了"), RULES), step=Step.PREVIEW)


def shown(person: Person = CHEN, rules: Rules = RULES, **changes: object) -> Notice:
    return show(replace(DRAFT, **changes), person, NOW, rules)


def taps(notice: Notice) -> list[Button]:
    return [button for row in notice.buttons for button in row]


def paths(notice: Notice) -> list[str]:
    return [b.label.removeprefix("@") for b in taps(notice) if b.label.startswith("@")]


@pytest.mark.parametrize("step", list(Step))
def test_every_step_has_its_own_message(step: Step):
    assert shown(step=step).template == f"intake_{step}"


@pytest.mark.parametrize("step", list(Step))
def test_every_button_fits_into_64_bytes(step: Step):
    for person in (CHEN, WANG):
        for button in taps(shown(person, step=step, place="", candidates=())):
            assert 0 < len(fitted(button.tap).encode()) <= 64


def test_the_preview_shows_what_will_be_filed_and_by_when_it_is_answered():
    values = shown().values
    assert (values["text"], values["place"], values["category"]) == (
        "3幢充电桩坏了",
        BUILDING,
        "充电设施",
    )
    assert (values["hours"], values["due"]) == (24, (NOW + DAY).isoformat())


def test_a_long_text_is_shown_cut_and_says_so():
    values = show(hear(Draft(id="d"), said("长" * 301), RULES), CHEN, NOW, RULES).values
    assert (values["text"], values["is_cut"]) == ("长" * 300, True)
    assert not shown().values["is_cut"]


def test_the_preview_can_be_filed_changed_and_left():
    verbs = {b.tap.verb for b in taps(shown())}
    assert verbs == {"submit", "categorize", "move", "restart", "cancel"}


def test_every_category_is_a_button_once_and_the_two_suggested_come_first():
    draft = hear(DRAFT, said("车停在那里，挡住消防通道，车位都占了"), RULES)
    asked = show(replace(draft, step=Step.CATEGORIZING), CHEN, NOW, RULES)
    *labels, cancel = [b.label.removeprefix("=") for b in taps(asked)]
    assert cancel == "intake.cancel"
    assert set(labels[:2]) == set(suggest(draft.text, RULES).categories) and len(labels) == 12
    assert labels[2:] == [key for key in RULES.categories if key not in labels[:2]]


def test_the_preview_says_who_else_may_decide_it_until_a_category_was_chosen():
    draft = hear(Draft(id="d"), said("3幢业主问：开发商不办房产证"), RULES)
    told = show(replace(draft, step=Step.PREVIEW), CHEN, NOW, RULES)
    assert told.values["elsewhere"] == {
        "key": "买房和房屋质量", "where": RULES.of(PetitionSettings).elsewhere[0].where,
    }  # fmt: skip
    assert "submit" in {b.tap.verb for b in taps(told)}
    chosen = replace(draft, step=Step.PREVIEW, is_category_chosen=True)
    assert show(chosen, CHEN, NOW, RULES).values["elsewhere"] is None
    assert shown().values["elsewhere"] is None


def test_candidates_are_what_is_asked_about():
    asked = shown(step=Step.PLACING, place="", candidates=(BUILDING, GRID))
    assert paths(asked) == [BUILDING, GRID]


def test_without_candidates_the_grids_of_the_only_community_are_asked():
    inside = {p: place for p, place in RULES.places.by_path.items() if covers(COMMUNITY, p)}
    rules = replace(RULES, places=Places(inside))
    assert len(paths(shown(rules=rules, step=Step.PLACING, place="", candidates=()))) == 3


def test_a_few_grids_are_asked_at_once_of_however_many_communities():
    asked = shown(step=Step.PLACING, place="", candidates=())
    assert [p.split("/", 1)[1] for p in paths(asked)] == [
        "南环一/1网格", "南环一/2网格", "南环一/3网格", "南环二/4网格"
    ]  # fmt: skip


def test_with_more_grids_than_a_question_holds_the_communities_are_asked_first():
    more = {path: Place(path=path) for n in range(12) if (path := f"友新街道/南环二/{n + 9}网格")}
    rules = replace(RULES, places=Places({**RULES.places.by_path, **more}))
    asked = shown(rules=rules, step=Step.PLACING, place="", candidates=())
    assert paths(asked) == ["友新街道/南环一", "友新街道/南环二"]


def test_who_moves_sees_his_grid_its_buildings_then_the_other_grids():
    found = paths(shown(step=Step.MOVING))
    assert found[0] == GRID and found[3] == BUILDING
    assert [p.rsplit("/", 1)[1] for p in found[-2:]] == ["2网格", "3网格"]


def test_a_tap_on_a_place_names_it_briefly():
    tap = taps(shown(step=Step.MOVING))[0].tap
    assert write(tap) == f"d:{DRAFT.id}:place:{place_key(GRID)}"


def test_an_empty_draft_offers_nothing_to_cancel():
    assert show(Draft(id="d"), CHEN, NOW, RULES).buttons == ()


def test_rows_have_at_most_the_width():
    buttons = [Button(label=str(n)) for n in range(5)]
    assert [len(row) for row in in_rows(buttons, 2)] == [2, 2, 1]
    assert in_rows([], 3) == ()


def test_a_reply_goes_to_who_acted():
    assert view.reply(WANG, "emergency").to == WANG.id
