"""Importance -> a shorter trace: budgets, protection, ranking, reassembly."""

from cotpress.prune.budget import Budget, KeepRatio, TokenCap, keep_ratio, token_cap
from cotpress.prune.corpus import Survey, Threshold
from cotpress.prune.fit import cut_to
from cotpress.prune.layout import kept_spans, lay_out, reassemble
from cotpress.prune.method import GRANULARITIES, Method
from cotpress.prune.protect import PROTECTIONS
from cotpress.prune.pruner import Pruner, Scorer, no_signals
from cotpress.prune.ranking import Ranking, rank
from cotpress.prune.sheet import Ranked, Sheet, prepare, rank_sheet

__all__ = [
    "GRANULARITIES",
    "PROTECTIONS",
    "Budget",
    "KeepRatio",
    "Method",
    "Pruner",
    "Ranked",
    "Ranking",
    "Scorer",
    "Sheet",
    "Survey",
    "Threshold",
    "TokenCap",
    "cut_to",
    "keep_ratio",
    "kept_spans",
    "lay_out",
    "no_signals",
    "prepare",
    "rank",
    "rank_sheet",
    "reassemble",
    "token_cap",
]
