"""`cotpress demo`: the embedded small study, end to end; it ends by naming the page to open."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import cotpress

pytest.importorskip("pandas", reason="the demo needs the extra 'study'")
pytest.importorskip("trl", reason="the demo needs the extra 'study'")

from cotpress.study import list_cells, read_study


def test_the_demo_has_at_least_twelve_cells_over_both_domains_and_regimes() -> None:
    study = read_study("demo")
    assert len(list_cells(study)) >= 12
    assert {(one.domain, one.regime) for one in study.conditions.values()} == {
        (domain, regime) for domain in ("math", "general") for regime in ("long", "short")
    }


@pytest.mark.slow
@pytest.mark.timeout(1200)  # the demo takes some six minutes
def test_the_demo_ends_by_naming_its_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress("demo", "-o", tmp_path / "demo") == 0
    out = capsys.readouterr().out
    assert f"report written to {tmp_path / 'demo' / 'report.html'}" in out
    assert (tmp_path / "demo" / "report.html").stat().st_size < 5_000_000
    assert "math-long" in out
