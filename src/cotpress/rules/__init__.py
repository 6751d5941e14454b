"""The rule-based rewriter: all four levels with no model."""

from cotpress.rules.material import Material, prepare
from cotpress.rules.registry import RULES, Rule, rewrite_by_rules

__all__ = ["RULES", "Material", "Rule", "prepare", "rewrite_by_rules"]
