"""Hand-picked pairs of answers, and the published ones: all decided right, by default limits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from cotpress.evaluation.grading import Grader, GradingInput

LINES = (Path(__file__).parent / "pairs.txt").read_text("utf-8").splitlines()
PAIRS = [tuple(line.split(" | ")) for line in LINES if line and not line.startswith("# ")]


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader() as one:
        yield one


def _boxed(answer: str) -> str:
    return rf"Let me see. First \boxed{{0.123}}, but no: the answer is $\boxed{{{answer}}}$."


def test_there_are_enough_pairs_of_both_sorts() -> None:
    counts = Counter(verdict for verdict, _, _ in PAIRS)
    assert set(counts) == {"=", "!"}
    assert min(counts.values()) >= 100
    assert len(set(PAIRS)) == len(PAIRS)


def test_every_pair_is_decided_right(grader: Grader) -> None:
    grades = grader.grade([GradingInput(_boxed(stated), gold, "math") for _, stated, gold in PAIRS])
    expected = {"=": "right", "!": "wrong"}
    assert [
        (pair, grade) for pair, grade in zip(PAIRS, grades, strict=True) if grade.outcome != expected[pair[0]]
    ] == []


def test_every_answer_equals_itself(grader: Grader) -> None:
    answers = sorted({answer for _, *pair in PAIRS for answer in pair})
    grades = grader.grade([GradingInput(_boxed(answer), answer, "math") for answer in answers])
    assert [one for one, grade in zip(answers, grades, strict=True) if grade.outcome != "right"] == []


def test_published_solutions_are_right_and_others_wrong(shared_data: Path, grader: Grader) -> None:
    text = (shared_data / "benchmarks" / "math500.jsonl").read_text("utf-8")
    rows = sorted((json.loads(line) for line in text.splitlines()), key=lambda row: (len(row["answer"]), row["answer"]))
    own = grader.grade([GradingInput(row["solution"], row["answer"], "math") for row in rows])
    assert [row["answer"] for row, grade in zip(rows, own, strict=True) if grade.outcome != "right"] == []
    others = [(row, other["answer"]) for row, other in pairwise(rows) if row["answer"] != other["answer"]][::2]
    wrong = grader.grade([GradingInput(row["solution"], other, "math") for row, other in others])
    # Some problems share an answer in two spellings.
    right = [
        (row["answer"], other) for (row, other), grade in zip(others, wrong, strict=True) if grade.outcome == "right"
    ]
    assert len(right) < 5
