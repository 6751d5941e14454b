"""Reflective and repeated steps: how many there are, and what each criterion does to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from cotpress.analysis.bootstrap_draws import compute_interval, draw_totals, quotient
from cotpress.analysis.deletions import collect_selections, compute_realized_ratio
from cotpress.analysis.frames import DataFrame, build_frame, check_keep_ratios
from cotpress.analysis.selections import KEEP_RATIOS, CriterionSelection
from cotpress.tables import StudyTables
from cotpress.types import BoolArray, FloatArray

COLUMNS = (
    *("condition", "domain", "regime", "criterion", "granularity", "symbols", "keep", "realized", "kind"),
    *("before", "after", "kept_rate", "other_rate", "low", "high", "traces"),
)


def tabulate_redundancy(tables: StudyTables, keeps: Sequence[float] = KEEP_RATIOS) -> DataFrame:
    """One row for each criterion, keep ratio and kind of step ("reflective", "duplicate").

    before, after: the kind's share of the steps, and of the steps of which anything is left. kept_rate, other_rate:
    share of the tokens in such steps, and in all other steps, that was kept; `low`, `high` are of the former less the
    latter (below 0: the criterion goes for such steps).

    Raises:
        OptionError: a keep ratio is not in 0..1.

    >>> from cotpress.tables import build_study_tables
    >>> list(tabulate_redundancy(build_study_tables({}), keeps=[0.5]).columns)[-4:]
    ['other_rate', 'low', 'high', 'traces']
    """
    ratios = check_keep_ratios(keeps)
    return build_frame(
        (row for selection in collect_selections(tables) for keep in ratios for row in _build_rows(selection, keep)),
        COLUMNS,
    )


def _build_rows(selection: CriterionSelection, keep: float) -> Iterator[dict[str, Any]]:
    shared = {
        **selection.labels,
        "keep": keep,
        "realized": compute_realized_ratio(selection, keep),
        "traces": int(selection.ranked_traces.sum()),
    }
    for kind, marked in (("reflective", selection.units.reflective), ("duplicate", selection.units.duplicate)):
        drawn = _compute_sum_draws(selection, keep, marked)
        rate, other = (quotient(drawn[f"kept {name}"], drawn[f"all {name}"]) for name in ("marked", "other"))
        _, low, high = compute_interval(rate - other)
        yield {
            **shared,
            "kind": kind,
            "kept_rate": float(rate[0]),
            "other_rate": float(other[0]),
            "before": float(quotient(drawn["steps marked"], drawn["steps"])[0]),
            "after": float(quotient(drawn["left marked"], drawn["left"])[0]),
            "low": low,
            "high": high,
        }


def _compute_sum_draws(selection: CriterionSelection, keep: float, marked: BoolArray) -> dict[str, FloatArray]:
    corpus, kept = selection.units, selection.mark_kept(keep)
    left = np.logical_or.reduceat(kept, corpus.step_first_units, axis=1)
    of_units = {
        "kept marked": kept * (corpus.unit_tokens * marked),
        "all marked": corpus.unit_tokens * marked,
        "kept other": kept * (corpus.unit_tokens * ~marked),
        "all other": corpus.unit_tokens * ~marked,
    }
    marked_steps = marked[corpus.step_first_units]
    of_steps = {
        "steps": np.ones_like(left),
        "steps marked": marked_steps,
        "left": left,
        "left marked": left & marked_steps,
    }
    columns = {name: selection.sum_per_trace(values) for name, values in of_units.items()}
    return draw_totals(
        columns | {name: selection.sum_per_trace(values, corpus.trace_first_steps) for name, values in of_steps.items()}
    )
