"""What plugins add to a report may fail: that is a warning, and the rest is written."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from known_results import known_results

from cotpress.analysis import VERDICTS, FindingEvidence, FindingTest, PublishedFinding, StudyMeasurements
from cotpress.reporting import build_report
from cotpress.reporting.figure_types import Figure
from cotpress.reporting.figures import FIGURES, build_figures
from cotpress.reporting.figures.accuracy_figures import build_frontier_figure
from cotpress.reporting.figures.registry import FigureBuilder
from cotpress.reporting.report_writer import write_report
from cotpress.reporting.results import AnalysisResults
from cotpress.tables import build_study_tables


@pytest.fixture(autouse=True)
def _own_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test adds is gone after it."""
    for registry in (FIGURES, VERDICTS):
        monkeypatch.setattr(registry, "_entries", dict(registry.items()))
        monkeypatch.setattr(registry, "_warned", set())


def raise_error(given: Any) -> Any:
    raise ValueError("of no use")


def build_undrawable(results: AnalysisResults) -> Figure:
    """Points that are no numbers."""
    figure = build_frontier_figure(results)
    return replace(figure, panels=tuple(replace(panel, points=(None,)) for panel in figure.panels))


def test_a_report_is_written_without_the_figure_and_the_verdict_that_fail(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    FIGURES.add("mine", FigureBuilder("mine", raise_error))
    claim = PublishedFinding("own-claim", "A claim of ours.", "somewhere", "a test", "points")
    VERDICTS.add("own-claim", FindingTest(claim, raise_error))
    with caplog.at_level(logging.WARNING, "cotpress"):
        for _ in range(2):
            page = build_report(build_study_tables({}), tmp_path, title="A study").read_text()
    assert "A claim of ours." in page
    assert "The test failed." in page
    assert [record.getMessage() for record in caplog.records] == [
        "The verdict 'own-claim' failed (ValueError: of no use).",
        "The figure 'mine' failed (ValueError: of no use).",
    ]


@pytest.mark.parametrize("build", [raise_error, build_undrawable, lambda results: 3, lambda results: None])
def test_the_other_figures_are_drawn(build: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    results = known_results()
    FIGURES.add("mine", FigureBuilder("mine", build))
    few = {"frontier", "mine"}
    FIGURES._entries = {name: builder for name, builder in FIGURES.items() if name in few}
    write_report(build_study_tables({}), results, tmp_path, "A study", 0)
    assert {path.name.partition("-")[0] for path in (tmp_path / "figures").iterdir()} == {"frontier"}
    assert len(caplog.records) == 1


def test_a_figure_goes_by_its_name_in_the_registry() -> None:
    """Else that of a plugin could overwrite the files of another."""
    FIGURES.add("mine", FigureBuilder("mine", build_frontier_figure))
    assert build_figures(known_results())[-1].name == "mine"


def test_a_defect_of_our_own_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FIGURES._entries, "frontier", FigureBuilder("frontier", raise_error))
    with pytest.raises(ValueError, match="of no use"):
        build_figures(known_results())


def test_evidence_that_cannot_be_judged_is_a_failure_too(caplog: pytest.LogCaptureFixture) -> None:
    from cotpress.analysis import judge_findings

    def measure(study: StudyMeasurements) -> FindingEvidence:
        return FindingEvidence("much", "Some.")  # type: ignore[arg-type]

    VERDICTS.add("own-claim", FindingTest(PublishedFinding("own-claim", "Ours.", "", "", ""), measure))
    verdict = judge_findings(build_study_tables({}))[-1]
    assert (verdict.finding, verdict.answer, verdict.evidence) == ("own-claim", "cannot tell", "The test failed.")
    assert len(caplog.records) == 1
