"""Whether everybody can use the page: headings, landmarks, sizes of what is clicked, and what axe-core finds."""

from __future__ import annotations

import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

AXE = "axe-core@4.14.1"
TARGET = 44  # pixels
WIDTHS = (400, 1400)

_TARGETS = """
const clicked = "a, button, select, summary, input, [data-clicked]";
return [...document.querySelectorAll(clicked)].map((one) => {
  const own = ["checkbox", "radio"].includes(one.type) ? one.closest("label") : one;
  const box = own.getBoundingClientRect();
  return [own.textContent.trim().slice(0, 40) || own.id, box.width, box.height, own.checkVisibility()];
}).filter(([, width, height, shown]) => shown && Math.min(width, height) < arguments[0] - 0.01);
"""


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core; a test that asks for it skips where it cannot be had."""
    npm, folder = shutil.which("npm"), tmp_path_factory.mktemp("axe")
    if not npm:
        pytest.skip("npm is not installed")
    options = ("--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--fetch-retries=0")
    try:
        subprocess.run([npm, "install", *options, AXE], cwd=folder, check=True, capture_output=True, timeout=120)
        return (folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    except (subprocess.SubprocessError, OSError):
        pytest.skip(f"{AXE} cannot be had")


@pytest.fixture(params=WIDTHS)
def opened(browser: Any, page: Path, request: pytest.FixtureRequest) -> Any:
    """The page in a window of this width, with everything that unfolds open."""
    size = {"width": request.param, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.get("about:blank")
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(page.as_uri())
    browser.execute_script("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    yield browser
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened: Any, axe: str, theme: str) -> None:
    opened.execute_script("document.documentElement.dataset.theme = arguments[0]", theme)
    opened.execute_script(axe)
    found = opened.execute_async_script("axe.run().then((found) => arguments[0](found.violations))")
    told = [(one["id"], one["impact"], [node["target"] for node in one["nodes"]][:5]) for one in found]
    assert not [one for one in told if one[1] in ("serious", "critical")], told


def test_what_is_clicked_is_large_enough(opened: Any) -> None:
    assert opened.execute_script(_TARGETS, TARGET) == []


def test_headings_are_in_order(opened: Any) -> None:
    levels = opened.execute_script(
        "return [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((one) => Number(one.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels)), levels


def test_landmarks_are_there_and_named(opened: Any) -> None:
    for landmark in ("header", "nav[aria-label]", "main", "footer"):
        assert len(opened.find_elements("css selector", landmark)) == 1, landmark
    unnamed = "return [...document.querySelectorAll('section')].filter((one) => !document.getElementById("
    assert opened.execute_script(f"{unnamed}one.getAttribute('aria-labelledby'))).length") == 0


def test_the_first_screen_says_what_to_do(opened: Any) -> None:
    assert opened.execute_script("return document.querySelector('h2').textContent") == "What to do with your traces"
    bottom = "return document.querySelector('.advice .command').getBoundingClientRect().bottom"
    assert opened.execute_script(bottom) < 900
