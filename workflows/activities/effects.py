"""What a row of the table asks, and what it does to an activity beyond its state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from workflows.activities import seats
from workflows.activities.model import (
    CAME,
    HELP,
    ITEMS,
    WENT,
    Activity,
    Item,
    Photo,
    Report,
)
from workflows.activities.needs import (
    HELPERS,
    ITEM,
    MODE,
    MORE,
    PLACES,
    RATING,
    SEEN,
    SIZE,
    TITLE,
    UNSURE,
    VENUE,
    WHEN,
    WHOM,
    amount_of,
)
from workflows.activities.relations import HANDS, Command
from workflows.activities.settings import ActivitySettings
from workflows.activities.words import ClockName
from workflows.core.errors import Refusal
from workflows.core.kernels import presence
from workflows.core.kernels.presence import Presence, PresenceError
from workflows.core.kernels.slots import Standing
from workflows.core.talk.needs import PHOTOS, TEXT, TIMER, TO
from workflows.core.timing.clocks import is_ahead

WEEKLY = "FREQ=WEEKLY"

# what is asked


def is_bare(a: Command) -> bool:
    """Whether it is not known yet when it is."""
    return not a.subject.is_planned


def is_planned(a: Command) -> bool:
    """Whether it is."""
    return a.subject.is_planned


def is_ahead_of(a: Command) -> bool:
    """Whether it is known, and ahead."""
    return a.subject.starts_at is not None and a.now < a.subject.starts_at


def is_large(a: Command) -> bool:
    """Whether somebody else must look at it first; of a series, that was done."""
    invited = sum(one.capacity for one in a.subject.guests)
    above = a.rules.of(ActivitySettings).review_above
    return is_ahead_of(a) and not a.subject.series and invited > above


def is_small(a: Command) -> bool:
    """Whether it can be announced at once."""
    return is_ahead_of(a) and not is_large(a)


def is_anothers(a: Command) -> bool:
    """Whether it is ahead, and somebody else's: nobody looks at his own."""
    return is_ahead_of(a) and a.by != a.subject.leader


def is_weekly(a: Command) -> bool:
    """Whether it goes on next week."""
    return bool(a.subject.rule)


def is_once(a: Command) -> bool:
    """Whether it does not."""
    return not a.subject.rule


def is_new(a: Command) -> bool:
    """Whether he may sign up: he has not, and does not lead it."""
    return is_ahead_of(a) and a.by != a.subject.leader and a.subject.slot_of(a.by) is None


def wants_helpers(a: Command) -> bool:
    """The same as a helper."""
    return is_new(a) and a.subject.helpers.capacity > 0


def brings(a: Command) -> bool:
    """Whether he may come with others: as a guest."""
    slot = a.subject.slot_of(a.by)
    return is_ahead_of(a) and a.by != a.subject.leader and (slot is None or slot.name != HELP)


def is_signed(a: Command) -> bool:
    """Whether he is in, or in line."""
    return a.subject.slot_of(a.by) is not None


def is_offered(a: Command) -> bool:
    """Whether a place is held for him."""
    claim = a.subject.claim_of(a.by)
    is_held = claim is not None and claim.standing is Standing.OFFERED
    return is_held and claim is not None and (claim.until or a.now) > a.now


def is_to_come(a: Command) -> bool:
    """Whether a code of his would say something new."""
    return not a.subject.seen(a.by) or a.subject.may_go(a.by, a.now)


def is_somebody_there(a: Command) -> bool:
    """Whether anybody was taken down."""
    return bool(a.subject.present)


def has_signed(a: Command) -> bool:
    """Whether anybody is in or in line."""
    return bool(a.subject.signed)


def has_come(a: Command) -> bool:
    """Whether he was there and has not yet said how it was."""
    return a.subject.seen(a.by) is not None and a.by not in a.subject.rated


def may_show(a: Command) -> bool:
    """Whether he was there, or runs it: whose pictures are for the wall."""
    return a.subject.seen(a.by) is not None or bool(a.relations & HANDS)


def has_room_for_items(a: Command) -> bool:
    """Whether one more thing can be handed out."""
    return len(a.subject.items) < len(ITEMS)


# the plan


def plan(a: Command) -> Activity:
    """What, when, where, for how many."""
    titled = replace(a.subject, title=a.answers[TITLE] or a.subject.title)
    placed = replace(timed(replace(a, subject=titled)), venue=a.answers[VENUE])
    return resize(replace(a, subject=placed))


def timed(a: Command) -> Activity:
    """At another time; whoever signed up stays."""
    span = a.answers[WHEN]
    if span is None:
        return a.subject
    usual = a.subject.minutes or a.rules.of(ActivitySettings).usual_minutes
    return replace(a.subject, starts_at=span.starts, minutes=span.minutes or usual)


def relocate(a: Command) -> Activity:
    """Elsewhere."""
    return replace(a.subject, venue=a.answers[VENUE])


def resize(a: Command) -> Activity:
    """For more or fewer."""
    end = seats.until(a)
    sized = seats.sized(a.subject, "", a.answers[PLACES], a.now, end)
    return seats.helped(sized, a.answers[HELPERS], a.now, end)


def starts(a: Command) -> datetime | None:
    """When it begins."""
    return a.subject.starts_at


def repeat(a: Command) -> Activity:
    """It goes on every week; the first of a series knows itself."""
    return replace(a.subject, rule=WEEKLY, series=a.subject.series or a.subject.id)


def stop(a: Command) -> Activity:
    """This is the last."""
    return replace(a.subject, rule="")


def explain(a: Command) -> Activity:
    """Why not, or not so."""
    return replace(a.subject, reason=a.answers[TEXT])


def cancel(a: Command) -> Activity:
    """Why it does not take place; nothing is held any more."""
    return seats.closed(explain(a), a.now)


# signing up


def join(a: Command) -> Activity:
    """He comes alone."""
    return _unsure(a, seats.entered(a, a.subject.home_of(a.actor.last_place), a.by))


def family(a: Command) -> Activity:
    """So many come with him; they have places together or wait together."""
    name = a.subject.home_of(a.actor.last_place)
    return _unsure(a, seats.entered(a, name, a.by, a.answers[SIZE]))


def help_out(a: Command) -> Activity:
    """He helps."""
    return _unsure(a, seats.entered(a, HELP, a.by))


def _unsure(a: Command, moved: Activity) -> Activity:
    if not a.answers[UNSURE] or a.by in moved.unsure:
        return moved
    return replace(moved, unsure=(*moved.unsure, a.by))


def paper(a: Command) -> Activity:
    """Somebody without an account signs up, by his name."""
    named = replace(a.subject, paper=(*a.subject.paper, a.answers[TEXT]))
    return seats.entered(replace(a, subject=named), "", -len(named.paper), a.answers[SIZE])


def leave(a: Command) -> Activity:
    """He does not come."""
    return seats.left(a, a.by)


def excuse(a: Command) -> Activity:
    """Somebody said that he would not come: he is in no list of those who stayed away."""
    return seats.left(a, a.answers[WHOM])


def take(a: Command) -> Activity:
    """He takes the place, or says that he comes."""
    moved = seats.taken(a)
    return replace(moved, unsure=tuple(i for i in moved.unsure if i != a.by))


def remind(a: Command) -> Activity:
    """Ahead of it, who did not come several times is asked; the first reminder does."""
    timer = a.answers[TIMER]
    is_first = timer is not None and is_ahead(timer.mark) and not _has_rung(a, timer.mark)
    return seats.asked(a) if is_first else a.subject


def _has_rung(a: Command, mark: str) -> bool:
    clock = a.subject.clocks.get(ClockName.START)
    return clock is not None and any(is_ahead(one) and one != mark for one in clock.fired)


# on the spot


def start(a: Command) -> Activity:
    """It begins."""
    return seats.closed(a.subject, a.now)


def closes(a: Command) -> datetime | None:
    """When the system closes it by itself."""
    after = timedelta(minutes=a.rules.of(ActivitySettings).closes_after_minutes)
    ends = a.subject.ends_at
    return ends and max(ends, a.now) + after


def here(a: Command) -> Activity:
    """He gave the code that was shown there: he came, or after a while, he goes."""
    if a.answers[SEEN] is None:
        raise Refusal("activity_how", about=a.subject.id)
    name = WENT if a.subject.seen(a.by) else CAME
    seen = replace(a.answers[SEEN], subject=a.subject.id, person=a.by, name=name)
    return _taken_down(a.subject, seen)


def tick(a: Command) -> Activity:
    """Somebody of those who run it has seen him there, or gave him something."""
    name, person = a.answers[MODE], a.answers[WHOM]
    _check_stock(a.subject, name)
    if person in {0, a.by}:
        raise Refusal("activity_self")
    witnessed = presence.by_witness(
        subject=a.subject.id, name=name, person=person, witness=a.by, at=a.now
    )
    return _taken_down(a.subject, a.answers[SEEN] or witnessed)


def _taken_down(activity: Activity, seen: Presence) -> Activity:
    try:
        presence.admit(activity.present, seen)
    except PresenceError as error:
        raise Refusal("activity_there") from error
    return replace(activity, present=(*activity.present, seen))


def untick(a: Command) -> Activity:
    """It was a mistake."""
    gone = (a.answers[WHOM], a.answers[MODE])
    left = tuple(x for x in a.subject.present if (x.person, x.name) != gone)
    if len(left) == len(a.subject.present):
        raise Refusal("activity_not_in", about=a.subject.id)
    return replace(a.subject, present=left)


def count(a: Command) -> Activity:
    """So many more whom nobody knows were there, or had something; fewer, where it was wrong."""
    name, more = a.answers[MODE], a.answers[MORE]
    if name == CAME:
        return replace(a.subject, loose=max(a.subject.loose + more, 0))
    _check_stock(a.subject, name, more)
    index = ITEMS.index(name)
    items = [*a.subject.items]
    items[index] = replace(items[index], loose=max(items[index].loose + more, 0))
    return replace(a.subject, items=tuple(items))


def _check_stock(activity: Activity, name: str, more: int = 1) -> None:
    """Raises Refusal where there is no such thing, or no more of it."""
    if name == CAME:
        return
    index = ITEMS.index(name) if name in ITEMS else len(ITEMS)
    if index >= len(activity.items):
        raise Refusal("form_over")
    if activity.given(index) + more > activity.items[index].total:
        raise Refusal("activity_no_more", what=activity.items[index].text[:40])


def stock(a: Command) -> Activity:
    """Something to be handed out."""
    text, total = amount_of(a.answers[ITEM])
    return replace(a.subject, items=(*a.subject.items, Item(text=text, total=total)))


def hear(a: Command) -> Activity:
    """Somebody said there what he needs; it becomes a petition."""
    return replace(a.subject, heard=a.subject.heard + 1)


# afterwards


def rate(a: Command) -> Activity:
    """How it was: counted, not who said what."""
    rating = a.answers[RATING]
    if rating is None:
        return a.subject
    counts = {**a.subject.ratings, rating.value: a.subject.ratings.get(rating.value, 0) + 1}
    return replace(a.subject, ratings=counts, rated=(*a.subject.rated, a.by))


def photo(a: Command) -> Activity:
    """One more for the wall."""
    new = tuple(Photo(file=one, by=a.by) for one in a.answers[PHOTOS])
    return replace(a.subject, photos=(*a.subject.photos, *new))


def sum_up(a: Command) -> Activity:
    """What it came to, as it stands in the list."""
    activity = a.subject
    helpers = [i for i in activity.came if activity.is_helper(i)]
    report = Report(
        people=activity.people, helpers=len(helpers),
        minutes=sum(activity.minutes_of(i) for i in helpers),
        no_shows=len(activity.missing()), heard=activity.heard,
        given=tuple(activity.given(i) for i in range(len(activity.items))), text=a.answers[TEXT],
    )  # fmt: skip
    return replace(activity, report=report)


def erase(a: Command) -> Activity:
    """Without what one person said or gave; without one, all that anybody did. Counts stay."""
    person, activity = a.answers[TO], a.subject
    if person is not None:
        rated = tuple(0 if i == person.id else i for i in activity.rated)
        photos = tuple(one for one in activity.photos if one.by != person.id)
        unsure = tuple(i for i in activity.unsure if i != person.id)
        return replace(activity, rated=rated, photos=photos, unsure=unsure)
    report = activity.report and replace(activity.report, text="")
    bare: dict[str, Any] = dict.fromkeys(("paper", "unsure", "rated", "photos"), ())
    return replace(activity, **bare, reason="", report=report)
