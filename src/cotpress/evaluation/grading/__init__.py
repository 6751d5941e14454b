"""Deciding whether a text that a model wrote answers its question right.

Where an answer stands in a text, and when two are spelled alike, is known to `cotpress.answers`; here is what
each kind of answer adds to that, and the algebra, which runs in child processes that can be killed.
"""

from cotpress.evaluation.grading.grade import ANSWER_KINDS, GRADE_OUTCOMES, Grade, GradingInput
from cotpress.evaluation.grading.grader import Grader

__all__ = ["ANSWER_KINDS", "GRADE_OUTCOMES", "Grade", "Grader", "GradingInput"]
