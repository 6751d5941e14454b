"""Agreement of criteria, against sets counted by hand and against chance."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_study import ranked_traces

from cotpress.analysis import tabulate_agreement, tabulate_deletions, tabulate_recovery, tabulate_redundancy
from cotpress.errors import InputError, OptionError
from cotpress.tables import StudyTables, build_study_tables

SIZES = st.lists(st.integers(2, 12), min_size=1, max_size=4)


def _random(sizes: list[int], seed: int) -> list[list[float]]:
    rng = np.random.default_rng(seed)
    return [rng.permutation(size).astype(float).tolist() for size in sizes]


def _flat(sizes: list[int]) -> list[list[int]]:
    """Every unit a step of its own."""
    return [list(range(size)) for size in sizes]


@settings(max_examples=12, deadline=None)
@given(SIZES, st.integers(0, 99), st.sampled_from([0.2, 0.5, 0.75]))
def test_jaccard_is_that_of_the_sets(sizes: list[int], seed: int, keep: float) -> None:
    worths = {"a": _random(sizes, seed), "b": _random(sizes, seed + 100)}
    found = tabulate_agreement(ranked_traces(worths, _flat(sizes)), (keep,)).set_index("of")
    kept = {
        name: {
            (trace, unit)
            for trace, worth in enumerate(of_traces)
            for place, unit in enumerate(np.argsort(-np.array(worth)))
            if np.float32((place + 1) / len(worth)) <= np.float32(keep)
        }
        for name, of_traces in worths.items()
    }
    every = {(trace, unit) for trace, size in enumerate(sizes) for unit in range(size)}
    for of, (one, other) in {
        "kept": (kept["a"], kept["b"]),
        "deleted": (every - kept["a"], every - kept["b"]),
    }.items():
        if one | other:
            assert found.loc[of, "jaccard"] == pytest.approx(len(one & other) / len(one | other))
            assert found.loc[of, "low"] <= found.loc[of, "jaccard"] <= found.loc[of, "high"]
    assert found.loc["kept", "realized_a"] == pytest.approx(len(kept["a"]) / len(every))


def test_chance_is_what_random_criteria_reach() -> None:
    sizes = [8, 12, 20] * 20
    found = [
        tabulate_agreement(
            ranked_traces({"a": _random(sizes, seed), "b": _random(sizes, seed + 500)}, _flat(sizes)), (0.3, 0.7)
        )
        for seed in range(12)
    ]
    for at in range(len(found[0])):
        simulated = np.mean([one["jaccard"][at] for one in found])
        assert found[0]["expected"][at] == pytest.approx(simulated, abs=0.015)
        assert np.mean([one["corrected"][at] for one in found]) == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("taste", [-1.0, 0.0, 1.0])
def test_blind_criteria_with_a_taste_for_lengths_agree_by_plain_chance_only(taste: float) -> None:
    """They know nothing but how long a step is: corrected by length they agree about 0."""
    rng = np.random.default_rng(0)
    lengths = [np.maximum(1, np.round(rng.lognormal(2.5, 0.8, size))).astype(int) for size in rng.integers(8, 30, 150)]
    worths = {
        name: [(-taste * np.log(one) + rng.normal(0, 0.6, len(one))).tolist() for one in lengths] for name in ("a", "b")
    }
    steps = [np.repeat(np.arange(len(one)), one).tolist() for one in lengths]
    found = tabulate_agreement(ranked_traces(worths, steps, "step"))
    kept = found[found["of"] == "kept"]
    assert kept["corrected_by_length"].mean() == pytest.approx(0, abs=0.05)
    assert bool(kept["corrected"].mean() > 0.1) is (taste != 0)
    assert found[found["of"] == "deleted"]["corrected_by_length"].mean() == pytest.approx(0, abs=0.05)


def test_the_same_ranking_agrees_wholly_and_the_opposite_less_than_by_chance() -> None:
    same = _random([10] * 5, 0)
    opposite = [[-value for value in worth] for worth in same]
    found = tabulate_agreement(ranked_traces({"a": same, "b": same, "c": opposite}, _flat([10] * 5)), (0.4,))
    found = found[found["of"] == "kept"].set_index(["a", "b"])
    assert found.loc[("a", "b"), "corrected"] == pytest.approx(1)
    assert found.loc[("a", "c"), "corrected"] < -0.1


def test_protected_units_are_no_agreement() -> None:
    sizes = [20] * 30
    worths = {name: _random(sizes, seed) for name, seed in (("a", 1), ("b", 2))}
    for of_traces in worths.values():
        for worth in of_traces:
            worth[:8] = [float("inf")] * 8
    found = tabulate_agreement(ranked_traces(worths, _flat(sizes)), (0.6,)).set_index("of")
    assert found.loc["kept", "jaccard"] > 0.5
    assert found.loc["kept", "corrected"] == pytest.approx(0, abs=0.08)
    assert found.loc["deleted", "corrected"] == pytest.approx(0, abs=0.08)


def test_steps_count_once_however_long_they_are() -> None:
    steps = [[0, 0, 0, 0, 1, 1, 2, 2]]
    worths = {"a": [[3.0, 2.0, 1.0]], "b": [[2.0, 1.0, 3.0]]}
    found = tabulate_agreement(ranked_traces(worths, steps, "step"), (0.75,)).set_index("of")
    assert set(found["over"]) == {"step"}
    assert found.loc["kept", "jaccard"] == pytest.approx(1 / 3)  # {0, 1} and {2, 0}
    assert found.loc["deleted", "jaccard"] == 0


def test_of_the_synthetic_study_as_set(study: StudyTables) -> None:
    found = tabulate_agreement(study, (0.5,))
    kept = found[(found["of"] == "kept") & (found["granularity"] == "step")]
    by_pair = kept.groupby(["a", "b"])["corrected"].mean()
    assert by_pair["entropy", "nll"] > by_pair["entropy", "saliency"] > by_pair["entropy", "random"] + 0.1
    assert (kept["a"] < kept["b"]).all()


def test_traces_that_only_one_criterion_ranked_are_left_out() -> None:
    tables = ranked_traces({"a": _random([6] * 4, 1), "b": _random([6] * 4, 1)}, _flat([6] * 4))
    fewer = tables.rankings[(tables.rankings["criterion"] == "a") | (tables.rankings["trace"] != "t3")]
    found = tabulate_agreement(StudyTables(tables.traces, fewer, *(None,) * 4), (0.5,))
    assert set(found["traces"]) == {3}
    assert found["jaccard"].tolist() == [1.0, 1.0]


def test_a_ranking_of_another_text_is_an_error() -> None:
    tables = ranked_traces({"a": _random([6], 1)}, _flat([6]))
    other = ranked_traces({"a": _random([5], 1)}, _flat([5]))
    with pytest.raises(InputError, match=r"'t0' has 5 units, the trace has 6\. Run the sweep again"):
        tabulate_agreement(StudyTables(tables.traces, other.rankings, *(None,) * 4))


@pytest.mark.parametrize("figures", [tabulate_agreement, tabulate_deletions, tabulate_recovery, tabulate_redundancy])
def test_keep_ratios_out_of_range_are_errors(figures: Callable[..., Any]) -> None:
    tables = ranked_traces({"a": _random([6], 1), "b": _random([6], 2)}, _flat([6]))
    for wrong, hint in ((50, "Did you mean 0.5?"), (-0.5, "from 0 to 1"), (math.nan, "from 0 to 1")):
        with pytest.raises(OptionError, match="is no fraction kept") as refused:
            figures(tables, (0.5, wrong))
        assert hint in refused.value.hint
    with pytest.raises(OptionError, match="is no fraction kept"):
        figures(build_study_tables({}), (1.5,))
    assert len(figures(tables, iter((0.0, 1.0)))) == len(figures(tables, (0.0, 1.0)))
