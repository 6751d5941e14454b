"""Every code that the source writes is declared, with a sentence; none is declared in vain; the page shows them."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import cotpress
from cotpress.codes import CODES, CodeKind, explain_code, format_code_table
from cotpress.evaluation import EVALUATION_OUTCOMES
from cotpress.evaluation.grading import GRADE_OUTCOMES
from cotpress.rewriting.checks import CHECKS

SOURCE = Path(cotpress.__file__).parent
PAGE = Path(__file__).parents[1] / "docs" / "codes.md"
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# What makes a reject, or hands a reason on, and at which argument the code stands.
MAKERS = {"Rejected": 0, "MalformedRowError": 0, "reject": 0, "_reject_turn": 1, "CheckFailure": 0, "_drop_worst": 3}


def _read_trees() -> list[ast.Module]:
    paths = [path for path in SOURCE.rglob("*.py") if path != SOURCE / "codes.py"]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in paths]


def _list_strings(node: ast.expr) -> list[str]:
    """The texts that an expression holds as literals."""
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def _list_constants(trees: list[ast.Module]) -> dict[str, list[str]]:
    """The texts of each constant of a module that is one text or several, as `A, B = "a", "b"`."""
    found: dict[str, list[str]] = {}
    for node in (node for tree in trees for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)):
        target, value = node.targets[0] if isinstance(node, ast.Assign) else node.target, node.value
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = [*zip(target.elts, value.elts, strict=False)]
        for name, held in pairs:
            if isinstance(name, ast.Name) and held is not None:
                found.setdefault(name.id, []).extend(_list_strings(held))
    return found


def _get_coded(node: ast.AST) -> ast.expr | None:
    """The expression that is a code, or holds some: the reason of a reject, or flags."""
    if isinstance(node, ast.Call):
        made = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        flags = next((word.value for word in node.keywords if word.arg == "flags"), None)
        at = MAKERS.get(made, len(node.args))
        return node.args[at] if at < len(node.args) else flags
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("flags", "verdict"):
        return node.value
    if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
        return node.value.elts[-1] if isinstance(node.value.elts[-1], ast.Name) else None
    return None


@cache
def _collect_codes() -> frozenset[str]:
    """Every code that a call or an assignment names, by a literal or by a constant of any module."""
    trees = _read_trees()
    constants, codes = _list_constants(trees), {*EVALUATION_OUTCOMES, *GRADE_OUTCOMES}
    for node in (node for tree in trees for node in ast.walk(tree)):
        coded = _get_coded(node)
        if coded is not None:
            names = [one.id for one in ast.walk(coded) if isinstance(one, ast.Name) and one.id.isupper()]
            codes.update([*_list_strings(coded), *(text for name in names for text in constants.get(name, ()))])
    return frozenset(code for code in codes if CODE.fullmatch(code))


def test_every_code_that_is_written_is_declared() -> None:
    declared = {declared.code for declared in CODES}
    assert _collect_codes() - declared - {*CHECKS} == set()


def test_no_code_is_declared_in_vain() -> None:
    assert {declared.code for declared in CODES} - _collect_codes() == set()


def test_codes_are_unique_and_explained() -> None:
    assert len({(declared.code, declared.kind) for declared in CODES}) == len(CODES)
    assert all(declared.meaning.endswith((".", ").")) for declared in CODES)
    assert explain_code("of-a-plugin") == ""


def test_a_code_of_several_kinds_has_a_sentence_for_each() -> None:
    kinds = {declared.kind for declared in CODES if declared.code == "empty"}
    assert kinds == {CodeKind.TRAINING, CodeKind.FLAG, CodeKind.EVALUATION}
    assert len({explain_code("empty", kind) for kind in kinds}) == 3
    assert explain_code("kept-original") == explain_code("kept-original", CodeKind.TRAINING)
    assert not [declared for declared in CODES if "As a flag" in declared.meaning]


def test_every_outcome_of_a_reply_is_declared_as_one() -> None:
    declared = {declared.code for declared in CODES if declared.kind is CodeKind.EVALUATION}
    assert declared == {*EVALUATION_OUTCOMES, *GRADE_OUTCOMES}


def test_the_page_shows_them() -> None:
    assert format_code_table() in PAGE.read_text(encoding="utf-8")
