"""The checks on labelled pairs of an original and a rewrite: what each decides, and how often it is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cotpress.rewriting.checks import CHECKS, Draft
from cotpress.rewriting.levels import LEVELS
from cotpress.types import Trace

FILE = Path(__file__).parent / "data" / "labelled_pairs.jsonl"
PAIRS: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
# What the checks get wrong: each of these is a miss that is known, and a mended one is to be taken out.
KNOWN_MISSES = {
    "In the village nobody owned a red car.",
    "The box has a lid.",
    "The capital is Sydney. The capital is Canberra.",
    "She doubles 4 to 8, loses one and finds 10-4=6. With the 7 she has 7+6=13 chickens.",
}


def _is_right(pair: dict[str, Any]) -> bool:
    trace, level = Trace("1", pair.get("question", ""), pair["original"]), LEVELS[pair.get("level", "edit")]
    said = CHECKS[pair["check"]](Draft(trace, pair["rewrite"], level, pair.get("domain", "math")))
    return (said is None) == pair["right"]


def test_there_are_enough_pairs_of_both_kinds() -> None:
    assert len(PAIRS) >= 200
    checks = {pair["check"] for pair in PAIRS}
    assert all({pair["right"] for pair in PAIRS if pair["check"] == check} == {True, False} for check in checks)


@pytest.mark.parametrize("check", sorted({pair["check"] for pair in PAIRS}))
def test_a_check_decides_its_pairs(check: str) -> None:
    misses = {pair["rewrite"] for pair in PAIRS if pair["check"] == check and not _is_right(pair)}
    assert misses == {pair["rewrite"] for pair in PAIRS if pair["check"] == check} & KNOWN_MISSES
