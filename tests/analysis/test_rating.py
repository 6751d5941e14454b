"""Traces rated before they are chosen: `cotpress rate` and `cotpress.rate`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from command import cotpress

import cotpress as package
from cotpress.analysis.rating import RatedTrace, write_rated_rows
from cotpress.types import Rejected, Signals, Trace


@dataclass
class WordStudent:
    """A student to whom a word of n letters has rank n and surprisal 1; it notes what it was shown."""

    shown: list[str] = field(default_factory=list)
    provides: ClassVar = frozenset({"nll", "rank"})
    identity: ClassVar = {"source": "words"}

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        self.shown += [trace.reasoning for trace in traces]
        return [self._score_one(trace) for trace in traces]

    def _score_one(self, trace: Trace) -> Signals:
        words = trace.reasoning.split()
        offsets = np.array([[0, 1]] * len(words), np.int64).reshape(-1, 2)
        return Signals(offsets, {"rank": np.array([float(len(word)) for word in words]), "nll": np.ones(len(words))})


def sample(number: int, reply: str, **more: Any) -> dict[str, Any]:
    return {"id": f"s{number}", "question": "2+3?", "reasoning": "Two aaaa.", "answer": reply, "gold": "5", **more}


ROWS = [
    sample(0, "The answer is 5."),
    sample(1, "The answer is 6."),
    sample(2, "The answer is 5.", reasoning="Two aaaaaaaaa."),
    sample(3, "5"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "rows.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in [*ROWS, {"id": "x", "question": "?"}])
    )
    return tmp_path / "rows.jsonl"


def read_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_each_row_stays_and_gets_columns(path: Path, tmp_path: Path) -> None:
    assert cotpress("rate", path, "-o", tmp_path / "rated.jsonl", "-q") == 0
    rated = read_rows(tmp_path / "rated.jsonl")
    added = {"difficulty": 0.25, "difficulty_samples": 4, "difficulty_right": 3}
    assert rated == [{**row, **added} for row in ROWS]


def test_what_is_rated_is_compressed_as_the_samples_are(path: Path, tmp_path: Path) -> None:
    assert cotpress("rate", path, "-o", tmp_path / "rated.jsonl", "-q") == 0
    texts = []
    for name in (path, tmp_path / "rated.jsonl"):
        out = tmp_path / f"out-{name.stem}"
        assert cotpress("compress", name, "-o", out, "--keep", "0.5", "--budget-by", "difficulty", "-q") == 0
        texts.append((out / "sft.jsonl").read_text().replace("rated", "rows"))
    assert texts[0] == texts[1]


def test_the_ratio_is_mean_rank_over_mean_surprisal_of_all_that_is_trained_on(path: Path) -> None:
    student = WordStudent()
    rated = [one for one in package.rate(path, student) if isinstance(one, RatedTrace)]
    assert student.shown[0] == "Two aaaa.\nThe answer is 5."
    assert rated[0].suitability is not None
    assert rated[0].suitability.ratio == (3 + 5 + 3 + 6 + 2 + 2) / 6
    assert rated[2].suitability is not None
    assert rated[2].suitability.ratio > rated[0].suitability.ratio  # type: ignore[operator]


def test_the_columns_of_a_student_and_the_ratio_of_the_set(path: Path, tmp_path: Path) -> None:
    summary = write_rated_rows(package.rate(path, WordStudent()), tmp_path / "rated.jsonl")
    rated = read_rows(tmp_path / "rated.jsonl")
    assert (rated[0]["rsr"], rated[0]["rsr_rank"], rated[0]["rsr_surprisal"]) == (3.5, 3.5, 1.0)
    means = [row["rsr_rank"] for row in rated]
    assert summary["rsr"]["ratio"] == pytest.approx(sum(means) / len(means))
    assert (summary["rows"], summary["rejected"], summary["with_difficulty"]) == (4, 1, 4)


def test_turns_of_a_row_are_one_trajectory(tmp_path: Path) -> None:
    turn = [
        {"role": "user", "content": "What is it?"},
        {"role": "assistant", "content": "It is 9.", "reasoning_content": "Three and six."},
    ]
    rated = package.rate([{"id": "c", "messages": turn * 2, "gold": "9"}], WordStudent())
    write_rated_rows(rated, tmp_path / "rated.jsonl")
    [row] = read_rows(tmp_path / "rated.jsonl")
    student = WordStudent()
    [one, two] = student.score(
        [Trace("1", "?", text) for text in ["<think>\nThree and six.\n</think>\n\nIt is 9."] * 2]
    )
    ranks = float(one.values["rank"].sum() + two.values["rank"].sum())
    assert row["rsr"] == pytest.approx(ranks / (len(one) + len(two)))
    assert row["messages"] == turn * 2
    assert row["difficulty"] is None


def test_an_iterator_is_read_twice(path: Path) -> None:
    rated = list(package.rate(iter(list(package.read(path)))))
    assert sum(isinstance(one, Rejected) for one in rated) == 1
    assert [one.right for one in rated if isinstance(one, RatedTrace)] == [3] * 4


def test_a_language_model_rates(path: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    words = (
        "rate",
        path,
        "-o",
        tmp_path / "rated.jsonl",
        "--student",
        "world-llama",
        "--store",
        tmp_path / "store",
        "-q",
    )
    assert cotpress(*words) == 0
    assert all(1 <= row["rsr_rank"] <= 100 and row["rsr"] > 0 for row in read_rows(tmp_path / "rated.jsonl"))


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("-o", "rated.parquet"), 2, "NAME.jsonl"),
        (("-o", "rated.jsonl", "--dtype", "float32"), 2, "Add --student MODEL."),
        (("-o", "rated.jsonl", "--context", "64"), 2, "Add --student MODEL."),
        (("-o", "there.jsonl"), 4, "--force"),
    ],
)
def test_what_is_refused(
    options: tuple[str, ...], code: int, said: str, path: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("there.jsonl").write_text("mine")
    assert cotpress("rate", path, *options, "-q") == code
    assert said in capsys.readouterr().err
    assert Path("there.jsonl").read_text() == "mine"
