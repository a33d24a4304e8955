"""The weights by which a locale's ear hears danger: learnt ones, read from a file.

`benchmarks/danger_training.py` writes it. A community's own file takes the place of the built-in
one; what cannot be used is a mistake to put right, and the built-in one holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct, ValidationError, convert, field

from bot.config.checks import Mistake
from bot.config.locales import locate
from bot.config.sources.files import read_toml
from bot.config.wording import own_tree
from workflows.danger.danger import Danger
from workflows.danger.ear import Ear, Weights

EAR = "danger_ear.toml"
_Likely = Annotated[float, Meta(gt=0, lt=1)]


class _Written(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Weights as the file writes them: for each weight the n-grams that have it."""

    bias: int
    grams: dict[int, str]

    @property
    def weights(self) -> Weights:
        """The other way round."""
        known = {gram: weight for weight, said in self.grams.items() for gram in said.split(" ")}
        return Weights(bias=self.bias, grams=known)


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    doubt: _Likely
    sure: _Likely
    clear: _Likely
    danger: _Written
    kinds: dict[Danger, _Written] = field(default_factory=dict)


def read_ear(locale: str, own: Path | None = None) -> tuple[Ear | None, list[Mistake]]:
    """A locale's ear, or a community's own, and what is wrong with that; None where is none."""
    tree, mistakes = own_tree(locale, own, EAR)
    builtin = _builtin(locate(locale, EAR))
    if not tree:
        return builtin, mistakes
    try:
        return _as_ear(tree), mistakes
    except ValidationError as error:
        return builtin, [*mistakes, Mistake("danger_ear", str(error))]


@cache
def _builtin(path: Path | None) -> Ear | None:
    """The same value for everybody: some ten thousand weights, read once."""
    tree = read_toml(path)[0] if path else None
    return _as_ear(tree) if tree else None


def _as_ear(tree: Mapping[str, Any]) -> Ear:
    read = convert(tree, _File, str_keys=True)
    return Ear(
        danger=read.danger.weights,
        kinds={kind: written.weights for kind, written in read.kinds.items()},
        doubt=read.doubt,
        sure=read.sure,
        clear=read.clear,
    )
