r"""Whether a piece of reasoning states a given answer: as a statement, as the result of a relation, or alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cotpress.answers.normalisation import is_same_answer
from cotpress.answers.statements import extract_answer
from cotpress.answers.value import read_value
from cotpress.types import Trace

_HEDGES = r"(?:\s+(?:approximately|about|roughly|exactly|indeed|just|simply|also|then|only|therefore|still|us)\b){0,2}"
# What a result follows: "= 103", "is 103", "we get 103". Each is followed by a value, or it says nothing.
RELATION = re.compile(
    r"[=≈]|\\(?:approx|equiv)(?![a-zA-Z])"
    r"|\b(?:is|are|was|be|equals?|equal to|gives?|giving|gets?|got|yields?|yielding|makes?|becomes?|leaves?|leaving"
    rf"|obtains?|finds?|found|totals?)(?:\b|(?=\d)){_HEDGES}",
    re.IGNORECASE,
)
# What makes the rest of its clause a result: ", so 103.", "Position 5: Ben"
CONCLUSION = re.compile(rf":|\b(?:so|thus|hence|therefore){_HEDGES}\b,?", re.IGNORECASE)
CLAUSE_END = re.compile(r"[\s*_$\\)\]]*(?:[.,;:!?](?!\d)|$)")
# A value before its role: "38 is the largest", "103 may be the answer".
ROLE = re.compile(
    r"(?<!\S)(?P<value>\S+)\s+(?:(?:is|was)|(?:might|may|must|should|could|would|will|has to) (?:then )?be)"
    r"(?: (?:indeed|then|therefore|thus|also|still|probably|likely))? (?:the|our)\b",
    re.IGNORECASE,
)
# A piece that is nothing but an answer: "103.", "Yes, \(B\)."
ALONE = re.compile(r"\s*(?:[*_>#-]{1,3}\s*)?(?:(?:yes|answer)\b[\s,:]*)?", re.IGNORECASE)
MAX_RELATIONS = 200  # of a piece, the last ones: it bounds the work on a piece that is a whole trace


def states_answer(text: str, answer: str) -> bool:
    r"""Whether a piece of text states an answer, however it words it.

    A piece states it as a statement does (`\boxed{103}`, "the answer is 103"), as the value of a relation
    (`m + n = 103`, "which gives 103"), or alone ("So 103."). A mere mention ("103 is prime", "103 + 2") is none.

    Args:
        text: a step or a clause of the reasoning.
        answer: the answer, as it is written.

    >>> states_answer("So m + n = 3 + 100 = 103.", "103"), states_answer("As 103 is prime, go on.", "103")
    (True, False)
    """
    stated = extract_answer(text)
    if stated is not None and is_same_answer(stated, answer):
        return True
    return any(is_same_answer(value, answer) for value in _generate_results(text))


def _generate_results(text: str) -> Iterator[str]:
    """The values that stand after a relation, before their role, at the end of a conclusion, or alone."""
    for relation in list(RELATION.finditer(text))[-MAX_RELATIONS:]:
        if value := read_value(text, relation.end(), label=False):
            yield text[slice(*value.span)]
    for role in ROLE.finditer(text):
        yield role["value"].strip("*_$,.;:()")
    alone = ALONE.match(text)
    starts = [alone.end() if alone else 0, *(match.end() for match in CONCLUSION.finditer(text))]
    for number, start in enumerate(starts[-MAX_RELATIONS:]):
        value = read_value(text, start, label=False)
        if value and (CLAUSE_END.match(text, value.stop) if number else not text[value.stop :].strip(" \t\n.!*_$")):
            yield text[slice(*value.span)]


def list_known_answers(trace: Trace) -> list[str]:
    """The answers that count as the trace's own: the gold one, and the one that it states at its end.

    >>> list_known_answers(Trace("1", "2+3?", "2+3=5.", "The answer is 5.", "5.0"))
    ['5.0', '5']
    """
    stated = extract_answer(trace.answer) or extract_answer(trace.reasoning)
    return list(dict.fromkeys(answer for answer in (trace.gold, stated) if answer and answer.strip()))
