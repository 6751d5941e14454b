"""Which budget a trace gets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from cotpress.pipeline.job import Amount
from cotpress.pipeline.stream import Check, Row, batched, checked
from cotpress.prune import Budget, Pruner, Survey, keep_ratio, token_cap
from cotpress.types import Trace

Choice = TypeVar("Choice")


def fixed_budgets(amount: Amount, seed: int) -> Callable[[Trace], Budget]:
    """Budgets that need no look at the corpus: a cap, one ratio, or several mixed evenly by trace id."""
    if amount.max_tokens is not None:
        cap = token_cap(amount.max_tokens)
        return lambda trace: cap
    ratios = [keep_ratio(ratio) for ratio in amount.keep]
    return lambda trace: mixed(ratios, trace, seed)


def target_of(keep: Sequence[str], seed: int) -> Callable[[Trace], float | None]:
    """The keep ratio that each trace's rewrite aims at: one, several mixed evenly by trace id, or none."""
    ratios = [keep_ratio(ratio).ratio for ratio in keep]
    return lambda trace: mixed(ratios, trace, seed) if ratios else None


def mixed(choices: Sequence[Choice], trace: Trace, seed: int) -> Choice:
    """One of the choices, evenly by trace id."""
    digest = hashlib.blake2b(f"{seed}:{trace.id}".encode(), digest_size=8).digest()
    return choices[int.from_bytes(digest, "big") % len(choices)]


def corpus_budget(
    amount: Amount, pruner: Pruner, rows: Iterable[Row], size: int, checks: Sequence[Check]
) -> Callable[[Trace], Budget]:
    """The corpus-wide threshold, found in one pass over the rows that pass the checks."""
    threshold = surveyed(pruner, rows, size, checks).threshold(keep_ratio(amount.keep[0]))
    return lambda trace: threshold


def surveyed(pruner: Pruner, rows: Iterable[Row], size: int, checks: Sequence[Check]) -> Survey:
    """The importance of all rows that pass the checks, laid into a histogram."""
    survey = Survey()
    for batch in batched(rows, size):
        for ranked in pruner.rank(checked(batch, checks)):
            survey.add(ranked.ranking)
    return survey
