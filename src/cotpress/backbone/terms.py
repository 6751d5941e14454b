r"""What a step says, as terms that can be compared: numbers, sides of relations, equations, pairs of content words.

A term is a short text with a mark of its kind: "42", "=x+3" (a side), "x=5" (an equation), "x:=" (a name on a left
side), "~light heavy" (a pair of words), "~heavy" (a word). Two ways to write one formula give one term: `\frac{1}{2}`
and `(1)/(2)`, `1{,}000` and `1,000`, `2 \cdot x` and `2 * x`. Everything is found by linear regular expressions over
the raw text, so a formula without delimiters counts as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cotpress.text.markers import NEGATIONS, STOPWORDS

EQUATION_WEIGHT = 1.0
EXPRESSION_WEIGHT = 1.0
NUMBER_WEIGHT = 1.0
LONE_NUMBER_WEIGHT = 0.3  # of a number in no formula: "position 3"
NAME_WEIGHT = 1.0
USE_WEIGHT = 0.3  # of a name in a formula that does not define it
PHRASE_WEIGHT = 0.1
COUNT_WEIGHT = 0.15  # a pair with a number: "42 pages"
WORD_WEIGHT = 0.03
MIN_WORD_CHARACTERS = 4  # a shorter word by itself says little
PHRASE_MARK = "~"  # of pairs and single words
NAME_MARK = ":="

# A run of formal tokens: numbers, commands, lone letters, operators, brackets; white space between them.
_TOKEN = (
    r"(?:\d[\d,.]*\d|\d|\\[A-Za-z]+|\\[^\sA-Za-z]|(?<![^\W\d_])(?![aAI][ \t]\d)[^\W\d_](?![^\W\d_])"
    r"|(?<=[\d_^{}()\\])[a-zA-Z](?![a-zA-Z])"
    r"|[-+*/=<>^_{}()\[\]|!%&$√∛≤≥≈≡≠±∓×÷·∙⋅−∗→⇒⟹∈⊂⊆∪∩²³¹⁰⁴⁵⁶⁷⁸⁹ⁿ°∠△π∞])"
)
_RUN = re.compile(rf"{_TOKEN}(?:[ \t]?,?[ \t]?{_TOKEN})*+")
_FORMAL_SIGN = re.compile(r"[\d=<>≤≥≈≡+*/^√\\]")  # without one of these a run says nothing formal
_DROPPED = re.compile(
    r"\\(?:left|right|displaystyle|boxed|mathrm|text|mathbf|big|Big|bigg|Bigg|limits)(?![A-Za-z])"
    r"|\\(?=%)|\\[,;:!> ]|\\(?:quad|qquad)(?![A-Za-z])|\\[()\[\]]|\$|&|\\\\"
)
_THOUSANDS = re.compile(r"(?:,|\{,\})(?=\d{3}(?!\d))(?:(?<=\d,)|(?<=\d\{,\}))")
_SYNONYMS = {
    "times": "*", "cdot": "*", "ast": "*", "div": "/", "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥",
    "geqslant": "≥", "lt": "<", "gt": ">", "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡", "implies": "⇒",
    "Rightarrow": "⇒", "Longrightarrow": "⇒", "rightarrow": "→", "to": "→", "dfrac": "\\frac", "tfrac": "\\frac",
    "pm": "±", "in": "∈",
}  # fmt: skip
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_CHARACTERS = str.maketrans("×·∙⋅∗÷−⟹{}", "****" + "*/-⇒()")
_FRACTION = re.compile(r"\\frac\(([^()]{0,80})\)\(([^()]{0,80})\)")
_SHORT_FRACTION = re.compile(r"\\frac(\d)(\d)")
_REDUNDANT = re.compile(r"\(([\w.]+)\)")
_RELATION = re.compile(r"([=≈≡≤≥<>≠∈]+)")
_STATEMENT = re.compile(r"[,;⇒→]")
_VARIABLE = re.compile(r"[A-Za-z](?<![A-Za-z\\].)(?![A-Za-z])")
_NUMBER = re.compile(r"(?:(?<![\w)\]])-)?\d+(?:\.\d+)?")
_TUPLE = re.compile(r"\([^(),;]{1,20}(?:,[^(),;]{1,20})+\)")
_OPERATION = re.compile(r"(?<=.)[-+*/^√%!]|\\")
# "let y equal the fourth root of x", "denote the sum by S"; a letter that these words begin with comes first, so that
# the search is fast.
_NAMING = re.compile(
    r"[LlDdSsCcAaw](?<!\w.)(?:(?<=[Ll])et|(?<=[Dd])e(?:note|fine)|(?<=[Ss])(?:et|uppose|ay)|(?<=[Cc])all"
    r"|(?<=[Aa])ssume|(?<=w)here)\b[^.\n]{0,60}?"
    r"(?<![\w\\])([A-Za-z])(?:\s*\\?[)$])?\s*(?=(?:be|equals?|denotes?|represents?|is|as|=)(?![A-Za-z])|[.,;\n])"
)
# Scripts of which every character is taken for a word: Han, kana, Hangul, Thai, Lao.
_UNSPACED = r"㐀-鿿぀-ヿ가-힯ก-๛"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W\d_{_UNSPACED}]+(?:['’][^\W\d_]+)*|\([A-Za-z]\)|\d+(?:\.\d+)?|[.!?;\n]")
_STOPS = frozenset(".!?;\n")
_COMPARING_WORDS = "less more most few over under above below before after"
_MEANT = NEGATIONS | frozenset(_COMPARING_WORDS.split())
_TALK_WORDS = """
    let need get gets got see know think find look looks check checking wait hmm step steps first second next last
    problem question answer okay right maybe try trying start going want make sure said say says given means mean
    now thing something like just actually also therefore hence thus yes well good correct
"""
_GLUE = (STOPWORDS - _MEANT) | frozenset(_TALK_WORDS.split())


@dataclass(frozen=True, slots=True)
class StepTerms:
    """The terms of one step with their weights; `results` are those that it states as the outcome of a relation."""

    weights: dict[str, float]
    results: frozenset[str]


def extract_terms(step: str) -> StepTerms:
    r"""The terms of one step.

    >>> sorted(extract_terms(r"So \( x = \frac{6}{2} = 3 \).").results)
    ['3', '6/2=3', '=6/2', 'x=3', 'x=6/2']
    """
    weights: dict[str, float] = {}
    results: set[str] = set()
    for match in _RUN.finditer(step):
        run = match[0]
        if _FORMAL_SIGN.search(run):
            said = _read_run(run)
            weights.update(said.weights)
            results |= said.results
    for match in _NAMING.finditer(step):
        weights[match[1] + NAME_MARK] = NAME_WEIGHT
    for words in find_content_words(step):
        weights.update(_weigh_pairs(words))
        for word in words:
            if len(word) >= MIN_WORD_CHARACTERS and word.isalpha():
                weights[PHRASE_MARK + word] = WORD_WEIGHT
    return StepTerms(weights, frozenset(results))


@lru_cache(maxsize=1 << 14)
def _read_run(run: str) -> StepTerms:
    """What one run of formal tokens says."""
    formula = normalise_formula(run)
    weights = dict.fromkeys(_TUPLE.findall(formula) if "(" in formula else (), EXPRESSION_WEIGHT)
    weights.update((name + NAME_MARK, USE_WEIGHT) for name in _VARIABLE.findall(formula))
    results: set[str] = set()
    for statement in _STATEMENT.split(formula):
        for term, weight, is_result in _read_statement(statement):
            weights[term] = weight
            if is_result:
                results.add(term)
    return StepTerms(weights, frozenset(results))


def normalise_formula(formula: str) -> str:
    r"""A formula in one way of writing: without spaces, delimiters, redundant brackets and thousands separators.

    >>> normalise_formula(r"\left( \frac{1}{2} \right) \cdot 1{,}000")
    '((1)/(2))*1000'
    """
    text = _THOUSANDS.sub("", formula) if "," in formula else formula
    if "\\" in text:
        text = _COMMAND.sub(lambda match: _SYNONYMS.get(match[1], match[0]), text)
    if "\\" in text or "$" in text or "&" in text:
        text = _DROPPED.sub("", text)
    text = text.translate(_CHARACTERS)
    text = text.replace(" ", "").replace("\t", "").replace("<=", "≤").replace(">=", "≥").replace("**", "^")
    if "\\frac" not in text:
        return text
    text = _SHORT_FRACTION.sub(r"(\1)/(\2)", text)
    for _ in range(3):
        changed = _FRACTION.sub(r"(\1)/(\2)", text)
        if changed == text:
            break
        text = changed
    return text


def _read_statement(statement: str) -> Iterator[tuple[str, float, bool]]:
    parts = _RELATION.split(statement)
    sides = [_trim_side(part) for part in parts[::2]]
    last = len(sides) - 1
    alone = not last and not _OPERATION.search(sides[0])
    for number in _NUMBER.findall(statement):
        yield number, LONE_NUMBER_WEIGHT if alone else NUMBER_WEIGHT, False
    for place, side in enumerate(sides):
        is_result = place == last and place > 0
        if _OPERATION.search(side) and any(map(str.isalnum, side)) and len(side) > 2:
            yield "=" + side, EXPRESSION_WEIGHT, is_result or place > 0
        elif is_result and side.isdigit():
            yield side, NUMBER_WEIGHT, True
        if place == 0 and last and 0 < len(side) <= 12 and side[0].isalpha() and not side.isdigit():
            yield side + NAME_MARK, NAME_WEIGHT, False  # only the first mention of a name says what it is
    for place, relation in enumerate(parts[1::2]):
        if sides[place] and sides[place + 1]:
            yield f"{sides[place]}{relation}{sides[place + 1]}", EQUATION_WEIGHT, True
    if last > 1 and sides[0] and sides[last] and set(parts[1::2]) == {"="}:
        yield f"{sides[0]}={sides[last]}", EQUATION_WEIGHT, True


def _trim_side(side: str) -> str:
    side = side.strip(".!:_^&|")
    side = _REDUNDANT.sub(r"\1", side) if "(" in side else side
    opened, closed = side.count("(") + side.count("["), side.count(")") + side.count("]")
    if opened > closed:
        side = side.lstrip("([") if side[:1] in "([" else side.rstrip("([")
    elif closed > opened:
        side = side.rstrip(")]") if side[-1:] in ")]" else side.lstrip(")]")
    return side.strip(".!:")


def find_content_words(step: str) -> Iterator[list[str]]:
    """The content words of each sentence, in order, words of glue left out."""
    words: list[str] = []
    for word in _WORD.findall(step.lower()):
        if word in _GLUE:
            continue
        if word in _STOPS:
            yield words
            words = []
        elif len(word) > 1 or word > "ÿ" or word.isdigit():
            words.append(word)
    yield words


def _weigh_pairs(words: list[str]) -> dict[str, float]:
    """Neighbouring content words with their weights."""
    if all(map(str.isalpha, words)):  # as is so for most
        return {f"{PHRASE_MARK}{left} {right}": PHRASE_WEIGHT for left, right in pairwise(words) if left != right}
    counts = [any(map(str.isdigit, word)) for word in words]
    return {
        f"{PHRASE_MARK}{left} {right}": COUNT_WEIGHT if counts[at] or counts[at + 1] else PHRASE_WEIGHT
        for at, (left, right) in enumerate(pairwise(words))
        if left != right and not (left[0].isdigit() and right[0].isdigit())
    }
