"""A real Ray cluster on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scale_case import scaled, tables_of, write_shards

from cotpress.pipeline import Job
from cotpress.prune import Method
from cotpress.scale import Engine, Resources

ray: Any = pytest.importorskip("ray", reason="ray is not installed (extra: ray)")


@pytest.fixture
def cluster() -> Iterator[None]:
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield
    ray.shutdown()


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("cluster")
def test_the_output_is_that_of_the_local_executor(tmp_path: Path) -> None:
    given, job = write_shards(tmp_path), Job(Method("nll", "token"))
    scaled(given, job, tmp_path / "ray", Engine("ray", tasks=2, workers=2, resources=Resources(memory=1)))
    scaled(given, job, tmp_path / "local")
    assert tables_of(tmp_path / "ray") == tables_of(tmp_path / "local")
