"""A study of 1,000 cells with 100 problems each is analysed in seconds."""

from __future__ import annotations

import time

import pytest
from synthetic_study import large_study

from cotpress import analysis


@pytest.mark.slow
def test_a_thousand_cells_in_twenty_seconds() -> None:
    tables = large_study()
    assert (len(tables.cells), len(tables.answers)) == (1000, 100_000)
    start = time.process_time()  # other work on the machine is none of ours
    for name in ("accuracy", "agreement", "cost", "deletions", "plateaus", "monotonicity", "recovery", "redundancy"):
        assert len(getattr(analysis, f"tabulate_{name}")(tables)) > 0
    assert len(analysis.tabulate_restructuring(tables)) > 0
    assert len(analysis.tabulate_at_ratio(tables, 0.5)) > 0
    assert len(analysis.judge_findings(tables)) == 14
    assert time.process_time() - start < 20
