"""The report as pictures: its first screen, of a synthetic study, and its trace browser, of the micro world's traces.

    python benchmarks/report_picture.py

Draws docs/images/report.png and docs/images/report-trace.png with Chromium. The tables of the first are made up, as
its title says; the traces of the second are generated, and ranked and rewritten without a model.
"""

from __future__ import annotations

import base64
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from synthetic_study import synthetic_study

from cotpress.reporting import build_report
from cotpress.study import parse_study, sweep
from cotpress.tables import read_study_tables

IMAGES = Path(__file__).resolve().parents[1] / "docs/images"
WIDTH = 1000  # pixels
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-prefers-reduced-motion")
CONDITIONS: Final = (("math-long", "math", "long"), ("general-long", "general", "long"))
TRACES: Final = """
name: A small study
conditions: {math-long: {traces: world, domain: math, regime: long, limit: 12, seed: 500}}
scorer: ngram
pruning: [{criteria: [backbone, nll, random], granularities: [step, token], keep: [0.3, 0.5, 0.7]}]
rewriting: {levels: [preserve, edit]}
students: []
"""
_TOP = "return document.querySelector(arguments[0]).getBoundingClientRect().top + scrollY"


def main() -> None:
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (browser and driver):
        sys.exit("chromium and chromedriver are not installed")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        chrome = _start(browser, driver)
        try:
            _draw(chrome, build_synthetic_report(folder / "synthetic"), "report", "body", 760)
            _draw(chrome, build_trace_report(folder / "traces"), "report-trace", "#browser", 900)
        finally:
            chrome.quit()


def build_synthetic_report(folder: Path) -> Path:
    """The page of a study that nobody ran: four seeds of one student in two conditions."""
    size: dict[str, Any] = {"traces": 4, "problems": 300, "seeds": range(4), "criteria": ("nll", "entropy", "random")}
    tables = synthetic_study(conditions=CONDITIONS, keeps=(0.3, 0.5, 0.7), **size)
    return build_report(tables, folder, title="A synthetic study", sample=1)


def build_trace_report(folder: Path) -> Path:
    """The page of a few traces of the micro world, without students."""
    sweep(parse_study(TRACES, "TRACES"), folder)
    return build_report(read_study_tables(folder), folder, title="A small study", sample=4)


def _start(browser: str, driver: str) -> Any:
    from selenium import webdriver

    options: Any = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in FLAGS:
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))


def _draw(chrome: Any, page: Path, name: str, element: str, height: int) -> None:
    """A picture of the page in the light theme, from the top of an element on."""
    size = {"width": WIDTH, "height": height, "deviceScaleFactor": 1, "mobile": False}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    chrome.get(page.as_uri())
    chrome.execute_script("document.documentElement.dataset.theme = 'light'")
    top = 0 if element == "body" else chrome.execute_script(_TOP, element) - 12
    clip = {"x": 0, "y": top, "width": WIDTH, "height": height, "scale": 1}
    shot = chrome.execute_cdp_cmd(
        "Page.captureScreenshot", {"format": "png", "clip": clip, "captureBeyondViewport": True}
    )
    picture = IMAGES / f"{name}.png"
    picture.write_bytes(base64.b64decode(shot["data"]))
    print(f"docs/images/{picture.name} drawn, {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
