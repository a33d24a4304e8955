"""The parameters of a Bot API call, read the lenient way Telegram reads them."""

import json
from dataclasses import dataclass, field
from typing import Any

from playground.text.refusals import Json, bad_request


@dataclass(frozen=True)
class Upload:
    """A file that came with a multipart call."""

    name: str
    mime: str
    data: bytes


@dataclass
class Params:
    """Values by name: strings from a form, or whatever a JSON body held."""

    values: Json = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """Read a string; a number becomes its digits."""
        value = self.values.get(name)
        if value is None:
            return default
        text = value if isinstance(value, str) else json.dumps(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise bad_request("strings must be encoded in UTF-8") from None
        return text

    def integer(self, name: str, default: int = 0) -> int:
        """Read a whole number; what is none counts as the default, as on real servers."""
        try:
            return int(self.text(name, str(default)))
        except ValueError:
            return default

    def decimal(self, name: str) -> float | None:
        """Read a number, or None when there is none."""
        try:
            return float(self.text(name))
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        """Read a yes or no."""
        return self.text(name).lower() in ("true", "yes", "1")

    def json(self, name: str, what: str) -> Any:
        """Read a JSON value, or None; `what` names it in Telegram's refusal."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def upload(self, value: str) -> Upload | None:
        """Find the file that `attach://name` points at, or that came in a field so named."""
        return self.uploads.get(value.removeprefix("attach://"))

    def loggable(self) -> Json:
        """The values for a log, with files as their names and sizes."""
        files = {
            name: f"{file.name} ({len(file.data)} bytes)" for name, file in self.uploads.items()
        }
        return self.values | files
