"""What becomes of a trace whose whole steps miss the budget: short traces have few steps, and the next may not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Final

from cotpress.pruning.block_selection import apply_budget
from cotpress.pruning.budget import Budget, Coverage, TokenCap, parse_keep_ratio
from cotpress.pruning.early_answers import remove_early_statements
from cotpress.pruning.light_units import measure_kept_sense, rank_light_units_last
from cotpress.pruning.method import Method
from cotpress.pruning.ranking import Ranking
from cotpress.pruning.trace_ranking import PreparedTrace, RankedTrace, rank_trace
from cotpress.text import cut_finer
from cotpress.types import Compressed, Signals

FINER, UNITS, WHOLE, ACCEPT = "finer", "units", "whole", "accept"
SHORTFALL_POLICIES: Final = (FINER, UNITS, WHOLE, ACCEPT)
MAX_SHORTFALL: Final = Fraction(1, 5)  # share of the target that may stay unused
MIN_PIECES: Final = 8  # of a trace that whole pieces are deleted from
MIN_KEPT_SENSE: Final = 0.6  # share of its units, light ones apart; a trace that would keep less is left whole
MIN_CALCULATING_LINES: Final = 0.5  # share of lines with an equals sign; prose loses its sense with its words
FINER_STEP_MODES: Final = ("sentence", "clause")
FINER_STEPS, SINGLE_UNITS, LEFT_WHOLE = "finer-steps", "single-units", "left-whole"  # flags


def prune_trace(
    ranked: RankedTrace, method: Method, signals: Sequence[Signals], budget: Budget, policy: str = FINER
) -> Compressed:
    """What a budget keeps of a ranked trace; where whole steps do not suit it, what the policy says.

    Steps do not suit a budget of which they leave more than `MAX_SHORTFALL` unused. Nor do fewer than `MIN_PIECES` of
    them that the trace's own shape made: each then holds too much of what the answer rests on. "finer" ranks sentences,
    then clauses (flag "finer-steps"), then, of a trace that calculates in most of its lines, single units, function
    words first (flag "single-units"), and takes the first that suits. Numbers, symbols and negations stay then, even
    where they alone exceed the budget (flag "over-budget"); a trace that would keep less than `MIN_KEPT_SENSE` of what
    is no function word is left whole. "units" deletes single units of prose, too. "whole" leaves a trace whole at once
    (flag "left-whole"), "accept" keeps the steps that fit. Under a cap in tokens prose loses single units as well,
    no trace is left whole and nothing exceeds it: where units do not suit, the steps that fit are kept. With `Coverage`
    steps always suit. Of single units that were asked for, "finer" packs what still fits.

    Args:
        ranked: the trace, ranked by the method.
        method: how it was ranked.
        signals: what each source says of the trace, as `rank_trace` got it.
        budget: how much may be kept.
        policy: one of SHORTFALL_POLICIES.

    >>> from cotpress import Trace
    >>> from cotpress.pruning import prepare_trace, rank_trace
    >>> prepared, method = prepare_trace(Trace("1", "q", "She has 3 + 4 = 7 of the pens.")), Method("head", protect=())
    >>> outcome = prune_trace(rank_trace(prepared, method), method, (), parse_keep_ratio(0.6))
    >>> outcome.text, outcome.flags
    ('3 + 4 = 7.', ('single-units',))
    """
    if method.drop_restatements:  # the same cell as without the control, less those steps
        cell = replace(ranked, drop_restatements=False), replace(method, drop_restatements=False)
        return remove_early_statements(ranked.prepared, prune_trace(*cell, signals, budget, policy))
    outcome = apply_budget(ranked, budget)
    target = budget.compute_target(ranked.ranking)
    if policy == ACCEPT or _is_met(budget, ranked.ranking, target):
        return outcome
    if has_enough_steps(ranked, method) and not misses(outcome, target):
        return outcome
    if method.granularity == "token":
        return apply_budget(rank_trace(ranked.prepared, replace(method, fill=True), signals), budget)
    if policy in (FINER, UNITS):
        by_unit = policy == UNITS or isinstance(budget, TokenCap) or calculates(ranked.prepared.trace.reasoning)
        for finer, flag in _rank_finer(ranked, method, signals, by_unit):
            candidate = apply_budget(finer, budget)
            if _suits(candidate, finer, flag, budget, target):
                return replace(candidate, flags=(*candidate.flags, flag))
    if isinstance(budget, TokenCap):
        return outcome
    whole = apply_budget(ranked, parse_keep_ratio(1))
    return replace(whole, target_ratio=budget.ratio, flags=(*whole.flags, LEFT_WHOLE))


def _suits(candidate: Compressed, finer: RankedTrace, flag: str, budget: Budget, target: int) -> bool:
    if flag == FINER_STEPS or isinstance(budget, TokenCap):
        return "over-budget" not in candidate.flags and not misses(candidate, target)
    return not misses(candidate, target) and (
        measure_kept_sense(candidate, finer.prepared.segmentation) >= MIN_KEPT_SENSE
    )


def misses(outcome: Compressed, target: int) -> bool:
    """Whether too much of a target in tokens stays unused, or nothing is kept at all."""
    return outcome.tokens_kept == 0 or outcome.tokens_kept < (1 - MAX_SHORTFALL) * target


def has_enough_steps(ranked: RankedTrace, method: Method) -> bool:
    """Whether the steps are single units, were asked for by name, or are many enough."""
    pieces = len(ranked.prepared.segmentation.steps) - 1
    return method.granularity == "token" or method.steps != "auto" or pieces >= MIN_PIECES


def _is_met(budget: Budget, ranking: Ranking, target: int) -> bool:
    """Whether whole steps meet the budget exactly: all may stay, or it is the need of the trace, which no cap cuts."""
    if target >= ranking.tokens:
        return True
    if isinstance(budget, TokenCap) and isinstance(budget.within, Coverage):
        return budget.within.compute_target(ranking) <= budget.tokens
    return isinstance(budget, Coverage)


def calculates(reasoning: str) -> bool:
    """Whether most lines have an equals sign, so that words between the formulas can go.

    >>> calculates("She has 3 + 4 = 7 pens."), calculates("The Louvre is in Paris.")
    (True, False)
    """
    lines = [line for line in reasoning.splitlines() if line.strip()]
    return sum("=" in line for line in lines) >= MIN_CALCULATING_LINES * len(lines)


def _rank_finer(
    ranked: RankedTrace, method: Method, signals: Sequence[Signals], by_unit: bool
) -> Iterator[tuple[RankedTrace, str]]:
    """The trace ranked in ever smaller pieces, of which there are enough, each with the flag that says so."""
    prepared, finer_steps, unit_method = ranked.prepared, *_list_finer_methods(method)
    for finer in finer_steps:
        enough = max(len(prepared.segmentation.steps), MIN_PIECES) - 1
        if cut := cut_finer(prepared.segmentation, finer.steps, enough):
            prepared = PreparedTrace(prepared.trace, cut, prepared.costs, prepared.counter)
            yield rank_trace(prepared, finer, signals), FINER_STEPS
    if by_unit:
        yield rank_light_units_last(ranked.prepared, unit_method, signals), SINGLE_UNITS


@cache
def _list_finer_methods(method: Method) -> tuple[tuple[Method, ...], Method]:
    """The same with smaller steps, and with single units, which may be packed; in formulas, too: all symbols stay."""
    steps = tuple(replace(method, steps=mode) for mode in FINER_STEP_MODES if method.steps != mode)
    return steps, replace(method, granularity="token", fill=True, formulas="inside")
