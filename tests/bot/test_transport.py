"""What goes over the wire, and what is made of what comes back."""

import json

import pytest
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.transport import AiohttpRequest, JsonData

read = AiohttpRequest.parse_json_payload


def test_a_call_is_one_document_of_what_was_given():
    given = {"chat_id": -(10**12), "text": "坏了😀\n\x7f\"\\", "parse_mode": ParseMode.HTML,
             "reply_markup": {"inline_keyboard": [[{"text": "✅", "callback_data": "t:1:accept"}]]},
             "hold": 1.5, "quiet": True}  # fmt: skip
    assert json.loads(JsonData(given).document) == given


def test_an_answer_is_read():
    assert (
        read(b'{"ok":true,"result":{"text":"\\u574f\\ud83d\\ude00"}}')["result"]["text"] == "坏😀"
    )


@pytest.mark.parametrize("text", [b'"\\ud83d"', b'"\xf0\x9f"', b"NaN", b"9" * 40, b"1e999"])
def test_one_odd_text_does_not_take_its_batch_down(text: bytes):
    """Half a surrogate pair, broken UTF-8 and the like: the updates beside it are read."""
    answer = read(b'{"ok":true,"result":[{"update_id":1,"odd":' + text + b'},{"update_id":2}]}')
    assert [update["update_id"] for update in answer["result"]] == [1, 2]


@pytest.mark.parametrize("payload", [b"", b"<html>", b'{"ok":true', b"9" * 5000, b"\xff\xfe"])
def test_no_json_is_an_error_of_telegrams(payload: bytes):
    with pytest.raises(TelegramError, match="Invalid server response"):
        read(payload)
