"""Writes the parts of the docs that come from the code: `make docs`. A test keeps them current.

The diagrams are drawn from the machines themselves, the tables from each workflow's value, the
words from the locale's files, so that nobody has a second place to learn a workflow.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from bot.config.settings import load
from bot.config.words import read_words
from docs.markdown import mermaid
from docs.workflow_page import Page
from workflows.core.policy import Rules
from workflows.desk.workflow import Workflow
from workflows.petition.intake import conversation
from workflows.registry import WORKFLOWS

ROOT = Path(__file__).parent.parent


def workflow_page(workflow: Workflow) -> str:
    """docs/workflows/<kind>.md: the diagram, the stages, every row, and what it has in the chat."""
    return Page(workflow, read_words("zh")[0], _rules()).text()


def intake_page() -> str:
    """docs/intake.md: the conversation's diagram."""
    return f"""# The intake conversation

Written by `make docs` from `workflows/petition/intake/conversation.py`; change it there. `say` is
whatever the resident sends (words, photos, voice, a location); the other verbs are buttons.

{mermaid(conversation.MACHINE, "empty", {})}
"""


def glossary_page() -> str:
    """docs/glossary.md: the staff's own words, each with what it means."""
    words = read_words("zh")[0].shared["glossary"]
    lines = "".join(f"| {word} | {meaning} |\n" for word, meaning in words.items())
    return f"""# 工作人员的词

`make docs` 照 `templates/zh/` 里 `words.toml` 的 `[glossary]` 写的，要改改那里。
工作人员点「❓ 这些词什么意思」，或者发 `/help` 加一个词，看到的就是这些。居民看的话里，一个也不用。

| 词 | 意思 |
|---|---|
{lines}"""


@cache
def _rules() -> Rules:
    environment = {"HAITANG_TELEGRAM__TOKEN": f"1:{'x' * 35}"}
    return load(ROOT / "config.example.toml", environment).rules({})


PAGES: dict[str, Callable[[], str]] = {
    "intake.md": intake_page,
    "glossary.md": glossary_page,
} | {f"workflows/{workflow.kind}.md": partial(workflow_page, workflow) for workflow in WORKFLOWS}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (ROOT / "docs" / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
