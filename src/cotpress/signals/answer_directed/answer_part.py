"""What of a trace is its answer, for signals that are about the answer."""

from __future__ import annotations

from dataclasses import dataclass

from cotpress.answers import extract_answer, find_statement_span
from cotpress.types import Trace

MAX_ANSWER_CHARACTERS = 400  # of an answer that nothing in the text marks as one


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """The words that state the answer, and the end of the reasoning that comes before them, in characters."""

    text: str
    reasoning_end: int


def find_answer_part(trace: Trace) -> AnswerPart | None:
    """The final statement of the answer, None where a trace has none and no gold answer is known.

    It is what the text after the reasoning states; where there is no such text, the last statement of the reasoning,
    which then ends before it; where there is none either, the gold answer.

    >>> find_answer_part(Trace("1", "2+3?", "2+3=5.", "So it is done. The answer is 5."))
    AnswerPart(text='The answer is 5', reasoning_end=6)
    >>> find_answer_part(Trace("1", "2+3?", "2+3=5. The answer is 5."))
    AnswerPart(text='The answer is 5', reasoning_end=7)
    """
    whole = len(trace.reasoning)
    if trace.answer.strip():
        span = find_statement_span(trace.answer)
        text = trace.answer[slice(*span)] if span else trace.answer.strip()[:MAX_ANSWER_CHARACTERS]
        return AnswerPart(text, whole)
    span = find_statement_span(trace.reasoning)
    if span:
        return AnswerPart(trace.reasoning[slice(*span)], span[0])
    if trace.gold and trace.gold.strip():
        return AnswerPart(f"The answer is {trace.gold.strip()[:MAX_ANSWER_CHARACTERS]}", whole)
    return None


def find_answer_value(trace: Trace) -> str:
    """The answer alone: the gold one, else the one that the trace states; "" where neither is known.

    >>> find_answer_value(Trace("1", "2+3?", "2+3=5.", "The answer is 5."))
    '5'
    """
    stated = trace.gold or extract_answer(trace.answer) or extract_answer(trace.reasoning) or ""
    return stated.strip()[:MAX_ANSWER_CHARACTERS]
