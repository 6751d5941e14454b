"""A text as statements, a sentence or a formula each, with what the gauges ask of every one of them.

The cut is the gauges' own: finer than steps, and the same whatever steps a method deletes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from cotpress.gauges.code_blocks import find_blocks
from cotpress.gauges.formula_text import Relation, find_relations, simplify_formulas
from cotpress.text.markers import mark_reflective
from cotpress.types import Span

MIN_EXPRESSION_CHARACTERS: Final = 3  # of a value; a shorter side is a name or a number
_ONE_LINE = str.maketrans(dict.fromkeys("\n\r\x0b\x0c\x85\u2028\u2029", " "))
_LINE_BREAK = re.compile(r"\n\s*")  # a run of white space counts once
# A stop, and what closes behind it, before white space and what may begin a sentence.
_STOP = re.compile(r"[.!?][\"')\]”’*]{0,3}(?=[ \t]{1,4}[\"'(\[“‘*$\\]{0,3}[A-Z\\$\d])|[。！？]")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|mr|mrs|dr|ms|eq|fig|no|st)|(?:^|\W)[A-Z])\Z", re.IGNORECASE)
_MAX_ABBREVIATION = 8  # characters before a stop that are looked at
_LIST_HEAD = re.compile(r"(?:^|\n)[ \t]*\(?\w{1,3}\Z")  # "1" of "1. First"
# "12", "1.5", ".5"; what it can begin with comes first, so that the search is fast.
_NUMBER = re.compile(r"[\d.](?:(?<=\d)\d*(?:\.\d+)?|(?<=\.)(?<!\d.)\d+)")
# What stands before a number that a statement arrives at, and what after a number makes it part of a formula.
_VERBS_OF_RESULT = """
    is are be was were get gets got give gives gave total make makes made leave leaves left have has had equals means to
    of
"""
_BEFORE_RESULT = ("=", "≈", *(f" {verb}" for verb in _VERBS_OF_RESULT.split()))
_AFTER_OPERAND = tuple("-+*/^(!")
_MAX_VERB_CHARACTERS = 24  # characters before a number that are looked at
_BETWEEN = " §$(*:-"
_ADVERBS = (" only", " just", " about", " exactly", " now")
_LIST_MARK = re.compile(
    r"[\s*_#>•§-]*(?:(?:step|case|option|part)\s+)?\(?(?:\d{1,3}|[A-Za-z])[.):](?=[\s*§])", re.IGNORECASE
)
_POWER_OF_TEN = re.compile(r"10+\Z")
_OPERATOR = re.compile(r"[-+*/^(]")
_LETTER = re.compile(r"[^\W\d_]")
# "no" by itself ("Wait, no.") turns no statement; "isn't", "cannot" and "is not" are one word. The letter that a word
# begins with comes first, so that the search is fast; what is the end of another word is left out afterwards.
_NEGATION = re.compile(
    r"n(?:o(?:t|ne|r|thing|body)|ever|either|o(?=\s\s?\w)|'t)\b|without\b|cannot\b|impossible\b|unless\b|except\b|only\b"
    r"|≠|∤|\\n(?:mid|eq?|ot)\b"
)
_SAME_NEGATIONS = {"n't": "not", "cannot": "not", "\\not": "≠", "\\ne": "≠", "\\neq": "≠", "\\nmid": "∤"}


class Statement(NamedTuple):
    """A sentence, or a formula or block of code on lines of its own.

    Args:
        text: as it stands, without white space around it.
        plain: on one line, with formulas in plain signs (`simplify_formulas`).
        is_code: whether it is a block of code; then it has no relations and values.
        relations: equations and inequalities, in order.
        equations: the chains with an equality sign, each in one spelling.
        results: the right sides of equalities: what the statement arrives at.
        numbers: each number once, in one spelling, without marks of lists ("1." at the head).
        values: numbers of two digits and more, powers of ten aside, and sides of relations with an operator and a name.
        negations: words and signs that turn or restrict a meaning, in order.
        is_reflective: whether it turns back on the work.
        is_lead_in: whether it ends in a colon, so that what follows belongs to it.
    """

    text: str
    plain: str
    is_code: bool
    relations: tuple[Relation, ...]
    equations: tuple[str, ...]
    results: tuple[str, ...]
    numbers: tuple[str, ...]
    values: tuple[str, ...]
    negations: tuple[str, ...]
    is_reflective: bool
    is_lead_in: bool

    def arrives_at(self, number: str) -> bool:
        """Whether an equals sign or a verb of result leads to a number: "that leaves 24".

        >>> analyze_text('Of 30, that leaves 24.').statements[0].arrives_at('24')
        True
        """
        return any(
            canonicalise_number(match[0]) == number and _is_arrival(self.plain, match.start(), match.end())
            for match in _NUMBER.finditer(self.plain)
        )


@dataclass(frozen=True, eq=False)
class TextAnalysis:
    """A text and its statements: `bounds` [n + 1] are ascending characters, white space belongs to what follows.

    `code_spans` are the blocks of code, [start, end); each is a statement.
    """

    text: str
    bounds: tuple[int, ...]
    statements: tuple[Statement, ...]
    code_spans: tuple[Span, ...]

    def __len__(self) -> int:
        return len(self.statements)


def analyze_text(text: str) -> TextAnalysis:
    """Cut a text into statements. Time is linear.

    >>> [statement.text for statement in analyze_text('So 2 + 3 = 5. We get:\\n5').statements]
    ['So 2 + 3 = 5.', 'We get:', '5']
    """
    code, displays = find_blocks(text)
    bounds = _find_bounds(text, code + displays)
    return TextAnalysis(
        text, tuple(bounds), analyze_statements(_cut(text, bounds), _mark_code(bounds, code)), tuple(code)
    )


def find_values(text: str) -> frozenset[str]:
    """The values of all statements of a text, where nothing else of it is asked for.

    >>> sorted(find_values("Ann has 24 pens. What is 2 + x if 24 + x = 36?"))
    ['24', '24+x', '36']
    """
    code, displays = find_blocks(text)
    bounds = _find_bounds(text, code + displays)
    lines = zip(_simplify_pieces(_cut(text, bounds)), _mark_code(bounds, code), strict=True)
    plain = [line for line, is_code in lines if not is_code]
    return frozenset(value for line in plain for value in _find_values(_find_numbers(line), find_relations(line)))


def _cut(text: str, bounds: Sequence[int]) -> list[str]:
    return [text[start:end].strip() for start, end in pairwise(bounds)]


def _mark_code(bounds: Sequence[int], code: Sequence[Span]) -> list[bool]:
    """Which statements are blocks of code."""
    ends = {end for _, end in code}
    return [end in ends for end in bounds[1:]]


def analyze_statements(pieces: Sequence[str], are_code: Sequence[bool]) -> tuple[Statement, ...]:
    """Statements that are cut already.

    >>> analyze_statements([r'\\(x = 5\\)'], [False])[0].results
    ('5',)
    """
    return tuple(map(_read_statement, pieces, _simplify_pieces(pieces), are_code, mark_reflective(pieces)))


def _simplify_pieces(pieces: Sequence[str]) -> list[str]:
    """Each piece on one line, with its formulas in plain signs; in one pass over all of them."""
    return simplify_formulas("\n".join(map(_join_lines, pieces))).split("\n") if pieces else []


def _join_lines(text: str) -> str:
    return text if text.isprintable() else text.translate(_ONE_LINE)


def _read_statement(text: str, plain: str, is_code: bool, is_reflective: bool) -> Statement:
    relations = () if is_code else find_relations(plain)
    numbers = _find_numbers(plain)
    return Statement(
        text,
        plain,
        is_code,
        relations,
        tuple(relation.spelling for relation in relations if relation.equalities),
        tuple(right for relation in relations for _, _, right in relation.equalities if right),
        numbers,
        () if is_code else _find_values(numbers, relations),
        _find_negations(text.lower()),
        is_reflective,
        not is_code and text.rstrip("*_ ")[-1:] in (":", "：") and _LETTER.search(text) is not None,
    )


def _find_negations(text: str) -> tuple[str, ...]:
    return tuple(
        _SAME_NEGATIONS.get(match[0], match[0])
        for match in _NEGATION.finditer(text.replace("’", "'"))
        if match[0] == "n't" or not (match.start() and text[match.start() - 1].isalnum())
    )


def _find_numbers(plain: str) -> tuple[str, ...]:
    found = _NUMBER.findall(plain)
    if not found:
        return ()
    mark = _LIST_MARK.match(plain)
    found = _NUMBER.findall(plain, mark.end()) if mark else found
    return tuple(dict.fromkeys(map(canonicalise_number, found)))


def _is_arrival(plain: str, start: int, end: int) -> bool:
    """Whether an equals sign or a verb of result leads to a number, and no formula goes on behind it."""
    before = plain[max(0, start - _MAX_VERB_CHARACTERS) : start].rstrip(_BETWEEN)
    if before.endswith(_ADVERBS):
        before = before.rpartition(" ")[0].rstrip(_BETWEEN)
    return before.endswith(_BEFORE_RESULT) and not plain.startswith(_AFTER_OPERAND, end + (plain[end : end + 1] == " "))


def _find_values(numbers: Sequence[str], relations: Sequence[Relation]) -> tuple[str, ...]:
    values = [number for number in numbers if len(number) > 1 and not _POWER_OF_TEN.match(number)]
    for relation in relations:
        long = (side for side in relation.sides if len(side) >= MIN_EXPRESSION_CHARACTERS)
        values += [side for side in long if _OPERATOR.search(side, 1) and _LETTER.search(side)]
    return tuple(dict.fromkeys(values))


def canonicalise_number(number: str) -> str:
    """One spelling for equal numbers: 007 -> 7, 0.50 -> 0.5, .5 -> 0.5.

    >>> canonicalise_number('007.50')
    '7.5'
    """
    if "." not in number and number[0] != "0":
        return number
    whole, _, decimals = number.partition(".")
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def _find_bounds(text: str, blocks: Sequence[Span]) -> list[int]:
    """Where statements begin, and the end of the text. None begins within a block."""
    solid = len(text.rstrip())
    places = {match.start() for match in _LINE_BREAK.finditer(text)} | {end for _, end in blocks}
    places.update(match.end() for match in _STOP.finditer(text) if not _is_no_end(text, match.start()))
    inside = sorted(blocks)
    kept, at = [0], 0
    for place in sorted(place for place in places if 0 < place < solid):
        while at < len(inside) and inside[at][1] <= place:
            at += 1
        within = at < len(inside) and inside[at][0] < place
        if not within and not text[kept[-1] : place].isspace():
            kept.append(place)
    return [*kept, len(text)] if solid else [0]


def _is_no_end(text: str, stop: int) -> bool:
    """Whether the stop is that of an abbreviation, an initial or a mark of a list."""
    if text[stop] != ".":
        return False
    begin = max(0, stop - _MAX_ABBREVIATION)
    return bool(_ABBREVIATION.search(text, begin, stop) or _LIST_HEAD.search(text, begin, stop))
