"""Every code that the source writes is declared, with a sentence; none is declared in vain; the page shows them."""

from __future__ import annotations

import re
from pathlib import Path

import cotpress
from cotpress.codes import CODES, CodeKind, explain_code, format_code_table
from cotpress.evaluation import EVALUATION_OUTCOMES
from cotpress.evaluation.grading import GRADE_OUTCOMES
from cotpress.rewriting.checks import CHECKS

SOURCE = Path(cotpress.__file__).parent
PAGE = Path(__file__).parents[1] / "docs" / "codes.md"
_MADE = re.compile(r'\b(?:Rejected|MalformedRowError|reject)\(\s*"([a-z0-9-]+)"')
_CODE_NAMES = {
    *("CALL_FAILED", "OFF_BUDGET", "REFUSED", "NO_ANSWER", "FINER_STEPS", "OVER_BUDGET", "UNRECOGNISED_ANSWER"),
    "NO_PHRASES",
}


def _collect_codes() -> set[str]:
    codes = {*EVALUATION_OUTCOMES, *GRADE_OUTCOMES}
    for path in SOURCE.rglob("*.py"):
        if path.name == "codes.py" and path.parent == SOURCE:
            continue
        text = path.read_text(encoding="utf-8")
        codes.update(_MADE.findall(text))
        for line in re.findall(rf"^(?:{'|'.join(_CODE_NAMES)})\b.* = .*$", text, re.MULTILINE):
            codes.update(re.findall(r'"([a-z-]+)"', line.partition("#")[0]))
    quality = (SOURCE / "training" / "saliency" / "pair_quality.py").read_text()
    codes.update(re.findall(r'_drop_worst\(.*, "([a-z-]+)", "', quality))
    fit = (SOURCE / "pruning" / "block_selection.py").read_text()
    codes.update(re.findall(r'\("([a-z-]+)", (?:tokens|not)', fit))
    rewriter = (SOURCE / "rewriting" / "rewriter.py").read_text()
    codes.update(re.findall(r'\("([a-z-]+)", verdict', rewriter))
    return codes


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
