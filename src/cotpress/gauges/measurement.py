"""All gauges of one pair of texts."""

from __future__ import annotations

from collections.abc import Mapping

from cotpress.errors import CotpressError, ModelError, describe_failure
from cotpress.gauges.registry import GAUGES, Gauge
from cotpress.gauges.text_analysis import TextAnalysis
from cotpress.gauges.text_pair import TextPair
from cotpress.types import Trace


def measure_text_pair(pair: TextPair, gauges: Mapping[str, Gauge] = GAUGES) -> dict[str, float | None]:
    """Each gauge's figure of a pair of texts, by the gauge's name; None where a gauge does not apply.

    Args:
        pair: an original and what is left of it.
        gauges: by name; all that are registered by default.

    Raises:
        ModelError: the function of a plugin's gauge failed.

    >>> import numpy as np
    >>> from cotpress.gauges import analyze_text
    >>> from cotpress.types import Trace
    >>> trace = Trace("1", "2+3?", "Two and three. 2 + 3 = 5.")
    >>> pair = TextPair(trace, analyze_text(trace.reasoning), "2 + 3 = 5.", np.array([[15, 25]]), 0.7)
    >>> measure_text_pair(pair)["equations"]
    1.0
    """
    return {name: _measure(gauge, pair) for name, gauge in gauges.items()}


def measure_original(
    trace: Trace, original: TextAnalysis, gauges: Mapping[str, Gauge] = GAUGES
) -> dict[str, float | None]:
    """The figures of the original by itself, None of gauges that say what is kept.

    Args:
        trace: the trace.
        original: its reasoning, analyzed.
        gauges: by name; all that are registered by default.

    Raises:
        ModelError: the function of a plugin's gauge failed.

    >>> from cotpress.gauges import analyze_text
    >>> trace = Trace("1", "2+3?", "Wait. 2 + 3 = 5.")
    >>> measure_original(trace, analyze_text(trace.reasoning))["reflective_share"]
    0.5
    """
    pair = TextPair.of_original(trace, original)
    return {name: _measure(gauge, pair) if gauge.of_original else None for name, gauge in gauges.items()}


def _measure(gauge: Gauge, pair: TextPair) -> float | None:
    try:
        value = gauge.function(pair)
        return None if value is None else float(value)
    except CotpressError:
        raise
    except Exception as error:  # whatever somebody's function raises
        why = describe_failure(error)
        raise ModelError(
            f"The gauge '{gauge.name}' failed on trace '{pair.trace.id}' ({why}).",
            "A gauge takes one TextPair, and gives a number or None.",
        ) from error
