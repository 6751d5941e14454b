"""The report of a study as pictures: its first screen, and its trace browser.

    cotpress sweep demo -o runs/demo
    python benchmarks/report_picture.py runs/demo

Builds the report of the run and draws docs/images/report.png and docs/images/report-trace.png with Chromium.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from cotpress.analysis.advice import read_study_models
from cotpress.reporting import build_report
from cotpress.tables import read_study_tables

IMAGES = Path(__file__).resolve().parents[1] / "docs/images"
WIDTH, HEIGHT = 1000, 700  # pixels
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-prefers-reduced-motion")
# name of the picture -> the element at whose top it begins
PICTURES: Final = {"report": "body", "report-trace": "#browser"}
_TOP = "return document.querySelector(arguments[0]).getBoundingClientRect().top + scrollY"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="folder of a study that cotpress sweep ran")
    run = parser.parse_args().run
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (browser and driver):
        sys.exit("chromium and chromedriver are not installed")
    with tempfile.TemporaryDirectory() as folder:
        tables, models = read_study_tables(run), read_study_models(run)
        title = f"The study {run.resolve().name}"
        page = build_report(tables, Path(folder), title=title, sample=4, models=models)
        draw_pictures(page, browser, driver)


def draw_pictures(page: Path, browser: str, driver: str) -> None:
    """The page's pictures, in the light theme."""
    from selenium import webdriver

    options: Any = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in FLAGS:
        options.add_argument(flag)
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        chrome.get(page.as_uri())
        chrome.execute_script("document.documentElement.dataset.theme = 'light'")
        for name, element in PICTURES.items():
            picture = IMAGES / f"{name}.png"
            picture.write_bytes(_take_picture(chrome, element))
            print(f"{picture.relative_to(IMAGES.parents[1])} drawn, {picture.stat().st_size / 1000:.0f} kB")
    finally:
        chrome.quit()


def _take_picture(chrome: Any, element: str) -> bytes:
    top = max(0, chrome.execute_script(_TOP, element) - 12 * (element != "body"))
    clip = {"x": 0, "y": top, "width": WIDTH, "height": HEIGHT, "scale": 1}
    shot = chrome.execute_cdp_cmd(
        "Page.captureScreenshot", {"format": "png", "clip": clip, "captureBeyondViewport": True}
    )
    return base64.b64decode(shot["data"])


if __name__ == "__main__":
    main()
