"""Do criteria agree on what to keep? Pairwise Jaccard, against what chance would give at the same realized ratios."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

import numpy as np

from cotpress.analysis.bootstrap_draws import compute_interval, draw_totals, quotient
from cotpress.analysis.frames import DataFrame, build_frame, check_keep_ratios
from cotpress.analysis.selections import KEEP_RATIOS, CriterionSelection, build_condition_units, build_selections
from cotpress.tables import StudyTables
from cotpress.types import BoolArray, FloatArray, IntArray

COLUMNS = (
    *("condition", "domain", "regime", "granularity", "symbols", "a", "b", "keep", "over", "of"),
    *("realized_a", "realized_b", "jaccard", "expected", "corrected", "low", "high", "traces"),
)


@dataclass(frozen=True, slots=True, eq=False)
class CriterionAgreement:
    """Two criteria at one keep ratio: draws of their Jaccard index, of the one expected by chance, and corrected."""

    labels: dict[str, Any]
    jaccard: FloatArray
    expected: FloatArray

    @property
    def corrected(self) -> FloatArray:
        """(jaccard - expected) / (1 - expected): 0 is chance, 1 the same choice."""
        return quotient(self.jaccard - self.expected, 1 - self.expected)


def tabulate_agreement(tables: StudyTables, keeps: Sequence[float] = KEEP_RATIOS) -> DataFrame:
    """One row for each pair of criteria, keep ratio, and side ("kept", "deleted"); `low`, `high` are of `jaccard`.

    Steps are compared at step granularity, units at token granularity; the index is that of all traces' steps or
    units together (sum of intersections / sum of unions). With more than one seed the lowest is taken.

    Raises:
        OptionError: a keep ratio is not in 0..1.

    >>> from cotpress.tables import build_study_tables
    >>> list(tabulate_agreement(build_study_tables({}), keeps=[0.5]).columns)[-4:]
    ['corrected', 'low', 'high', 'traces']
    """
    return build_frame(
        (_build_row(agreement) for agreement in compute_agreements(tables, check_keep_ratios(keeps))), COLUMNS
    )


def compute_agreements(
    tables: StudyTables,
    keeps: Sequence[float] = KEEP_RATIOS,
    wanted: Callable[[CriterionSelection], bool] = lambda _: True,
) -> Iterator[CriterionAgreement]:
    """The same with all draws, of the selections that are `wanted`."""
    for corpus in build_condition_units(tables):
        for _, chosen in groupby(
            filter(wanted, build_selections(tables, corpus)), key=lambda first: (first.granularity, first.symbols)
        ):
            for first, second in combinations(chosen, 2):
                for keep in keeps:
                    yield from _compare_selections(first, second, keep)


def _build_row(agreement: CriterionAgreement) -> dict[str, Any]:
    value, low, high = compute_interval(agreement.jaccard)
    figures = {"jaccard": value, "expected": float(agreement.expected[0]), "corrected": float(agreement.corrected[0])}
    return {**agreement.labels, **figures, "low": low, "high": high}


def _compare_selections(
    first: CriterionSelection, second: CriterionSelection, keep: float
) -> Iterator[CriterionAgreement]:
    shared = first.ranked_traces & second.ranked_traces
    if not shared.any():
        return
    corpus, by_step = first.units, first.granularity == "step"
    items = corpus.step_first_units if by_step else np.arange(len(corpus.unit_tokens))
    starts = corpus.trace_first_steps if by_step else corpus.trace_first_units
    firsts, seconds = first.kept_from[0, items], second.kept_from[0, items]
    held = (firsts <= 0) & (seconds <= 0)
    labels = {
        **corpus.labels,
        "granularity": first.granularity,
        "symbols": first.symbols,
        "a": first.criterion,
        "b": second.criterion,
        "keep": keep,
        "over": "step" if by_step else "unit",
        "realized_a": _compute_common_ratio(first, keep, shared),
        "realized_b": _compute_common_ratio(second, keep, shared),
        "traces": int(shared.sum()),
    }
    for of in ("kept", "deleted"):
        a, b = firsts <= np.float32(keep), seconds <= np.float32(keep)
        sides = (a, b) if of == "kept" else (~a, ~b)
        yield CriterionAgreement({**labels, "of": of}, *_compute_jaccard_draws(*sides, held, starts, shared))


def _compute_common_ratio(selection: CriterionSelection, keep: float, shared: BoolArray) -> float:
    tokens = selection.units.unit_tokens
    kept, whole = (
        np.add.reduceat(values, selection.units.trace_first_units)
        for values in (tokens * selection.mark_kept(keep)[0], tokens)
    )
    return float(kept[shared].sum() / whole[shared].sum())


def _compute_jaccard_draws(
    a: BoolArray, b: BoolArray, held: BoolArray, starts: IntArray, shared: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Draws of the Jaccard index and of its expectation.

    By chance two criteria that choose as many of a trace's free items as these, in any order, have the mean of a
    hypergeometric distribution in common; items that both must keep (`held`, by protection) are no agreement.
    """
    columns = (a, b, a & b, held & a & b, ~held)
    ones, others, both, fixed, free = (np.add.reduceat(column, starts, dtype=np.float64)[shared] for column in columns)
    chance = fixed + np.nan_to_num(quotient((ones - fixed) * (others - fixed), free))
    either = ones + others
    drawn = draw_totals({"both": both, "either": either, "chance": chance})
    jaccard, expected = (quotient(drawn[name], drawn["either"] - drawn[name]) for name in ("both", "chance"))
    return jaccard, expected
