"""An original and what a compression left of it, as the gauges see them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cotpress.gauges.text_analysis import Statement, TextAnalysis, analyze_statements, analyze_text
from cotpress.types import IntArray, Trace

_WORD = re.compile(r"\w+")
_MAX_HOLDERS = 12  # statements that share a word; a word that more of them share says nothing of which one it is
MIN_SHARED_WORDS = 0.5  # share of the words of the longer of two statements that make one the rewrite of the other


@dataclass(frozen=True, eq=False, slots=True)
class KeptStatement:
    """A statement of the compressed text.

    Args:
        statement: what is left of it.
        origin: the index of the statement of the original that it comes from; None where a rewrite has it alone.
        whole: whether all of that statement is there.
    """

    statement: Statement
    origin: int | None
    whole: bool


@dataclass(frozen=True, eq=False)
class TextPair:
    """A trace's reasoning and what is left of it. What several gauges need is computed once.

    Args:
        trace: the original, with question, answer and gold answer.
        original: its reasoning, analyzed (`analyze_text`); one analysis serves every text that is made of it.
        text: what is left of the reasoning.
        kept_spans: [spans, 2], the [start, end) characters of the original that are left; None for a rewrite.
        ratio: kept / original tokens of the reasoning.
    """

    trace: Trace
    original: TextAnalysis
    text: str
    kept_spans: IntArray | None
    ratio: float

    @classmethod
    def of_original(cls, trace: Trace, original: TextAnalysis) -> TextPair:
        """The pair of a reasoning with itself: what a gauge says where nothing was deleted.

        >>> trace = Trace("1", "2+3?", "2 + 3 = 5.")
        >>> TextPair.of_original(trace, analyze_text(trace.reasoning)).kept[0].whole
        True
        """
        return cls(trace, original, original.text, np.array([[0, len(original.text)]]), 1.0)

    @property
    def is_original(self) -> bool:
        """Whether it was made by `of_original`."""
        return self.text is self.original.text

    @cached_property
    def kept(self) -> tuple[KeptStatement, ...]:
        """The statements of the compressed text, in order."""
        if self.is_original:
            return tuple(KeptStatement(each, at, True) for at, each in enumerate(self.original.statements))
        return self._match_rewritten() if self.kept_spans is None else self._cut_kept(self.kept_spans)

    @cached_property
    def rewritten(self) -> TextAnalysis | None:
        """The compressed text, analyzed by itself; None for a pruned one, whose statements are the original's."""
        return analyze_text(self.text) if self.kept_spans is None else None

    def count_kept(self, positions: IntArray) -> IntArray:
        """How many characters of the original before each position are kept; only for a pruned text."""
        spans = self.kept_spans if self.kept_spans is not None else np.zeros((0, 2), np.int64)
        spans = np.asarray(spans, np.int64).reshape(-1, 2)
        before = np.concatenate(([0], np.cumsum(spans[:, 1] - spans[:, 0])))
        index = np.searchsorted(spans[:, 0], positions, side="right")  # spans that begin at or before it
        last = np.maximum(index - 1, 0)
        if not len(spans):
            return np.zeros(len(positions), np.int64)
        beyond = np.maximum(spans[last, 1] - positions, 0) * (index > 0)
        return np.asarray(before[index] - beyond)

    def _cut_kept(self, spans: IntArray) -> tuple[KeptStatement, ...]:
        bounds = np.array(self.original.bounds, np.int64)
        text = self.original.text
        starts, ends = spans[:, 0].tolist(), spans[:, 1].tolist()
        first = np.searchsorted(spans[:, 1], bounds[:-1], side="right").tolist()
        kept: list[tuple[int, str, bool]] = []
        for index, (begin, end) in enumerate(zip(self.original.bounds, self.original.bounds[1:], strict=False)):
            pieces = []
            for at in range(first[index], len(starts)):
                if starts[at] >= end:
                    break
                pieces.append(text[max(begin, starts[at]) : min(end, ends[at])])
            left = _join_pieces(pieces).strip()
            if left:
                kept.append((index, left, left == self.original.statements[index].text))
        return self._read_kept(kept)

    def _read_kept(self, kept: list[tuple[int, str, bool]]) -> tuple[KeptStatement, ...]:
        """Whole statements are read already; of the others what is left is."""
        statements = self.original.statements
        partial = [(index, left) for index, left, whole in kept if not whole]
        read = iter(
            analyze_statements([left for _, left in partial], [statements[index].is_code for index, _ in partial])
        )
        return tuple(
            KeptStatement(statements[index] if whole else next(read), index, whole) for index, _, whole in kept
        )

    def _match_rewritten(self) -> tuple[KeptStatement, ...]:
        """Each statement of a rewrite with the one of the original that it shares most rare words with."""
        assert self.rewritten is not None
        places = {statement.text: at for at, statement in reversed(list(enumerate(self.original.statements)))}
        holders: dict[str, list[int]] = defaultdict(list)
        words = [_split_words(statement) for statement in self.original.statements]
        for at, held in enumerate(words):
            for word in held:
                holders[word].append(at)
        return tuple(_match_statement(statement, places, holders, words) for statement in self.rewritten.statements)


def _match_statement(
    statement: Statement, places: dict[str, int], holders: dict[str, list[int]], words: list[frozenset[str]]
) -> KeptStatement:
    if statement.text in places:
        return KeptStatement(statement, places[statement.text], True)
    own = _split_words(statement)
    shared: dict[int, int] = defaultdict(int)
    for word in own:
        held = holders.get(word, ())
        for at in held if len(held) <= _MAX_HOLDERS else ():
            shared[at] += 1
    best = max(shared, key=lambda at: (shared[at], -at), default=None)
    if best is None or len(own & words[best]) < MIN_SHARED_WORDS * max(len(own), len(words[best])):
        return KeptStatement(statement, None, False)
    return KeptStatement(statement, best, False)


def _join_pieces(pieces: list[str]) -> str:
    """Pieces of a text one after another; a space where two words would glue."""
    joined = pieces[0] if pieces else ""
    parts = [joined]
    for piece in pieces[1:]:
        if parts[-1][-1:].isalnum() and piece[:1].isalnum():
            parts.append(" ")
        parts.append(piece)
    return "".join(parts)


def _split_words(statement: Statement) -> frozenset[str]:
    """The words and numbers of a statement, in lower case."""
    return frozenset(_WORD.findall(statement.text.lower()))
