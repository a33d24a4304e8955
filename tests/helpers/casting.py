"""The people of the tests."""

from dataclasses import dataclass

from playground.phones.phone import Phone
from playground.stage.stage import Stage
from workflows.core.people import Role

GRID = "友新街道/南环一/1网格"
CHARGER = "3号楼下充电桩坏了"  # the usual petition
STAFF = {
    "wang": ("王琴", Role.PIONEER, f"{GRID}/3幢", 2001),
    "li": ("李明", Role.PIONEER, GRID, 2002),
    "zhao": ("赵兰", Role.PIONEER, GRID, 2003),
    "worker": ("孙工", Role.WORKER, GRID, 2004),
    "lead": ("钱进", Role.LEAD, GRID, 3001),
    "committee": ("吴书记", Role.COMMITTEE, "友新街道/南环一", 4001),
    "street": ("街道办", Role.STREET, "友新街道", 5001),
}
RESIDENTS = {"chen": ("陈师傅", 1001), "zhou": ("周阿姨", 1002)}


@dataclass
class Cast:
    """One grid's people: two residents, three pioneers, and everybody above them."""

    stage: Stage
    chen: Phone
    zhou: Phone
    wang: Phone
    li: Phone
    zhao: Phone
    worker: Phone
    lead: Phone
    committee: Phone
    street: Phone
