"""The rule-based rewriter: all four levels with no model."""

from cotpress.rewriting.rules.attainable import is_attainable
from cotpress.rewriting.rules.level_rules import RULES, LevelRule, check_rules, rewrite_by_rules
from cotpress.rewriting.rules.parsed_trace import ParsedTrace, parse_trace

__all__ = ["RULES", "LevelRule", "ParsedTrace", "check_rules", "is_attainable", "parse_trace", "rewrite_by_rules"]
