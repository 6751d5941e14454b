"""Figures in a browser: one condition large, the others on demand, and each as a file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hostile_study import CONDITION

Select = pytest.importorskip("selenium.webdriver.support.ui", reason="selenium is not installed").Select

FIGURE = "#figure-frontier"
_SHOWN = """
return [...document.querySelectorAll(`${arguments[0]} .panel`)].filter((one) => one.checkVisibility())
  .map((one) => [one.dataset.condition, one.getBoundingClientRect().width])
"""


@pytest.fixture
def opened(browser: Any, page: Path, tmp_path: Path) -> Any:
    """The page, freshly loaded; what it saves goes to the test's folder."""
    browser.get("about:blank")
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    browser.get_log("browser")  # of the tests before
    browser.get(page.as_uri())
    return browser


def _find(browser: Any, selector: str) -> Any:
    return browser.find_element("css selector", f"{FIGURE} {selector}")


def _wait_for(folder: Path, ending: str) -> Path:
    for _ in range(300):
        if found := list(folder.glob(f"*.{ending}")):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no {ending} file in {folder}")


def test_one_condition_is_large_and_the_others_come_on_demand(opened: Any) -> None:
    large = opened.execute_script(_SHOWN, FIGURE)
    assert {name for name, _ in large} == {"math-long"}
    _find(opened, "[data-conditions]").send_keys("\ue015")  # down arrow: by the keyboard alone
    assert {name for name, _ in opened.execute_script(_SHOWN, FIGURE)} == {CONDITION}
    Select(_find(opened, "[data-conditions]")).select_by_visible_text("all, small")
    small = opened.execute_script(_SHOWN, FIGURE)
    assert {name for name, _ in small} == {"math-long", CONDITION}
    assert max(width for _, width in small) < min(width for _, width in large)


def test_the_condition_is_chosen_for_all_figures(opened: Any) -> None:
    Select(_find(opened, "[data-conditions]")).select_by_visible_text(CONDITION)
    shown = opened.execute_script(_SHOWN, "#figures")
    assert len(shown) > 4
    assert {name for name, _ in shown} == {CONDITION}


def test_what_is_shown_is_saved_as_svg(opened: Any, tmp_path: Path) -> None:
    opened.execute_script("document.documentElement.dataset.theme = 'dark'")
    _find(opened, "[data-save=svg]").send_keys("\n")
    saved = _wait_for(tmp_path, "svg")
    assert saved.name == "figure-frontier-tiny-a-bench-math-long.svg"
    text = saved.read_text(encoding="utf-8")
    assert "var(" not in text
    assert "rgb(0, 103, 165)" in text  # the light theme's colour of nll
    sheet = ElementTree.fromstring(text)
    told = [part.text for part in sheet.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Accuracy against budget", "nll", "saliency", "math-long, step", "math-long, token"} <= set(told)
    assert not [title for title in told if CONDITION in (title or "")]


def test_what_is_shown_is_saved_as_png(opened: Any, tmp_path: Path) -> None:
    _find(opened, "[data-save=png]").click()
    pixels = _wait_for(tmp_path, "png").read_bytes()
    width, height = (int.from_bytes(pixels[at : at + 4], "big") for at in (16, 20))
    assert pixels[:8] == b"\x89PNG\r\n\x1a\n"
    assert width > 900
    assert height > 400
    assert len(set(pixels)) > 200  # something is drawn
    assert opened.get_log("browser") == []


def test_the_text_of_a_figure_stands_beside_its_only_panel(opened: Any) -> None:
    opened.execute_script("document.querySelectorAll('.panels > :nth-child(n + 2)').forEach((one) => one.remove())")
    opened.execute_script("document.querySelector('[data-conditions]').dispatchEvent(new Event('change'))")
    boxes = "return ['figcaption', '.panels:not([hidden])'].map((one) => "
    boxes += f"document.querySelector(`{FIGURE} ${{one}}`).getBoundingClientRect())"
    caption, panel = opened.execute_script(boxes)
    assert caption["right"] <= panel["left"]
    assert abs(caption["top"] - panel["top"]) < 40
