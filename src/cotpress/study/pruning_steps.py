"""Pruning in two steps: a method's ranking, the same for every ratio, and the texts of one ratio, so that studies with
other ratios share what they have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.criteria import get_criterion
from cotpress.errors import ModelError
from cotpress.pipeline import make_scorer, reject_if_empty
from cotpress.pruning import (
    AUTO_KEEP,
    Method,
    Pruner,
    RankedTrace,
    apply_budget,
    parse_keep_ratio,
)
from cotpress.study.artifacts import Artifact
from cotpress.study.context import StudyContext
from cotpress.study.difficulty_budgets import ConditionBudgets, build_budget_key, make_condition_budgets
from cotpress.study.plan import Compression, expand_ratios
from cotpress.study.text_rows import TEXTS_VERSION, TextRow, build_text_row, write_texts
from cotpress.types import FloatArray, Rejected

RANKINGS_FILE = "rankings.parquet"
RANKINGS_SCHEMA = pa.schema(
    {"trace": pa.string(), "importance": pa.list_(pa.float32()), "kept_from": pa.list_(pa.float32())}
)
PRUNING_VERSION = 4  # raised when a step's outcome changes for the same input
BATCH_SIZE = 64


def get_ranking_artifact(context: StudyContext, compression: Compression) -> Artifact:
    """The artifact with the ranking: one for all ratios, and for the control without restatements, too. Its key covers
    the criterion's version and source text."""
    criterion = get_criterion(compression.method)
    sources = [dict(source.identity) for source in context.get_signal_sources(compression.condition, criterion.needs)]
    method = replace(compression.pruning_method, drop_restatements=False)
    traces = context.load_condition(compression.condition).key
    settings = [asdict(method), method.key, sources, context.counter_key, *build_budget_key(context.study)]
    return Artifact.from_inputs("ranking", PRUNING_VERSION, traces, *settings)


def get_pruning_artifact(context: StudyContext, compression: Compression) -> Artifact:
    """The artifact with the texts of one ratio, or of "auto" at the study's coverage."""
    control = [asdict(compression.pruning_method)] if compression.drop_restatements else []
    asked = [compression.keep, context.study.coverage] if compression.keep == AUTO_KEEP else compression.keep
    ranking = get_ranking_artifact(context, compression).key
    return Artifact.from_inputs("pruning", PRUNING_VERSION, TEXTS_VERSION, ranking, asked, *control)


def is_pruned(context: StudyContext, compression: Compression) -> bool:
    """Whether the ranking and the texts of all the study's ratios are in the store."""
    return context.artifacts.find(get_ranking_artifact(context, compression)) is not None and not _find_missing(
        context, compression
    )


def prune_at_all_ratios(context: StudyContext, compression: Compression) -> Path:
    """Rank every trace once and cut the rankings at all of the study's ratios.

    The folder is that of this compression's own texts.
    """
    if not is_pruned(context, compression):
        rankings = []
        texts: dict[Compression, list[TextRow]] = {missing: [] for missing in _find_missing(context, compression)}
        budgets = make_condition_budgets(context, compression.condition)
        for ranked in _rank_traces(context, compression.condition, compression.pruning_method):
            rankings.append(_build_ranking_row(ranked, budgets))
            for missing, rows in texts.items():
                rows.append(_build_pruned_row(ranked, missing, budgets))
        table = pa.Table.from_pylist(rankings, RANKINGS_SCHEMA)
        context.artifacts.make(
            get_ranking_artifact(context, compression),
            lambda folder: pq.write_table(table, folder / RANKINGS_FILE, compression="zstd"),
        )
        for missing in texts:
            context.artifacts.make(get_pruning_artifact(context, missing), partial(write_texts, rows=texts[missing]))
    folder = context.artifacts.find(get_pruning_artifact(context, compression))
    assert folder is not None, compression  # its ratio is one of the study's
    return folder


def _find_missing(context: StudyContext, compression: Compression) -> list[Compression]:
    """The same compression at the study's other ratios whose texts are not in the store."""
    return [
        other
        for other in expand_ratios(context.study, compression)
        if context.artifacts.find(get_pruning_artifact(context, other)) is None
    ]


def _build_ranking_row(ranked: RankedTrace, budgets: ConditionBudgets) -> dict[str, Any]:
    trace, thresholds = ranked.prepared.trace, compute_unit_thresholds(ranked)
    return {"trace": trace.id, **thresholds, "kept_from": budgets.convert(trace, thresholds["kept_from"])}


def _build_pruned_row(ranked: RankedTrace, compression: Compression, budgets: ConditionBudgets) -> TextRow:
    budget = budgets.make(ranked.prepared.trace, compression.keep)
    outcome = reject_if_empty(apply_budget(ranked, budget), allow_empty=True)
    return build_text_row(outcome, ranked.prepared.trace.id, compression.target)


def _rank_traces(context: StudyContext, condition: str, method: Method) -> Iterator[RankedTrace]:
    traces = context.load_condition(condition).traces
    sources = context.get_signal_sources(condition, method.resolved_criterion.needs)
    whole = parse_keep_ratio(1)
    pruner = Pruner(method, lambda trace: whole, make_scorer(sources, context.signal_folder), context.counter)
    for start in range(0, len(traces), BATCH_SIZE):
        for ranked in pruner.rank(traces[start : start + BATCH_SIZE]):
            if isinstance(ranked, Rejected):  # cells are compared on the same traces
                raise ModelError(f"A trace could not be scored. {ranked.detail}", "Run the same command to continue.")
            yield ranked


def compute_unit_thresholds(ranked: RankedTrace) -> dict[str, FloatArray]:
    """Of each unit: its importance, and the keep ratio from which on it stays (0 where it is protected).

    A unit at step granularity has the importance of its step. Protected ones have the highest of the trace.
    """
    ranking, cut = ranked.ranking, ranked.prepared.segmentation
    block = np.empty(len(ranking.order), dtype=np.int64)
    block[ranking.order] = np.repeat(np.arange(len(ranking.block_sizes)), ranking.block_sizes)
    from_ratio = np.cumsum(ranking.costs) / max(1, ranking.tokens)
    from_ratio[: ranking.protected_blocks] = 0.0
    finite = ranking.importance[np.isfinite(ranking.importance)]
    importance = np.where(np.isfinite(ranking.importance), ranking.importance, finite.max(initial=0.0))
    if len(block) != len(cut.units) - 1:  # one block a step
        block = block[np.searchsorted(cut.steps, cut.units[:-1], side="right") - 1]
    return {"importance": importance[block], "kept_from": from_ratio[block]}
