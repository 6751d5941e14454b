"""Expressions in a text: those that stand by themselves, what stands between brackets, and how they are compared."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from cotpress.backbone.terms import normalise_formula

LATEX: Final = re.compile(r"\\\((.{1,300}?)\\\)|\\\[(.{1,900}?)\\\]|\$\$?([^$]{1,300})\$", re.DOTALL)
RELATION: Final = re.compile(r"[=≈≡≤≥<>≠∈]+")
_SIZES = re.compile(r"\\(?:left|right)(?![a-z])|\\[()\[\]]|\$")
_GROUP = re.compile(r"(?<![\\A-Za-z])[({]((?:[^(){}\n]|[({][^(){}\n]{0,60}[)}]){8,120})[)}]")
_NO_BRACKETS = str.maketrans("", "", "(){}")
_MIN_LONE = 8  # characters of an expression that is no side of an equation


@lru_cache(maxsize=1 << 10)
def squeeze(text: str) -> str:
    """A text without white space and brackets.

    >>> squeeze("(a + b) * {c}")
    'a+b*c'
    """
    return strip_brackets("".join(_SIZES.sub("", text).split()))


@lru_cache(maxsize=1 << 10)
def list_groups(text: str) -> frozenset[str]:
    """What stands between brackets in a text, squeezed.

    >>> sorted(list_groups("(1.8 + (m/n)*(k/100)) / (4 + m/n)"))
    ['1.8+m/n*k/100']
    """
    return frozenset(squeeze(found) for found in _GROUP.findall(text))


@lru_cache(maxsize=1 << 10)
def list_lone_expressions(text: str) -> frozenset[str]:
    r"""The formulas of a text that are no relation, squeezed.

    >>> sorted(list_lone_expressions(r"We rewrite \( \frac{1 - x^{18}}{1 + x} \), as \( y = 1 + x \)."))
    ['\\frac1-x^181+x']
    """
    inner = ("".join(found).strip().rstrip(".,;") for found in LATEX.findall(text))
    found = (squeeze(normalise_formula(one)) for one in inner if not RELATION.search(one))
    return frozenset(one for one in found if len(one) >= _MIN_LONE)


def strip_brackets(formula: str) -> str:
    """A formula without its brackets and braces, which are spelled in more than one way.

    >>> strip_brackets("x^(18)")
    'x^18'
    """
    return formula.translate(_NO_BRACKETS)
