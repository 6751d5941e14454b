"""Scripts that were handed to sbatch, and their tasks done here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest


def jobs_in(folder: Path) -> list[tuple[int, str]]:
    """(number, script) of every job but datatrove's own, which adds up statistics."""
    scripts = [(1000 + int(path.name), path.read_text()) for path in sorted(folder.iterdir())]
    return [(number, text) for number, text in scripts if "launch_pickled_pipeline" in text]


def run_script(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every task of a job's array, as the script's last line does."""
    dill: Any = pytest.importorskip("dill")
    pickled = Path(re.search(r"launch_pickled_pipeline (\S+)", script)[1])  # type: ignore[index]
    last = int(re.search(r"--array=0-(\d+)", script)[1])  # type: ignore[index]
    for task in range(last + 1):
        monkeypatch.setenv("SLURM_ARRAY_TASK_ID", str(task))
        monkeypatch.setenv("SLURM_NODELIST", "localhost")
        with pickled.open("rb") as file, monkeypatch.context() as inside:
            inside.setattr("datatrove.executor.slurm.expand_slurm_nodelist", lambda text: [text])
            dill.load(file).run()
    monkeypatch.delenv("SLURM_ARRAY_TASK_ID")
