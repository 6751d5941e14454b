"""Evidence -> an order of deletion. Each criterion is one small pure function; higher = keep."""

from cotpress.criteria.evidence import REDUCTIONS, Evidence, reduce_token_values
from cotpress.criteria.order import Order
from cotpress.criteria.registry import CRITERIA, Criterion, get_criterion, register_criterion

__all__ = [
    "CRITERIA",
    "REDUCTIONS",
    "Criterion",
    "Evidence",
    "Order",
    "get_criterion",
    "reduce_token_values",
    "register_criterion",
]
