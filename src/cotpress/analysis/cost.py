"""What compression saves: the student's own length against that of the traces it learned from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from cotpress.analysis.accuracy import compute_seed_deviation
from cotpress.analysis.bootstrap_draws import compute_intervals, quotient
from cotpress.analysis.evaluation_groups import EvaluationGroup, build_evaluation_groups
from cotpress.analysis.frames import DataFrame, build_frame
from cotpress.tables import StudyTables

COLUMNS = (
    *("condition", "domain", "regime", "student", "kind", "method", "granularity", "symbols", "target", "realized"),
    *("inference", "gap", "gap_low", "gap_high", "written_to_taught", "complete"),
    *("train_saving", "serve_saving", "spread", "seeds", "problems"),
)


def tabulate_cost(tables: StudyTables) -> DataFrame:
    """One row for each condition, student and way to shorten, all benchmarks pooled; needs an uncompressed student.

    inference: the inference ratio, mean reasoning tokens a reply / the uncompressed student's
    (`EvaluationGroup.inference_ratio`). gap: inference - realized; 0 is the
    diagonal, above it the student writes more than it was taught. written_to_taught: mean reasoning tokens of the
    replies that end with an answer / of the traces taught; complete: the share of the samples that such replies are.
    The former compares counts of the student's tokenizer with those of the study's: it means something where they are
    one. train_saving, serve_saving: share of the tokens seen in training, and of all tokens written in an answer, that
    is saved. spread: standard deviation of the inference ratio over seeds.

    >>> from cotpress.tables import build_study_tables
    >>> list(tabulate_cost(build_study_tables({})).columns)[-4:]
    ['serve_saving', 'spread', 'seeds', 'problems']
    """
    return build_frame(
        (row for panel in build_evaluation_groups(tables, pool=True) for row in _build_rows(panel)), COLUMNS
    )


def _build_rows(panel: EvaluationGroup) -> Iterator[dict[str, Any]]:
    if panel.baseline_index is None:
        return
    whole, inference = panel.treatments[panel.baseline_index], panel.inference_ratio
    written = panel.divide_by_baseline(quotient(panel.sum_draws["generated"], panel.sum_draws["replies"]))[:, 0]
    lengths, complete = panel.complete_length[:, 0], panel.complete_share[:, 0]
    for at, treatment in enumerate(panel.treatments):
        gap, low, high = compute_intervals(inference[at] - treatment.realized)
        labels = {name: value for name, value in {**panel.labels, **treatment.labels}.items() if name in COLUMNS}
        yield {
            **labels,
            "target": treatment.keep,
            "realized": treatment.realized,
            "inference": float(inference[at, 0]),
            "gap": float(gap),
            "gap_low": float(low),
            "gap_high": float(high),
            "written_to_taught": float(quotient(lengths[at], np.asarray(treatment.taught))),
            "complete": float(complete[at]),
            "train_saving": 1 - float(quotient(np.asarray(treatment.trained_tokens), np.asarray(whole.trained_tokens))),
            "serve_saving": 1 - float(written[at]),
            "spread": compute_seed_deviation(quotient(treatment.lengths, np.asarray(whole.lengths.mean()))),
            "seeds": len(treatment.lengths),
            "problems": panel.problems,
        }
