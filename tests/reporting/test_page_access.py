"""Whether everybody can use the pages: headings, landmarks, sizes of what is clicked, and what axe-core finds."""

from __future__ import annotations

import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

AXE = "axe-core@4.14.1"
TARGET = 44  # pixels
WIDTHS = (400, 800, 1400)

_TARGETS = """
const clicked = "a, button, select, summary, input, [data-clicked]";
return [...document.querySelectorAll(clicked)].map((one) => {
  const own = ["checkbox", "radio"].includes(one.type) ? one.closest("label") : one;
  const box = own.getBoundingClientRect();
  return [own.textContent.trim().slice(0, 40) || own.id, box.width, box.height, own.checkVisibility()];
}).filter(([, width, height, shown]) => shown && Math.min(width, height) < arguments[0] - 0.01);
"""
_LONG_TEXTS = """
document.querySelectorAll("#grid td").forEach((cell) => cell.classList.add("long"));
for (const one of document.querySelectorAll(".text, .asked dd")) one.append("A line of a long text.\\n".repeat(200));
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
def window(browser: Any, request: pytest.FixtureRequest) -> Any:
    """The browser with a window of this width."""
    size = {"width": request.param, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.get("about:blank")
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    yield browser
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.fixture
def report(window: Any, page: Path) -> Any:
    """The report, with everything that unfolds open."""
    return _open(window, page)


@pytest.fixture(params=["page", "pair_page"])
def opened(window: Any, request: pytest.FixtureRequest) -> Any:
    """Each page, with everything that unfolds open."""
    return _open(window, request.getfixturevalue(request.param))


def _open(browser: Any, page: Path) -> Any:
    browser.get(page.as_uri())
    browser.execute_script("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    return browser


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


def test_the_first_screen_says_what_to_do(report: Any) -> None:
    assert report.execute_script("return document.querySelector('h2').textContent") == "What to do with your traces"
    bottom = "return document.querySelector('.advice .command').getBoundingClientRect().bottom"
    assert report.execute_script(bottom) < 900


def test_on_paper_nothing_is_cut_and_nothing_is_dark(opened: Any) -> None:
    opened.execute_script(_LONG_TEXTS)
    paper = {"width": 718, "height": 1047, "deviceScaleFactor": 1, "mobile": False}  # A4 within margins of 1 cm
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", paper)
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    opened.execute_script("document.documentElement.dataset.theme = 'dark'")
    try:
        wide = "[...document.querySelectorAll('main *')].filter((one) => one.checkVisibility() && "
        wide += "one.getBoundingClientRect().right > innerWidth + 1)"
        assert opened.execute_script(f"return {wide}.map((one) => `${{one.tagName}} ${{one.className}}`)") == []
        high = "[...document.querySelectorAll('main *')].filter((one) => one.checkVisibility() && "
        high += "one.clientHeight && one.scrollHeight > one.clientHeight + 3 && one.matches('.text, dd, .scroll'))"
        assert opened.execute_script(f"return {high}.map((one) => `${{one.tagName}} ${{one.className}}`)") == []
        controls = opened.find_elements("css selector", "button, select, input")
        assert not [one for one in controls if one.is_displayed() and not one.find_elements("xpath", "ancestor::th")]
        assert opened.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    finally:
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_no_value_reaches_into_the_next_column(window: Any, pair_page: Path) -> None:
    _open(window, pair_page)
    for width in (window.execute_script("return innerWidth"), 718):  # the last on paper
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        window.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        wide = "[...document.querySelectorAll('.values div')].filter((one) => one.scrollWidth > one.clientWidth + 1)"
        assert window.execute_script(f"return {wide}.map((one) => one.textContent)") == []


def test_every_focus_is_seen_and_the_end_is_reached(opened: Any) -> None:
    focused = "const a = document.activeElement;"
    focused += "return [a.className || a.tagName, getComputedStyle(a).outlineStyle, a.checkVisibility()]"
    reached = []
    for _ in range(300):
        opened.switch_to.active_element.send_keys("\ue004")  # tab
        name, outline, shown = opened.execute_script(focused)
        if name == "BODY":  # once around: nothing holds the focus
            break
        assert (outline != "none", shown) == (True, True), name
        reached.append(name)
    else:
        pytest.fail("the focus does not leave the page")
    assert reached[0] == "skip"  # from the page's top
    assert reached[-1] in ("scroll", "text")  # to its end: the last table, the last text
