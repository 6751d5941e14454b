"""Advice from a study: the cheapest way to shorten whose students keep their accuracy, by the measurements.

It is chosen on one half of the problems and seeds and reported on the other (`study_halves`), so that what is said of
the chosen one is not what made it chosen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cotpress.analysis import VERDICTS, FindingVerdict, judge_findings
from cotpress.analysis.advice.advice import Advice, AdviceRequest, ExpectedValue
from cotpress.analysis.advice.published_advice import advise_from_publications
from cotpress.analysis.advice.study_halves import split_study
from cotpress.analysis.advice.treatment_cells import TREATMENT_KEY_COLUMNS, collect_cells
from cotpress.analysis.advice.treatment_summary import summarize_treatments
from cotpress.analysis.verdicts.judgement import MIN_SEEDS
from cotpress.errors import InputError
from cotpress.number_formatting import count_noun, inflect
from cotpress.tables import StudyTables

UNCOMPRESSED, NO_REASONING = "uncompressed", "no-reasoning"
MAX_EVIDENCE_ROWS = 6  # ways that are named as evidence
MAX_TRIES = 6  # ways that are looked at on the second half
CERTAIN_LEVEL = 0.05  # the chance that any way is called certain that does not keep the accuracy
LIKELY_LEVEL = 0.2  # on the first half; ways within it are tried first
_UNSURE_WARNING = (
    "It is not certain that it keeps the accuracy: on the half of the study that did not choose it, the interval "
    "reaches below the threshold, or other ways had to be tried before it."
)
_FEW_SEEDS_WARNING = (
    f"It is not certain that it keeps the accuracy: with fewer than {MIN_SEEDS} training seeds nobody knows what other "
    "seeds would give."
)
_NO_CONTROL_WARNING = (
    "The study has no students without reasoning (baseline no-reasoning): what the reasoning is worth on its "
    "benchmarks is not known."
)


@dataclass(frozen=True, eq=False)
class _Halves:
    """Frames of `summarize_treatments`, of all data, of the half that chooses, and of the half that reports."""

    everything: Any
    choosing: Any
    reporting: Any
    cost: str


def advise_from_study(
    question: AdviceRequest, tables: StudyTables, verdicts: Sequence[FindingVerdict] | None = None
) -> Advice:
    """The cheapest way, among those whose retention is above the threshold on the half of the study that chooses.

    Ways are tried on the other half, the cheapest first, and the n-th is certain if its p-value there is at most
    0.05 / 2 to the n, so that all tries together go wrong in one study of twenty. Where none is certain, the cheapest
    one is advised whose retention is above the threshold there too, with a warning; else to leave the traces as they
    are. Nothing is certain with fewer than three training seeds.

    Cheapest is by the tokens seen in training for the goal train-cost, by the inference ratio for inference-cost.
    Students, benchmarks and seeds of the domain and regime count alike. `verdicts` are those of the tables, where they
    are known already.

    Raises:
        InputError: the study has no evaluated cells of this domain, regime and student, no uncompressed baseline that
            was ever right, or students without any reasoning keep as much: then nothing can be said.
    """
    advice = _choose_way(question, tables)
    judged = judge_findings(tables) if verdicts is None else verdicts
    return replace(advice, disagreements=_find_disagreements(question, judged, advice))


def _choose_way(question: AdviceRequest, tables: StudyTables) -> Advice:
    """The advice without what the published findings say."""
    cost = "trained" if question.goal == "train-cost" else "inference"
    choosing, reporting = (summarize_treatments(question, half) for half in split_study(tables))
    halves = _Halves(summarize_treatments(question, tables), choosing, reporting, cost)
    _check_that_reasoning_helps(question, halves.everything)
    ways = _list_ways(halves.choosing, cost)
    complete = ways[ways.places == halves.everything.places.max()]
    warnings = _warn_of_gaps(halves.everything, len(ways) - len(complete), bool(len(complete)))
    ways = complete if len(complete) else ways
    within = ways if question.budget is None else ways[ways.realized <= question.budget]
    tried = _report_on(halves, _order_tries(within, question.threshold, cost))
    kept = tried[tried.retention >= question.threshold]
    sure = kept[(kept.p_value <= kept.level) & (kept.all_seeds >= MIN_SEEDS)]
    if len(kept):
        best = (sure if len(sure) else kept.sort_values(cost, kind="stable")).head(1)
        return _build_advice(halves, (best, kept), (bool(len(sure)), warnings))
    beyond = _report_on(halves, ways[ways.retention >= question.threshold])
    beyond = beyond[beyond.retention >= question.threshold]
    why = _explain_uncompressed(question, beyond, len(tried))
    return _advise_uncompressed(halves.everything, (*warnings, *why))


def _check_that_reasoning_helps(question: AdviceRequest, rows: Any) -> None:
    without = rows[rows.method == NO_REASONING]
    if len(without) and without.retention.iloc[0] >= question.threshold:
        share = f"{without.retention.iloc[0]:.2f} of the accuracy"
        raise InputError(
            f"No advice: students without any reasoning keep {share}, so that these benchmarks do not tell one way to "
            "shorten reasoning from another.",
            "Ask benchmarks that need reasoning, or raise --threshold.",
        )


def _list_ways(rows: Any, cost: str) -> Any:
    """The ways to shorten, cheapest first, that keep more than students without reasoning."""
    without = rows[rows.method == NO_REASONING]
    worth = rows.retention > without.retention.iloc[0] if len(without) else rows.retention.notna()
    ways = rows[~rows.method.isin([UNCOMPRESSED, NO_REASONING]) & (rows[cost] < 1) & worth]
    return ways.sort_values([cost, "method"], kind="stable")


def _warn_of_gaps(rows: Any, partial: int, others: bool) -> list[str]:
    warnings = [] if (rows.method == NO_REASONING).any() else [_NO_CONTROL_WARNING]
    if partial:
        verb = inflect(partial, "was", "were")
        incomplete = f"{count_noun(partial, 'way')} {verb} not measured in every condition and student"
        warnings.append(f"{incomplete}, and {'left out' if others else 'there is no other'}.")
    return warnings


def _order_tries(ways: Any, threshold: float, cost: str) -> Any:
    """The ways to look at on the other half: those that look sound on this one first, cheap ones before others."""
    above = ways[ways.retention >= threshold]
    ordered = above.assign(doubtful=above.p_value > LIKELY_LEVEL)
    return ordered.sort_values(["doubtful", cost, "method"], kind="stable").head(MAX_TRIES)


def _report_on(halves: _Halves, ways: Any) -> Any:
    """The same ways with what they came to on the half that reports; `level` is what the n-th p-value is held against,
    `all_seeds` the seeds of both halves."""
    keys = list(TREATMENT_KEY_COLUMNS)
    ordered = ways[keys].assign(level=[CERTAIN_LEVEL / 2 ** (place + 1) for place in range(len(ways))])
    told = ordered.merge(halves.reporting.drop(columns="cells"), on=keys)
    whole = halves.everything[[*keys, "seeds", "cells"]].rename(columns={"seeds": "all_seeds"})
    return told.merge(whole, on=keys)


def _explain_uncompressed(question: AdviceRequest, beyond: Any, tried: int) -> list[str]:
    """Why traces are to be left whole; `beyond` are the ways that only the budget ruled out."""
    share = f"{question.threshold:.0%} of the accuracy"
    if len(beyond) and question.budget is not None:
        cheapest = next(beyond.itertuples())
        return [f"Within the budget of {question.budget:g} no way keeps {share}; beyond it: {_format_row(cheapest)}."]
    looked = f" ({count_noun(tried, 'way')} did on one half of the study, and not on the other)" if tried else ""
    return [f"No way to shorten keeps {share}{looked}: leave the traces whole."]


def _build_advice(halves: _Halves, rows: tuple[Any, Any], certainty: tuple[bool, list[str]]) -> Advice:
    """What the best way advises, beside the others that were kept."""
    (best_rows, usable), (is_certain, warnings) = rows, certainty
    best = best_rows.iloc[0]
    others = usable.drop(best_rows.index).sort_values(halves.cost, kind="stable")
    shown = [*best_rows.itertuples(), *others.head(MAX_EVIDENCE_ROWS - 1).itertuples()]
    kept = len(collect_cells(usable))
    basis = (
        f"measured: {count_noun(kept, 'cell')} of the study that {inflect(kept, 'keeps', 'keep')} the accuracy; chosen "
        f"on half of the problems{' and seeds' if best.all_seeds >= MIN_SEEDS else ''}, figures are of the other half"
    )
    cells = collect_cells(best_rows, halves.everything[halves.everything.method == UNCOMPRESSED], others)
    keep = None if best.target < 0 else float(best.target)
    settings = (best.kind, best.method, best.granularity, bool(best.symbols), keep)
    doubts = [] if is_certain else [_FEW_SEEDS_WARNING if best.all_seeds < MIN_SEEDS else _UNSURE_WARNING]
    evidence = tuple(_format_row(row) for row in shown)
    told = (*_warn_of_verbosity(best), *warnings, *doubts)
    return Advice(*settings, *_read_expected_values(best), basis, evidence, told, cells=cells, is_certain=is_certain)


def _warn_of_verbosity(row: Any) -> list[str]:
    """That students write more than they were taught, where they did."""
    if not row.inference_low > row.realized:
        return []
    inference = ExpectedValue(row.inference, row.inference_low, row.inference_high)
    return [
        f"Its students write more than they were taught: the inference ratio is {inference}, the realized ratio "
        f"{row.realized:.2f}. What serving saves is less than what training saves."
    ]


def _advise_uncompressed(rows: Any, warnings: tuple[str, ...]) -> Advice:
    best_first = rows[rows.method != NO_REASONING].sort_values("retention", ascending=False)
    evidence = tuple(_format_row(row) for row in best_first.head(MAX_EVIDENCE_ROWS).itertuples())
    unchanged, cells = ExpectedValue(1.0), collect_cells(rows[rows.method == UNCOMPRESSED], best_first)
    basis = f"measured: {count_noun(len(cells), 'cell')} of the study"
    settings = ("baseline", UNCOMPRESSED, "", False, None)
    return Advice(*settings, unchanged, unchanged, basis, evidence, warnings, cells=cells)


def _format_row(row: Any) -> str:
    treatment = " ".join(part for part in (row.method, row.granularity, "symbols kept" if row.symbols else "") if part)
    keep = f" at keep {row.target:g}" if row.target >= 0 else " at keep auto" if row.kind == "criterion" else ""
    figures = f"trained tokens {row.trained:.2f}, realized {row.realized:.2f}"
    retention = f"retention {ExpectedValue(row.retention, row.retention_low, row.retention_high)}"
    inference = f"inference ratio {ExpectedValue(row.inference, row.inference_low, row.inference_high)}"
    return f"{treatment}{keep}: {figures}, {retention}, {inference}, {count_noun(len(row.cells), 'cell')}"


def _read_expected_values(row: Any) -> tuple[ExpectedValue, ExpectedValue]:
    retention = (row.retention, row.retention_low, row.retention_high)
    inference = (row.inference, row.inference_low, row.inference_high)
    return ExpectedValue(*map(_drop_nan, retention)), ExpectedValue(*map(_drop_nan, inference))


def _drop_nan(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _find_disagreements(question: AdviceRequest, verdicts: Sequence[FindingVerdict], advice: Advice) -> tuple[str, ...]:
    """Where the measurements say other than the published findings: the advice itself, and the study's verdicts on
    findings about the domain and regime that were asked about."""
    other = advise_from_publications(question)
    disagreements = [
        f"{verdict.claim} - not in this study ({verdict.effect:.2g} {verdict.unit})"
        for verdict in _find_contradicted_findings(question, verdicts)
    ]
    if any(getattr(advice, name) != getattr(other, name) for name in ("kind", "method", "granularity", "symbols")):
        disagreements.insert(0, f"The published findings would have: {other.command}")
    return tuple(disagreements)


def _find_contradicted_findings(question: AdviceRequest, verdicts: Sequence[FindingVerdict]) -> list[FindingVerdict]:
    return [
        verdict
        for verdict in verdicts
        if verdict.answer == "does not hold"
        and VERDICTS[verdict.finding].finding.concerns(question.domain, question.regime)
    ]
