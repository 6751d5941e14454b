"""The figures of gauges over a run: sums that add up over parts and shards, their means, and what is wrong with them.

Of each gauge six numbers are added up: how many traces have a figure, and its sum; how many have one of random pruning
too, with the sum of that, and the sums of the differences and of their squares; the same count and sum for originals.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from cotpress.gauges import GAUGES, Gauge
from cotpress.types import Compressed, Rejected

_PAIRED_TRACES: Final = 5  # traces; of fewer a comparison with chance says nothing
_STANDARD_ERRORS: Final = 3.0  # that a mean difference must exceed to be no chance
MIN_DIFFERENCE: Final = 0.02  # of a share; a smaller difference is not worth a warning
_PRUNING_OPTIONS: Final = ("--criterion", "--granularity", "--steps", "--protect")
_PROTECT_SYMBOLS: Final = "--protect answer,symbols"
MIN_COUNT_DIFFERENCE: Final = 0.1  # of a count, as a share of random pruning's


def sum_gauges(outcomes: Iterable[Compressed | Rejected]) -> dict[str, float]:
    """What the means of gauges are made of, by "gauge figure".

    >>> sum_gauges([])
    {}
    """
    sums: dict[str, float] = {}

    def add(name: str, figure: str, value: float) -> None:
        key = f"{name} {figure}"
        sums[key] = sums.get(key, 0.0) + value

    for outcome in outcomes:
        for name, values in ({} if isinstance(outcome, Rejected) else outcome.gauges).items():
            for figure, value in (("", values.compressed), (" original", values.original)):
                if value is not None:
                    add(name, f"traces{figure}", 1)
                    add(name, f"sum{figure}", value)
            if values.compressed is not None and values.random is not None:
                difference = values.compressed - values.random
                add(name, "pairs", 1)
                add(name, "random", values.random)
                add(name, "difference", difference)
                add(name, "squares", difference * difference)
    return sums


def compute_gauge_means(sums: Mapping[str, float]) -> dict[str, dict[str, float | int | None]]:
    """Each gauge's means: of what is left, of random pruning to the same length, of the originals; None without data.

    `traces` is how many traces the gauge applies to.

    >>> compute_gauge_means({"equations traces": 2, "equations sum": 1.0})["equations"]["compressed"]
    0.5
    """
    names = dict.fromkeys(key.partition(" ")[0] for key in sums)
    return {
        name: {
            "compressed": _divide(sums, name, "sum", "traces"),
            "random": _divide(sums, name, "random", "pairs"),
            "original": _divide(sums, name, "sum original", "traces original"),
            "traces": int(sums.get(f"{name} traces", 0)),
        }
        for name in names
    }


def find_gauge_faults(
    sums: Mapping[str, float], method: Mapping[str, Any] | None = None, gauges: Mapping[str, Gauge] = GAUGES
) -> list[str]:
    """What is wrong and what to try, a line for each gauge that is past its bound or clearly worse than random pruning.

    Args:
        sums: what `sum_gauges` gave.
        method: what the run did, as its summary says it, so that nothing is advised that was done.
        gauges: by name; all that are registered by default.

    >>> faults = find_gauge_faults({"unbalanced_delimiters traces": 1, "unbalanced_delimiters sum": 3.0})
    >>> faults[0].partition(" (")[0]
    'a trace has 3.00 brackets, dollars or fences that have lost their partner'
    """
    means = compute_gauge_means(sums)
    return [
        _describe_fault(gauge, means[name], method or {})
        for name, gauge in sorted(gauges.items())
        if name in means and means[name]["compressed"] is not None and _is_bad(gauge, means[name], sums)
    ]


def mark_warned_gauges(
    means: Mapping[str, Mapping[str, Any]], warnings: Sequence[str], gauges: Mapping[str, Gauge] = GAUGES
) -> dict[str, str]:
    """Why a run was warned of a gauge, in two words, for each that it was warned of.

    Args:
        means: what `compute_gauge_means` gave.
        warnings: what `find_gauge_faults` gave.
        gauges: by name; all that are registered by default.

    >>> sums = {"unbalanced_delimiters traces": 1, "unbalanced_delimiters sum": 3.0}
    >>> mark_warned_gauges(compute_gauge_means(sums), find_gauge_faults(sums))
    {'unbalanced_delimiters': 'above 0.05'}
    """
    marks = {}
    for name, figures in means.items():
        gauge = gauges.get(name)
        if not gauge or figures["compressed"] is None:
            continue
        if any(line.startswith(_describe_wrong(gauge, figures)) for line in warnings):
            marks[name] = describe_bound(gauge) if _is_past_bound(gauge, figures["compressed"]) else "worse"
    return marks


def describe_bound(gauge: Gauge) -> str:
    """The means of a gauge that a run is warned of whatever random pruning has; "" where there are none.

    >>> describe_bound(GAUGES["unbalanced_delimiters"])
    'above 0.05'
    """
    return "" if gauge.bound is None else f"{'below' if gauge.higher_is_better else 'above'} {gauge.bound:g}"


def _is_past_bound(gauge: Gauge, mean: float) -> bool:
    return gauge.bound is not None and (mean < gauge.bound if gauge.higher_is_better else mean > gauge.bound)


def _is_bad(gauge: Gauge, means: Mapping[str, Any], sums: Mapping[str, float]) -> bool:
    sign, mean = (1.0 if gauge.higher_is_better else -1.0), means["compressed"]
    if _is_past_bound(gauge, mean):
        return True
    if gauge.fine is not None and sign * (mean - gauge.fine) >= 0:
        return False
    return gauge.compared and _is_worse_than_random(gauge, sums, sign)


def _is_worse_than_random(gauge: Gauge, sums: Mapping[str, float], sign: float) -> bool:
    """Whether the traces are worse by more than the scatter of their differences explains, and by enough to matter."""
    pairs = sums.get(f"{gauge.name} pairs", 0)
    if pairs < _PAIRED_TRACES:
        return False
    mean = sums[f"{gauge.name} difference"] / pairs
    variance = max(0.0, sums[f"{gauge.name} squares"] / pairs - mean * mean)
    random = sums[f"{gauge.name} random"] / pairs
    least = MIN_DIFFERENCE if gauge.is_share else MIN_COUNT_DIFFERENCE * max(random, 1.0)
    return -sign * mean > max(least, _STANDARD_ERRORS * math.sqrt(variance / (pairs - 1)))


def _describe_fault(gauge: Gauge, means: Mapping[str, Any], method: Mapping[str, Any]) -> str:
    wrong = _describe_wrong(gauge, means)
    remedies = _select_remedies(gauge.remedies, method)
    *first, last = remedies or [""]
    return f"{wrong}: try {' or '.join([', '.join(first), last] if first else [last])}" if remedies else wrong


def _describe_wrong(gauge: Gauge, means: Mapping[str, Any]) -> str:
    value, random = (_format_figure(means[name], gauge.is_share) for name in ("compressed", "random"))
    return gauge.fault.format(value=value, random=random) or f"{gauge.name} is {value} (random pruning: {random})"


def _select_remedies(remedies: Iterable[str], method: Mapping[str, Any]) -> list[str]:
    """Those that the run can follow and did not."""
    if "level" in method:
        return [remedy for remedy in remedies if not remedy.startswith(_PRUNING_OPTIONS)]
    pruning = method.get("method", {})
    used = {f"--{name} {pruning.get(name)}" for name in ("criterion", "granularity", "steps")}
    return [
        remedy
        for remedy in remedies
        if remedy not in used and not (remedy == _PROTECT_SYMBOLS and pruning.get("granularity") != "token")
        if not remedy.startswith("another")
    ]


def _format_figure(value: float | None, is_share: bool) -> str:
    return "-" if value is None else f"{value:.0%}" if is_share else f"{value:.2f}"


def _divide(sums: Mapping[str, float], name: str, part: str, whole: str) -> float | None:
    count = sums.get(f"{name} {whole}", 0)
    return round(sums.get(f"{name} {part}", 0.0) / count, 6) if count else None
