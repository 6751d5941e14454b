"""A machine that has sbatch, as far as a submission goes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

SBATCH = """#!/bin/sh
count=$(ls "$SUBMITTED" | wc -l)
for last; do :; done
{ echo "#ARGUMENTS $*"; cat "$last"; } > "$SUBMITTED/$(printf %03d "$count")"
echo "Submitted batch job $((1000 + count))"
"""


@pytest.fixture
def submitted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the scripts handed to sbatch are put in."""
    commands, folder = tmp_path / "bin", tmp_path / "submitted"
    commands.mkdir()
    folder.mkdir()
    (commands / "sbatch").write_text(SBATCH)
    (commands / "sbatch").chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("SUBMITTED", str(folder))
    return folder
