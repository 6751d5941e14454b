"""How much of a second, natively short solution of the same problem a text still has: raw strings, never normalised.

No criterion's idea of a number, an expression or a word is used here: the extraction that a criterion ranks by would
flatter it. Only what the whole trace has counts, and nothing that was known beforehand, from the question or the gold
answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cotpress.gauges.registry import register_gauge
from cotpress.gauges.text_pair import TextPair
from cotpress.types import Trace

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d_]{4,}")
_DELIMITER = re.compile(r"\\\\|\\\$|\$\$|\$|\\[()\[\]]")
_CLOSERS: Final = {"$$": "$$", "$": "$", "\\(": "\\)", "\\[": "\\]"}
_SIDE_END = re.compile(  # relations, alignment marks, line breaks and spacing
    r"[=<>≤≥≈≡≠⇒→&]|\\\\|\\[,;:!]|"
    r"\\(?:leq?|geq?|lt|gt|approx|equiv|neq?|implies|Rightarrow|Longrightarrow|iff|to|pmod|q?quad)(?![A-Za-z])"
)
_EDGE_CHARACTERS: Final = " .,;:!"
# Words that say nothing of a solution, but glue or tell of the work. A list of its own, for the reason above; shorter
# words are left out anyway.
_EMPTY_WORD_LIST = """
    about actually after again already also another answer because been before being both calculate calculated
    calculating calculation case check checking compute computed conclude conclusion confirm consider could correct
    determine does doesn each either every exactly explanation final finally find first follow following follows from
    give given gives have hence here however information into just know known last leads like logical look make
    makes many maybe mean means more most much must need needs neither next number okay only onto option other ours over
    problem provided question reasoning really right same satisfied satisfies satisfy says second should show shows
    simply since solution solve some start statement step steps such suppose sure take taken takes than that their them
    then there therefore these they thing think third this those thus true under verify very wait want were what when
    where whether which while will with work would your yours
"""
_EMPTY_WORDS: Final = frozenset(_EMPTY_WORD_LIST.split())


@dataclass(frozen=True, slots=True)
class ReferenceContent:
    """What a trace shares with a reference solution, beyond what was known beforehand.

    Args:
        formal: numbers of two digits and more, and sides of formulas, without white space.
        words: content words of four letters and more, and numbers of two digits and more, in lower case.
    """

    formal: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferenceRecall:
    """The share of a trace's reference content that a text has, 0..1; None where the trace has none of the kind."""

    formal: float | None
    words: float | None


def find_reference_content(reference: str, original: str, known: str = "") -> ReferenceContent:
    """What the original shares with a reference solution, beyond what was known. Time is linear in each text.

    Args:
        reference: another solution of the same problem, the shorter the better.
        original: the whole trace.
        known: what was known beforehand: the question and, where there is one, the gold answer.

    >>> reference = "Each crate has $12 \\\\cdot 40 = 480$ boxes, so 720 remain."
    >>> find_reference_content(reference, "12 times 40 boxes: 480. Left: 1200 - 480 = 720.", "40 in a crate?").formal
    ('12', '480', '720')
    """
    formal = _select_shared(_extract_formal(reference), original, known)
    words = _select_shared(_extract_words(reference), original.casefold(), known.casefold())
    return ReferenceContent(formal, words)


def measure_reference_recall(content: ReferenceContent, text: str) -> ReferenceRecall:
    """How much of the reference content a text has.

    >>> measure_reference_recall(ReferenceContent(("12", "4x+1"), ()), "Then 4x + 1 is 120.")
    ReferenceRecall(formal=0.5, words=None)
    """
    return ReferenceRecall(_compute_share(content.formal, text), _compute_share(content.words, text.casefold()))


@register_gauge(
    "reference_formal",
    fault="keeps {value} of the numbers and formulas of the reference solutions where random pruning keeps {random}",
    remedies=("--criterion backbone", "a higher --keep"),
)
def reference_formal(pair: TextPair) -> float | None:
    """Share of the reference solution's numbers and formulas that are still there, of those that the original has."""
    content = _find_trace_content(pair.trace)
    return None if content is None else _compute_share(content.formal, pair.text)


# Not compared: a derivation whose talk is deleted and whose formulas stay has lost words, and no fault.
@register_gauge("reference_words", compared=False)
def reference_words(pair: TextPair) -> float | None:
    """Share of the reference solution's content words and numbers that are still there, of those in the original."""
    content = _find_trace_content(pair.trace)
    return None if content is None else _compute_share(content.words, pair.text.casefold())


@lru_cache(maxsize=2)
def _find_trace_content(trace: Trace) -> ReferenceContent | None:
    """The reference content of a trace; None where it has no reference."""
    if not trace.reference:
        return None
    return find_reference_content(trace.reference, trace.reasoning, f"{trace.question}\n{trace.gold or ''}")


class _SearchedText:
    """A text without white space, in which strings are found that are no part of a longer word or number."""

    def __init__(self, text: str) -> None:
        pieces = text.split()
        self._characters = "".join(pieces)
        self._after_space = b"".join(b"\1" + bytes(len(piece) - 1) for piece in pieces) + b"\1"

    def __contains__(self, string: str) -> bool:
        at = self._characters.find(string)
        while at >= 0 and not (self._is_apart(at) and self._is_apart(at + len(string))):
            at = self._characters.find(string, at + 1)
        return at >= 0

    def _is_apart(self, at: int) -> bool:
        """Whether a word or number may end before the character, and another begin with it."""
        if self._after_space[at]:
            return True
        before, after = self._characters[at - 1], self._characters[at]
        if before.isalnum() and after.isalnum():
            return False
        if before.isdigit() and after in ".,":  # 12 is not in 12.5, nor in 12,500
            return not self._continues_number(at)
        if before in ".," and after.isdigit():  # nor 500 in either
            return not (at > 1 and self._characters[at - 2].isdigit() and self._continues_number(at - 1))
        return True

    def _continues_number(self, at: int) -> bool:
        """Whether the point or comma at this place is within a number: 12.5 and 12,500, but not the list 1,2,12."""
        following = self._characters[at + 1 : at + 4]
        if 1 in self._after_space[at : at + 2] or not following[:1].isdigit():
            return False
        return self._characters[at] == "." or (len(following) == 3 and following.isdigit())


def _select_shared(strings: Iterable[str], original: str, known: str) -> tuple[str, ...]:
    in_original, in_known = _SearchedText(original), _SearchedText(known)
    return tuple(string for string in dict.fromkeys(strings) if string in in_original and string not in in_known)


def _compute_share(strings: tuple[str, ...], text: str) -> float | None:
    if not strings:
        return None
    searched = _SearchedText(text)
    return sum(string in searched for string in strings) / len(strings)


def _extract_formal(reference: str) -> list[str]:
    """Numbers and the sides of formulas."""
    sides = [_trim_side(side) for formula in _find_formulas(reference) for side in _SIDE_END.split(formula)]
    counted = [side for side in sides if _says_something(side)]
    return [*_find_long_numbers(reference), *counted]


def _says_something(side: str) -> bool:
    """A boxed side is the answer; one of a single letter or digit says nothing; a list of numbers is its numbers."""
    return sum(map(str.isalnum, side)) > 1 and "\\boxed" not in side and not side.replace(",", "").isdigit()


def _extract_words(reference: str) -> list[str]:
    folded = reference.casefold()
    words = [word for word in _WORD.findall(folded) if word not in _EMPTY_WORDS]
    return [*_find_long_numbers(folded), *words]


def _find_long_numbers(text: str) -> list[str]:
    return [number for number in _NUMBER.findall(text) if len(number) > 1]


def _find_formulas(text: str) -> Iterator[str]:
    """The insides of `$..$`, `$$..$$`, `\\(..\\)` and `\\[..\\]`; none reaches over a blank line."""
    opener, start, blank_line = "", 0, -1
    for delimiter in _DELIMITER.finditer(text):
        mark = delimiter.group()
        if opener and 0 <= blank_line < delimiter.start():
            opener = ""  # it was no delimiter, such as the sign of a currency
        if opener and mark == _CLOSERS[opener]:
            yield text[start : delimiter.start()]
            opener = ""
        elif not opener and mark in _CLOSERS:
            opener, start = mark, delimiter.end()
            blank_line = text.find("\n\n", start)


def _trim_side(side: str) -> str:
    return "".join(side.split()).strip(_EDGE_CHARACTERS)
