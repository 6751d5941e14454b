"""The steps that compress: signals once a model, pruning, rewriting, and the baselines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cotpress.chat import SpendLimit, parse_prices
from cotpress.models import ModelSpec
from cotpress.pipeline import (
    ClientConfig,
    RewriterConfig,
    RewriteSpec,
    estimate_cost,
    make_scorer,
    open_writer,
    rewrite,
)
from cotpress.progress import Silent
from cotpress.rewriting import RewritePolicy, Writer
from cotpress.rewriting.oracle import OracleRewriter, is_oracle, parse_oracle_name
from cotpress.study.artifacts import Artifact
from cotpress.study.config import RewritingGrid
from cotpress.study.context import StudyContext
from cotpress.study.plan import BASELINE, LEVEL, Compression
from cotpress.study.pruning_steps import get_pruning_artifact, prune_at_all_ratios
from cotpress.study.text_rows import TEXTS_VERSION, TextRow, build_text_row, read_texts, write_texts
from cotpress.types import Compressed

BATCH_SIZE = 64
COMPRESSION_VERSION = 3


def load_compressed_rows(context: StudyContext, compression: Compression) -> list[TextRow]:
    """The texts of a compression, one row a trace. They are made where they are not in the store."""
    keep = None if compression.kind == BASELINE else compression.target
    return read_texts(make_texts_folder(context, compression), keep)


def get_texts_artifact(context: StudyContext, compression: Compression) -> Artifact:
    """The artifact with the texts of a compression."""
    traces = context.load_condition(compression.condition).key
    if compression.kind == BASELINE:
        native = (
            context.load_condition(compression.condition, native=True).key
            if compression.method == "native-short"
            else None
        )
        return Artifact.from_inputs(
            "baseline", COMPRESSION_VERSION, traces, compression.method, native, context.counter_key
        )
    if compression.kind == LEVEL:
        job = _make_rewrite_spec(context.study.rewriting, compression)
        return Artifact.from_inputs(
            "rewriting", COMPRESSION_VERSION, TEXTS_VERSION, traces, job.to_key(), context.counter_key
        )
    return get_pruning_artifact(context, compression)


def make_texts_folder(context: StudyContext, compression: Compression) -> Path:
    """The folder of that artifact, made where it is not in the store."""
    artifact = get_texts_artifact(context, compression)
    if compression.kind == BASELINE:
        return context.artifacts.make(
            artifact, lambda folder: write_texts(folder, _build_baseline_rows(context, compression))
        )
    if compression.kind == LEVEL:
        return context.artifacts.make(
            artifact, lambda folder: write_texts(folder, _rewrite_condition(context, compression))
        )
    return prune_at_all_ratios(context, compression)


def score_condition(context: StudyContext, condition: str, needs: str) -> None:
    """Have the signals of a condition in the store, so that no method scores them again."""
    source, data = context.get_signal_source(condition, needs), context.load_condition(condition)
    artifact = Artifact.from_inputs("signals", COMPRESSION_VERSION, data.key, dict(source.identity))

    def build(folder: Path) -> None:
        score_part(context, condition, needs, 0, 1)
        (folder / "traces").write_text(str(len(data.traces)))

    context.artifacts.make(artifact, build)


def score_part(context: StudyContext, condition: str, needs: str, part: int, parts: int) -> int:
    """Have every `parts`-th trace of a condition, from number `part` on, scored and stored; how many those are.

    Several processes may do parts of the same condition at once.
    """
    source = context.get_signal_source(condition, needs)
    traces = context.load_condition(condition).traces[part::parts]
    scorer = make_scorer([source], context.signal_folder)
    for at in range(0, len(traces), BATCH_SIZE):
        scorer(traces[at : at + BATCH_SIZE])
    return len(traces)


def _build_baseline_rows(context: StudyContext, compression: Compression) -> list[TextRow]:
    traces, counts = (
        context.load_condition(compression.condition).traces,
        context.get_token_counts(compression.condition),
    )
    if compression.method == "native-short":
        return _build_native_short_rows(context, compression, sum(counts) / len(counts))
    whole = compression.method == "uncompressed"
    pairs = zip(traces, counts, strict=True)
    return [
        build_text_row(
            Compressed(trace, trace.reasoning if whole else "", None, count, count if whole else 0, None),
            trace.id,
            None,
        )
        for trace, count in pairs
    ]


def _build_native_short_rows(context: StudyContext, compression: Compression, mean: float) -> list[TextRow]:
    """Traces of the second source, set against the mean length of the first one's: they need not be the same ones."""
    traces = context.load_condition(compression.condition, native=True).traces
    pairs = zip(traces, context.get_token_counts(compression.condition, native=True), strict=True)
    return [
        build_text_row(Compressed(trace, trace.reasoning, None, round(mean), count, None), trace.id, None)
        for trace, count in pairs
    ]


def _rewrite_condition(context: StudyContext, compression: Compression) -> list[TextRow]:
    traces, config = context.load_condition(compression.condition).traces, context.study.rewriting
    job = _make_rewrite_spec(config, compression)
    if is_oracle(job.rewriter.name):
        outcomes = _make_oracle(job, compression, context).compress(traces)
    else:
        writer = _make_writer(job, context)
        keep, policy = compression.target, job.policy
        outcomes = rewrite(traces, compression.method, keep=keep, writer=writer, policy=policy, counter=context.counter)
    return [
        build_text_row(outcome, trace.id, compression.target) for trace, outcome in zip(traces, outcomes, strict=True)
    ]


def _make_oracle(job: RewriteSpec, compression: Compression, context: StudyContext) -> OracleRewriter:
    drawn = context.load_condition(compression.condition).generated
    corruption = parse_oracle_name(job.rewriter.name)
    return OracleRewriter(drawn, job.resolved_level, compression.target, context.counter, corruption)


def _make_writer(job: RewriteSpec, context: StudyContext) -> Writer:
    return open_writer(job, make_client_config(context.study.rewriting), context.artifacts.root, Silent())


def make_client_config(config: RewritingGrid | None) -> ClientConfig:
    """How the rewriter is asked: whose key, at what price, up to which cost."""
    chosen = config or RewritingGrid()
    prices = parse_prices(chosen.price) if chosen.price else None
    return ClientConfig(spend_limit=SpendLimit(prices, chosen.max_cost), key_env=chosen.key_env)


def estimate_missing_rewriting(context: StudyContext, compression: Compression) -> dict[str, Any]:
    """Calls, tokens and cost of a rewriting that is not in the store; see `cotpress.pipeline.cost_estimate`."""
    job, traces = (
        _make_rewrite_spec(context.study.rewriting, compression),
        context.load_condition(compression.condition).traces,
    )
    return estimate_cost(traces, job, make_client_config(context.study.rewriting), context.artifacts.root, Silent())


def _make_rewrite_spec(config: RewritingGrid | None, compression: Compression) -> RewriteSpec:
    chosen = config or RewritingGrid()
    keep = () if compression.keep is None else (str(compression.keep),)
    rewriter = RewriterConfig(chosen.rewriter, ModelSpec(chosen.model), chosen.base_url)
    return RewriteSpec(compression.method, rewriter, keep, RewritePolicy(hint=chosen.hint))
