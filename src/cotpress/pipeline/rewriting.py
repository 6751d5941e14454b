"""A whole rewriting run: read, rewrite, check, write; interrupted anywhere, it continues where it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cotpress.models import load_counter
from cotpress.pipeline.budgets import fixed_budgets, target_of
from cotpress.pipeline.job import Amount, Scoring
from cotpress.pipeline.produce import Input, Place, Work, produce
from cotpress.pipeline.progress import Progress, watched
from cotpress.pipeline.rewrite_job import RewriteJob
from cotpress.pipeline.scoring import make_scorer, make_source
from cotpress.pipeline.stream import Outcome, Row, checks_for, screened
from cotpress.pipeline.writers import Asking, open_writer
from cotpress.prune import Method, Pruner
from cotpress.rewriting import Rewriter, Writer
from cotpress.tokens import UNITS, TokenCounter
from cotpress.types import SignalSource

PART = 64  # rows: few enough that little work is repeated after a stop, many enough that files stay few


def run_rewrite(rows: Input, job: RewriteJob, asking: Asking, place: Place, progress: Progress) -> dict[str, Any]:
    """Rewrite `rows` into the output directory and return its summary.

    Raises:
        CotpressError: nothing can be rewritten as asked, or a limit was reached; what was finished stays and is
            continued, and no answer is paid for twice.
    """
    return produce(rows, job, lambda: _work(rows, job, asking, place, progress), place, progress)


def _work(rows: Input, job: RewriteJob, asking: Asking, place: Place, progress: Progress) -> Work:
    total = sum(1 for _ in watched(rows, progress, "Counting"))
    writer = open_writer(job, asking, place.store, progress)
    source = make_source("ngram", Scoring(), rows) if job.steering.fallback == "prune" else None
    return rewriting(job, writer, asking.concurrency, source, total)


def rewriting(
    job: RewriteJob, writer: Writer, concurrency: int, source: SignalSource | None, total: int | None
) -> Work:
    """The work of a rewriting run: rows through the writer, `concurrency` calls at once.

    `source` scores traces for the fallback "prune".

    Raises:
        ModelError: the tokenizer cannot be read.
    """
    counter = load_counter(job.tokenizer) if job.tokenizer else None
    rewriter = make_rewriter(source, job, writer, counter, concurrency)
    checks = checks_for(job.drop_wrong)

    def rewritten(some: Iterable[Row]) -> Iterator[Outcome]:
        return rewriter.compress(screened(some, checks))

    about = {"level": job.found_level.name, "rewriter": writer.name}
    return Work("Rewriting", rewritten, PART, total, counter.name if counter else UNITS, about)


def make_rewriter(
    source: SignalSource | None, job: RewriteJob, writer: Writer, counter: TokenCounter | None, concurrency: int
) -> Rewriter:
    """The rewriter that the job asks for; `source` scores traces where the fallback prunes."""
    prunes = job.steering.fallback == "prune"
    return Rewriter(
        level=job.found_level,
        writer=writer,
        ratio_of=target_of(job.keep, job.seed),
        steering=job.steering,
        counter=counter,
        domain=job.domain,
        concurrency=concurrency,
        pruner=_fallback(source, job, counter) if prunes else None,
    )


def _fallback(source: SignalSource | None, job: RewriteJob, counter: TokenCounter | None) -> Pruner:
    budgets = fixed_budgets(Amount(keep=job.keep), job.seed)
    return Pruner(Method(seed=job.seed), budgets, make_scorer(source, None), counter)
