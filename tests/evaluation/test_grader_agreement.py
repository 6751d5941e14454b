"""Two graders on the same replies: where both decide, and what one of them alone calls right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scripted_student import Scripted

from cotpress.chat import ChatReply
from cotpress.evaluation import ChatStudent, evaluate
from cotpress.evaluation.benchmarks import BenchmarkItem
from cotpress.evaluation.grader_agreement import AGREEMENT_FILE, compare_graders, write_grader_agreement
from cotpress.evaluation.grading import Grader

pytest.importorskip("math_verify")

REPLIES = {
    "both right": ("So $x = \\frac{1}{2}$. The answer is $\\boxed{0.5}$.", r"\frac{1}{2}"),
    "both wrong": ("The answer is 7.", "8"),
    "a unit": ("The answer is $5 \\text{ cm}$.", r"5 \text{ m}"),  # math-verify passes over units
    "no number": ("The answer is Paris.", "7"),  # math-verify reads no expression there
    "words": ("The answer is A.", "A"),  # an option: math-verify is not asked
}
KINDS = dict.fromkeys(REPLIES, "math") | {"words": "choice"}


def test_they_are_compared_where_both_decide(tmp_path: Path) -> None:
    items = {"known": [BenchmarkItem(name, name, gold, KINDS[name]) for name, (_, gold) in REPLIES.items()]}
    said = Scripted(lambda request: ChatReply(REPLIES[request.messages[-1].content][0], "stop", 5, 9, 0.01))
    with Grader() as grader:
        done = evaluate(ChatStudent(said, "sum"), items, grader=grader)
        found = compare_graders(done.rows, items, grader)
    assert [row.outcome for row in done.rows] == ["right", "wrong", "wrong", "wrong", "right"]
    assert found is not None
    assert (found.replies, found.both, found.same) == (4, 3, 2)
    assert (found.only_ours, found.only_theirs, found.differing) == (0, 1, ("known/a unit#0",))
    write_grader_agreement(found, tmp_path)
    assert json.loads((tmp_path / AGREEMENT_FILE).read_text())["same"] == 2


def test_nothing_is_compared_where_no_answer_is_mathematical() -> None:
    items = {"known": [BenchmarkItem("1", "Which?", "A", "choice", ("yes", "no"))]}
    said = Scripted(lambda request: ChatReply("The answer is A.", "stop", 5, 9, 0.01))
    with Grader() as grader:
        rows = evaluate(ChatStudent(said, "sum"), items, grader=grader).rows
        assert compare_graders(rows, items, grader) is None
