"""What is deleted, kept of the backbone, and done to reflective and repeated steps, counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_study import ranked_traces

from cotpress.analysis import tabulate_deletions, tabulate_recovery, tabulate_redundancy
from cotpress.tables import StudyTables
from cotpress.world.role_recovery import RoleRecovery
from cotpress.world.structures import ReasoningRole

CLASSES = st.lists(st.sampled_from(["symbol", "stopword", "other"]), min_size=2, max_size=15)


@settings(max_examples=12, deadline=None)
@given(CLASSES, st.sampled_from([0.25, 0.5, 0.8]))
def test_composition_and_rate_are_counts(classes: list[str], keep: float) -> None:
    size = len(classes)
    worth = [float(-at) for at in range(size)]  # what comes first stays
    tables = ranked_traces({"head": [worth]}, [list(range(size))], unit_class=[classes])
    found = tabulate_deletions(tables, (keep,)).set_index("unit_class")
    gone = [name for at, name in enumerate(classes) if np.float32((at + 1) / size) > np.float32(keep)]
    assert found["composition"].sum() == pytest.approx(1)
    assert found["realized"].iloc[0] == pytest.approx(1 - len(gone) / size)
    for name in ("symbol", "stopword", "other"):
        assert found.loc[name, "composition"] == pytest.approx(gone.count(name) / len(gone))
        if name in classes:
            assert found.loc[name, "rate"] == pytest.approx(gone.count(name) / classes.count(name))
        else:
            assert math.isnan(found.loc[name, "rate"])


def test_protected_symbols_are_not_deleted(study: StudyTables) -> None:
    found = tabulate_deletions(study, (0.5,))
    symbols = found[(found["unit_class"] == "symbol") & (found["granularity"] == "token")]
    assert (symbols[symbols["symbols"]]["rate"] == 0).all()
    assert (symbols[~symbols["symbols"]]["rate"] > 0).all()
    assert (symbols["low"] <= symbols["rate"]).all()
    assert (symbols["rate"] <= symbols["high"]).all()


def test_all_seeds_of_random_pruning_count_for_the_same_traces(study: StudyTables) -> None:
    both = tabulate_deletions(study, (0.5,))
    one = study.rankings[study.rankings["seed"] == 0]
    single = tabulate_deletions(StudyTables(study.traces, one, *(None,) * 4), (0.5,))
    random = both["criterion"] == "random"
    assert both["traces"].equals(single["traces"])
    assert (both[random]["rate"] != single[random]["rate"]).any()
    assert both[~random].equals(single[~random])


@settings(max_examples=12, deadline=None)
@given(st.lists(st.booleans(), min_size=4, max_size=15).filter(any), st.sampled_from([0.3, 0.5]))
def test_recovery_is_that_of_the_world(essential: list[bool], keep: float) -> None:
    size = len(essential)
    kept = [np.float32((at + 1) / size) <= np.float32(keep) for at in range(size)]
    tables = ranked_traces(
        {"head": [[float(-at) for at in range(size)]]}, [list(range(size))], unit_essential=[essential]
    )
    (found,) = tabulate_recovery(tables, (keep,)).to_dict("records")
    units = dict.fromkeys(ReasoningRole, 0) | {
        ReasoningRole.ESSENTIAL: sum(essential),
        ReasoningRole.FILLER: size - sum(essential),
    }
    held = [one for one, stays in zip(essential, kept, strict=True) if stays]
    truth = RoleRecovery(
        units,
        dict.fromkeys(ReasoningRole, 0)
        | {ReasoningRole.ESSENTIAL: sum(held), ReasoningRole.FILLER: len(held) - sum(held)},
    )
    assert found["recall"] == pytest.approx(truth.recall)
    assert found["kept_share"] == pytest.approx(truth.kept_share)
    assert found["corrected"] == pytest.approx(truth.chance_corrected_recall)
    if held:
        assert found["precision"] == pytest.approx(truth.precision)


def test_without_the_truth_there_is_no_recovery() -> None:
    tables = ranked_traces({"head": [[1.0, 0.0]]}, [[0, 1]])
    assert len(tabulate_recovery(tables)) == 0
    assert "recall" in tabulate_recovery(tables).columns


def test_redundancy_by_hand() -> None:
    steps = [[0, 0, 1, 1, 2, 2, 3, 3]]
    marks = {"step_reflective": [[False, True, False, True]], "step_duplicate": [[False, False, False, True]]}
    found = tabulate_redundancy(ranked_traces({"a": [[4.0, 3.0, 2.0, 1.0]]}, steps, "step", **marks), (0.5,)).set_index(
        "kind"
    )
    assert found.loc["reflective", ["before", "after", "kept_rate", "other_rate"]].tolist() == [0.5, 0.5, 0.5, 0.5]
    duplicate = found.loc["duplicate", ["before", "after", "kept_rate", "other_rate"]].tolist()
    assert duplicate == [0.25, 0, 0, pytest.approx(2 / 3)]


def test_the_criterion_reflection_goes_for_reflective_steps(study: StudyTables) -> None:
    found = tabulate_redundancy(study, (0.5,))
    long = found[(found["regime"] == "long") & (found["kind"] == "reflective") & (found["granularity"] == "step")]
    by_criterion = long.set_index(["criterion", "domain"]).sort_index()
    assert (by_criterion.loc["reflection", "high"] < 0).all()
    assert (by_criterion.loc["reflection", "after"] < by_criterion.loc["reflection", "before"]).all()
    assert (by_criterion.loc["nll", "high"] > -0.2).all()


def test_first_tellings_and_facts_are_told_apart() -> None:
    """Two facts: the first is told at units 0 and 3, the second at 1 and 2 together; what is last is kept longest."""
    tables = ranked_traces(
        {"head": [[0.0, 1.0, 2.0, 3.0]]},
        [[0, 1, 2, 3]],
        unit_essential=[[True, True, True, False]],
        unit_telling=[[0, 1, 1, 2]],
        telling_fact=[[0, 1, 0]],
    )
    found = tabulate_recovery(tables, (1.0, 0.75, 0.5, 0.25))
    assert found["first_tellings"].tolist() == [1.0, 0.5, 0.0, 0.0]
    assert found["facts"].tolist() == [1.0, 1.0, 0.5, 0.5]
    unknown = ranked_traces({"head": [[0.0, 1.0]]}, [[0, 1]], unit_essential=[[True, False]])
    assert tabulate_recovery(unknown, (0.5,))["facts"].isna().all()
