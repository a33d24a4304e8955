"""The methods about the bot itself, its files and the chats it is in."""

from playground.api.call import Call
from playground.api.methods import MethodTable
from playground.text.refusals import Json, bad_request
from playground.world.actors import PRESENT
from playground.world.membership import change_membership, member_json
from playground.world.messages import Chat

_DEFAULT_BUTTON = {"type": "commands"}
_CHAT_DEFAULTS = {
    "accent_color_id": 0,
    "max_reaction_count": 11,
    "accepted_gift_types": {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    },
}


async def _get_me(call: Call) -> Json:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": call.bot.reads_all,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return call.bot.as_json() | abilities


async def _yes(call: Call) -> bool:
    """Answer logOut and close: there is no cloud to leave."""
    return True


# -- commands and menu ------------------------------------------------------------------


def _scope(call: Call) -> str:
    """Name the scope and language that a list of commands belongs to."""
    scope = call.params.json("scope", "BotCommandScope") or {"type": "default"}
    parts = (scope.get("type"), scope.get("chat_id", ""), scope.get("user_id", ""))
    language = call.params.text("language_code")
    return "/".join(str(part) for part in (*parts, language))


async def _set_commands(call: Call) -> bool:
    commands = call.params.json("commands", "commands")
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _check_command(command)
    call.bot.commands[_scope(call)] = commands
    call.world.feed.emit("bot", bot=call.world.bot_state(call.bot))
    return True


def _check_command(command: Json) -> None:
    name, description = str(command.get("command", "")), str(command.get("description", ""))
    plain = name.removeprefix("/")
    allowed = plain.isascii() and plain.replace("_", "").isalnum() and plain == plain.lower()
    if not (1 <= len(plain) <= 32 and allowed):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


async def _get_commands(call: Call) -> list[Json]:
    return call.bot.commands.get(_scope(call), [])


async def _delete_commands(call: Call) -> bool:
    call.bot.commands.pop(_scope(call), None)
    call.world.feed.emit("bot", bot=call.world.bot_state(call.bot))
    return True


async def _set_menu_button(call: Call) -> bool:
    button = call.params.json("menu_button", "menu button") or _DEFAULT_BUTTON
    if button.get("type") not in ("commands", "default", "web_app"):
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    call.bot.menu_buttons[call.params.integer("chat_id")] = button
    return True


async def _get_menu_button(call: Call) -> Json:
    buttons = call.bot.menu_buttons
    default = buttons.get(0, _DEFAULT_BUTTON)
    return buttons.get(call.params.integer("chat_id"), default)


# -- files ------------------------------------------------------------------------------


async def _get_file(call: Call) -> Json:
    file_id = call.params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = call.world.files.download(file_id)
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }


# -- chats ------------------------------------------------------------------------------


async def _get_chat(call: Call) -> Json:
    chat = call.chat()
    pinned = [message for message in chat.messages if message.pinned and not message.deleted]
    extra = {"pinned_message": call.written(pinned[-1])} if pinned else {}
    return call.world.chat_json(chat) | _CHAT_DEFAULTS | extra


async def _get_member(call: Call) -> Json:
    chat, user_id = call.chat(), call.params.integer("user_id")
    if user_id not in call.world.users and user_id not in call.world.bots:
        raise bad_request("user not found")
    return member_json(call.world, user_id, chat.members.get(user_id, "left"))


async def _get_administrators(call: Call) -> list[Json]:
    chat = _group(call, "there are no administrators in the private chat")
    return [
        member_json(call.world, user_id, status)
        for user_id, status in chat.members.items()
        if status in ("creator", "administrator")
    ]


async def _count_members(call: Call) -> int:
    return sum(status in PRESENT for status in call.chat().members.values())


async def _leave(call: Call) -> bool:
    chat = _group(call, "chat not found")
    if not call.is_present(chat):
        call.writable_chat()
    change_membership(call.world, chat, call.bot.id, "left", by=call.bot.id)
    return True


def _group(call: Call, otherwise: str) -> Chat:
    chat = call.chat()
    if chat.is_private:
        raise bad_request(otherwise)
    return chat


ACCOUNT: MethodTable = {
    "getMe": _get_me,
    "logOut": _yes,
    "close": _yes,
    "setMyCommands": _set_commands,
    "getMyCommands": _get_commands,
    "deleteMyCommands": _delete_commands,
    "setChatMenuButton": _set_menu_button,
    "getChatMenuButton": _get_menu_button,
    "getFile": _get_file,
    "getChat": _get_chat,
    "getChatMember": _get_member,
    "getChatAdministrators": _get_administrators,
    "getChatMemberCount": _count_members,
    "leaveChat": _leave,
}
