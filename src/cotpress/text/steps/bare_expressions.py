"""Lines that say nothing by themselves: a formula that states nothing, and what holds under a condition named above."""

from __future__ import annotations

import re
from typing import Final

_MAX_CHARACTERS: Final = 200
_RELATION = re.compile(
    r"[=≈≠≤≥<>≡∈→⇒∣|]|\\(?:neq?|leq?|geq?|approx|equiv|in|to|implies|Rightarrow|mid|sim|cong|mapsto|boxed)\b"
)
_COMMAND = re.compile(r"\\[A-Za-z]+")
_WORD = re.compile(r"\bis\b|(?!(?:sin|cos|tan|cot|log|exp|mod|gcd|lcm|max|min|and)\b)\b[^\W\d_]{3,}")
_FORMULA = re.compile(r"[\d+*/^\\√∑]|[a-z]\(")
# "For n = 8:", "From d1=2:", "With 12 boxes:"
_CONDITION = re.compile(
    r"(?:[-*•]\s+|\*\*)?(?:(?:so|now|then|next|and|but|similarly|also|again|finally|wait|hmm|okay)\b[,\s]*+){0,2}"
    r"(?:for|when|if|from|with|at|in|under|starting|taking|using|trying|suppose|assume)\b[^.:?!\n]{1,60}:\Z",
    re.IGNORECASE,
)
_MAX_OPERATION_CHARACTERS: Final = 120
_OPERATION = re.compile(
    r"\b(?:(?:subtract|add|expand|factor|collect|convert|complet|combin|compar|isolat|eliminat|substitut|evaluat|integrat"
    r"|differentiat|rearrang|distribut|regroup|invert|cancel|plug|tak|squar|divid|multiply|cross-multiply|apply|rais|solv"
    r"|equat|replac|reduc|bring|mov|gather|rewrit|neglect|approximat)(?:e|es|ing|ling|ging)?|using|set(?:ting)?"
    r"|similarly|likewise|according\s+to|given\s+that|both\s+sides)\b",
    re.IGNORECASE,
)


def is_bare_expression(step: str) -> bool:
    r"""Whether it is a formula or a list of them that states nothing: no relation, no words.

    >>> is_bare_expression(r"\( 1 - x^{17} \)."), is_bare_expression("- 75\n- 25 * 3"), is_bare_expression("x = 3")
    (True, True, False)
    >>> is_bare_expression("The sum is 3."), is_bare_expression("sin(3x) + 2")
    (False, True)
    """
    if len(step) > _MAX_CHARACTERS or not _FORMULA.search(step) or _RELATION.search(step):
        return False
    return not _WORD.search(_COMMAND.sub(" ", step))


def sets_condition(step: str) -> bool:
    """Whether it is a lead-in that says under which condition the next line holds.

    >>> sets_condition("For n = 8:"), sets_condition("So the sum is:")
    (True, False)
    """
    return len(step) <= _MAX_CHARACTERS and _CONDITION.match(step) is not None


def names_operation(step: str) -> bool:
    """Whether it is a short lead-in that says what is done to get to the next line.

    >>> names_operation("Subtracting (2) from (4):"), names_operation("So, we have:")
    (True, False)
    """
    return len(step) <= _MAX_OPERATION_CHARACTERS and _OPERATION.search(step) is not None
