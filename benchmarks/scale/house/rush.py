"""Five hundred neighbours sign up for one activity within a minute, each on his own phone."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import structlog

from benchmarks.scale.house import seed
from benchmarks.scale.house.house import NOW, House
from benchmarks.scale.measure import Cost, collecting_seldom, table
from benchmarks.scale.office import Office
from workflows.activities import service
from workflows.activities.model import Activity
from workflows.activities.needs import CREW, PLACES, TITLE, VENUE, WHEN
from workflows.activities.store.kept import ACTIVITIES
from workflows.activities.words import Action, State
from workflows.core.kernels.slots import Standing
from workflows.core.talk.messages import Kind
from workflows.core.talk.needs import Answers
from workflows.core.talk.tap import Tap
from workflows.core.timing.moments import Span
from workflows.desk import Letter
from workflows.store import Sent
from workflows.store.outbox import Outcome

PEOPLE, SHARE = 500, 100  # in all, and of the first and the last
_MINUTE = 60.0  # seconds in which all come
_FIRST = 200_000_000  # the first of them
_SENT = 4  # messages a turn: what Telegram takes in the time between two of them


class _Rush:
    """An office whose activity people sign up for; what is sent arrives with the next turn."""

    def __init__(self, path: Path, house: House, people: int) -> None:
        self.office = Office(path, house.rules, NOW)
        self.house, self.people = house, people
        self.sent: list[Sent] = []
        self.messages = 0

    async def announce(self, places: int) -> None:
        """In a week, for so many."""
        starts = NOW + timedelta(days=7)
        said = {TITLE: "包粽子", VENUE: "社区活动室", PLACES: places, CREW: 0,
                WHEN: Span(starts=starts, minutes=90)}  # fmt: skip
        async with self.office.store.begin(NOW) as tx:
            context = self.office.desk._context(tx, NOW, "rush")
            staff = (self.house.town.lead(0), self.house.town.committee(0))
            lead, above = [await tx.person(one) for one in staff]
            assert lead and above
            new = await service.begin(context, lead, self.house.town.grid(0))
            planned = await context.perform(new, Action.PLAN, lead, Answers(said))
            submitted = await context.perform(planned, Action.SUBMIT, lead)
            if submitted.state is State.REVIEW:  # many places: somebody else looks at it first
                await context.perform(submitted, Action.APPROVE, above)
            self.number = new.id

    async def come(self, one: int) -> None:
        """He opens the card by the link of the poster, and says that he comes."""
        await self._turn(one, kind=Kind.COMMAND, command="start", text=f"at_{self.number}")
        tap = Tap(kind=Activity.kind, subject=self.number, verb=Action.JOIN, args=("1",))
        await self._turn(one, kind=Kind.PRESS, tap=tap, callback_id="1")

    async def _turn(self, one: int, **what: Any) -> None:
        office = self.office
        office.asked += 1
        office.now = NOW + timedelta(seconds=_MINUTE * one / self.people)
        turn = await office.desk.turn(
            office.now, [office.incoming(_FIRST + one, **what)], self.sent, lambda _: True, _SENT
        )  # fmt: skip
        self.sent = [*turn.failed, *map(self._arrived, turn.letters)]

    def _arrived(self, letter: Letter) -> Sent:
        self.messages += 1
        return Sent(owed=letter.owed, outcome=Outcome.SENT, message_id=self.messages)

    async def activity(self) -> Activity:
        """As it is now."""
        async with self.office.store.read(self.office.now) as tx:
            found = await tx.get(ACTIVITIES, self.number)
        assert found
        return found


def measure(size: int, runs: int, folder: Path, people: int = PEOPLE) -> dict[str, Any]:
    """Let all come. Returns what the table shows: a column for the first of them, and one for all,
    which has the last.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    house, share = House(size=size), people * SHARE // PEOPLE
    costs = [_run(seed.ensure(folder, size), house, people) for _ in range(runs)]
    ends = (slice(share), slice(-share, None))
    each = [[_mean(one[end]) for one in costs] for end in ends]
    return table([share, people], runs, {"a sign-up, first and last": each})


def _mean(costs: list[Cost]) -> Cost:
    count = len(costs)
    return Cost(cpu=sum(x.cpu for x in costs) / count, wall=sum(x.wall for x in costs) / count)


def _run(path: Path, house: House, people: int) -> list[Cost]:
    """What each of them costs, on a copy of the house."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(path, folder))
        return asyncio.run(_rush(copy, house, people))


async def _rush(path: Path, house: House, people: int) -> list[Cost]:
    rush, costs = _Rush(path, house, people), list[Cost]()
    try:
        await rush.announce(people * 4 // 5)
        with collecting_seldom():
            for one in range(people):
                cpu, wall = process_time(), perf_counter()
                await rush.come(one)
                took = process_time() - cpu, perf_counter() - wall
                costs.append(Cost(cpu=took[0] * 1000, wall=took[1] * 1000))
        _check(await rush.activity(), people)
    finally:
        await rush.office.store.close()
    return costs


def _check(activity: Activity, people: int) -> None:
    """Everybody has one place or waits, as they came; no place is given twice."""
    seats = activity.slot()
    known = [claim.person for claim in seats.claims]
    assert known == [_FIRST + one for one in range(people)], "somebody is lost, twice in, or ahead"
    taken = sum(claim.standing is Standing.IN for claim in seats.claims)
    assert (taken, seats.free, len(seats.line)) == (seats.capacity, 0, people - seats.capacity)
    assert seats.line == seats.claims[seats.capacity :], "the line is out of order"
