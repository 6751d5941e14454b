"""A whole rewriting run: read, rewrite, check, write; interrupted anywhere, it continues where it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from cotpress.models import load_counter
from cotpress.pipeline.budget_assignment import make_fixed_budgets, make_ratio_function
from cotpress.pipeline.budget_config import BudgetConfig
from cotpress.pipeline.decontamination import select_spec_checks
from cotpress.pipeline.draft_writers import ClientConfig, open_writer
from cotpress.pipeline.execution import RunPaths, RunPlan, TraceInput, execute_run
from cotpress.pipeline.gauging import make_baseline
from cotpress.pipeline.rewrite_spec import RewriteSpec
from cotpress.pipeline.stream import Outcome, TraceOrRejected, flag_unrecognised, screen_rows
from cotpress.progress import Progress, track
from cotpress.pruning import Method, Pruner, skip_scoring
from cotpress.rewriting import Rewriter, Writer
from cotpress.token_counting import UNIT_COUNTER_NAME, TokenCounter

PART_SIZE = 64  # rows: few enough that little work is repeated after a stop, many enough that files stay few


def run_rewriting(
    rows: TraceInput, spec: RewriteSpec, client: ClientConfig, paths: RunPaths, progress: Progress, workers: int = 1
) -> dict[str, Any]:
    """Rewrite `rows` into the output directory and return its summary.

    Args:
        rows: what `cotpress.read` gives, or any rows that can be read again.
        spec: what is done.
        client: limits, prices and tries of a client that asks a model.
        paths: where the run writes, and where it keeps replies.
        progress: receives what happens.
        workers: how many processes of this machine do it; one where a model is asked.

    Raises:
        CotpressError: nothing can be rewritten as asked, or a limit was reached; what was finished stays and is
            continued, and no answer is paid for twice.

    >>> from pathlib import Path
    >>> from cotpress.progress import Silent
    >>> from cotpress.traces import read
    >>> line = '{"question": "2+3?", "reasoning": "Hmm, wait. Two and three: 2+3=5.", "answer": "5"}'
    >>> _ = Path("traces.jsonl").write_text(line)
    >>> paths = RunPaths(Path("out"))
    >>> run_rewriting(read("traces.jsonl"), RewriteSpec("edit"), ClientConfig(), paths, Silent())["compressed"]
    1
    """

    def prepare() -> RunPlan:
        plan = _prepare_rewriting(rows, spec, client, paths, progress)
        return replace(plan, workers=workers) if spec.rewriter.name == "rules" else plan

    return execute_run(rows, spec, prepare, paths, progress)


def _prepare_rewriting(
    rows: TraceInput, spec: RewriteSpec, client: ClientConfig, paths: RunPaths, progress: Progress
) -> RunPlan:
    total = sum(1 for _ in track(rows, progress, "Counting"))
    writer = open_writer(spec, client, paths.store, progress)
    return plan_rewriting(spec, writer, client.drafts_under_way, total)


def plan_rewriting(spec: RewriteSpec, writer: Writer, concurrency: int, total: int | None) -> RunPlan:
    """The work of a rewriting run: rows through the writer, `concurrency` calls at once.

    Args:
        spec: what is done.
        writer: writes the drafts.
        concurrency: how many calls may be under way, 1 or more.
        total: the number of rows; None where it is unknown.

    Raises:
        ModelError: the tokenizer cannot be read.

    >>> from cotpress.rewriting import RulesWriter
    >>> plan_rewriting(RewriteSpec("edit"), RulesWriter(), 1, None).summary_fields
    {'level': 'edit', 'rewriter': 'rules'}
    """
    counter = load_counter(spec.tokenizer) if spec.tokenizer else None
    rewriter = make_rewriter(spec, writer, counter, concurrency)
    checks = select_spec_checks(spec)

    def rewrite_rows(rows: Iterable[TraceOrRejected]) -> Iterator[Outcome]:
        outcomes = rewriter.compress(screen_rows(rows, checks))
        return flag_unrecognised(outcomes) if spec.drop_wrong else outcomes

    about = {"level": spec.resolved_level.name, "rewriter": writer.name}
    counted_with = counter.name if counter else UNIT_COUNTER_NAME
    baseline = make_baseline(Method(seed=spec.seed))
    return RunPlan("Rewriting", rewrite_rows, PART_SIZE, total, counted_with, about, baseline)


def make_rewriter(spec: RewriteSpec, writer: Writer, counter: TokenCounter | None, concurrency: int) -> Rewriter:
    """The rewriter that the job asks for; where the fallback prunes, it does so by the default method."""
    prunes = spec.policy.fallback == "prune"
    return Rewriter(
        level=spec.resolved_level,
        writer=writer,
        ratio_of=make_ratio_function(spec.keep, spec.seed),
        policy=spec.policy,
        counter=counter,
        domain=spec.domain,
        concurrency=concurrency,
        pruner=make_fallback_pruner(spec.keep, spec.seed, counter) if prunes else None,
    )


def make_fallback_pruner(keep: tuple[str, ...], seed: int, counter: TokenCounter | None) -> Pruner:
    """What prunes a trace whose drafts are not good enough.

    >>> make_fallback_pruner(("0.5",), 0, None).method.criterion
    'backbone'
    """
    budget = BudgetConfig(keep=keep)
    budgets = make_fixed_budgets(budget, seed)
    return Pruner(Method(seed=seed), budgets, skip_scoring, counter, budget.shortfall_policy)
