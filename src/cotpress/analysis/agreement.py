"""Do criteria agree on what to keep? Pairwise Jaccard, against what chance would give at the same realized ratios, and
what two blind criteria would that go by the length of steps alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cotpress.analysis.bootstrap_draws import compute_interval, draw_totals, quotient
from cotpress.analysis.frames import DataFrame, build_frame, check_keep_ratios
from cotpress.analysis.length_matching import fit_length_choice
from cotpress.analysis.selections import KEEP_RATIOS, CriterionSelection, build_condition_units, build_selections
from cotpress.tables import StudyTables
from cotpress.types import BoolArray, FloatArray, IntArray

COLUMNS = (
    *("condition", "domain", "regime", "granularity", "symbols", "a", "b", "keep", "over", "of"),
    *("realized_a", "realized_b", "jaccard", "expected", "corrected", "expected_by_length", "corrected_by_length"),
    *("low", "high", "traces"),
)


@dataclass(frozen=True, slots=True, eq=False)
class CriterionAgreement:
    """Two criteria at one keep ratio: draws of their Jaccard index, of the one expected by chance, and corrected.

    `expected_by_length` is by the chance that knows how long each step is; NaN at token granularity.
    """

    labels: dict[str, Any]
    jaccard: FloatArray
    expected: FloatArray
    expected_by_length: FloatArray

    @property
    def corrected(self) -> FloatArray:
        """(jaccard - expected) / (1 - expected): 0 is chance, 1 the same choice."""
        return quotient(self.jaccard - self.expected, 1 - self.expected)

    @property
    def corrected_by_length(self) -> FloatArray:
        """The same with `expected_by_length`: 0 also where both have a taste for short steps and nothing else."""
        return quotient(self.jaccard - self.expected_by_length, 1 - self.expected_by_length)


def tabulate_agreement(tables: StudyTables, keeps: Sequence[float] = KEEP_RATIOS) -> DataFrame:
    """One row for each pair of criteria, keep ratio, and side ("kept", "deleted"); `low`, `high` are of `jaccard`.

    Steps are compared at step granularity, units at token granularity; the index is that of all traces' steps or
    units together (sum of intersections / sum of unions). With more than one seed the lowest is taken. `expected` is by
    chance alone, `expected_by_length` by a chance that knows how long the steps are and what lengths each criterion
    likes (`length_matching`); NaN for units.

    Raises:
        OptionError: a keep ratio is not in 0..1.

    >>> from cotpress.tables import build_study_tables
    >>> list(tabulate_agreement(build_study_tables({}), keeps=[0.5]).columns)[-4:]
    ['corrected_by_length', 'low', 'high', 'traces']
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
            choices = [_ItemChoices.build(selection, keeps) for selection in chosen]
            for first, second in combinations(choices, 2):
                for keep in keeps:
                    yield from _compare_choices(first, second, keep)


def _build_row(agreement: CriterionAgreement) -> dict[str, Any]:
    value, low, high = compute_interval(agreement.jaccard)
    names = ("expected", "corrected", "expected_by_length", "corrected_by_length")
    figures = {"jaccard": value, **{name: float(getattr(agreement, name)[0]) for name in names}}
    return {**agreement.labels, **figures, "low": low, "high": high}


@dataclass(frozen=True, slots=True, eq=False)
class _ItemChoices:
    """What a criterion keeps of the items (steps or units) at each ratio; with `chances` of each, by its length alone,
    at step granularity."""

    selection: CriterionSelection
    kept_from: NDArray[np.float32]
    starts: IntArray
    chances: Mapping[float, FloatArray]

    @classmethod
    def build(cls, selection: CriterionSelection, keeps: Sequence[float]) -> _ItemChoices:
        """The choices of the first seed."""
        corpus = selection.units
        if selection.granularity != "step":
            return cls(selection, selection.kept_from[0], corpus.trace_first_units, {})
        firsts, starts = corpus.step_first_units, corpus.trace_first_steps
        kept_from, lengths = selection.kept_from[0, firsts], np.add.reduceat(corpus.unit_tokens, firsts)
        chances = {
            keep: fit_length_choice(kept_from <= np.float32(keep), kept_from <= 0, lengths, starts) for keep in keeps
        }
        return cls(selection, kept_from, starts, chances)


def _compare_choices(first: _ItemChoices, second: _ItemChoices, keep: float) -> Iterator[CriterionAgreement]:
    one, other = first.selection, second.selection
    shared = one.ranked_traces & other.ranked_traces
    if not shared.any():
        return
    labels = {
        **one.units.labels,
        "granularity": one.granularity,
        "symbols": one.symbols,
        "a": one.criterion,
        "b": other.criterion,
        "keep": keep,
        "over": "step" if first.chances else "unit",
        "realized_a": _compute_common_ratio(one, keep, shared),
        "realized_b": _compute_common_ratio(other, keep, shared),
        "traces": int(shared.sum()),
    }
    held = (first.kept_from <= 0) & (second.kept_from <= 0)
    for of in ("kept", "deleted"):
        a, b = first.kept_from <= np.float32(keep), second.kept_from <= np.float32(keep)
        sides = (a, b) if of == "kept" else (~a, ~b)
        common = _build_common_columns(*sides, held)
        if first.chances:
            chances = first.chances[keep], second.chances[keep]
            common["length"] = np.multiply(*(chances if of == "kept" else (1 - chances[0], 1 - chances[1])))
        else:
            common["length"] = np.full(len(held), np.nan)
        sums = {
            name: np.add.reduceat(column, first.starts, dtype=np.float64)[shared] for name, column in common.items()
        }
        yield CriterionAgreement({**labels, "of": of}, *_compute_jaccard_draws(sums))


def _build_common_columns(a: BoolArray, b: BoolArray, held: BoolArray) -> dict[str, Any]:
    return {"a": a, "b": b, "both": a & b, "fixed": held & a & b, "free": ~held}


def _compute_common_ratio(selection: CriterionSelection, keep: float, shared: BoolArray) -> float:
    tokens = selection.units.unit_tokens
    kept, whole = (
        np.add.reduceat(values, selection.units.trace_first_units)
        for values in (tokens * selection.mark_kept(keep)[0], tokens)
    )
    return float(kept[shared].sum() / whole[shared].sum())


def _compute_jaccard_draws(sums: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Draws of the Jaccard index, of its expectation by chance and of that by length, from sums of traces.

    By chance two criteria that choose as many of a trace's free items as these, in any order, have the mean of a
    hypergeometric distribution in common; items that both must keep (`fixed`, by protection) are no agreement.
    """
    fixed = sums["fixed"]
    chance = fixed + np.nan_to_num(quotient((sums["a"] - fixed) * (sums["b"] - fixed), sums["free"]))
    columns = {"both": sums["both"], "chance": chance, "length": sums["length"], "either": sums["a"] + sums["b"]}
    drawn = draw_totals(columns)
    jaccard, expected, by_length = (
        quotient(drawn[name], drawn["either"] - drawn[name]) for name in ("both", "chance", "length")
    )
    return jaccard, expected, by_length
