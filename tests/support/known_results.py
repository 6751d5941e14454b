"""Results of an analysis that nobody ran: small frames with every column, for a report to show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import pandas as pd

from cotpress.reporting.results import AnalysisResults

CONDITIONS = ("math-long", "general-short")
KEEPS = (0.2, 0.5, 0.8)
CRITERIA = ("nll", "entropy", "saliency", "random")
LEVELS = ("preserve", "edit", "fuse", "replace")
_TREND = {"at": None, "unmatched": "one point a level", "drop": -0.1, "low": -0.2, "high": 0.0, "falls": None}


@dataclass(frozen=True)
class KnownVerdict:
    """Has the fields of `cotpress.analysis.FindingVerdict`."""

    finding: str
    claim: str
    answer: str
    effect: float | None = 0.25
    low: float | None = 0.1
    high: float | None = 0.4
    published: str = "0.75"
    test: str = "The interval lies above 0."
    unit: str = "difference in Jaccard overlap"
    evidence: str = "2 conditions, 32 traces"


def known_results(conditions: Sequence[str] = CONDITIONS, students: Sequence[str] = ("tiny-a",)) -> AnalysisResults:
    """Results for these conditions and students."""
    return AnalysisResults(
        agreement=_frame(_agreement(conditions)),
        deletions=_frame(_deletions(conditions)),
        recovery=_frame(_recovery(conditions)),
        redundancy=_frame(_redundancy(conditions)),
        accuracy=_frame(_accuracy(conditions, students)),
        plateaus=_frame(_plateaus(conditions, students)),
        restructuring=_frame(_restructuring(conditions, students)),
        monotonicity=_frame({**_head(name), "student": one, **_TREND} for name, one in product(conditions, students)),
        cost=_frame(
            {**_head(name), "student": one, "realized": 0.5, "gap": 0.2, "gap_low": 0.1, "gap_high": 0.3}
            for name, one in product(conditions, students)
        ),
        gauges=_frame(()),
        verdicts=known_verdicts(),
    )


def known_verdicts() -> tuple[KnownVerdict, ...]:
    """One of each answer; one without an effect."""
    return (
        KnownVerdict("step-agreement", "Criteria agree on which steps to keep.", "holds"),
        KnownVerdict("short-diagonal", "Short-CoT students track the diagonal.", "does not hold", -0.3, -0.4, -0.2),
        KnownVerdict("plateau", "Accuracy is a plateau, then a drop.", "cannot tell", 0.1, -0.1, 0.3),
        KnownVerdict("replace-spread", "Replacing varies most.", "cannot tell", None, None, None),
    )


def empty_results() -> AnalysisResults:
    """Results of a study without anything."""
    return AnalysisResults(*(_frame(()) for _ in range(10)), verdicts=())


def _frame(rows: Any) -> Any:
    return pd.DataFrame(list(rows))


def _head(condition: str) -> dict[str, Any]:
    domain, _, regime = condition.partition("-")
    return {"condition": condition, "domain": domain, "regime": regime}


def _methods() -> Iterator[dict[str, Any]]:
    for criterion, (granularity, symbols) in product(CRITERIA, (("step", False), ("token", False), ("token", True))):
        yield {"criterion": criterion, "granularity": granularity, "symbols": symbols}


def _bounds(value: float) -> dict[str, float]:
    return {"low": value - 0.05, "high": value + 0.05}


def _agreement(conditions: Sequence[str]) -> Iterator[dict[str, Any]]:
    pairs = (("entropy", "nll"), ("entropy", "saliency"), ("nll", "saliency"), ("nll", "random"))
    for name, grain, (a, b), keep, of in product(conditions, ("step", "token"), pairs, KEEPS, ("kept", "deleted")):
        value = {"entropynll": 0.3}.get(a + b, 0.1) + 0.6 * keep
        columns = {"granularity": grain, "symbols": False, "a": a, "b": b, "keep": keep, "of": of}
        figures = {"jaccard": value, "expected": keep / (2 - keep), "corrected": 0.2, "traces": 16}
        yield {**_head(name), **columns, "over": "step" if grain == "step" else "unit", **figures, **_bounds(value)}


def _deletions(conditions: Sequence[str]) -> Iterator[dict[str, Any]]:
    for name, method, keep in product(conditions, _methods(), KEEPS):
        for cls, share in (("symbol", 0.3), ("stopword", 0.4), ("other", 0.3)):
            rate = (1 - keep) * (0.0 if method["symbols"] and cls == "symbol" else 2 * share)
            columns = {"keep": keep, "realized": keep - 0.01, "unit_class": cls, "composition": share, "rate": rate}
            yield {**_head(name), **method, **columns, **_bounds(rate), "traces": 16}


def _recovery(conditions: Sequence[str]) -> Iterator[dict[str, Any]]:
    for name, method, keep in product(conditions, _methods(), KEEPS):
        figures = {"realized": keep, "recall": keep, "precision": 0.5, "kept_share": keep, "corrected": 0.0}
        yield {**_head(name), **method, "keep": keep, **figures, **_bounds(keep)}


def _redundancy(conditions: Sequence[str]) -> Iterator[dict[str, Any]]:
    for name, method, keep, kind in product(conditions, _methods(), KEEPS, ("reflective", "duplicate")):
        figures = {"before": 0.3, "after": 0.25, "kept_rate": keep - 0.1, "other_rate": keep, "low": -0.2, "high": 0.0}
        yield {**_head(name), **method, "keep": keep, "realized": keep, "kind": kind, **figures}


def _accuracy(conditions: Sequence[str], students: Sequence[str]) -> Iterator[dict[str, Any]]:
    for name, student in product(conditions, students):
        shared = {**_head(name), "student": student, "benchmark": "bench", "problems": 60, "traces": 16}
        yield _scored(shared, ("baseline", "uncompressed", "", False), None, 1.0, 0.8)
        for method, keep in product(_methods(), KEEPS):
            kind = ("criterion", method["criterion"], method["granularity"], method["symbols"])
            yield _scored(shared, kind, keep, keep - 0.02, min(0.8, 0.3 + keep))
        for place, level in enumerate(LEVELS):
            yield _scored(shared, ("level", level, "", False), 0.5, 0.7 - 0.1 * place, 0.75 - 0.1 * place)


def _scored(shared: dict[str, Any], kind: tuple[Any, ...], keep: float | None, ratio: float, accuracy: float) -> Any:
    named = dict(zip(("kind", "method", "granularity", "symbols"), kind, strict=True))
    figures = {"realized": ratio, "accuracy": accuracy, **_bounds(accuracy), "inference": ratio + 0.2 * (1 - ratio)}
    bounds = {"inference_low": figures["inference"] - 0.03, "inference_high": figures["inference"] + 0.03}
    return {**shared, **named, "target": keep, **figures, **bounds, "tokens": 123.4, "train_flops": 6e12}


def _plateaus(conditions: Sequence[str], students: Sequence[str]) -> Iterator[dict[str, Any]]:
    for name, student, method in product(conditions, students, _methods()):
        width = {"points": 3, "lowest": 0.4, "width": 0.6, "width_low": 0.5, "width_high": 0.7}
        knee = {"knee": 0.4, "knee_low": 0.3, "knee_high": 0.5}
        drop = {"drop": 0.1, "drop_low": None, "drop_high": None}
        yield {**_head(name), "student": student, **method, "benchmark": "bench", **width, **knee, **drop}


def _restructuring(conditions: Sequence[str], students: Sequence[str]) -> Iterator[dict[str, Any]]:
    for name, student, (place, level) in product(conditions, students, enumerate(LEVELS)):
        accuracy = 0.75 - 0.1 * place
        figures = {"realized": 0.7 - 0.1 * place, "restructuring": 0.3 * place, "accuracy": accuracy, "matched": 0.76}
        columns = {"student": student, "benchmark": "bench", "level": level}
        yield {**_head(name), **columns, **figures, **_bounds(accuracy)}
