"""Whether two expressions are equal, by math-verify and sympy. Runs in the child: it may hang or take all memory."""

from __future__ import annotations

from itertools import product
from typing import Any

from cotpress.errors import require


def prepare() -> None:
    """Import what `equivalent` needs, and use it once."""
    equivalent(r"\frac{1}{2}", "0.5")


def equivalent(stated: str, gold: str) -> bool:
    """Whether two expressions in LaTeX are equal. Sets equal the inequalities that describe them, `i` is imaginary.

    Raises:
        MemoryError: more memory was needed than is allowed.
    """
    library = require("math_verify", "evaluate")
    # No time limits here: theirs are signal handlers, which a long computation in C never lets run.
    found, wanted = (library.parse(rf"\boxed{{{text}}}", parsing_timeout=None) for text in (stated, gold))
    if library.verify(wanted, found, allow_set_relation_comp=True, timeout_seconds=None):
        return True
    return any(_equal_complex(one, other) or _equal_regions(one, other) for one, other in product(found, wanted))


def _equal_complex(one: Any, other: Any) -> bool:
    """Whether two expressions are equal once `i` is the imaginary unit."""
    sympy = require("sympy", "evaluate")
    both = (one, other)
    if not all(isinstance(each, sympy.Expr) for each in both):
        return False
    units = {symbol: sympy.I for each in both for symbol in each.free_symbols if symbol.name == "i"}
    if not units:
        return False
    left, right = (each.doit().subs(units) for each in both)
    return bool(sympy.simplify(sympy.expand(left - right)) == 0)


def _equal_regions(one: Any, other: Any) -> bool:
    """Whether alternatives ("x < 2 or x > 3") describe the same set of numbers as another answer does."""
    left, right = _region(one), _region(other)
    return left is not None and right is not None and bool(left == right)


def _region(expression: Any) -> Any:
    """The set of real numbers that an answer stands for; None where it stands for none."""
    sympy = require("sympy", "evaluate")
    if isinstance(expression, sympy.FiniteSet) and all(isinstance(each, sympy.Rel) for each in expression.args):
        one_unknown = len(expression.free_symbols) == 1
        return sympy.Union(*(each.as_set() for each in expression.args)) if one_unknown else None
    return expression if isinstance(expression, sympy.Union | sympy.Interval) else None
