"""Did what is kept hold the backbone of the reasoning? Only where the truth is known, in the micro world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cotpress.analysis.bootstrap_draws import compute_interval, draw_totals, quotient
from cotpress.analysis.deletions import collect_selections, compute_realized_ratio
from cotpress.analysis.frames import DataFrame, build_frame, check_keep_ratios
from cotpress.analysis.selections import KEEP_RATIOS, CriterionSelection
from cotpress.tables import StudyTables
from cotpress.types import BoolArray

COLUMNS = (
    *("condition", "domain", "regime", "criterion", "granularity", "symbols", "keep", "realized"),
    *("recall", "precision", "kept_share", "corrected", "low", "high", "traces"),
    *("first_tellings", "first_low", "first_high", "facts", "facts_low", "facts_high"),
)


def tabulate_recovery(tables: StudyTables, keeps: Sequence[float] = KEEP_RATIOS) -> DataFrame:
    """One row for each criterion and keep ratio of a condition with the truth; `low`, `high` are of `recall`.

    recall: share of the essential units that was kept. precision: share of the kept units that is essential.
    kept_share: share of all units that was kept, which is the recall of chance. corrected: (recall - kept_share) /
    (the best possible recall - kept_share), so that 0 is chance and 1 the best that as many units allow.
    first_tellings: share of the facts that are still told, in full, where they were told first. facts: share that is
    told in full anywhere. Each with its interval; NaN in tables without the columns.

    Raises:
        OptionError: a keep ratio is not in 0..1.

    >>> from cotpress.tables import build_study_tables
    >>> list(tabulate_recovery(build_study_tables({}), keeps=[0.5]).columns)[-4:]
    ['first_high', 'facts', 'facts_low', 'facts_high']
    """
    ratios = check_keep_ratios(keeps)
    known = ((selection, selection.units.essential) for selection in collect_selections(tables))
    rows = (
        _build_row(selection, essential, keep)
        for selection, essential in known
        if essential is not None
        for keep in ratios
    )
    return build_frame(rows, COLUMNS)


def _build_row(selection: CriterionSelection, essential: BoolArray, keep: float) -> dict[str, Any]:
    kept = selection.mark_kept(keep)
    columns = {"kept": kept, "all": np.ones_like(kept), "found": kept & essential, "essential": essential}
    drawn = draw_totals({name: selection.sum_per_trace(values) for name, values in columns.items()})
    recall, low, high = compute_interval(quotient(drawn["found"], drawn["essential"]))
    share = float(drawn["kept"][0] / drawn["all"][0])
    best = float(np.fmin(1.0, quotient(drawn["kept"], drawn["essential"])[0]))
    return {
        **selection.labels,
        "keep": keep,
        "realized": compute_realized_ratio(selection, keep),
        "recall": recall,
        "kept_share": share,
        "precision": float(quotient(drawn["found"], drawn["kept"])[0]),
        "corrected": (recall - share) / (best - share) if best > share else 0.0,
        "low": low,
        "high": high,
        "traces": int(selection.ranked_traces.sum()),
        **_measure_facts(selection, kept),
    }


def _measure_facts(selection: CriterionSelection, kept: BoolArray) -> dict[str, float]:
    """Shares of the facts that are still told, first or anywhere, with their intervals; `kept` is [seeds, units]."""
    names = ("first_tellings", "first_low", "first_high", "facts", "facts_low", "facts_high")
    truth = selection.units.facts
    if truth is None or not len(truth.first_tellings):
        return dict.fromkeys(names, float("nan"))
    told = [truth.find_told(row) for row in kept]
    sums = {
        "first": sum(first.astype(float) for first, _ in told),
        "anywhere": sum(anywhere.astype(float) for _, anywhere in told),
        "all": np.full(len(truth.fact_traces), float(len(told))),
    }
    traces = len(selection.ranked_traces)
    drawn = draw_totals(
        {
            name: np.where(selection.ranked_traces, np.bincount(truth.fact_traces, values, traces), 0.0)
            for name, values in sums.items()
        }
    )
    first = compute_interval(quotient(drawn["first"], drawn["all"]))
    anywhere = compute_interval(quotient(drawn["anywhere"], drawn["all"]))
    return dict(zip(names, (*first, *anywhere), strict=True))
