"""A whole run: read, score, prune, write; interrupted anywhere, it continues where it was."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from cotpress._version import __version__
from cotpress.export import dataset_card, dataset_info, example, get_format
from cotpress.output import OutputDirectory, opened
from cotpress.pipeline.budgets import corpus_budget, fixed_budgets
from cotpress.pipeline.job import Job
from cotpress.pipeline.progress import Progress, watched
from cotpress.pipeline.scoring import batch_size, make_scorer, make_source
from cotpress.pipeline.stream import Check, Row, batched, outcomes, right_answer, usable
from cotpress.prune import Pruner, keep_ratio
from cotpress.store import content_key
from cotpress.tokens import UNITS, load_counter


class Input(Protocol):
    """Traces that can be read again from the start, and named."""

    @property
    def identity(self) -> Any:
        """JSON-able data that changes when the input does."""

    @property
    def recognised(self) -> Any:
        """What the reader took the input for, JSON-able."""

    def __iter__(self) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run writes and where it keeps signals (None: nowhere)."""

    output: Path
    store: Path | None = None
    force: bool = False


def run(rows: Input, job: Job, place: Place, progress: Progress) -> dict[str, Any]:
    """Compress `rows` into the output directory and return its summary.

    Raises:
        CotpressError: nothing can be compressed as asked; what was finished stays and is continued.
    """
    started = time.monotonic()
    key = content_key(__version__, job.described(), rows.identity)
    with opened(place.output, key, place.force) as output:
        pruner, total = _pruner(rows, job, place, progress)
        _write(_Rows(rows, total), pruner, job, output, progress)
        about = {
            "target_ratio": _target(job),
            "counted_with": pruner.counter.name if pruner.counter else UNITS,
            "seconds": round(time.monotonic() - started, 3),
            "format": job.format,
            "recognised": rows.recognised,
            "input": rows.identity,
            "method": job.described(),
            "cotpress": __version__,
        }
        return output.finish(about, lambda summary: _beside(job, summary))


class _Rows:
    """Rows, and how many there are once somebody has read them all."""

    def __init__(self, rows: Iterable[Row], count: int | None = None) -> None:
        self._rows = rows
        self.count = count

    def __iter__(self) -> Iterator[Row]:
        count = 0
        for row in self._rows:
            count += 1
            yield row
        self.count = count


def _pruner(rows: Input, job: Job, place: Place, progress: Progress) -> tuple[Pruner, int | None]:
    """The pruner that the job asks for, and the number of rows."""
    counter = load_counter(job.tokenizer) if job.tokenizer else None
    counted = _Rows(rows)
    fits = job.source == "ngram"
    first = watched(counted, progress, "Fitting the n-gram model" if fits else "Counting")
    source = make_source(job.source, job.scoring, first)
    deque(first, maxlen=0)  # what the source did not read is counted, for the rate and the time left
    pruner = Pruner(job.method, fixed_budgets(job.amount, job.method.seed), make_scorer(source, place.store), counter)
    if job.amount.corpus:
        again = watched(counted, progress, "Finding the threshold", counted.count)
        budget_of = corpus_budget(job.amount, pruner, again, batch_size(job.source), _checks(job))
        pruner = replace(pruner, budget_of=budget_of)
    return pruner, counted.count


def _checks(job: Job) -> list[Check]:
    return [usable, right_answer] if job.drop_wrong else [usable]


def _write(rows: _Rows, pruner: Pruner, job: Job, output: OutputDirectory, progress: Progress) -> None:
    checks = _checks(job)
    row = get_format(job.format).row
    finished = output.finished_parts()
    if finished:
        progress.say(f"Continuing an interrupted run: {finished} finished parts are kept.")
    progress.start("Compressing", rows.count)
    for index, batch in enumerate(batched(rows, batch_size(job.source))):
        if index >= finished:
            output.write_part(index, outcomes(batch, pruner, checks), lambda one: row(example(one, job.style)))
        progress.advance(len(batch))
    progress.done()


def _target(job: Job) -> float | None:
    """The one keep ratio that was asked for, None for a cap or a mix."""
    amount = job.amount
    return keep_ratio(amount.keep[0]).ratio if amount.max_tokens is None and len(amount.keep) == 1 else None


def _beside(job: Job, summary: Mapping[str, Any]) -> dict[str, str]:
    """The files that go beside a training set."""
    info = dataset_info(job.format)
    return {"README.md": dataset_card(summary), **({"dataset_info.json": info} if info else {})}
