"""Keep "auto" beside keep ratios in a study."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cotpress.study import Study, estimate_study, parse_study, sweep
from cotpress.tables import StudyTables, read_study_tables

TEXT = """
name: auto
conditions: {m: {traces: world, domain: math, regime: long, limit: 5}}
pruning: {criteria: ["covering:COVERING"], granularities: [step], keep: [0.5, auto]}
"""


def run(study: Study, folder: Path, store: Path) -> StudyTables:
    sweep(study, folder, store=store)
    return read_study_tables(folder)


def test_a_study_prunes_to_ratios_and_by_coverage(tmp_path: Path) -> None:
    study = parse_study(TEXT, "auto")
    made = run(study, tmp_path / "one", tmp_path / "store").compressions
    assert made.compression.tolist()[1:] == ["m covering:COVERING step @0.5", "m covering:COVERING step @auto"]
    assert made.keep.tolist()[1] == 0.5
    assert np.isnan(made.keep.tolist()[2])
    assert 0 < made.tokens_kept[2] < made.tokens_original[2]
    lower = run(study.model_copy(update={"coverage": 0.5}), tmp_path / "two", tmp_path / "store").compressions
    assert lower.tokens_kept[2] < made.tokens_kept[2]
    assert lower.tokens_kept[1] == made.tokens_kept[1]
    assert estimate_study(study, tmp_path / "store").compressions == 3
