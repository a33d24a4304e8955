"""What every kind of update says, and that nothing which comes over the wire can stop the bot."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from post import heard, listener, rows
from telegram import Bot

from bot.telegram.translate import clean, translate
from playground.stage.stage import Stage
from workflows.core.talk.messages import Incoming, Kind
from workflows.core.talk.tap import Tap
from workflows.desk import Unreadable
from workflows.store import tables as t


class NamedBot(Bot):
    """A bot that knows its name without asking for it."""

    @property
    def username(self) -> str:
        return "haitang_bot"


BOT = NamedBot("1:x")
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
SENT = 1_795_000_000
CHEN = {"id": 1001, "is_bot": False, "first_name": "陈师傅"}
GROUP = {"id": -100, "type": "supergroup", "title": "网格群"}
FILE = {"file_id": "F", "file_unique_id": "U"}
PICTURE = FILE | {"width": 9, "height": 9}
FILES: dict[str, Any] = {
    "photo": [PICTURE | {"file_id": "small"}, PICTURE],
    "video": PICTURE | {"duration": 1},
    "voice": FILE | {"duration": 1},
    "video_note": FILE | {"length": 9, "duration": 1},
    "document": FILE,
    "audio": FILE | {"duration": 1},
    "animation": PICTURE | {"duration": 1},
}
STICKER = PICTURE | {"type": "regular", "is_animated": False, "is_video": False}
POLL = {
    "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
    "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
    "allows_revoting": False, "members_only": False,
}  # fmt: skip
WHERE = {"latitude": 31.27, "longitude": 120.62}


def message(**content: Any) -> dict[str, Any]:
    chat = {"id": 1001, "type": "private", "first_name": "陈师傅"}
    return {"message_id": 7, "date": SENT, "chat": chat, "from": CHEN} | content


def press(**more: Any) -> dict[str, Any]:
    query = {"id": "77", "from": CHEN, "chat_instance": "1", "data": "t:1:accept"}
    return query | {"message": message(text="card")} | more


def member(status: str) -> dict[str, Any]:
    user = {"id": 1, "is_bot": True, "first_name": "海棠"}
    until = {"until_date": 0} if status == "kicked" else {}
    old, new = {"status": "member", "user": user}, {"status": status, "user": user} | until
    return message() | {"old_chat_member": old, "new_chat_member": new}


def read(kind: str, body: Any) -> Incoming:
    found = translate({"update_id": 5, kind: body}, BOT, NOW)
    assert isinstance(found, Incoming), found
    return found


def test_a_text_with_who_where_and_when():
    said = read("message", message(text="充电桩坏了"))
    assert said == Incoming(
        update_id=5, kind=Kind.TEXT, at=datetime.fromtimestamp(SENT, UTC), person_id=1001,
        name="陈师傅", chat_id=1001, message_id=7, text="充电桩坏了",
    )  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_file_with_its_caption(kind: str):
    said = read("message", message(**{kind: FILES[kind]}, caption="看"))
    assert said.kind is Kind.MEDIA and said.text == "看"
    assert said.attachment and (said.attachment.kind, said.attachment.file_id) == (kind, "F")


def test_parts_of_an_album_name_it():
    assert read("message", message(photo=[PICTURE], media_group_id="A9")).album == "A9"


@pytest.mark.parametrize(
    "extra", [{}, {"venue": {"location": WHERE, "title": "站", "address": ""}}]
)
def test_a_location_and_a_venue_are_a_place(extra: dict[str, Any]):
    said = read("message", message(location=WHERE, **extra))
    assert said.kind is Kind.LOCATION and said.position == (31.27, 120.62)


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/start st_east", "start", "st_east"),
        ("/t@haitang_bot 10017", "t", "10017"),
        ("/T\n10017", "t", "10017"),
        ("/mine", "mine", ""),
        ("/t   10017  ", "t", "10017"),
        ("/", "", ""),
    ],
)
def test_a_command_with_its_argument(text: str, command: str, rest: str):
    said = read("message", message(text=text))
    assert (said.kind, said.command, said.text) == (Kind.COMMAND, command, rest)


def test_an_edit_counts_from_when_it_was_made():
    said = read("edited_message", message(text="改了", edit_date=SENT + 60))
    assert said.kind is Kind.EDIT and said.text == "改了" and said.message_id == 7
    assert said.at.timestamp() == SENT + 60


def test_an_edit_in_a_group_is_nobodys_business():
    assert read("edited_message", message(text="x", chat=GROUP)).kind is Kind.IGNORED


def test_a_forward_is_what_the_person_says():
    origin = {"type": "hidden_user", "date": SENT, "sender_user_name": "别人"}
    said = read("message", message(text="转发", forward_origin=origin))
    assert said.kind is Kind.TEXT and said.name == "陈师傅"


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": STICKER},
        {"poll": POLL},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"text": "\u200b"},
    ],
)
def test_what_nobody_can_use_is_unsupported(content: dict[str, Any]):
    """# F44, F38"""
    assert read("message", message(**content)).kind is Kind.UNSUPPORTED


def test_somebodys_contact_is_seen_and_not_kept():
    said = read("message", message(contact={"phone_number": "139", "first_name": "陈"}))
    assert said.kind is Kind.CONTACT and "139" not in repr(said)


def test_ones_own_contact_is_ones_number():
    card = {"phone_number": "139", "first_name": "陈", "user_id": CHEN["id"]}
    assert read("message", message(contact=card)).text == "139"
    other = read("message", message(contact=card | {"user_id": 1002}))
    assert (other.kind, other.text) == (Kind.CONTACT, "")


def test_a_pinned_message_is_ignored():
    assert read("message", message(pinned_message=message(text="x"))).kind is Kind.IGNORED


async def test_each_useless_message_is_answered_with_help_once(on_stage: Stage):
    """# F44"""
    chen = await listener(on_stage, "陈师傅", 1001)
    for act in (chen.send_sticker, chen.send_dice, chen.send_contact):
        await act()
        await on_stage.settle()
    await chen.send_poll("好吗", ["好", "不好"])
    await on_stage.settle()
    answers = await heard(chen)
    assert len(answers) == 4 and all("看不懂" in text for text in answers)


@pytest.mark.parametrize("kind", ["channel_post", "edited_channel_post", "poll", "inline_query"])
def test_kinds_that_were_not_asked_for_are_ignored(kind: str):
    """# F44"""
    body = {"poll": POLL, "inline_query": {"id": "1", "from": CHEN, "query": "", "offset": ""}}
    assert read(kind, body.get(kind, message(text="x"))).kind is Kind.IGNORED


@pytest.mark.parametrize(
    "sender",
    [
        {"from": CHEN | {"is_bot": True}},
        {"from": CHEN | {"id": 777000}},
        {"from": CHEN | {"id": 1087968824, "is_bot": True}, "sender_chat": GROUP},
        {"from": CHEN, "sender_chat": {"id": -200, "type": "channel", "title": "频道"}},
        {"from": None},
    ],
)
def test_bots_channels_and_anonymous_admins_are_no_persons(sender: dict[str, Any]):
    """# F45"""
    said = read("message", message(text="您好", chat=GROUP) | sender)
    assert said.kind is Kind.IGNORED and said.person_id == 0


def test_a_command_of_the_group_itself_is_nobodys():
    """# F45"""
    itself = {"from": CHEN | {"id": 1087968824, "is_bot": True}, "sender_chat": GROUP}
    said = read("message", message(text="/bind", chat=GROUP) | itself)
    assert said.kind is Kind.COMMAND and said.person_id == 0


@pytest.mark.parametrize(("is_topic", "topic"), [(True, 7), (False, None)])
def test_a_topic_is_read_and_a_thread_of_answers_is_none(is_topic: bool, topic: int | None):
    there = {"message_thread_id": 7, "is_topic_message": is_topic}
    assert read("message", message(text="/bind", chat=GROUP) | there).topic == topic


def test_a_group_that_moved_says_where_to():
    """# F5"""
    said = read("message", message(chat=GROUP, migrate_to_chat_id=-1009))
    assert (said.kind, said.chat_id, said.other_chat) == (Kind.MIGRATED, -100, -1009)


def test_a_tap_counts_from_when_it_came_in():
    said = read("callback_query", press())
    accept = Tap(kind="petition", subject=1, verb="accept")
    assert (said.kind, said.at, said.tap) == (Kind.PRESS, NOW, accept)
    assert (said.callback_id, said.chat_id, said.message_id) == ("77", 1001, 7)


def test_a_reply_names_the_message_it_answers():
    answered = message(text="三号桩", reply_to_message=message(message_id=5, text="几号桩？"))
    read = translate({"update_id": 1, "message": answered}, BOT, NOW)
    assert isinstance(read, Incoming) and (read.message_id, read.reply_to) == (7, 5)


def test_a_tap_under_a_message_too_old_to_be_shown():
    old = {"chat": GROUP, "message_id": 7, "date": 0}
    said = read("callback_query", press(message=old))
    assert said.chat_id == -100 and not said.is_private


def test_a_tap_without_a_message_belongs_to_the_private_chat():
    said = read("callback_query", press(message=None))
    assert said.is_private and said.chat_id == 1001 and said.message_id == 0


@pytest.mark.parametrize(("status", "kind"), [("kicked", Kind.BLOCKED), ("member", Kind.UNBLOCKED)])
def test_blocking_and_coming_back(status: str, kind: Kind):
    """# F3"""
    assert read("my_chat_member", member(status)).kind is kind


def test_what_no_database_can_hold_is_taken_out():
    """# F37, F38"""
    assert clean("充\x00电\ud800桩\u202e坏了😀") == "充电桩坏了😀"
    assert clean(" \u200b\ufeff") == clean(None) == ""
    said = read("message", message(text="a\x00b", **{"from": CHEN | {"first_name": "陈\ud800"}}))
    assert said.text == "ab" and said.name == "陈"


HUGE = 2**70
HOSTILE = (HUGE, -HUGE, True, "\x00\ud800", None, [], {}, [[{}]], float("nan"), "x" * 70_000)
SAMPLES: dict[str, list[dict[str, Any]]] = {
    "message": [message(text="hi"), message(**FILES, media_group_id="A"), message(location=WHERE)],
    "edited_message": [message(text="hi", edit_date=SENT)],
    "callback_query": [press()],
    "my_chat_member": [member("kicked"), member("member")],
}


def places(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in a tree."""
    is_list = isinstance(body, list)
    inner = enumerate(body) if is_list else body.items() if isinstance(body, dict) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


def spoiled() -> Iterator[dict[str, Any]]:
    """Every sample with every value in it replaced by every hostile one."""
    for kind, bodies in SAMPLES.items():
        for body in bodies:
            for *way, last in places(body):
                for value in HOSTILE:
                    made = inner = deepcopy(body)
                    for key in way:
                        inner = inner[key]
                    inner[last] = value
                    yield {kind: made}


def numbered(updates: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"update_id": 1000 + n} | update for n, update in enumerate(updates)]


async def test_no_hostile_value_anywhere_keeps_its_batch_from_being_committed(on_stage: Stage):
    """# F37, F18: every update ends as seen, and the sound one after them is answered."""
    chen = await listener(on_stage, "陈师傅", 1001)
    desk = on_stage.service.desk
    desk.rules = replace(desk.rules, most_per_minute=0)
    updates = numbered(spoiled())
    for start in range(0, len(updates), 100):
        await on_stage.service.receiver.take(updates[start : start + 100])
    seen = {row["update_id"] for row in await rows(on_stage, t.seen_updates)}
    assert len(updates) > 1000 and {u["update_id"] for u in updates} <= seen
    buried = {row["update_id"] for row in await rows(on_stage, t.dead_letters)}
    assert buried and len(buried) < len(updates)
    await chen.start()
    await on_stage.settle()
    assert "您好" in (await chen.last()).text


@pytest.mark.parametrize(
    "raw", [None, 5, [], "x", {}, {"update_id": "5"}, {"update_id": HUGE}, {"update_id": -1}]
)
def test_without_a_usable_number_it_is_kept_as_it_came(raw: Any):
    """# F37"""
    found = translate(raw, BOT, NOW)
    assert isinstance(found, Unreadable) and found.update_id == 0 and found.raw == raw


def test_what_is_nested_too_deeply_is_not_kept_whole():
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    found = translate({"update_id": 5, "message": deep}, BOT, NOW)
    assert isinstance(found, Unreadable) and found.update_id == 5 and found.raw


FIELDS = st.sampled_from(
    ["message", "callback_query", "from", "chat", "id", "date", "text", "message_id", "photo",
     "my_chat_member", "edited_message", "first_name", "is_bot", "type", "location", "data"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS | st.text(), inner),
    max_leaves=20,
)


@given(raw=JSON | st.dictionaries(FIELDS, JSON).map(lambda body: {"update_id": 5} | body))
@settings(max_examples=150, deadline=None)
def test_junk_never_raises_and_can_be_kept(raw: Any):
    """# F37"""
    found = translate(raw, BOT, NOW)
    if isinstance(found, Unreadable):
        kept = json.dumps(found.raw, ensure_ascii=False) + found.error
        kept.encode()
        assert "\x00" not in kept


async def test_an_update_that_cannot_be_read_is_kept_and_the_next_one_handled(on_stage: Stage):
    """# F37"""
    chen = await listener(on_stage, "陈师傅", 1001)
    await on_stage.phones.push_update("message", {"message_id": "what?"})
    await chen.send_sticker()
    await on_stage.settle()
    [letter] = await rows(on_stage, t.dead_letters)
    assert letter["raw"]["message"] == {"message_id": "what?"}
    assert len(await heard(chen)) == 1 and await on_stage.phones.pending() == 0


def test_a_command_to_another_bot_is_not_ours():
    assert read("message", message(text="/t@other_bot 10017")).kind is Kind.IGNORED
