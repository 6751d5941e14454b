"""Importance -> a shorter trace: budgets, protection, ranking, reassembly."""

from cotpress.pruning.block_selection import apply_budget
from cotpress.pruning.budget import (
    AUTO_KEEP,
    DEFAULT_COVERAGE,
    Budget,
    Coverage,
    KeepRatio,
    TokenCap,
    build_token_cap,
    compute_token_target,
    parse_budget,
    parse_keep_ratio,
)
from cotpress.pruning.corpus_threshold import ImportanceHistogram, ImportanceThreshold
from cotpress.pruning.difficulty_budget import (
    DEFAULT_SPREAD,
    DifficultyBudgets,
    find_joint_ratios,
    find_level,
    fit_difficulty_budgets,
    parse_spread,
)
from cotpress.pruning.method import GRANULARITIES, Method
from cotpress.pruning.protection import PROTECTIONS
from cotpress.pruning.pruner import Pruner, SignalScorer, skip_scoring
from cotpress.pruning.ranking import Ranking, rank_segments
from cotpress.pruning.reassembly import compute_kept_spans, compute_layout, reassemble
from cotpress.pruning.shortfall import ACCEPT, FINER, LEFT_WHOLE, SHORTFALL_POLICIES, WHOLE, prune_trace
from cotpress.pruning.trace_ranking import PreparedTrace, RankedTrace, prepare_trace, rank_trace

__all__ = [
    "ACCEPT",
    "AUTO_KEEP",
    "DEFAULT_COVERAGE",
    "DEFAULT_SPREAD",
    "FINER",
    "GRANULARITIES",
    "LEFT_WHOLE",
    "PROTECTIONS",
    "SHORTFALL_POLICIES",
    "WHOLE",
    "Budget",
    "Coverage",
    "DifficultyBudgets",
    "ImportanceHistogram",
    "ImportanceThreshold",
    "KeepRatio",
    "Method",
    "PreparedTrace",
    "Pruner",
    "RankedTrace",
    "Ranking",
    "SignalScorer",
    "TokenCap",
    "apply_budget",
    "build_token_cap",
    "compute_kept_spans",
    "compute_layout",
    "compute_token_target",
    "find_joint_ratios",
    "find_level",
    "fit_difficulty_budgets",
    "parse_budget",
    "parse_keep_ratio",
    "parse_spread",
    "prepare_trace",
    "prune_trace",
    "rank_segments",
    "rank_trace",
    "reassemble",
    "skip_scoring",
]
