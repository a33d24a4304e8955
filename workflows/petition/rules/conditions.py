"""The conditions a row of the lifecycle can have; the table in `ticket` names them."""

from __future__ import annotations

import hashlib

from workflows.core.places import community_of
from workflows.core.talk.needs import TEXT, TO
from workflows.petition.command import Command
from workflows.petition.needs import RATING, RATINGS
from workflows.petition.stages import STAGES
from workflows.petition.words import ClockName

WORST, BEST = min(RATINGS), max(RATINGS)  # the best needs no reason


def is_urgent(a: Command) -> bool:
    """Whether somebody is in danger."""
    return a.ticket.urgent


def is_to_attend(a: Command) -> bool:
    """Whether somebody has danger in hand, and has not said that he is at it."""
    return ClockName.ATTEND in a.ticket.clocks


def needs_approval(a: Command) -> bool:
    """Whether the committee must agree to a plan of this category."""
    category = a.rules.categories.get(a.ticket.category)
    return category is None or category.needs_approval


def needs_no_approval(a: Command) -> bool:
    """Whether the handler's own plan stands at once."""
    return not needs_approval(a)


def has_extension(a: Command) -> bool:
    """Whether a new date waits for the committee."""
    return a.ticket.extension is not None


def has_no_extension(a: Command) -> bool:
    """Whether a new date can be asked for."""
    return a.ticket.extension is None


def may_nudge_again(a: Command) -> bool:
    """Whether the last nudge is long enough ago."""
    last = a.ticket.nudged_at
    return last is None or a.now - last >= a.settings.nudge_every


def is_reworded(a: Command) -> bool:
    """Whether there are new words: no button can bring them, only an edited message."""
    return bool(a.answers[TEXT].strip()) and a.answers[TEXT] != a.ticket.text


def is_recent(a: Command) -> bool:
    """Whether a closed ticket can still be reopened."""
    ended = a.ticket.ended_at
    return ended is None or a.now - ended <= a.settings.reopen_within


def awaits_telling(a: Command) -> bool:
    """Whether there is an answer that the resident has not had yet.

    It is in the state itself, or before that a plan whose clock runs. After a reopening the old
    round's answer may still arrive: it must not stop the new clock.
    """
    is_answered = ClockName.PLAN in a.ticket.clocks or STAGES[a.ticket.state].is_answer
    return is_answered and a.ticket.told_at is None


def is_untold(a: Command) -> bool:
    """Whether the answer could not be delivered and must be told in person."""
    return a.ticket.untold and a.ticket.told_at is None


def has_other_grid(a: Command) -> bool:
    """Whether the community has another grid."""
    return len(a.rules.places.inside(community_of(a.ticket.place), 3)) > 1


def may_be_referred(a: Command) -> bool:
    """Whether another community could be asked, and none is yet."""
    here = community_of(a.ticket.place)
    is_alone = all(p.path == here for p in a.rules.places.inside("", 2))
    return not is_alone and not a.ticket.referred_to


def is_referred(a: Command) -> bool:
    """Whether another community is asked to take it."""
    return bool(a.ticket.referred_to)


def has_helpers(a: Command) -> bool:
    """Whether others lend the handler a hand."""
    return bool(a.ticket.helpers)


def has_partner(a: Command) -> bool:
    """Whether somebody outside is to do it."""
    return bool(a.ticket.partner)


def has_no_partner(a: Command) -> bool:
    """Whether nobody outside is asked yet."""
    return not a.ticket.partner


def is_supervised(a: Command) -> bool:
    """Whether a report to the supervisor is owed."""
    return ClockName.SUPERVISE in a.ticket.clocks


def is_alone(a: Command) -> bool:
    """Whether the problem is only the resident's own."""
    return not a.ticket.followers


def has_followers(a: Command) -> bool:
    """Whether others have the same problem."""
    return bool(a.ticket.followers)


def is_on_behalf(a: Command) -> bool:
    """Whether somebody filed it for another person, who has not taken it over."""
    return bool(a.ticket.on_behalf)


def has_no_contact(a: Command) -> bool:
    """Whether the resident has left no number."""
    return not a.ticket.contact


def has_contact(a: Command) -> bool:
    """Whether the resident has left a number, which may be wrong or another by now."""
    return bool(a.ticket.contact)


def wants_reason(a: Command) -> bool:
    """Whether a rating below the best has no reason yet."""
    return a.ticket.rating is not None and a.ticket.rating < BEST and not a.ticket.why


def is_unhappy(a: Command) -> bool:
    """Whether the resident says that he is not content, while he still may."""
    return a.answers[RATING] == WORST and (a.ticket.is_open or may_rate_late(a))


def is_content(a: Command) -> bool:
    """Whether the resident says anything else."""
    return a.answers[RATING] != WORST


def may_rate_late(a: Command) -> bool:
    """Whether it was closed without the resident saying how he found it, not long ago."""
    return a.ticket.rating is None and is_recent(a)


def has_not_said(a: Command) -> bool:
    """Whether the resident has not said yet whether it is solved, and still may."""
    return not a.ticket.solved and (a.ticket.is_open or may_rate_late(a))


def may_object(a: Command) -> bool:
    """Whether the resident has not objected to this end yet, and it is not long ago."""
    return a.ticket.objected_at is None and is_recent(a)


def is_objected(a: Command) -> bool:
    """Whether an objection waits for its answer."""
    return a.ticket.objected_at is not None and a.ticket.upheld_at is None


def may_be_revived(a: Command) -> bool:
    """Whether it is not long over, or its resident waits to hear of his objection."""
    return is_recent(a) or is_objected(a)


def may_pause(a: Command) -> bool:
    """Whether the promises may stand still once more while the resident is asked."""
    return a.ticket.pauses < a.settings.most_pauses


def has_paused_enough(a: Command) -> bool:
    """Whether the resident can only be asked while they run on."""
    return not may_pause(a)


def is_erasable(a: Command) -> bool:
    """Whether nobody needs the words any more: one that is open, or to whose end its resident
    objects, keeps his and the staff's.
    """
    person = a.answers[TO]
    return a.ticket.is_settled or (person is not None and person.id != a.ticket.resident)


def is_sampled(a: Command) -> bool:
    """Whether chance has drawn it for a neutral follow-up: nobody can foresee or influence it.

    The draft's id is random; its hash decides, so that the same ticket is always the same case.
    """
    drawn = int(hashlib.sha256(a.ticket.draft_id.encode()).hexdigest()[:8], 16) % 100
    return drawn < a.settings.followup_percent and a.ticket.checker is None


def is_unchecked(a: Command) -> bool:
    """Whether the neutral follow-up has not been done yet."""
    return not a.ticket.checked


def is_scored(a: Command) -> bool:
    """Whether nobody has asked to leave it out of the scoring."""
    return a.ticket.exclusion is None


def is_exclusion_open(a: Command) -> bool:
    """Whether an exclusion waits for its second approver, who is not the one who asked."""
    asked = a.ticket.exclusion
    return asked is not None and asked.approved_by is None and asked.by != a.actor.id
