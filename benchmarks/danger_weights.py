"""What the ear for danger was taught, as the file that `bot/config/danger_ear.py` reads."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

from workflows.danger.ear import Ear, Weights

_HEAD = "# 由 python -m benchmarks.danger_training 写成，不要手改；说明见 docs/danger.md。"


def as_toml(ear: Ear) -> str:
    """The file, sorted: for each weight the n-grams that have it."""
    lines = [_HEAD, f"doubt = {ear.doubt}", f"sure = {ear.sure}", f"clear = {ear.clear}"]
    lines += _table("danger", ear.danger)
    for kind in sorted(ear.kinds):
        lines += _table(f"kinds.{kind}", ear.kinds[kind])
    return "\n".join([*lines, ""])


def _table(name: str, weights: Weights) -> Iterator[str]:
    alike: dict[int, list[str]] = defaultdict(list)
    for gram, weight in sorted(weights.grams.items()):
        alike[weight].append(gram)
    yield from ("", f"[{name}]", f"bias = {weights.bias}", "", f"[{name}.grams]")
    for weight in sorted(alike):
        yield f"{weight} = {json.dumps(' '.join(alike[weight]), ensure_ascii=False)}"
