"""Compressing from Python, with no file in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, cast

from cotpress.deprecation import rename_parameters
from cotpress.errors import OptionError
from cotpress.pipeline.budget_assignment import (
    fit_corpus_budget,
    fit_difficulty_budget,
    make_fixed_budgets,
    make_ratio_function,
)
from cotpress.pipeline.budget_config import BudgetConfig
from cotpress.pipeline.compression_spec import SignalSourceConfig
from cotpress.pipeline.rewrite_spec import check_budget, check_no_hint
from cotpress.pipeline.rewriting_run import make_fallback_pruner
from cotpress.pipeline.signal_sources import choose_batch_size, make_scorer, make_source
from cotpress.pipeline.stream import (
    Outcome,
    TraceOrRejected,
    compress_rows,
    reject_unusable,
    screen_rows,
    select_trace_checks,
)
from cotpress.pruning import Method, Pruner
from cotpress.rewriting import ChatWriter, RewritePolicy, Rewriter, RulesWriter, Writer
from cotpress.rewriting.levels import Level, get_level
from cotpress.rewriting.rules import check_rules
from cotpress.token_counting import TokenCounter
from cotpress.traces import ReferencedTraces, TraceReader, is_row_input, read
from cotpress.types import SignalSource, Trace


def compress(
    traces: str | Path | Iterable[TraceOrRejected] | Iterable[Mapping[str, Any]],
    method: Method | None = None,
    *,
    keep: float | str | BudgetConfig | None = None,
    source: SignalSource | Sequence[SignalSource] | None = None,
    counter: TokenCounter | None = None,
    store: str | Path | None = None,
) -> Iterator[Outcome]:
    """Prune traces: for each one, in order, a `Compressed` or a `Rejected`.

    Args:
        traces: traces; rejected rows go through. A file, folder or dataset, plain dictionaries and loaded datasets are
            read as `cotpress.read` reads them. Input that cannot be read twice is held in memory where the method needs
            two passes.
        method: criterion, granularity, protections.
        keep: the fraction of reasoning tokens kept, above 0 and at most 1; "auto" for what the answer rests on and no
            more, with criteria that know it; or a BudgetConfig, which also says how much of it (`coverage`) and how a
            budget is shared. None: "auto" with such a criterion, else 0.5.
        source: what scores the traces, by default an n-gram model fitted on them; several where the criterion reads
            signals of several.
        counter: counts tokens; by default units are counted.
        store: a folder where signals are kept for later calls.

    Raises:
        OptionError: a keep ratio out of range, "auto" with a criterion that gives no coverage, or what is no Method.
        ModelError: the source does not give what the criterion needs.

    >>> traces = [Trace("1", "2+3?", "Two and three.\\n\\n2+3=5.", "5")]
    >>> [outcome.text for outcome in compress(traces, Method("head"))]
    ['2+3=5']
    >>> rows = [{"question": "2+3?", "reasoning": "Two and three.\\n\\n2+3=5.", "answer": "5"}]
    >>> [outcome.text for outcome in compress(rows, Method("head"))]
    ['2+3=5.']
    """
    given = _take_traces(traces)
    method = _check_method(method)
    budget = _build_budget(keep).resolve_keep(method.resolved_criterion)
    rows = list(given) if isinstance(given, Iterator) else given
    needs = method.resolved_criterion.needs
    if source is None and "keep_probability" in needs:
        raise OptionError("Saliency needs a token classifier.", "Give source=cotpress.Saliency(HUB_ID_OR_PATH).")
    if source is None and needs:
        source = make_source(SignalSourceConfig("ngram"), rows)
    sources = source if isinstance(source, Sequence) else [source] if source and needs else []
    scorer = make_scorer(sources, Path(store) if store else None)
    budget_of, how = make_fixed_budgets(budget, method.seed), (budget.conversation, budget.allow_empty)
    pruner = Pruner(method, budget_of, scorer, counter, budget.shortfall_policy, *how)
    return _compress_with_budget(rows, budget, pruner)


@rename_parameters(steering="policy")
def rewrite(
    traces: str | Path | Iterable[TraceOrRejected] | Iterable[Mapping[str, Any]],
    level: str = "edit",
    *,
    keep: float | str | None = None,
    writer: Writer | None = None,
    policy: RewritePolicy | None = None,
    counter: TokenCounter | None = None,
) -> Iterator[Outcome]:
    """Have traces rewritten at a level: for each one, in order, a `Compressed` or a `Rejected`.

    `level` is a name or a Markdown file; `keep` the fraction of reasoning tokens to aim at, None for no
    budget; `writer` writes the drafts, by default the rules, which need no model; `counter` counts tokens,
    by default in units. The fallback "prune" prunes by the criterion backbone. `policy` also gives a model the
    backbone as a hint: `RewritePolicy(hint="backbone")`.

    Args:
        traces: traces; rejected rows go through; or a file, folder or dataset, dictionaries, or a loaded dataset.
        level: the name of a level, or a Markdown file.
        keep: the fraction of reasoning tokens to aim at; None for no budget.
        writer: writes the drafts; by default the rules, which need no model.
        policy: tries, tolerance, fallback, and what a model is told beside the trace.
        counter: counts tokens; by default units are counted.

    Raises:
        OptionError: a level, ratio or policy that cannot be, such as a hint for the rules.
        ModelError: the writer's model cannot be asked.

    >>> traces = [Trace("1", "2+3?", "Well, two and three: 2+3=5.", "5")]
    >>> [outcome.text for outcome in rewrite(traces, "edit")]
    ['Two and three: 2+3=5.']
    """
    rewriter = _make_rewriter(get_level(level), keep, writer or RulesWriter(), policy or RewritePolicy(), counter)
    checks = select_trace_checks(drop_wrong=False)
    return rewriter.compress(screen_rows(_take_traces(traces), checks))


def _make_rewriter(
    level: Level, keep: float | str | None, writer: Writer, policy: RewritePolicy, counter: TokenCounter | None
) -> Rewriter:
    ratios = () if keep is None else (str(keep),)
    check_budget(ratios, policy)
    if isinstance(writer, RulesWriter):  # whatever else writes may have no need of rules for the level
        check_rules(level)
        check_no_hint(policy)
    return Rewriter(
        level=level,
        writer=writer,
        ratio_of=make_ratio_function(ratios, 0),
        policy=policy,
        counter=counter,
        concurrency=writer.concurrency if isinstance(writer, ChatWriter) else 8,
        pruner=make_fallback_pruner(ratios, 0, counter) if policy.fallback == "prune" else None,
    )


def _take_traces(
    given: str | Path | Iterable[TraceOrRejected] | Iterable[Mapping[str, Any]],
) -> Iterable[TraceOrRejected]:
    """The traces as they are; a path, and rows that are plain dictionaries, recognised and read.

    Raises:
        OptionError: it is a single trace.
        InputError: there is no such file, or its rows are not recognised.
    """
    if isinstance(given, str | Path):
        return read(given)
    if not isinstance(given, Iterable) and not is_row_input(given):
        raise OptionError(
            f"A {type(given).__name__} is not a list of traces.", "Give a path, dictionaries, a dataset or traces."
        )
    if isinstance(given, Trace):
        raise OptionError("A Trace is not a list of traces.", "Give [trace].")
    if isinstance(given, Iterator):
        first = list(islice(given, 1))
        return _take_traces([*first, *given]) if first and isinstance(first[0], Mapping) else chain(first, given)
    if isinstance(given, TraceReader | ReferencedTraces) or not is_row_input(given):
        return cast(Iterable[TraceOrRejected], given)
    return read(cast(Iterable[Mapping[str, Any]], given))


def _check_method(given: Any) -> Method:
    if given is not None and not isinstance(given, Method):
        shown = repr(given) if isinstance(given, str) else "criterion=your_function"
        raise OptionError(f"A {type(given).__name__} is no method.", f"Give method=cotpress.Method({shown}).")
    return given or Method()


def _build_budget(keep: float | str | BudgetConfig | None) -> BudgetConfig:
    if isinstance(keep, BudgetConfig):
        return keep
    if isinstance(keep, list | tuple):
        several = tuple(str(ratio) for ratio in keep)
        raise OptionError("keep is one ratio.", f"Give keep=cotpress.BudgetConfig(keep={several}) to mix several.")
    return BudgetConfig(keep=() if keep is None else (str(keep),))


def _compress_with_budget(rows: Iterable[TraceOrRejected], budget: BudgetConfig, pruner: Pruner) -> Iterator[Outcome]:
    size = choose_batch_size(())
    if budget.corpus:
        pruner = replace(pruner, budget_of=fit_corpus_budget(budget, pruner, rows, size, [reject_unusable]))
    if budget.difficulty:
        survey, budgets = fit_difficulty_budget(budget, pruner, rows, [reject_unusable])
        pruner = replace(pruner, budget_of=lambda trace: budgets.find(trace.difficulty))
        rows = map(survey.attach, rows)
    rules = {"whole": budget.conversation, "allow_empty": budget.allow_empty}
    return compress_rows(rows, pruner, [reject_unusable], size, **rules)
