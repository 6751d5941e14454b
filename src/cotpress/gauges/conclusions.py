"""Whether the derivation reaches the answer, or the answer is merely stated, and how often."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Final, Literal

from cotpress.answers import extract_answer, normalise_answer
from cotpress.gauges.definitions import ValueUses, find_value_uses
from cotpress.gauges.formula_text import MATH_EDGE, simplify_formulas
from cotpress.gauges.registry import register_gauge
from cotpress.gauges.text_analysis import Statement, canonicalise_number
from cotpress.gauges.text_pair import TextPair
from cotpress.types import Trace

_STATING = re.compile(
    r"\\boxed|\banswer\b(?!\s+(?:choices?|options?)\b)|####|\bfinal (?:result|solution)\b|答案", re.IGNORECASE
)
_CONCLUDING = re.compile(r"\b(?:so|thus|therefore|hence|then|must|gives|means|yields)\b", re.IGNORECASE)
_OPERATION = re.compile(r"[\w)!][-+*/^][\w(\\.]|sqrt")
_NUMERAL = re.compile(r"-?\d+(?:\.\d+)?\Z")
_TRUTH_VALUES = frozenset(("true", "false"))
MIN_ANSWER_CHARACTERS: Final = 2  # of an answer in words; a shorter one stands in any text for other reasons
MAX_ANSWER_CHARACTERS: Final = 200

Role = Literal["states", "computes", "concludes", ""]
"""A statement merely states the answer, computes it by an equation, concludes it in words, or none of these."""


class _Answer:
    """The answer of a trace in the spellings that a statement may have it in."""

    def __init__(self, value: str) -> None:
        self.plain = "".join(simplify_formulas(value).replace(MATH_EDGE, "").split()).strip("().")
        self.number = canonicalise_number(self.plain.lstrip("-")) if _NUMERAL.match(self.plain) else ""
        self._word = re.escape(" ".join(value.split()).casefold())
        self._roles: dict[int, tuple[Statement, Role]] = {}

    @cached_property
    def _mention(self) -> re.Pattern[str]:  # compiled for answers in words alone
        return re.compile(rf"(?<!\w){self._word}(?!\w)")

    @cached_property
    def _arrival(self) -> re.Pattern[str]:
        return re.compile(rf"(?:\b(?:is|are|be|was|were|called|means)|[=:])\s[*§\"'(]*(?:the |an? )?{self._word}(?!\w)")

    def find_role(self, statement: Statement) -> Role:
        """What a statement is to the answer."""
        known = self._roles.get(id(statement))
        if known is None:  # the statement is held, so that its id stays its own
            known = self._roles[id(statement)] = (statement, self._compute_role(statement))
        return known[1]

    def _compute_role(self, statement: Statement) -> Role:
        if statement.is_code or not self._is_in(statement):
            return ""
        result = any(result.strip("().").rstrip("%") == self.plain for result in statement.results)
        if _STATING.search(statement.text):
            sides = (side for relation in statement.relations for side in relation.sides[:-1])
            return "computes" if result and any(map(_OPERATION.search, sides)) else "states"
        if result:
            return "computes"
        return "concludes" if self._is_concluded(statement) else ""

    def _is_in(self, statement: Statement) -> bool:
        if self.number:
            return self.number in statement.numbers
        if self._mention.search(statement.text.casefold()):
            return True
        return len(self.plain) > MIN_ANSWER_CHARACTERS and self.plain in statement.plain.replace(" ", "")

    def _is_concluded(self, statement: Statement) -> bool:
        """Whether the statement arrives at the answer in words: "that leaves 5", "so 5 is the fifth term"."""
        if self.number:
            return statement.arrives_at(self.number) or _CONCLUDING.search(statement.text) is not None
        return self._arrival.search(statement.text.casefold()) is not None


@lru_cache(maxsize=1)
def _find_answer(trace: Trace) -> _Answer | None:
    """The answer to look for; None where there is none, or one that stands in any text for other reasons."""
    value = extract_answer(trace.answer) or trace.gold or extract_answer(trace.reasoning)
    if value is None or not value.strip() or len(value) > MAX_ANSWER_CHARACTERS:
        return None
    if not _NUMERAL.match(value.strip()) and normalise_answer(value).casefold() in _TRUTH_VALUES:
        return None
    answer = _Answer(value.strip())
    return answer if answer.number or len(value.strip()) >= MIN_ANSWER_CHARACTERS else None


def _is_reached(answer: _Answer, statements: Iterable[Statement], uses: Sequence[ValueUses]) -> bool:
    """Whether the first statement that gives the answer computes it, or concludes it from what is there."""
    for place, statement in enumerate(statements):
        role = answer.find_role(statement)
        if role:
            return role == "computes" or (role == "concludes" and answer.number not in uses[place].missing)
    return False


@register_gauge(
    "derivation_reaches_answer",
    fault="the derivation reaches the answer before it is stated in {value} of the traces (random pruning: {random})",
    remedies=("--criterion backbone", "a higher --keep", "another level"),
)
def derivation_reaches_answer(pair: TextPair) -> float | None:
    """1 where the derivation reaches the answer before it is merely stated, else 0; only where the original does."""
    answer = _find_answer(pair.trace)
    if answer is None or not _is_reached(answer, pair.original.statements, _no_uses(len(pair.original))):
        return None
    return float(_is_reached(answer, (kept.statement for kept in pair.kept), find_value_uses(pair)))


def _no_uses(count: int) -> Sequence[ValueUses]:
    """Nothing is missing in an original."""
    return [ValueUses(0, ())] * count


@register_gauge("answer_restatements", higher_is_better=False, is_share=False, compared=False, of_original=True)
def answer_restatements(pair: TextPair) -> float | None:
    """How often the answer is given again: statements that compute, conclude or state it, less the first one."""
    answer = _find_answer(pair.trace)
    if answer is None:
        return None
    given = sum(bool(answer.find_role(kept.statement)) for kept in pair.kept)
    return float(max(0, given - 1))
