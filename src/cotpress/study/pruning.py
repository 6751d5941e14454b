"""Pruning in two steps: a method's ranking, the same for every ratio, and the texts of one ratio, so that studies with
other ratios share what they have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.criteria import get_criterion
from cotpress.pipeline import make_scorer
from cotpress.prune import Method, Ranked, cut_to, keep_ratio, prepare, rank_sheet
from cotpress.study.artifacts import Step
from cotpress.study.desk import Desk
from cotpress.study.plan import Compression, at_all_ratios
from cotpress.study.texts import Row, text_row, write_texts
from cotpress.types import FloatArray, Rejected

RANKINGS = "rankings.parquet"
RANKED = pa.schema({"trace": pa.string(), "importance": pa.list_(pa.float32()), "kept_from": pa.list_(pa.float32())})
VERSION = 2  # raised when a step's outcome changes for the same input
NOTHING_LEFT = Rejected("nothing-left", "No step or unit fits the budget, and there is no answer.")
BATCH = 64


def ranking_step(desk: Desk, way: Compression) -> Step:
    """The step that ranks: one for all ratios."""
    source = desk.source(way.condition, get_criterion(way.method).needs)
    identity = dict(source.identity) if source else None
    traces = desk.material(way.condition).key
    return Step.of("ranking", VERSION, traces, asdict(way.pruning), identity, desk.counted_with)


def cut_step(desk: Desk, way: Compression) -> Step:
    """The step that cuts the ranking at the way's ratio."""
    return Step.of("pruning", VERSION, ranking_step(desk, way).key, way.keep)


def is_pruned(desk: Desk, way: Compression) -> bool:
    """Whether the ranking and the texts of all the study's ratios are in the store."""
    return desk.artifacts.find(ranking_step(desk, way)) is not None and not _missing(desk, way)


def prune(desk: Desk, way: Compression) -> Path:
    """Rank every trace once and cut the rankings at all of the study's ratios; the folder of the way's own texts."""
    if not is_pruned(desk, way):
        rankings = []
        texts: dict[Compression, list[Row]] = {one: [] for one in _missing(desk, way)}
        for ranked in _ranked(desk, way.condition, way.pruning):
            rankings.append({"trace": ranked.sheet.trace.id, **thresholds(ranked)})
            for one, rows in texts.items():
                rows.append(_cut(ranked, one.keep))
        table = pa.Table.from_pylist(rankings, RANKED)
        desk.artifacts.make(
            ranking_step(desk, way), lambda folder: pq.write_table(table, folder / RANKINGS, compression="zstd")
        )
        for one in texts:
            desk.artifacts.make(cut_step(desk, one), partial(write_texts, rows=texts[one]))
    folder = desk.artifacts.find(cut_step(desk, way))
    assert folder is not None, way  # its ratio is one of the study's
    return folder


def _missing(desk: Desk, way: Compression) -> list[Compression]:
    """The way at the study's ratios, those whose texts are not in the store."""
    return [one for one in at_all_ratios(desk.study, way) if desk.artifacts.find(cut_step(desk, one)) is None]


def _cut(ranked: Ranked, keep: float | None) -> Row:
    trace = ranked.sheet.trace
    cut = cut_to(ranked, keep_ratio(1 if keep is None else keep))
    return text_row(cut if cut.text or trace.answer else NOTHING_LEFT, trace.id, keep)


def _ranked(desk: Desk, condition: str, method: Method) -> Iterator[Ranked]:
    traces = desk.material(condition).traces
    source = desk.source(condition, get_criterion(method.criterion).needs)
    scorer = make_scorer(source, desk.shelf)
    for at in range(0, len(traces), BATCH):
        batch = traces[at : at + BATCH]
        for trace, signals in zip(batch, scorer(batch), strict=True):
            yield rank_sheet(prepare(trace, method.steps, desk.counter), method, signals)


def thresholds(ranked: Ranked) -> dict[str, FloatArray]:
    """Of each unit: its importance, and the keep ratio from which on it stays (0 where it is protected).

    A unit at step granularity has the importance of its step. Protected ones have the highest of the trace.
    """
    ranking, cut = ranked.ranking, ranked.sheet.segmentation
    block = np.empty(len(ranking.order), dtype=np.int64)
    block[ranking.order] = np.repeat(np.arange(len(ranking.sizes)), ranking.sizes)
    from_ratio = np.cumsum(ranking.costs) / max(1, ranking.tokens)
    from_ratio[: ranking.protected] = 0.0
    finite = ranking.importance[np.isfinite(ranking.importance)]
    importance = np.where(np.isfinite(ranking.importance), ranking.importance, finite.max(initial=0.0))
    if len(block) != len(cut.units) - 1:  # one block a step
        block = block[np.searchsorted(cut.steps, cut.units[:-1], side="right") - 1]
    return {"importance": importance[block], "kept_from": from_ratio[block]}
