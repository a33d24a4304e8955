"""Jinja's environment, without what it does again at every drawing: a template means the same."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any

import jinja2
import segno
from jinja2 import BaseLoader, Template
from jinja2.runtime import Context, Macro
from markupsafe import Markup

_CODES = 64  # remembered: of one page to print
_FOR_CONTEXTS = {"_loop_vars", "_block_vars"}  # what a template adds to a call inside a loop
_DICTS_OWN = frozenset(dir(dict))


@lru_cache(_CODES)
def qr(text: str) -> Markup:
    """A text as a code to scan, an SVG that takes the size of its place."""
    return Markup(segno.make(text, error="m", micro=False).svg_inline(omitsize=True))  # noqa: S704 - our own


class _Context(Context):
    """Knows what a macro wants to be given, which Jinja asks at every call."""

    def call(self, obj: Callable[..., Any], /, *args: Any, **told: Any) -> Any:
        if type(obj) is Macro and told.keys() <= _FOR_CONTEXTS:
            return obj(self.eval_ctx, *args)
        return super().call(obj, *args, **told)


class Environment(jinja2.Environment):
    """Jinja's, without what it does again at every drawing."""

    context_class = _Context

    def __init__(self, **told: Any) -> None:
        super().__init__(**told)
        self._found: dict[tuple[BaseLoader | None, str], Template] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dict: importing a macro compares a template's globals with its own."""
        return {**self.globals, **(d or {})}

    def get_template(
        self, name: str | Template, parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - as the base calls it
    ) -> Template:  # fmt: skip
        """What was found once stays: no file changes while the bot runs."""
        if globals or not isinstance(name, str):
            return super().get_template(name, parent, globals)
        found = self._found.get((self.loader, name))
        if found is None:
            found = self._found[self.loader, name] = super().get_template(name, parent)
        return found

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A dict is asked for its key first, unless that is the name of a method."""
        if type(obj) is dict and attribute in obj and attribute not in _DICTS_OWN:
            return obj[attribute]
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)
