"""Tables and diagrams as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workflows.core.engine.machine import TableMachine


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A head and its rows."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def mermaid(machine: TableMachine, start: str, labels: Mapping[str, str]) -> str:
    """A machine as a Mermaid state diagram."""
    arrows = machine.arrows()
    lines = [f"    {name}: {text}" for name, text in labels.items()]
    lines += [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in sorted(arrows.items())]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {start}", *lines, "```"])
