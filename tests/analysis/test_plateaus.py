"""Plateau, knee and drop of curves drawn by hand; reading between points; levels."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_results import known_results
from small_study import Run, first_right, small_study, whole

from cotpress import analysis
from cotpress.analysis import (
    tabulate_accuracy,
    tabulate_at_ratio,
    tabulate_monotonicity,
    tabulate_plateaus,
    tabulate_restructuring,
)
from cotpress.errors import OptionError
from cotpress.tables import StudyTables

FIGURES = ("width", "knee", "drop")
CURVE = {0.1: 20, 0.3: 50, 0.5: 76, 0.7: 79, 0.9: 81}  # right answers of 100; the baseline has 80


def _study(curve: dict[float, int], base: int = 80) -> StudyTables:
    runs = [Run("nll", ratio, first_right(right), keep=ratio) for ratio, right in curve.items()]
    return small_study([whole(first_right(base)), *runs])


def _row(curve: dict[float, int], base: int = 80, **options: Any) -> dict[str, Any]:
    (row,) = tabulate_plateaus(_study(curve, base), **options).to_dict("records")
    return row


def test_plateau_knee_and_drop_by_hand() -> None:
    row = _row(CURVE)
    assert (row["points"], row["problems"]) == (5, 100)
    assert row["lowest"] == pytest.approx(0.5)
    assert row["width"] == pytest.approx(0.5)
    assert row["knee"] == pytest.approx(0.5)
    assert row["drop"] == pytest.approx(0.1 * (0.76 - 0.2) / 0.4)
    for name in FIGURES:
        assert row[f"{name}_low"] <= row[name] <= row[f"{name}_high"]


def test_keep_auto_is_no_point_of_the_curve_of_ratios() -> None:
    runs = [
        whole(first_right(80)),
        Run("nll", 0.3, first_right(50), keep=0.3),
        Run("nll", 0.6, first_right(70), keep=0.6),
    ]
    with_auto = [*runs, Run("nll", 0.4, first_right(80))]
    ratio = {"ratio": 0.4}
    assert tabulate_at_ratio(small_study(with_auto), **ratio).equals(tabulate_at_ratio(small_study(runs), **ratio))
    accuracy = tabulate_accuracy(small_study(with_auto))
    assert accuracy[accuracy.target.isna() & (accuracy.kind == "criterion")].realized.tolist() == [0.4]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 100), min_size=4, max_size=4), st.integers(5, 40))
def test_every_figure_lies_within_its_interval_or_has_none(accuracies: list[int], problems: int) -> None:
    rng = np.random.default_rng(sum(accuracies) + problems)
    runs = [
        Run("nll", ratio, (rng.random(problems) < accuracy / 100).tolist(), keep=ratio)
        for ratio, accuracy in zip((0.2, 0.4, 0.6, 0.8), accuracies, strict=True)
    ]
    tables = small_study([whole((rng.random(problems) < 0.7).tolist()), *runs])
    (row,) = tabulate_plateaus(tables).to_dict("records")
    for name in FIGURES:
        value, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
        assert math.isnan(low) == math.isnan(high)
        assert math.isnan(low) or low <= value <= high  # and a value that is missing has no interval
    assert tabulate_plateaus(tables).equals(tabulate_plateaus(tables))


def _shuffled(problems: int) -> StudyTables:
    """Answers that do not depend on each other's, so that resamples differ in every figure."""
    rng = np.random.default_rng(7)
    curve = {0.1: 0.2, 0.3: 0.4, 0.5: 0.72, 0.7: 0.78, 0.9: 0.8}
    runs = [Run("nll", at, (rng.random(problems) < right).tolist(), keep=at) for at, right in curve.items()]
    return small_study([whole((rng.random(problems) < 0.8).tolist()), *runs])


def test_fewer_problems_widen_every_interval() -> None:
    few, many = (tabulate_plateaus(_shuffled(problems)).iloc[0] for problems in (30, 3000))
    for name in FIGURES:
        assert few[f"{name}_high"] - few[f"{name}_low"] > many[f"{name}_high"] - many[f"{name}_low"]
        assert few[f"{name}_low"] <= many[name] <= few[f"{name}_high"]


def test_intervals_are_those_of_the_figures_of_resampled_problems() -> None:
    """Each resample as a study of its own: the same problems drawn for every student."""
    rng, curve = np.random.default_rng(0), (0.2, 0.5, 0.8)
    right = rng.random((4, 40)) < np.array([0.25, 0.6, 0.8, 0.8])[:, None]
    (row,) = tabulate_plateaus(_of(right, curve)).to_dict("records")
    drawn = [tabulate_plateaus(_of(right[:, rng.integers(0, 40, 40)], curve)).iloc[0] for _ in range(100)]
    for name in FIGURES:
        most = "width_most" if name == "width" else name
        low, high = (np.nanquantile([one[end] for one in drawn], at) for end, at in ((name, 0.025), (most, 0.975)))
        assert row[f"{name}_low"] == pytest.approx(min(low, row[name]), abs=0.05)
        assert row[f"{name}_high"] == pytest.approx(max(high, row[name]), abs=0.05)


def _of(right: Any, ratios: tuple[float, ...]) -> StudyTables:
    """A study of answers [points and the uncompressed student, problems]."""
    *points, base = right.tolist()
    return small_study([whole(base), *(Run("nll", at, one, keep=at) for at, one in zip(ratios, points, strict=True))])


def test_a_drop_that_many_resamples_do_not_have_has_no_interval() -> None:
    """A few problems decide whether the smallest ratio is still on the plateau."""
    edge = {0.3: 71, 0.7: 80}
    assert math.isnan(_row(edge, threshold=0.88)["drop"])
    row = _row(edge, threshold=0.9)
    assert row["drop"] > 0
    assert row["width_low"] < row["width_high"]
    assert math.isnan(row["drop_low"])
    assert math.isnan(row["drop_high"])


def test_of_a_student_that_was_never_right_nothing_can_be_lost() -> None:
    row = _row({0.3: 0, 0.7: 0}, base=0)
    assert all(math.isnan(row[f"{name}{end}"]) for name in FIGURES for end in ("", "_low", "_high"))


def test_a_dip_ends_the_plateau() -> None:
    assert _row({0.3: 79, 0.5: 50, 0.7: 80})["lowest"] == pytest.approx(0.7)


def test_no_point_within_the_threshold_is_no_plateau() -> None:
    assert _row({0.3: 10, 0.9: 20})["width"] == 0


def test_the_plateau_ends_between_the_last_ratio_that_keeps_it_and_the_next() -> None:
    row = _row(CURVE)
    assert (row["width"], row["width_most"]) == (pytest.approx(0.5), pytest.approx(0.7))
    assert row["width_high"] >= row["width_most"]
    never = _row({0.3: 80, 0.5: 80, 0.9: 80})
    assert (never["width"], never["width_most"], never["width_high"]) == (pytest.approx(0.7), 1.0, 1.0)
    at_once = _row({0.3: 10, 0.9: 20})
    assert (at_once["width"], at_once["width_most"]) == (0.0, pytest.approx(0.1))


def test_a_plateau_to_the_end_has_no_drop() -> None:
    row = _row({0.3: 80, 0.5: 80, 0.9: 80})
    assert row["width"] == pytest.approx(0.7)
    assert math.isnan(row["drop"])
    assert math.isnan(row["knee"])


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(0, 100), min_size=5, max_size=5), st.floats(0.1, 0.8))
def test_a_higher_threshold_never_widens_the_plateau(rights: list[int], threshold: float) -> None:
    tables = _study(dict(zip(CURVE, rights, strict=True)))
    low, high = (tabulate_plateaus(tables, threshold=one).iloc[0] for one in (threshold, threshold + 0.2))
    assert high["width"] <= low["width"]
    assert low["width_low"] <= low["width"] <= low["width_high"]


def test_seeds_of_random_pruning_are_one_point() -> None:
    runs = [
        Run("random", ratio, first_right(right), keep=0.5, seed=seed)
        for seed, (ratio, right) in enumerate([(0.5, 40), (0.4, 60)])
    ]
    found = tabulate_at_ratio(small_study([whole(first_right(80)), *runs]), 0.45)
    assert found["accuracy"].tolist() == [0.5]


@pytest.mark.parametrize(("ratio", "expected"), [(0.1, 0.2), (0.2, 0.35), (0.5, 0.76), (0.95, 0.805), (1.0, 0.8)])
def test_between_points_accuracy_is_linear(ratio: float, expected: float) -> None:
    (row,) = tabulate_at_ratio(_study(CURVE), ratio).to_dict("records")
    assert row["accuracy"] == pytest.approx(expected)
    assert row["low"] <= row["accuracy"] <= row["high"]


def test_nothing_is_extrapolated() -> None:
    assert len(tabulate_at_ratio(_study(CURVE), 0.05)) == 0
    assert len(tabulate_at_ratio(small_study([Run("nll", 0.5, first_right(50), keep=0.5)]), 0.8)) == 0


def test_without_a_baseline_there_is_no_plateau() -> None:
    runs = [Run("nll", ratio, first_right(right), keep=ratio) for ratio, right in CURVE.items()]
    (row,) = tabulate_plateaus(small_study(runs)).to_dict("records")
    assert all(math.isnan(row[f"{name}{end}"]) for name in FIGURES for end in ("", "_low", "_high"))
    assert math.isnan(row["lowest"])


def test_thresholds_and_ratios_out_of_range_are_errors() -> None:
    for wrong in (0.0, 1.5):
        with pytest.raises(OptionError, match=f"{wrong} is no share of accuracy"):
            tabulate_plateaus(_study(CURVE), threshold=wrong)
    for ratio in (1.2, -0.1, math.nan):
        with pytest.raises(OptionError, match=r"is no fraction kept\. Give a number from 0 to 1"):
            tabulate_at_ratio(_study(CURVE), ratio)


LEVELS = ("preserve", "edit", "fuse", "replace")


def _levels(rights: tuple[int, ...], ratios: tuple[float, ...] = (0.8, 0.6, 0.5, 0.4)) -> list[Run]:
    return [
        Run(level, ratio, first_right(right), kind="level", granularity="", keep=0.5, restructuring=0.1)
        for level, ratio, right in zip(LEVELS, ratios, rights, strict=True)
    ]


def test_levels_are_held_against_the_best_pruning_at_their_ratio() -> None:
    better = [Run("saliency", 0.5, first_right(78), keep=0.5)]
    runs = [Run("nll", ratio, first_right(right), keep=ratio) for ratio, right in CURVE.items()]
    tables = small_study([whole(first_right(80)), *runs, *better, *_levels((80, 70, 60, 50))])
    found = tabulate_restructuring(tables).set_index("level")
    assert found.loc["fuse", ["accuracy", "matched"]].tolist() == pytest.approx([0.6, 0.78])
    assert found.loc["replace", "matched"] == pytest.approx(0.63)  # saliency does not reach down there
    assert found.loc["edit", "restructuring"] == pytest.approx(0.1)
    alone = tabulate_restructuring(small_study(_levels((80, 70, 60, 50))))
    assert alone["matched"].isna().all()


@pytest.mark.parametrize(
    ("rights", "drop", "falls"),
    [((80, 70, 60, 50), 0.1, True), ((50, 60, 70, 80), -0.1, False), ((70, 71, 70, 70), 0.001, None)],
)
def test_monotonicity(rights: tuple[int, ...], drop: float, falls: bool | None) -> None:
    (row,) = tabulate_monotonicity(small_study(_levels(rights))).to_dict("records")
    assert row["drop"] == pytest.approx(drop)
    assert row["falls"] is falls
    assert math.isnan(row["at"])
    assert row["unmatched"] == "one point a level"


def test_levels_whose_ranges_do_not_meet_say_so() -> None:
    shorter = [replace(run, realized=run.realized - 0.02, keep=0.4) for run in _levels((80, 70, 60, 50))]
    (row,) = tabulate_monotonicity(small_study([*_levels((80, 70, 60, 50)), *shorter])).to_dict("records")
    assert math.isnan(row["at"])
    assert row["unmatched"] == "no ratio in common"


def test_a_level_that_clearly_rises_refutes_a_fall() -> None:
    (row,) = tabulate_monotonicity(small_study(_levels((80, 30, 60, 20)))).to_dict("records")
    assert row["low"] > 0
    assert row["largest_rise"] == pytest.approx(0.3)
    assert row["falls"] is False


def test_levels_with_ranges_that_overlap_are_read_at_one_ratio() -> None:
    """Two targets a level: what is longer is better, and no level is better than another at the same length."""
    runs = [
        run
        for shift in (0.0, 0.4)
        for run in _levels(
            tuple(round(100 * (ratio + shift)) for ratio in (0.5, 0.4, 0.3, 0.2)),
            tuple(ratio + shift for ratio in (0.5, 0.4, 0.3, 0.2)),
        )
    ]
    runs = [Run(**{**vars(run), "keep": run.realized}) for run in runs]
    (row,) = tabulate_monotonicity(small_study(runs)).to_dict("records")
    assert row["at"] == pytest.approx(0.55)
    assert row["unmatched"] == ""
    assert row["drop"] == pytest.approx(0)


def test_the_names_of_before_work_with_a_warning() -> None:
    with pytest.warns(DeprecationWarning, match="tabulate_frontier is now tabulate_plateaus"):
        assert analysis.tabulate_frontier is tabulate_plateaus
    with pytest.warns(DeprecationWarning, match="frontier is now plateaus"):
        assert known_results().frontier is not None
