"""What the tests of all workflows cannot know of one: its own tests bring samples of it.

`tests/<kind>/samples.py` has SAMPLE, how its subjects begin (see `trials`). Of a workflow beside
the first it has what its templates say, too: `letters(template, said)`, every letter that there can
be of one, and `plain_values(said)`, what a template is filled with that is about no subject.
"""

from __future__ import annotations

from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

TESTS = Path(__file__).parents[1]


@cache
def samples(kind: str) -> ModuleType:
    """The samples of a workflow."""
    path = TESTS / kind / "samples.py"
    assert path.is_file(), f"tests/{kind}/samples.py is missing: how does a new {kind} look?"
    spec = spec_from_file_location(f"{kind}_samples", path)
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
