"""A round as its people walk it, over the wire."""

from datetime import date, timedelta

from beat import DAILY, SPOTS, Beat
from msgspec.structs import replace
from post import rows

from workflows.core.kernels.configured import Line
from workflows.core.kernels.schedule import OnHoliday
from workflows.core.numbers import format_number
from workflows.patrols.rounds import State
from workflows.store import tables as t
from workflows.store.tables import kernels

CODES = [spot.code for spot in SPOTS]
GAUGE = replace(DAILY, items=(Line(text="压力", low=0.8, high=1.2, unit="MPa"),), points=("ext",))


async def only(beat: Beat):
    return (await beat.rounds())[0]


# walking


async def test_a_round_is_walked_by_scanning_and_is_done_by_itself(beat: Beat):
    one = await beat.opened()
    assert one.state is State.DUE
    assert "该去巡查了" in "".join(await beat.wang.all())
    for code in CODES:
        assert "您在这里" in await beat.scan(beat.wang, code)
        await beat.wang.tap("走过的都正常")
    one = await only(beat)
    assert one.state is State.DONE and one.holder == beat.wang.id and one.done_at
    assert {*one.walk.reached.values()} == {"scan"}


async def test_all_is_well_by_one_tap_for_what_was_reached_alone(beat: Beat):
    await beat.opened()
    assert "✅ 走过的都正常" not in (await beat.wang.last()).labels
    await beat.wang.tap("1楼灭火器")
    await beat.wang.tap("2楼防火门")
    await beat.wang.tap("走过的都正常")
    assert (await only(beat)).walk.left == ("shed",)
    await beat.wang.tap("车棚充电口")
    await beat.wang.tap("走过的都正常")
    assert (await only(beat)).state is State.DONE


async def test_a_point_can_be_chosen_out_of_order_unless_the_order_is_fixed(beat: Beat):
    one = await beat.opened(replace(DAILY, is_ordered=True))
    assert "1楼灭火器" in await beat.scan(beat.wang, "shed") or "请先到" in await beat.wang.toast()
    assert not (await only(beat)).walk.reached
    await beat.scan(beat.wang, "ext")
    assert [*(await only(beat)).walk.reached] == ["ext"] and one.id


async def test_scanned_four_times_it_was_reached_once(beat: Beat):
    await beat.opened()
    for _ in range(4):
        await beat.scan(beat.wang, "ext")
    assert len(await rows(beat.stage, kernels.presences)) == 1
    assert [*(await only(beat)).walk.reached] == ["ext"]


async def test_a_fault_needs_a_picture_and_what_is_well_needs_none(beat: Beat):
    await beat.opened()
    await beat.scan(beat.wang, "ext")
    await beat.wang.tap("有问题")
    await beat.wang.tap("看着完好")
    assert "再拍一张照片" in (await beat.wang.say("瓶子倒了")).text
    assert not await beat.findings()
    await beat.photo(beat.wang)
    await beat.wang.tap("较大")
    [found] = await beat.findings()
    assert found.text == "瓶子倒了" and (await only(beat)).walk.faults == 1
    await beat.wang.tap("走过的都正常")  # the other line of the point
    assert "ext" not in (await only(beat)).walk.left


async def test_a_number_beyond_its_limits_is_a_fault_that_must_be_shown(beat: Beat):
    await beat.opened(GAUGE)
    await beat.scan(beat.wang, "ext")
    await beat.wang.tap("填读数")
    assert "没看懂是多少" in "".join([(await beat.wang.say("很低")).text, *await beat.wang.new()])
    assert "不在正常范围" in (await beat.wang.say("0.3MPa")).text
    assert "✅ 走过的都正常" not in (await beat.wang.last()).labels
    await beat.wang.tap("有问题")
    await beat.photo(beat.wang, "没压了")
    await beat.wang.tap("一般")
    assert (await only(beat)).state is State.DONE
    assert [one.item for one in await beat.findings()] == ["压力"]


async def test_a_number_within_them_is_well(beat: Beat):
    await beat.opened(GAUGE)
    await beat.scan(beat.wang, "ext")
    await beat.wang.tap("填读数")
    await beat.wang.say("1.0")
    assert (await only(beat)).state is State.DONE and not await beat.findings()


async def test_what_cannot_be_reached_says_why(beat: Beat):
    await beat.opened(replace(DAILY, points=("ext",)))
    await beat.wang.tap("1楼灭火器")
    await beat.wang.tap("到不了")
    await beat.wang.tap("门锁着")
    one = await only(beat)
    assert one.state is State.DONE and len(one.walk.sheet("ext").beyond) == 2


async def test_who_begins_it_has_it_and_nobody_else_walks_it(beat: Beat):
    one = await beat.opened()
    await beat.li.mark()
    await beat.wang.tap("1楼灭火器")
    assert (await only(beat)).holder == beat.wang.id
    await beat.li.press(f"patrols:{one.id}:touch:door")
    assert [*(await only(beat)).walk.reached] == ["ext"]


async def test_the_list_is_as_it_was_when_the_round_opened(beat: Beat):
    await beat.opened()
    await beat.settle_on(replace(DAILY, items=(Line(text="别的"),), points=("ext",)))
    one = await only(beat)
    assert [item.text for item in one.walk.checklist.items] == ["看着完好", "没有东西挡着"]
    await beat.stage.forward(days=1)
    newest = (await beat.rounds())[-1]
    assert [item.text for item in newest.walk.checklist.items] == ["别的"]
    assert newest.walk.checklist.version == 2 and len(newest.walk.spots) == 1


async def test_what_was_said_survives_a_restart(beat: Beat):
    await beat.opened()
    await beat.wang.tap("1楼灭火器")
    rules = beat.stage.service.desk.rules
    await beat.stage.restart()
    beat.stage.service.desk.rules = rules
    await beat.wang.tap("走过的都正常")
    assert (await only(beat)).walk.left == ("door", "shed")


# who


async def test_who_cannot_asks_another_and_he_hears(beat: Beat):
    await beat.opened()
    await beat.wang.tap("请人代巡")
    await beat.wang.tap("李明")
    assert (await only(beat)).holder == beat.li.id
    assert "请您走一趟" in (await beat.li.last()).text
    await beat.li.tap("1楼灭火器")
    assert (await only(beat)).state is State.UNDERWAY


async def test_a_plan_can_be_one_persons_and_nobody_else_is_asked(beat: Beat):
    await beat.opened(replace(DAILY, person=beat.li.id))
    assert "该去巡查了" in "".join(await beat.li.all())
    assert "该去巡查了" not in "".join(await beat.wang.all())


async def test_what_somebody_has_who_leaves_is_anybodys_again(beat: Beat):
    await beat.opened()
    await beat.wang.tap("1楼灭火器")
    await beat.wang.phone.block()
    await beat.stage.settle()
    one = await only(beat)
    assert one.holder is None and one.walk.reached
    assert "该去巡查了" in (await beat.li.last()).text


# missed, and excused


async def test_a_missed_round_stays_missed_though_it_is_made_up_for(beat: Beat):
    await beat.opened()
    await beat.stage.forward(hours=12)
    assert (await only(beat)).state is State.MISSED
    assert "这次没有巡完" in "".join(await beat.lead.all())
    await beat.lead.tap("今天补巡")
    assert "请今天补一下" in "".join(await beat.wang.all())
    for name in ("1楼灭火器", "2楼防火门", "车棚充电口"):
        await beat.wang.tap(name)
    await beat.wang.tap("走过的都正常")
    one = await only(beat)
    assert one.state is State.DONE and one.missed_at
    assert "漏巡，后来补了" in (await beat.lead.say(f"/t {format_number(one.id)}")).text


async def test_or_the_lead_says_why(beat: Beat):
    await beat.opened()
    await beat.stage.forward(hours=12)
    await beat.lead.tap("说明原因")
    await beat.lead.tap("人手不够")
    one = await only(beat)
    assert one.state is State.ACCEPTED and one.text == "人手不够" and one.missed_at


async def test_who_does_nothing_is_reminded_once_before_it_is_over(beat: Beat):
    await beat.opened()
    await beat.wang.mark()
    await beat.stage.forward(hours=9)
    assert len([said for said in await beat.wang.new() if "还有点位没有查" in said]) == 1


async def test_a_round_can_be_called_off_with_a_reason_that_the_lead_hears(beat: Beat):
    await beat.opened()
    await beat.wang.tap("这次不巡")
    await beat.wang.tap("下大雨")
    assert (await only(beat)).state is State.EXCUSED
    assert "下大雨" in (await beat.lead.last()).text


# the calendar


async def test_each_time_of_a_plan_has_one_round_however_often_it_is_looked(beat: Beat):
    await beat.opened()
    for _ in range(3):
        await beat.settle_on(DAILY)
    assert len(await beat.rounds()) == len({one.slot for one in await beat.rounds()}) == 1


async def test_after_a_downtime_each_is_missed_once_and_nobody_is_asked_to_walk_it(beat: Beat):
    await beat.settle_on(DAILY)
    beat.stage.clock.set(beat.stage.now + timedelta(days=3, hours=12))  # nothing ran meanwhile
    await beat.wang.mark()
    await beat.stage.settle()
    states = [one.state for one in await beat.rounds()]
    assert states == [State.MISSED] * 3
    assert not [said for said in await beat.wang.new() if "该去巡查了" in said]


async def test_holidays_are_decided_and_a_skipped_one_stands_there(beat: Beat):
    await beat.settle_on(replace(DAILY, on_holiday=OnHoliday.SKIP))
    working = replace(
        beat.stage.service.desk.rules.working, holidays=frozenset({date(2026, 11, 25)})
    )
    desk = beat.stage.service.desk
    desk.rules = replace(desk.rules, working=working)
    await beat.stage.forward(days=2)
    first, second = await beat.rounds()
    assert (first.state, second.state) == (State.SKIPPED, State.MISSED) or second.state is State.DUE


async def test_a_moved_one_is_walked_on_the_next_working_day(beat: Beat):
    weekly = replace(DAILY, rule="FREQ=WEEKLY;BYDAY=WE", on_holiday=OnHoliday.NEXT)
    desk = beat.stage.service.desk
    working = replace(desk.rules.working, holidays=frozenset({date(2026, 11, 25)}))
    desk.rules = replace(desk.rules, working=working)
    await beat.settle_on(weekly)
    await beat.stage.forward(days=1)
    assert not await beat.rounds()
    await beat.stage.forward(days=1)
    [one] = await beat.rounds()
    assert one.slot == "2026-11-25 08:00" and one.opened_at.day == 26


async def test_a_year_whose_holidays_nobody_announced_alerts_and_goes_on(beat: Beat):
    await beat.settle_on(replace(DAILY, first=date(2026, 12, 30)))
    await beat.stage.sleep(days=30)
    await beat.stage.forward(days=15)
    slots = [one.slot[:10] for one in await beat.rounds()]
    assert {"2026-12-31", "2027-01-02"} <= {*slots} and len(slots) == len({*slots})


# campaigns, and what else there is


async def test_a_campaign_is_walked_by_many_and_summed_up(beat: Beat):
    await beat.opened(
        replace(
            DAILY, is_campaign=True, hours=100, first=date(2026, 11, 25), until=date(2026, 11, 25)
        )
    )
    await beat.wang.tap("1楼灭火器")
    await beat.li.tap("2楼防火门")
    assert "查了 0 / 3" in (await beat.li.last()).text
    await beat.wang.tap("走过的都正常")
    await beat.scan(beat.li, "shed")
    await beat.li.tap("走过的都正常")
    assert (await only(beat)).state is State.DONE and (await only(beat)).holder is None
    assert "请写几句小结" in (await beat.lead.last()).text
    await beat.lead.tap("写小结")
    await beat.lead.say("三个点都好")
    assert "三个点都好" in (await beat.committee.last()).text


async def test_only_another_says_that_a_volunteer_walked(beat: Beat):
    await beat.opened(replace(DAILY, points=("ext",), service_minutes=30))
    await beat.scan(beat.wang, "ext")
    await beat.wang.tap("走过的都正常")
    one = await only(beat)
    assert not any("确认查过" in label for label in (await beat.wang.last()).labels)
    await beat.lead.tap("确认查过")  # no passbook here: nothing more comes of it
    assert (await only(beat)).verified_by == beat.lead.id and one.verified_by is None


async def test_the_board_mine_and_the_morning_have_it(beat: Beat):
    await beat.opened()
    assert "消防巡查" in (await beat.wang.say("/mine")).text
    await beat.lead.say("/board")
    assert "消防巡查" in (await beat.lead.tap("巡查 1")).text
    await beat.stage.forward(days=1)  # the one of yesterday was missed, and is undecided
    assert any("🚶 巡查" in said and "漏巡" in said for said in await beat.lead.all())


async def test_its_calendar_says_what_comes_and_what_holidays_do(beat: Beat):
    await beat.opened()
    shown = await beat.wang.tap("接下来")
    assert "接下来两个星期" in shown.text and "消防巡查" in shown.text


async def test_where_it_is_off_nothing_of_it_is_there(beat: Beat):
    desk = beat.stage.service.desk
    await beat.settle_on(DAILY)
    off = {kind: frozenset({"友新街道/南环一"}) for kind in ("patrols", "findings")}
    desk.rules = replace(desk.rules, without=off)
    await beat.stage.forward(days=2)
    assert not await beat.rounds()
    await beat.lead.say("/board")
    assert not any("巡查" in label for label in (await beat.lead.last()).labels)


async def test_staff_who_looked_are_written_down(beat: Beat):
    one = await beat.opened()
    await beat.lead.say(f"/t {format_number(one.id)}")
    looks = await rows(beat.stage, t.looks)
    assert [(row["ticket_id"], row["what"]) for row in looks] == [(one.id, "card")]
