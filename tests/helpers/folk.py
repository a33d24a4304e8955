"""The people, places and tickets that the tests of the domain and of the store speak of."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from answering import answered
from msgspec.structs import replace

from bot.config.settings import load, load_choices
from workflows.core.engine.subject import Timer
from workflows.core.errors import Refusal
from workflows.core.people import SYSTEM, Membership, Person, Role
from workflows.core.policy import Rules
from workflows.core.talk.messages import Incoming, Kind
from workflows.core.talk.needs import NOTHING, TO, Answers
from workflows.core.talk.tap import Tap
from workflows.core.talk.tap_text import read
from workflows.petition import engine
from workflows.petition.model import Ticket
from workflows.petition.needs import TO_GROUP
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.settings import PetitionSettings
from workflows.petition.words import Action

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
RULES = load(EXAMPLE, {"HAITANG_TELEGRAM__TOKEN": f"1:{'x' * 35}"}).rules(load_choices("zh"))

STREET = "友新街道"
COMMUNITY = f"{STREET}/南环一"
GRID = f"{COMMUNITY}/1网格"
OTHER_GRID = f"{COMMUNITY}/2网格"
FAR_GRID = f"{STREET}/南环二/4网格"
BUILDING = f"{GRID}/3幢"

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday, nine in the morning in Shanghai
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def settled(rules: Rules, **own: object) -> Rules:
    """The rules with these of the petition's own settings."""
    return rules.having(replace(rules.of(PetitionSettings), **own))


def local(hour: int, minute: int = 0, day: int = 2) -> datetime:
    """A moment in March 2026 as the clock in the neighbourhood shows it, as aware UTC."""
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def person(person_id: int, name: str, *roles: tuple[Role, str]) -> Person:
    memberships = tuple(Membership(role=role, place=place) for role, place in roles)
    return Person(id=person_id, name=name, memberships=memberships)


CHEN = person(1, "陈师傅")
ZHOU = person(2, "周阿姨")
WANG = person(11, "王琴", (Role.PIONEER, BUILDING))
LI = person(12, "李明", (Role.PIONEER, GRID))
SUN = person(13, "孙工", (Role.WORKER, GRID))
LEAD = person(21, "钱进", (Role.LEAD, GRID))
COMMITTEE = person(31, "吴书记", (Role.COMMITTEE, COMMUNITY))
STREETMAN = person(41, "街道办", (Role.STREET, STREET))
ADMIN = person(51, "管理员", (Role.ADMIN, ""))
OTHER_PIONEER = person(61, "外格先锋", (Role.PIONEER, OTHER_GRID))
OTHER_LEAD = person(62, "外格网格长", (Role.LEAD, OTHER_GRID))
OTHER_COMMITTEE = person(63, "外社区", (Role.COMMITTEE, f"{STREET}/南环二"))
OTHER_STREET = person(64, "外街道", (Role.STREET, "沧浪街道"))

MA = replace(person(3, "马大姐"), last_place=OTHER_GRID)  # a neighbour of the same community

HERE = (CHEN, WANG, LI, SUN, LEAD, COMMITTEE, STREETMAN, ADMIN)
ELSEWHERE = (ZHOU, OTHER_PIONEER, OTHER_LEAD, OTHER_COMMITTEE, OTHER_STREET)
EVERYBODY = (*HERE, *ELSEWHERE, MA, SYSTEM)

APPROVED = "充电设施"  # a category whose plans the committee approves
UNAPPROVED = "公共照明"  # one whose plans stand at once


def new_ticket(ticket_id: int = 1001, **more: object) -> Ticket:
    """A ticket as it is before it is filed."""
    known: dict[str, object] = {
        "id": ticket_id,
        "draft_id": f"draft{ticket_id}",
        "resident": more.get("resident", CHEN.id),
        "author": more.get("resident", CHEN.id),
        "place": BUILDING,
        "category": APPROVED,
        "text": "3号楼下充电桩坏了",
        "filed_at": NOW,
    }
    return Ticket(**known | more)  # type: ignore[arg-type]


def filed(ticket_id: int = 1001, **more: object) -> Ticket:
    return engine.file(new_ticket(ticket_id, **more), NOW, RULES).subject


PLAN = answered(text="请充电公司来换新桩", due=NOW + 3 * DAY)
LATER = answered(text="零件没到", due=NOW + 9 * DAY)
REASON = answered(text="说明原因", where="请找物业", due=NOW + 30 * DAY, rating=3)

# What each step of a story is given, and by whom it is done when nobody else is named.
_DOES = {
    Action.DISPATCH: (SYSTEM, answered(to=WANG)),
    Action.ACCEPT: (WANG, NOTHING),
    Action.RETURN: (WANG, REASON),
    Action.PASS: (WANG, NOTHING),
    Action.TRANSFER: (WANG, answered(to=LI, text="他更懂")),
    Action.ASSIST: (WANG, answered(to=LI, text="搭把手")),
    Action.REFER: (LEAD, answered(grid=FAR_GRID, text="在你们那边")),
    Action.INSPECT: (WANG, answered(text="看过了")),
    Action.PROPOSE: (WANG, PLAN),
    Action.APPROVE: (COMMITTEE, NOTHING),
    Action.REJECT: (COMMITTEE, REASON),
    Action.ASK: (WANG, answered(text="几号桩？")),
    Action.ANSWER: (CHEN, answered(text="三号桩")),
    Action.EXTEND: (WANG, LATER),
    Action.SUSPEND: (COMMITTEE, REASON),
    Action.RESUME: (COMMITTEE, PLAN),
    Action.RESOLVE: (WANG, answered(text="换好了")),
    Action.CONFIRM: (CHEN, answered(rating=3)),
    Action.REOPEN: (CHEN, REASON),
    Action.DECLINE: (LEAD, REASON),
    Action.OBJECT: (CHEN, REASON),
    Action.UPHOLD: (LEAD, REASON),
    Action.WITHDRAW: (CHEN, NOTHING),
    Action.NUDGE: (CHEN, NOTHING),
    Action.NOTE: (WANG, REASON),
    Action.SUPERVISE: (STREETMAN, REASON),
    Action.TOLD: (SYSTEM, NOTHING),
    Action.UNTOLD: (SYSTEM, NOTHING),
    Action.TELL: (WANG, NOTHING),
    Action.ADD: (CHEN, answered(text="还在漏")),
    Action.EDIT: (CHEN, answered(text="3号楼充电桩冒烟了")),
    Action.FOLLOW: (MA, NOTHING),
    Action.UNFOLLOW: (MA, NOTHING),
}


def did(
    ticket: Ticket,
    action: Action,
    *,
    at: datetime = NOW,
    by: Person | None = None,
    answers: Answers | None = None,
) -> engine.Decision:
    """The decision when the action's usual actor does it with its usual answers."""
    actor, usual = _DOES.get(action, (None, None))
    actor, usual = by or actor, answers or usual
    assert actor and usual
    return engine.decide(ticket, action, actor, at, RULES, usual)


def refused(
    ticket: Ticket, action: Action, actor: Person, at: datetime = NOW, answers: Answers = NOTHING
) -> str:
    """The template that tells the actor why not."""
    with pytest.raises(Refusal) as raised:
        engine.decide(ticket, action, actor, at, RULES, answers)
    return raised.value.template


def story(*actions: Action, ticket: Ticket | None = None, at: datetime = NOW) -> Ticket:
    """The ticket after all these actions at one moment."""
    told = ticket or filed()
    for action in actions:
        told = did(told, action, at=at).subject
    return told


def rung(ticket: Ticket, timer: Timer, at: datetime) -> engine.Decision:
    """The decision when a timer rings, its clock marked, as the desk does it."""
    ticket = CLOCKWORK.ring(ticket, timer, at, RULES)
    action = engine.on_time(timer)
    answers = answered(timer=timer)
    if action is A.DISPATCH:
        hands = (p for p in (LI, *EVERYBODY) if p.is_handler_in(ticket.place))
        answers = answers.having(TO, next(hands, None)).having(TO_GROUP, ticket.place == FAR_GRID)
    return engine.decide(ticket, action, SYSTEM, at, RULES, answers)


A = Action
TO_ACCEPTED = (A.DISPATCH, A.ACCEPT)
TO_INSPECTED = (*TO_ACCEPTED, A.INSPECT)
TO_PROPOSED = (*TO_INSPECTED, A.PROPOSE)
TO_PLANNED = (*TO_PROPOSED, A.APPROVE)
TO_RESOLVED = (*TO_PLANNED, A.RESOLVE)


def said(text: str = "", *, message_id: int = 1, at: datetime = NOW, **more: object) -> Incoming:
    """A resident's words."""
    base = Incoming(
        update_id=message_id, kind=Kind.TEXT, at=at, person_id=CHEN.id, chat_id=CHEN.id,
        message_id=message_id, text=text,
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def pressed(press: str) -> Incoming:
    """A resident's tap, by a button's text."""
    return said(kind=Kind.PRESS, tap=read(press))


def tapped(tap: Tap) -> Incoming:
    """A resident's tap."""
    return said(kind=Kind.PRESS, tap=tap)
