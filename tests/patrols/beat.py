"""A community with rounds: 1网格 has three points in 3幢, and its people walk them."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from chatting import Chat, Crew
from msgspec.structs import replace

from workflows.core.kernels.configured import Line, Spot
from workflows.core.people import Role
from workflows.patrols.chat import scanning
from workflows.patrols.findings import Finding
from workflows.patrols.rounds import Round
from workflows.patrols.settings import PatrolSettings, Planned
from workflows.patrols.store import tables as own

GRID = "友新街道/南环一/1网格"
HOME = f"{GRID}/3幢"
SPOTS = tuple(
    Spot(code=code, name=name, place=HOME, category="消防安全")
    for code, name in (("ext", "1楼灭火器"), ("door", "2楼防火门"), ("shed", "车棚充电口"))
)
LINES = (Line(text="看着完好"), Line(text="没有东西挡着"))
DAILY = Planned(
    name="消防巡查", place=GRID, points=("ext", "door", "shed"), items=LINES, rule="FREQ=DAILY",
    first=date(2026, 11, 1), opens=time(8), hours=12, roles=(Role.PIONEER,),
)  # fmt: skip


class Beat:
    """陈 and 周 live there; 王 (of 3幢), 李 and 赵 walk; 钱 leads, 吴 is the committee."""

    def __init__(self, crew: Crew) -> None:
        self.crew, self.stage = crew, crew.stage
        self.wang, self.li, self.lead, self.committee = (
            crew.wang,
            crew.li,
            crew.lead,
            crew.committee,
        )
        self.chen, self.zhou = crew.chen, crew.zhou

    async def settle_on(self, *plans: Planned, **more: Any) -> None:
        """The config says this from now on, as after a restart."""
        desk = self.stage.service.desk
        own = PatrolSettings(points=more.pop("points", SPOTS), plans=plans, **more)
        without = {kind: frozenset[str]() for kind in ("patrols", "findings")}
        desk.rules = replace(desk.rules.having(own), without={**desk.rules.without, **without})
        await desk.plan_chores(self.stage.now)
        await self.stage.settle()

    async def _all(self, kept: Any, ids: list[int] | None = None) -> list[Any]:
        async with self.stage.service.store.engine.connect() as conn:
            rows = await conn.exec_driver_sql(f"SELECT id FROM {kept.table.name} ORDER BY id")
            ids = [row[0] for row in rows]
        async with self.stage.service.store.read(self.stage.now) as tx:
            return await tx.get_all(kept, ids)

    async def rounds(self) -> list[Round]:
        return await self._all(own.ROUNDS)

    async def findings(self) -> list[Finding]:
        return await self._all(own.FINDINGS)

    async def scan(self, who: Chat, code: str) -> str:
        """Scan the code that hangs there; what the bot says last."""
        desk = self.stage.service.desk
        async with self.stage.service.store.begin(self.stage.now) as tx:
            spot = desk.rules.of(PatrolSettings).spots[code]
            said = await scanning.code_of(tx, spot, desk.rules)
        return (await who.start(f"{scanning.LINK}_{said}")).text

    async def photo(self, who: Chat, words: str = "") -> str:
        await who.mark()
        await who.phone.send_photo(words)
        return (await who.settled()).text

    async def opened(self, *plans: Planned, **more: Any) -> Round:
        """The first window is open."""
        await self.settle_on(*(plans or (DAILY,)), **more)
        await self.stage.forward(days=1)
        return (await self.rounds())[0]
