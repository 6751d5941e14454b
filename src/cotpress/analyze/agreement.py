"""Do criteria agree on what to keep? Pairwise Jaccard, against what chance would give at the same realized ratios."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

import numpy as np

from cotpress.analyze.bootstrap import interval_of, quotient, totals
from cotpress.analyze.corpus import KEEPS, Selection, corpora, selections
from cotpress.analyze.frames import Frame, frame
from cotpress.analyze.ratios import fractions_kept
from cotpress.tables import Tables
from cotpress.types import BoolArray, FloatArray, IntArray

COLUMNS = (
    *("condition", "domain", "regime", "granularity", "symbols", "a", "b", "keep", "over", "of"),
    *("realized_a", "realized_b", "jaccard", "expected", "corrected", "low", "high", "traces"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """Two criteria at one keep ratio: draws of their Jaccard index, of the one expected by chance, and corrected."""

    labels: dict[str, Any]
    jaccard: FloatArray
    expected: FloatArray

    @property
    def corrected(self) -> FloatArray:
        """(jaccard - expected) / (1 - expected): 0 is chance, 1 the same choice."""
        return quotient(self.jaccard - self.expected, 1 - self.expected)


def agreement(tables: Tables, keeps: Sequence[float] = KEEPS) -> Frame:
    """One row for each pair of criteria, keep ratio, and side ("kept", "deleted"); `low`, `high` are of `jaccard`.

    Steps are compared at step granularity, units at token granularity; the index is that of all traces' steps or
    units together (sum of intersections / sum of unions). With more than one seed the lowest is taken.

    Raises:
        OptionError: a keep ratio is not in 0..1.
    """
    return frame((_row(one) for one in agreements(tables, fractions_kept(keeps))), COLUMNS)


def agreements(
    tables: Tables, keeps: Sequence[float] = KEEPS, wanted: Callable[[Selection], bool] = lambda _: True
) -> Iterator[Agreement]:
    """The same with all draws, of the selections that are `wanted`."""
    for corpus in corpora(tables):
        for _, chosen in groupby(
            filter(wanted, selections(tables, corpus)), key=lambda one: (one.granularity, one.symbols)
        ):
            for one, other in combinations(chosen, 2):
                for keep in keeps:
                    yield from _compare(one, other, keep)


def _row(one: Agreement) -> dict[str, Any]:
    value, low, high = interval_of(one.jaccard)
    figures = {"jaccard": value, "expected": float(one.expected[0]), "corrected": float(one.corrected[0])}
    return {**one.labels, **figures, "low": low, "high": high}


def _compare(one: Selection, other: Selection, keep: float) -> Iterator[Agreement]:
    shared = one.present & other.present
    if not shared.any():
        return
    corpus, by_step = one.corpus, one.granularity == "step"
    items = corpus.steps if by_step else np.arange(len(corpus.tokens))
    starts = corpus.step_starts if by_step else corpus.starts
    firsts, seconds = one.kept_from[0, items], other.kept_from[0, items]
    held = (firsts <= 0) & (seconds <= 0)
    labels = {
        **corpus.labels,
        "granularity": one.granularity,
        "symbols": one.symbols,
        "a": one.criterion,
        "b": other.criterion,
        "keep": keep,
        "over": "step" if by_step else "unit",
        "realized_a": _realized(one, keep, shared),
        "realized_b": _realized(other, keep, shared),
        "traces": int(shared.sum()),
    }
    for of in ("kept", "deleted"):
        a, b = firsts <= np.float32(keep), seconds <= np.float32(keep)
        sides = (a, b) if of == "kept" else (~a, ~b)
        yield Agreement({**labels, "of": of}, *_jaccards(*sides, held, starts, shared))


def _realized(one: Selection, keep: float, shared: BoolArray) -> float:
    tokens = one.corpus.tokens
    kept, whole = (np.add.reduceat(values, one.corpus.starts) for values in (tokens * one.kept(keep)[0], tokens))
    return float(kept[shared].sum() / whole[shared].sum())


def _jaccards(
    a: BoolArray, b: BoolArray, held: BoolArray, starts: IntArray, shared: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Draws of the Jaccard index and of its expectation.

    By chance two criteria that choose as many of a trace's free items as these, in any order, have the mean of a
    hypergeometric distribution in common; items that both must keep (`held`, by protection) are no agreement.
    """
    columns = (a, b, a & b, held & a & b, ~held)
    ones, others, both, fixed, free = (np.add.reduceat(one, starts, dtype=np.float64)[shared] for one in columns)
    chance = fixed + np.nan_to_num(quotient((ones - fixed) * (others - fixed), free))
    either = ones + others
    drawn = totals({"both": both, "either": either, "chance": chance})
    found, expected = (quotient(drawn[name], drawn["either"] - drawn[name]) for name in ("both", "chance"))
    return found, expected
