"""Which steps need others by their formulas: the one that gives a name its meaning, the equation that is worked on.

A derivation of equations breaks where a name loses its definition, or where something is put into an equation that is
gone. Lines between two forms of one equation may go.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cotpress.backbone.terms import extract_terms
from cotpress.rewriting.expressions import (
    LATEX,
    RELATION,
    list_groups,
    list_lone_expressions,
    squeeze,
    strip_brackets,
)
from cotpress.types import BoolArray

Pairs = list[tuple[int, int]]

_GREEK = "alpha|beta|gamma|delta|epsilon|theta|lambda|mu|phi|varphi|psi|omega|rho|sigma|tau|xi|eta|zeta|kappa"
_LETTER = rf"(?:\\(?:{_GREEK})|[A-Za-z]\d?)(?![A-Za-z\d])"
_NAME = re.compile(rf"(?<![A-Za-z\\_]){_LETTER}(?:_\{{[^{{}}]{{1,12}}\}}|_\w)?'?")
_WORDS = re.compile(r"\\(?:text|mathrm|textbf|mathbf|operatorname|begin|end|tag)\{[^{}]{0,80}\}")

# A name outside delimiters: one letter next to an operator, or after a word that gives names.
_PLAIN_NAME = re.compile(
    r"(?<![A-Za-z\\_'’.])[A-Za-z](?:_\{[^{}]{1,12}\}|_\w|\d)?'?(?![A-Za-z'’\d])(?=\s?[-+*/^=<>≤≥(])"
    r"|(?:(?<=[-+*/^=<>≤≥(])|(?<=[-+*/=<>≤≥]\s))[A-Za-z](?:_\{[^{}]{1,12}\}|_\w|\d)?(?![A-Za-z'’\d])"
    r"|(?<![A-Za-z\\_'’.])[A-Za-z](?:_\{[^{}]{1,12}\}|_\w)(?![A-Za-z'’])"
)
_NAMING_WORD = r"(?:let|denote|define|call|suppose|assume|where|name|write)"
_NAMING = re.compile(
    rf"\b{_NAMING_WORD}\b[^.\n]{{0,60}}?(?<![A-Za-z\\])({_LETTER}(?:_\{{[^{{}}]{{1,12}}\}}|_\w)?)(?!['’])"
    r"(?:\s*(?:\\\)|\$))?\s*(?:be|=|equals?|denotes?|represents?|is|as|stands?)(?![A-Za-z])",
    re.IGNORECASE,
)
_ITEM_OF_NAME = re.compile(
    rf"\s*(?:[-*•]|\d{{1,2}}[.)])\s+(?:\$|\\\()?\s*({_LETTER}(?:_\{{[^{{}}]{{1,12}}\}}|_\w)?)\s*(?:\$|\\\))?\s*[:=]"
)
_LEADING = (
    r"(?:(?:so|now|then|next|first|finally|and|but|okay|again|here|thus|therefore|let me|let's|let us|we|i|can)\b"
    r"[\s,]*){0,4}"
)
_WORKS_ON = re.compile(
    rf"\s*(?:[-*]\s+)?{_LEADING}(?:by\s+)?(?:substitut|plug|insert|simplif|expand|factor|cross[- ]?multipl|rearrang"
    r"|combin|squar|add|subtract|multiply|divid|tak|bring|collect|distribut|solv)\w*\b",
    re.IGNORECASE,
)
_SAID_TO_BE = re.compile(r"\bis (?:\\\(|\$)\s?([^$=<>\n]{8,80}?)\s?(?:\\\)|\$)(?=[\s.,;]|\Z)")
_THIS_EQUATION = re.compile(
    r"\b(?:this|the resulting|the above) (?:[a-z]+ ){0,2}(?:equation|inequality|congruence|system)\b", re.IGNORECASE
)
_BOTH_SIDES = re.compile(r"\b(?:both|each|left|right|other)[- ](?:sides?|hand)\b", re.IGNORECASE)
_SUBSTITUTES = re.compile(r"\b(?:substitut|plug|insert|replac)\w*\b", re.IGNORECASE)
_REFERENCE = re.compile(
    r"\b(equation|eqn?|condition|clue|constraint|case|fact|rule)s?\.?\s*\(?(\d{1,2}[a-z]?|[A-Z])(?![\w.]\d)\)?"
    r"|(?<=\()(\*{1,3}|†)(?=\))",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_ORDINAL_REFERENCE = re.compile(rf"\bthe\s+({'|'.join(_ORDINALS)})\s+(equation|condition|clue|case)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*(?:\*\*)?\(?(\d{1,2})[.)]\s")

_OPERATION = re.compile(r"[-+*/^√%!\\](?:(?<=\\)|(?<=..))")
_MIN_PART = 12  # characters of an expression that is hardly a part of another one by chance

_MIN_EXPRESSION = 5  # characters of a side that is hardly another one's by chance
# A part of a formula that has a value of its own: a power, what a function gives, a product of names.
_TERM = re.compile(
    r"(?<![A-Za-z\\_])[A-Za-z](?:_\w)?\^(?:\{\w{1,4}\}|\w)(?![({])|\\(?:sin|cos|tan)\s?(?:\\[a-z]{2,7}|[A-Za-z])(?![A-Za-z])"
    r"|(?<![A-Za-z\\_{])[A-Za-z](?:_\w)?\(\d{1,4}\)|(?<![A-Za-z\\_{^])[a-z]{2,3}(?![A-Za-z({_^])"
)
_LATEX_MARKS = re.compile(r"\\[()]|\$")
_VALUED = re.compile(r"\s*(?:&\s*)?=")
_MID_FORMULA = re.compile(r"[-+*/^=<>(\w}·×]\s*\Z")

_RAISED = str.maketrans({"²": "^2", "³": "^3", "⁴": "^4"})
_READ_OFF = re.compile(
    rf"\b(?:so|thus|therefore|hence|where|here|with)\b[^.\n=]{{0,40}}?(?<![A-Za-z\\])({_LETTER})\s*=\s*([-\d\\(][^=;\n]{{0,30}})",
    re.IGNORECASE,
)
_TELLING = 3  # digits of a number that is hardly another one's by chance
_MAX_FROM_READ = 4  # steps from an equation to the values that are read off it
_ROOT = r"(?:\d{1,9}|\d{0,9}\\sqrt\{\d{1,9}\})"
_FRACTION = re.compile(rf"\\[dt]?frac\{{({_ROOT})\}}\{{({_ROOT})\}}|(?<![\d./])(\d{{1,9}})/(\d{{1,9}})(?![\d/])")
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,12})?")


_PRODUCT = re.compile(r"(?<![A-Za-z\\_{])[a-z]{2}(?![A-Za-z({_])")  # "2ab"
_SHORT_WORD_LIST = "an as at be by cm ft he if in is it kg km lb ln lg mg ml mm no of on or pi so to up us we"
_SHORT_WORDS = frozenset(_SHORT_WORD_LIST.split())
_MAX_LOOKED_AT = 40  # earlier equations of one name
_MAX_STEP = 4000  # characters of a step that are read


@dataclass(frozen=True, slots=True)
class Formulas:
    """What a step's formulas say: its names, those that it gives a meaning, and its equations as (left, right)."""

    names: frozenset[str]
    named: frozenset[str]
    equations: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1 << 10)
def read_formulas(step: str) -> Formulas:
    r"""The names and equations of one step.

    >>> said = read_formulas(r"Let \( u = x^2 \). A man has a = 3.")
    >>> sorted(said.names), sorted(said.named), said.equations
    (['a', 'u', 'x'], ['u'], (('a', '3'), ('u', 'x^2')))
    """
    text = step[:_MAX_STEP]
    formal = _WORDS.sub(" ", text)
    names = {name for inner in LATEX.findall(formal) for name in _NAME.findall("".join(inner))}
    names.update(_PLAIN_NAME.findall(LATEX.sub(" ", formal)))
    named = set(_NAMING.findall(text))
    if item := _ITEM_OF_NAME.match(text):
        named.add(item[1])
    equations = sorted(
        (sides[0], sides[1])
        for result in extract_terms(text).results
        for sides in [RELATION.split(result)]
        if len(sides) == 2 and all(sides)
    )
    names |= named
    return Formulas(frozenset(map(_spell, names)), frozenset(map(_spell, named)), tuple(equations))


def _spell(name: str) -> str:
    return name.replace("{", "").replace("}", "").replace(" ", "")


def find_formula_bonds(texts: Sequence[str], question: str, apart: BoolArray) -> Pairs:
    r"""Pairs (step, needed) of steps by what their formulas need.

    Args:
        texts: the steps.
        question: its names have a meaning already.
        apart: [steps], which give no meaning to anything, such as wrong attempts.

    >>> import numpy as np
    >>> steps = [r"Let \( a = 5k \).", r"So \( a + b = 12 \).", r"Then \( 5k + b = 12 \)."]
    >>> find_formula_bonds(steps, "Find b.", np.zeros(3, bool))
    [(1, 0), (2, 0), (2, 1)]
    """
    live = [at for at in range(len(texts)) if not apart[at]]
    said = {at: read_formulas(texts[at]) for at in live}
    pairs: dict[tuple[int, int], None] = {}
    pairs.update(dict.fromkeys(_bind_names(live, said, read_formulas(question).names)))
    pairs.update(dict.fromkeys(_bind_equations(live, said, question)))
    pairs.update(dict.fromkeys(_bind_expressions(live, said, texts, question)))
    pairs.update(dict.fromkeys(_bind_terms(live, texts)))
    pairs.update(dict.fromkeys(_bind_work(live, said, texts)))
    pairs.update(dict.fromkeys(_bind_references(live, said, texts)))
    pairs.update(dict.fromkeys(_bind_fractions(live, texts, question)))
    return sorted(pair for pair in pairs if pair[0] != pair[1])


def _bind_names(live: Sequence[int], said: dict[int, Formulas], given: Collection[str]) -> Iterator[tuple[int, int]]:
    """A step needs the one that gave a name its meaning last, or where none does, the one that has it first."""
    first: dict[str, int] = {}
    for at in live:
        for name in said[at].named:
            first[name] = at
        for name in said[at].names - frozenset(given):
            if first.setdefault(name, at) != at:
                yield at, first[name]


def _bind_equations(live: Sequence[int], said: dict[int, Formulas], question: str) -> Iterator[tuple[int, int]]:
    """An equation needs the first one that has a side of its own, and the first one of its run, which has the same
    names; that one needs the last equation that had them all, and what the names that have vanished are equal to.
    Between them lines may go, unless a new number is worked out of them. A name of the question needs its value."""
    root: dict[frozenset[str], int] = {}  # the names of an equation: where its run begins
    latest: dict[str, list[tuple[int, frozenset[str]]]] = {}  # a name: the last equations that have it
    begun: dict[str, int] = {}  # an expression: the first equation of which it is a side
    value: dict[str, int] = {}  # a name: the step that said last what it is equal to
    known, asked = set(_NUMBER.findall(question)), read_formulas(question).names  # numbers, and names
    for at in live:
        for left, right in said[at].equations:
            names = _list_names(left) | _list_names(right)
            if not names:
                continue
            yield from ((at, begun[side]) for side in (left, right) if side in begun)
            yield from ((at, value[name]) for name in names & asked if name in value)
            before, others = _find_last(latest, names, at)
            if before < 0 or others == names:
                root.setdefault(names, at)
                yield at, root[names]
                if before >= 0 and not _list_numbers(left, right) <= known:
                    yield at, before  # a number that is worked out here
            else:
                root[names] = at
                yield at, before
                yield from ((at, value[name]) for name in others - names if name in value)
        for left, right in said[at].equations:
            known |= _list_numbers(left, right)
            names = _list_names(left) | _list_names(right)
            for name in names:
                latest.setdefault(name, []).append((at, names))
            for side in (left, right):
                if len(side) >= _MIN_EXPRESSION and _OPERATION.search(side) and names:
                    begun.setdefault(side, at)
            if left in names and left not in _list_names(right):
                value[left] = at


def _bind_expressions(
    live: Sequence[int], said: dict[int, Formulas], texts: Sequence[str], question: str
) -> Iterator[tuple[int, int]]:
    """A step with an expression that is no side of an equation there needs the first one that has it as a side, or by
    itself; so does an equation of what stood by itself: "We rewrite (1 - x^18)/(1 + x)"."""
    given = frozenset(list_lone_expressions(question))
    first: dict[str, int] = {}
    alone, latest = set[str](), list[int]()
    for at in live:
        lone = list_lone_expressions(texts[at][:_MAX_STEP]) - given
        yield from _find_first_parts(at, lone | list_groups(texts[at][:_MAX_STEP]), texts, latest)
        latest.append(at)
        sides = {strip_brackets(side) for equation in said[at].equations for side in equation}
        yield from ((at, first[one]) for one in lone | (sides & alone) if one in first)
        for one in lone | sides:
            if _OPERATION.search(one) and _list_names(one):
                first.setdefault(one, at)
        alone |= lone


def _find_first_parts(
    at: int, parts: Collection[str], texts: Sequence[str], before: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """The first step that has a longer expression in it: "a_k = 1 + log_5((3k + 2)/5)"."""
    for one in [one for one in parts if len(one) >= _MIN_PART and _OPERATION.search(one) and _list_names(one)]:
        having = (other for other in before[-_MAX_LOOKED_AT:] if one in squeeze(texts[other][:_MAX_STEP]))
        first = next(having, None)
        if first is not None:
            yield at, first


def _bind_terms(live: Sequence[int], texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """A step with a term that is no name, such as "a^5" or "xy", needs the one that said last what it is equal to; one
    with an expression needs the one that said what it is: "The area is 3600 - (60 - m)^2"."""
    value: dict[str, int] = {}
    meant: dict[str, int] = {}
    for at in live:
        squeezed = "".join(texts[at][:_MAX_STEP].split())
        yield from ((at, one) for said, one in [*meant.items()][-_MAX_LOOKED_AT:] if said in squeezed)
        for found in _SAID_TO_BE.findall(texts[at][:_MAX_STEP]):
            if _OPERATION.search(found) and _list_names(found):
                meant.setdefault("".join(found.split()), at)
        valued, used = _list_terms(texts[at][:_MAX_STEP])
        yield from ((at, value[term]) for term in used - valued if term in value)
        value.update(dict.fromkeys(valued, at))


@lru_cache(maxsize=1 << 10)
def _list_terms(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The terms whose value a step says, and all that it has."""
    valued, used = set[str](), set[str]()
    for found in LATEX.findall(text):
        formula = _WORDS.sub(" ", "".join(found)).translate(_RAISED)
        for match in _TERM.finditer(formula):
            term = match[0].replace(" ", "").replace("{", "").replace("}", "")
            used.add(term)
            if _VALUED.match(formula, match.end()) and not _MID_FORMULA.search(
                formula, max(0, match.start() - 8), match.start()
            ):
                valued.add(term)
    return frozenset(valued), frozenset(used)


def find_value_pairs(texts: Sequence[str], question: str, apart: BoolArray) -> Pairs:
    r"""Pairs (step, equation shortly before it) where the step reads values of the question's names off the equation.

    Numbers of three digits or more are found by who works them out, and are no concern of this.

    Args:
        texts: the steps.
        question: its names are those that are to be read off.
        apart: [steps], which nothing is read off, such as second thoughts.

    >>> import numpy as np
    >>> steps = [r"\( \frac{A}{B} = \frac{8\pi}{3} \)", r"Thus, \( a = 8 \) and \( b = 3 \)."]
    >>> find_value_pairs(steps, r"It is $\frac{a\pi}{b}$. Find $a + b$.", np.zeros(2, bool))
    [(1, 0)]
    """
    asked, seen = read_formulas(question).names, set[str]()
    live = [at for at in range(len(texts)) if not apart[at]]
    pairs: Pairs = []
    for place, at in enumerate(live):
        plain = _LATEX_MARKS.sub("", texts[at][:_MAX_STEP])
        found = {_spell(name): value for name, value in _READ_OFF.findall(plain) if _spell(name) in asked}
        numbers = {number for value in found.values() for number in _NUMBER.findall(value)}
        if found.keys() - seen and numbers and max(map(len, numbers)) < _TELLING:
            before = (one for one in reversed(live[:place]) if at - one <= _MAX_FROM_READ and "=" in texts[one])
            pairs += [(at, one) for one in before if numbers <= {*_NUMBER.findall(texts[one])}][:1]
        for left, right in read_formulas(texts[at]).equations:
            seen |= _list_names(left) | _list_names(right)
    return pairs


def _list_numbers(left: str, right: str) -> set[str]:
    return {number for number in _NUMBER.findall(f"{left} {right}") if len(number) > 1}


def _find_last(
    latest: Mapping[str, Sequence[tuple[int, frozenset[str]]]], names: frozenset[str], at: int
) -> tuple[int, frozenset[str]]:
    """The last equation before a step that has all these names, and its names; (-1, none) where there is none."""
    held = min((latest.get(name, ()) for name in names), key=len)
    for place, others in reversed(held[-_MAX_LOOKED_AT:]):
        if names <= others and place < at:
            return place, others
    return -1, frozenset()


@lru_cache(maxsize=1 << 12)
def _list_names(side: str) -> frozenset[str]:
    products = {letter for pair in _PRODUCT.findall(side) if pair not in _SHORT_WORDS for letter in pair}
    return frozenset(map(_spell, _NAME.findall(side))) | products


def _bind_work(live: Sequence[int], said: dict[int, Formulas], texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """ "Dividing both sides by 2" needs the equation before it; "Substituting y" also what y is equal to."""
    last, value = -1, dict[str, int]()
    for at in live:
        text = texts[at][:_MAX_STEP]
        substitutes = _SUBSTITUTES.search(text) is not None
        works_on = substitutes or _BOTH_SIDES.search(text) or _THIS_EQUATION.search(text)
        head = text if "=" not in text else text.partition(":")[0]  # "Factor: (b - 1)(c - 1) = 2"
        if last >= 0 and (works_on or (_WORKS_ON.match(text) and "=" not in head)):
            yield at, last
        if substitutes:
            yield from ((at, value[name]) for name in said[at].names if name in value)
        for left, right in said[at].equations:
            last = at
            if left in _list_names(left) and left not in _list_names(right):
                value[left] = at


def _bind_references(live: Sequence[int], said: dict[int, Formulas], texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """ "From equation 2" needs the step that has it."""
    labelled: dict[str, int] = {}
    numbered: dict[str, int] = {}
    for at in live:
        text = texts[at][:_MAX_STEP]
        keys = [_make_key(*found) for found in _REFERENCE.findall(text)]
        keys += [
            f"{kind.lower()}{_ORDINALS.index(word.lower()) + 1}" for word, kind in _ORDINAL_REFERENCE.findall(text)
        ]
        for key in dict.fromkeys(keys):
            number = key.lstrip("abcdefghijklmnopqrstuvwxyz")
            if key in labelled:
                yield at, labelled[key]
            elif number in numbered:
                yield at, numbered[number]
            elif said[at].equations or ":" in text:
                labelled[key] = at
        if item := _NUMBERED.match(text):
            numbered.setdefault(item[1], at)


def _bind_fractions(live: Sequence[int], texts: Sequence[str], question: str) -> Iterator[tuple[int, int]]:
    """A step with a fraction of numbers needs the first one that has it: "the mean is 55/3, so p = 55"."""
    first: dict[str, int] = dict.fromkeys(_list_fractions(question), -1)
    for at in live:
        for fraction in _list_fractions(texts[at][:_MAX_STEP]):
            if first.setdefault(fraction, at) not in (-1, at):
                yield at, first[fraction]


def _list_fractions(text: str) -> list[str]:
    return ["/".join(filter(None, found)) for found in _FRACTION.findall(text)]


def _make_key(kind: str, number: str, mark: str) -> str:
    kind = "equation" if kind.lower().startswith("eq") else kind.lower()
    return mark or f"{kind}{number.lower()}"
