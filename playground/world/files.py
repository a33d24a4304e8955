"""Files in memory, and the media objects of the Bot API that point at them."""

from base64 import b64decode
from dataclasses import dataclass, field

from playground.text.refusals import Json, bad_request

# The smallest picture that a JPEG decoder accepts: what a phone sends unless told otherwise.
TINY_JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////"
    "////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQAB"
    "PxA="
)

_FOLDERS = {"photo": "photos", "video": "videos", "voice": "voice", "video_note": "video_notes"}
_TYPES = {"photo": ".jpg", "video": ".mp4", "voice": ".oga", "video_note": ".mp4"}
_MIMES = {"video": "video/mp4", "voice": "audio/ogg", "audio": "audio/mpeg"}
_TITLES = {"video_note": "VideoNote"}


@dataclass(frozen=True)
class Sizes:
    """The largest files that may pass, in bytes."""

    photo: int = 10 * 2**20
    upload: int = 50 * 2**20
    download: int = 20 * 2**20


@dataclass(frozen=True)
class StoredFile:
    """One file. `size` is what Telegram believes, which a test may set without the bytes."""

    file_id: str
    unique_id: str
    kind: str
    path: str
    size: int
    data: bytes
    name: str = ""
    mime: str = ""


@dataclass
class FileStore:
    """All files of the world, by id and by download path."""

    sizes: Sizes = field(default_factory=Sizes)
    by_id: dict[str, StoredFile] = field(default_factory=dict)
    by_path: dict[str, StoredFile] = field(default_factory=dict)

    def keep(
        self, kind: str, data: bytes, *, name: str = "", mime: str = "", size: int | None = None
    ) -> StoredFile:
        """Store one file of a kind ("photo", "document" …) and give it its ids."""
        number = len(self.by_path) + 1
        ending = _TYPES.get(kind) or ("." + name.rpartition(".")[2] if "." in name else "")
        stored = StoredFile(
            file_id=f"{kind[:2].upper()}AgACAgUAAxk{number:012d}",
            unique_id=f"AQAD{number:010d}",
            kind=kind,
            path=f"{_FOLDERS.get(kind, 'documents')}/file_{number}{_safe(ending)}",
            size=len(data) if size is None else size,
            data=data,
            name=name,
            mime=mime or _MIMES.get(kind, "application/octet-stream"),
        )
        self.by_id[stored.file_id] = self.by_path[stored.path] = stored
        return stored

    def reuse(self, kind: str, file_id: str) -> StoredFile:
        """Find a file to send again; only as the kind it was first sent as."""
        stored = self.by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {_title(stored.kind)} as {_title(kind)}")
        return stored

    def download(self, file_id: str) -> StoredFile:
        """Find a file for getFile, which refuses what is unknown or too big."""
        stored = self.by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if stored.size > self.sizes.download:
            raise bad_request("file is too big")
        return stored


def _title(kind: str) -> str:
    return _TITLES.get(kind, kind.capitalize())


def _safe(ending: str) -> str:
    return ending if ending[1:].isalnum() and len(ending) <= 8 else ""


def media(stored: StoredFile) -> Json:
    """Write a stored file as the field of a message that carries it."""
    if stored.kind == "photo":
        # Real servers make several sizes; bots take the last, so one small one suffices.
        small = _described(stored) | {"width": 90, "height": 68}
        return {"photo": [small, _described(stored) | {"width": 1280, "height": 960}]}
    return {stored.kind: _described(stored) | _extras(stored)}


def _described(stored: StoredFile) -> Json:
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
    }


def _extras(stored: StoredFile) -> Json:
    match stored.kind:
        case "video" | "animation":
            shape = {"width": 1280, "height": 720, "duration": 5}
            return shape | {"mime_type": stored.mime, "file_name": stored.name or "video.mp4"}
        case "video_note":
            return {"length": 240, "duration": 5}
        case "voice" | "audio":
            return {"duration": 5, "mime_type": stored.mime}
        case "sticker":
            flags = {"is_animated": False, "is_video": False}
            return flags | {"type": "regular", "width": 512, "height": 512, "emoji": "🌸"}
    return {"file_name": stored.name or "file", "mime_type": stored.mime}


def file_ids(fields: Json) -> list[str]:
    """List the file ids in a message's media fields, the largest photo size alone."""
    found = (value[-1] if isinstance(value, list) and value else value for value in fields.values())
    return [value["file_id"] for value in found if isinstance(value, dict) and "file_id" in value]
