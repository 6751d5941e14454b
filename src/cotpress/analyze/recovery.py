"""Did what is kept hold the backbone of the reasoning? Only where the truth is known, in the micro world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cotpress.analyze.bootstrap import interval_of, quotient, totals
from cotpress.analyze.corpus import KEEPS, Selection
from cotpress.analyze.deletions import ranked, realized
from cotpress.analyze.frames import Frame, frame
from cotpress.analyze.ratios import fractions_kept
from cotpress.tables import Tables
from cotpress.types import BoolArray

COLUMNS = (
    *("condition", "domain", "regime", "criterion", "granularity", "symbols", "keep", "realized"),
    *("recall", "precision", "kept_share", "corrected", "low", "high", "traces"),
)


def recovery(tables: Tables, keeps: Sequence[float] = KEEPS) -> Frame:
    """One row for each criterion and keep ratio of a condition with the truth; `low`, `high` are of `recall`.

    recall: share of the essential units that was kept. precision: share of the kept units that is essential.
    kept_share: share of all units that was kept, which is the recall of chance. corrected: (recall - kept_share) /
    (the best possible recall - kept_share), so that 0 is chance and 1 the best that as many units allow.

    Raises:
        OptionError: a keep ratio is not in 0..1.
    """
    told = fractions_kept(keeps)
    known = ((one, one.corpus.essential) for one in ranked(tables))
    rows = (_row(one, essential, keep) for one, essential in known if essential is not None for keep in told)
    return frame(rows, COLUMNS)


def _row(one: Selection, essential: BoolArray, keep: float) -> dict[str, Any]:
    kept = one.kept(keep)
    columns = {"kept": kept, "all": np.ones_like(kept), "found": kept & essential, "essential": essential}
    drawn = totals({name: one.per_trace(values) for name, values in columns.items()})
    recall, low, high = interval_of(quotient(drawn["found"], drawn["essential"]))
    share = float(drawn["kept"][0] / drawn["all"][0])
    best = float(np.fmin(1.0, quotient(drawn["kept"], drawn["essential"])[0]))
    return {
        **one.labels,
        "keep": keep,
        "realized": realized(one, keep),
        "recall": recall,
        "kept_share": share,
        "precision": float(quotient(drawn["found"], drawn["kept"])[0]),
        "corrected": (recall - share) / (best - share) if best > share else 0.0,
        "low": low,
        "high": high,
        "traces": int(one.present.sum()),
    }
