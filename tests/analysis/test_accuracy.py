"""Accuracy, lengths and costs, against the same figures computed from the answers one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from small_study import Run, first_right, small_study, whole

from cotpress.analysis import tabulate_accuracy, tabulate_cost
from cotpress.evaluation.bootstrap import estimate_statistics
from cotpress.tables import StudyTables


def test_accuracy_is_right_of_all_and_pools_the_seeds(study: StudyTables) -> None:
    found = tabulate_accuracy(study)
    cells = study.cells.merge(study.compressions, on="compression", suffixes=("", "_c"))
    told = study.answers.merge(cells, on="cell")
    chosen = told[(told["condition"] == "math-long") & (told["method"] == "nll") & (told["keep"] == 0.5)]
    for (granularity, symbols), rows in chosen.groupby(["granularity", "symbols"]):
        mask = (found["condition"] == "math-long") & (found["method"] == "nll") & (found["target"] == 0.5)
        (row,) = found[mask & (found["granularity"] == granularity) & (found["symbols"] == symbols)].to_dict("records")
        by_seed = (rows["outcome"] == "right").groupby(rows["seed"]).mean()
        assert row["accuracy"] == pytest.approx((rows["outcome"] == "right").mean())
        assert row["spread"] == pytest.approx(by_seed.std())
        assert row["tokens"] == pytest.approx(rows["reasoning_tokens"].mean())
        assert (row["seeds"], row["problems"]) == (2, 30)


def test_one_row_for_each_way_to_shorten(study: StudyTables) -> None:
    found = tabulate_accuracy(study)
    keys = ["condition", "student", "benchmark", "kind", "method", "granularity", "symbols", "target"]
    assert not found.duplicated(keys).any()
    distinct = study.compressions[["condition", "kind", "method", "granularity", "symbols", "keep"]].drop_duplicates()
    assert len(found) == len(distinct)
    assert (found["low"] <= found["accuracy"]).all()
    assert (found["accuracy"] <= found["high"]).all()


def test_retention_and_inference_are_against_the_uncompressed_student_and_paired() -> None:
    rng = np.random.default_rng(0)
    right, other = rng.random(200) < 0.8, rng.random(200) < 0.6
    lengths = rng.integers(50, 150, 200)
    runs = [whole(right.tolist(), lengths.tolist()), Run("nll", 0.5, other.tolist(), (lengths // 2).tolist(), keep=0.5)]
    found = tabulate_accuracy(small_study(runs)).set_index("method")
    assert found.loc["uncompressed", ["retention", "retention_low", "retention_high"]].tolist() == [1, 1, 1]
    assert found.loc["nll", "retention"] == pytest.approx(other.mean() / right.mean())
    columns = {"a": other.astype(float), "b": right.astype(float)}
    paired = estimate_statistics(columns, {"retention": lambda sums: sums["a"] / sums["b"]})["retention"]
    assert found.loc["nll", "retention_low"] == pytest.approx(paired.low, abs=0.02)
    assert found.loc["nll", "retention_high"] == pytest.approx(paired.high, abs=0.02)
    # Lengths vary by problem, but halving does not: only a paired interval is as narrow as this.
    assert found.loc["nll", "inference_high"] - found.loc["nll", "inference_low"] < 0.01


def test_intervals_know_how_far_seeds_are_apart() -> None:
    """Three seeds that answer alike leave the problems' noise; three that differ add theirs."""
    apart = [Run("nll", 0.5, first_right(count), keep=0.5, seed=seed) for seed, count in enumerate((20, 50, 80))]
    alike = [Run("nll", 0.5, first_right(50), keep=0.5, seed=seed) for seed in range(3)]
    widths = []
    for runs in (apart, alike):
        (row,) = tabulate_accuracy(small_study(runs)).to_dict("records")
        assert (row["accuracy"], row["seeds"]) == (0.5, 3)
        widths.append(row["high"] - row["low"])
    assert widths[0] > 1.8 * widths[1]
    one = tabulate_accuracy(small_study(alike[:1])).iloc[0]
    assert one.high - one.low == pytest.approx(widths[1], abs=0.01)


def test_outcomes_that_are_no_reply_count_for_accuracy_alone() -> None:
    runs = [Run("nll", 0.5, first_right(2, 4), [100, 100, 900, 300], outcomes={2: "failed", 3: "truncated"})]
    (row,) = tabulate_accuracy(small_study(runs)).to_dict("records")
    assert row["accuracy"] == 0.5
    assert row["tokens"] == pytest.approx(500 / 3)
    assert row["truncated"] == 0.25
    assert row["tokens_per_correct"] == pytest.approx(530 / 2)
    assert row["reflective"] == pytest.approx(0.2)
    assert math.isnan(row["retention"])
    assert math.isnan(row["inference"])


def test_operations_are_six_and_two_for_a_parameter_and_token() -> None:
    (row,) = tabulate_accuracy(small_study([Run("nll", 0.5, first_right(2, 4), 90)])).to_dict("records")
    assert row["train_flops"] == 6 * 1000 * 10_000
    assert row["serve_flops"] == 2 * 1000 * 100 * 1000


def test_cells_that_failed_are_left_out() -> None:
    tables = small_study([whole(first_right(3, 4)), Run("nll", 0.5, first_right(2, 4))])
    cells = tables.cells.assign(state=["done", "failed"])
    found = tabulate_accuracy(StudyTables(*(None,) * 3, tables.compressions, cells, tables.answers))
    assert found["method"].tolist() == ["uncompressed"]


def test_no_right_answer_costs_infinitely_much() -> None:
    (row,) = tabulate_accuracy(small_study([Run("nll", 0.5, first_right(0, 4))])).to_dict("records")
    assert row["tokens_per_correct"] == math.inf


def test_cost_is_inference_less_realized_and_what_is_saved() -> None:
    runs = [whole(first_right(3, 30), 190), Run("nll", 0.5, first_right(2, 30), 133, keep=0.5)]
    found = tabulate_cost(small_study(runs)).set_index("method")
    assert found.loc["nll", "inference"] == pytest.approx(0.7)
    assert found.loc["nll", ["gap", "gap_low", "gap_high"]].tolist() == pytest.approx([0.2] * 3)
    assert found.loc["nll", "train_saving"] == pytest.approx(0.5)
    assert found.loc["nll", "serve_saving"] == pytest.approx(1 - 143 / 200)
    assert found.loc["uncompressed", "gap"] == 0


def test_what_was_written_is_held_against_what_was_taught_in_replies_that_end() -> None:
    """10 traces of 1,000 tokens, half of them kept: 500 taught; capped replies are no measure of what was written."""
    runs = [
        whole(first_right(3, 4)),
        Run("nll", 0.5, first_right(2, 4), [600, 400, 9000, 9000], outcomes={2: "truncated", 3: "unparsed"}),
    ]
    found = tabulate_cost(small_study(runs)).set_index("method")
    assert found.loc["nll", ["written_to_taught", "complete"]].tolist() == [1.0, 0.5]
    assert found.loc["uncompressed", "written_to_taught"] == pytest.approx(0.1)


def test_cost_pools_benchmarks_and_needs_a_baseline() -> None:
    tables = small_study([whole(first_right(3, 4), 100), Run("nll", 0.5, first_right(2, 4), 50)])
    again = tables.answers.assign(benchmark="other", reasoning_tokens=tables.answers["reasoning_tokens"] * 3)
    import pandas as pd

    both = StudyTables(*(None,) * 3, tables.compressions, tables.cells, pd.concat([tables.answers, again]))
    assert set(tabulate_cost(both)["problems"]) == {8}
    assert len(tabulate_accuracy(both)) == 4
    assert len(tabulate_cost(small_study([Run("nll", 0.5, first_right(2, 4))]))) == 0
