"""Rewriting generated traces from their truth: what a level can do when nothing is lost by accident."""

from cotpress.rewriting.oracle.corruption import CORRUPTIONS, Corruption, corrupt_statements
from cotpress.rewriting.oracle.names import ORACLE, is_oracle, parse_oracle_name
from cotpress.rewriting.oracle.oracle_rewriter import OracleRewriter, check_oracle
from cotpress.rewriting.oracle.oracle_statements import OracleStatement, collect_statements

__all__ = [
    "CORRUPTIONS",
    "ORACLE",
    "Corruption",
    "OracleRewriter",
    "OracleStatement",
    "check_oracle",
    "collect_statements",
    "corrupt_statements",
    "is_oracle",
    "parse_oracle_name",
]
