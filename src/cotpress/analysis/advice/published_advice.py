"""What arXiv 2606.21704 and 2607.28707 found, as settings: quoted beside what was measured, and no more than that."""

from __future__ import annotations

from cotpress.analysis.advice.advice import Advice, AdviceRequest, ExpectedValue

PUBLISHED_SOURCE = "published findings (arXiv 2606.21704, 2607.28707), of other traces, scorers and students"
PLATEAU_EVIDENCE = "accuracy stays within 90% of the baseline over a wide interval of ratios, then drops"
PLATEAU_KEEP_RATIO = 0.7  # inside the plateau, away from its edge, which the study does not place


def advise_from_publications(question: AdviceRequest) -> Advice:
    """The published findings applied to a question. They hold for what they were measured with, so they promise nothing
    here: the retention is not known."""
    keep = min(PLATEAU_KEEP_RATIO, question.budget or 1.0)
    return _advise_general(keep) if question.domain == "general" else _advise_math(keep)


def _advise_math(keep: float) -> Advice:
    """Prune, whole steps, no rewriting: in mathematics accuracy falls with every level of restructuring."""
    evidence = (
        "Math: accuracy falls monotonically with restructuring, so steps are dropped and not rewritten",
        "token level: NLL and entropy delete twice the share of symbols that saliency does; protecting symbols closes "
        "most of the gap",
        PLATEAU_EVIDENCE,
    )
    return _build_advice("criterion", "nll", "step", keep, evidence)


def _advise_general(keep: float) -> Advice:
    """Fuse: rewriting matches or beats pruning outside mathematics, and `replace` varies most."""
    evidence = (
        "General: a model's aggressive rewriting matches or beats preservation, as it takes noise out",
        "replace has the highest variance of the levels, so the one below it would be taken",
        PLATEAU_EVIDENCE,
    )
    return _build_advice("level", "fuse", "", keep, evidence)


def _build_advice(kind: str, method: str, granularity: str, keep: float, evidence: tuple[str, ...]) -> Advice:
    unknown = ExpectedValue(None)
    return Advice(kind, method, granularity, False, keep, unknown, unknown, PUBLISHED_SOURCE, evidence)
