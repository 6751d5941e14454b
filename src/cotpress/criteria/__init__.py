"""Signals -> importance. Each criterion is one small pure function; higher = keep."""

from cotpress.criteria.evidence import REDUCTIONS, Evidence, reduce_tokens
from cotpress.criteria.registry import CRITERIA, Criterion, get_criterion

__all__ = ["CRITERIA", "REDUCTIONS", "Criterion", "Evidence", "get_criterion", "reduce_tokens"]
