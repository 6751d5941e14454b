"""Advice without a study of one's own: what this project measured, the published findings beside it, and where the two
disagree."""

from __future__ import annotations

from cotpress.analysis.advice.advice import LOWER_BOUND_WARNING, Advice, AdviceRequest, ExpectedValue
from cotpress.analysis.advice.measured_findings import MEASURED_FINDINGS, MeasuredFinding
from cotpress.analysis.advice.published_advice import advise_from_publications

DEFAULT_SOURCE = "what this project measured, on texts and on students of the micro world; no measurement of your own"
_NO_STUDENT_WARNING = (
    "No real student was trained on this: how much accuracy stays is not known. "
    "A study of your own says it: cotpress sweep."
)
_BUDGET_WARNING = "Keep {budget:g} is a ratio for all traces alike; --keep auto gives each what its answer rests on."


def advise_by_default(question: AdviceRequest) -> Advice:
    """The backbone of each trace, whole steps, as much as the answer rests on.

    A budget that is asked for is kept to. No retention is promised: none was measured with real students.

    >>> advise_by_default(AdviceRequest("math", "long")).command
    'cotpress compress traces.jsonl -o out/ --criterion backbone --granularity step --keep auto'
    """
    findings = [found for found in MEASURED_FINDINGS if found.concerns(question.domain, question.regime)]
    published = advise_from_publications(question)
    warnings = [_NO_STUDENT_WARNING]
    if question.budget is not None:
        warnings.append(_BUDGET_WARNING.format(budget=question.budget))
    if question.regime == "long":
        warnings.append(LOWER_BOUND_WARNING)
    unknown = ExpectedValue(None)
    return Advice(
        "criterion",
        "backbone",
        "step",
        False,
        question.budget,
        unknown,
        unknown,
        DEFAULT_SOURCE,
        (
            *(_format_finding(found) for found in findings if not found.contradicts),
            *(f"published: {line}" for line in published.evidence),
        ),
        tuple(warnings),
        (
            f"The published findings would have: {published.command}",
            *(f"{found.contradicts} - not here: {_format_finding(found)}" for found in findings if found.contradicts),
        ),
    )


def _format_finding(found: MeasuredFinding) -> str:
    return f"{found.sentence} ({found.page})"
