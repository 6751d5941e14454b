"""Figures are functions of a table: properties that hold whatever the rows are."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_student import make_row

from cotpress.evaluation.bootstrap import estimate_median, estimate_statistics
from cotpress.evaluation.metrics import compare_runs, compute_metrics, pass_at_k
from cotpress.evaluation.problem_sums import sum_by_problem
from cotpress.evaluation.result import EvaluationResult
from cotpress.evaluation.row import EVALUATION_OUTCOMES, EvaluationRow

ROW = st.builds(
    lambda outcome, tokens, share, steps: make_row(
        outcome=outcome,
        answer="" if outcome in ("unparsed", "empty", "failed") else "1",
        generated_tokens=0 if outcome == "failed" else tokens,
        reasoning_tokens=0 if outcome == "failed" else int(tokens * share),
        steps=steps,
        reflective_steps=int(steps * share),
    ),
    st.sampled_from(EVALUATION_OUTCOMES),
    st.integers(1, 500),
    st.floats(0, 1),
    st.integers(0, 20),
)


@st.composite
def tables(draw: st.DrawFn, samples: int = 2) -> list[EvaluationRow]:
    """Rows of up to a dozen problems of two benchmarks, `samples` each."""
    size = draw(st.integers(1, 12))
    return [
        replace(draw(ROW), benchmark=f"b{number % 2}", id=str(number), sample=sample)
        for number in range(size)
        for sample in range(samples)
    ]


def evaluation(rows: list[EvaluationRow], **changes: Any) -> EvaluationResult:
    made = {"student": {"endpoint": "e"}, "max_new_tokens": 9, "counted_with": "units", **changes}
    return EvaluationResult(made, tuple(rows))


@given(tables())
@settings(max_examples=25, deadline=None)
def test_intervals_hold_their_estimate_and_shares_sum_to_one(rows: list[EvaluationRow]) -> None:
    found = compute_metrics(sum_by_problem(rows))
    assert math.isclose(sum(found["outcomes"].values()), 1.0)
    assert found["accuracy"]["value"] == pytest.approx(sum(row.outcome == "right" for row in rows) / len(rows))
    estimates = [one for one in found.values() if isinstance(one, dict) and "low" in one]
    assert len(estimates) == 7
    for one in [*estimates, *found["pass_at"].values()]:
        if one["value"] is not None:
            assert one["low"] is None or one["low"] <= one["value"]
            assert one["high"] is None or one["high"] >= one["value"]


@given(tables(), st.randoms())
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_does_not_matter(rows: list[EvaluationRow], shuffler: random.Random) -> None:
    shuffled = list(rows)
    shuffler.shuffle(shuffled)
    assert evaluation(shuffled).summarize(evaluation(rows)) == evaluation(rows).summarize(evaluation(shuffled))


@given(tables())
@settings(max_examples=25, deadline=None)
def test_a_run_against_itself(rows: list[EvaluationRow]) -> None:
    problems = sum_by_problem(rows)
    found = compare_runs(problems, problems)
    assert found["accuracy_difference"] == {"value": 0, "low": 0, "high": 0}
    for name in ("accuracy_retention", "inference_ratio", "total_token_ratio"):
        one = found[name]
        assert one["value"] is None or one == pytest.approx({"value": 1, "low": 1, "high": 1})
    assert (found["only_in_run"], found["only_in_baseline"], found["other_gold"]) == (0, 0, 0)


@given(tables(), st.integers(2, 9))
@settings(max_examples=15, deadline=None)
def test_twice_as_long_is_a_ratio_of_two(rows: list[EvaluationRow], times: int) -> None:
    longer = [replace(row, reasoning_tokens=row.reasoning_tokens * times) for row in rows]
    ratio = compare_runs(sum_by_problem(longer), sum_by_problem(rows))["inference_ratio"]
    if ratio["value"] is not None:
        assert ratio == pytest.approx({"value": times, "low": times, "high": times})


@given(st.integers(1, 7), st.data())
def test_pass_at_k_counts_subsets(samples: int, data: st.DataObject) -> None:
    right, k = data.draw(st.integers(0, samples)), data.draw(st.integers(1, samples))
    subsets = list(combinations([True] * right + [False] * (samples - right), k))
    expected = sum(map(any, subsets)) / len(subsets)
    assert pass_at_k(np.array([samples * 1.0]), np.array([right * 1.0]), k)[0] == pytest.approx(expected)


def test_figures_by_hand() -> None:
    rows = [
        make_row(0, 0, outcome="right", generated_tokens=10, reasoning_tokens=8, steps=4, reflective_steps=1),
        make_row(0, 1, outcome="wrong", generated_tokens=30, reasoning_tokens=20, steps=4, reflective_steps=3),
        make_row(1, 0, outcome="right", generated_tokens=20, reasoning_tokens=10, steps=2, reflective_steps=0),
        make_row(1, 1, outcome="right", generated_tokens=40, reasoning_tokens=22, steps=0, reflective_steps=0),
        make_row(2, 0, outcome="truncated", answer="1", generated_tokens=50, reasoning_tokens=50, steps=0),
        make_row(2, 1, outcome="failed", generated_tokens=0, reasoning_tokens=0, steps=0, reflective_steps=0),
    ]
    found = compute_metrics(sum_by_problem(rows))
    assert found["accuracy"]["value"] == pytest.approx(3 / 6)
    assert found["generated_tokens"]["value"] == pytest.approx(150 / 5)  # the failed one wrote nothing
    assert found["reasoning_tokens"]["value"] == pytest.approx(110 / 5)
    assert found["median_generated_tokens"]["value"] == 30  # of 20, 30, 50
    assert found["tokens_per_correct"]["value"] == pytest.approx(150 / 3)
    assert found["reflective_steps"]["value"] == pytest.approx(5 / 10)
    assert found["truncated_with_answer"] == 1
    assert {k: one["value"] for k, one in found["pass_at"].items()} == pytest.approx({"1": 0.5, "2": 2 / 3})


def test_only_what_both_have_is_compared() -> None:
    run = [make_row(number, outcome="right") for number in range(4)]
    base = [make_row(number, outcome="wrong", reasoning_tokens=16) for number in (1, 2, 3, 4, 5)]
    base[0] = replace(base[0], gold="another")
    found = compare_runs(sum_by_problem(run), sum_by_problem(base))
    assert (found["problems"], found["other_gold"]) == (2, 1)
    drawn_anew = [replace(row, prompt="another question") for row in base]  # the same ids and golds by chance
    assert compare_runs(sum_by_problem(run), sum_by_problem(drawn_anew))["problems"] == 0
    assert (found["only_in_run"], found["only_in_baseline"]) == (1, 2)
    assert found["inference_ratio"]["value"] == 0.5
    assert found["accuracy_difference"]["value"] == 1
    assert found["accuracy_retention"]["value"] is None  # nothing to retain
    compared = evaluation(run).summarize(evaluation(base))["comparison"]
    assert compared["not_in_baseline"] == ["b/000"]
    assert compared["only_in_baseline"] == ["b/004", "b/005"]


def test_lengths_in_other_tokens_are_not_compared() -> None:
    rows = [make_row(number) for number in range(4)]
    compared = evaluation(rows).summarize(evaluation(rows, counted_with="tokenizer abc"))["comparison"]
    assert compared["overall"]["inference_ratio"]["value"] is None
    assert compared["overall"]["accuracy_difference"]["value"] == 0
    assert "units here, tokenizer abc there" in compared["not_comparable"]


def test_problems_are_resampled_and_not_samples() -> None:
    # Samples of a problem that always agree are worth one: more of them make the interval no narrower.
    one = [make_row(number, 0, outcome="right" if number % 2 else "wrong") for number in range(60)]
    many = [replace(row, sample=sample) for row in one for sample in range(8)]
    assert compute_metrics(sum_by_problem(one))["accuracy"] == pytest.approx(
        compute_metrics(sum_by_problem(many))["accuracy"]
    )


def test_intervals_are_as_wide_as_theory_says() -> None:
    rng = np.random.default_rng(1)
    values = (rng.random(400) < 0.3).astype(float)
    columns = {"x": values, "n": np.ones(400)}
    one = estimate_statistics(columns, {"mean": lambda sums: sums["x"] / sums["n"]})["mean"]
    error = 1.96 * math.sqrt(one.value * (1 - one.value) / 400)
    assert one.high - one.low == pytest.approx(2 * error, rel=0.08)
    spread = rng.normal(size=400)
    middle = estimate_median(spread)
    assert middle.low < np.median(spread) < middle.high
    assert middle.high - middle.low == pytest.approx(2 * 1.96 * math.sqrt(math.pi / 2 / 400), rel=0.5)


def test_large_tables_are_drawn_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {"x": np.arange(50.0), "n": np.ones(50)}
    whole = estimate_statistics(columns, {"mean": lambda sums: sums["x"] / sums["n"]})
    monkeypatch.setattr("cotpress.evaluation.bootstrap.MAX_DRAWN_INDICES", 1000)
    blocks = estimate_statistics(columns, {"mean": lambda sums: sums["x"] / sums["n"]})
    assert whole["mean"].value == blocks["mean"].value
    assert whole["mean"].low == pytest.approx(blocks["mean"].low, rel=0.05)
