"""The conversation that turns words into a petition."""

import pytest
from folk import BUILDING, CHEN, GRID, NOW, RULES, WANG, pressed, said
from msgspec.structs import replace

from workflows.core.errors import ForgedError
from workflows.core.people import Person
from workflows.core.places import place_key
from workflows.core.talk.messages import Attachment, Kind, Priority
from workflows.petition.intake.conversation import MACHINE, MOVES, Turn, advance, verb_of
from workflows.petition.intake.draft import Draft, Step, new_draft
from workflows.petition.intake.view import Verb

OVER = (Step.FILED, Step.FOLLOWED, Step.HANDED, Step.CANCELLED)
LIVE = [s for s in Step if s not in OVER]
COMPLETE = Draft(id="d1", place=BUILDING, category="其他", step=Step.PREVIEW)


def turn(draft: Draft, text: str, person: Person = CHEN, **more: object) -> Turn:
    number = len(draft.parts) + 1
    return advance(draft, said(text, message_id=number, **more), person, NOW, RULES)


def tap(draft: Draft, verb: str, argument: str = "", person: Person = CHEN) -> Turn:
    press = f"d:{draft.id}:{verb}" + (f":{argument}" if argument else "")
    return advance(draft, pressed(press), person, NOW, RULES)


def at_step(step: Step) -> Draft:
    """A draft with words; placed but where it is still asked."""
    place = "" if step in {Step.EMPTY, Step.PLACING} else BUILDING
    base = turn(Draft(id="d1"), "充电桩坏了").draft
    return replace(base, place=place, step=step)


def presses(result: Turn) -> set[str]:
    verbs = [b.tap.verb for n in result.notices for row in n.buttons for b in row]
    return set(verbs)


def test_one_message_with_a_building_is_a_preview():
    result = turn(Draft(id="d1"), "3号楼下充电桩坏了")
    assert result.draft.step is Step.PREVIEW
    assert (result.draft.place, result.draft.category) == (BUILDING, "充电设施")
    assert [n.template for n in result.notices] == ["intake_preview"]


def test_one_message_and_one_tap_file_it():
    result = tap(turn(Draft(id="d1"), "3号楼下充电桩坏了").draft, "submit")
    assert result.is_filed and result.draft.text == "3号楼下充电桩坏了"


def test_without_a_place_only_the_place_is_asked():
    result = turn(Draft(id="d1"), "充电桩坏了")
    assert result.draft.step is Step.PLACING
    assert result.notices[0].template == "intake_placing"
    assert presses(result) == {"place", "cancel"}


def test_a_tapped_place_completes_it():
    result = tap(at_step(Step.PLACING), "place", place_key(GRID))
    assert (result.draft.step, result.draft.place) == (Step.PREVIEW, GRID)


def test_a_place_said_in_the_next_message_completes_it():
    result = turn(turn(Draft(id="d1"), "充电桩坏了").draft, "在3幢")
    assert (result.draft.step, result.draft.place) == (Step.PREVIEW, BUILDING)


def test_a_shared_location_completes_it():
    result = turn(at_step(Step.PLACING), "", kind=Kind.LOCATION, position=(31.2850, 120.6215))
    assert (result.draft.step, result.draft.place) == (Step.PREVIEW, BUILDING)


def test_a_station_or_the_last_place_makes_one_message_enough():
    for draft in (
        new_draft("d1", CHEN, RULES, "nanhuan-east"),
        new_draft("d1", replace(CHEN, last_place=BUILDING), RULES),
    ):
        assert turn(draft, "充电桩坏了").draft.step is Step.PREVIEW


def test_a_place_without_words_still_asks_what_is_wrong():
    draft = new_draft("d1", CHEN, RULES, "nanhuan-east")
    photo = Attachment(kind="photo", file_id="f")
    result = turn(draft, "", kind=Kind.MEDIA, attachment=photo)
    assert result.draft.step is Step.EMPTY
    assert result.draft.attachments == (photo,)


def test_a_voice_at_a_station_is_a_petition():
    voice = Attachment(kind="voice", file_id="v")
    draft = new_draft("d1", CHEN, RULES, "nanhuan-east")
    assert turn(draft, "", attachment=voice).draft.step is Step.PREVIEW


def test_an_emergency_comes_first_and_is_said_once():
    first = turn(Draft(id="d1"), "3幢楼道冒烟")
    assert [n.template for n in first.notices] == ["emergency", "intake_preview"]
    assert first.notices[0].values == {"kinds": ["fire"], "then": "submit"}
    second = turn(first.draft, "快来人")
    assert [n.template for n in second.notices] == ["intake_preview"]


def test_an_emergency_at_no_place_yet_says_that_it_is_asked_for():
    first = turn(Draft(id="d1"), "楼道冒烟").notices[0]
    assert first.values["then"] == "place"


def test_another_danger_is_told_when_it_is_named():
    first = turn(Draft(id="d1"), "3幢楼道冒烟")
    second = turn(first.draft, "有人晕倒了")
    assert second.notices[0].values["kinds"] == ["person_down"]


def test_an_albums_parts_are_waited_for():  # F43
    photo = Attachment(kind="photo", file_id="f")
    result = turn(Draft(id="d1"), "3幢灯坏了", attachment=photo, album="a1")
    assert result.notices[-1].hold == 1.0
    assert turn(Draft(id="d1"), "3幢灯坏了", attachment=photo).notices[-1].hold == 0.0


def test_the_rest_of_a_long_text_is_waited_for():  # F36
    assert turn(Draft(id="d1"), "3幢" + "长" * 4094).notices[-1].hold == 1.0
    assert turn(Draft(id="d1"), "3幢" + "长" * 1000).notices[-1].hold == 0.0


def test_replies_go_first_and_a_newer_preview_replaces_an_older():
    (shown,) = turn(Draft(id="d1"), "3幢灯坏了").notices
    assert (shown.priority, shown.replaces, shown.to) == (Priority.REPLY, "draft:d1", CHEN.id)


# changing one field with one tap


def test_the_category_is_changed_with_two_taps_and_stays():
    asked = tap(at_step(Step.PREVIEW), "categorize")
    assert asked.draft.step is Step.CATEGORIZING
    chosen = tap(asked.draft, "category", "绿化")
    assert (chosen.draft.step, chosen.draft.category) == (Step.PREVIEW, "绿化")
    assert turn(chosen.draft, "电梯也坏了").draft.category == "绿化"


def test_an_unknown_category_is_not_taken():
    chosen = tap(at_step(Step.CATEGORIZING), "category", "没有这类")
    assert chosen.draft.category == at_step(Step.CATEGORIZING).category
    assert chosen.draft.step is Step.PREVIEW


def test_the_place_is_changed_by_a_tap_or_by_words():
    asked = tap(at_step(Step.PREVIEW), "move")
    assert asked.draft.step is Step.MOVING
    assert tap(asked.draft, "place", place_key(GRID)).draft.place == GRID
    assert turn(asked.draft, "9幢").draft.place.endswith("9幢")


def test_staff_files_on_behalf_and_names_for_whom():
    shown = turn(Draft(id="d1"), "3幢灯坏了", person=WANG)
    assert "name" in presses(shown)
    asked = tap(shown.draft, "name", person=WANG)
    named = turn(asked.draft, "张阿婆", person=WANG)
    assert (named.draft.on_behalf, named.draft.step) == ("张阿婆", Step.AGREEING)
    assert presses(named) == {"agree", "alone", "cancel"}
    agreed = tap(named.draft, "agree", person=WANG)
    assert agreed.draft.has_consent and agreed.draft.step is Step.PREVIEW
    assert "name" not in presses(agreed)


@pytest.mark.parametrize("verb", ["submit", "move", "categorize"])
def test_nothing_is_filed_for_somebody_who_was_not_asked(verb: str):
    named = replace(at_step(Step.AGREEING), on_behalf="张阿婆")
    moved = tap(named, verb, person=WANG).draft
    assert tap(moved, "submit", person=WANG).draft.step is not Step.FILED
    assert tap(tap(named, "alone", person=WANG).draft, "submit").is_filed


def test_a_resident_is_not_asked_for_whom():
    assert "name" not in presses(turn(Draft(id="d1"), "3幢灯坏了"))


# the ways out


@pytest.mark.parametrize("step", LIVE)
def test_cancel_works_from_every_step(step: Step):
    result = tap(at_step(step), "cancel")
    assert result.draft.step is Step.CANCELLED
    assert result.notices[0].template == "intake_cancelled"


@pytest.mark.parametrize("step", LIVE)
def test_starting_over_works_from_every_step_and_keeps_only_the_place(step: Step):
    draft = at_step(step)
    result = tap(draft, "restart")
    assert result.draft.step is Step.EMPTY
    assert (result.draft.text, result.draft.place) == ("", draft.place)


@pytest.mark.parametrize("step", LIVE)
def test_every_step_has_a_way_on_and_a_way_out(step: Step):
    ways = {t.dest for verb in Verb for t in MACHINE.get_transitions(verb, str(step))}
    assert {Step.CANCELLED, Step.PREVIEW, Step.EMPTY} <= ways


@pytest.mark.parametrize("step", OVER)
def test_what_is_over_is_over(step: Step):
    assert step in MACHINE.states
    assert not any(MACHINE.get_transitions(verb, str(step)) for verb in Verb)


@pytest.mark.parametrize("step", LIVE)
def test_something_said_lands_in_the_draft_at_every_step(step: Step):
    draft = at_step(step)
    heard = turn(draft, "还有一句").draft
    assert "还有一句" in (heard.text if step is not Step.NAMING else heard.on_behalf)
    on = {Step.UNSURE} if step is Step.UNSURE else {Step.PREVIEW, Step.PLACING, Step.AGREEING}
    assert heard.step in on


def test_every_step_is_reachable_and_every_verb_used():
    reached = {Step.EMPTY, Step.UNSURE}  # where `ask` begins
    for _ in Step:
        reached |= {m.target for m in MOVES if reached & set(m.sources)}
    assert reached == set(Step)
    assert {m.verb for m in MOVES} == set(Verb)


# stale and forged taps


def test_submitting_an_incomplete_draft_shows_what_is_missing():
    result = tap(at_step(Step.PLACING), "submit")
    assert not result.is_filed and result.draft == at_step(Step.PLACING)
    assert result.notices[0].template == "intake_placing"


def test_a_preview_that_lost_its_words_cannot_be_filed():
    assert not tap(COMPLETE, "submit").is_filed


def test_submitting_twice_changes_nothing_the_second_time():  # F32
    once = tap(at_step(Step.PREVIEW), "submit")
    twice = tap(once.draft, "submit")
    assert twice.draft == once.draft
    assert turn(once.draft, "还有").draft == once.draft


@pytest.mark.parametrize(
    "press", ["d", "d:", "d:d1", "d:d1:", "d:d1:say", "d:d1:admin", "d:d1:提交"]
)
def test_a_forged_press_is_an_error(press: str):  # F47
    with pytest.raises(ForgedError):
        verb_of(pressed(press))


def test_anything_but_a_press_says_something():
    assert verb_of(said("d:d1:submit")) == (Verb.SAY, "")
