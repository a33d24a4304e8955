"""Driving a ticket over HTTP by the people that a row of the table names."""

from collections import deque
from typing import Any

from casting import Cast

from playground.phones.phone import Phone
from playground.stage.stage import Stage
from workflows.core.engine.subject import Event
from workflows.core.kernels.causes import Seed
from workflows.core.numbers import format_number
from workflows.core.talk.needs import DUE, TO, Need
from workflows.desk import spawning
from workflows.desk.context import Context
from workflows.petition.lifecycle import STEPS, Relation, Step
from workflows.petition.model import Ticket
from workflows.petition.needs import CONTACT, GRID, INTO, PLACE, RATING, SOLVED
from workflows.petition.rules import conditions
from workflows.petition.store import lookups
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action, State
from workflows.registry import WORKFLOWS
from workflows.store import timeline

WORDS = "这是给测试写的一句说明"
FAR_LEAD = 3002  # the lead of another community's grid


class Walker:
    """One ticket and the cast around it."""

    def __init__(self, cast: Cast, ticket_id: int) -> None:
        self.cast = cast
        self.stage = cast.stage
        self.id = ticket_id

    @classmethod
    async def file(
        cls, cast: Cast, text: str, resident: Phone | None = None, on_behalf: str = ""
    ) -> "Walker":
        """A ticket filed as a resident does it, or as a pioneer does it for somebody."""
        phone = resident or cast.chen
        await phone.start("st_nanhuan-east")
        await phone.send(text)
        await cast.stage.settle()
        if on_behalf:
            await phone.tap("代居民提交")
            await cast.stage.settle()
            await phone.send(on_behalf)
            await cast.stage.settle()
            await phone.tap("本人同意了")
            await cast.stage.settle()
        await phone.tap("提交")
        await cast.stage.settle()
        async with cast.stage.service.store.read(cast.stage.now) as tx:
            newest = (await lookups.brought_by(tx, phone.user_id, 1))[0]
        return cls(cast, newest.id)

    async def ticket(self) -> Ticket:
        """The ticket as it is stored now."""
        async with self.stage.service.store.read(self.stage.now) as tx:
            found = await tx.get(TICKETS, self.id)
        assert found
        return found

    async def events(self) -> list[Event]:
        """What has happened to it."""
        async with self.stage.service.store.read(self.stage.now) as tx:
            return await tx.ask(timeline.read, TICKETS, self.id)

    async def actor(self, who: Relation) -> Phone:
        """Whose phone a row's `who` means for this ticket now."""
        c, ticket = self.cast, await self.ticket()
        named = {Relation.OFFERED: ticket.offered_to, Relation.HANDLER: ticket.handler,
                 Relation.RESIDENT: ticket.resident, Relation.CHECKER: ticket.checker,
                 Relation.HELPER: next(iter(ticket.helpers), None)}  # fmt: skip
        if who in named:
            phones = (v for v in vars(c).values() if isinstance(v, Phone))
            return next(p for p in phones if p.user_id == named[who])
        if who is Relation.RECEIVER:
            return Phone(self.stage.phones, FAR_LEAD, "")
        fixed = {Relation.NEIGHBOUR: c.zhou, Relation.FOLLOWER: c.zhou, Relation.CALLED: c.zhao,
                 Relation.LEAD: c.lead, Relation.COMMITTEE: c.committee,
                 Relation.STREET: c.street}  # fmt: skip
        return fixed[who]

    async def do(self, step: Step, who: Relation) -> None:
        """Press the action's button and answer whatever it asks."""
        phone = await self.actor(who)
        by_other_ways = {Action.FOLLOW: self.follow, Action.EDIT: self.reword,
                         Action.TAKE_OVER: self.take_over}  # fmt: skip
        if step.action in by_other_ways:
            await by_other_ways[step.action](phone)
            return
        worst = step.when is conditions.is_unhappy
        rating = f":{1 if worst else 3}" if RATING in step.needs else ""
        await self.press(phone, f"{step.action}{rating}")
        for need in step.needs:
            await self.answer(phone, step, need)
            await self.stage.settle()

    async def press(self, phone: Phone, what: str) -> None:
        """Press a card's button."""
        last = await phone.last()
        await phone.tap_data(f"t:{self.id}:{what}", last.id)
        await self.stage.settle()

    async def take_over(self, phone: Phone) -> None:
        """Open the link that the filer was given."""
        filer = await self.actor(Relation.RESIDENT)
        link = (await filer.last()).text.split("?start=")[1].split()[0]
        await phone.start(link)
        await self.stage.settle()

    async def reword(self, phone: Phone) -> None:
        """Edit the message that was filed."""
        own = [m for m in await phone.inbox() if m.sender == phone.user_id]
        said = next(m for m in own if not m.text.startswith("/"))
        await phone.edit(said.id, f"{said.text}，真的")
        await self.stage.settle()

    async def follow(self, phone: Phone) -> None:
        """Say the same from the same place, and join what the preview shows."""
        ticket = await self.ticket()
        await phone.start("st_nanhuan-east")
        await phone.send(ticket.text)
        await self.stage.settle()
        preview = await phone.last()
        button = next(b for row in preview.buttons for b in row if f":follow:{self.id}" in b.data)
        await phone.tap(button.data, preview.id)
        await self.stage.settle()

    async def answer(self, phone: Phone, step: Step, need: Need[Any]) -> None:
        """The answer a person would give."""
        if need in {TO, GRID, SOLVED}:
            question = await phone.last()
            await phone.tap(question.buttons[0][0].data or "", question.id)
        elif need is INTO:
            other = await Walker.file(self.cast, "3号楼楼道灯不亮", self.cast.zhou)
            await phone.send(format_number(other.id))
        elif need is DUE:
            await phone.send("10天" if step.action is Action.EXTEND else "3天")
        elif need is PLACE:
            await phone.send("4号楼")
        elif need is CONTACT:
            await phone.send("0512-65001234")
        elif need is not RATING:
            await phone.send(WORDS)

    async def reach(self, state: State) -> None:
        """Walk to a state by the shortest way of rows that people can take."""
        for step in _way((await self.ticket()).state, state):
            ticket = await self.ticket()
            before = ticket.state
            nobody = Relation.SYSTEM if ticket.handler else Relation.SYSTEM | Relation.HANDLER
            await self.do(step, next(iter(step.who & ~nobody or step.who)))
            while step.target is State.UNASSIGNED and (await self.ticket()).state is before:
                await self.do(step, Relation.OFFERED)  # given back, it went on to the next one

    async def wait_for(self, action: Action, source: State) -> bool:
        """Let time pass until the system has done `action` from `source`; False after a month."""
        for _ in range(60):
            if any(
                (e.action, e.source, e.actor) == (action, source, 0) for e in await self.events()
            ):
                return True
            moment = await self.stage.next_moment()
            if moment is None:
                return False
            self.stage.clock.set(max(moment, self.stage.now))
            await self.stage.settle()
        return False


async def caused(stage: Stage, cause: int, person: int, **said: Any) -> int:
    """The petition that comes of a subject, as another room would let it come; its id."""
    rules = stage.service.desk.rules
    async with stage.service.store.begin(stage.now) as tx:
        context = Context(tx=tx, rules=rules, workflows=WORKFLOWS, now=stage.now, key=str(said))
        by, found = await tx.person(person), await tx.subject(cause)
        assert by and found
        seed = Seed(cause=cause, person=by, **said)
        effect = await spawning.spawn(context, Ticket.kind, found, seed, by)
    await stage.settle()
    return int(effect.id)


def _way(start: State, goal: State) -> list[Step]:
    ways: dict[State, list[Step]] = {start: []}
    queue = deque([start])
    while queue and goal not in ways:
        state = queue.popleft()
        for step in STEPS:
            is_new = isinstance(step.target, State) and step.target not in ways
            if is_new and state in step.sources and _is_plain(step):
                ways[State(step.target)] = [*ways[state], step]
                queue.append(State(step.target))
    return ways[goal]


def _is_plain(step: Step) -> bool:
    """Whether people can take it with a petition that needs the committee's approval."""
    is_proposal = step.action is Action.PROPOSE and step.target is State.PROPOSED
    is_free = step.when in {None, conditions.has_not_said, conditions.may_pause}
    return bool(step.who & ~Relation.SYSTEM) and (is_free or is_proposal)
