"""Questions of benchmarks are kept out, by runs of words or as a whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.pipeline import BudgetConfig, CompressionSpec, RunPaths, run_pruning
from cotpress.pipeline.decontamination import RUN_WORDS, BenchmarkIndex, generate_runs, split_lookup_words
from cotpress.progress import Silent
from cotpress.pruning import Method
from cotpress.traces import read

PROBLEM = "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May."
SHORT = "What is 17 + 25?"


@pytest.fixture
def index(benchmark_file: Path) -> BenchmarkIndex:
    return BenchmarkIndex((f"mine={benchmark_file}",))


@pytest.fixture
def benchmark_file(tmp_path: Path) -> Path:
    path = tmp_path / "problems.jsonl"
    rows = [{"id": "p1", "question": PROBLEM, "answer": "72"}, {"id": "p2", "question": SHORT, "answer": "42"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (PROBLEM, "0"),
        (f"Solve this. {PROBLEM.upper()} Thank you", "0"),
        ("natalia sold clips to 48 of her friends -- in april!", "0"),
        ("Natalia sold clips to 47 of her friends in April, and then", None),
        ("She sold half as many clips in May.", None),
        (SHORT, "1"),
        ("what is 17 25", "1"),
        (f"{SHORT} And why?", None),
        ("", None),
    ],
)
def test_find(question: str, problem: str | None, index: BenchmarkIndex) -> None:
    found = index.find(question)
    assert (found and found[1]) == problem


@given(st.lists(st.sampled_from(["a", "b", "17"]), max_size=30))
def test_runs_cover_every_word(words: list[str]) -> None:
    runs = [run.split() for run in generate_runs(words)]
    assert all(len(run) == min(RUN_WORDS, len(words)) for run in runs)
    assert len(runs) == max(1, len(words) - RUN_WORDS + 1)


def test_scripts_without_spaces_have_words() -> None:
    assert split_lookup_words("17加25是多少？") == ["17", "加", "25", "是", "多", "少"]


def test_a_run_rejects_them_with_the_problem_and_belongs_to_the_benchmark(tmp_path: Path, benchmark_file: Path) -> None:
    path = tmp_path / "traces.jsonl"
    texts = [PROBLEM, "Another question with many words that no benchmark has at all, I think."]
    rows = [{"id": str(at), "question": text, "solution": "One. Two. Three. So 72."} for at, text in enumerate(texts)]
    chat = [
        {"role": "user", "content": "Hi there, can you help me?"},
        {"role": "assistant", "content": "Yes.", "reasoning_content": "They ask. I help."},
        {"role": "user", "content": PROBLEM},
        {"role": "assistant", "content": "72.", "reasoning_content": "48 + 24 = 72. So 72."},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    talk = tmp_path / "talk.jsonl"
    talk.write_text(json.dumps({"id": "c", "messages": chat}) + "\n")
    spec = CompressionSpec(
        Method("head"), BudgetConfig(("0.5",)), format="same", decontaminate=(f"mine={benchmark_file}",)
    )
    summary = run_pruning(read([path, talk]), spec, RunPaths(tmp_path / "out"), Silent())
    assert summary["rejected_reasons"] == {"contaminated": 3}
    assert summary["compressed"] == 1
    assert summary["conversations"] == {"read": 1, "turns": 2, "compressed": 0, "partly": 0, "rejected": 1}
    first = json.loads((tmp_path / "out" / "rejected.jsonl").read_text().splitlines()[0])
    assert "problem '0' of mine: 'natalia sold clips" in first["detail"]
    key = spec.to_key()
    benchmark_file.write_text(benchmark_file.read_text().replace("Natalia", "Anna"))
    fresh = BenchmarkIndex((f"mine={benchmark_file}",))
    assert fresh.key != key["benchmarks"]
