"""The workflows' own sections of the config: the settings that they declare, and their clocks.

Types and bounds are the workflow's (`workflows.core.settings`); what does not fit is told in the
same words as for every other key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import FieldInfo, asdict, fields
from pydantic import BaseModel, Field, StringConstraints, create_model

from bot.config.clocks import tables
from bot.config.sections import Moment, Part
from workflows.core.policy import ClockDefaults
from workflows.core.settings import NoSettings
from workflows.registry import CLOCKS, SETTINGS

S = TypeVar("S", bound=Struct)
_BOUNDS = ("gt", "ge", "lt", "le", "multiple_of", "pattern", "min_length", "max_length")
_READ = {str: Annotated[str, StringConstraints(strip_whitespace=True)], time: Moment}


class _Table(Part):
    """A table that becomes one of a workflow's values."""

    made: ClassVar[type[Struct]]


def sections(
    clocks: Mapping[str, ClockDefaults], settings: Mapping[str, type[Struct]]
) -> type[BaseModel]:  # fmt: skip
    """The section of each workflow, as [council] and [council.clocks.voting]; the first one's keys
    are the top's (see `moved`), and its clocks are Sla.
    """
    first, *others = clocks
    keys = keys_of(settings.get(first, NoSettings))
    for kind in others:
        own, said = tables(clocks[kind]), keys_of(settings.get(kind, NoSettings))
        section = create_model(kind, __base__=Part, clocks=(own, own()), **said)
        keys[kind] = (section, section())
    return create_model("Sections", **keys)


def keys_of(settings: type[Struct]) -> dict[str, Any]:
    """The keys of a section that is read into these, as `create_model` takes them."""
    return {one.name: (_read_as(one.type), _default(one)) for one in fields(settings)}


def read_into(settings: type[S], section: BaseModel) -> S:
    """What a section says of them. Raises ValueError where they do not go together."""
    return settings(**{one.name: _value(getattr(section, one.name)) for one in fields(settings)})


def no_value(settings: type[Struct], section: BaseModel) -> str:
    """Why they do not go together, or ""."""
    try:
        read_into(settings, section)
    except ValueError as error:
        return str(error)
    return ""


def _default(one: FieldInfo) -> Any:
    """What holds where the key is not there, checked like what is: a table is one there too."""
    if one.required:
        return ...
    told = one.default if one.default is not NODEFAULT else one.default_factory()
    return Field(default=_told(told), validate_default=True)


def _told(value: Any) -> Any:
    """A workflow's value as the file would say it."""
    if isinstance(value, Struct):
        return {key: _told(one) for key, one in asdict(value).items()}
    if isinstance(value, tuple):
        return tuple(map(_told, value))
    return {key: _told(v) for key, v in value.items()} if isinstance(value, Mapping) else value


def _read_as(declared: Any) -> Any:
    """A declared type as pydantic reads it."""
    origin, inner = get_origin(declared), get_args(declared)
    if origin is Annotated:
        return Annotated[_read_as(inner[0]), *map(_bounds, inner[1:])]
    if isinstance(declared, type) and issubclass(declared, Struct):
        return _table(declared)
    if not inner or origin is Literal:
        return _READ.get(declared, declared)
    read = tuple(map(_read_as, inner))
    return Union[read] if origin is UnionType else origin[read]  # noqa: UP007 - made of a tuple


def _bounds(declared: Meta) -> Any:
    found = {name: getattr(declared, name) for name in _BOUNDS}
    return Field(**{name: bound for name, bound in found.items() if bound is not None})


def _table(declared: type[Struct]) -> type[_Table]:
    table = create_model(declared.__name__, __base__=_Table, **keys_of(declared))
    table.made = declared
    return table


def _value(read: Any) -> Any:
    """What was read, with the workflow's own values for tables."""
    if isinstance(read, _Table):
        return read_into(read.made, read)
    if isinstance(read, tuple):
        return tuple(map(_value, read))
    return {key: _value(one) for key, one in read.items()} if isinstance(read, Mapping) else read


if TYPE_CHECKING:  # made by what the workflows declare, which no checker can see
    Sections = BaseModel
else:
    Sections = sections(CLOCKS, SETTINGS)
