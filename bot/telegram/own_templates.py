"""What is wrong in a community's own templates, with file and line, before anybody reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from bot.config.checks import Mistake
from bot.config.danger_words import read_danger
from bot.config.hearing_words import read_hearing
from bot.config.locales import own_folders
from bot.config.settings import Settings
from bot.config.wording import read_choices, read_private
from bot.config.words import read_words
from bot.telegram.render import DEFAULTS, Renderer

# To every message:
_GIVEN = {"letter", "ticket", "kind", "card", "reader", "people", "now", "is_card", "offices"}


def check_own(settings: Settings, renderer: Renderer | None = None) -> list[Mistake]:
    """Every mistake in the community's own texts; none without a folder of its own."""
    own = settings.own_templates
    if own is None:
        return []
    known = [category.key for category in settings.categories]
    drawing = renderer or Renderer(settings.locale, settings.rules({}), own=own)
    choices, words = read_choices(settings.locale, own, known), read_words(settings.locale, own)
    dangers = read_danger(settings.locale, own)
    hearing = read_hearing(settings.locale, own)
    found = [m for path in _messages(settings.locale, own) for m in _wrong_in(path, drawing)]
    private = read_private(settings.locale, own)[1]
    return [*words[1], *choices[1], *dangers[1], *hearing[1], *private, *found]


def _messages(locale: str, own: Path) -> Iterator[Path]:
    for folder in own_folders(locale, own):
        yield from sorted(folder.glob("*.html"))


def _wrong_in(path: Path, renderer: Renderer) -> Iterator[Mistake]:
    if path.name not in renderer.builtin.list_templates():
        yield Mistake(str(path), "is no message of the bot's")
        return
    try:
        text = path.read_text("utf-8")
        renderer.environment.compile(text, path.name, str(path))
        yield from _unknown_in(path, renderer.environment.parse(text), renderer.builtin)
    except UnicodeDecodeError:
        yield Mistake(str(path), "is not UTF-8; save it with that encoding")
    except TemplateSyntaxError as error:
        yield Mistake(f"{path}:{error.lineno}", error.message or "is no template")


def _unknown_in(path: Path, tree: nodes.Template, builtin: Environment) -> Iterator[Mistake]:
    """Names that this message is not filled with, and files that are not there."""
    loader = builtin.loader
    assert loader
    usual = builtin.parse(loader.get_source(builtin, path.name)[0])
    known = (
        meta.find_undeclared_variables(usual) | DEFAULTS.keys() | builtin.globals.keys() | _GIVEN
    )
    unknown = meta.find_undeclared_variables(tree) - known
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            yield Mistake(f"{path}:{name.lineno}", f'this message has no "{name.name}"')
    there = {*builtin.list_templates(), None}
    for missing in set(meta.find_referenced_templates(tree)) - there:
        yield Mistake(str(path), f'there is no "{missing}"')
