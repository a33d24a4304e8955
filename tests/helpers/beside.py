"""What the templates of a workflow beside the first say: its tests bring samples of them.

`tests/<kind>/samples.py` has `letters(template, said)`, every letter that there can be of one, and
`plain_values(said)`, what a template is filled with that is about no subject.
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
    spec = spec_from_file_location(f"{kind}_samples", TESTS / kind / "samples.py")
    assert spec and spec.loader, f"tests/{kind}/samples.py is missing"
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
