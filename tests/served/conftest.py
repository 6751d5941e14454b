"""A server of the embedded model, loaded once; each test gets one of its own with that model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai")
pytest.importorskip("torch")

from faulty_server import Behaviour, running
from scoring_server import ScoringServer
from served_case import MODEL, Serve

from cotpress.models import InferenceLimits, ModelSpec, embedded_folder


@pytest.fixture(scope="session")
def loaded_server() -> ScoringServer:
    return ScoringServer(embedded_folder() / MODEL)


@pytest.fixture
def serve(loaded_server: ScoringServer) -> Iterator[Serve]:
    """Starts servers of the embedded model."""
    with ExitStack() as stack:

        def start(behaviour: Behaviour | None = None, alter: Any = None) -> ScoringServer:
            return stack.enter_context(running(loaded_server.copy(behaviour, alter)))

        yield start


@pytest.fixture
def spec() -> ModelSpec:
    """The model with a context in which `LONG` takes several windows."""
    return ModelSpec(MODEL, limits=InferenceLimits(200))


@pytest.fixture(autouse=True)
def _no_endpoint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setenv("COTPRESS_CACHE", str(tmp_path / "cache"))
