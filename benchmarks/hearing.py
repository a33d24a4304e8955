"""Measures how a message is understood: `python -m benchmarks.hearing FILE.csv [--show]`.

FILE has the columns text, with (what came with it), open (what is this person's: whose hands,
state, words), reply (to which of them), dialog (what the bot is in the middle of), is (what it is,
of which of them) and may_ask. Prints figures; with --show what was asked or judged wrongly, too.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from benchmarks.categories import Share
from benchmarks.petitions import example_rules
from workflows.core.numbers import format_number
from workflows.core.policy import Rules
from workflows.danger import danger
from workflows.hearing.language import Hearing
from workflows.petition.hearing.hearing import understand
from workflows.petition.hearing.meaning import Guess, Matter, Meaning, Situation, Understood
from workflows.petition.hearing.numbers import number_in
from workflows.petition.words import State

_FIRST = 1001  # the id of what is open first


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A message in its situation, what it is, and whether it may be asked about."""

    at: Situation
    meaning: Guess
    may_ask: bool


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The same with what was understood."""

    said: Labelled
    found: Understood

    @property
    def is_right(self) -> bool:
        """Whether it was understood without a question."""
        return self.found.is_sure and self.found.first == self.said.meaning

    @property
    def is_asked(self) -> bool:
        """Whether it was asked, and what it is among the answers."""
        offered = {_as_asked(guess) for guess in self.found.guesses}
        return not self.found.is_sure and _as_asked(self.said.meaning) in offered

    @property
    def is_asked_in_vain(self) -> bool:
        """Whether it was asked though it was plain, or what it is was not among the answers."""
        is_plain = self.is_asked and not self.said.may_ask
        return is_plain or (not self.found.is_sure and not self.is_asked)

    @property
    def is_wrong(self) -> bool:
        """Whether it was taken for something else without a question."""
        return self.found.is_sure and not self.is_right


def read_labelled(path: Path, rules: Rules) -> list[Labelled]:
    """The messages of a file. Raises ValueError for a word that is none."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [_labelled(row, rules) for row in csv.DictReader(lines)]


def _as_asked(guess: Guess) -> tuple[Meaning, int]:
    """What has one button when it is asked: what comes of it is the same."""
    meaning = guess.meaning
    if guess.verb in _SAME_BUTTON:
        meaning = _SAME_BUTTON[guess.verb]
    return _ONE_BUTTON.get(meaning, meaning), guess.about


_ONE_BUTTON = {
    Meaning.FOLLOWUP: Meaning.ADDITION, Meaning.ANSWER: Meaning.ADDITION,
    Meaning.GREETING: Meaning.HUMAN, Meaning.THANKS: Meaning.HUMAN, Meaning.NOTHING: Meaning.HUMAN,
}  # fmt: skip
_SAME_BUTTON = {"withdraw": Meaning.SOLVED, "nudge": Meaning.ADDITION, "unsolved": Meaning.UNSOLVED}


def _labelled(row: dict[str, str], rules: Rules) -> Labelled:
    matters = tuple(_matter(i, m) for i, m in enumerate(_parts(row["open"], " | ")))
    meaning, *more = row["is"].split()
    *verb, about = [*more] if more and more[-1].isdecimal() else [*more, "0"]
    text = _numbered(row["text"])
    return Labelled(
        at=_situation(row, text, matters, rules),
        meaning=Guess(Meaning(meaning), _id(about), "".join(verb)),
        may_ask=row["may_ask"] == "yes",
    )


def _parts(text: str, seam: str) -> list[str]:
    return text.split(seam) if text else []


def _id(nth: str) -> int:
    return _FIRST + int(nth) - 1 if nth != "0" else 0


def _matter(index: int, written: str) -> Matter:
    whose, state, text = written.split(":", 2)
    return Matter(id=_FIRST + index, state=State(state), text=text, is_work=whose == "w")


def _numbered(text: str) -> str:
    for nth in "12":
        text = text.replace("{" + nth + "}", format_number(_id(nth)))
    return text


def _situation(
    row: dict[str, str], text: str, matters: tuple[Matter, ...], rules: Rules
) -> Situation:
    doing, _, nth = row["dialog"].rpartition(" ")
    doing = doing or row["dialog"]
    if doing == "just confirm":  # rated poorly
        matters = tuple(replace(m, wants_reason=True) for m in matters)
    found = number_in(text, {m.id for m in matters}, rules.hearing)
    return Situation(
        text=text, has_file=row["with"] in {"photo", "voice", "video"},
        has_position=row["with"] == "location", matters=matters, replied=_id(row["reply"] or "0"),
        number=found.number, is_number_alone=found.is_alone,
        is_danger=danger.is_said(text, rules.danger),
        **_dialog(doing, _id(nth) if nth.isdecimal() else 0),
    )  # fmt: skip


def _dialog(doing: str, about: int) -> dict[str, object]:
    if doing.startswith("just"):
        return {"just": about}
    if doing in {"answer", "resolve"}:
        return {"asked": doing, "asked_about": about}
    return {"step": "preview" if doing == "aged" else doing, "is_aged": doing == "aged"}


def judge(labelled: Iterable[Labelled], language: Hearing) -> list[Judged]:
    """Each message in its situation."""
    return [Judged(said=one, found=understand(one.at, language)) for one in labelled]


def right(judged: Iterable[Judged]) -> Share:
    """How many were understood without a question."""
    return _share([one.is_right for one in judged])


def asked(judged: Iterable[Judged]) -> Share:
    """How many were asked, where that may be."""
    return _share([one.is_asked and not one.is_asked_in_vain for one in judged])


def in_vain(judged: Iterable[Judged]) -> Share:
    """How many were asked where it is plain, or without the right answer among the buttons."""
    return _share([one.is_asked_in_vain for one in judged])


def wrong(judged: Iterable[Judged]) -> Share:
    """How many were taken for something else without a question."""
    return _share([one.is_wrong for one in judged])


def _share(answers: list[bool]) -> Share:
    return Share(part=sum(answers), whole=len(answers))


def as_lines(judged: Sequence[Judged]) -> list[str]:
    """The report."""
    return [
        "what         right           asked           asked in vain   wrong in silence",
        _line("all", judged),
        *(_line(m, [j for j in judged if j.said.meaning.meaning is m]) for m in Meaning),
    ]


def _line(name: str, judged: Sequence[Judged]) -> str:
    figures = (right(judged), asked(judged), in_vain(judged), wrong(judged))
    return f"{name:11}  " + "    ".join(f"{figure!s:12}" for figure in figures).rstrip()


def shown(judged: Iterable[Judged]) -> list[str]:
    """Each message that was not understood at once, with what was made of it."""
    return [_shown(one) for one in judged if not one.is_right]


def _shown(one: Judged) -> str:
    found = " / ".join(f"{g.meaning} {g.about or ''}{g.verb}" for g in one.found.guesses)
    what = "WRONG" if one.is_wrong else "vain" if one.is_asked_in_vain else "asked"
    meant, at = one.said.meaning, one.said.at
    where = ",".join(m.state for m in at.matters) or at.step
    is_ = f"{meant.meaning} {meant.about or ''}{meant.verb}"
    return f"{what}: {at.text!r} [{where}] is {is_}: {found}"


def main(argv: list[str] | None = None) -> int:
    """Print the report."""
    parser = argparse.ArgumentParser("python -m benchmarks.hearing")
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--show", action="store_true", help="what was not understood, too")
    given = parser.parse_args(argv)
    rules = example_rules()
    judged = judge(read_labelled(given.file, rules), rules.hearing)
    print("\n".join([*as_lines(judged), *(["", *shown(judged)] if given.show else [])]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
