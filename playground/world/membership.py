"""Who is in which chat, and how the chat and the bots learn of a change."""

from playground.text.refusals import Json
from playground.world.actors import PRESENT
from playground.world.messages import Chat, Content
from playground.world.world import World

_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def member_json(world: World, user_id: int, status: str) -> Json:
    """Write a ChatMember; an administrator has every right, to keep groups simple."""
    written: Json = {"user": world.person(user_id), "status": status}
    match status:
        case "creator":
            written["is_anonymous"] = False
        case "administrator":
            written |= {"can_be_edited": False, "is_anonymous": False}
            written |= dict.fromkeys(_RIGHTS, True)
        case "kicked":
            written["until_date"] = 0
    return written


def change_membership(world: World, chat: Chat, who: int, status: str, *, by: int) -> None:
    """Give somebody a new status in a chat; nothing happens if they have it already.

    A group sees a service message when they come or go, and a bot whose own status changes
    gets a my_chat_member update.
    """
    before = chat.members.get(who, "left")
    if before == status:
        return
    leaves = before in PRESENT and status not in PRESENT
    if leaves and not chat.is_private:
        # Told before the change, so that somebody who leaves still hears it.
        world.post(chat, by, Content(media={"left_chat_member": world.person(who)}))
    chat.members[who] = status
    world.feed.emit("chat", chat=world.chat_state(chat))
    if who in world.bots:
        _tell_bot(world, chat, who, before, by)
    if status in PRESENT and before not in PRESENT and not chat.is_private:
        world.post(chat, by, Content(media={"new_chat_members": [world.person(who)]}))


def _tell_bot(world: World, chat: Chat, bot_id: int, before: str, by: int) -> None:
    change = {
        "chat": world.chat_json(chat),
        "from": world.person(by),
        "date": world.clock.timestamp(),
        "old_chat_member": member_json(world, bot_id, before),
        "new_chat_member": member_json(world, bot_id, chat.members[bot_id]),
    }
    world.notify(world.bots[bot_id], "my_chat_member", change)


def upgrade(world: World, group: Chat, by: int) -> Chat:
    """Make a basic group a supergroup; both sides of the move are told in the chats."""
    successor = world.upgrade(group)
    for chat in (group, successor):
        world.feed.emit("chat", chat=world.chat_state(chat))
    world.post(group, by, Content(media={"migrate_to_chat_id": successor.id}))
    world.post(successor, by, Content(media={"migrate_from_chat_id": group.id}))
    return successor
