"""Compressing from Python, with no file in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cotpress.criteria import get_criterion
from cotpress.errors import OptionError
from cotpress.pipeline.budgets import corpus_budget, fixed_budgets
from cotpress.pipeline.job import Amount, Scoring
from cotpress.pipeline.scoring import batch_size, make_scorer, make_source
from cotpress.pipeline.stream import Outcome, Row, batched, outcomes, usable
from cotpress.prune import Method, Pruner
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


def _stream(rows: Iterable[Row], amount: Amount, pruner: Pruner) -> Iterator[Outcome]:
    size = batch_size("ngram")
    if amount.corpus:
        pruner = Pruner(
            pruner.method, corpus_budget(amount, pruner, rows, size, [usable]), pruner.score, pruner.counter
        )
    for batch in batched(rows, size):
        yield from outcomes(batch, pruner, [usable])
