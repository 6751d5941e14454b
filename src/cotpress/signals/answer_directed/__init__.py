"""What a causal LM says of the answer: where it knows the answer, where a step is gone, and after a step alone."""

from cotpress.signals.answer_directed.bidirectional_lm import BidirectionalLM
from cotpress.signals.answer_directed.conditioned_lm import ConditionedLM
from cotpress.signals.answer_directed.removal_lm import RemovalLM

__all__ = ["BidirectionalLM", "ConditionedLM", "RemovalLM"]
