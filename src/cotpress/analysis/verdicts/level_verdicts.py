"""Findings on restructuring levels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cotpress.analysis.bootstrap_draws import BOOTSTRAP_SEED, average_draws, draw_weights
from cotpress.analysis.constants import LEVEL_ORDER
from cotpress.analysis.evaluation_groups import EvaluationGroup
from cotpress.analysis.restructuring import (
    LevelAccuracies,
    collect_level_accuracies,
    compute_slope,
    fit_trend,
)
from cotpress.analysis.verdicts.judgement import (
    MIN_PROBLEMS,
    FindingEvidence,
    PublishedFinding,
    describe_groups,
    pool_group_evidence,
)
from cotpress.analysis.verdicts.registry import ACCURACY_SCALE, StudyMeasurements, register_verdict
from cotpress.types import FloatArray

STEP_FREE_LEVELS = ("fuse", "replace")  # levels that give the steps up
MIN_RUNS = 6  # of each level


@register_verdict(
    PublishedFinding(
        "math-restructuring",
        "In math, accuracy falls monotonically with restructuring.",
        "Accuracy falls from preserve over edit and fuse to replace.",
        "The mean loss of accuracy a level is above 0, and no level is better than the one before beyond chance.",
        f"{ACCURACY_SCALE} a level",
        position=5,
    )
)
def measure_math_drop(study: StudyMeasurements) -> FindingEvidence:
    """Accuracy lost a level, in math; refuted where a level is better than the one before."""
    read = [(panel, collect_level_accuracies(panel)) for panel in study.groups if panel.domain.casefold() == "math"]
    comparable = [(panel, levels) for panel, levels in read if levels is not None and levels.levels == LEVEL_ORDER]
    by_level = [
        pool_group_evidence([(panel, levels.accuracies[at]) for panel, levels in comparable], "")
        for at in range(len(LEVEL_ORDER))
    ]
    drawn = [evidence.draws for evidence in by_level if evidence.draws is not None]
    if len(drawn) < len(LEVEL_ORDER):
        first = [(panel, levels.accuracies[0]) for panel, levels in comparable]
        return pool_group_evidence(first, "all four levels in the domain math")
    accuracies, text = (
        np.stack(drawn),
        f"{by_level[0].text}{_describe_unmatched_lengths([levels for _, levels in comparable])}",
    )
    return FindingEvidence(
        compute_slope(LEVEL_ORDER, accuracies), text, fit_trend(LEVEL_ORDER, accuracies).falls is False
    )


def _describe_unmatched_lengths(compared: Sequence[LevelAccuracies]) -> str:
    """That levels were not compared at one length, and why."""
    why = sorted({levels.unmatched for levels in compared} - {""})
    return f" Levels differ in length too: {', '.join(why)}." if why else ""


@register_verdict(
    PublishedFinding(
        "general-rewriting",
        "In general domains, aggressive rewriting matches or beats preservation.",
        "Aggressive rewriting matches or exceeds preserve: it takes noise away.",
        "The accuracy of fuse and replace less that of preserve is above -0.02.",
        ACCURACY_SCALE,
        -0.02,
        position=6,
    )
)
def measure_general_rewriting(study: StudyMeasurements) -> FindingEvidence:
    """Accuracy of fuse and replace less that of preserve, in general domains."""
    comparisons = []
    for panel in study.groups:
        levels = collect_level_accuracies(panel) if panel.domain.casefold() == "general" else None
        if levels is not None and levels.levels[0] == LEVEL_ORDER[0]:
            free = [
                accuracy
                for name, accuracy in zip(levels.levels, levels.accuracies, strict=True)
                if name in STEP_FREE_LEVELS
            ]
            if free:
                comparisons.append((panel, average_draws(np.stack(free)) - levels.accuracies[0]))
    return pool_group_evidence(comparisons, "preserve, and fuse or replace, in the domain general")


@register_verdict(
    PublishedFinding(
        "replace-variance",
        "The level replace has the highest variance.",
        "Replace varies the most.",
        "The standard deviation of accuracy over seeds with replace, less the largest other level's, is above 0.",
        ACCURACY_SCALE,
        position=7,
    )
)
def measure_replace_deviation(study: StudyMeasurements) -> FindingEvidence:
    """Standard deviation of accuracy over the seeds with replace, less the largest of the other levels'."""
    enough = [panel for panel in study.groups if panel.problems >= MIN_PROBLEMS]
    squares = {level: _compute_squared_deviations(enough, level) for level in LEVEL_ORDER}
    seen = {level: deviations for level, deviations in squares.items() if len(deviations) >= MIN_RUNS}
    others = [level for level in seen if level != "replace"]
    if "replace" not in seen or not others:
        need = f"Needs replace and another level with {MIN_RUNS} runs each, in groups of at least two seeds"
        return FindingEvidence(None, f"{need}, on at least {MIN_PROBLEMS} problems.")
    spreads = {
        level: _compute_deviation_draws(deviations, LEVEL_ORDER.index(level)) for level, deviations in seen.items()
    }
    largest = np.stack([spreads[level] for level in others]).max(axis=0)
    runs = f"{min(map(len, seen.values()))} runs a level"
    return FindingEvidence(spreads["replace"] - largest, f"{runs}: {describe_groups(enough)}")


def _compute_squared_deviations(panels: Sequence[EvaluationGroup], level: str) -> FloatArray:
    """Squared deviations of each run's accuracy from the mean of its seeds, scaled to be unbiased, [runs]."""
    runs = [
        treatment.accuracies
        for panel in panels
        for treatment in panel.treatments
        if treatment.kind == "level" and treatment.method == level
    ]
    scaled = [(seeds - seeds.mean()) ** 2 * len(seeds) / (len(seeds) - 1) for seeds in runs if len(seeds) > 1]
    return np.concatenate(scaled) if scaled else np.zeros(0)


def _compute_deviation_draws(squares: FloatArray, at: int) -> FloatArray:
    """Draws of the standard deviation; runs are resampled, each level's by itself."""
    drawn: FloatArray = np.sqrt(draw_weights(len(squares), BOOTSTRAP_SEED + 2 + at) @ squares / len(squares))
    return drawn
