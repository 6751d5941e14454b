"""`--budget-by difficulty`: easy questions are shortened more, hard ones less, and the corpus keeps the ratio."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from command import cotpress

import cotpress as package
from cotpress import BudgetConfig, Compressed, Method, Trace
from cotpress.errors import InputError, OptionError
from cotpress.pipeline import CompressionSpec, worker_pool
from cotpress.traces import read

THOUGHT = "So 3 + 4 = 7. Then 7 * 2 = 14, and 14 - 5 = 9. Hmm, let me see. Hence 9 / 3 = 3, and 3 + 6 = 9. "
EXACT = Method("random", "token", protect=(), formulas="inside")
HALF = BudgetConfig(("0.5",), difficulty=True, shortfall="accept")
COMPRESS = ("--keep", "0.5", "--budget-by", "difficulty", "-q")


def sample(question: int, number: int, right: bool) -> dict[str, Any]:
    return {
        "id": f"q{question}-{number}",
        "question": f"Question {question}: what is it?",
        "reasoning": THOUGHT * (1 + (question + number) % 4),
        "answer": f"The answer is {9 if right else 8}.",
        "gold": "9",
    }


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


ROWS = [sample(question, number, number >= question) for question in range(5) for number in range(4)]
LONELY = sample(9, 0, right=True)
NO_GOLD = {**sample(10, 0, right=True), "gold": None}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "rows.jsonl", [*ROWS, LONELY, NO_GOLD])


def compress(rows: Any, amount: BudgetConfig = HALF, method: Method = EXACT) -> list[Compressed]:
    found = list(package.compress(rows, method, keep=amount))
    assert all(isinstance(outcome, Compressed) for outcome in found)
    return [outcome for outcome in found if isinstance(outcome, Compressed)]


def test_the_difficulty_is_the_share_of_samples_that_are_not_right(path: Path) -> None:
    found = {outcome.trace.id: outcome.trace.difficulty for outcome in compress(read(path))}
    assert [found[f"q{question}-0"] for question in range(5)] == [0, 0.25, 0.5, 0.75, 1]
    assert found["q9-0"] is None
    assert found["q10-0"] is None


def test_the_corpus_keeps_the_ratio_within_the_rounding_of_each_trace(path: Path) -> None:
    outcomes = compress(read(path))
    whole, kept = (sum(getattr(one, name) for one in outcomes) for name in ("tokens_original", "tokens_kept"))
    assert whole / 2 - len(outcomes) < kept <= whole / 2
    ratios = {one.trace.difficulty: one.target_ratio for one in outcomes}
    assert ratios[1] == pytest.approx(2 * ratios[0])  # type: ignore[operator]
    assert ratios[None] == 0.5


def test_each_budget_is_exact(path: Path) -> None:
    for one in compress(read(path)):
        assert one.target_ratio is not None
        assert one.tokens_kept == int(Fraction(one.target_ratio) * one.tokens_original + Fraction(1, 10**9))


def test_smaller_budgets_nest_in_larger_ones(path: Path) -> None:
    small, large = (
        compress(read(path), BudgetConfig((keep,), difficulty=True, shortfall="accept")) for keep in ("0.3", "0.7")
    )
    for one, two in zip(small, large, strict=True):
        held = {place for start, end in two.kept_spans.tolist() for place in range(start, end)}  # type: ignore[union-attr]
        kept = {place for start, end in one.kept_spans.tolist() for place in range(start, end)}  # type: ignore[union-attr]
        words = {place for place in kept if not one.trace.reasoning[place].isspace()}
        assert words <= held


def test_a_spread_of_one_is_the_plain_ratio(path: Path) -> None:
    flat = compress(read(path), BudgetConfig(("0.5",), difficulty=True, spread=1.0))
    assert [one.text for one in flat] == [one.text for one in compress(read(path), BudgetConfig(("0.5",)))]


def test_the_column_comes_before_the_samples(tmp_path: Path) -> None:
    rows = [{**row, "difficulty": 1 if row["id"].endswith("0") else None} for row in ROWS]
    found = {one.trace.id: one.trace.difficulty for one in compress(read(write_rows(tmp_path / "r.jsonl", rows)))}
    assert {found[f"q{question}-0"] for question in range(5)} == {1}
    assert found["q0-1"] == 0
    assert found["q1-1"] == 0  # its wrong sample states a difficulty of its own and is none of the others' samples


@pytest.mark.parametrize("stated", [7, "hard", -0.5, [0.5]])
def test_a_column_on_another_scale_is_refused_only_where_it_is_asked_for(stated: object, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "r.jsonl", [{**row, "difficulty": stated} for row in ROWS])
    with pytest.raises(InputError, match="no number from 0 to 1"):
        compress(read(path))
    assert len(compress(read(path), BudgetConfig(("0.5",)))) == len(ROWS)


def test_an_answer_that_cannot_be_compared_is_no_sample(tmp_path: Path) -> None:
    rows = [
        sample(1, 0, True),
        sample(1, 1, False),
        {**sample(1, 2, True), "answer": "Who knows.", "reasoning": "Hmm, who."},
    ]
    found = {one.trace.difficulty for one in compress(read(write_rows(tmp_path / "r.jsonl", rows)))}
    assert found == {0.5}


def test_turns_and_tools_are_no_samples() -> None:
    def chat(number: int) -> dict[str, Any]:
        turn = [
            {"role": "user", "content": "Go on."},
            {"role": "assistant", "content": "The answer is 9.", "reasoning_content": THOUGHT},
        ]
        return {"id": str(number), "messages": turn * 2, "gold": "9"}

    assert {one.trace.difficulty for one in compress([chat(number) for number in range(3)])} == {None}


def test_wrong_samples_that_are_dropped_count_as_samples(path: Path, tmp_path: Path) -> None:
    assert cotpress("compress", path, "-o", tmp_path / "out", *COMPRESS, "--drop-wrong") == 0
    table = pq.read_table(tmp_path / "out" / "traces.parquet").to_pylist()
    assert sorted({row["difficulty"] for row in table if row["difficulty"] is not None}) == [0, 0.25, 0.5, 0.75]
    budgets = json.loads((tmp_path / "out" / "summary.json").read_text())["budgets"]
    assert (budgets["computed"], budgets["questions"]) == (10, 5)
    assert budgets["hardest"]["difficulty"] == 0.75


def test_the_summary_and_the_command_line_say_it(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--criterion", "random", "--granularity", "token", "--protect", "none")
    assert cotpress("compress", path, "-o", tmp_path / "out", *COMPRESS, *options, "--spread", "3") == 0
    said = capsys.readouterr().out
    assert "of 20 by samples of 5 questions; 2 without one got the plain 0.5" in said
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["target_ratio"] == 0.5
    budgets = summary["budgets"]
    assert (budgets["stated"], budgets["computed"], budgets["without"], budgets["spread"]) == (0, 20, 2, 3)
    assert budgets["hardest"]["keep"] == pytest.approx(3 * budgets["easiest"]["keep"], abs=1e-5)
    rows = pq.read_table(tmp_path / "out" / "traces.parquet").to_pylist()
    ratios = {row["difficulty"]: row["target_ratio"] for row in rows}
    assert ratios[0] == pytest.approx(budgets["easiest"]["keep"], abs=1e-6)
    assert ratios[None] == 0.5


def test_no_difficulty_at_all_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_rows(tmp_path / "r.jsonl", [LONELY])
    assert cotpress("compress", path, "-o", tmp_path / "out", *COMPRESS) == 0
    assert "no trace has one" in capsys.readouterr().out


@pytest.mark.parametrize("workers", ["1", "2"])
def test_processes_and_batches_change_nothing(
    workers: str, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_pool, "CHUNK_ROWS", 3)
    monkeypatch.setattr(worker_pool, "_can_fork", lambda: True)
    assert cotpress("compress", path, "-o", tmp_path / "out", *COMPRESS, "--workers", workers) == 0
    outcomes = compress(read(path), BudgetConfig(("0.5",), difficulty=True), Method())
    rows = pq.read_table(tmp_path / "out" / "traces.parquet").to_pylist()
    assert [row["compressed"] for row in rows] == [one.text for one in outcomes]


def test_traces_of_python_carry_their_difficulty() -> None:
    traces = [Trace(str(number), "What?", THOUGHT, "9", difficulty=number / 4) for number in range(5)]
    kept = [one.tokens_kept for one in compress(iter(traces))]
    assert kept == sorted(kept)
    assert kept[0] < kept[-1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--keep", "auto"), "Give one --keep RATIO."),
        (("--keep", "0.5,0.3"), "Give one --keep RATIO."),
        (("--max-tokens", "50"), "Give one --keep RATIO."),
        (("--keep", "0.5", "--corpus"), "Leave --budget-per and --corpus out."),
        (("--keep", "0.5", "--budget-per", "conversation"), "Leave --budget-per and --corpus out."),
        (("--keep", "0.5", "--spread", "0.5"), "from 1 to 1000"),
        (("--keep", "0.5", "--executor", "local"), "Leave --executor out"),
        (("--criterion", "saliency", "--source", "llmlingua", "--model", "m", "--granularity", "token"), "llmlingua"),
    ],
)
def test_choices_that_contradict_each_other(
    options: tuple[str, ...], said: str, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cotpress("compress", path, "-o", tmp_path / "out", "--budget-by", "difficulty", *options) == 2
    assert said in capsys.readouterr().err


def test_an_executor_is_refused_before_anything_is_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--budget-by", "difficulty", "--executor", "local")
    assert cotpress("compress", tmp_path / "nowhere.jsonl", "-o", tmp_path / "out", *options) == 2
    assert "Leave --executor out" in capsys.readouterr().err


def test_a_spread_needs_what_it_is_of() -> None:
    with pytest.raises(OptionError, match="--budget-by difficulty alone"):
        BudgetConfig(("0.5",), spread=3.0)


def test_without_a_ratio_it_is_half() -> None:
    assert CompressionSpec(Method(), BudgetConfig(difficulty=True)).target == 0.5
