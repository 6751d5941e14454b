"""The pictures of the report in the documentation: small, and of a page that the command builds."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["report", "report-trace"])
def test_pictures_are_small(name: str) -> None:
    pixels = (ROOT / "docs/images" / f"{name}.png").read_bytes()
    assert pixels[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(pixels) < 150_000


def test_the_command_builds_a_page_with_a_map_and_gauges(tmp_path: Path) -> None:
    page = runpy.run_path(str(ROOT / "benchmarks/report_picture.py"))["build_trace_report"](tmp_path)
    text = page.read_text(encoding="utf-8")
    assert '"links":[[' in text
    assert '"gauged":[30,50,70]' in text
    assert "No student of this study was asked anything" in text
