"""A report of a small, hostile study and a page of pairs, built once, and a browser to look at them with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hostile_study import CONDITION, HOSTILE, hostile_study
from known_results import empty_results, known_results
from pair_outputs import make_pruned, make_rewritten

from cotpress import write
from cotpress.analysis.pairs import OutputPairs, open_pairs
from cotpress.reporting import build_pair_page
from cotpress.reporting.condition_advice import advise_conditions
from cotpress.reporting.report_writer import write_report

CHROMIUM_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1200,900"),
    "--force-prefers-reduced-motion",  # no smooth scrolling: clicks would come too early
)


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the study, titled with a script."""
    known, nothing = known_results(("math-long", CONDITION), ("tiny-a", "tiny-b")), empty_results()
    verdicts = known.verdicts[::-1]  # those that cannot be told first
    study = hostile_study()
    results = replace(known, deletions=nothing.deletions, recovery=nothing.recovery, verdicts=verdicts)  # for speed
    results = replace(results, advice=advise_conditions(study, ()))
    return write_report(study, results, tmp_path_factory.mktemp("report"), HOSTILE[0], 4)


@pytest.fixture(scope="session")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> OutputPairs:
    """An output of three pruned traces and a hostile one that was rewritten."""
    folder = tmp_path_factory.mktemp("pages") / "<b>out"
    hostile = make_rewritten("<img src=x>", "Okay. " + " ".join(HOSTILE), " ".join(HOSTILE))
    write([make_pruned("some", "01010"), make_pruned("none", "00000"), make_pruned("all", "11111"), hostile], folder)
    summary = json.loads((folder / "summary.json").read_text())
    summary["warnings"] = [HOSTILE[0]]
    summary["gauges"]["equations"]["random"] = 0.6
    (folder / "summary.json").write_text(json.dumps(summary))
    return open_pairs(folder)


@pytest.fixture(scope="session")
def pair_page(pairs: OutputPairs) -> Path:
    """The page of the output."""
    return build_pair_page(pairs, pairs.figures, pairs.folder / "page.html", order="all").path


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium without a window; a test that asks for it skips where it is not installed."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and chromedriver):
        pytest.skip("chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for option in (*CHROMIUM_OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    yield driver
    driver.quit()
