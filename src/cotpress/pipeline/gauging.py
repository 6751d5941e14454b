"""Outcomes measured by the gauges, beside random pruning to the same length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np

from cotpress.gauges import GAUGES, Gauge, TextAnalysis, TextPair, analyze_text, measure_original, measure_text_pair
from cotpress.pipeline.stream import Outcome
from cotpress.pruning import Method, apply_budget, build_token_cap, prepare_trace, rank_trace
from cotpress.types import Compressed, GaugeValues, IntArray


def make_baseline(method: Method) -> Method:
    """Random pruning of the same segments with the same protection, and filled up, so that the lengths match.

    >>> make_baseline(Method("nll", "token")).granularity
    'token'
    """
    return replace(method, criterion="random", fill=method.granularity == "step")


def add_gauges(outcomes: Iterable[Outcome], baseline: Method | None) -> Iterator[Outcome]:
    """The outcomes in order, those that are compressed with the figures of every gauge.

    Args:
        outcomes: rejections go through, and so does what is measured already.
        baseline: what random pruning deletes, for comparison; None finds out from each outcome's spans whether
            steps or units were deleted.

    Raises:
        ModelError: a gauge of a plugin failed.

    >>> import cotpress
    >>> outcomes = cotpress.compress([cotpress.Trace("1", "2+3?", "Two and three.\\n\\n2+3=5.", "5")])
    >>> [outcome.gauges["equations"].compressed for outcome in add_gauges(outcomes, None)]
    [1.0]
    """
    for outcome in outcomes:
        if isinstance(outcome, Compressed) and not outcome.gauges:
            yield replace(outcome, gauges=measure_gauges(outcome, baseline))
        else:
            yield outcome


def measure_gauges(
    outcome: Compressed, baseline: Method | None = None, gauges: Mapping[str, Gauge] = GAUGES
) -> dict[str, GaugeValues]:
    """What every gauge says of a compressed trace, of its original, and of random pruning to the same length.

    Args:
        outcome: a pruned or rewritten trace.
        baseline: what random pruning deletes and protects; None finds out from the spans.
        gauges: by name; all that are registered by default.

    Raises:
        ModelError: a gauge of a plugin failed.

    >>> import cotpress
    >>> trace = cotpress.Trace("1", "2+3?", "Two and three.\\n\\n2+3=5.", "5")
    >>> [outcome] = cotpress.compress([trace], cotpress.Method("tail"), keep=0.7)
    >>> measure_gauges(outcome)["equations"]
    GaugeValues(compressed=1.0, random=0.0, original=None)
    """
    pair = make_text_pair(outcome)
    trace, original = pair.trace, pair.original
    compressed = measure_text_pair(pair, gauges)
    if pair.is_original:  # nothing else to measure, and nothing to prune at random
        return {
            name: GaugeValues(compressed[name], None, compressed[name] if gauge.of_original else None)
            for name, gauge in sorted(gauges.items())
        }
    pruned = _prune_at_random(outcome, original, baseline)
    random = measure_text_pair(pruned, gauges) if pruned else {}
    before = measure_original(trace, original, gauges)
    return {name: GaugeValues(compressed[name], random.get(name), before[name]) for name in sorted(gauges)}


def make_text_pair(outcome: Compressed) -> TextPair:
    """A compressed trace and its original as the gauges see them.

    >>> import cotpress
    >>> [outcome] = cotpress.rewrite([cotpress.Trace("1", "2+3?", "Well, two and three: 2+3=5.", "5")], "edit")
    >>> len(make_text_pair(outcome).kept)
    1
    """
    original = analyze_text(outcome.trace.reasoning)
    if (
        outcome.kept_spans is not None
        and outcome.text == original.text
        and outcome.tokens_kept == outcome.tokens_original
    ):
        return TextPair.of_original(outcome.trace, original)
    ratio = outcome.realized_ratio if outcome.tokens_original else 1.0
    return TextPair(outcome.trace, original, outcome.text, outcome.kept_spans, ratio)


def _prune_at_random(outcome: Compressed, original: TextAnalysis, baseline: Method | None) -> TextPair | None:
    """The trace pruned at random to the units that are left of it; None where nothing or all is left."""
    baseline = baseline or _guess_baseline(outcome)
    method = _match_pieces(baseline, "single-units" in outcome.flags, "finer-steps" in outcome.flags)
    prepared = prepare_trace(outcome.trace, method.steps)
    spans, units = outcome.kept_spans, prepared.segmentation.units
    left = round(outcome.realized_ratio * prepared.tokens) if spans is None else _count_kept_units(spans, units)
    if left < 1 or left >= prepared.tokens:
        return None
    pruned = apply_budget(rank_trace(prepared, method), build_token_cap(left))
    return TextPair(outcome.trace, original, pruned.text, pruned.kept_spans, pruned.realized_ratio)


@cache
def _match_pieces(baseline: Method, by_unit: bool, finer: bool) -> Method:
    """The baseline, by the pieces that a trace was cut into where whole steps did not suit its budget."""
    if by_unit:
        return replace(baseline, granularity="token", fill=False, formulas="inside")
    return replace(baseline, steps="clause") if finer else baseline


def _count_kept_units(spans: IntArray, units: IntArray) -> int:
    """How many units have their last character in a span."""
    last = units[1:] - 1
    index = np.searchsorted(spans[:, 0], last, side="right") - 1
    inside = (index >= 0) & (last < spans[np.maximum(index, 0), 1]) if len(spans) else np.zeros(len(last), bool)
    return int(inside.sum())


def _guess_baseline(outcome: Compressed) -> Method:
    """Random pruning of steps, or of units where a span ends within a step."""
    spans, text = outcome.kept_spans, outcome.trace.reasoning
    if spans is None or {"single-units", "finer-steps"} & set(outcome.flags):  # `_match_pieces` knows these
        return make_baseline(Method())
    steps = prepare_trace(outcome.trace, Method().steps).segmentation.steps.tolist()
    step_ends = {_find_end(text, start, end) for start, end in pairwise(steps)}
    kept = [(start, end) for start, end in spans.tolist() if text[start:end].strip()]  # a lone blank line says nothing
    whole = all(_find_end(text, start, end) in step_ends for start, end in kept)
    return make_baseline(Method(granularity="step" if whole else "token"))


def _find_end(text: str, start: int, end: int) -> int:
    """Where a piece of the text ends, without the white space behind it, which stays or goes for itself."""
    return start + len(text[start:end].rstrip())
