"""Evidence on compression budgets: the plateau, the drop, and what the student then writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from cotpress.analyze.bootstrap import mean, quotient
from cotpress.analyze.curves import Curve, curves
from cotpress.analyze.frontier import THRESHOLD, plateau
from cotpress.analyze.of_criteria import PROBABILITY, SALIENCY
from cotpress.analyze.panel import Panel
from cotpress.analyze.verdict import Evidence, of_panels
from cotpress.types import FloatArray

DEEP = 0.3  # a curve has to reach down to this realized ratio to show a drop


def width(panels: Sequence[Panel]) -> Evidence:
    """The width of the plateau of entropy, NLL and saliency pruning."""
    return _of_curves(panels, lambda curve: 1 - plateau(curve, THRESHOLD), "an uncompressed student and a curve")


def lost_below(panels: Sequence[Panel]) -> Evidence:
    """The share of the baseline's accuracy that is lost at the smallest ratio."""
    return _of_curves(panels, _lost, f"a curve that reaches down to a realized ratio of {DEEP}")


def _lost(curve: Curve) -> FloatArray | None:
    if curve.baseline is None or curve.ratios[0] > DEEP:
        return None
    return 1 - quotient(curve.accuracy[0], curve.baseline)


def _of_curves(panels: Sequence[Panel], figure: Callable[[Curve], FloatArray | None], missing: str) -> Evidence:
    """The mean of a figure over a panel's curves by the published criteria."""
    found = []
    for panel in panels:
        told = [curve for curve in curves(panel) if curve.granularity and curve.method in (*PROBABILITY, SALIENCY)]
        read = [figure(curve) for curve in told if _sound(curve)]
        drawn = [one for one in read if one is not None]
        found += [(panel, mean(np.stack(drawn)))] if drawn else []
    return of_panels(found, f"{missing} of entropy, nll or saliency")


def _sound(curve: Curve) -> bool:
    """Whether there is a curve, and a baseline that gets anything right: nothing can be lost of nothing."""
    return len(curve.ratios) > 1 and curve.baseline is not None and bool(curve.baseline[0] > 0)


def off_diagonal(pooled_panels: Sequence[Panel]) -> Evidence:
    """In short regimes: the mean distance of the inference ratio from the realized one / the mean saving intended."""
    return _gaps(pooled_panels, "short", np.abs)


def saving_lost(pooled_panels: Sequence[Panel]) -> Evidence:
    """In long regimes: inference less realized ratio / the saving intended."""
    return _gaps(pooled_panels, "long", np.asarray)


def _gaps(panels: Sequence[Panel], regime: str, size: Callable[[FloatArray], FloatArray]) -> Evidence:
    found = []
    for panel in panels:
        told = [
            at for at, one in enumerate(panel.treatments) if (one.prunes or one.kind == "level") and one.realized < 1
        ]
        if panel.regime.casefold() == regime and panel.baseline is not None and told:
            realized = np.array([panel.treatments[at].realized for at in told])
            gaps = size(panel.inference[told] - realized[:, None])
            found.append((panel, gaps.sum(axis=0) / (1 - realized).sum()))
    return of_panels(found, f"an uncompressed student and compressed ones of a {regime} regime")
