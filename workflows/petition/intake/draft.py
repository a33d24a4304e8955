"""A petition in the making, and what a resident's words tell: category, place, urgency."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, convert, to_builtins
from msgspec.structs import replace

from workflows.core.people import Person
from workflows.core.places import Place, Places, covers, grid_of, place_key
from workflows.core.placing import finding
from workflows.core.placing.bare import is_bare
from workflows.core.placing.finding import Found
from workflows.core.placing.flats import flat_in, is_indoors, spelled
from workflows.core.policy import Rules
from workflows.core.talk.lengths import is_long
from workflows.core.talk.messages import Attachment, Incoming
from workflows.danger import danger
from workflows.petition.hearing.meaning import Meaning
from workflows.petition.intake.suggestion import suggest


class Step(StrEnum):
    """Where a resident stands in the conversation."""

    EMPTY = "empty"
    PLACING = "placing"
    PREVIEW = "preview"
    CATEGORIZING = "categorizing"
    MOVING = "moving"
    NAMING = "naming"
    AGREEING = "agreeing"
    UNSURE = "unsure"
    FILED = "filed"
    FOLLOWED = "followed"
    HANDED = "handed"  # to what it was about
    CANCELLED = "cancelled"


class Origin(StrEnum):
    """How a draft knows its place; a later one never overrules an earlier one of this list."""

    CHOSEN = "chosen"
    SAID = "said"
    SHARED = "shared"
    STATION = "station"
    LAST = "last"
    UNKNOWN = "unknown"


# What else words can be that may as well begin a petition: more of one, an answer.
_MAY_BEGIN = frozenset({Meaning.PETITION, Meaning.ADDITION, Meaning.ANSWER, Meaning.HUMAN})
_ASSUMED = frozenset({Origin.SHARED, Origin.STATION, Origin.LAST})
_ASKED_WHERE = frozenset({Step.PLACING, Step.MOVING})


class Part(Struct, frozen=True, kw_only=True):
    """One message's words."""

    message_id: int
    text: str
    at: datetime


class Option(Struct, frozen=True, kw_only=True):
    """What the words may be, as it is asked: about which petition, called what; see `hearing`."""

    meaning: Meaning
    about: int = 0
    verb: str = ""
    name: str = ""


class Draft(Struct, frozen=True, kw_only=True):
    """A petition in the making; it survives restarts with its person's dialog.

    It `asks_place` when its words name more than one place, or one that is `unknown`; what they can
    mean are the `candidates`, and `place` is what would be assumed.
    """

    id: str
    step: Step = Step.EMPTY
    parts: tuple[Part, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    place: str = ""
    origin: Origin = Origin.UNKNOWN
    candidates: tuple[str, ...] = ()
    asks_place: bool = False
    unknown: tuple[str, ...] = ()
    category: str = ""
    is_category_chosen: bool = False
    urgent: bool = False
    on_behalf: str = ""
    has_consent: bool = False  # of the person it is filed for
    options: tuple[Option, ...] = ()  # what it may be, while that is asked
    earlier: Draft | None = None  # one that was left lying, while it is asked whether to go on
    pictured: tuple[int, ...] = ()  # the messages that files came with
    heard_at: datetime | None = None  # when something of it was said last

    @property
    def text(self) -> str:
        """Every sentence said, in order; what a client split is joined without a seam."""
        return join(self.parts)

    @property
    def has_words(self) -> bool:
        """Whether it says what is wrong: in words, by voice or on video."""
        spoken = {"voice", "video", "video_note"}
        return bool(self.text.strip()) or any(a.kind in spoken for a in self.attachments)

    @property
    def may_begin(self) -> bool:
        """Whether its words, asked about and not answered, can be part of the petition that is told
        next: "已经好了，不用来了" cannot.
        """
        meant = {option.meaning for option in self.options}
        return Meaning.PETITION in meant and meant <= _MAY_BEGIN

    @property
    def awaits_consent(self) -> bool:
        """Whether nobody has said yet that the person it is filed for agrees."""
        return bool(self.on_behalf) and not self.has_consent

    @property
    def is_placed(self) -> bool:
        """Whether it can go somewhere. Where a grid is all that would be assumed, as at a station,
        what is open is asked beside the preview; no building is assumed against what was said.
        """
        is_grid = self.place == grid_of(self.place)
        return bool(self.place) and (not self.asks_place or is_grid)

    @property
    def is_complete(self) -> bool:
        """Whether it can be filed."""
        return self.has_words and self.is_placed and not self.awaits_consent

    @property
    def assumed(self) -> str:
        """From what the place was only assumed; "" when somebody said or tapped it."""
        return self.origin.value if self.origin in _ASSUMED else ""

    @property
    def flat(self) -> str:
        """The flat it names; "" without one."""
        return flat_in(self.text)


def draft_from(body: Mapping[str, Any]) -> Draft:
    """A draft from its JSON. Raises ValidationError."""
    return convert(body, Draft)


def draft_body(draft: Draft) -> Mapping[str, Any]:
    """A draft as it is stored."""
    body: Mapping[str, Any] = to_builtins(draft)
    return body


def join(parts: tuple[Part, ...]) -> str:
    """The parts as one text, in order; what a client split is joined without a seam."""
    text = ""
    for before, part in zip((None, *parts), parts, strict=False):
        seam = "" if before is None or _is_cut(before, part) else "\n"
        text += seam + part.text
    return text


def messages_of(draft: Draft, now: datetime) -> tuple[Part, ...]:
    """Every message of it; a picture that has no words may get some later."""
    worded = {part.message_id for part in draft.parts}
    bare = (number for number in draft.pictured if number not in worded)
    return (*draft.parts, *(Part(message_id=number, text="", at=now) for number in bare))


def new_draft(draft_id: str, person: Person, rules: Rules, station: str = "") -> Draft:
    """An empty draft that already knows the station's place, or where the person last was."""
    if station in rules.stations:
        return Draft(id=draft_id, place=rules.stations[station].place, origin=Origin.STATION)
    if person.last_place in rules.places:
        return Draft(id=draft_id, place=person.last_place, origin=Origin.LAST)
    return Draft(id=draft_id)


def at_station(draft: Draft, place: str) -> Draft:
    """The draft of somebody who opened a station's link in the middle of it."""
    if draft.origin in {Origin.CHOSEN, Origin.SAID, Origin.SHARED}:
        return draft
    kept = draft.candidates if draft.asks_place else ()
    return replace(draft, place=place, origin=Origin.STATION, candidates=kept)


def amend(draft: Draft, incoming: Incoming, rules: Rules) -> Draft | None:
    """The draft after one of its messages was edited; None when it was not one of them."""
    if all(part.message_id != incoming.message_id for part in draft.parts):
        return _captioned(draft, incoming, rules)
    parts = tuple(
        replace(p, text=incoming.text) if p.message_id == incoming.message_id else p
        for p in draft.parts
    )
    unsaid = Origin.UNKNOWN if draft.origin is Origin.SAID else draft.origin
    changed = _understand(replace(draft, parts=parts, origin=unsaid), incoming.text, rules)
    is_unsaid = changed.origin is Origin.UNKNOWN and changed.place == draft.place
    return replace(changed, origin=draft.origin) if is_unsaid else changed


def _captioned(draft: Draft, incoming: Incoming, rules: Rules) -> Draft | None:
    """Words that were put to a picture afterwards."""
    if incoming.message_id not in draft.pictured or not incoming.text:
        return None
    return _with_words(draft, incoming, rules)


def hear(draft: Draft, incoming: Incoming, rules: Rules) -> Draft:
    """Words, a file and a position all land in the draft."""
    draft = replace(draft, heard_at=incoming.at)
    if draft.step is Step.NAMING and incoming.text and not incoming.attachment:
        return replace(draft, on_behalf=incoming.text, has_consent=False)
    if incoming.attachment:
        draft = replace(
            draft, attachments=(*draft.attachments, incoming.attachment),
            pictured=(*draft.pictured, incoming.message_id),
        )  # fmt: skip
    if incoming.position:
        draft = _locate(draft, incoming.position, rules.places)
    if not incoming.text:
        return replace(draft, category=draft.category or rules.fallback_category)
    return _only_placed(draft, incoming, rules) or _with_words(draft, incoming, rules)


def _only_placed(draft: Draft, incoming: Incoming, rules: Rules) -> Draft | None:
    """Where the place is changed and no more is said than where, that is the place, and none of its
    words; what names no place that there is stays in it.
    """
    said, places = incoming.text, rules.places
    if draft.step is not Step.MOVING or incoming.attachment or not is_bare(said, places):
        return None
    moved = _place_from(draft, said, places)
    return moved if (moved.place or moved.candidates) and not moved.unknown else None


def _with_words(draft: Draft, incoming: Incoming, rules: Rules) -> Draft:
    text = spelled(incoming.text) if asks_flat(draft, rules) else incoming.text
    part = Part(message_id=incoming.message_id, text=text, at=incoming.at)
    return _understand(replace(draft, parts=(*draft.parts, part)), text, rules)


def asks_flat(draft: Draft, rules: Rules) -> bool:
    """Whether its preview asks for the flat: it or its kind is indoors, and none was said."""
    category, place = rules.categories.get(draft.category), rules.places.by_path.get(draft.place)
    if draft.step is not Step.PREVIEW or draft.flat or (place and place.is_spot):
        return False
    return bool(category and category.needs_flat) or is_indoors(draft.text)


def settled(draft: Draft, rules: Rules, *, goes_on: bool = False) -> Draft:
    """The draft once it is known to be a petition: the one that was left lying, or a new one."""
    plain = replace(draft, step=Step.EMPTY, options=(), earlier=None)
    if draft.earlier is None or not goes_on:
        return plain
    older = settled(draft.earlier, rules, goes_on=True)
    joined = replace(
        older, parts=older.parts + draft.parts, attachments=older.attachments + draft.attachments,
        pictured=older.pictured + draft.pictured, heard_at=draft.heard_at,
    )  # fmt: skip
    said = join(draft.parts)
    return _understand(joined, said, rules) if said else joined


def _understand(draft: Draft, said: str, rules: Rules) -> Draft:
    """What the words tell of category, urgency and place."""
    text = draft.text
    first = suggest(text, rules).categories[0]
    category = draft.category if draft.is_category_chosen else first
    urgent = bool(danger.find(text, rules.danger))
    return _place_from(replace(draft, category=category, urgent=urgent), said, rules.places)


def _place_from(draft: Draft, said: str, places: Places) -> Draft:
    """The place the words name; what they leave open is asked, and nothing near is guessed."""
    is_answer = draft.step in _ASKED_WHERE
    if draft.origin is Origin.CHOSEN and draft.step is not Step.MOVING:
        return draft
    found = finding.find(said, places, near=draft.place, is_answer=is_answer)
    if draft.origin is Origin.SAID and not is_answer:
        found = _beside(draft.place, found)
    if found.place:
        return placed(draft, found.place, Origin.SAID)
    if found.is_question:
        return replace(
            draft, asks_place=True, candidates=found.candidates, unknown=found.unknown
        )  # fmt: skip
    is_elsewhere = found.is_public and draft.origin is Origin.LAST  # at no building's own
    return replace(draft, place=grid_of(draft.place)) if is_elsewhere else draft


def _beside(before: str, found: Found) -> Found:
    """What is named after another place was: a part of that one, itself, or a question."""
    if not found.place or found.is_correction or covers(before, found.place):
        return found
    if covers(found.place, before):
        return Found(place=before)
    return Found(candidates=(found.place, before))


def placed(draft: Draft, place: str, origin: Origin) -> Draft:
    """The draft at this place, with nothing left to ask about it."""
    return replace(
        draft, place=place, origin=origin, candidates=(), asks_place=False, unknown=()
    )  # fmt: skip


def _locate(draft: Draft, position: tuple[float, float], places: Places) -> Draft:
    """The nearest building, unless the words or a tap said where; who is moving says it anew."""
    nearest = places.nearest(position)
    is_said = draft.origin in {Origin.CHOSEN, Origin.SAID} and draft.step is not Step.MOVING
    if is_said or not nearest:
        return draft
    return placed(draft, nearest, Origin.SHARED)


def choose_place(draft: Draft, key: str, places: Places) -> Draft:
    """A tapped place: a community only narrows the question, a grid or building answers it."""
    chosen = next((p for p in places.by_path.values() if place_key(p.path) == key), None)
    if chosen is None:
        return draft
    if chosen.depth < 3:
        return replace(draft, place="", candidates=_paths(places.inside(chosen.path, 3)))
    return placed(draft, chosen.path, Origin.CHOSEN)


def _paths(places: tuple[Place, ...]) -> tuple[str, ...]:
    return tuple(p.path for p in places)


def is_cut(draft: Draft, incoming: Incoming) -> bool:
    """Whether this is the rest of a long text, whatever it looks like."""
    return bool(draft.parts) and _is_split(draft.parts[-1], incoming.at)


def _is_cut(before: Part, part: Part) -> bool:
    return _is_split(before, part.at)


def _is_split(before: Part, at: datetime) -> bool:
    """Whether a client split one long text here (TRAPS: at 4,096 units, sent at once)."""
    return (at - before.at).total_seconds() <= 2 and is_long(before.text)
