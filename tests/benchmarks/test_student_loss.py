"""The parts of `benchmarks/student_loss.py` that need no model: the split, equal tokens, the tables."""

from __future__ import annotations

import importlib
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pd = pytest.importorskip("pandas")

from cotpress.types import Trace  # noqa: E402

ROOT = Path(__file__).parents[2]
STORED = ROOT / "docs" / "results" / "smollm2-loss"


@pytest.fixture
def sets(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return importlib.import_module("student_loss_sets")


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return importlib.import_module("student_loss_tables")


def make_problem(sets: ModuleType, name: int, tokens: int = 2000, human: int = 200, qwen: int = 500) -> Any:
    trace = Trace(str(name), "2+3?", "2+3=5.")
    return sets.Problem(trace, {"human": trace, "qwen": trace}, tokens, {"human": human, "qwen": qwen})


def test_no_problem_is_trained_on_and_held_out(sets: ModuleType) -> None:
    problems = [make_problem(sets, name) for name in range(60)]
    pool, held_out = sets.split_problems(problems, 20)
    assert len(held_out) == 20
    assert {one.trace.id for one in pool} | {one.trace.id for one in held_out} == {one.trace.id for one in problems}
    assert len(pool) == 40
    assert sets.split_problems(problems[::-1], 20) == (pool, held_out)  # whatever the order of the file


def test_what_is_too_long_is_left_out_for_all(sets: ModuleType) -> None:
    long = [make_problem(sets, 1, tokens=2301), make_problem(sets, 2, qwen=701), make_problem(sets, 3, human=701)]
    pool, held_out = sets.split_problems([*long, make_problem(sets, 4)], 1)
    assert [one.trace.id for one in held_out] == ["4"]
    assert {one.trace.id for one in pool} == {"2", "3"}


def test_seeds_share_no_problem_while_the_pool_lasts(sets: ModuleType) -> None:
    pool = [make_problem(sets, name) for name in range(8)]
    drawn = [[one.trace.id for one in sets.draw_training_problems(pool, 4, seed)] for seed in range(3)]
    assert not set(drawn[0]) & set(drawn[1])
    assert drawn[2] == drawn[0]
    with pytest.raises(SystemExit, match="8 problems"):
        sets.draw_training_problems(pool, 9, 0)


def test_shorter_traces_are_repeated_to_as_many_tokens(sets: ModuleType) -> None:
    lengths = [1500, 2100, 1900, 1750, 2250]
    for seed in range(20):
        short = [length * 3 // 10 + 7 * place for place, length in enumerate(lengths)]
        chosen = sets.fill_budget(short, sum(lengths), seed)
        assert abs(sum(short[place] for place in chosen) / sum(lengths) - 1) <= 0.02
        seen = [chosen.count(place) for place in range(5)]
        assert max(seen) - min(seen) <= 1
    assert sets.fill_budget(lengths, sum(lengths), 0) == [0, 1, 2, 3, 4]


def test_tokens_that_cannot_be_made_equal_are_refused(sets: ModuleType) -> None:
    with pytest.raises(SystemExit, match="within 2%"):
        sets.fill_budget([70, 80], 100, 0)


def test_steps_are_about_equal(sets: ModuleType) -> None:
    steps = [math.ceil(examples / sets.count_accumulation(examples, 10)) for examples in (10, 19, 24, 34)]
    assert steps == [10, 10, 12, 9]


def write_results(folder: Path, losses: dict[tuple[str, int], float]) -> None:
    """Two problems a student, of 10 and 30 formal tokens, with a loss a token as given and half of it more."""
    rows = [
        {"training_set": name, "seed": seed, "reference": reference, "id": problem, "formal_tokens": tokens}
        | {"formal_nll": tokens * loss * factor, "word_tokens": 4, "word_nll": 4.0, "digit_tokens": 1, "digit_nll": 0.5}
        for (name, seed), loss in losses.items()
        for reference in ("human", "qwen")
        for problem, tokens, factor in (("a", 10, 1.0), ("b", 30, 1.5))
    ]
    training = {"kept": 0.3, "formal_share": 0.4, "examples": 34, "passes": 3.4, "steps": 9, "trained_tokens": 18761}
    training |= {"tokens": 21000, "first_loss": 2.0, "final_loss": 1.5}
    nothing = dict.fromkeys(training)
    students = [
        {"training_set": name, "seed": seed} | (nothing if name == "untrained" else training) for name, seed in losses
    ]
    pd.DataFrame(rows).to_parquet(folder / "losses.parquet")
    pd.DataFrame(students).to_parquet(folder / "students.parquet")


def read_tables(printed: str) -> list[dict[str, list[str]]]:
    """The tables printed, each as its rows by their first entry."""
    tables: list[dict[str, list[str]]] = []
    for line in printed.splitlines():
        first, *entries = line.strip("| ").split(" | ")
        if line.startswith("| "):
            tables = [*tables, {}] if first == "trained on" else tables
            tables[-1][first] = entries
    return tables


def test_the_tables_pool_seeds_and_pair_by_problem_and_seed(
    tables: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_seeds = {("random", 0): 1.0, ("random", 1): 2.0, ("whole", 0): 0.5}
    write_results(tmp_path, {("untrained", 0): 4.0, **two_seeds})
    tables.print_tables(tmp_path)
    training, means, less_random, less_whole = read_tables(capsys.readouterr().out)[:4]
    assert training["random"][:5] == ["0, 1", "0.300, 0.300", "40.0%, 40.0%", "34, 34", "3.40, 3.40"]
    # (10 x 1 + 30 x 1.5) / 40 = 1.375 times the loss; random pools 1.0 and 2.0
    assert (means["random"][0], means["random"][1][:7]) == ("2", "2.062 [")
    assert means["random"][2] == "0.500 [0.500, 0.500]"  # digits
    assert means["random"][3][:7] == "2.145 ["  # the others: (82.5 - 1) / (40 - 2)
    assert means["whole"][1][:7] == "0.688 ["
    assert less_random["whole"][0][:8] == "-0.688 ["  # of seed 0 alone
    assert less_random["untrained"][0][:8] == "+3.438 ["  # of both seeds
    assert "random" not in less_random
    assert less_whole["random"][0][:8] == "+0.688 ["


def test_intervals_of_a_difference_are_paired(tables: ModuleType, tmp_path: Path) -> None:
    """Losses that differ much between problems and seeds, a difference that is the same for all tokens."""
    rows = [
        {"training_set": name, "seed": seed, "reference": "human", "id": problem, "formal_tokens": 10}
        | {"formal_nll": 10 * (seed + place + shift), "digit_tokens": 1, "digit_nll": 0.5}
        for name, shift in (("random", 0.0), ("whole", 0.25))
        for seed in range(3)
        for place, problem in enumerate("abc")
    ]
    losses = tables.StudentLosses(pd.DataFrame(rows), "human")
    assert losses.draw_mean("random", "formal", [0, 1, 2]).std() > 0.1
    assert losses.draw_difference("whole", "random", "formal") == pytest.approx(0.25)


def test_the_page_shows_what_the_stored_results_print(tables: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    tables.print_tables(STORED)
    page = (ROOT / "docs" / "results" / "student-loss.md").read_text(encoding="utf-8")
    printed = [line for line in capsys.readouterr().out.splitlines() if line]
    assert [line for line in printed if line not in page] == []


def test_the_stored_results_hold_to_the_design() -> None:
    students = pd.read_parquet(STORED / "students.parquet").dropna(subset="trained_tokens")
    for _, rows in students.groupby("seed"):
        assert rows.trained_tokens.max() / rows.trained_tokens.min() < 1.02
    losses = pd.read_parquet(STORED / "losses.parquet")
    counted = losses.groupby(["training_set", "seed"])[["formal_tokens", "word_tokens"]].sum()
    assert len(counted.drop_duplicates()) == 1
