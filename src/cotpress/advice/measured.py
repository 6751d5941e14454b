"""Advice from a study: the cheapest way to shorten whose students keep their accuracy, by the measurements."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from cotpress.advice.advice import LOWER_BOUND, Advice, Expected, Question
from cotpress.advice.cells import WAY, cells_by_way, cells_of, way_of
from cotpress.advice.published import published
from cotpress.analyze import Verdict, accuracy, verdicts
from cotpress.errors import InputError
from cotpress.tables import Tables
from cotpress.wording import agreeing, counted

WHOLE = "uncompressed"
SHOWN = 6  # ways that are named as evidence


def measured(question: Question, tables: Tables) -> Advice:
    """The cheapest way, among those whose retention is at least the threshold with its whole interval; where no
    interval is, by the retention itself, with a warning; else to leave the traces as they are.

    Cheapest is the smallest realized ratio for the goal train-cost, the smallest inference ratio for inference-cost.
    Students, benchmarks and seeds of the domain and regime count alike.

    Raises:
        InputError: the study has no evaluated cells of this domain, regime and student, or no uncompressed baseline
            that was ever right.
    """
    rows = _ways(question, tables)
    cost = "realized" if question.goal == "train-cost" else "inference"
    ways = rows[(rows.method != WHOLE) & (rows[cost] < 1)].sort_values([cost, "method"], kind="stable")
    everywhere = ways[ways.places == rows.places.max()]
    partial = len(ways) - len(everywhere)
    ways = everywhere if len(everywhere) else ways
    within = ways if question.budget is None else ways[ways.realized <= question.budget]
    sure, likely = (within[within[name] >= question.threshold] for name in ("retention_low", "retention"))
    warnings = [LOWER_BOUND] if question.regime == "long" else []
    if partial:
        some = (
            f"{counted(partial, 'way')} {agreeing(partial, 'was', 'were')} not measured in every condition and student"
        )
        warnings.append(f"{some}, and {'left out' if len(everywhere) else 'there is no other'}.")
    if len(sure):
        return _advice(question, tables, rows, sure, tuple(warnings))
    if len(likely):
        unsure = "No way keeps the accuracy for certain: the interval of this one reaches below the threshold."
        return _advice(question, tables, rows, likely, (*warnings, unsure))
    beyond = ways[ways.retention >= question.threshold]
    return _whole(question, tables, rows, (*warnings, *_why_whole(question, beyond)))


def _why_whole(question: Question, beyond: Any) -> list[str]:
    """Why traces are to be left whole; `beyond` are the ways that only the budget ruled out."""
    share = f"{question.threshold:.0%} of the accuracy"
    if not len(beyond):
        return [f"No way to shorten keeps {share}: leave the traces whole."]
    cheapest = next(beyond.itertuples())
    return [f"Within the budget of {question.budget:g} no way keeps {share}; beyond it: {_told(cheapest)}."]


def _ways(question: Question, tables: Tables) -> Any:
    """One row a way to shorten: figures meaned over students and benchmarks, the lowest of the low ends, the highest
    of the high ends - so that what is advised held for each of them. `places` is the number of conditions, students and
    benchmarks that it was measured in, `cells` are the ids of the cells behind it."""
    found = accuracy(tables)
    found = found[(found.domain == question.domain) & (found.regime == question.regime)]
    if question.student:
        found = found[found.student == question.student]
    found = found[found.method != "no-reasoning"]  # shows what reasoning is worth; nobody wants it
    if not len(found):
        asked = ", ".join(part for part in (question.domain, question.regime, question.student) if part)
        raise InputError(
            f"The study has no evaluated cells of {asked}.",
            "Leave --study out for the published findings, or add the condition.",
        )
    if not found.retention.notna().any():
        raise InputError(
            "The study has no uncompressed baseline that was right at all: what its ways keep of it is not known.",
            "Add it to the study's baselines, or ask benchmarks that its students can solve.",
        )
    found = found.assign(target=found.target.fillna(-1.0))
    named = {
        **{name: (name, "mean") for name in ("realized", "accuracy", "retention", "inference")},
        **{name: (name, "min") for name in ("retention_low", "inference_low")},
        **{name: (name, "max") for name in ("retention_high", "inference_high")},
        "places": ("accuracy", "size"),
    }
    ways, cells = found.groupby(list(WAY), as_index=False).agg(**named), cells_by_way(question, tables)
    return ways.assign(cells=[cells[way_of(row)] for row in ways.itertuples()])


def _advice(question: Question, tables: Tables, rows: Any, usable: Any, warnings: tuple[str, ...]) -> Advice:
    """What the first of the `usable` rows advises, beside the uncompressed student's among all `rows`."""
    best, kept = usable.iloc[0], len(cells_of(usable))
    evidence = tuple(_told(row) for row in usable.head(SHOWN).itertuples())
    source = f"measured: {counted(kept, 'cell')} of the study that {agreeing(kept, 'keeps', 'keep')} the accuracy"
    cells = cells_of(usable.head(1), rows[rows.method == WHOLE], usable)
    keep = None if best.target < 0 else float(best.target)
    way = (best.kind, best.method, best.granularity, bool(best.symbols), keep)
    advice = Advice(*way, *_expected(best), source, evidence, warnings, cells=cells)
    return replace(advice, disagreements=_disagreements(question, tables, advice))


def _whole(question: Question, tables: Tables, rows: Any, warnings: tuple[str, ...]) -> Advice:
    best_first = rows.sort_values("retention", ascending=False)
    evidence = tuple(_told(row) for row in best_first.head(SHOWN).itertuples())
    one, cells = Expected(1.0), cells_of(rows[rows.method == WHOLE], best_first)
    source = f"measured: {counted(len(cells), 'cell')} of the study"
    whole = Advice("baseline", WHOLE, "", False, None, one, one, source, evidence, warnings, cells=cells)
    return replace(whole, disagreements=_disagreements(question, tables, whole))


def _told(row: Any) -> str:
    way = " ".join(part for part in (row.method, row.granularity, "symbols kept" if row.symbols else "") if part)
    keep = "" if row.target < 0 else f" at keep {row.target:g}"
    figures = f"realized {row.realized:.2f}, retention {Expected(row.retention, row.retention_low, row.retention_high)}"
    inference = f"inference ratio {Expected(row.inference, row.inference_low, row.inference_high)}"
    return f"{way}{keep}: {figures}, {inference}, {counted(len(row.cells), 'cell')}"


def _expected(row: Any) -> tuple[Expected, Expected]:
    retention = (row.retention, row.retention_low, row.retention_high)
    inference = (row.inference, row.inference_low, row.inference_high)
    return Expected(*map(_known, retention)), Expected(*map(_known, inference))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _disagreements(question: Question, tables: Tables, advice: Advice) -> tuple[str, ...]:
    """Where the measurements say other than the published findings: the advice itself, and their verdicts on the
    domain and regime that were asked about."""
    other = published(question)
    found = [
        f"{one.claim} - not in this study ({one.effect:.2g} {one.unit})" for one in _contradicted(question, tables)
    ]
    if any(getattr(advice, name) != getattr(other, name) for name in ("kind", "method", "granularity", "symbols")):
        found.insert(0, f"The published findings would have: {other.command}")
    return tuple(found)


def _contradicted(question: Question, tables: Tables) -> list[Verdict]:
    made = tables.compressions
    made = made[(made.domain == question.domain) & (made.regime == question.regime)]
    cells = tables.cells[tables.cells.compression.isin(made.compression)]
    of_condition = {
        name: frame[frame.condition.isin(made.condition)]
        for name in ("traces", "rankings", "rewrites")
        for frame in [getattr(tables, name)]
    }
    answers = tables.answers[tables.answers.cell.isin(cells.cell)]
    asked = replace(tables, compressions=made, cells=cells, answers=answers, **of_condition)
    return [one for one in verdicts(asked) if one.answer == "does not hold"]
