r"""What a step says, as terms that can be compared: numbers, sides of relations, equations, pairs of content words.

A term is a short text with a mark of its kind: "42", "=x+3" (a side), "x=5" (an equation), "x:=" (a name on a left
side), "~light heavy" (a pair of words), "~heavy" (a word). Two ways to write one formula give one term: `\frac{1}{2}`
and `(1)/(2)`, `1{,}000` and `1,000`, `2 \cdot x` and `2 * x`. Everything is found by linear regular expressions over
the raw text, so a formula without delimiters counts as well.
"""

from __future__ import annotations

import re
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

# A run of formal tokens: numbers, commands, lone letters, operators, brackets; white space between them. Each kind of
# token begins with its characters, so that a character that begins none of them costs little.
_NAMED = r"(?=[ \t]?[=≈≤≥])"
_TOKEN = (
    r"(?:\d(?:[\d,.]*\d)?|\\(?:[A-Za-z]+|[^\sA-Za-z])"
    r"|[-+*/=<>^_{}()\[\]|!%&$√∛≤≥≈≡≠±∓×÷·∙⋅−∗→⇒⟹∈⊂⊆∪∩²³¹⁰⁴⁵⁶⁷⁸⁹ⁿ°∠△π∞]"
    r"|[^\W\d_](?<![^\W\d_].)(?![^\W\d_])(?<!(?=[aAI][ \t]\d).)|[a-zA-Z](?<=[\d_^{}()\\].)(?![a-zA-Z])"
    r"|(?<=[({^\d*/+=−-])[a-zA-Z]{2,3}(?=[)}^_*/+=−-])"  # "e^{-int}"
    rf"|[A-Za-z]{{2,}}+{_NAMED})"  # "AB = 5", "Area = 12"
)
# Words and punctuation, which hold no token, are passed over together with the run behind them.
_RUN = re.compile(
    rf"(?:[A-Za-z]{{2,}}+(?!{_NAMED})[\s.,;:?'\"’]*+|[\s.,;:?'\"’]++)*+"
    rf"(?:({_TOKEN}(?:[ \t]?,?[ \t]?{_TOKEN})*+)|.|\Z)"
)
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
_OPERATION = re.compile(r"[-+*/^√%!\\](?:(?<=\\)|(?<=..))")
# "let y equal the fourth root of x", "denote the sum by S"; a letter that these words begin with comes first, so that
# the search is fast.
_NAMING = re.compile(
    r"[LlDdSsCcAaw](?<!\w.)(?:(?<=[Ll])et|(?<=[Dd])e(?:note|fine)|(?<=[Ss])(?:et|uppose|ay)|(?<=[Cc])all"
    r"|(?<=[Aa])ssume|(?<=w)here)\b[^.\n]{0,60}?"
    r"(?<![\w\\])([A-Za-z])(?:\s*\\?[)$])?\s*(?=(?:be|equals?|denotes?|represents?|is|as|=)(?![A-Za-z])|[.,;\n])"
)
# Scripts of which every character is taken for a word: Han, kana, Hangul, Thai, Lao.
_UNSPACED = r"㐀-鿿぀-ヿ가-힯ก-๛"
_WORD = re.compile(  # of a text in small letters; what is commonest comes first
    r"[a-z][a-z]*+(?!['’]|[^\W\d_])|[.!?;\n]|\d\d*(?:\.\d+)?|\([A-Za-z]\)"
    rf"|[{_UNSPACED}]|[^\W\d_{_UNSPACED}][^\W\d_{_UNSPACED}]*(?:['’][^\W\d_]+)*"
)
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


_NOTHING = StepTerms({}, frozenset())


def extract_terms(step: str) -> StepTerms:
    r"""The terms of one step.

    >>> sorted(extract_terms(r"So \( x = \frac{6}{2} = 3 \).").results)
    ['3', '6/2=3', '=6/2', 'x=3', 'x=6/2']
    >>> sorted(extract_terms("So AB = 5 and e^{-int} = 1.").results)
    ['1', '5', 'AB=5', 'e^(-int)=1']
    """
    weights: dict[str, float] = {}
    results: set[str] = set()
    for run in _RUN.findall(step):
        if run and (said := _read_run(run)).weights:
            weights.update(said.weights)
            results |= said.results
    for name in _NAMING.findall(step):
        weights[name + NAME_MARK] = NAME_WEIGHT
    for words in find_content_words(step):
        weights.update(_weigh_words(words))
    return StepTerms(weights, frozenset(results))


@lru_cache(maxsize=1 << 14)
def _read_run(run: str) -> StepTerms:
    """What one run of formal tokens says."""
    if not _FORMAL_SIGN.search(run):
        return _NOTHING
    formula = normalise_formula(run)
    weights = dict.fromkeys(_TUPLE.findall(formula) if "(" in formula else (), EXPRESSION_WEIGHT)
    weights.update((name + NAME_MARK, USE_WEIGHT) for name in _VARIABLE.findall(formula))
    results: set[str] = set()
    for statement in _STATEMENT.split(formula):
        _read_statement(statement, weights, results)
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


def _read_statement(statement: str, weights: dict[str, float], results: set[str]) -> None:
    """Add what one statement says: its numbers, its sides with an operator, the name it defines, its equations."""
    parts = _RELATION.split(statement)
    sides, relations = [_trim_side(part) for part in parts[::2]], parts[1::2]
    last = len(sides) - 1
    alone = not last and not _OPERATION.search(sides[0])
    weights.update(dict.fromkeys(_NUMBER.findall(statement), LONE_NUMBER_WEIGHT if alone else NUMBER_WEIGHT))
    for place, side in enumerate(sides):
        if len(side) > 2 and _OPERATION.search(side) and any(map(str.isalnum, side)):
            weights["=" + side] = EXPRESSION_WEIGHT
            if place:
                results.add("=" + side)
        elif place == last > 0 and side.isdigit():
            weights[side] = NUMBER_WEIGHT
            results.add(side)
        if place == 0 < last and 0 < len(side) <= 12 and side[0].isalpha() and not side.isdigit():
            weights[side + NAME_MARK] = NAME_WEIGHT  # only the first mention of a name says what it is
    said = [
        f"{left}{relation}{right}"
        for left, relation, right in zip(sides, relations, sides[1:], strict=False)
        if left and right
    ]
    if last > 1 and sides[0] and sides[last] and set(relations) == {"="}:
        said.append(f"{sides[0]}={sides[last]}")
    weights.update(dict.fromkeys(said, EQUATION_WEIGHT))
    results.update(said)


def _trim_side(side: str) -> str:
    if side.isalnum():
        return side
    side = side.strip(".!:_^&|")
    side = _REDUNDANT.sub(r"\1", side) if "(" in side else side
    opened, closed = side.count("(") + side.count("["), side.count(")") + side.count("]")
    if opened > closed:
        side = side.lstrip("([") if side[:1] in "([" else side.rstrip("([")
    elif closed > opened:
        side = side.rstrip(")]") if side[-1:] in ")]" else side.lstrip(")]")
    return side.strip(".!:")


@lru_cache(maxsize=1 << 10)  # of one trace: terms, claims and connections ask for them one after the other
def find_content_words(step: str) -> tuple[list[str], ...]:
    """The content words of each sentence that has any, in order, words of glue left out."""
    words: list[str] = []
    sentences = [words]
    for word in _WORD.findall(step.lower()):
        if word in _GLUE:
            continue
        if len(word) > 1:
            words.append(word)
        elif word in _STOPS:
            if words:
                words = []
                sentences.append(words)
        elif word > "ÿ" or word.isdigit():
            words.append(word)
    return tuple(filter(None, sentences))


def _weigh_words(words: list[str]) -> dict[str, float]:
    """Neighbouring content words of a sentence, then its longer words, with their weights."""
    if "".join(words).isalpha():  # as is so for most
        weights = {f"{PHRASE_MARK}{left} {right}": PHRASE_WEIGHT for left, right in pairwise(words) if left != right}
        weights.update({PHRASE_MARK + word: WORD_WEIGHT for word in words if len(word) >= MIN_WORD_CHARACTERS})
        return weights
    counts = [not word.isalpha() and any(map(str.isdigit, word)) for word in words]
    weights = {
        f"{PHRASE_MARK}{left} {right}": COUNT_WEIGHT if counts[at] or counts[at + 1] else PHRASE_WEIGHT
        for at, (left, right) in enumerate(pairwise(words))
        if left != right and not (left[0].isdigit() and right[0].isdigit())
    }
    long = (word for word in words if len(word) >= MIN_WORD_CHARACTERS and word.isalpha())
    weights.update(dict.fromkeys([PHRASE_MARK + word for word in long], WORD_WEIGHT))
    return weights
