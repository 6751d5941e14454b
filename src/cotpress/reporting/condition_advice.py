"""What to do with the traces of each condition, in a few sentences and the command to type: the page's first screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from cotpress.analysis import FindingVerdict
from cotpress.analysis.advice import Advice, AdviceRequest, StudyModels, advise
from cotpress.analysis.advice.study_advice import advise_from_study
from cotpress.errors import CotpressError
from cotpress.tables import StudyTables

SWEEP_COMMAND: Final = "cotpress sweep STUDY.yaml -o RUN"
CERTAIN, UNCERTAIN, WHOLE, UNKNOWN = "certain", "not certain", "leave whole", "no advice"


@dataclass(frozen=True, slots=True)
class ConditionAdvice:
    """What is advised for the conditions of one domain and regime.

    Args:
        conditions: their names.
        standing: "certain", "not certain", "leave whole" (no way keeps the accuracy) or "no advice".
        sentences: what to do, what it should come to, how sure that is; where nothing can be advised, why.
        commands: what each command is for, and the command to type.
        evidence: what was measured, the advised way first.
        doubts: what may be wrong with it, and where published findings say otherwise.
        basis: who measured what it rests on.
    """

    conditions: tuple[str, ...]
    standing: str
    sentences: tuple[str, ...]
    commands: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    basis: str = ""


def advise_conditions(
    tables: StudyTables, verdicts: Sequence[FindingVerdict], models: StudyModels | None = None
) -> tuple[ConditionAdvice, ...]:
    """The advice for each domain and regime of the study's traces. `verdicts` are those of the tables, `models` what
    the study measured with.

    >>> from cotpress.tables import build_study_tables
    >>> advise_conditions(build_study_tables({}), ())
    ()
    """
    groups = tables.traces.groupby(["domain", "regime"], sort=True)
    return tuple(
        _advise_group(AdviceRequest(str(domain), str(regime)), rows, tables, (verdicts, models or StudyModels()))
        for (domain, regime), rows in groups
    )


def _advise_group(
    question: AdviceRequest, rows: Any, tables: StudyTables, known: tuple[Sequence[FindingVerdict], StudyModels]
) -> ConditionAdvice:
    conditions = tuple(sorted({str(name) for name in rows["condition"]}))
    if not len(tables.answers):
        why = "No student of this study was asked anything: how much accuracy each way keeps is not known."
        return _explain_silence(question, conditions, (why, "Name students and benchmarks in the study's file."))
    held = tables.compressions
    if not (
        (held["domain"] == question.domain) & (held["regime"] == question.regime) & (held["kind"] != "baseline")
    ).any():
        why = "This study tried no way to shorten these traces: it has baselines alone."
        return _explain_silence(
            question, conditions, (why, "Name ways under pruning or rewriting in the study's file.")
        )
    verdicts, models = known
    try:
        advice = replace(advise_from_study(question, tables, verdicts), models=models)
    except CotpressError as error:
        reason = (_end_sentence(error.message), *([_end_sentence(error.hint)] if error.hint else []))
        return _explain_silence(question, conditions, reason)
    return _describe_advice(advice, conditions)


def _explain_silence(question: AdviceRequest, conditions: tuple[str, ...], why: tuple[str, ...]) -> ConditionAdvice:
    """Why nothing can be advised, what to run to know, and what this project's own measurements advise."""
    default = advise(question)
    commands = (
        ("To measure it, change the study's file and type", SWEEP_COMMAND),
        ("Until then, what this project measured on other traces advises", default.command),
    )
    return ConditionAdvice(conditions, UNKNOWN, why, commands)


def _describe_advice(advice: Advice, conditions: tuple[str, ...]) -> ConditionAdvice:
    doubts = (*advice.warnings, *(f"Otherwise than published: {line}" for line in advice.disagreements))
    whole = advice.kind == "baseline" and advice.method != "native-short"
    standing = WHOLE if whole else CERTAIN if advice.is_certain else UNCERTAIN
    sentences = [describe_advice(advice)]
    if whole:
        sentences.append("Of the ways that this study tried, none was seen to keep 90% of the accuracy.")
    else:
        sentences.append(
            f"Students of such traces keep {advice.retention} of the accuracy of students of whole traces, and write "
            f"{advice.inference} of their reasoning."
        )
        sentences.append(_SURENESS[standing])
    label = "To convert them as they are, type" if whole else "Type"
    told = (conditions, standing, tuple(sentences), ((label, advice.command),), advice.evidence, doubts)
    return ConditionAdvice(*told, basis=advice.basis)


_SURENESS: Final = {
    CERTAIN: "That at least 90% of the accuracy stays is certain, as far as a study can tell.",
    UNCERTAIN: "On average at least 90% of the accuracy stayed. That it would again is not certain: see the doubts.",
}


def describe_advice(advice: Advice) -> str:
    """What to do with the traces, in a sentence.

    >>> describe_advice(advise(AdviceRequest("math", "long")))
    'Prune whole steps by backbone, each trace as far as its answer allows (keep auto).'
    """
    ratio = "" if advice.keep is None else f" to {advice.keep:.0%} of the tokens"
    if advice.kind == "level":
        return f"Rewrite the traces at level {advice.method}{ratio}."
    if advice.kind == "criterion":
        what = "whole steps" if advice.granularity == "step" else f"{advice.granularity}s"
        guard = ", with symbols protected" if advice.symbols else ""
        amount = ratio or ", each trace as far as its answer allows (keep auto)"
        return f"Prune {what} by {advice.method}{amount}{guard}."
    if advice.method == "native-short":
        return "Train on traces that were short from the start."
    return "Leave the traces whole."


def _end_sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
