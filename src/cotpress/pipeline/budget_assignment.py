"""Which budget a trace gets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from cotpress.pipeline.budget_config import BudgetConfig
from cotpress.pipeline.difficulty import DifficultySurvey, survey_difficulty
from cotpress.pipeline.stream import TraceCheck, TraceOrRejected, batch_rows, select_passing_traces
from cotpress.pruning import (
    Budget,
    DifficultyBudgets,
    ImportanceHistogram,
    Pruner,
    build_token_cap,
    parse_budget,
    parse_keep_ratio,
    prepare_trace,
)
from cotpress.types import Rejected, Trace

Choice = TypeVar("Choice")


def make_fixed_budgets(budget: BudgetConfig, seed: int) -> Callable[[Trace], Budget]:
    """Budgets that need no look at the corpus: one for all traces, or several mixed evenly by trace id.

    Args:
        budget: what is asked for, as `BudgetConfig.resolve_keep` gives it.
        seed: of the mixing.
    """
    budgets: list[Budget] = [parse_budget(value, budget.coverage) for value in budget.keep]
    if budget.max_tokens is not None:
        tokens = budget.max_tokens
        budgets = [build_token_cap(tokens, ratio) for ratio in budgets] or [build_token_cap(tokens)]
    return lambda trace: choose_by_trace_id(budgets, trace, seed)


def make_ratio_function(keep: Sequence[str], seed: int) -> Callable[[Trace], float | None]:
    """The keep ratio that each trace's rewrite aims at: one, several mixed evenly by trace id, or none."""
    ratios = [parse_keep_ratio(ratio).ratio for ratio in keep]
    return lambda trace: choose_by_trace_id(ratios, trace, seed) if ratios else None


def choose_by_trace_id(choices: Sequence[Choice], trace: Trace, seed: int) -> Choice:
    """One of the choices, evenly by trace id; all turns of a conversation get the same."""
    row_id = trace.origin.row_id if trace.origin else trace.id
    digest = hashlib.blake2b(f"{seed}:{row_id}".encode(), digest_size=8).digest()
    return choices[int.from_bytes(digest, "big") % len(choices)]


def fit_corpus_budget(
    budget: BudgetConfig, pruner: Pruner, rows: Iterable[TraceOrRejected], size: int, checks: Sequence[TraceCheck]
) -> Callable[[Trace], Budget]:
    """The corpus-wide threshold, found in one pass over the rows that pass the checks."""
    threshold = build_importance_histogram(pruner, rows, size, checks).find_threshold(parse_keep_ratio(budget.keep[0]))
    return lambda trace: threshold


def fit_difficulty_budget(
    budget: BudgetConfig, pruner: Pruner, rows: Iterable[TraceOrRejected], checks: Sequence[TraceCheck]
) -> tuple[DifficultySurvey, DifficultyBudgets]:
    """The difficulty of each trace and the budget of each difficulty, found in one pass over the rows.

    Args:
        budget: the keep ratio of all traces together, and the spread.
        pruner: says how tokens are counted.
        rows: traces and rejected rows; the latter are left out.
        checks: what a trace must pass to be compressed.

    Raises:
        InputError: a row states a difficulty that is no number from 0 to 1.

    >>> from cotpress.pruning import Method
    >>> pruner = Pruner(Method("head"), make_fixed_budgets(BudgetConfig(("0.5",)), 0))
    >>> traces = [Trace(str(n), "2+3?", "Two and three.", "5", difficulty=n) for n in (0, 1)]
    >>> survey, budgets = fit_difficulty_budget(BudgetConfig(("0.6",), difficulty=True), pruner, traces, [])
    >>> [budgets.find(trace.difficulty).ratio for trace in traces]
    [0.4, 0.8]
    """

    def count_tokens(trace: Trace) -> int:
        return prepare_trace(trace, pruner.method.steps, pruner.counter).tokens

    survey = survey_difficulty(rows, checks, count_tokens)
    return survey, survey.fit_budgets(parse_keep_ratio(budget.keep[0]), budget.spread)


def build_importance_histogram(
    pruner: Pruner, rows: Iterable[TraceOrRejected], size: int, checks: Sequence[TraceCheck]
) -> ImportanceHistogram:
    """The importance of all rows that pass the checks, as a histogram.

    Args:
        pruner: ranks the traces.
        rows: traces and rejected rows; the latter are left out.
        size: how many rows are ranked together.
        checks: what a trace must pass.

    >>> from cotpress.pruning import Method
    >>> traces = [Trace("1", "2+3?", "Two and three. Let me see. 2+3=5.", "5")]
    >>> pruner = Pruner(Method("head"), make_fixed_budgets(BudgetConfig(("0.5",)), 0))
    >>> bins, tokens = build_importance_histogram(pruner, traces, 64, []).list_bins()
    >>> len(bins) == len(tokens)
    True
    """
    histogram = ImportanceHistogram()
    for batch in batch_rows(rows, size):
        for ranked in pruner.rank(select_passing_traces(batch, checks)):
            if not isinstance(ranked, Rejected):
                histogram.add(ranked.ranking)
    return histogram
