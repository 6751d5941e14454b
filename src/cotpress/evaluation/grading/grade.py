"""What is graded, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

ANSWER_KINDS = ("math", "choice", "truth", "text")
GRADE_OUTCOMES = ("right", "wrong", "unparsed", "empty", "timed-out")


@dataclass(frozen=True, slots=True)
class GradingInput:
    """A text that was written, and the answer that it should state.

    `gold` is an expression in LaTeX or plain text ("math"), an option's letter ("choice"), a truth value
    ("truth": true, false, yes or no), or words ("text"). `options` are the texts of the options in the order shown:
    A, B, and so on.
    """

    text: str
    gold: str
    kind: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """`outcome` is one of GRADE_OUTCOMES; `answer` is what the text was found to state, "" where nothing was.

    "unparsed" states no answer that can be read as one of its kind, "empty" is white space at most, and "timed-out"
    took more time or memory to compare than is allowed.
    """

    outcome: str
    answer: str = ""
