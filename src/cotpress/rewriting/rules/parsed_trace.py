"""A trace's reasoning as rules need it: its sentences, which of them only talk, and which characters are formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from cotpress.answers import extract_answer, find_statement_span
from cotpress.pruning import compute_token_target
from cotpress.rewriting.rules.phrase_patterns import compile_self_talk
from cotpress.text import Segmentation, segment
from cotpress.text.language_words import LANGUAGES, choose_language
from cotpress.text.languages import detect_language, list_common_words
from cotpress.text.markers import STOPWORDS
from cotpress.text.steps.step_rules import TAGS_APART
from cotpress.text.steps.step_shapes import asks, classify_reply, find_number_list_ends
from cotpress.types import IntArray, Span, Trace

MAX_WHOLE_ANSWER = 80  # characters of an answer that may be a value by itself
MIN_ENGLISH_SHARE = 0.12  # share of English function words from which the English phrases apply
MIN_LONG_WORD = 5  # letters
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_INNER_CAPITAL = re.compile(r"(?<=[^\W\d_A-Z] )(?=[^\W\d_a-z])[^\W\d_][^\W\d_]+\b|(?<=, )[A-Z][a-z]+\b")
_NEGATIVE_REPLY = re.compile(r"[\s*]*(?:no\b|not\b|nope\b|never\b|(?:that|this|it)(?:'s| is) not\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters [start, end) of the reasoning, white space before it included; `step` counts from 0.

    `is_talk`: the writer talks to himself ("Okay, let me see."). `follows_question`: the sentence before it asks.
    `states_answer`: it has the final answer.
    """

    start: int
    end: int
    step: int
    is_talk: bool = False
    follows_question: bool = False
    states_answer: bool = False


@dataclass(frozen=True)
class ParsedTrace:
    """One trace, ready for the rules of any level.

    Args:
        trace: what is rewritten.
        headings: those of the level's template, () for none.
        max_units: the units to aim at, None for no budget.
        segmentation: the reasoning, segmented.
        sentences: the sentences of the reasoning, in order.
        cautious: whether sentences stay whole but for their surface words, and nothing is put last but talk.
    """

    trace: Trace
    headings: tuple[str, ...]
    max_units: int | None
    segmentation: Segmentation
    sentences: tuple[Sentence, ...]
    cautious: bool = False

    @property
    def text(self) -> str:
        """The reasoning."""
        return self.trace.reasoning

    @property
    def unit_count(self) -> int:
        """How many units the original has."""
        return len(self.segmentation.kinds)

    @cached_property
    def by_sentence(self) -> Segmentation:
        """The reasoning, cut into sentences."""
        return segment(self.text, TAGS_APART)

    @property
    def is_english(self) -> bool:
        """Whether phrases inside sentences can be told apart by their grammar."""
        return self.language == "en"

    @cached_property
    def language(self) -> str:
        """The language whose phrases apply, "" for none."""
        return find_phrase_language(self.text)

    @cached_property
    def has_capital_nouns(self) -> bool:
        """Whether the language writes all nouns with a capital, as German does."""
        return detect_language(self.text) == "de"

    @cached_property
    def common_words(self) -> frozenset[str]:
        """Words of the language that are no names, whatever letter they begin with."""
        return STOPWORDS | list_common_words(detect_language(self.text))

    @cached_property
    def names(self) -> frozenset[str]:
        """Words that begin with a capital inside sentences: "May" in "March, May and July"; and "I". In other languages
        also those of the question, wherever they stand."""
        words = {"I", *_INNER_CAPITAL.findall(self.text), *_INNER_CAPITAL.findall(self.trace.question)}
        if not self.is_english:
            asked = (word for word in _WORD.findall(self.trace.question) if word[0].isupper())
            words.update(word for word in asked if word.lower() not in self.common_words)
        return frozenset(words)

    @cached_property
    def last_places(self) -> dict[str, int]:
        """Where each longer word that is no function word is for the last time; past the end for those of the
        question."""
        places = {word: at for at, word in _list_long_words(self.text)}
        places.update((word, len(self.text)) for word in find_long_words(self.trace.question))
        return places

    @cached_property
    def formal_prefix_counts(self) -> IntArray:
        """How many characters of formulas, numbers and code, white space aside, lie before each position, shape
        [characters + 1]."""
        marked = np.zeros(len(self.text) + 1, dtype=np.int64)
        marked[1:] = np.repeat(self.segmentation.formal, np.diff(self.segmentation.units))
        marked[1:][[at for at, letter in enumerate(self.text) if letter.isspace()]] = 0
        return np.cumsum(marked)

    @cached_property
    def units_before(self) -> list[int]:
        """How many units begin before each position, shape [characters + 1]."""
        counts = np.searchsorted(self.segmentation.units[:-1], np.arange(len(self.text) + 1))
        return list(counts.tolist())

    def is_prose(self, start: int, end: int) -> bool:
        """Whether the characters between are all prose: none is of a formula, a number or code."""
        return bool(self.formal_prefix_counts[start] == self.formal_prefix_counts[end])

    def count_units(self, start: int, end: int) -> int:
        """How many units begin between two positions."""
        return self.units_before[end] - self.units_before[start]

    @cached_property
    def _units_ended(self) -> list[int]:
        counts = np.searchsorted(self.segmentation.units[1:], np.arange(len(self.text) + 1), side="right")
        return list(counts.tolist())

    def count_deleted_units(self, start: int, end: int) -> int:
        """How many units a text has less without these characters: those that end among them. A unit begins with the
        space before it, which stays where a mark alone goes: "= <<2+3=5>>5"."""
        return self._units_ended[end] - self._units_ended[start]

    def find_text_start(self, sentence: Sentence) -> int:
        """Where a sentence begins after the white space before it."""
        piece = self.text[sentence.start : sentence.end]
        return sentence.start + min(len(piece) - len(piece.lstrip()), len(piece) - 1)

    def get_sentence_text(self, sentence: Sentence) -> str:
        """A sentence without the white space around it."""
        return self.text[sentence.start : sentence.end].strip()


def _list_long_words(text: str) -> Iterator[tuple[int, str]]:
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if len(word) >= MIN_LONG_WORD and word not in STOPWORDS:
            yield match.start(), word.removesuffix("'s").removesuffix("’s").removesuffix("s")


def find_long_words(text: str) -> set[str]:
    """The longer words of a text that are no function words, without the ending of a plural.

    >>> sorted(find_long_words("in the historic region of Transylvania"))
    ['historic', 'region', 'transylvania']
    """
    return {word for _, word in _list_long_words(text)}


def parse_trace(
    trace: Trace, headings: tuple[str, ...], ratio: float | None, segmentation: Segmentation | None = None
) -> ParsedTrace:
    """Split a trace's reasoning into sentences.

    Args:
        trace: what is rewritten.
        headings: those of the level's template, () for none.
        ratio: the share of units to aim at, 0..1; None for no budget.
        segmentation: the reasoning, where it is segmented already.

    >>> parsed = parse_trace(Trace("1", "2 + 3?", "Okay, let me see. 2 + 3 = 5. The answer is 5."), (), 0.5)
    >>> [sentence.is_talk for sentence in parsed.sentences]
    [True, False, False]
    """
    segmentation = segmentation or segment(trace.reasoning)
    max_units = None if ratio is None else compute_token_target(len(segmentation.kinds), ratio)
    return ParsedTrace(trace, headings, max_units, segmentation, _parse_sentences(trace, segmentation))


def find_phrase_language(text: str) -> str:
    """The language whose phrases are looked for in a text, "" where there are none for it.

    >>> find_phrase_language("So the sum of it is 5."), find_phrase_language("Итак, сумма равна 5.")
    ('en', '')
    """
    words = _WORD.findall(text.lower())
    if sum(word in STOPWORDS for word in words) >= MIN_ENGLISH_SHARE * max(len(words), 1):
        return "en"
    language = choose_language([text])
    return language if language in LANGUAGES and language != "en" else ""


def _parse_sentences(trace: Trace, segmentation: Segmentation) -> tuple[Sentence, ...]:
    reasoning = trace.reasoning
    bounds = np.union1d(segment(reasoning, TAGS_APART).steps, segmentation.steps)
    bounds = np.union1d(bounds, np.array(list(find_number_list_ends(reasoning)), np.int64))
    spans = list(pairwise(bounds.tolist()))
    texts = [reasoning[start:end].strip() for start, end in spans]
    questions = [False, *(bool(text) and asks(text) for text in texts)]
    answer = find_statement_span(reasoning) or find_value_span(trace)
    language = find_phrase_language(reasoning) or "en"
    steps = (np.searchsorted(segmentation.steps, [start for start, _ in spans], side="right") - 1).tolist()
    return tuple(
        Sentence(
            *span,
            step,
            is_talk=not (span[0] < answer[1] and answer[0] < span[1]) and _is_talk(texts, questions, at, language),
            follows_question=questions[at],
            states_answer=span[0] < answer[1] and answer[0] < span[1],
        )
        for at, (span, step) in enumerate(zip(spans, steps, strict=True))
    )


def _is_talk(texts: list[str], questions: list[bool], at: int, language: str) -> bool:
    """Whether a sentence is mere talk. A question with its reply is, where both are: "Is that right? Yes."

    A "No" says that something is wrong.
    """
    text = texts[at]
    if not compile_self_talk(language).fullmatch(text) or any(map(str.isdigit, text)):
        return False
    if questions[at] and not compile_self_talk(language).fullmatch(texts[at - 1]) and classify_reply(text) != "none":
        return False
    if questions[at + 1] and at + 1 < len(texts) and texts[at + 1]:
        reply = texts[at + 1]
        return classify_reply(reply) == "none" or (
            compile_self_talk(language).fullmatch(reply) is not None and not _NEGATIVE_REPLY.match(reply)
        )
    return True


def find_value_span(trace: Trace) -> Span:
    """Where the reasoning last has the value of the answer that follows it; (-1, -1) where it has not.

    An answer of one line that states nothing ("RED, BLUE") is the value itself.
    """
    whole = trace.answer.strip()
    for value in (extract_answer(trace.answer), trace.gold, whole if len(whole) <= MAX_WHOLE_ANSWER else None):
        pattern = rf"(?<![\w.]){re.escape(value)}(?![\w])" if value and "\n" not in value else None
        matches = list(re.finditer(pattern, trace.reasoning)) if pattern else []
        if matches:
            return matches[-1].span()
    return -1, -1
