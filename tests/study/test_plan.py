"""From a study to its compressions and cells."""

from __future__ import annotations

import pytest

pytest.importorskip("pydantic", reason="studies need the extra 'study'")

from cotpress.errors import CotpressError
from cotpress.study import list_cells, list_compressions, parse_study
from cotpress.study.plan import expand_ratios

STUDY = parse_study(
    """
name: grid
conditions:
  a: {traces: world, domain: math, regime: long, benchmarks: {world_math: null}}
  b: {traces: world, domain: general, regime: short, benchmarks: {world_general: null}}
baselines: [uncompressed, no-reasoning]
pruning: {criteria: [nll, random], symbols: [false, true], keep: [0.9, 0.5]}
rewriting: {levels: [edit, fuse], keep: [null, 0.5]}
students: [world-llama, world-qwen2]
seeds: [0, 1, 2]
""",
    "grid",
)


def test_every_point_of_the_grid_is_there_once() -> None:
    found = list_compressions(STUDY)
    # of a condition: 2 baselines; 2 ratios x (step, token, token+symbols) x (nll, random with 3 seeds); 2 x 2 levels
    assert len(found) == 2 * (2 + 2 * 3 * (1 + 3) + 4)
    assert len({way.name for way in found}) == len(set(found)) == len(found)
    assert not any(way.symbols and way.granularity == "step" for way in found)


def test_cells_are_compressions_times_students_times_seeds() -> None:
    found = list_cells(STUDY)
    # random pruning that drew with one seed is trained with that seed alone
    assert len(found) == 2 * 2 * (2 + 2 * 3 * 2 + 4) * 3
    assert len({cell.name for cell in found}) == len(found)
    assert all(cell.compression.seed in (None, cell.seed) for cell in found)


def test_the_baseline_of_every_condition_comes_first() -> None:
    assert [way.method for way in list_compressions(STUDY)[:2]] == ["uncompressed", "uncompressed"]


def test_protection_and_seed_reach_the_method() -> None:
    [way] = [one for one in list_compressions(STUDY) if one.name == "a random token+symbols @0.5 #2"]
    assert way.pruning_method.protect == ("answer", "symbols")
    assert (way.pruning_method.criterion, way.pruning_method.granularity, way.pruning_method.seed) == (
        "random",
        "token",
        2,
    )


SEVERAL = """
name: several
conditions:
  a: {traces: world, domain: math, regime: long, benchmarks: {world_math: null}}
  b: {traces: world, domain: general, regime: short, benchmarks: {world_general: null}}
pruning:
- {criteria: [nll, random], granularities: [token], keep: [0.5]}
- {criteria: [nll, entropy], granularities: [token], keep: [0.5, 0.2], train: false}
- {criteria: [nll], granularities: [token], keep: [0.1], conditions: [b]}
students: [world-llama]
seeds: [0]
"""


def test_grids_add_up_and_what_is_in_two_is_made_once_and_trained_if_either_says_so() -> None:
    study = parse_study(SEVERAL, "several")
    made, taught = (
        [one.name for one in some if one.kind == "criterion"]
        for some in (list_compressions(study), [cell.compression for cell in list_cells(study)])
    )
    trained = [f"{name} {way}" for way in ("nll token @0.5", "random token @0.5 #0") for name in "ab"]
    compared = [f"{name} {way} token @{keep}" for keep in (0.5, 0.2) for way in ("nll", "entropy") for name in "ab"]
    assert made == [*dict.fromkeys([*trained, *compared]), "b nll token @0.1"]
    assert taught == [*trained, "b nll token @0.1"]


def test_a_grid_may_have_some_of_the_seeds_and_what_is_in_two_has_those_of_both() -> None:
    text = """
- {criteria: [nll, random], granularities: [token], keep: [0.5, 0.2], seeds: [2]}
- {criteria: [nll], granularities: [token], keep: [0.5], seeds: [0], conditions: [a]}
- {criteria: [random], granularities: [token], keep: [0.2], seeds: [1], conditions: [a], train: false}
"""
    a, b = SEVERAL.index("- {"), SEVERAL.index("students:")
    study = parse_study(SEVERAL[:a] + text.lstrip() + SEVERAL[b:].replace("[0]", "[0, 1, 2]"), "several")
    found: dict[str, list[int]] = {}
    for cell in list_cells(study):
        found.setdefault(cell.compression.name, []).append(cell.seed)
    assert found["a uncompressed"] == [0, 1, 2]
    assert {name: seeds for name, seeds in found.items() if "@" in name} == {
        "a nll token @0.5": [0, 2],
        **{f"{name} token @{keep}": [2] for name, keep in (("b nll", 0.5), ("a nll", 0.2), ("b nll", 0.2))},
        **{f"{name} random token @{keep} #2": [2] for name in "ab" for keep in (0.5, 0.2)},
    }
    assert "a random token @0.2 #1" in {one.name for one in list_compressions(study)}


def test_grids_are_gone_through_ratio_by_ratio() -> None:
    study = parse_study(SEVERAL.replace("keep: [0.5, 0.2]", "keep: [0.2, 0.5]"), "several")
    keeps = [one.keep for one in list_compressions(study) if one.keep]
    assert keeps == sorted(keeps, reverse=True)


def test_a_ranking_is_cut_at_the_ratios_of_all_grids() -> None:
    study = parse_study(SEVERAL, "several")
    found = {one.name: one for one in list_compressions(study)}
    assert [one.keep for one in expand_ratios(study, found["a nll token @0.5"])] == [0.5, 0.2]
    assert [one.keep for one in expand_ratios(study, found["b nll token @0.1"])] == [0.5, 0.2, 0.1]


VARIED = """
name: varied
conditions:
  a: {traces: world, domain: math, regime: long}
pruning: {criteria: [nll, entropy, head, random-block], granularities: [step], reductions: [auto, mean], keep: [0.5],
          controls: [none, no-restatements]}
seeds: [0, 1]
"""


def test_reductions_and_controls_are_ways_of_their_own_where_they_differ() -> None:
    found = [way for way in list_compressions(parse_study(VARIED, "varied")) if way.kind == "criterion"]
    labels = list(dict.fromkeys(way.label for way in found))
    assert labels == [
        f"{name}{control}"
        for name in ("nll", "entropy", "entropy/mean", "head", "random-block")
        for control in ("", " without restatements")
    ]
    assert len({way.name for way in found}) == len(found) == 12  # random-block with two seeds
    by_label = {way.label: way.pruning_method for way in found}
    assert by_label["entropy/mean without restatements"].resolved_reduction == "mean"
    assert by_label["entropy/mean without restatements"].drop_restatements
    assert by_label["entropy"].resolved_reduction == "sum"


def test_a_reduction_that_does_not_exist_is_a_fault() -> None:
    with pytest.raises(CotpressError, match="no reduction 'meen'"):
        parse_study(VARIED.replace("mean", "meen"), "varied")


def test_the_study_says_how_steps_are_cut() -> None:
    by_sentence = list_compressions(parse_study(f"{VARIED}\nsteps: sentence\n", "varied"))
    assert {way.pruning_method.steps for way in by_sentence if way.kind == "criterion"} == {"sentence"}
    with pytest.raises(CotpressError, match="no step mode 'word'"):
        parse_study(f"{VARIED}\nsteps: word\n", "varied")
