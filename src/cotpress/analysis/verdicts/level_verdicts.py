"""Findings on restructuring levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cotpress.analysis.bootstrap_draws import BOOTSTRAP_SEED, average_draws, draw_fewer_weights
from cotpress.analysis.constants import LEVEL_ORDER
from cotpress.analysis.evaluation_groups import EvaluationGroup, Treatment
from cotpress.analysis.pooled_effects import PooledEffect, combine_all, combine_any
from cotpress.analysis.restructuring import LevelAccuracies, collect_level_accuracies, compute_slope
from cotpress.analysis.verdicts.judgement import (
    MIN_PROBLEMS,
    MIN_SEEDS,
    FindingEvidence,
    PublishedFinding,
    describe_groups,
    describe_shortage,
    pool_group_effect,
    pool_group_evidence,
    select_enough_problems,
)
from cotpress.analysis.verdicts.registry import ACCURACY_SCALE, StudyMeasurements, register_verdict
from cotpress.types import FloatArray

STEP_FREE_LEVELS = ("fuse", "replace")  # levels that give the steps up


@register_verdict(
    PublishedFinding(
        "math-restructuring",
        "In math, accuracy falls monotonically with restructuring.",
        "Accuracy falls from preserve over edit and fuse to replace.",
        "The mean loss of accuracy a level is above 0; it does not hold where the loss is below 0, or any level is "
        "better than the one before (corrected for the four questions).",
        f"{ACCURACY_SCALE} a level",
        position=5,
        domains=("math",),
    )
)
def measure_math_drop(study: StudyMeasurements) -> FindingEvidence:
    """Accuracy lost a level, in math; refuted where a level is better than the one before."""
    read = [(panel, collect_level_accuracies(panel)) for panel in study.groups if panel.domain.casefold() == "math"]
    comparable = [(panel, levels) for panel, levels in read if levels is not None and levels.levels == LEVEL_ORDER]
    slopes = [(panel, compute_slope(LEVEL_ORDER, levels.accuracies)) for panel, levels in comparable]
    evidence = pool_group_evidence(slopes, "all four levels in the domain math")
    if evidence.draws is None:
        return evidence
    rises = [
        pool_group_effect(
            select_enough_problems([(panel, np.diff(levels.accuracies, axis=0)[at]) for panel, levels in comparable])
        )
        for at in range(len(LEVEL_ORDER) - 1)
    ]
    drop = PooledEffect(evidence.draws, evidence.freedom)
    fails = combine_any([drop.compute_p_below(0.0), *(rise.compute_p_above(0.0) for rise in rises)])
    text = f"{evidence.text}{_describe_unmatched_lengths([levels for _, levels in comparable])}"
    return replace(evidence, text=text, p_values=(drop.compute_p_above(0.0), fails))


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
        domains=("general",),
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
        "The standard deviation of accuracy over seeds with replace is above that of each other level; it does not "
        "hold where it is below that of one. Decided on the logarithms of the variances.",
        ACCURACY_SCALE,
        position=7,
    )
)
def measure_replace_deviation(study: StudyMeasurements) -> FindingEvidence:
    """Standard deviation of accuracy over the seeds with replace, less the largest of the other levels'."""
    compared = [
        (panel, variances)
        for panel in study.groups
        if panel.problems >= MIN_PROBLEMS and len(variances := _compute_level_variances(panel)) == len(LEVEL_ORDER)
    ]
    if not compared:
        need = f"Needs all four levels with at least {MIN_SEEDS} seeds each"
        return FindingEvidence(None, f"{need}, on at least {MIN_PROBLEMS} problems.")
    panels = [panel for panel, _ in compared]
    weights = draw_fewer_weights(len(compared), BOOTSTRAP_SEED + 1)
    drawn = weights @ np.stack([variances for _, variances in compared]) / weights.sum(axis=1, keepdims=True)
    deviations, logarithms = np.sqrt(drawn), np.log(drawn)
    freedom = max(1.0, len(compared) - 1.0)
    least = _compute_least_variance(panels)
    ratios = [
        PooledEffect(_widen_draws(logarithms[:, -1] - logarithms[:, at], least), freedom)
        for at in range(len(LEVEL_ORDER) - 1)
    ]
    return FindingEvidence(
        deviations[:, -1] - deviations[:, :-1].max(axis=1),
        describe_groups(panels),
        freedom=freedom,
        p_values=(
            combine_all(ratio.compute_p_above(0.0) for ratio in ratios),
            combine_any(ratio.compute_p_below(0.0) for ratio in ratios),
        ),
        lacks=describe_shortage(len(panels)),
    )


def _compute_least_variance(panels: Sequence[EvaluationGroup]) -> float:
    """Of the difference of two logarithms of variances, with normal seeds: twice trigamma(degrees of freedom / 2)."""
    half = sum(min(treatment.seeds for treatment in _list_levels(panel)) - 1 for panel in panels) / 2
    return 2 * (1 / half + 1 / (2 * half**2)) if half else float("inf")


def _widen_draws(draws: FloatArray, variance: float) -> FloatArray:
    """Draws with this variance at least: of few groups a bootstrap may see hardly any."""
    seen = float(np.var(draws[1:]))
    return draws if seen >= variance or seen == 0 else draws[0] + (draws - draws[0]) * np.sqrt(variance / seen)


def _list_levels(panel: EvaluationGroup) -> list[Treatment]:
    return [treatment for treatment in panel.treatments if treatment.method in LEVEL_ORDER]


def _compute_level_variances(panel: EvaluationGroup) -> FloatArray:
    """The variance of accuracy over the seeds of each level there is, replace last, in the order of the levels.

    A level's points, one for each target, are averaged. What one answer more or less would do is added, so that a level
    whose seeds happen to be equal is not taken for one without any variance.
    """
    by_level = [
        [
            treatment.accuracies.var(ddof=1)
            for treatment in _list_levels(panel)
            if treatment.method == level and treatment.seeds > 1
        ]
        for level in LEVEL_ORDER
    ]
    return np.array([np.mean(several) + 1 / panel.problems**2 for several in by_level if several])
