"""Reflective and repeated steps: how many there are, and what each criterion does to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from cotpress.analyze.bootstrap import interval_of, quotient, totals
from cotpress.analyze.corpus import KEEPS, Selection
from cotpress.analyze.deletions import ranked, realized
from cotpress.analyze.frames import Frame, frame
from cotpress.analyze.ratios import fractions_kept
from cotpress.tables import Tables
from cotpress.types import BoolArray, FloatArray

COLUMNS = (
    *("condition", "domain", "regime", "criterion", "granularity", "symbols", "keep", "realized", "kind"),
    *("before", "after", "kept_rate", "other_rate", "low", "high", "traces"),
)


def redundancy(tables: Tables, keeps: Sequence[float] = KEEPS) -> Frame:
    """One row for each criterion, keep ratio and kind of step ("reflective", "duplicate").

    before, after: the kind's share of the steps, and of the steps of which anything is left. kept_rate, other_rate:
    share of the tokens in such steps, and in all other steps, that was kept; `low`, `high` are of the former less the
    latter (below 0: the criterion goes for such steps).

    Raises:
        OptionError: a keep ratio is not in 0..1.
    """
    told = fractions_kept(keeps)
    return frame((row for one in ranked(tables) for keep in told for row in _rows(one, keep)), COLUMNS)


def _rows(one: Selection, keep: float) -> Iterator[dict[str, Any]]:
    shared = {**one.labels, "keep": keep, "realized": realized(one, keep), "traces": int(one.present.sum())}
    for kind, marked in (("reflective", one.corpus.reflective), ("duplicate", one.corpus.duplicate)):
        drawn = _sums(one, keep, marked)
        rate, other = (quotient(drawn[f"kept {name}"], drawn[f"all {name}"]) for name in ("marked", "other"))
        _, low, high = interval_of(rate - other)
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


def _sums(one: Selection, keep: float, marked: BoolArray) -> dict[str, FloatArray]:
    corpus, kept = one.corpus, one.kept(keep)
    left = np.logical_or.reduceat(kept, corpus.steps, axis=1)
    of_units = {
        "kept marked": kept * (corpus.tokens * marked),
        "all marked": corpus.tokens * marked,
        "kept other": kept * (corpus.tokens * ~marked),
        "all other": corpus.tokens * ~marked,
    }
    marked_steps = marked[corpus.steps]
    of_steps = {
        "steps": np.ones_like(left),
        "steps marked": marked_steps,
        "left": left,
        "left marked": left & marked_steps,
    }
    columns = {name: one.per_trace(values) for name, values in of_units.items()}
    return totals(columns | {name: one.per_trace(values, corpus.step_starts) for name, values in of_steps.items()})
