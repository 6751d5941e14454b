"""A synthetic study of 1,000 cells: how long its report takes to build, how big it is, and how long a browser takes to
open it.

python benchmarks/report_loading.py [--cells 1000]
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from synthetic_study import large_study

from cotpress.reporting import build_report

OPENED = 5  # times
TIMING = "const [page] = performance.getEntriesByType('navigation'); return page.loadEventEnd - page.startTime"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=1000)
    tables = large_study(parser.parse_args().cells)
    print(f"{len(tables.cells):,} cells, {len(tables.answers):,} answers, {len(tables.traces)} traces")
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        page = build_report(tables, Path(folder), title="Synthetic", sample=12)
        built = time.monotonic() - began
        print(f"report: {page.stat().st_size / 1e6:.2f} MB, built in {built:.1f} s")
        _print_opening(page)


def _print_opening(page: Path) -> None:
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (browser and driver):
        print("not opened: chromium and chromedriver are not installed")
        return
    times = sorted(_opened(page, browser, driver) for _ in range(OPENED))
    print(f"opened in {statistics.median(times):.2f} s ({times[0]:.2f} to {times[-1]:.2f}, {OPENED} fresh browsers)")


def _opened(page: Path, browser: str, driver: str) -> float:
    """Seconds from the start of loading to the end of it, all scripts run, in a new browser."""
    from selenium import webdriver

    options: Any = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in FLAGS:
        options.add_argument(flag)
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        chrome.get(page.as_uri())
        return float(chrome.execute_script(TIMING)) / 1000
    finally:
        chrome.quit()


if __name__ == "__main__":
    main()
