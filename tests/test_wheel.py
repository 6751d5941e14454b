"""The wheel, built and installed as a user would: it has all that `cotpress` needs to compress."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from cotpress import __version__

ROOT = Path(__file__).parents[1]


def _run(*words: object, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [str(word) for word in words]
    return subprocess.run(
        command, cwd=folder, env=clean | environment, capture_output=True, text=True, check=False, timeout=280
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a fresh environment with the wheel alone; the libraries that it needs are those of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    built = _run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT, folder=folder)
    if built.returncode:
        pytest.skip(f"pip cannot build a package here: {built.stderr.strip()[-300:]}")
    [wheel] = folder.glob("cotpress-*.whl")
    environment = folder / "environment"
    assert not _run(sys.executable, "-m", "venv", "--without-pip", environment, folder=folder).returncode
    python = environment / "bin" / "python"
    added = _run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", wheel, folder=folder)
    assert not added.returncode, added.stderr
    [site] = environment.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return environment


@pytest.mark.slow
def test_the_wheel_prints_its_version_and_compresses(installed: Path, tmp_path: Path) -> None:
    where = _run(installed / "bin" / "python", "-c", "import cotpress; print(cotpress.__file__)", folder=tmp_path)
    assert str(installed) in where.stdout
    program, cache = installed / "bin" / "cotpress", {"COTPRESS_CACHE": str(tmp_path / "cache")}
    assert _run(program, "--version", folder=tmp_path).stdout.strip() == __version__
    for words in ("world sample -o traces.jsonl -n 4", "compress traces.jsonl -o out", "levels", "advise --help"):
        done = _run(program, *words.split(), folder=tmp_path, **cache)
        assert not done.returncode, done.stderr
    assert len((tmp_path / "out" / "sft.jsonl").read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.slow
def test_the_wheel_brings_every_file_of_the_package(installed: Path) -> None:
    [site] = installed.glob("lib/python*/site-packages")
    source = ROOT / "src" / "cotpress"
    files = {
        path.relative_to(source) for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    assert not {path for path in files if not (site / "cotpress" / path).exists()}
