"""Compressing from Python, with no file in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cotpress.criteria import get_criterion
from cotpress.errors import OptionError
from cotpress.pipeline.budgets import corpus_budget, fixed_budgets
from cotpress.pipeline.job import Amount, Scoring
from cotpress.pipeline.rewrite_job import RewriteJob
from cotpress.pipeline.rewriting import make_rewriter
from cotpress.pipeline.scoring import batch_size, make_scorer, make_source
from cotpress.pipeline.stream import Outcome, Row, batched, checks_for, outcomes, screened, usable
from cotpress.prune import Method, Pruner
from cotpress.rewriting import RulesWriter, Steering, Writer
from cotpress.tokens import TokenCounter
from cotpress.types import SignalSource, Trace


def compress(
    traces: Iterable[Row],
    method: Method | None = None,
    *,
    keep: float | str | Amount = 0.5,
    source: SignalSource | None = None,
    counter: TokenCounter | None = None,
    store: str | Path | None = None,
) -> Iterator[Outcome]:
    """Prune traces: for each one, in order, a `Compressed` or a `Rejected`.

    `keep` is the fraction of reasoning tokens kept (or an `Amount`); `source` scores the traces, by
    default an n-gram model fitted on them; `counter` counts tokens, by default in units; with `store`
    signals are kept in that folder. Input that cannot be read twice is held in memory where the method
    needs two passes.

    Raises:
        OptionError: a keep ratio outside 0 < keep <= 1.
        ModelError: the source does not give what the criterion needs.
    """
    if isinstance(traces, str | Path | Trace):
        raise OptionError(f"A {type(traces).__name__} is not a list of traces.", "Give cotpress.read(path) or [trace].")
    method = method or Method()
    amount = keep if isinstance(keep, Amount) else Amount(keep=(str(keep),))
    rows = list(traces) if isinstance(traces, Iterator) else traces
    needs = get_criterion(method.criterion).needs
    if source is None and needs == "keep_probability":
        raise OptionError("Saliency needs a token classifier.", "Give source=cotpress.Saliency(HUB_ID_OR_PATH).")
    if source is None and needs:
        source = make_source("ngram", Scoring(), rows)
    pruner = Pruner(
        method, fixed_budgets(amount, method.seed), make_scorer(source, Path(store) if store else None), counter
    )
    return _stream(rows, amount, pruner)


def rewrite(
    traces: Iterable[Row],
    level: str = "edit",
    *,
    keep: float | str | None = None,
    writer: Writer | None = None,
    steering: Steering | None = None,
    counter: TokenCounter | None = None,
) -> Iterator[Outcome]:
    """Have traces rewritten at a level: for each one, in order, a `Compressed` or a `Rejected`.

    `level` is a name or a Markdown file; `keep` the fraction of reasoning tokens to aim at, None for no
    budget; `writer` writes the drafts, by default the rules, which need no model; `counter` counts tokens,
    by default in units. The fallback "prune" prunes with an n-gram model, for which the traces are held in memory.

    Raises:
        OptionError: a level, ratio or steering that cannot be.
        ModelError: the writer's model cannot be asked.
    """
    steering = steering or Steering()
    ratios = () if keep is None else (str(keep),)
    job = RewriteJob(level, keep=ratios, steering=steering)
    source = None
    if steering.fallback == "prune":
        traces = list(traces)
        source = make_source("ngram", Scoring(), traces)
    rewriter = make_rewriter(source, job, writer or RulesWriter(), counter, 8)
    return rewriter.compress(screened(traces, checks_for(drop_wrong=False)))


def _stream(rows: Iterable[Row], amount: Amount, pruner: Pruner) -> Iterator[Outcome]:
    size = batch_size("ngram")
    if amount.corpus:
        pruner = Pruner(
            pruner.method, corpus_budget(amount, pruner, rows, size, [usable]), pruner.score, pruner.counter
        )
    for batch in batched(rows, size):
        yield from outcomes(batch, pruner, [usable])
