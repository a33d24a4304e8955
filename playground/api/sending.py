"""The methods that put new messages into a chat."""

from functools import partial

from playground.api.call import Call
from playground.api.contents import (
    FILE_KINDS,
    ContentReader,
    caption_content,
    contact_content,
    input_media,
    location_content,
    poll_content,
    reader_of,
    text_content,
)
from playground.api.methods import Method, MethodTable
from playground.text.refusals import Json, bad_request
from playground.world.messages import CAPTIONED, Chat, Content, Message

# What may share an album: photos and videos mix, the others stay among themselves.
_TOGETHER = ({"photo", "video"}, {"document"}, {"audio"})
_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def _post(call: Call, chat: Chat, content: Content, **extra: object) -> Message:
    return call.world.post(
        chat,
        call.bot.id,
        content,
        markup=call.markup(),
        reply_to=call.reply_target(chat),
        topic=call.topic(chat),
        **extra,
    )


def _prepare(call: Call, chat: Chat, count: int = 1) -> None:
    """Refuse what is wrong before anything counts against the limits."""
    call.markup()
    call.reply_target(chat)
    call.topic(chat)
    call.throttle(chat, count)


async def _send(reader: ContentReader, call: Call) -> Json:
    chat = call.writable_chat()
    content = reader(call.world, call.params)
    _prepare(call, chat)
    return call.written(_post(call, chat, content))


async def _send_album(call: Call) -> list[Json]:
    chat = call.writable_chat()
    items = call.params.json("media", "media")
    if not isinstance(items, list):
        raise bad_request("expected an Array of InputMedia")
    if len(items) > 10:
        raise bad_request("too many messages to send as an album")
    if len(items) < 2:
        raise bad_request("too few messages to send as an album")
    contents = [input_media(call.world, call.params, item) for item in items]
    _check_album(contents)
    _prepare(call, chat, len(contents))
    album = str(13_000_000_000_000_000 + next(call.world.ids))
    return [call.written(_post(call, chat, content, album=album)) for content in contents]


def _check_album(contents: list[Content]) -> None:
    kinds = {content.kind for content in contents}
    if not any(kinds <= together for together in _TOGETHER):
        raise bad_request("can't use the media of the specified type in the album")


def _source(call: Call, purpose: str) -> Message:
    source = call.message(call.chat("from_chat_id"), purpose)
    if source.content.is_service:
        raise bad_request("message can't be " + {"copy": "copied", "forward": "forwarded"}[purpose])
    return source


async def _copy(call: Call) -> Json:
    chat = call.writable_chat()
    content = _source(call, "copy").content
    if content.kind in CAPTIONED and "caption" in call.params.values:
        content = caption_content(call.world, call.params, content.media)
    _prepare(call, chat)
    return {"message_id": _post(call, chat, content).id}


async def _forward(call: Call) -> Json:
    chat = call.writable_chat()
    source = _source(call, "forward")
    _prepare(call, chat)
    author = call.world.person(source.sender)
    origin = source.origin or {"type": "user", "sender_user": author, "date": source.date}
    return call.written(_post(call, chat, source.content, origin=origin))


async def _chat_action(call: Call) -> bool:
    call.writable_chat()
    if call.params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    kind, chat_id = call.params.text("action"), call.chat_id()
    call.world.feed.emit("action", bot=call.bot.id, chat_id=chat_id, action=kind)
    return True


def _sender(reader: ContentReader) -> Method:
    return partial(_send, reader)


SENDING: MethodTable = {
    "sendMessage": _sender(text_content),
    "sendLocation": _sender(location_content),
    "sendContact": _sender(contact_content),
    "sendPoll": _sender(poll_content),
    **{"send" + kind.title().replace("_", ""): _sender(reader_of(kind)) for kind in FILE_KINDS},
    "sendMediaGroup": _send_album,
    "copyMessage": _copy,
    "forwardMessage": _forward,
    "sendChatAction": _chat_action,
}
