"""Rewriting: a compressor that has new text written at one of the restructuring levels, and checks it."""

from cotpress.rewriting.chat_writer import ChatWriter, build_request
from cotpress.rewriting.hints import HINTS, NO_HINT, check_hint
from cotpress.rewriting.policy import FALLBACKS, RewritePolicy
from cotpress.rewriting.rewriter import LOOKAHEAD_PER_CALL, Rewriter
from cotpress.rewriting.rules_writer import RulesWriter
from cotpress.rewriting.task import RewriteTask, check_domain, detect_domain, make_rewrite_task
from cotpress.rewriting.writer import Feedback, Writer, WriterReply

__all__ = [
    "FALLBACKS",
    "HINTS",
    "LOOKAHEAD_PER_CALL",
    "NO_HINT",
    "ChatWriter",
    "Feedback",
    "RewritePolicy",
    "RewriteTask",
    "Rewriter",
    "RulesWriter",
    "Writer",
    "WriterReply",
    "build_request",
    "check_domain",
    "check_hint",
    "detect_domain",
    "make_rewrite_task",
]
