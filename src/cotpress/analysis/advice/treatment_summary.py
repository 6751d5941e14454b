"""What each way to shorten did in a study, in one row: means over students and benchmarks, the worst of their tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from cotpress.analysis.advice.advice import AdviceRequest
from cotpress.analysis.advice.treatment_cells import (
    TREATMENT_KEY_COLUMNS,
    group_cells_by_treatment,
    read_treatment_key,
)
from cotpress.analysis.bootstrap_draws import quotient
from cotpress.analysis.evaluation_groups import EvaluationGroup, Treatment, build_evaluation_groups
from cotpress.analysis.frames import build_frame
from cotpress.analysis.pooled_effects import PooledEffect
from cotpress.errors import InputError
from cotpress.tables import StudyTables, is_control
from cotpress.types import FloatArray

INTERVAL_LEVEL = 0.05
_MEANS = ("realized", "trained", "accuracy", "retention", "inference")
_LOWS, _HIGHS = ("retention_low", "inference_low", "seeds"), ("retention_high", "inference_high", "p_value")
_COLUMNS = (*TREATMENT_KEY_COLUMNS, *_MEANS, *_LOWS, *_HIGHS)


def summarize_treatments(question: AdviceRequest, tables: StudyTables) -> Any:
    """One row a way to shorten: figures meaned over students and benchmarks, the lowest of the low ends, the highest
    of the high ends and of the p-values - so that what is advised held for each of them.

    trained: tokens seen in training / the uncompressed student's. p_value: one-sided, of the retention being above the
    threshold. seeds: the fewest. `places` is the number of conditions, students and benchmarks that it was measured in,
    `cells` are the ids of the cells behind it.

    Raises:
        InputError: there are no evaluated cells of this domain, regime and student, or no uncompressed baseline that
            was ever right.
    """
    found = build_frame(_build_rows(question, _select_condition(question, tables)), _COLUMNS)
    if not len(found):
        asked = ", ".join(part for part in (question.domain, question.regime, question.student) if part)
        if not len(tables.cells):
            raise InputError(
                "The study trained no student, so it says nothing of accuracy.",
                "Name students and each condition's benchmarks in it; cotpress report shows what it has: the texts.",
            )
        raise InputError(
            f"The study has no evaluated cells of {asked}.",
            "Leave --study out for this project's measurements, or add the condition.",
        )
    if not found.retention.notna().any():
        raise InputError(
            "The study has no uncompressed baseline that was right at all: what its ways keep of it is not known.",
            "Add it to the study's baselines, or ask benchmarks that its students can solve.",
        )
    named = {
        **{name: (name, "mean") for name in _MEANS},
        **{name: (name, "min") for name in _LOWS},
        **{name: (name, "max") for name in _HIGHS},
        "places": ("accuracy", "size"),
    }
    treatments = found.groupby(list(TREATMENT_KEY_COLUMNS), as_index=False).agg(**named)
    cells = group_cells_by_treatment(question, tables)
    return treatments.assign(cells=[cells[read_treatment_key(row)] for row in treatments.itertuples()])


def _select_condition(question: AdviceRequest, tables: StudyTables) -> StudyTables:
    """The cells of the domain and regime that were asked about."""
    of_condition = (tables.compressions.domain == question.domain) & (tables.compressions.regime == question.regime)
    asked = tables.compressions[of_condition].compression
    return replace(tables, cells=tables.cells[tables.cells.compression.isin(asked)])


def _build_rows(question: AdviceRequest, tables: StudyTables) -> Iterator[dict[str, Any]]:
    for group in build_evaluation_groups(tables):
        if question.student in ("", group.student):
            retention = group.divide_by_baseline(group.accuracy)
            for at, treatment in enumerate(group.treatments):
                if not is_control(treatment.method):  # these show what an answer told early is worth
                    yield _build_row(group, at, retention[at], question.threshold)


def _build_row(group: EvaluationGroup, at: int, retention: FloatArray, threshold: float) -> dict[str, Any]:
    treatment, whole = group.treatments[at], group.baseline_index
    effect = PooledEffect(retention, _compute_freedom(group, at, retention))
    inference = PooledEffect(group.inference_ratio[at], effect.freedom)
    row: dict[str, Any] = {name: getattr(treatment, name) for name in TREATMENT_KEY_COLUMNS[:4]}
    row |= {"target": -1.0 if np.isnan(treatment.keep) else treatment.keep, "realized": treatment.realized}
    trained = float("nan") if whole is None else group.treatments[whole].trained_tokens
    row |= {"trained": float(quotient(np.asarray(treatment.trained_tokens), np.asarray(trained)))}
    row |= {"accuracy": float(group.accuracy[at, 0]), "seeds": treatment.seeds}
    for name, figure in (("retention", effect), ("inference", inference)):
        row[name], row[f"{name}_low"], row[f"{name}_high"] = figure.compute_interval(INTERVAL_LEVEL)
    return row | {"p_value": 1.0 if np.isnan(row["retention"]) else effect.compute_p_above(threshold)}


def _compute_freedom(group: EvaluationGroup, at: int, retention: FloatArray) -> float:
    """Degrees of freedom of a retention (Satterthwaite 1946): of its seeds, the baseline's, and the problems."""
    if group.baseline_index is None or np.isnan(retention[0]):
        return float("inf")
    total = float(np.nanvar(retention[1:]))
    if not total > 0:
        return float("inf")
    whole = group.treatments[group.baseline_index]
    base = float(group.accuracy[group.baseline_index, 0])
    parts = [_compute_seed_variance(group.treatments[at]) / base**2]
    parts += [_compute_seed_variance(whole) * float(retention[0]) ** 2 / base**2]
    freedoms = [max(1.0, group.treatments[at].seeds - 1.0), max(1.0, whole.seeds - 1.0), max(1.0, group.problems - 1.0)]
    parts.append(max(0.0, total - sum(parts)))
    return sum(parts) ** 2 / sum(part**2 / freedom for part, freedom in zip(parts, freedoms, strict=True))


def _compute_seed_variance(treatment: Treatment) -> float:
    """Of the mean accuracy over the seeds; 0 where one seed says nothing of it."""
    return float(treatment.accuracies.var(ddof=1)) / treatment.seeds if treatment.seeds > 1 else 0.0
