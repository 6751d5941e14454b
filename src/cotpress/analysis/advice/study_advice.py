"""Advice from a study: the cheapest way to shorten whose students keep their accuracy, by the measurements."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from cotpress.analysis import FindingVerdict, judge_findings, tabulate_accuracy
from cotpress.analysis.advice.advice import LOWER_BOUND_WARNING, Advice, AdviceRequest, ExpectedValue
from cotpress.analysis.advice.published_advice import advise_from_publications
from cotpress.analysis.advice.treatment_cells import (
    TREATMENT_KEY_COLUMNS,
    collect_cells,
    group_cells_by_treatment,
    read_treatment_key,
)
from cotpress.errors import InputError
from cotpress.number_formatting import count_noun, inflect
from cotpress.tables import StudyTables, is_control

UNCOMPRESSED = "uncompressed"
MAX_EVIDENCE_ROWS = 6  # ways that are named as evidence


def advise_from_study(question: AdviceRequest, tables: StudyTables) -> Advice:
    """The cheapest way, among those whose retention is at least the threshold with its whole interval; where no
    interval is, by the retention itself, with a warning; else to leave the traces as they are.

    Cheapest is the smallest realized ratio for the goal train-cost, the smallest inference ratio for inference-cost.
    Students, benchmarks and seeds of the domain and regime count alike.

    Raises:
        InputError: the study has no evaluated cells of this domain, regime and student, or no uncompressed baseline
            that was ever right.
    """
    rows = _summarize_treatments(question, tables)
    cost = "realized" if question.goal == "train-cost" else "inference"
    treatments = rows[(rows.method != UNCOMPRESSED) & (rows[cost] < 1)].sort_values([cost, "method"], kind="stable")
    everywhere = treatments[treatments.places == rows.places.max()]
    partial = len(treatments) - len(everywhere)
    treatments = everywhere if len(everywhere) else treatments
    within = treatments if question.budget is None else treatments[treatments.realized <= question.budget]
    sure, likely = (within[within[name] >= question.threshold] for name in ("retention_low", "retention"))
    warnings = [LOWER_BOUND_WARNING] if question.regime == "long" else []
    if partial:
        verb = inflect(partial, "was", "were")
        incomplete = f"{count_noun(partial, 'way')} {verb} not measured in every condition and student"
        warnings.append(f"{incomplete}, and {'left out' if len(everywhere) else 'there is no other'}.")
    if len(sure):
        return _build_advice(question, tables, rows, sure, tuple(warnings))
    if len(likely):
        unsure = "No way keeps the accuracy for certain: the interval of this one reaches below the threshold."
        return _build_advice(question, tables, rows, likely, (*warnings, unsure))
    beyond = treatments[treatments.retention >= question.threshold]
    return _advise_uncompressed(question, tables, rows, (*warnings, *_explain_uncompressed(question, beyond)))


def _explain_uncompressed(question: AdviceRequest, beyond: Any) -> list[str]:
    """Why traces are to be left whole; `beyond` are the ways that only the budget ruled out."""
    share = f"{question.threshold:.0%} of the accuracy"
    if not len(beyond):
        return [f"No way to shorten keeps {share}: leave the traces whole."]
    cheapest = next(beyond.itertuples())
    return [f"Within the budget of {question.budget:g} no way keeps {share}; beyond it: {_format_row(cheapest)}."]


def _summarize_treatments(question: AdviceRequest, tables: StudyTables) -> Any:
    """One row a way to shorten: figures meaned over students and benchmarks, the lowest of the low ends, the highest
    of the high ends - so that what is advised held for each of them. `places` is the number of conditions, students and
    benchmarks that it was measured in, `cells` are the ids of the cells behind it."""
    accuracy = tabulate_accuracy(tables)
    accuracy = accuracy[(accuracy.domain == question.domain) & (accuracy.regime == question.regime)]
    if question.student:
        accuracy = accuracy[accuracy.student == question.student]
    # these show what reasoning, and an answer told early, are worth; nobody wants them
    accuracy = accuracy[(accuracy.method != "no-reasoning") & ~accuracy.method.map(is_control).astype(bool)]
    if not len(accuracy):
        asked = ", ".join(part for part in (question.domain, question.regime, question.student) if part)
        raise InputError(
            f"The study has no evaluated cells of {asked}.",
            "Leave --study out for this project's measurements, or add the condition.",
        )
    if not accuracy.retention.notna().any():
        raise InputError(
            "The study has no uncompressed baseline that was right at all: what its ways keep of it is not known.",
            "Add it to the study's baselines, or ask benchmarks that its students can solve.",
        )
    accuracy = accuracy.assign(target=accuracy.target.fillna(-1.0))
    named = {
        **{name: (name, "mean") for name in ("realized", "accuracy", "retention", "inference")},
        **{name: (name, "min") for name in ("retention_low", "inference_low")},
        **{name: (name, "max") for name in ("retention_high", "inference_high")},
        "places": ("accuracy", "size"),
    }
    treatments, cells = (
        accuracy.groupby(list(TREATMENT_KEY_COLUMNS), as_index=False).agg(**named),
        group_cells_by_treatment(question, tables),
    )
    return treatments.assign(cells=[cells[read_treatment_key(row)] for row in treatments.itertuples()])


def _build_advice(
    question: AdviceRequest, tables: StudyTables, rows: Any, usable: Any, warnings: tuple[str, ...]
) -> Advice:
    """What the first of the `usable` rows advises, beside the uncompressed student's among all `rows`."""
    best, kept = usable.iloc[0], len(collect_cells(usable))
    evidence = tuple(_format_row(row) for row in usable.head(MAX_EVIDENCE_ROWS).itertuples())
    source = f"measured: {count_noun(kept, 'cell')} of the study that {inflect(kept, 'keeps', 'keep')} the accuracy"
    cells = collect_cells(usable.head(1), rows[rows.method == UNCOMPRESSED], usable)
    keep = None if best.target < 0 else float(best.target)
    settings = (best.kind, best.method, best.granularity, bool(best.symbols), keep)
    advice = Advice(*settings, *_read_expected_values(best), source, evidence, warnings, cells=cells)
    return replace(advice, disagreements=_find_disagreements(question, tables, advice))


def _advise_uncompressed(question: AdviceRequest, tables: StudyTables, rows: Any, warnings: tuple[str, ...]) -> Advice:
    best_first = rows.sort_values("retention", ascending=False)
    evidence = tuple(_format_row(row) for row in best_first.head(MAX_EVIDENCE_ROWS).itertuples())
    unchanged, cells = ExpectedValue(1.0), collect_cells(rows[rows.method == UNCOMPRESSED], best_first)
    source = f"measured: {count_noun(len(cells), 'cell')} of the study"
    whole = Advice(
        "baseline", UNCOMPRESSED, "", False, None, unchanged, unchanged, source, evidence, warnings, cells=cells
    )
    return replace(whole, disagreements=_find_disagreements(question, tables, whole))


def _format_row(row: Any) -> str:
    treatment = " ".join(part for part in (row.method, row.granularity, "symbols kept" if row.symbols else "") if part)
    keep = f" at keep {row.target:g}" if row.target >= 0 else " at keep auto" if row.kind == "criterion" else ""
    figures = (
        f"realized {row.realized:.2f}, retention {ExpectedValue(row.retention, row.retention_low, row.retention_high)}"
    )
    inference = f"inference ratio {ExpectedValue(row.inference, row.inference_low, row.inference_high)}"
    return f"{treatment}{keep}: {figures}, {inference}, {count_noun(len(row.cells), 'cell')}"


def _read_expected_values(row: Any) -> tuple[ExpectedValue, ExpectedValue]:
    retention = (row.retention, row.retention_low, row.retention_high)
    inference = (row.inference, row.inference_low, row.inference_high)
    return ExpectedValue(*map(_drop_nan, retention)), ExpectedValue(*map(_drop_nan, inference))


def _drop_nan(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _find_disagreements(question: AdviceRequest, tables: StudyTables, advice: Advice) -> tuple[str, ...]:
    """Where the measurements say other than the published findings: the advice itself, and their verdicts on the
    domain and regime that were asked about."""
    other = advise_from_publications(question)
    disagreements = [
        f"{verdict.claim} - not in this study ({verdict.effect:.2g} {verdict.unit})"
        for verdict in _find_contradicted_findings(question, tables)
    ]
    if any(getattr(advice, name) != getattr(other, name) for name in ("kind", "method", "granularity", "symbols")):
        disagreements.insert(0, f"The published findings would have: {other.command}")
    return tuple(disagreements)


def _find_contradicted_findings(question: AdviceRequest, tables: StudyTables) -> list[FindingVerdict]:
    compressions = tables.compressions
    compressions = compressions[(compressions.domain == question.domain) & (compressions.regime == question.regime)]
    cells = tables.cells[tables.cells.compression.isin(compressions.compression)]
    of_condition = {
        name: frame[frame.condition.isin(compressions.condition)]
        for name in ("traces", "rankings", "rewrites")
        for frame in [getattr(tables, name)]
    }
    answers = tables.answers[tables.answers.cell.isin(cells.cell)]
    asked = replace(tables, compressions=compressions, cells=cells, answers=answers, **of_condition)
    return [verdict for verdict in judge_findings(asked) if verdict.answer == "does not hold"]
