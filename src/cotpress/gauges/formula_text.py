"""Formulas in one plain spelling, and the relations in them: the gauges' own reading, apart from that of any criterion.

A criterion that is judged by its own reading of a text is flattered by it. So nothing here is used to prune.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

MATH_EDGE: Final = "§"  # stands for a delimiter of math: `$`, `\(`, `\]`
_SIGNS = {
    "−": "-",
    "–": "-",
    "×": "*",
    "·": "*",
    "⋅": "*",
    "∙": "*",
    "÷": "/",
    "⁄": "/",
    "’": "'",
    "\u00a0": " ",
    "§": " ",
}
_SIGN = re.compile(f"[{''.join(_SIGNS)}]")
_MAX_NESTING = 4  # rounds of inner braces first; what is nested deeper keeps its braces
_ORDER_SIGNS = {"<=": "≤", "=<": "≤", ">=": "≥", "=>": "⇒", "==": "=", "!=": "≠"}
# Each substitution leaves line breaks alone, so that many statements can be read in one pass, a line each.
_LATEX_SUBSTITUTIONS: Final = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"\\\\", " ; "),
        (r"\\[()\[\]]", MATH_EDGE),
        (r"\\(?:left|right|[bB]igg?[lr]?|displaystyle|limits|nonumber)(?![A-Za-z])\.?", ""),
        (r"\\[,;:! ]|~|\\q?quad(?![A-Za-z])|\\(?:begin|end)\{[a-zA-Z*]{1,20}\}|&", " "),
        (r"\\[dtc]?frac(?![A-Za-z])[ \t]?(\d)[ \t]?(\d)", r"(\1)/(\2)"),
        (r"\\(?:cdot|times|ast)(?![A-Za-z])", "*"),
        (r"\\div(?![A-Za-z])", "/"),
        (r"\\l(?:eq?|eqslant)(?![A-Za-z])", "≤"),
        (r"\\g(?:eq?|eqslant)(?![A-Za-z])", "≥"),
        (r"\\(?:approx|simeq|sim)(?![A-Za-z])", "≈"),
        (r"\\neq?(?![A-Za-z])", "≠"),
        (r"\\equiv(?![A-Za-z])", "≡"),
        (r"\\(?=[%$#])", ""),
    )
)
_REPEATED_MARK = re.compile(r"<<[^<>\n]{0,200}>>(?=[$ \t]{0,2}[\d.])")  # a calculator mark, before what it results in
_LONE_MARK = re.compile(r"<<([^<>\n]{0,200})>>")
_CURRENCY = re.compile(r"[$€£](?=\.?\d)")
_EDGES = re.compile(r"[$*`]+")  # but for a lone *, which multiplies
# "= $5", "$x$ = $y$": an edge beside a sign is none. Each pattern begins with plain characters, which is fast.
_EDGE_BEFORE_SIGN = re.compile(rf"{MATH_EDGE}[ \t]?([=≈≡≠≤≥+*/])")
_EDGE_BEHIND_SIGN = re.compile(rf"([=≈≡≠≤≥+*/])[ \t]?{MATH_EDGE}")
_CROSS = re.compile(r"(\d)[ \t]x[ \t](?=\d)")
_THOUSANDS = re.compile(r"(\d)(?:\{,\}|,)(?=\d{3}(?!\d))")
# "55 + 84 is 139": an equation in words
_WORDED_EQUATION = re.compile(r"([-+*/^][ \t]?\(?\d+(?:\.\d+)?\)?)[ \t](?:is|equals|makes|gives)[ \t](?=-?\d)")
_ORDER_SIGN = re.compile(r"[<>=!](?:(?<=[<>=])=|(?<==)[<>]|(?<=!)=)")
_FRACTION = re.compile(r"\\[dtc]?frac[ \t]?\{([^{}\n]*)\}[ \t]?\{([^{}\n]*)\}")
_TEXT_COMMAND = re.compile(r"\\(?:text[a-z]*|math[a-z]{2,4}|mbox|boxed|fbox|operatorname)[ \t]?\{([^{}\n]*)\}")
_ROOT = re.compile(r"\\sqrt[ \t]?\{([^{}\n]*)\}")
_ATOM_BRACES = re.compile(r"\{(\w*)\}")
_BRACES = re.compile(r"\{([^{}\n]*)\}")


def simplify_formulas(text: str) -> str:
    r"""A text with its formulas in plain signs: `\frac{a}{b}` as (a)/(b), `\cdot` as *, delimiters of math as one mark.

    Lines stay lines. Time is linear.

    >>> simplify_formulas(r'so \(\frac{1,000}{2} \times 3 \leq x\)')
    'so §(1000)/(2) * 3 ≤ x§'
    """
    text = _SIGN.sub(lambda match: _SIGNS[match[0]], text)
    if "<<" in text:
        text = _LONE_MARK.sub(r" ; \1 ; ", _REPEATED_MARK.sub("", text))
    if "\\" in text:
        for pattern, new in _LATEX_SUBSTITUTIONS:
            text = pattern.sub(new, text)
    text = _EDGES.sub(lambda match: "*" if match[0] == "*" else MATH_EDGE, _CURRENCY.sub("", text))
    text = _ORDER_SIGN.sub(lambda match: _ORDER_SIGNS[match[0]], _THOUSANDS.sub(r"\1", text))
    if MATH_EDGE in text:
        text = _EDGE_BEHIND_SIGN.sub(r"\1", _EDGE_BEFORE_SIGN.sub(r"\1", text))
    text = _WORDED_EQUATION.sub(r"\1 = ", _CROSS.sub(r"\1 * ", text))
    for _ in range(_MAX_NESTING if "{" in text else 0):
        before = text
        text = _FRACTION.sub(r"(\1)/(\2)", _ROOT.sub(r"sqrt(\1)", _TEXT_COMMAND.sub(r"\1", text)))
        text = _ATOM_BRACES.sub(r"\1", text)
        if text == before:  # braces of scripts, sets and cases
            text = _BRACES.sub(r"(\1)", text)
    return text


class Relation(NamedTuple):
    """A chain such as a + b = c ≈ d.

    Args:
        sides: without spaces.
        signs: the signs between the sides, one character each.
        equalities: (left side, sign, right side) of each equality in the chain.
        is_free: whether no word beside it can belong to its first or last side ("the sum of 3 and 5 = 8").
    """

    sides: tuple[str, ...]
    signs: str
    equalities: tuple[tuple[str, str, str], ...]
    is_free: bool

    @property
    def spelling(self) -> str:
        """The chain as one text, equal for equal chains."""
        return f"{self.signs} {' | '.join(self.sides)}"


EQUALITY_SIGNS: Final = "=≈≡"
_RELATION_SIGN = re.compile(r"[=≈≡≠<>≤≥]")
_FUNCTION_NAMES = "sin|cos|tan|cot|sec|csc|log|ln|exp|sqrt|gcd|lcm|max|min|lim|det|deg|arg|mod|pmod|bmod|binom|frac"
_SHORT_WORDS = "is|so|if|in|of|or|to|we|it|as|at|be|by|do|go|no|on|an|am|up|us|my|me|he|oh|ok"
# Where a formula in prose ends: at a mark or an edge of math; at a word that is no function and no product of capitals
# (AB). Each pattern begins with the characters that such a place can begin with: the search passes over all others at
# the speed of C, and what it may and may not be is looked at from behind its first character.
_MARK = re.compile(
    rf"[,;:?⇒{MATH_EDGE}\"“”!.]"
    rf"(?:(?<=[,;:])(?!\d)|(?<=[?⇒{MATH_EDGE}\"“”])|(?<=!)(?<![\d)].)|(?<=\.)(?<!\..)(?![\d.]))"
)
_PROSE_WORD = re.compile(
    r"([A-Za-z](?<![A-Za-z\\].)"
    rf"(?!(?<=(?=(?:{_FUNCTION_NAMES})(?![a-z])).)|(?<=(?=[A-Z]{{2,4}}(?![A-Za-z])).))"
    rf"(?:[a-z']{{2,}}|(?<=(?=(?i:{_SHORT_WORDS})(?![A-Za-z])).)[A-Za-z])(?![A-Za-z(_^]))"
)
_LEADING_NAMES = """
    so then get gives give is are was have has that thus hence therefore since because or means equals compute calculate
    now if when where with becomes be it
"""
_SCALING_NAMES = "remainder rem hundred thousand million billion percent dozen mod choose and or to of with"
_LEADING_WORDS, _SCALING_WORDS = frozenset(_LEADING_NAMES.split()), frozenset(_SCALING_NAMES.split())


def find_relations(text: str) -> tuple[Relation, ...]:
    """The relations in a simplified statement, in order.

    >>> [relation.sides for relation in find_relations('so 2 + 3 = 5, and x < 7')]
    [('2+3', '5'), ('x', '7')]
    """
    if not _RELATION_SIGN.search(text):
        return ()
    clauses = _MARK.split(_BULLET.sub("", text))
    return tuple(relation for clause in clauses if _RELATION_SIGN.search(clause) for relation in _read_clause(clause))


def _read_clause(clause: str) -> Iterator[Relation]:
    pieces = ["", *_PROSE_WORD.split(clause), ""]  # formulas at odd places, the words between them at even ones
    for at in range(1, len(pieces), 2):
        signs = _RELATION_SIGN.findall(pieces[at])
        sides = tuple(map(_trim_side, _RELATION_SIGN.split(pieces[at]))) if signs else ()
        if any(sides[1:]):
            is_free = _stands_free(pieces[at - 1].lower(), pieces[at], pieces[at + 1].lower())
            chain = zip(sides, signs, sides[1:], strict=False)
            equal = tuple((left, sign, right) for left, sign, right in chain if sign in EQUALITY_SIGNS)
            yield Relation(sides, "".join(signs), equal, is_free)


def _stands_free(before: str, formula: str, after: str) -> bool:
    """Whether neither the words around a chain nor what is cut off belongs to its sides."""
    if (before[:1].isalpha() and before not in _LEADING_WORDS) or after in _SCALING_WORDS:
        return False
    if "mod" in formula or formula.lstrip()[:1] == "+":
        return False
    return all(side.count("(") == side.count(")") for side in _RELATION_SIGN.split(formula))


_SPACED_DIGITS = re.compile(r"(?<=\d)[ \t]+(?=\d)")  # "1 1/2" is not 11/2
_BULLET = re.compile(r"\A[ \t]*[-*+•][ \t]+")


def _trim_side(side: str) -> str:
    """The side without spaces, marks around it and brackets that hold all of it or have no partner at its ends."""
    side = side.strip()
    if side.isalnum():
        return side
    side = _SPACED_DIGITS.sub("_", side)
    side = "".join(side.split()).strip("#").lstrip("*")
    while True:
        opened, closed = side.count("("), side.count(")")
        if side.startswith("(") and (opened > closed or _is_wrapped(side)):
            side = side[1:] if opened > closed else side[1:-1]
        elif side.endswith("(") or (side.endswith(")") and closed > opened):
            side = side[:-1]
        else:
            return side


def _is_wrapped(side: str) -> bool:
    depth = 0
    for at, sign in enumerate(side):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return at == len(side) - 1
    return False
