"""Advice from a study: the cheapest way to shorten whose students keep their accuracy, by the measurements."""

from __future__ import annotations

import math
from typing import Any

from cotpress.advice.advice import LOWER_BOUND, Advice, Expected, Question
from cotpress.advice.published import published
from cotpress.analyze import accuracy, verdicts
from cotpress.errors import InputError
from cotpress.tables import Tables

SHOWN = 6  # ways that are named as evidence


def measured(question: Question, tables: Tables) -> Advice:
    """The cheapest way, among those whose retention is at least the threshold with its whole interval; where no
    interval is, by the retention itself, with a warning; else to leave the traces as they are.

    Cheapest is the smallest realized ratio for the goal train-cost, the smallest inference ratio for inference-cost.
    Students, benchmarks and seeds of the domain and regime count alike.

    Raises:
        InputError: the study has no evaluated cells of this domain, regime and student.
    """
    rows = _ways(question, tables)
    cost = "realized" if question.goal == "train-cost" else "inference"
    sure = rows[rows.retention_low >= question.threshold]
    likely = rows[rows.retention >= question.threshold]
    usable = sure if len(sure) else likely
    usable = usable[usable[cost] < 1]
    warnings = [LOWER_BOUND] if question.regime == "long" else []
    if len(usable) and not len(sure):
        warnings.append("No way keeps the accuracy for certain: the interval of this one reaches below the threshold.")
    if not len(usable):
        warnings.append(f"No way to shorten keeps {question.threshold:.0%} of the accuracy: leave the traces whole.")
        return _whole(question, tables, rows, tuple(warnings))
    return _advice(question, tables, usable.sort_values([cost, "method"], kind="stable"), tuple(warnings))


def _ways(question: Question, tables: Tables) -> Any:
    """One row a way to shorten: figures meaned over students and benchmarks, the lowest of the low ends, the highest
    of the high ends - so that what is advised held for each of them."""
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
    found = found.assign(target=found.target.fillna(-1.0))
    keys = ["kind", "method", "granularity", "symbols", "target"]
    named = {
        **{name: (name, "mean") for name in ("realized", "accuracy", "retention", "inference")},
        **{name: (name, "min") for name in ("retention_low", "inference_low")},
        **{name: (name, "max") for name in ("retention_high", "inference_high")},
        "cells": ("seeds", "sum"),
    }
    ways = found.groupby(keys, as_index=False).agg(**named)
    return ways if question.budget is None else ways[(ways.realized <= question.budget) | (ways.kind == "baseline")]


def _advice(question: Question, tables: Tables, usable: Any, warnings: tuple[str, ...]) -> Advice:
    best = usable.iloc[0]
    evidence = tuple(_told(row) for row in usable.head(SHOWN).itertuples())
    return Advice(
        best.kind,
        best.method,
        best.granularity,
        bool(best.symbols),
        None if best.target < 0 else float(best.target),
        *_expected(best),
        f"measured: {int(usable.cells.sum())} cells of the study that keep the accuracy",
        evidence,
        warnings,
        _disagreements(question, tables, best),
    )


def _whole(question: Question, tables: Tables, rows: Any, warnings: tuple[str, ...]) -> Advice:
    evidence = tuple(_told(row) for row in rows.sort_values("retention", ascending=False).head(SHOWN).itertuples())
    one = Expected(1.0)
    source = f"measured: {int(rows.cells.sum())} cells of the study"
    disagreements = tuple(_contradicted(tables))
    return Advice("baseline", "uncompressed", "", False, None, one, one, source, evidence, warnings, disagreements)


def _told(row: Any) -> str:
    way = " ".join(part for part in (row.method, row.granularity, "symbols kept" if row.symbols else "") if part)
    keep = "" if row.target < 0 else f" at keep {row.target:g}"
    figures = f"realized {row.realized:.2f}, retention {Expected(row.retention, row.retention_low, row.retention_high)}"
    inference = f"inference ratio {Expected(row.inference, row.inference_low, row.inference_high)}"
    return f"{way}{keep}: {figures}, {inference}, {row.cells} cells"


def _expected(row: Any) -> tuple[Expected, Expected]:
    retention = (row.retention, row.retention_low, row.retention_high)
    inference = (row.inference, row.inference_low, row.inference_high)
    return Expected(*map(_known, retention)), Expected(*map(_known, inference))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _disagreements(question: Question, tables: Tables, best: Any) -> tuple[str, ...]:
    """Where the measurements say other than the published findings: the advice itself, and their verdicts."""
    other = published(question)
    found = list(_contradicted(tables))
    if best.kind != other.kind:
        found.insert(0, f"The published findings would have: {other.command}")
    return tuple(found)


def _contradicted(tables: Tables) -> list[str]:
    contradicted = [one for one in verdicts(tables) if one.answer == "does not hold"]
    return [f"{one.claim} - not in this study ({one.effect:.2g} {one.unit})" for one in contradicted]
