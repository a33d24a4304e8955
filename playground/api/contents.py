"""What a bot wants to say: reads the parameters of a send or edit into a `Content`."""

from collections.abc import Callable

from playground.api.params import Params
from playground.text.entities import CAPTION_LIMIT, TEXT_LIMIT, trimmed, units, with_detected
from playground.text.markup import parse_html
from playground.text.refusals import Json, Refusal, bad_request
from playground.world.files import StoredFile, media
from playground.world.messages import Content
from playground.world.polls import new_poll
from playground.world.world import World

FILE_KINDS = ("photo", "video", "voice", "audio", "document", "animation", "video_note", "sticker")
_UNCAPTIONED = ("video_note", "sticker")
_CONTROL = {code: " " for code in range(32) if chr(code) != "\n"} | {ord("\r"): None}
_PARSE_LIMIT = 1 << 15  # bytes before parsing, tdlib's own


def text_content(world: World, params: Params) -> Content:
    """Read the text of sendMessage or editMessageText."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    text, marks = _formatted(world, params, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return Content(text, marks)


def caption_content(world: World, params: Params, fields: Json) -> Content:
    """Put the caption of the parameters under media fields."""
    text, marks = _formatted(world, params, "caption", "caption_entities")
    if units(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return Content(text, marks, fields)


def file_content(world: World, params: Params, kind: str) -> Content:
    """Read a file and its caption: sendPhoto and its like."""
    stored = _stored(world, params, kind, params.text(kind), kind)
    if kind in _UNCAPTIONED:
        return Content(media=media(stored))
    return caption_content(world, params, media(stored))


def input_media(world: World, params: Params, item: Json) -> Content:
    """Read one InputMedia, of an album or an edit."""
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = str(item.get("type", ""))
    if kind not in FILE_KINDS:
        raise bad_request(f"can't parse InputMedia: type {kind!r} is unsupported")
    stored = _stored(world, params, kind, str(item.get("media", "")), "media")
    return caption_content(world, Params(item, params.uploads), media(stored))


def _stored(world: World, params: Params, kind: str, value: str, field: str) -> StoredFile:
    upload = params.upload(value or field)
    if upload is None:
        return _sent_before(world, kind, value)
    size = len(upload.data)
    if size > world.files.sizes.upload:
        raise Refusal(413, "Request Entity Too Large")
    if kind == "photo" and size > world.files.sizes.photo:
        limit = world.files.sizes.photo
        problem = f"file of size {size} bytes is too big for a photo"
        raise bad_request(f"{problem}; the maximum size is {limit} bytes")
    return world.files.keep(kind, upload.data, name=upload.name, mime=upload.mime)


def _sent_before(world: World, kind: str, value: str) -> StoredFile:
    if not value:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    if value.startswith(("http://", "https://")):
        # This machine is the whole world: nothing is fetched from outside it.
        raise bad_request("failed to get HTTP URL content")
    return world.files.reuse(kind, value)


def _formatted(world: World, params: Params, name: str, marks: str) -> tuple[str, list[Json]]:
    """Read a text with its parse_mode or its list of entities, trimmed as Telegram does."""
    text = params.text(name).translate(_CONTROL)
    if len(text.encode()) > _PARSE_LIMIT:
        raise bad_request("text is too long")
    mode = params.text("parse_mode").lower()
    if mode == "html":
        text, found = parse_html(text)
    elif mode in ("", "none"):
        found = _given(params, marks)
    else:
        raise bad_request("unsupported parse_mode")
    return trimmed(text, with_detected(text, _named(world, found)))


def _given(params: Params, name: str) -> list[Json]:
    given = params.json(name, "entities") or []
    known = {"type", "offset", "length"}
    if not isinstance(given, list) or not all(known <= item.keys() for item in given):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    return given


def _named(world: World, found: list[Json]) -> list[Json]:
    """Fill in the person of each mention; drop mentions of people nobody knows."""
    return [named for entity in found if (named := _with_person(world, entity))]


def _with_person(world: World, entity: Json) -> Json | None:
    if entity["type"] != "text_mention":
        return entity
    person = world.users.get(entity["user"]["id"])
    return entity | {"user": person.as_json()} if person else None


# -- what has no file -------------------------------------------------------------------


def location_content(_world: World, params: Params) -> Content:
    """Read a point on the map, in degrees."""
    point = {name: params.decimal(name) for name in ("latitude", "longitude")}
    for name, value in point.items():
        if value is None:
            raise bad_request(f"{name} is empty")
    return Content(media={"location": point})


def contact_content(_world: World, params: Params) -> Content:
    """Read a telephone number and a name."""
    contact = {name: params.text(name) for name in ("phone_number", "first_name", "last_name")}
    for name in ("phone_number", "first_name"):
        if not contact[name]:
            raise bad_request(f"{name.replace('_', ' ')} is empty")
    return Content(media={"contact": {key: value for key, value in contact.items() if value}})


def poll_content(world: World, params: Params) -> Content:
    """Read a poll of 2 to 12 options."""
    options = params.json("options", "options") or []
    texts = [option["text"] if isinstance(option, dict) else str(option) for option in options]
    if not params.text("question"):
        raise bad_request("poll question must be non-empty")
    if len(texts) < 2:
        raise bad_request("poll must have at least 2 option")
    if len(texts) > 12:
        raise bad_request("poll can't have more than 12 options")
    poll = new_poll(
        next(world.ids),
        params.text("question"),
        texts,
        is_anonymous=params.flag("is_anonymous") or not params.text("is_anonymous"),
        kind=params.text("type", "regular"),
        several=params.flag("allows_multiple_answers"),
    )
    return Content(media={"poll": poll})


ContentReader = Callable[[World, Params], Content]


def reader_of(kind: str) -> ContentReader:
    """Bind `file_content` to a kind."""
    return lambda world, params: file_content(world, params, kind)
