"""A student, a grader and items that need no model."""

from __future__ import annotations

import pytest
from scripted_student import PlainGrader, Scripted, solve

from cotpress.evaluation import ChatStudent
from cotpress.evaluation.benchmarks import BenchmarkItem


@pytest.fixture
def items() -> dict[str, list[BenchmarkItem]]:
    """Two benchmarks of sums."""
    return {
        name: [BenchmarkItem(f"{at}", f"{at} + {base}", str(at + base), "math") for at in range(size)]
        for name, base, size in (("one", 1, 6), ("two", 20, 4))
    }


@pytest.fixture
def student() -> ChatStudent:
    """Always right."""
    return ChatStudent(Scripted(solve), "sum")


@pytest.fixture
def grader() -> PlainGrader:
    """A grader in this process."""
    return PlainGrader()
