"""From a study to its compressions and cells."""

from __future__ import annotations

import pytest

pytest.importorskip("pydantic", reason="studies need the extra 'study'")

from cotpress.study import cells, compressions, parse_study

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
    found = compressions(STUDY)
    # of a condition: 2 baselines; 2 ratios x (step, token, token+symbols) x (nll, random with 3 seeds); 2 x 2 levels
    assert len(found) == 2 * (2 + 2 * 3 * (1 + 3) + 4)
    assert len({way.name for way in found}) == len(set(found)) == len(found)
    assert not any(way.symbols and way.granularity == "step" for way in found)


def test_cells_are_compressions_times_students_times_seeds() -> None:
    found = cells(STUDY)
    # random pruning that drew with one seed is trained with that seed alone
    assert len(found) == 2 * 2 * (2 + 2 * 3 * 2 + 4) * 3
    assert len({cell.name for cell in found}) == len(found)
    assert all(cell.compression.seed in (None, cell.seed) for cell in found)


def test_the_baseline_of_every_condition_comes_first() -> None:
    assert [way.method for way in compressions(STUDY)[:2]] == ["uncompressed", "uncompressed"]


def test_protection_and_seed_reach_the_method() -> None:
    [way] = [one for one in compressions(STUDY) if one.name == "a random token+symbols @0.5 #2"]
    assert way.pruning.protect == ("answer", "symbols")
    assert (way.pruning.criterion, way.pruning.granularity, way.pruning.seed) == ("random", "token", 2)
