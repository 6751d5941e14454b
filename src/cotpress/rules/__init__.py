"""The rule-based rewriter: all four levels with no model."""
