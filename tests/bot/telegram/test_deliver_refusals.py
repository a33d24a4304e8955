"""What Telegram refuses with 400, and what cannot be drawn: each ends well or is dead."""

import pytest
from casting import CHARGER, Cast
from jinja2 import ChoiceLoader, DictLoader
from post import forget_faces, heard, owe, owe_card, rows, sends, states
from walking import Walker

from playground.phones.phone import Phone
from playground.stage.stage import Stage
from workflows.core.numbers import format_number
from workflows.core.people import Role
from workflows.core.talk.messages import Notice
from workflows.petition.words import State
from workflows.store import tables as t


async def test_a_card_that_shows_it_already_is_left_alone(cast: Cast):
    walker = await Walker.file(cast, CHARGER)
    await owe_card(cast.stage, cast.wang.user_id, walker.id, "edit")
    await cast.stage.settle()
    assert not [c for c in await cast.stage.phones.calls() if c["method"] == "editMessageText"]
    assert set(await states(cast.stage)) == {"sent"}


async def test_not_modified_is_success(cast: Cast):
    """# F6: it was changed, but that was not written down any more."""
    walker = await Walker.file(cast, CHARGER)
    for _ in range(2):
        await forget_faces(cast.stage)
        await owe_card(cast.stage, cast.wang.user_id, walker.id, "edit")
        await cast.stage.settle()
    edits = [c for c in await cast.stage.phones.calls() if c["method"] == "editMessageText"]
    assert [c["status"] for c in edits] == [400, 400]  # each was tried once
    assert all("not modified" in c["answer"]["description"] for c in edits)
    assert set(await states(cast.stage)) == {"sent"}


async def test_a_tap_too_old_to_be_answered_still_counts(
    cast: Cast, caplog: pytest.LogCaptureFixture
):
    """# F7: what Telegram says of the answer holds up nothing, and is nobody's error."""
    walker = await Walker.file(cast, CHARGER)
    await cast.wang.tap("接单")
    cast.stage.clock.advance(20 * 60)
    await cast.stage.settle()
    answers = [c for c in await cast.stage.phones.calls() if c["method"] == "answerCallbackQuery"]
    assert "query is too old" in answers[-1]["answer"]["description"]
    assert (await walker.ticket()).state is State.ACCEPTED
    assert not [record for record in caplog.records if record.name == "asyncio"]


def spoil(on_stage: Stage, template: str) -> None:
    """Let the template of plain texts have a mistake."""
    renderer = on_stage.service.renderer
    for environment in (renderer.environment, renderer.builtin):
        assert environment.loader
        environment.loader = ChoiceLoader([DictLoader({"text.html": template}), environment.loader])


async def test_what_telegram_cannot_parse_goes_out_once_as_plain_text(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F8"""
    spoil(on_stage, "<b>{{ text }}<i>")
    await owe(on_stage, two[0].user_id, "3 < 4 & 5")
    await on_stage.settle()
    assert await heard(two[0]) == ["3 < 4 & 5"]
    [refused] = await sends(on_stage, two[0].user_id, 400)
    assert "can't parse entities" in refused["answer"]["description"]


async def test_what_is_refused_as_plain_text_too_is_dead_and_the_admins_hear_of_it(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F8"""
    admin = await on_stage.hire("管理员", Role.ADMIN, "", 9001)
    await owe(on_stage, two[0].user_id, "", "next")
    await on_stage.settle()
    assert len(await sends(on_stage, two[0].user_id, 400)) == 2
    assert await heard(two[0]) == ["next"]
    assert [t for t in await heard(admin) if "text is empty" in t]
    assert (await states(on_stage))["dead"] == 1


async def test_a_template_that_cannot_be_drawn_is_dead_and_holds_up_nobody(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F8"""
    spoil(on_stage, "{{ nothing_like_that }}")
    await owe(on_stage, two[0].user_id, "1")
    await on_stage.settle()
    assert (await states(on_stage))["dead"] == 1 and await sends(on_stage, 1001, 400) == []


async def test_a_card_that_was_deleted_is_sent_anew(cast: Cast):
    """# F9"""
    walker = await Walker.file(cast, CHARGER)
    card = await cast.wang.last()
    await cast.stage.service.bot.delete_message(cast.wang.user_id, card.id)
    await forget_faces(cast.stage)
    await owe_card(cast.stage, cast.wang.user_id, walker.id, "edit")
    await cast.stage.settle()
    anew = await cast.wang.last()
    assert anew.id > card.id and format_number(walker.id) in anew.text and "接单" in anew.labels
    known = {r["chat_id"]: r["message_id"] for r in await rows(cast.stage, t.cards)}
    assert known[cast.wang.user_id] == anew.id


async def test_an_old_card_that_was_deleted_is_missed_by_nobody(cast: Cast):
    """# F9: it was to be drawn without the number; no new message comes in its place."""
    walker = await Walker.file(cast, CHARGER)
    card = await cast.wang.last()
    await cast.stage.service.bot.delete_message(cast.wang.user_id, card.id)
    async with cast.stage.service.store.begin(cast.stage.now) as tx:
        notice = Notice(to=cast.wang.user_id, template="card", ticket_id=walker.id,
                        values={"message_id": card.id})  # fmt: skip
        tx.owe(notice, cast.wang.user_id, "fade", "fade", cast.stage.now)
    before = await heard(cast.wang)
    await cast.stage.settle()
    assert await heard(cast.wang) == before
    assert (await rows(cast.stage))[-1]["state"] == "dropped"
