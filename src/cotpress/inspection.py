"""What a set of traces is like, before anything is done to it."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np

from cotpress.answers import same_answer, stated_answer
from cotpress.markers import is_reflective
from cotpress.redundancy import near_duplicates
from cotpress.segment import segment
from cotpress.tokens import UNITS, TokenCounter
from cotpress.types import Rejected, Trace


class _Findings:
    """Running counts over traces; grows by eight bytes a trace."""

    def __init__(self, counter: TokenCounter | None) -> None:
        self._counter = counter
        self.lengths, self.reasons = array("q"), Counter[str]()
        self.steps = self.reflective = self.repeated = 0
        self.with_gold = self.stated = self.right = 0

    def add(self, trace: Trace) -> None:
        cut = segment(trace.reasoning)
        steps = [trace.reasoning[start:end] for start, end in pairwise(cut.steps.tolist())]
        self.lengths.append(len(cut.kinds) if self._counter is None else self._counter.count([trace.reasoning])[0])
        self.steps += len(steps)
        self.reflective += sum(map(is_reflective, steps))
        self.repeated += int(near_duplicates(steps).sum())
        if trace.gold is not None:
            stated = stated_answer(trace.answer) or stated_answer(trace.reasoning)
            self.with_gold += 1
            self.stated += stated is not None
            self.right += stated is not None and same_answer(stated, trace.gold)


def inspect(rows: Iterable[Trace | Rejected], counter: TokenCounter | None = None) -> dict[str, Any]:
    """Counts, lengths, redundancy and answers of some traces, JSON-able. Shares are 0..1, None without data.

    `reflective_steps` and `near_duplicate_steps` are shares of all steps; `answer_matches_gold` is the
    share of traces with a gold answer whose stated answer equals it.
    """
    found = _Findings(counter)
    for row in rows:
        if isinstance(row, Rejected):
            found.reasons[row.reason] += 1
        else:
            found.add(row)
    return {
        "traces": len(found.lengths),
        "rejected": found.reasons.total(),
        "rejected_reasons": dict(sorted(found.reasons.items())),
        "counted_with": counter.name if counter else UNITS,
        "tokens": sum(found.lengths),
        "tokens_per_trace": _distribution(found.lengths),
        "steps": found.steps,
        "reflective_steps": _share(found.reflective, found.steps),
        "near_duplicate_steps": _share(found.repeated, found.steps),
        "traces_with_gold": found.with_gold,
        "answer_stated": _share(found.stated, found.with_gold),
        "answer_matches_gold": _share(found.right, found.with_gold),
    }


def _distribution(lengths: array[int]) -> dict[str, int]:
    if not lengths:
        return {}
    values = np.frombuffer(lengths, dtype=np.int64)
    low, middle, high = np.percentile(values, (10, 50, 90))
    named = {"min": values.min(), "p10": low, "median": middle, "mean": values.mean(), "p90": high, "max": values.max()}
    return {name: round(float(value)) for name, value in named.items()}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
