"""A whole pruning run: read, score, prune, write; interrupted anywhere, it continues where it was."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cotpress.llmlingua import LLMLinguaCompressor
from cotpress.models import load_counter
from cotpress.pipeline.budget_assignment import (
    fit_corpus_budget,
    fit_difficulty_budget,
    make_fixed_budgets,
    make_ratio_function,
)
from cotpress.pipeline.compression_spec import CompressionSpec
from cotpress.pipeline.decontamination import select_spec_checks
from cotpress.pipeline.execution import RunPaths, RunPlan, TraceInput, execute_run
from cotpress.pipeline.gauging import make_baseline
from cotpress.pipeline.row_outcomes import select_export_checks
from cotpress.pipeline.signal_sources import choose_batch_size, make_package_model, make_scorer, make_source
from cotpress.pipeline.source_kinds import LLMLINGUA
from cotpress.pipeline.stream import (
    Outcome,
    TraceOrRejected,
    compress_rows,
    flag_unrecognised,
)
from cotpress.progress import Progress, track
from cotpress.pruning import Pruner
from cotpress.token_counting import UNIT_COUNTER_NAME
from cotpress.types import SignalSource


def run_pruning(
    rows: TraceInput, spec: CompressionSpec, paths: RunPaths, progress: Progress, workers: int = 1
) -> dict[str, Any]:
    """Compress `rows` into the output directory and return its summary.

    Args:
        rows: what `cotpress.read` gives, or any rows that can be read again.
        spec: what is done.
        paths: where the run writes, and where it keeps signals.
        progress: receives what happens.
        workers: how many processes of this machine do it; one where a model scores the traces.

    Raises:
        CotpressError: nothing can be compressed as asked; what was finished stays and is continued.

    >>> from cotpress.progress import Silent
    >>> from cotpress.pruning import Method
    >>> from cotpress.traces import read
    >>> line = '{"question": "2+3?", "reasoning": "Two and three. 2+3=5.", "answer": "5"}'
    >>> _ = Path("traces.jsonl").write_text(line)
    >>> spec = CompressionSpec(Method("head"))
    >>> run_pruning(read("traces.jsonl"), spec, RunPaths(Path("out")), Silent())["compressed"]
    1
    """

    def prepare() -> RunPlan:
        pruner, total = _prepare_pruner(rows, spec, paths, progress)
        plan = plan_pruning(pruner, total, spec)
        if spec.budget.difficulty and isinstance(pruner, Pruner):
            plan = _plan_difficulty(plan, pruner, spec, track(rows, progress, "Finding the difficulties", total))
        return plan if spec.kinds else replace(plan, workers=workers)

    return execute_run(rows, spec, prepare, paths, progress)


def make_pruner(spec: CompressionSpec, sources: Sequence[SignalSource], store: Path | None) -> Pruner:
    """The pruner that a job asks for, with signals from `sources`; a corpus-wide threshold is not in it yet.

    Raises:
        ModelError: the tokenizer cannot be read.

    >>> from cotpress.pruning import Method
    >>> from cotpress.types import Trace
    >>> pruner = make_pruner(CompressionSpec(Method("head")), [], None)
    >>> [outcome.text for outcome in pruner.compress([Trace("1", "2+3?", "Two and three.\\n\\n2+3=5.", "5")])]
    ['2+3=5']
    """
    counter = load_counter(spec.tokenizer) if spec.tokenizer else None
    budget_of = make_fixed_budgets(spec.budget, spec.method.seed)
    budget, score = spec.budget, make_scorer(sources, store)
    how = {"by_row": budget.conversation, "allow_empty": budget.allow_empty}
    return Pruner(spec.method, budget_of, score, counter, budget.shortfall_policy, **how)


def make_package_pruner(spec: CompressionSpec) -> LLMLinguaCompressor:
    """The same for a job that does what the `llmlingua` package does. Raises as `make_pruner`.

    >>> from cotpress.pipeline.compression_spec import SignalSourceConfig
    >>> from cotpress.pruning import Method
    >>> method, scoring = Method("saliency", "token", protect=()), SignalSourceConfig("llmlingua", "world-saliency")
    >>> make_package_pruner(CompressionSpec(method, scoring=scoring)).counter is None
    True
    """
    counter = load_counter(spec.tokenizer) if spec.tokenizer else None
    ratio_of = make_ratio_function(spec.budget.keep, spec.method.seed)
    return LLMLinguaCompressor(make_package_model(spec.sources[0]), lambda trace: ratio_of(trace) or 1.0, counter)


def plan_pruning(pruner: Pruner | LLMLinguaCompressor, total: int | None, spec: CompressionSpec) -> RunPlan:
    """The work of a pruning run: rows in batches through the pruner.

    >>> from cotpress.pruning import Method
    >>> spec = CompressionSpec(Method("head"))
    >>> plan_pruning(make_pruner(spec, [], None), None, spec).part_size
    512
    """
    checks, size = select_spec_checks(spec), choose_batch_size(spec.kinds)
    rules = {"whole": spec.budget.conversation, "allow_empty": spec.budget.allow_empty}

    def prune_rows(rows: Iterable[TraceOrRejected]) -> Iterator[Outcome]:
        outcomes = compress_rows(rows, pruner, checks, size, **rules)
        return flag_unrecognised(outcomes) if spec.drop_wrong else outcomes

    counted_with = pruner.counter.name if pruner.counter else UNIT_COUNTER_NAME
    return RunPlan("Compressing", prune_rows, size, total, counted_with, baseline=make_baseline(spec.method))


def _plan_difficulty(plan: RunPlan, pruner: Pruner, spec: CompressionSpec, rows: Iterable[TraceOrRejected]) -> RunPlan:
    """The same work with budgets by difficulty, which is found in one pass over the rows."""
    checks = [*select_spec_checks(spec), *select_export_checks(spec.format)]
    survey, budgets = fit_difficulty_budget(spec.budget, pruner, rows, checks)
    by_difficulty = replace(pruner, budget_of=lambda trace: budgets.find(trace.difficulty))
    return replace(
        plan_pruning(by_difficulty, plan.total, spec),
        prepare_row=survey.attach,
        summary_fields={"budgets": survey.describe(budgets)},
    )


class _CountedRows:
    """Rows, and their number once they have all been read."""

    def __init__(self, rows: Iterable[TraceOrRejected]) -> None:
        self._rows = rows
        self.count: int | None = None

    def __iter__(self) -> Iterator[TraceOrRejected]:
        count = 0
        for row in self._rows:
            count += 1
            yield row
        self.count = count


def _prepare_pruner(
    rows: TraceInput, spec: CompressionSpec, paths: RunPaths, progress: Progress
) -> tuple[Pruner | LLMLinguaCompressor, int | None]:
    """The pruner that the job asks for, and the number of rows."""
    counted = _CountedRows(rows)
    if LLMLINGUA in spec.kinds:
        deque(track(counted, progress, "Counting"), maxlen=0)
        return make_package_pruner(spec), counted.count
    pruner = make_pruner(spec, _make_sources(spec, counted, progress), paths.store)
    if spec.budget.corpus:
        again = track(counted, progress, "Finding the threshold", counted.count)
        budget_of = fit_corpus_budget(
            spec.budget, pruner, again, choose_batch_size(spec.kinds), select_spec_checks(spec)
        )
        pruner = replace(pruner, budget_of=budget_of)
    return pruner, counted.count


def _make_sources(spec: CompressionSpec, rows: _CountedRows, progress: Progress) -> list[SignalSource]:
    """The job's sources. Each may read the rows once; they are counted in any case, for the rate and the time left."""
    sources = []
    for config in spec.sources:
        task = "Fitting the n-gram model" if config.source == "ngram" else f"Fitting the source {config.source}"
        sources.append(make_source(config, track(rows, progress, task, rows.count)))
    if rows.count is None:
        deque(track(rows, progress, "Counting"), maxlen=0)
    return sources
