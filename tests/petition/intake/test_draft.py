"""A petition in the making, and what its words tell."""

from datetime import timedelta

import pytest
from folk import BUILDING, CHEN, GRID, HOUR, NOW, OTHER_GRID, RULES, said
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workflows.core.places import place_key
from workflows.core.talk.messages import Attachment, Kind
from workflows.petition.intake import draft as drafts
from workflows.petition.intake.draft import Draft, Origin, Part, Step, amend, hear, new_draft

PHOTO = Attachment(kind="photo", file_id="p1")
VOICE = Attachment(kind="voice", file_id="v1")
AT_5 = (31.2862, 120.6203)  # 5幢 in the second grid


def heard(*texts: str, draft: Draft | None = None) -> Draft:
    made = draft or Draft(id="d")
    for number, text in enumerate(texts, start=1):
        made = hear(made, said(text, message_id=number), RULES)
    return made


def part(number: int, text: str, seconds: float = 0) -> Part:
    return Part(message_id=number, text=text, at=NOW + timedelta(seconds=seconds))


# the text


def test_other_messages_are_joined_with_a_line_break():
    assert heard("充电桩坏了", "已经一个星期了").text == "充电桩坏了\n已经一个星期了"


@given(st.text("充电a \n😀", min_size=1, max_size=9), st.integers(500, 3000))
def test_what_a_client_split_is_joined_without_a_seam(words: str, times: int):
    """Telegram's clients cut at 4,096 UTF-16 units and send the parts at once."""
    parts, text = [], words * times
    for start in range(0, len(text), 2048):  # never more units than 4,096, at least 2,048
        parts.append(part(len(parts) + 1, text[start : start + 2048]))
    assert Draft(id="d", parts=tuple(parts)).text == text


def test_a_long_message_is_not_glued_to_one_that_came_later():
    long = "长" * 4000
    assert Draft(id="d", parts=(part(1, long), part(2, "完", 3))).text == f"{long}\n完"
    assert Draft(id="d", parts=(part(1, long), part(2, "完", 2))).text == f"{long}完"


# what a draft needs


@pytest.mark.parametrize("kind", ["voice", "video", "video_note"])
def test_a_voice_or_a_video_says_what_is_wrong(kind: str):
    draft = Draft(id="d", attachments=(Attachment(kind=kind, file_id="f"),), place=GRID)
    assert draft.is_complete


def test_a_picture_alone_does_not():
    draft = Draft(id="d", attachments=(PHOTO,), place=GRID)
    assert not draft.has_words and not draft.is_complete


def test_blank_words_do_not():  # F38
    assert not heard(" \n\u3000").has_words


def test_a_draft_without_a_place_is_not_complete():
    assert not heard("路灯坏了").is_complete


# what the words tell


def test_a_voice_without_words_falls_into_the_fallback():
    draft = hear(Draft(id="d"), said(attachment=VOICE), RULES)
    assert draft.category == RULES.fallback_category


def test_a_later_sentence_changes_the_suggestion_but_not_a_choice():
    draft = heard("你好")
    assert heard("电梯坏了", draft=draft).category == "电梯"
    chosen = replace(draft, category="绿化", is_category_chosen=True)
    assert heard("电梯坏了", draft=chosen).category == "绿化"


@pytest.mark.parametrize(
    ("text", "urgent"), [("楼道冒烟了", True), ("有人被困", True), ("灯坏了", False)]
)
def test_urgent_words_make_it_urgent(text: str, urgent: bool):
    assert heard(text).urgent == urgent


def test_urgency_stays_when_more_is_said():
    assert heard("楼道冒烟", "在三楼").urgent


# where it is


def test_a_building_in_the_text_is_the_place():
    draft = heard("3号楼下充电桩坏了")
    assert (draft.place, draft.origin) == (BUILDING, Origin.SAID)


def test_several_buildings_of_one_grid_mean_the_grid():
    assert heard("2幢和3幢之间的路灯").place == GRID


def test_buildings_of_two_grids_are_a_question():
    draft = heard("3幢和9幢之间的路")
    assert draft.place == "" and len(draft.candidates) == 2
    assert len(heard("3幢到9幢的路").candidates) == 7  # what lies between is meant, too


def test_a_station_gives_the_place_the_last_one_only_without_it():
    person = replace(CHEN, last_place=f"{OTHER_GRID}/5幢")
    by_station = new_draft("d", person, RULES, "nanhuan-east")
    assert (by_station.place, by_station.origin) == (GRID, Origin.STATION)
    by_last = new_draft("d", person, RULES)
    assert (by_last.place, by_last.origin) == (f"{OTHER_GRID}/5幢", Origin.LAST)


@pytest.mark.parametrize("payload", ["", "no-such", "st_nanhuan-east", "../etc"])
def test_an_unknown_station_gives_nothing(payload: str):  # F53
    assert new_draft("d", CHEN, RULES, payload).place == ""


def test_a_last_place_that_is_gone_from_the_config_gives_nothing():
    assert new_draft("d", replace(CHEN, last_place="旧街道/旧社区/1网格"), RULES).place == ""


def test_the_words_beat_the_station():
    assert heard("9幢漏水", draft=new_draft("d", CHEN, RULES, "nanhuan-east")).place.endswith("9幢")


def test_words_without_a_place_leave_the_stations():
    draft = heard("路灯不亮", draft=new_draft("d", CHEN, RULES, "nanhuan-east"))
    assert (draft.place, draft.origin) == (GRID, Origin.STATION)


def location() -> dict[str, object]:
    return {"kind": Kind.LOCATION, "position": AT_5}


@pytest.mark.parametrize("origin", [Origin.UNKNOWN, Origin.LAST, Origin.STATION, Origin.SHARED])
def test_a_shared_location_beats_what_was_only_guessed(origin: Origin):
    draft = hear(Draft(id="d", place=GRID, origin=origin), said(**location()), RULES)
    assert (draft.place, draft.origin) == (f"{OTHER_GRID}/5幢", Origin.SHARED)


@pytest.mark.parametrize("origin", [Origin.CHOSEN, Origin.SAID])
def test_a_shared_location_never_overrules_words_or_a_tap(origin: Origin):
    draft = hear(Draft(id="d", place=GRID, origin=origin), said(**location()), RULES)
    assert (draft.place, draft.origin) == (GRID, origin)


def test_who_is_asked_where_can_answer_with_words_or_a_location():
    asked = Draft(id="d", step=Step.MOVING, place=GRID, origin=Origin.CHOSEN)
    assert hear(asked, said("在9幢"), RULES).place.endswith("9幢")
    assert hear(asked, said(**location()), RULES).place == f"{OTHER_GRID}/5幢"


def test_a_location_far_away_changes_nothing():
    far = said(kind=Kind.LOCATION, position=(39.9, 116.4))
    draft = hear(Draft(id="d", place=GRID, origin=Origin.LAST), far, RULES)
    assert (draft.place, draft.origin) == (GRID, Origin.LAST)


def test_a_chosen_place_stays_whatever_is_said():
    chosen = Draft(id="d", place=GRID, origin=Origin.CHOSEN)
    assert heard("9幢也是", draft=chosen).place == GRID


def choose(draft: Draft, path: str) -> Draft:
    return drafts.choose_place(draft, place_key(path), RULES.places)


def test_a_tapped_building_is_the_place_and_a_community_only_narrows():
    asked = Draft(id="d", candidates=(BUILDING, GRID))
    chosen = choose(asked, BUILDING)
    assert (chosen.place, chosen.origin, chosen.candidates) == (BUILDING, Origin.CHOSEN, ())
    narrowed = choose(asked, "友新街道/南环一")
    assert narrowed.place == "" and len(narrowed.candidates) == 3


def test_a_tap_on_an_unknown_place_changes_nothing():
    assert drafts.choose_place(Draft(id="d"), "0123456789", RULES.places) == Draft(id="d")


def test_every_place_has_its_own_short_name():
    keys = [place_key(path) for path in RULES.places.by_path]
    assert len(set(keys)) == len(keys) and all(len(k) == 10 for k in keys)


# editing


def test_an_edited_message_changes_its_part_and_what_it_told():  # F42
    draft = heard("3幢灯坏了", "快来")
    edited = amend(draft, said("3幢电梯坏了，有人被困", kind=Kind.EDIT, message_id=1), RULES)
    assert edited and edited.text == "3幢电梯坏了，有人被困\n快来"
    assert (edited.category, edited.urgent) == ("电梯", True)


def test_an_edit_can_take_back_the_urgency_and_correct_the_place():  # F42
    edited = amend(heard("3幢冒烟"), said("9幢有点味道", kind=Kind.EDIT), RULES)
    assert edited and not edited.urgent and edited.place.endswith("9幢")


def test_an_edit_of_another_message_is_not_this_drafts():
    assert amend(heard("3幢灯坏了"), said("x", kind=Kind.EDIT, message_id=77), RULES) is None


# files, and for whom


def test_files_land_in_the_draft_in_order():  # F43
    draft = hear(Draft(id="d"), said("看图", attachment=PHOTO), RULES)
    draft = hear(draft, said(attachment=VOICE), RULES)
    assert draft.attachments == (PHOTO, VOICE) and draft.text == "看图"


def test_the_name_of_who_it_is_for_is_no_part_of_the_text():
    named = hear(replace(heard("灯坏了"), step=Step.NAMING), said("张阿婆"), RULES)
    assert (named.on_behalf, named.text) == ("张阿婆", "灯坏了")


def test_a_captioned_picture_is_no_name_and_is_not_lost():
    naming = replace(heard("灯坏了"), step=Step.NAMING)
    draft = hear(naming, said("这盏", message_id=2, attachment=PHOTO, at=NOW + HOUR), RULES)
    assert draft.attachments == (PHOTO,)
    assert (draft.on_behalf, draft.text) == ("", "灯坏了\n这盏")
