"""The page on Python: every example is run, and every public name is used in one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cotpress

pytest.importorskip("trl", reason="training needs the extra 'train'")
pytest.importorskip("pandas", reason="studies need the extra 'study'")
PAGE = Path(__file__).parents[1] / "docs" / "python.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_every_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COTPRESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    names: dict[str, object] = {"__name__": "page"}
    try:
        for example in EXAMPLES:
            exec(compile(example, PAGE.name, "exec"), names)
    finally:
        cotpress.criteria.CRITERIA._entries.pop("equations", None)
    assert (tmp_path / "run" / "report.html").is_file()


def test_every_public_name_is_used() -> None:
    used = set(re.findall(r"\bcotpress\.(\w+)", "\n".join(EXAMPLES)))
    assert not set(cotpress.__all__) - used - {"__version__"}
