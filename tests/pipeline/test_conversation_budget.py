"""`--budget-per conversation`: the ratio holds over a row's turns together, whatever cuts the input into batches."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from command import cotpress

import cotpress as package
from cotpress import BudgetConfig, Method
from cotpress.errors import OptionError
from cotpress.pipeline import CompressionSpec, RunPaths, pruning_run, run_pruning
from cotpress.progress import Silent
from cotpress.traces import read
from cotpress.types import Compressed

DENSE = (
    "So 3 + 4 = 7.\n\nThen 7 * 2 = 14.\n\nAnd 14 - 5 = 9.\n\nHence 9 / 3 = 3.\n\nThus 3 + 6 = 9, and the answer is 9."
)
LOOSE = (
    "Hmm, let me think about that.\n\nWait, what was it?\n\nOkay, okay.\n\nMaybe it is odd, who knows.\n\nSo 3 + 6 = 9."
)
HALF = BudgetConfig(("0.5",), conversation=True)


def chat(number: int, *thoughts: str) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    for turn, thought in enumerate(thoughts):
        messages.append({"role": "user", "content": f"Question {number}.{turn}: what is it?"})
        messages.append({"role": "assistant", "content": "The answer is 9.", "reasoning_content": thought})
    return {"id": f"c{number}", "messages": messages}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    rows = [chat(number, *([DENSE, LOOSE] * 4)[: 1 + number % 7]) for number in range(14)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path / "rows.jsonl"


def compress(path: Path, amount: BudgetConfig, method: Method | None = None) -> list[Compressed]:
    found = list(package.compress(read(path), method or Method(), keep=amount))
    assert all(isinstance(outcome, Compressed) for outcome in found)
    return [outcome for outcome in found if isinstance(outcome, Compressed)]


def sum_tokens(outcomes: list[Compressed]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for outcome in outcomes:
        row_id = outcome.trace.id.partition("#")[0]
        kept, all_tokens = sums[row_id]
        sums[row_id] = kept + outcome.tokens_kept, all_tokens + outcome.tokens_original
    return sums


@pytest.mark.parametrize("criterion", ["backbone", "head", "random"])
def test_the_ratio_holds_for_each_conversation(criterion: str, path: Path) -> None:
    outcomes = compress(path, BudgetConfig(("0.7",), conversation=True), Method(criterion, protect=()))
    shared = {outcome.trace.origin.row_id for outcome in outcomes if outcome.trace.origin.turns > 1}  # type: ignore[union-attr]
    assert len(shared) == 12
    assert all(outcome.tokens_kept for outcome in outcomes)
    assert all(kept <= 0.7 * total for row, (kept, total) in sum_tokens(outcomes).items() if row in shared)


def test_the_turn_with_more_redundancy_gives_more(path: Path) -> None:
    kept = {name: [0, 0] for name in (DENSE, LOOSE)}
    for outcome in compress(path, HALF):
        if outcome.trace.origin is not None and outcome.trace.origin.turns > 1:
            kept[outcome.trace.reasoning][0] += outcome.tokens_kept
            kept[outcome.trace.reasoning][1] += outcome.tokens_original
    ratios = {name: part / whole for name, (part, whole) in kept.items()}
    assert ratios[LOOSE] < 0.4 < ratios[DENSE]


def test_smaller_budgets_nest_in_larger_ones(path: Path) -> None:
    small, large = (compress(path, BudgetConfig((keep,), conversation=True)) for keep in ("0.3", "0.6"))
    for one, two in zip(small, large, strict=True):
        if one.trace.origin is not None and one.trace.origin.turns > 1:
            held = [(start, end) for start, end in two.kept_spans.tolist()]  # type: ignore[union-attr]
            spans = one.kept_spans.tolist()  # type: ignore[union-attr]
            assert all(any(start <= first and last <= end for start, end in held) for first, last in spans)


def test_a_row_with_one_trace_is_pruned_as_ever(path: Path) -> None:
    def find_single(outcomes: list[Compressed]) -> list[str]:
        return [one.text for one in outcomes if one.trace.origin and one.trace.origin.turns == 1]

    assert find_single(compress(path, HALF)) == find_single(compress(path, BudgetConfig(("0.5",))))


def test_a_cap_is_one_of_the_conversation(path: Path) -> None:
    outcomes = compress(path, BudgetConfig(max_tokens=40, conversation=True), Method(protect=()))
    exceeding = {one.trace.id.partition("#")[0] for one in outcomes if "over-budget" in one.flags}
    sums = sum_tokens(outcomes)
    assert all(kept <= 40 for row, (kept, _) in sums.items() if row not in exceeding)
    assert all(sums[row][0] > 40 for row in exceeding)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_batches_do_not_part_the_turns_of_a_row(
    size: int, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = CompressionSpec(Method(), HALF, format="same")
    run_pruning(read(path), spec, RunPaths(tmp_path / "whole"), Silent())
    monkeypatch.setattr(pruning_run, "choose_batch_size", lambda kinds: size)
    summary = run_pruning(read(path), spec, RunPaths(tmp_path / "out"), Silent())
    assert (tmp_path / "out" / "sft.jsonl").read_bytes() == (tmp_path / "whole" / "sft.jsonl").read_bytes()
    assert summary["traces"] == summary["compressed"] == sum(1 + number % 7 for number in range(14))
    assert summary["conversations"]["compressed"] == summary["conversations"]["read"] == 12
    assert summary["target_ratio"] == 0.5


def test_an_executor_gives_the_same(path: Path, tmp_path: Path) -> None:
    pytest.importorskip("datatrove", reason="the extra 'scale' is not installed")
    words = ("compress", path, "--export", "same", "--keep", "0.5", "--budget-per", "conversation", "-q")
    assert cotpress(*words, "-o", tmp_path / "whole") == 0
    assert cotpress(*words, "-o", tmp_path / "out", "--executor", "local", "--workers", "1", "--split", "3") == 0
    lines = [line for part in (tmp_path / "out" / "sft").glob("*") for line in part.read_text().splitlines()]
    assert sorted(lines) == sorted((tmp_path / "whole" / "sft.jsonl").read_text().splitlines())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--keep", "auto"), "Leave --budget-per conversation out"),
        (("--keep", "0.5", "--corpus"), "Give one --budget-per."),
        (("--criterion", "saliency", "--source", "llmlingua", "--model", "m", "--granularity", "token"), "llmlingua"),
    ],
)
def test_choices_that_contradict_each_other(
    options: tuple[str, ...], said: str, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cotpress("compress", path, "-o", tmp_path / "out", "--budget-per", "conversation", *options) == 2
    assert said in capsys.readouterr().err


def test_budget_per_corpus_is_the_corpus(path: Path, tmp_path: Path) -> None:
    for name, options in (("one", ("--corpus",)), ("two", ("--budget-per", "corpus"))):
        words = ("compress", path, "-o", tmp_path / name, "-q", "--keep", "0.5", *options)
        assert cotpress(*words) == 0
    assert (tmp_path / "one" / "sft.jsonl").read_bytes() == (tmp_path / "two" / "sft.jsonl").read_bytes()


def test_python_refuses_the_same() -> None:
    with pytest.raises(OptionError, match="one of the corpus or one of each conversation"):
        BudgetConfig(("0.5",), corpus=True, conversation=True)
