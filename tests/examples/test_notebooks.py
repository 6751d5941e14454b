"""The notebooks run, and what they show is what stands in their files.

`python tests/examples/test_notebooks.py` runs them and writes what they show now.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "support"))  # for who runs this file as a script

from notebook_cells import read_notebook, run_notebook, write_notebook

NOTEBOOKS = sorted((Path(__file__).parents[2] / "examples" / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_stands_in_it(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas", reason="the notebooks need the extra 'study'")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COTPRESS_CACHE", str(tmp_path / "cache"))
    written = read_notebook(path)
    fresh = run_notebook(written)
    for old, new in zip(written["cells"], fresh["cells"], strict=True):
        assert new.get("outputs") == old.get("outputs"), "".join(old["source"])
    assert any(cell.get("outputs") for cell in fresh["cells"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_opens_on_any_host(path: Path) -> None:
    notebook = read_notebook(path)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    names = [cell["id"] for cell in notebook["cells"]]
    assert len(set(names)) == len(names)
    assert path.stat().st_size < 100_000
    assert notebook["cells"][0]["source"][0].startswith("# ")


if __name__ == "__main__":
    for notebook_path in NOTEBOOKS:
        with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
            os.environ["COTPRESS_CACHE"] = place
            write_notebook(notebook_path, run_notebook(read_notebook(notebook_path)))
