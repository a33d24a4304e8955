"""Teaches the ear for danger: `python -m benchmarks.danger_training [--petitions FILE.csv]`.

Reads the labelled sentences (tests/data/danger.csv) and writes the weights (templates/zh). Real
petitions, where there are some, are heard as plain talk: nothing of them is kept, they only make
our own sentences' n-grams weigh less. With --check nothing is written: every sentence is judged
by weights that were taught without it. Needs benchmarks/requirements.txt.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, sqrt
from pathlib import Path
from typing import TypeVar

import numpy as np
from msgspec.structs import replace
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from benchmarks.danger import Judged, Labelled, as_lines, false_alarms, judge, read_labelled
from benchmarks.petitions import example_rules, read
from bot.danger_ear import EAR
from bot.wording import TEMPLATES
from workflows.danger import Danger
from workflows.danger_ear import UNIT, Ear, Weights, grams, pieces
from workflows.danger_language import Language
from workflows.danger_text import Said, listen

Grams = set[str]
One = TypeVar("One")

_LABELLED = Path(__file__).parent.parent / "tests/data/danger.csv"
_WRITTEN = TEMPLATES / "zh" / EAR
_FOLDS = 8
_DOUBT, _SURE, _CLEAR = 0.25, 0.7, 0.5  # by --check: the most heard with 5 % false alarms
_BEGINNING = 200  # characters of a petition, about what a resident says in a message
_REST = 0.1  # how much all its pieces together weigh beside its beginning
_TIGHT = 36.0  # how closely the weights follow the sentences
_KEPT, _KEPT_KIND = 26_000, 500  # weights, the heaviest
_HEAD = "# 由 python -m benchmarks.danger_training 写成，不要手改；说明见 docs/danger.md。"


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """Stretches of text as n-grams, how much each weighs, and whether it is what is looked for."""

    heard: Sequence[Grams]
    is_it: Sequence[bool]
    counts: Sequence[float]

    def weights(self, known: Sequence[str], rarity: np.ndarray, kept: int) -> Weights:
        """What speaks for it and against it, the heaviest."""
        model = LogisticRegression(C=_TIGHT, solver="liblinear")
        model.fit(_matrix(self.heard, known, rarity), self.is_it, sample_weight=self._balanced())
        heavy = dict(zip(known, np.rint(model.coef_[0] * rarity * UNIT).astype(int), strict=True))
        first = sorted(heavy, key=lambda gram: (-abs(heavy[gram]), gram))[:kept]
        grams_ = {gram: int(heavy[gram]) for gram in sorted(first) if heavy[gram]}
        return Weights(bias=round(float(model.intercept_[0]) * UNIT), grams=grams_)

    def _balanced(self) -> np.ndarray:
        """Both sides count the same in all, however many sentences each has."""
        counts, is_it = np.array(self.counts), np.array(self.is_it)
        whole, side = counts.sum() / 2, np.where(is_it, counts[is_it].sum(), counts[~is_it].sum())
        return np.asarray(counts * whole / side)


def teach(labelled: Labelled, petitions: Sequence[str], language: Language) -> Ear:
    """An ear that has heard these sentences, and nothing but n-grams of theirs."""
    ours = [grams(_said(text, language).text) for text, _ in labelled]
    beginnings = [grams(_said(text, language).text[:_BEGINNING]) for text in petitions]
    rest = [part for text in petitions for part in _parts(_said(text, language))]
    known = sorted(set().union(*ours))
    rarity = _rarity([*ours, *beginnings], known)
    kinds = [kind for _, kind in labelled]
    light = _REST * len(petitions) / max(len(rest), 1)
    danger = Lesson(
        heard=[*ours, *beginnings, *rest],
        is_it=[*map(bool, kinds), *[False] * (len(beginnings) + len(rest))],
        counts=[*[1.0] * (len(ours) + len(beginnings)), *[light] * len(rest)],
    )
    return Ear(
        danger=danger.weights(known, rarity, _KEPT),
        kinds=dict(_kinds(ours, kinds, known, rarity)),
        doubt=_DOUBT, sure=_SURE, clear=_CLEAR,
    )  # fmt: skip


def _kinds(
    ours: Sequence[Grams], kinds: Sequence[Danger | None], known: Sequence[str], rarity: np.ndarray
) -> Iterator[tuple[str, Weights]]:
    """For each kind of danger what tells it from the others."""
    dangers = [(found, kind) for found, kind in zip(ours, kinds, strict=True) if kind]
    for kind in sorted({kind for _, kind in dangers} - {Danger.OTHER}):
        lesson = Lesson(
            heard=[found for found, _ in dangers],
            is_it=[one is kind for _, one in dangers],
            counts=[1.0] * len(dangers),
        )
        yield kind.value, lesson.weights(known, rarity, _KEPT_KIND)


def _rarity(heard: Sequence[Grams], known: Sequence[str]) -> np.ndarray:
    """What is said everywhere is to weigh less."""
    often = Counter(gram for found in heard for gram in found)
    return np.array([log((1 + len(heard)) / (1 + often[gram])) + 1 for gram in known])


def _matrix(heard: Sequence[Grams], known: Sequence[str], rarity: np.ndarray) -> csr_matrix:
    """The same sum as `danger_ear` makes of it."""
    column = {gram: at for at, gram in enumerate(known)}
    rows, columns, values = [], [], []
    for row, found in enumerate(heard):
        at = sorted(column[gram] for gram in found if gram in column)
        rows += [row] * len(at)
        columns += at
        values += [rarity[one] / sqrt(len(found)) for one in at]
    return csr_matrix((values, (rows, columns)), shape=(len(heard), len(known)))


def _said(text: str, language: Language) -> Said:
    return listen(text, language.letters, language.spelling)


def _parts(said: Said) -> list[Grams]:
    return [grams(said.text[start:end]) for start, end in pieces(said)]


def crosswise(
    labelled: Labelled, petitions: Sequence[str], language: Language
) -> tuple[list[Judged], list[Judged]]:
    """Every sentence and every petition, judged with an ear that never heard it."""
    sentences: list[Judged] = []
    plain: list[Judged] = []
    for fold in range(_FOLDS):
        ear = teach(_without(labelled, fold), _without(petitions, fold), language)
        taught = replace(language, ear=ear)
        sentences += judge(labelled[fold::_FOLDS], taught)
        plain += judge([(text, None) for text in petitions[fold::_FOLDS]], taught)
    return sentences, plain


def _without(every: Sequence[One], fold: int) -> list[One]:
    return [one for at, one in enumerate(every) if at % _FOLDS != fold]


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


def main(argv: list[str] | None = None) -> int:
    """Write the weights, or with --check print how well such weights do."""
    parser = argparse.ArgumentParser("python -m benchmarks.danger_training")
    parser.add_argument("--labelled", type=Path, default=_LABELLED, metavar="FILE.csv")
    real = os.environ.get("HAITANG_PETITIONS")
    parser.add_argument("--petitions", type=Path, default=real and Path(real), metavar="FILE.csv")
    parser.add_argument("--out", type=Path, default=_WRITTEN, metavar="FILE.toml")
    parser.add_argument("--check", action="store_true", help="judge what was not taught")
    given = parser.parse_args(argv)
    labelled, language = read_labelled(given.labelled), example_rules().danger
    petitions = [one.text for one in read(given.petitions)] if given.petitions else []
    if given.check:
        judged, plain = crosswise(labelled, petitions, language)
        print("\n".join([*as_lines(judged), f"petitions, taken for danger: {false_alarms(plain)}"]))
        return 0
    given.out.write_text(as_toml(teach(labelled, petitions, language)), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
