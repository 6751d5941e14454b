"""The one place that finds, normalises and compares answers: for reading, protecting, checking and grading.

Finding is precise rather than eager: a text that never *states* an answer has none. All of it is
plain text work in linear time; nothing is ever evaluated.
"""

from cotpress.answers.answer_verdicts import (
    AnswerVerdict,
    extract_reply_answer,
    find_gold_span,
    find_trace_answer,
    judge_answer,
    matches_gold,
)
from cotpress.answers.normalisation import is_same_answer, normalise_answer
from cotpress.answers.restatements import list_known_answers, states_answer
from cotpress.answers.statements import extract_answer, find_answer_span, find_statement_span

__all__ = [
    "AnswerVerdict",
    "extract_answer",
    "extract_reply_answer",
    "find_answer_span",
    "find_gold_span",
    "find_statement_span",
    "find_trace_answer",
    "is_same_answer",
    "judge_answer",
    "list_known_answers",
    "matches_gold",
    "normalise_answer",
    "states_answer",
]
