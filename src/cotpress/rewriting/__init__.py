"""Rewriting: a compressor that has new text written at one of the restructuring levels, and checks it."""

from cotpress.rewriting.assignment import Assignment, assign, check_domain, domain_of
from cotpress.rewriting.by_chat import ChatWriter, request_for
from cotpress.rewriting.by_rules import RulesWriter
from cotpress.rewriting.rewriter import Rewriter
from cotpress.rewriting.steering import FALLBACKS, Steering
from cotpress.rewriting.writer import Turn, Writer, Written

__all__ = [
    "FALLBACKS",
    "Assignment",
    "ChatWriter",
    "Rewriter",
    "RulesWriter",
    "Steering",
    "Turn",
    "Writer",
    "Written",
    "assign",
    "check_domain",
    "domain_of",
    "request_for",
]
