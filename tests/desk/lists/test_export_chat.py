"""/export: a table for the office that gives nobody away and runs nothing."""

import csv
import io
from unicodedata import normalize

import pytest
from chatting import Chat, Crew, number
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.documents import safe
from playground.phones.phone import Phone

TELLTALE = '=HYPERLINK("坏")，我家电话13912345678，3号楼下充电桩坏了'


async def table(chat: Chat) -> list[dict[str, str]]:
    """The rows of the file that /export brought."""
    await chat.say("/export")  # below it the tables of other workflows are offered
    [file_id] = [m for m in await chat.phone.inbox() if m.file_ids][-1].file_ids
    content = (await chat.stage.phones.download(file_id)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


async def test_the_office_gets_its_own_places_rows(crew: Crew):
    walker = await crew.resolved()
    [row] = await table(crew.committee)
    assert (row["号码"], row["状态"], row["类别"]) == (number(walker), "已办结", "充电设施")
    assert row["答复时间"] and not row["逾期"]


async def test_it_is_masked_and_runs_no_formula(crew: Crew):  # F59
    await crew.file(TELLTALE)
    [row] = await table(crew.lead)
    assert "13912345678" not in str(row) and "•••" in row["内容（节选）"]
    assert row["内容（节选）"].startswith("'=")
    assert "陈师傅" not in str(row)


RUNS = ["=1+1", "+1", "-1", "@x", "  =1", "＝1+1", "＋1", "－1", "＠x", "﹦1", "⁼1", "−1",
        "\u200b=1", "\u202e=1", "\ufeff＝1", "\u00a0=1", "\u3164=1", "\u2060\u2061=1", "\x1f=1",
        "\u0301=1", "+8613912345678"]  # fmt: skip


@pytest.mark.parametrize("cell", RUNS)
def test_a_cell_that_could_run_is_shown(cell: str):  # F59
    assert safe(cell) == f"'{cell}" and safe("充电桩坏了") == "充电桩坏了"


@pytest.mark.parametrize("cell", ["\t=1", "\r=1", "\n＝1", "坏了;=1", "坏了;\u200b@x", '\n"@'])
def test_what_begins_a_cell_for_another_spreadsheet_is_shown_too(cell: str):  # F59
    assert "'" in safe(cell) and safe(cell).replace("'", "") == cell


@pytest.mark.parametrize("cell", ["——3幢的灯", "3-5天, -1楼", "a=b", "10:30 @门口", "（+1）", ""])
def test_what_runs_nowhere_stays_as_it_is(cell: str):
    assert safe(cell) == cell


SIGNS = "=＝+＋-－@＠⁼−;,\"'\t\r\n \u200b\u202e\u3164\ufeffa坏"


@given(st.text() | st.text(alphabet=SIGNS), st.sampled_from(",;\t"))
def test_no_text_becomes_a_cell_that_runs(text: str, between: str):  # F59
    sheet = io.StringIO()
    csv.writer(sheet, quoting=csv.QUOTE_ALL).writerow(["1", safe(text)])
    read = csv.reader(io.StringIO(sheet.getvalue(), newline=""), delimiter=between)
    for cell in (cell for row in read for cell in row):
        seen = "".join(c for c in cell if c.isprintable() and c not in " \u3164\u115f\u1160")
        assert normalize("NFKC", seen)[:1] not in tuple("=+-@"), (text, cell)
    assert safe(text).replace("'", "") == text.replace("'", "")


async def test_who_exported_is_on_record(crew: Crew):  # F59
    walker = await crew.file()
    await table(crew.lead)
    shown = await crew.committee.say(f"/audit {number(walker)}")
    assert "导出" in shown.text and "钱进" in shown.text


async def test_neither_residents_nor_handlers_nor_other_places_get_it(crew: Crew):  # F50
    await crew.file()
    for chat in (crew.chen, crew.wang):
        assert not (await chat.say("/export")).file_ids
    far: Phone = await crew.stage.hire("外社区书记", "committee", "友新街道/南环二")
    assert await table(Chat(crew.stage, far)) == []
