"""What compression saves: the student's own length against that of the traces it learned from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from cotpress.analyze.accuracy import spread
from cotpress.analyze.bootstrap import interval, quotient
from cotpress.analyze.frames import Frame, frame
from cotpress.analyze.panel import Panel, panels
from cotpress.tables import Tables

COLUMNS = (
    *("condition", "domain", "regime", "student", "kind", "method", "granularity", "symbols", "target", "realized"),
    *("inference", "gap", "gap_low", "gap_high", "train_saving", "serve_saving", "spread", "seeds", "problems"),
)


def cost(tables: Tables) -> Frame:
    """One row for each condition, student and way to shorten, all benchmarks pooled; needs an uncompressed student.

    inference: mean reasoning tokens a reply / the uncompressed student's. gap: inference - realized; 0 is the
    diagonal, above it the student writes more than it was taught. train_saving, serve_saving: share of the tokens
    seen in training, and of all tokens written in an answer, that is saved. spread: standard deviation of
    `inference` over seeds.
    """
    return frame((row for panel in panels(tables, pool=True) for row in _rows(panel)), COLUMNS)


def _rows(panel: Panel) -> Iterator[dict[str, Any]]:
    if panel.baseline is None:
        return
    whole, inference = panel.treatments[panel.baseline], panel.inference
    written = panel.against_baseline(quotient(panel.sums["generated"], panel.sums["replies"]))[:, 0]
    for at, one in enumerate(panel.treatments):
        gap, low, high = interval(inference[at] - one.realized)
        labels = {name: value for name, value in {**panel.labels, **one.labels}.items() if name in COLUMNS}
        yield {
            **labels,
            "target": one.keep,
            "realized": one.realized,
            "inference": float(inference[at, 0]),
            "gap": float(gap),
            "gap_low": float(low),
            "gap_high": float(high),
            "train_saving": 1 - float(quotient(np.asarray(one.trained_tokens), np.asarray(whole.trained_tokens))),
            "serve_saving": 1 - float(written[at]),
            "spread": spread(quotient(one.lengths, np.asarray(whole.lengths.mean()))),
            "seeds": len(one.lengths),
            "problems": panel.problems,
        }
