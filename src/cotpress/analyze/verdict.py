"""From a figure with its interval to an answer: holds, does not hold, cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cotpress.analyze.bootstrap import interval_of, pooled
from cotpress.analyze.panel import Panel
from cotpress.types import FloatArray
from cotpress.wording import counted

HOLDS, FAILS, UNKNOWN = "holds", "does not hold", "cannot tell"
ENOUGH_PROBLEMS, ENOUGH_TRACES = 20, 10  # fewer give intervals that are too narrow: a bootstrap sees what it drew


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a published finding holds in the data at hand.

    `effect` and its interval `low`..`high` are in `unit`, None where nothing could be measured; `test` states what
    was asked of them; `evidence` says what data spoke.
    """

    finding: str
    claim: str
    published: str
    test: str
    answer: str
    effect: float | None
    low: float | None
    high: float | None
    unit: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A published finding and its test: the effect has to lie above (else below) the threshold."""

    name: str
    claim: str
    published: str
    test: str
    unit: str
    threshold: float = 0.0
    above: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Draws of the effect, [draws] or None, and where they are from; `refuted` where something else rules it out."""

    drawn: FloatArray | None
    text: str
    refuted: bool = False


def judge(finding: Finding, evidence: Evidence) -> Verdict:
    """The answer: the whole interval has to lie on one side of the threshold, or nobody can tell."""
    value, low, high = (float("nan"),) * 3 if evidence.drawn is None else interval_of(evidence.drawn)
    measured = bool(np.isfinite([value, low, high]).all())
    return Verdict(
        finding.name,
        finding.claim,
        finding.published,
        finding.test,
        _answer(finding, low, high, evidence.refuted) if measured else UNKNOWN,
        value if measured else None,
        low if measured else None,
        high if measured else None,
        finding.unit,
        evidence.text,
    )


def of_panels(found: Sequence[tuple[Panel, FloatArray]], missing: str) -> Evidence:
    """Evidence from a figure of each panel, [draws]; panels with too few problems are no evidence.

    `missing` says what a study needs for this finding.
    """
    enough = [(panel, drawn) for panel, drawn in found if panel.problems >= ENOUGH_PROBLEMS]
    if not enough:
        few = f"at least {ENOUGH_PROBLEMS} problems"
        return Evidence(None, f"Needs {few if found else missing}.")
    return Evidence(pooled(np.stack([drawn for _, drawn in enough])), told([panel for panel, _ in enough]))


def of_conditions(found: Sequence[tuple[str, int, FloatArray]], missing: str) -> Evidence:
    """The same from a figure of each condition: its name, its number of traces, and draws."""
    enough = [one for one in found if one[1] >= ENOUGH_TRACES]
    if not enough:
        few = f"at least {ENOUGH_TRACES} traces"
        return Evidence(None, f"Needs {few if found else missing}.")
    names = ", ".join(f"{name} ({traces} traces)" for name, traces, _ in enough)
    return Evidence(pooled(np.stack([drawn for _, _, drawn in enough])), f"{names}.")


def told(panels: Sequence[Panel]) -> str:
    """The panels in a sentence."""
    sizes = sorted({panel.problems for panel in panels})
    problems = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    students = {panel.student for panel in panels}
    who = counted(len(students), "student")
    return f"{', '.join(sorted({panel.condition for panel in panels}))}; {who}; {problems} problems each."


def _answer(finding: Finding, low: float, high: float, refuted: bool) -> str:
    sign = 1 if finding.above else -1
    bottom, top = sorted((sign * (low - finding.threshold), sign * (high - finding.threshold)))
    if refuted or top < 0:
        return FAILS
    return HOLDS if bottom > 0 else UNKNOWN
