"""One synthetic study for all tests of the package."""

from __future__ import annotations

import pytest
from synthetic_study import synthetic_study

from cotpress.tables import StudyTables


@pytest.fixture(scope="session")
def study() -> StudyTables:
    """Both domains and regimes, with the published findings in it."""
    return synthetic_study(traces=6, problems=30, keeps=(0.2, 0.5, 0.8))
