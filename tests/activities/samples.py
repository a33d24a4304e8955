"""How an activity begins, and every letter of the activities' templates, to every reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from crowd import NEIGHBOURS, around
from folk import CHEN, GRID, RULES
from folk import NOW as START
from letters import letter_of
from msgspec.structs import replace
from template_names import in_forms
from template_values import FOLLOWER, HANDLER, NOW, RESIDENT
from trials import Sample

from workflows.activities import needs as n
from workflows.activities.chat.lists import line
from workflows.activities.lifecycle import begin
from workflows.activities.model import AWAY, CAME, HELPERS, Activity, Item, Photo, Report
from workflows.activities.words import Action, Rest, State
from workflows.core.engine.clocks import Clock
from workflows.core.kernels.presence import Presence, Way
from workflows.core.kernels.slots import Slot, claim, release
from workflows.core.people import Membership, Person, Role
from workflows.core.talk.messages import Attachment
from workflows.core.talk.needs import MODE, MORE, SEEN, WHOM, Answers
from workflows.core.timing.moments import Span
from workflows.desk import Letter
from workflows.desk.outbound.composing import Reader

READERS = (
    (Reader.RESIDENT, RESIDENT),
    (Reader.RESIDENT, FOLLOWER),
    (Reader.STAFF, HANDLER),
    (Reader.GROUP, -100),
    (Reader.NOBODY, 9),
)
STAFFS = {
    "activity_begun", "activity_to_review", "activity_approved", "activity_back", "activity_call",
    "activity_next", "activity_to_verify", "activity_self", "activity_no_more",
    "activity_past", "activity_sheet", "activity_month", "activities", "form_title", "form_when",
    "form_venue", "form_places", "form_crew", "form_item", "form_no_amount", "form_hear",
    "form_speaker", "form_paper", "form_call_off", "form_send_back", "form_sum_up",
    "form_times", "form_rest", "form_pictures", "activity_photos", "activity_photo_off",
}  # fmt: skip
CARDS = {
    "activity_begun", "activity_to_review", "activity_approved", "activity_back",
    "activity_announced", "activity_changed", "activity_off", "activity_offered", "activity_in",
    "activity_let_go", "activity_over", "activity_to_verify", "activity_summed",
    "activity_again", "activity_next", "activity_photos", "activity_photo_off",
}  # fmt: skip


NO_PLACES = (Slot(subject=1001, capacity=0), Slot(subject=1001, name=HELPERS, capacity=0))


def _line(subject: int, size: int) -> Slot:
    """Somebody in, somebody who is offered it, somebody in line."""
    slot = Slot(subject=subject, capacity=size)
    for person in (RESIDENT, HANDLER, -1):
        slot = claim(slot, person, NOW)
    return claim(release(claim(slot, FOLLOWER, NOW), HANDLER, NOW, NOW), HANDLER, NOW)


_PHOTOS = tuple(
    Photo(number=i, file=Attachment(kind="photo", file_id="p"), by=HANDLER, agreed_at=at)
    for i, at in ((1, NOW), (2, None))
)


def activities(said: str) -> Iterator[Activity]:
    """One or more in every state, with these words wherever a person wrote any."""
    clock = Clock(started=NOW, due=NOW + timedelta(hours=6))
    for state in State:
        full = Activity(
            id=1001, state=state, leader=HANDLER, place=GRID, title=said, opened_at=NOW,
            starts_at=NOW, minutes=90, venue=said, reason=said, paper=(said,) * 20,
            nth=3, times=8, on_holiday=True, photos=_PHOTOS,
            loose=3, items=(Item(text=said, total=120, loose=2),) * 3, heard=2,
            ratings={"good": 3, "poor": 1},
            slots=(_line(1001, 2), Slot(subject=1001, name=HELPERS, capacity=4)),
            present=(Presence(subject=1001, name=CAME, person=RESIDENT, at=NOW, way=Way.CODE),),
        )  # fmt: skip
        if state is State.SUMMED:
            full = replace(full, report=Report(people=3, helpers=1, minutes=90, text=said))
        own = full.stage.clock
        yield replace(full, clocks={own: clock} if own else {}, ended_at=None if own else NOW)
        yield Activity(
            id=1001, state=state, leader=HANDLER, place=GRID, opened_at=NOW, slots=NO_PLACES
        )
        wide = (Slot(subject=1001, capacity=9999), NO_PLACES[1])
        yield replace(full, slots=wide, paper=(), present=())


def plain_values(said: str) -> dict[str, dict[str, Any]]:
    """What the code gives to messages that are about no activity."""
    about = {"about": 1001}
    return {
        "activities": {"lines": [{**line(one)} for one in activities(said)][:10], "total": 99},
        "activity_full": {"places": 20},
        "activity_gone": about, "activity_no_photo": about,
        "activity_wall": {"numbers": [1, 2], "waiting": 1},
        "activity_signed": about, "activity_past": about,
        "activity_no_more": {"what": said[:40]}, "form_no_count": {"least": 1, "most": 20},
        "activity_file": about, "activity_sheet": about,
    }  # fmt: skip


def letters(template: str, said: str) -> Iterator[Letter]:
    """To everybody who can be sent it."""
    is_card = template in CARDS
    values = plain_values(said).get(template, {})
    for activity in activities(said) if is_card or template in in_forms() else [None]:
        for reader, chat in READERS:
            if reader is Reader.RESIDENT and template in STAFFS:
                continue
            letter = letter_of(template, values, activity, reader, chat)
            yield replace(letter, owed=replace(letter.owed, kind="card" if is_card else "text"))


# how one begins, for the tests of every flow

LEADER = Person(id=100, name="", memberships=(Membership(role=Role.PIONEER, place=GRID),))
SOON = Span(starts=START + timedelta(hours=2), minutes=60)


def _begun(leader: int = LEADER.id, **more: Any) -> Activity:
    told: dict[str, Any] = {"slots": NO_PLACES} | more
    new = Activity(id=1001, leader=leader, place=GRID, title="手工课", opened_at=START, **told)
    return begin(new, LEADER, START, RULES).subject


def _planned(places: int, line: tuple[int, ...] = (), helper: int = 0, **more: Any) -> Activity:
    """With so many places, and these who came one after the other."""
    slot = Slot(subject=1001, capacity=places)
    for person in line:
        slot = claim(slot, person, START)
    crew = Slot(subject=1001, name=HELPERS, capacity=2)
    crew = claim(crew, helper, START) if helper else crew
    return _begun(starts_at=SOON.starts, minutes=60, slots=(slot, crew), **more)


def _holds(before: Activity, activity: Activity, now: datetime) -> None:
    """Nobody behind is in while somebody ahead fits and was not offered (invariant 17)."""
    for slot in activity.slots:
        assert slot.is_held or not any(one.size <= slot.free for one in slot.line), slot
        assert slot.free >= 0


_CODE = Presence(subject=1001, person=0, at=START, way=Way.CODE)
HE = NEIGHBOURS[0].id
EVERYBODY = tuple(person.id for person in around(GRID) if person.id)
SAMPLE = Sample(
    fresh=(
        _begun(), _planned(1, (900, *EVERYBODY[:8])), _planned(200, helper=HE),
        _planned(30, leader=CHEN.id),
    ),
    outcome="report",
    values={
        n.WHEN: (SOON,), n.PLACES: (20, 0), n.CREW: (2,), n.SIZE: (1, 3),
        n.ITEM: ("水 120瓶",), n.SPEAKER: ("-",), n.MORE_TIMES: (3, 0), n.REST: tuple(Rest),
        n.WHICH: (0, 1),
    },
    beside={
        Action.HERE: (Answers({SEEN: _CODE}),),
        Action.PHOTO: (Answers({n.SHOWN: (_PHOTOS[0].file,)}),),
        Action.MARK: (
            *(Answers({WHOM: i}) for i in EVERYBODY), Answers({MORE: 3}),
            Answers({WHOM: HE, MORE: -1}),
            *(Answers({MODE: AWAY, WHOM: i}) for i in (*EVERYBODY, 900, -1)),
        ),
    },
    holds=_holds,
)  # fmt: skip
