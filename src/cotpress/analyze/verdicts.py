"""The published findings, each with its test. The answers come from the tables alone.

Findings are of "When Compression Helps and When It Hurts", arXiv 2606.21704; the last one of arXiv 2607.28707.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from cotpress.analyze import of_budgets, of_criteria, of_levels
from cotpress.analyze.panel import Panel, panels
from cotpress.analyze.verdict import Evidence, Finding, Verdict, judge
from cotpress.tables import Tables

Panels: TypeAlias = tuple[Panel, ...]
_ACCURACY, _SHARE = "accuracy (0..1)", "share of the baseline's accuracy"

FROM_TRACES: Final[tuple[tuple[Finding, Callable[[Tables], Evidence]], ...]] = (
    (
        Finding(
            "step-agreement",
            "On steps, entropy, negative log-likelihood and saliency agree on what to keep.",
            "Jaccard of preserved steps 0.75, 0.76 and 0.92 at a ratio of 0.1; 0.36, 0.38 and 0.78 at 0.5.",
            "The smallest agreement of any two, corrected for chance and averaged over keep ratios, is above 0.1.",
            "agreement (0 chance, 1 the same)",
            0.1,
        ),
        of_criteria.above_chance,
    ),
    (
        Finding(
            "agreement-order",
            "On steps, entropy and negative log-likelihood agree with each other more than saliency does with either.",
            "Jaccard 0.92 against 0.75 and 0.76 at a ratio of 0.1; 0.78 against 0.36 and 0.38 at 0.5.",
            "Entropy-NLL agreement less the larger one with saliency, corrected for chance, is above 0.",
            "difference of agreement",
        ),
        of_criteria.order_of_agreement,
    ),
    (
        Finding(
            "symbol-deletion",
            "On tokens, probability criteria delete about twice the share of symbols that saliency deletes.",
            "Symbols are 30% of what probability criteria delete, 15% of what saliency deletes.",
            "Symbols' share of the units deleted (keep ratios 0.5 to 0.9), entropy and NLL / saliency, is above 1.5.",
            "ratio of shares",
            1.5,
        ),
        of_criteria.symbols_deleted,
    ),
)

FROM_ANSWERS: Final[tuple[tuple[Finding, Callable[[Panels], Evidence]], ...]] = (
    (
        Finding(
            "symbol-protection",
            "Protecting symbols closes most of the accuracy gap of probability criteria on tokens.",
            "Forbidding the deletion of symbols closes most of the gap.",
            "Of the gap to saliency on tokens (without saliency: to the same criterion on steps) at the same realized "
            "ratios, protection closes more than half; where there is no gap it closes nothing.",
            "share of the gap",
            0.5,
        ),
        of_criteria.gap_closed,
    ),
    (
        Finding(
            "math-restructuring",
            "In math, accuracy falls monotonically with restructuring.",
            "Accuracy falls from preserve over edit and fuse to replace.",
            "The mean loss of accuracy a level is above 0, and no level is better than the one before beyond chance.",
            f"{_ACCURACY} a level",
        ),
        of_levels.falling,
    ),
    (
        Finding(
            "general-rewriting",
            "In general domains, aggressive rewriting matches or beats preservation.",
            "Aggressive rewriting matches or exceeds preserve: it takes noise away.",
            "The accuracy of fuse and replace less that of preserve is above -0.02.",
            _ACCURACY,
            -0.02,
        ),
        of_levels.rewriting_general,
    ),
    (
        Finding(
            "replace-variance",
            "The level replace has the highest variance.",
            "Replace varies the most.",
            "The standard deviation of accuracy over seeds with replace, less the largest other level's, is above 0.",
            _ACCURACY,
        ),
        of_levels.spread_of_replace,
    ),
    (
        Finding(
            "plateau",
            "Accuracy is a plateau over a wide interval of ratios.",
            "Within 90% of the baseline over a wide interval.",
            "Down from 1, every point keeps 90% of the baseline's accuracy over an interval wider than 0.3.",
            "width in realized ratio",
            0.3,
        ),
        of_budgets.width,
    ),
    (
        Finding(
            "drop",
            "Beyond the plateau, accuracy drops.",
            "Then a drop.",
            "At the smallest ratio (at most 0.3) more than a tenth of the baseline's accuracy is lost.",
            _SHARE,
            0.1,
        ),
        of_budgets.lost_below,
    ),
    (
        Finding(
            "diffuse-redundancy",
            "Redundancy is diffuse: deleting reflective steps first has no advantage.",
            "Reflective steps are 30.2% of Long-CoT steps, yet targeting them gave no advantage.",
            "In long regimes, accuracy with the criterion reflection less that of entropy, NLL, saliency and random "
            "pruning at the same realized ratios is below 0.02.",
            _ACCURACY,
            0.02,
            above=False,
        ),
        of_criteria.targeting_reflection,
    ),
    (
        Finding(
            "over-random",
            "Entropy and NLL pruning beat random pruning.",
            "Entropy pruning has to be held against random pruning; numerals explain much of its merit "
            "(arXiv 2607.28707).",
            "Accuracy of entropy and NLL pruning less that of random pruning at the same realized ratios is above 0.",
            _ACCURACY,
        ),
        of_criteria.over_random,
    ),
)

FROM_LENGTHS: Final[tuple[tuple[Finding, Callable[[Panels], Evidence]], ...]] = (
    (
        Finding(
            "short-diagonal",
            "Students of short traces write as much as they were taught.",
            "Short-CoT students track the diagonal of inference against realized ratio.",
            "The mean distance of the inference from the realized ratio is below a quarter of the saving intended.",
            "share of the saving intended",
            0.25,
            above=False,
        ),
        of_budgets.off_diagonal,
    ),
    (
        Finding(
            "long-verbose",
            "Students of long traces stay verbose.",
            "Long-CoT students generate more than their training ratio: it is a lower bound.",
            "The inference less the realized ratio is above a quarter of the saving intended.",
            "share of the saving intended",
            0.25,
        ),
        of_budgets.saving_lost,
    ),
)


def verdicts(tables: Tables) -> tuple[Verdict, ...]:
    """Does each published finding hold here? One verdict a finding, always all of them, in the same order.

    An interval that straddles the threshold, or missing data, is "cannot tell".

    Raises:
        MissingExtra: pandas is not installed.
    """
    told, pooled = tuple(panels(tables)), tuple(panels(tables, pool=True))
    return (
        *(judge(finding, look(tables)) for finding, look in FROM_TRACES),
        *(judge(finding, look(told)) for finding, look in FROM_ANSWERS),
        *(judge(finding, look(pooled)) for finding, look in FROM_LENGTHS),
    )
