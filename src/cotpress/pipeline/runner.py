"""A whole pruning run: read, score, prune, write; interrupted anywhere, it continues where it was."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from cotpress.llmlingua import PackagePruner
from cotpress.models import load_counter
from cotpress.pipeline.budgets import corpus_budget, fixed_budgets, target_of
from cotpress.pipeline.job import Job
from cotpress.pipeline.produce import Input, Place, Work, produce
from cotpress.pipeline.progress import Progress, watched
from cotpress.pipeline.scoring import batch_size, make_scorer, make_source, package_model
from cotpress.pipeline.stream import Outcome, Row, batched, checks_for, outcomes
from cotpress.prune import Pruner
from cotpress.tokens import UNITS
from cotpress.types import SignalSource


def run(rows: Input, job: Job, place: Place, progress: Progress) -> dict[str, Any]:
    """Compress `rows` into the output directory and return its summary.

    Raises:
        CotpressError: nothing can be compressed as asked; what was finished stays and is continued.
    """
    return produce(rows, job, lambda: _work(rows, job, place, progress), place, progress)


def _work(rows: Input, job: Job, place: Place, progress: Progress) -> Work:
    return pruning(*_pruner(rows, job, place, progress), job)


def pruner_of(job: Job, source: SignalSource | None, store: Path | None) -> Pruner:
    """The pruner that a job asks for, with signals from `source`; a corpus-wide threshold is not in it yet.

    Raises:
        ModelError: the tokenizer cannot be read.
    """
    counter = load_counter(job.tokenizer) if job.tokenizer else None
    return Pruner(job.method, fixed_budgets(job.amount, job.method.seed), make_scorer(source, store), counter)


def package_pruner(job: Job) -> PackagePruner:
    """The same for a job that does what the `llmlingua` package does. Raises as `pruner_of`."""
    counter = load_counter(job.tokenizer) if job.tokenizer else None
    ratio_of = target_of(job.amount.keep, job.method.seed)
    return PackagePruner(package_model(job.scoring), lambda trace: ratio_of(trace) or 1.0, counter)


def pruning(pruner: Pruner | PackagePruner, total: int | None, job: Job) -> Work:
    """The work of a pruning run: rows in batches through the pruner."""
    checks, size = checks_for(job.drop_wrong), batch_size(job.source)

    def pruned(some: Iterable[Row]) -> Iterator[Outcome]:
        for batch in batched(some, size):
            yield from outcomes(batch, pruner, checks)

    return Work("Compressing", pruned, size, total, pruner.counter.name if pruner.counter else UNITS)


class _Counted:
    """Rows, and how many there are once somebody has read them all."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.count: int | None = None

    def __iter__(self) -> Iterator[Row]:
        count = 0
        for row in self._rows:
            count += 1
            yield row
        self.count = count


def _pruner(rows: Input, job: Job, place: Place, progress: Progress) -> tuple[Pruner | PackagePruner, int | None]:
    """The pruner that the job asks for, and the number of rows."""
    counted = _Counted(rows)
    fits = job.source == "ngram"
    first = watched(counted, progress, "Fitting the n-gram model" if fits else "Counting")
    source = make_source(job.source, job.scoring, first)
    deque(first, maxlen=0)  # what the source did not read is counted, for the rate and the time left
    if job.source == "llmlingua":
        return package_pruner(job), counted.count
    pruner = pruner_of(job, source, place.store)
    if job.amount.corpus:
        again = watched(counted, progress, "Finding the threshold", counted.count)
        budget_of = corpus_budget(job.amount, pruner, again, batch_size(job.source), checks_for(job.drop_wrong))
        pruner = replace(pruner, budget_of=budget_of)
    return pruner, counted.count
