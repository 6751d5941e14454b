"""Gauges of one trace for the page: the original, what each ranking leaves of it, and each rewriting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from cotpress.errors import ModelError
from cotpress.gauges import GAUGES, TextAnalysis, TextPair, analyze_text, measure_original, measure_text_pair
from cotpress.tables import StudyTables
from cotpress.types import BoolArray, IntArray, Trace

MAX_GAUGED_RATIOS = 3  # keep ratios of a ranking that are gauged
MAX_GAUGED_CHARACTERS = 300_000  # of all texts that are gauged for one trace
GaugeFigures = list[float | None]
"""A figure for each gauge, in the order of `describe_gauges`; none where they could not be measured."""

_log = logging.getLogger(__name__)


def describe_gauges() -> list[dict[str, Any]]:
    """The gauges as the page names them.

    >>> describe_gauges()[0]["name"]
    'grammar faults'
    """
    return [
        {"name": gauge.name.replace("_", " "), "summary": gauge.summary, "share": gauge.is_share}
        for gauge in GAUGES.values()
    ]


def choose_ratios(tables: StudyTables, condition: str, characters: int) -> list[float]:
    """The keep ratios to gauge a condition's trace at: of those that the study pruned to, the middle one first, then
    the least and the largest, as many as `characters`, the length of all its texts at one ratio, allow.

    >>> from cotpress.tables import build_study_tables
    >>> rows = [{"condition": "m", "kind": "criterion", "keep": keep} for keep in (0.1, 0.3, 0.5, 0.7, 0.9)]
    >>> choose_ratios(build_study_tables({"compressions": rows}), "m", 100_000)
    [0.1, 0.5, 0.9]
    """
    held = tables.compressions
    pruned = held[(held["condition"] == condition) & (held["kind"] == "criterion") & held["keep"].notna()]
    ratios = sorted({float(keep) for keep in pruned["keep"]})
    if not ratios:
        return []
    wanted = dict.fromkeys((ratios[len(ratios) // 2], ratios[0], ratios[-1]))
    return sorted(list(wanted)[: min(MAX_GAUGED_RATIOS, MAX_GAUGED_CHARACTERS // max(1, characters))])


class TraceGauges:
    """Measures what is left of one trace.

    Args:
        row: the trace, a row of `tables.traces`.
    """

    def __init__(self, row: dict[str, Any]) -> None:
        self.trace = Trace(str(row["trace"]), row["question"], row["reasoning"], row["answer"])
        self.original: TextAnalysis = analyze_text(self.trace.reasoning)
        self.ends = np.asarray(row["unit_ends"], dtype=np.int64)
        self.weights = np.asarray(row["unit_tokens"], dtype=np.int64)

    def measure_original(self) -> GaugeFigures:
        """Of the reasoning as it is."""
        return self._measure(lambda: measure_original(self.trace, self.original))

    def measure_kept(self, kept: BoolArray) -> GaugeFigures:
        """Of the units, [units], that are kept: the text as the page shows it."""
        spans = find_kept_spans(self.ends, kept)
        text = "".join(self.trace.reasoning[start:end] for start, end in spans.tolist())
        ratio = int(self.weights[kept].sum()) / max(1, int(self.weights.sum()))
        return self._measure(lambda: measure_text_pair(TextPair(self.trace, self.original, text, spans, ratio)))

    def measure_rewritten(self, text: str, ratio: float) -> GaugeFigures:
        """Of a rewritten text with its realized ratio."""
        return self._measure(lambda: measure_text_pair(TextPair(self.trace, self.original, text, None, ratio)))

    def _measure(self, figures: Callable[[], dict[str, float | None]]) -> GaugeFigures:
        try:
            found = figures()
        except ModelError as error:  # a plugin's gauge
            _log.warning("%s Its figures are left out of the page.", error)
            return []
        return [None if value is None or not np.isfinite(value) else round(value, 3) for value in found.values()]


def find_kept_spans(ends: IntArray, kept: Sequence[bool] | BoolArray) -> IntArray:
    """The [start, end) characters that are kept, [spans, 2], of units that end at `ends`.

    >>> find_kept_spans(np.array([2, 5, 9]), [True, True, False]).tolist()
    [[0, 5]]
    """
    flags = np.concatenate(([0], np.asarray(kept, dtype=np.int8), [0]))
    turns = np.diff(flags)
    starts = np.concatenate(([0], ends[:-1])) if len(ends) else ends
    pairs: Iterable[Any] = (starts[turns[:-1] == 1], ends[turns[1:] == -1])
    return np.stack(list(pairs), axis=1).astype(np.int64)
