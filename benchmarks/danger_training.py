"""Teaches the ear for danger: `python -m benchmarks.danger_training [--petitions FILE.csv]`.

Reads the labelled sentences (tests/data/danger.csv) and writes the weights (templates). Real
petitions, where there are some, are heard as plain talk: nothing of them is kept, they only make
our own sentences' n-grams weigh less. With --check nothing is written: every sentence is judged
by weights that were taught without it. `make ear` does it, in an environment of its own.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Sequence
from math import log, sqrt
from pathlib import Path
from typing import TypeVar

import numpy as np
from msgspec.structs import replace
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from benchmarks.danger import Judged, Labelled, as_lines, false_alarms, judge, read_labelled
from benchmarks.danger_weights import as_toml
from benchmarks.petitions import example_rules, read
from bot.config.danger_ear import EAR
from bot.config.locales import COMMON, TEMPLATES
from workflows.danger.danger import Danger
from workflows.danger.ear import UNIT, Ear, Weights, grams, pieces, windows
from workflows.danger.language import Language
from workflows.danger.text import Said, listen

Grams = set[str]
One = TypeVar("One")

_LABELLED = Path(__file__).parent.parent / "tests/data/danger.csv"
_WRITTEN = TEMPLATES / "zh" / COMMON / EAR
_FOLDS = 8
_DOUBT, _SURE = 0.15, 0.6  # by --check: some 4 % false alarms, beyond which little more is heard
_CLEAR = 0.35  # by --check: a wrong kind once in ten
_BEGINNING = 200  # characters of a petition, about what a resident says in a message
_REST = 0.05  # how much all its pieces together weigh beside its beginning
_TIGHT, _TIGHT_KINDS = 36.0, 10.0  # how closely the weights follow the sentences
_KEPT, _KEPT_KIND = 22_000, 1_000  # weights, the heaviest


def teach(labelled: Labelled, petitions: Sequence[str], language: Language) -> Ear:
    """An ear that has heard these sentences, and knows nothing but n-grams of theirs."""
    ours = [grams(_said(text, language).text) for text, _ in labelled]
    kinds = [kind for _, kind in labelled]
    beginnings = [grams(_said(text, language).text[:_BEGINNING]) for text in petitions]
    known = Known(grams=sorted(set().union(*ours)), heard=[*ours, *beginnings])
    rest = [part for text in petitions for part in _parts(_said(text, language))]
    return Ear(
        danger=_danger(known, list(map(bool, kinds)), rest),
        kinds=_kinds(known, ours, kinds),
        doubt=_DOUBT, sure=_SURE, clear=_CLEAR,
    )  # fmt: skip


class Known:
    """The n-grams that may weigh, and how rare each is in all that was heard."""

    def __init__(self, *, grams: Sequence[str], heard: Sequence[Grams]) -> None:
        self.heard = heard
        self.grams = grams
        often = Counter(gram for found in heard for gram in found)
        self._rarity = np.array([log((1 + len(heard)) / (1 + often[one])) + 1 for one in grams])
        self._column = {gram: at for at, gram in enumerate(grams)}

    def matrix(self, heard: Sequence[Grams]) -> csr_matrix:
        """Stretches as rows: each makes the same sum as `danger_ear` makes of it."""
        at = [sorted(self._column[gram] for gram in one if gram in self._column) for one in heard]
        rows = [row for row, columns in enumerate(at) for _ in columns]
        columns = [column for columns in at for column in columns]
        roots = [sqrt(len(heard[row])) for row in rows]
        shape = (len(heard), len(self.grams))
        return csr_matrix((self._rarity[columns] / roots, (rows, columns)), shape=shape)

    def weights(self, slopes: np.ndarray, bias: float, kept: int) -> Weights:
        """The heaviest of what was learnt, as whole numbers."""
        heavy = np.rint(slopes * self._rarity * UNIT).astype(int).tolist()
        of = dict(zip(self.grams, heavy, strict=True))
        first = sorted(of, key=lambda gram: (-abs(of[gram]), gram))[:kept]
        return Weights(bias=round(bias * UNIT), grams={one: of[one] for one in first if of[one]})


def _danger(known: Known, ours: Sequence[bool], rest: Sequence[Grams]) -> Weights:
    """What tells danger from none; what was heard beyond our own sentences is none."""
    plain = len(known.heard) - len(ours)
    is_danger = np.array([*ours, *[False] * (plain + len(rest))])
    light = _REST * plain / max(len(rest), 1)
    counts = np.array([*[1.0] * len(known.heard), *[light] * len(rest)])
    sides = np.where(is_danger, counts[is_danger].sum(), counts[~is_danger].sum())
    model = LogisticRegression(C=_TIGHT, solver="liblinear")
    heard = known.matrix([*known.heard, *rest])
    model.fit(heard, is_danger, sample_weight=counts * counts.sum() / 2 / sides)
    return known.weights(model.coef_[0], model.intercept_[0], _KEPT)


def _kinds(
    known: Known, ours: Sequence[Grams], kinds: Sequence[Danger | None]
) -> dict[str, Weights]:
    """For each kind of danger what tells it from the others."""
    dangers = [at for at, kind in enumerate(kinds) if kind and kind is not Danger.OTHER]
    model = LogisticRegression(C=_TIGHT_KINDS, max_iter=300)
    model.fit(known.matrix([ours[at] for at in dangers]), [str(kinds[at]) for at in dangers])
    found = zip(model.classes_, model.coef_, model.intercept_, strict=True)
    return {str(kind): known.weights(slopes, bias, _KEPT_KIND) for kind, slopes, bias in found}


def _said(text: str, language: Language) -> Said:
    return listen(text, language.letters, language.spelling)


def _parts(said: Said) -> list[Grams]:
    spans = (span for piece in pieces(said) for span in windows(said, piece))
    return [grams(said.text[start:end]) for start, end in spans]


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
