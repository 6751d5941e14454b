"""A report of a small, hostile study, built once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hostile_study import CONDITION, HOSTILE, hostile_study
from known_results import empty_results, known_results

from cotpress.report.building import write_report


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the study, titled with a script."""
    known, nothing = known_results(("math-long", CONDITION), ("tiny-a", "tiny-b")), empty_results()
    verdicts = known.verdicts[::-1]  # those that cannot be told first
    results = replace(known, deletions=nothing.deletions, recovery=nothing.recovery, verdicts=verdicts)  # for speed
    return write_report(hostile_study(), results, tmp_path_factory.mktemp("report"), HOSTILE[0], 4)
