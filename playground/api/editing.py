"""The methods that change or remove messages, pin them and answer pressed buttons."""

from dataclasses import replace

from playground.api.call import Call
from playground.api.contents import caption_content, input_media, text_content
from playground.api.methods import MethodTable
from playground.text.entities import units
from playground.text.refusals import NOT_MODIFIED, OLD_QUERY, Json, bad_request
from playground.world.actors import QUERY_LIFE, Toast
from playground.world.messages import CAPTIONED, Chat, Content, Message

_DELETABLE_FOR = 48 * 60 * 60  # seconds
_TOAST_LIMIT = 200


def _editable(call: Call) -> Message:
    message = call.message(call.writable_chat(), "edit")
    is_bound = message.markup is not None and "inline_keyboard" not in message.markup
    if message.sender != call.bot.id or message.content.is_service or is_bound:
        raise bad_request("message can't be edited")
    return message


def _change(call: Call, message: Message, content: Content) -> Json:
    """Put a new content and keyboard under a message; a missing keyboard removes the old."""
    markup = call.inline_markup()
    rows = (markup or {}).get("inline_keyboard") or []
    if content == message.content and rows == message.inline:
        raise bad_request(NOT_MODIFIED)
    if content != message.content:
        message.edited_at = call.world.clock.timestamp()
    message.content, message.markup = content, markup
    call.world.announce("edit", message)
    return call.written(message)


async def _edit_text(call: Call) -> Json:
    message = _editable(call)
    if message.content.kind != "text":
        raise bad_request("there is no text in the message to edit")
    return _change(call, message, text_content(call.world, call.params))


async def _edit_caption(call: Call) -> Json:
    message = _editable(call)
    if message.content.kind not in CAPTIONED:
        raise bad_request("there is no caption in the message to edit")
    return _change(call, message, caption_content(call.world, call.params, message.content.media))


async def _edit_media(call: Call) -> Json:
    message = _editable(call)
    item = call.params.json("media", "input media") or {}
    return _change(call, message, input_media(call.world, call.params, item))


async def _edit_markup(call: Call) -> Json:
    message = _editable(call)
    return _change(call, message, message.content)


async def _stop_poll(call: Call) -> Json:
    message = _editable(call)
    if message.content.kind != "poll":
        raise bad_request("message with poll to stop not found")
    if message.content.media["poll"]["is_closed"]:
        raise bad_request("poll has already been closed")
    poll: Json = message.content.media["poll"] | {"is_closed": True}
    _change(call, message, replace(message.content, media={"poll": poll}))
    return poll


async def _delete(call: Call) -> bool:
    chat = call.writable_chat()
    _remove(call, call.message(chat, "delete"))
    return True


def _remove(call: Call, message: Message) -> None:
    is_own = message.sender == call.bot.id
    if not is_own and not call.is_admin(message.chat):
        raise bad_request("message can't be deleted")
    if call.world.clock.timestamp() - message.date > _DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    call.world.announce("delete", message)


async def _delete_many(call: Call) -> bool:
    """Delete 1 to 100 messages; those not found are skipped, as Telegram documents."""
    chat = call.writable_chat()
    for message_id in call.params.json("message_ids", "message identifiers") or []:
        if message := chat.find(int(message_id)):
            _remove(call, message)
    return True


def _pin_chat(call: Call) -> Chat:
    chat = call.writable_chat()
    if not call.is_admin(chat):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


async def _pin(call: Call) -> bool:
    chat = _pin_chat(call)
    message = call.message(chat, "pin")
    message.pinned = True
    call.world.announce("edit", message)
    notice = Content(media={"pinned_message": call.written(message)})
    call.world.post(chat, call.bot.id, notice)
    return True


async def _unpin(call: Call) -> bool:
    """Unpin the message named, or the one pinned latest."""
    chat = _pin_chat(call)
    named = call.params.integer("message_id")
    pinned = [message for message in chat.messages if message.pinned]
    chosen = [message for message in pinned if message.id == named] if named else pinned[-1:]
    if not chosen:
        raise bad_request("message to unpin not found")
    chosen[0].pinned = False
    call.world.announce("edit", chosen[0])
    return True


async def _answer_query(call: Call) -> bool:
    query_id = call.params.text("callback_query_id")
    query = call.bot.queries.get(query_id)
    if query is None or call.world.clock.timestamp() - query.at > QUERY_LIFE:
        raise bad_request(OLD_QUERY)
    text = call.params.text("text")
    if units(text) > _TOAST_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    toast = Toast(query_id, text, call.params.flag("show_alert"))
    call.bot.toasts.setdefault(query.user_id, []).append(toast)
    call.world.feed.emit(
        "answer", user_id=query.user_id, callback_id=query_id, text=text, alert=toast.alert
    )
    return True


EDITING: MethodTable = {
    "editMessageText": _edit_text,
    "editMessageCaption": _edit_caption,
    "editMessageMedia": _edit_media,
    "editMessageReplyMarkup": _edit_markup,
    "stopPoll": _stop_poll,
    "deleteMessage": _delete,
    "deleteMessages": _delete_many,
    "pinChatMessage": _pin,
    "unpinChatMessage": _unpin,
    "answerCallbackQuery": _answer_query,
}
