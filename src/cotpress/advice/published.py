"""Advice without measurements of one's own: what arXiv 2606.21704 and 2607.28707 found, and no more than that."""

from __future__ import annotations

from cotpress.advice.advice import LOWER_BOUND, Advice, Expected, Question

SOURCE = "published findings (arXiv 2606.21704, 2607.28707); no measurement of your own"
PLATEAU = "accuracy stays within 90% of the baseline over a wide interval of ratios, then drops"
WITHIN = 0.9  # share of the accuracy that stays on the plateau
KEEP = 0.7  # inside the plateau, away from its edge, which the study does not place


def published(question: Question) -> Advice:
    """The published findings applied to a question."""
    keep = min(KEEP, question.budget or 1.0)
    return _general(question, keep) if question.domain == "general" else _math(question, keep)


def _math(question: Question, keep: float) -> Advice:
    """Prune, whole steps, no rewriting: in mathematics accuracy falls with every level of restructuring."""
    evidence = (
        "Math: accuracy falls monotonically with restructuring, so steps are dropped and not rewritten",
        "step level: criteria agree on what to keep, entropy and NLL most, so the choice matters little",
        "token level: NLL and entropy delete twice the share of symbols that saliency does; protecting symbols closes "
        "most of the gap",
        PLATEAU,
    )
    return Advice(
        "criterion", "nll", "step", False, keep, *_expected(question, keep), SOURCE, evidence, _warnings(question)
    )


def _general(question: Question, keep: float) -> Advice:
    """Fuse: rewriting matches or beats pruning outside mathematics, and `replace` varies most."""
    evidence = (
        "General: aggressive rewriting matches or beats preservation, as it takes noise out",
        "replace has the highest variance of the levels, so the one below it is advised",
        PLATEAU,
    )
    return Advice("level", "fuse", "", False, keep, *_expected(question, keep), SOURCE, evidence, _warnings(question))


def _expected(question: Question, keep: float) -> tuple[Expected, Expected]:
    """The plateau's 0.9 as the least, on it; short students track the diagonal, long ones lie above it by nobody's
    figure."""
    inference = Expected(keep) if question.regime == "short" else Expected(None)
    return Expected(None, WITHIN if keep >= KEEP else None), inference


def _warnings(question: Question) -> tuple[str, ...]:
    found = ["No interval: the findings are of other traces and students. A study of your own gives them."]
    if question.budget is not None and question.budget < KEEP:
        found.append(f"Keep {question.budget:g} may lie beyond the plateau; the findings do not say where it ends.")
    if question.threshold > WITHIN:
        found.append(
            f"The findings are of {WITHIN:.0%} of the accuracy; they do not say what keeps {question.threshold:.0%}."
        )
    if question.regime == "long":
        found.append(LOWER_BOUND)
    return tuple(found)
