"""Whether two expressions are equal, by math-verify and sympy. Runs in the child: it may hang or take all memory."""

from __future__ import annotations

from itertools import product
from typing import Any

from cotpress.errors import import_optional


def warm_up() -> None:
    """Import what `is_equivalent` needs, and use it once."""
    is_equivalent(r"\frac{1}{2}", "0.5")


def is_equivalent(stated: str, gold: str) -> bool:
    """Whether two expressions in LaTeX are equal. Sets equal the inequalities that describe them, `i` is imaginary.

    Raises:
        MemoryError: more memory was needed than is allowed.
    """
    library = import_optional("math_verify", "evaluate")
    # No time limits here: theirs are signal handlers, which a long computation in C never lets run.
    found, wanted = (library.parse(rf"\boxed{{{text}}}", parsing_timeout=None) for text in (stated, gold))
    if library.verify(wanted, found, allow_set_relation_comp=True, timeout_seconds=None):
        return True
    return any(_is_equal_complex(*pair) or _is_equal_region(*pair) for pair in product(found, wanted))


def is_right_alone(text: str, gold: str) -> bool | None:
    """Whether math-verify by itself finds the gold answer in a reply; None where it finds no answer in one of them.

    As the field uses it: its own search for an answer in the whole text, its own comparison, and nothing of ours.

    Raises:
        MemoryError: more memory was needed than is allowed.
    """
    library = import_optional("math_verify", "evaluate")
    found = library.parse(text, parsing_timeout=None)
    wanted = library.parse(rf"\boxed{{{gold}}}", parsing_timeout=None)
    return bool(library.verify(wanted, found, timeout_seconds=None)) if found and wanted else None


def _is_equal_complex(stated: Any, gold: Any) -> bool:
    """Whether two expressions are equal once `i` is the imaginary unit."""
    sympy = import_optional("sympy", "evaluate")
    both = (stated, gold)
    if not all(isinstance(each, sympy.Expr) for each in both):
        return False
    units = {symbol: sympy.I for each in both for symbol in each.free_symbols if symbol.name == "i"}
    if not units:
        return False
    left, right = (each.doit().subs(units) for each in both)
    return bool(sympy.simplify(sympy.expand(left - right)) == 0)


def _is_equal_region(stated: Any, gold: Any) -> bool:
    """Whether alternatives ("x < 2 or x > 3") describe the same set of numbers as another answer does."""
    left, right = _find_region(stated), _find_region(gold)
    return left is not None and right is not None and bool(left == right)


def _find_region(expression: Any) -> Any:
    """The set of real numbers that an answer stands for; None where it stands for none."""
    sympy = import_optional("sympy", "evaluate")
    if isinstance(expression, sympy.FiniteSet) and all(isinstance(each, sympy.Rel) for each in expression.args):
        one_unknown = len(expression.free_symbols) == 1
        return sympy.Union(*(each.as_set() for each in expression.args)) if one_unknown else None
    return expression if isinstance(expression, sympy.Union | sympy.Interval) else None
