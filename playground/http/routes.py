"""The people's side over HTTP: JSON under /playground/, for tests, demos and a web page."""

import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from playground.api.answering import answer
from playground.http import people, screen
from playground.http.people import CannotDo, Hand, NotThere
from playground.text.refusals import Json, Refusal
from playground.world.actors import Bot
from playground.world.faults import Fault
from playground.world.files import StoredFile, media
from playground.world.membership import change_membership, upgrade
from playground.world.messages import Chat, Content
from playground.world.world import World

BOT_HEADER = "X-Playground-Bot"
_LONGEST_WAIT = 60.0  # real seconds
Act = Callable[[Hand, Json], Any]


def _send(hand: Hand, request: Json) -> list[int]:
    return hand.say(request["text"], request.get("reply_to"), bool(request.get("split")))


def _file(hand: Hand, request: Json) -> list[int]:
    return [hand.show(people.file_content(hand.world, request["kind"], request))]


def _album(hand: Hand, request: Json) -> list[int]:
    kind = request.get("kind", "photo")
    items = [people.file_content(hand.world, kind, item) for item in request["items"]]
    return hand.show_album(items)


def _shower(make: Callable[[Hand, Json], Content]) -> Act:
    return lambda hand, request: [hand.show(make(hand, request))]


ACTS: dict[str, Act] = {
    "start": lambda hand, request: hand.start(request.get("payload", "")),
    "send": _send,
    "file": _file,
    "album": _album,
    "location": _shower(lambda _, request: people.location_content(request)),
    "contact": _shower(lambda hand, request: people.contact_content(hand.user, request)),
    "dice": _shower(lambda hand, _: people.dice_content(hand.world)),
    "poll": _shower(lambda hand, request: people.poll_content(hand.world, request)),
    "forward": lambda hand, request: [hand.forward(request["message_id"])],
    "edit": lambda hand, request: hand.edit(request["message_id"], request["text"]),
    "move": lambda hand, request: hand.move(
        request["message_id"], people.location_content(request)
    ),
    "delete": lambda hand, request: hand.delete(request["message_id"]),
    "vote": lambda hand, request: hand.vote(request["message_id"], request["options"]),
    "tap": lambda hand, request: screen.tap(hand, request["button"], request.get("message_id")),
    "press": lambda hand, request: hand.press(request["data"], request["message_id"]),
    "block": lambda hand, _: hand.block(),
    "unblock": lambda hand, _: hand.unblock(),
    "join": lambda hand, _: hand.join(),
    "leave": lambda hand, _: hand.leave(),
}


class PeopleApi:
    """The endpoints under /playground/. Errors are 400 or, for what is not there, 404."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def _body(self, request: Request) -> Json:
        read = json.loads(await request.body() or b"{}")
        return read if isinstance(read, dict) else {}

    def _bot(self, request: Request) -> Bot:
        """The bot talked to: named by its token in a header, or the only one there is."""
        token = request.headers.get(BOT_HEADER) or request.query_params.get("bot")
        if token:
            return self.world.bot_by_token(token)
        if len(self.world.bots) == 1:
            return next(iter(self.world.bots.values()))
        raise CannotDo(f"name the bot: put its token into the header {BOT_HEADER}")

    def _hand(self, request: Request, chat_id: int | None) -> Hand:
        user = self.world.users.get(request.path_params["user_id"])
        if user is None:
            raise NotThere("there is no such person")
        return Hand(self.world, self._bot(request), user, chat_id)

    def _group(self, request: Request) -> Chat:
        group = self.world.groups.get(int(request.path_params["chat_id"]))
        if group is None:
            raise NotThere("there is no such group")
        return group

    # -- people and groups --------------------------------------------------------------

    async def add_user(self, request: Request) -> Response:
        """Make a person: {name, user_id?, username?}."""
        body = await self._body(request)
        user = self.world.add_user(body["name"], body.get("user_id"), body.get("username") or "")
        self.world.feed.emit("user", user=user.as_json() | {"gone": False})
        return answer({"user_id": user.id, "name": user.name})

    async def list_chats(self, _request: Request) -> Response:
        """List the people and groups there are."""
        users = [asdict(user) for user in self.world.users.values()]
        groups = [self.world.chat_json(chat) for chat in self.world.groups.values()]
        return answer({"users": users, "groups": groups})

    async def act(self, request: Request) -> Response:
        """Let a person do one of `ACTS`; answers {"result": …}."""
        act = ACTS.get(request.path_params["act"])
        if act is None:
            raise NotThere(f"nobody can {request.path_params['act']}")
        body = await self._body(request)
        return answer({"result": act(self._hand(request, body.get("chat")), body)})

    async def deactivate(self, request: Request) -> Response:
        """Delete a person's account."""
        user = self._hand(request, None).user
        user.deactivated = True
        self.world.feed.emit("user", user=user.as_json() | {"gone": True})
        return answer({"result": None})

    async def add_group(self, request: Request) -> Response:
        """Make a group with the bot in it: {title, members, chat_id?, bot_status?, topics?}."""
        body = await self._body(request)
        bot, members = self._bot(request), body.get("members") or []
        group = self.world.add_group(body["title"], members, body.get("chat_id"))
        group.topics = [int(topic) for topic in body.get("topics") or []]
        self.world.feed.emit("chat", chat=self.world.chat_state(group))
        by = next(iter(members), bot.id)
        change_membership(self.world, group, bot.id, body.get("bot_status") or "member", by=by)
        return answer({"chat_id": group.id, "title": group.title})

    async def change_bot(self, request: Request) -> Response:
        """Give the bot a status in a group: {status: member|administrator|left|kicked}."""
        group, body = self._group(request), await self._body(request)
        owner = next(iter(group.members))
        change_membership(self.world, group, self._bot(request).id, body["status"], by=owner)
        return answer({"result": None})

    async def upgrade(self, request: Request) -> Response:
        """Make a basic group a supergroup; answers with its new chat_id."""
        group = self._group(request)
        if group.kind != "group" or group.migrated_to is not None:
            raise CannotDo("only a basic group can be upgraded, once")
        successor = upgrade(self.world, group, by=next(iter(group.members)))
        return answer({"chat_id": successor.id, "title": successor.title})

    # -- looking ------------------------------------------------------------------------

    async def inbox(self, request: Request) -> Response:
        """List what a person sees in a chat after a message id, waiting `wait` real seconds."""
        query = request.query_params
        hand = self._hand(request, int(query["chat"]) if "chat" in query else None)
        after = int(query.get("after", "0"))
        wait = min(float(query.get("wait", "0")), _LONGEST_WAIT)
        if wait and not self._heard(hand, after):
            await self._listen(hand, after, wait)
        bots = set(self.world.bots)
        return answer({"messages": [screen.seen(each, bots) for each in hand.chat.after(after)]})

    def _heard(self, hand: Hand, after: int) -> bool:
        return any(message.sender != hand.user.id for message in hand.chat.after(after))

    async def _listen(self, hand: Hand, after: int, wait: float) -> None:
        while await hand.chat.changed.wait(wait):
            if self._heard(hand, after):
                return

    async def toasts(self, request: Request) -> Response:
        """List what answered callbacks showed to a person, oldest first."""
        hand = self._hand(request, None)
        shown = hand.bot.toasts.get(hand.user.id, [])
        return answer({"toasts": [asdict(toast) for toast in shown]})

    async def file(self, request: Request) -> Response:
        """Serve the bytes of a file a person sees, by its id."""
        stored = self.world.files.by_id.get(request.path_params["file_id"])
        if stored is None:
            raise NotThere("there is no such file")
        return Response(stored.data, headers=_file_headers(stored))

    # -- the bot, as the world sees it --------------------------------------------------

    async def state(self, request: Request) -> Response:
        """Tell how many updates the bot has not confirmed, and what it has set up."""
        bot = self._bot(request)
        bot.mailbox.expire(self.world.clock.timestamp())
        return answer(
            {
                "bot": bot.as_json(),
                "pending": len(bot.mailbox.pending),
                "dropped": bot.mailbox.dropped,
                "commands": bot.commands,
            }
        )

    async def raw_update(self, request: Request) -> Response:
        """Queue any update for the bot, however malformed: {kind, payload}."""
        body = await self._body(request)
        self.world.notify(self._bot(request), body["kind"], body["payload"])
        return answer({"result": None})

    async def revoke(self, request: Request) -> Response:
        """Revoke the bot's token: from now on it gets 401."""
        self.world.revoked.add(self._bot(request).token)
        return answer({"result": None})

    async def add_fault(self, request: Request) -> Response:
        """Let a fault wait for its calls: the fields of `Fault`."""
        self.world.faults.add(Fault(**await self._body(request)))
        return await self.faults(request)

    async def faults(self, _request: Request) -> Response:
        """List the faults that wait for their calls."""
        return answer({"result": [asdict(fault) for fault in self.world.faults.waiting]})

    async def clear_faults(self, request: Request) -> Response:
        """Forget all faults and let hanging calls go on."""
        self.world.faults.clear()
        return answer({"result": None})

    async def set_limits(self, request: Request) -> Response:
        """Change fields of `Limits`, such as {"enabled": false}."""
        for name, value in (await self._body(request)).items():
            if name not in asdict(self.world.limits):
                raise CannotDo(f"there is no limit {name!r}")
            setattr(self.world.limits, name, value)
        return answer(asdict(self.world.limits))

    async def calls(self, request: Request) -> Response:
        """List the Bot API calls after a number."""
        after = int(request.query_params.get("after", "0"))
        return answer({"calls": self.world.calls.after(after)})

    # -- time ---------------------------------------------------------------------------

    async def clock(self, request: Request) -> Response:
        """Tell the time; with ?after=<version> wait for a change, `timeout` real seconds."""
        query, clock = request.query_params, self.world.clock
        if "after" in query:
            wait = min(float(query.get("timeout", "30")), _LONGEST_WAIT)
            await clock.wait(int(query["after"]), wait)
        return answer(self.world.time())

    async def set_clock(self, request: Request) -> Response:
        """Change the time: {"now": iso}, {"advance": seconds}, {"rate": n} or several."""
        body, clock = await self._body(request), self.world.clock
        if "now" in body:
            clock.set(datetime.fromisoformat(body["now"]))
        if "advance" in body:
            clock.advance(float(body["advance"]))
        if "rate" in body:
            clock.run(float(body["rate"]))
        return answer(self.world.time())

    async def events(self, _request: Request) -> Response:
        """Stream world changes as server-sent events until the client leaves."""
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        queue = self.world.feed.listen()
        try:
            yield ": connected\n\n"
            while (event := await queue.get()) is not None:
                yield f"data: {json.dumps(event)}\n\n"
        finally:
            self.world.feed.listeners.discard(queue)


def _file_headers(stored: StoredFile) -> dict[str, str]:
    """Whatever somebody uploaded: a browser shows it as a medium or keeps it, but never runs it."""
    described = media(stored).get(stored.kind)
    mime = described.get("mime_type") if isinstance(described, dict) else "image/jpeg"
    is_medium = re.fullmatch(r"(image/(png|jpeg|gif|webp)|video/\w+|audio/\w+)", mime or "")
    name = quote(stored.name or stored.path.rpartition("/")[2])
    way = "inline" if is_medium else "attachment"
    return {
        "content-type": mime if mime and is_medium else "application/octet-stream",
        "content-disposition": f"{way}; filename*=UTF-8''{name}",
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
    }


async def explain(_request: Request, error: Exception) -> Response:
    """Turn what a person cannot do, or a request that makes no sense, into its answer."""
    if isinstance(error, Refusal):
        return answer(error.as_json(), error.code)
    kind = "missing field " if isinstance(error, KeyError) else ""
    status = 404 if isinstance(error, NotThere) else 400
    return answer({"error": f"{kind}{error}"}, status)
