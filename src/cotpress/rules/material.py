"""A trace's reasoning taken apart: sentences, what each is good for, and which characters are formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import pairwise

import numpy as np

from cotpress.answers import stated_answer, statement_span
from cotpress.markers import STOPWORDS, is_reflective
from cotpress.redundancy import near_duplicates
from cotpress.rules.phrases import ANNOUNCES, CONCLUDES, TALK
from cotpress.segment import Segmentation, segment
from cotpress.types import IntArray, Span, Trace

ENGLISH = 0.12  # share of English function words from which the phrase tables apply
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
FORMAL = 0.1  # share of units in formulas, below which an argument lives on its sentences


class Worth(IntEnum):
    """What a sentence is good for, the least first: the order in which rules let go of sentences."""

    TALK = 0  # to oneself, without a number
    DOUBT = 1  # reflection without a number
    REPEAT = 2  # says again what an earlier one said
    PLAN = 3  # announces what comes, without a formula
    RECHECK = 4  # reflection with numbers: a second check, a detour
    PROSE = 5  # no formula and no conclusion, where formulas are what counts
    UNUSED = 6  # a formula whose numbers nothing later uses
    CLAIM = 7  # a formula that is used, or a conclusion
    ANSWER = 8  # states the final answer, or has its value last


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters [start, end) of the reasoning, white space before it included; `step` counts from 0."""

    start: int
    end: int
    step: int
    worth: Worth
    numbers: frozenset[str]


@dataclass(frozen=True)
class Material:
    """One trace, ready for the rules of any level. `ratio` is the share of units to keep at most, None for all."""

    trace: Trace
    headings: tuple[str, ...]
    ratio: float | None
    cut: Segmentation
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The reasoning."""
        return self.trace.reasoning

    @property
    def target(self) -> int | None:
        """The most units to keep, None for no limit."""
        return None if self.ratio is None else int(len(self.cut.kinds) * self.ratio)

    @property
    def steps(self) -> int:
        """How many steps the original has."""
        return len(self.cut.steps) - 1

    @cached_property
    def english(self) -> bool:
        """Whether the phrase tables apply."""
        words = _WORD.findall(self.text.lower())
        return sum(word in STOPWORDS for word in words) >= ENGLISH * max(len(words), 1)

    @cached_property
    def formal_before(self) -> IntArray:
        """How many characters of formulas, numbers and code, white space aside, lie before each position, shape
        [characters + 1]."""
        marked = np.zeros(len(self.text) + 1, dtype=np.int64)
        marked[1:] = np.repeat(self.cut.formal, np.diff(self.cut.units))
        marked[1:][[at for at, letter in enumerate(self.text) if letter.isspace()]] = 0
        return np.cumsum(marked)

    def is_prose(self, start: int, end: int) -> bool:
        """Whether no character of a formula, a number or code lies between."""
        return bool(self.formal_before[start] == self.formal_before[end])

    def units_in(self, start: int, end: int) -> int:
        """How many units begin between two positions."""
        return int(np.diff(np.searchsorted(self.cut.units[:-1], [start, end]))[0])


def prepare(trace: Trace, headings: tuple[str, ...], ratio: float | None, cut: Segmentation | None = None) -> Material:
    """Take a trace apart; `cut` is its reasoning cut already."""
    cut = cut or segment(trace.reasoning)
    return Material(trace, headings, ratio, cut, _sentences(trace, cut))


def _sentences(trace: Trace, cut: Segmentation) -> tuple[Sentence, ...]:
    text = trace.reasoning
    bounds = np.union1d(segment(text, "sentence").steps, cut.steps)
    spans = list(pairwise(bounds.tolist()))
    texts = [text[start:end] for start, end in spans]
    repeated = near_duplicates(texts)
    answer = statement_span(text) or _value_span(trace)
    numbers = [frozenset(_NUMBER.findall(one)) for one in texts]
    terse = bool(cut.formal.mean() > FORMAL) if len(cut.formal) else False
    later: set[str] = set()
    worths: list[Worth] = []
    for at in range(len(spans) - 1, -1, -1):  # from the end, to know which numbers are used later
        states = spans[at][0] < answer[1] and answer[0] < spans[at][1]
        worth = Worth.ANSWER if states else _worth(texts[at], numbers[at], bool(repeated[at]), later)
        worths.append(worth if terse or worth not in (Worth.PROSE, Worth.UNUSED) else Worth.CLAIM)
        later |= numbers[at]
    steps = np.searchsorted(cut.steps, [start for start, _ in spans], side="right") - 1
    rows = zip(spans, steps.tolist(), reversed(worths), numbers, strict=True)
    return tuple(Sentence(*span, step, worth, found) for span, step, worth, found in rows)


def _value_span(trace: Trace) -> Span:
    """Where the reasoning last has the value of the answer that follows it; (-1, -1) where it has not."""
    value = stated_answer(trace.answer) or ""
    found = list(re.finditer(rf"(?<![\w.]){re.escape(value)}(?![\w])", trace.reasoning)) if value else []
    return found[-1].span() if found else (-1, -1)


def _worth(text: str, numbers: frozenset[str], repeated: bool, later: set[str]) -> Worth:
    reflective = is_reflective(text)
    if not numbers:
        if TALK.fullmatch(text):
            return Worth.TALK
        if reflective:
            return Worth.DOUBT
    if repeated:
        return Worth.REPEAT
    if ANNOUNCES.match(text) and "=" not in text:
        return Worth.PLAN
    if reflective:
        return Worth.RECHECK
    if CONCLUDES.match(text):
        return Worth.CLAIM
    if not numbers and "=" not in text and "\\" not in text:
        return Worth.PROSE
    return Worth.CLAIM if numbers & later or "=" in text else Worth.UNUSED
