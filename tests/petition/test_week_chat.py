"""A volunteer's days of six tickets: how many messages each pushes to whom, and nothing refused.

Two days for a change, a whole week for a night.
"""

from collections import Counter

from chatting import Chat, Crew
from effort import effort
from post import rows
from walking import Walker

from workflows.core.talk.messages import Priority
from workflows.petition.words import Action, State

DAYS = effort(change=2, night=5)
AT_MOST = {"resident": 4, "handler": 6, "committee": 2}
_IS_NEW = {"card", "text"}  # what is heard: pictures come silently beside a card
WORDS = (
    "3号楼下充电桩坏了", "2号楼门禁刷不开", "1号楼楼道灯不亮", "3号楼下水道堵了",
    "2号楼门口堆满杂物", "1号楼下车位被占了",
)  # fmt: skip


async def pushed(crew: Crew, walker: Walker) -> Counter[int]:
    """How many messages about a ticket came unasked, by chat; answers to one's own taps are not."""
    found = await rows(crew.stage)
    return Counter(
        row["chat_id"] for row in found
        if row["ticket_id"] == walker.id and row["kind"] in _IS_NEW
        and row["state"] == "sent" and row["priority"] != Priority.REPLY
    )  # fmt: skip


async def common_path(crew: Crew, text: str, resident: Chat) -> Walker:
    """Filed, taken, looked at, planned, approved, done, rated."""
    walker = await crew.file(text, by=resident)
    handler = await hands(crew, walker)
    await handler.tap(f"t:{walker.id}:{Action.ACCEPT}")
    await handler.tap(f"t:{walker.id}:{Action.INSPECT}")
    await handler.say("看过了，是这样")
    await handler.tap(f"t:{walker.id}:{Action.PROPOSE}")
    await handler.say("请师傅来修")
    await handler.say("3天")
    if (await walker.ticket()).state is State.PROPOSED:
        await crew.committee.tap(f"t:{walker.id}:{Action.APPROVE}")
    await handler.tap(f"t:{walker.id}:{Action.RESOLVE}")
    await handler.say("已经修好了")
    await resident.tap(f"t:{walker.id}:{Action.CONFIRM}:3")
    assert (await walker.ticket()).state is State.CLOSED
    return walker


async def hands(crew: Crew, walker: Walker) -> Chat:
    """The phone of whom it is offered to."""
    offered = (await walker.ticket()).offered_to
    worker = Chat(crew.stage, crew.cast.worker)
    return next(c for c in (crew.wang, crew.li, crew.zhao, crew.lead, worker) if c.id == offered)


async def test_a_days_six_tickets_push_few_messages_and_no_change_is_refused(crew: Crew):
    for day in range(DAYS):
        for i, text in enumerate(WORDS):
            resident = (crew.chen, crew.zhou)[(day + i) % 2]
            walker = await common_path(crew, text, resident)
            counts, ticket = await pushed(crew, walker), await walker.ticket()
            assert counts[ticket.resident] <= AT_MOST["resident"]
            assert counts[ticket.handler or 0] <= AT_MOST["handler"]
            assert counts[crew.committee.id] <= AT_MOST["committee"]
            await crew.stage.forward(minutes=40)
        await crew.stage.forward(hours=20)
    calls = await crew.stage.phones.calls()
    assert not [c for c in calls if "not modified" in str(c["answer"].get("description"))]
