"""The one place that finds, normalises and compares answers: for reading, protecting, checking and grading.

Finding is precise rather than eager: a text that never *states* an answer has none. All of it is
plain text work in linear time; nothing is ever evaluated.
"""

from cotpress.answers.canonical import normalise, same_answer
from cotpress.answers.finding import find_answer, stated_answer, statement_span

__all__ = ["find_answer", "normalise", "same_answer", "stated_answer", "statement_span"]
