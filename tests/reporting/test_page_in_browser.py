"""The page in a browser: what its controls do, that hostile text stays text, and that nothing leaves the page."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hostile_study import HOSTILE

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
WebDriverWait = pytest.importorskip("selenium.webdriver.support.ui", reason="selenium is not installed").WebDriverWait


@pytest.fixture
def opened(browser: Any, page: Path) -> Any:
    """The page, freshly loaded."""
    browser.get("about:blank")  # so that nothing of the page before is taken for this one
    _open(browser, page)
    return browser


def _open(browser: Any, page: Path) -> None:
    """Load it, and wait until its scripts have run: on a busy machine `get` may come back before."""
    browser.get(page.as_uri())
    drawn = "return document.readyState === 'complete' && document.querySelectorAll('#text .u').length > 0"
    WebDriverWait(browser, 60).until(lambda driver: driver.execute_script(drawn))


@pytest.fixture(scope="module")
def data(page: Path) -> Any:
    text = page.read_text(encoding="utf-8").partition('id="data">')[2].partition("</script>")[0]
    return json.loads(text)


def _find(browser: Any, selector: str) -> Any:
    return browser.find_element("css selector", selector)


def _choose(browser: Any, selector: str, value: str) -> None:
    script = (
        "const one = document.querySelector(arguments[0]); one.value = arguments[1];"
        "for (const name of ['input', 'change']) one.dispatchEvent(new Event(name, {bubbles: true}))"
    )
    browser.execute_script(script, selector, value)


def _kept(browser: Any) -> list[bool]:
    return browser.execute_script("return [...document.querySelectorAll('#text .u')].map((u) => !u.matches('.cut'))")


def _expected(data: Any, trace: int, criterion: str, granularity: str, symbols: bool, keep: int) -> list[bool]:
    method = next(
        one
        for one in data["traces"][trace]["methods"]
        if (one["criterion"], one["granularity"], one["symbols"]) == (criterion, granularity, symbols)
    )
    return [least <= keep for least in base64.b64decode(method["percents"])]


def test_the_slider_decides_what_stays(opened: Any, data: Any) -> None:
    _choose(opened, "#criterion", "entropy")
    slider = _find(opened, "#keep")
    for keep in (50, 20, 100):
        _choose(opened, "#keep", str(keep))
        expected = _expected(data, 0, "entropy", "step", False, keep)
        assert _kept(opened) == expected
        assert _find(opened, "#kept").text == f"{keep / 100:.2f}"
        weights = data["traces"][0]["weights"]
        kept = sum(weight for weight, stays in zip(weights, expected, strict=True) if stays)
        assert (
            f"Realized ratio {kept / sum(weights):.3f}: {kept} of {sum(weights)} tokens" in _find(opened, "#state").text
        )
    slider.send_keys("\ue012")  # left arrow
    assert _find(opened, "#kept").text == "0.99"


def test_the_switches_choose_the_ranking(opened: Any, data: Any) -> None:
    _choose(opened, "#criterion", "nll")
    assert not _find(opened, "#symbols").is_enabled()  # steps were not ranked with symbols protected
    _find(opened, "[name=granularity][value=token]").click()
    assert _kept(opened) == _expected(data, 0, "nll", "token", False, 50)
    _find(opened, "#symbols").send_keys(" ")
    assert _kept(opened) == _expected(data, 0, "nll", "token", True, 50)
    _choose(opened, "#criterion", "reflection")  # was ranked by steps alone
    assert not _find(opened, "[name=granularity][value=token]").is_enabled()
    assert _kept(opened) == _expected(data, 0, "reflection", "step", False, 50)


def test_cut_units_say_so_and_can_be_hidden(opened: Any) -> None:
    roles = opened.execute_script(
        "return [...document.querySelectorAll('#text .u')].map((u) => u.getAttribute('role'))"
    )
    assert [role != "deletion" for role in roles] == _kept(opened)
    _find(opened, "#only").click()
    shown = opened.execute_script(
        "return [...document.querySelectorAll('#text .u')].map((u) => u.offsetParent !== null)"
    )
    assert shown == _kept(opened)
    assert False in shown


def test_every_trace_is_shown_byte_for_byte(opened: Any, data: Any) -> None:
    for place, trace in enumerate(data["traces"]):
        _choose(opened, "#trace", str(place))
        assert opened.execute_script("return document.getElementById('text').textContent") == "".join(trace["units"])
        essential = opened.execute_script("return document.querySelectorAll('#text .essential').length")
        assert essential == trace["essential"].count("1") > 0


def test_rewritten_versions_stand_beside(opened: Any, data: Any) -> None:
    for place, rewrite in enumerate(data["traces"][0]["rewrites"]):
        _choose(opened, "#rewrite", str(place))
        shown = opened.execute_script("return document.getElementById('rewritten').textContent")
        assert shown == (rewrite["text"] or "")
        expected = f"Rejected: {rewrite['reason']}" if rewrite["text"] is None else f"{rewrite['realized']:.3f}"
        assert expected in _find(opened, "#rewrite-state").text


def test_arrow_keys_go_from_unit_to_unit(opened: Any, data: Any) -> None:
    text = _find(opened, "#text")
    text.send_keys("\ue014", "\ue014")  # right arrow
    assert opened.execute_script("return document.querySelector('#text .here').dataset.place") == "1"
    assert data["traces"][0]["units"][1].strip() in _find(opened, "#unit").text
    assert "of 10, kept from ratio" in _find(opened, "#unit").text


def test_tables_are_sorted_both_ways_and_filtered(opened: Any, data: Any) -> None:
    table = next(one for one in data["tables"] if one["name"] == "accuracy")
    column = table["columns"].index("accuracy")
    _choose(opened, "#table", "accuracy")
    for direction in ("ascending", "descending"):
        _find(opened, f"#grid th:nth-child({column + 1}) button").send_keys("\n")
        head = _find(opened, "#grid [aria-sort]")
        assert (head.text.split()[0], head.get_attribute("aria-sort")) == ("accuracy", direction)
        assert opened.execute_script("return document.activeElement.textContent") == "accuracy"
        cells = opened.execute_script(
            f"return [...document.querySelectorAll('#grid td:nth-child({column + 1})')].map((one) => one.textContent)"
        )
        expected = sorted((row[column][0] for row in table["rows"]), reverse=direction == "descending")
        assert [float(cell.split()[0]) for cell in cells] == [round(value, 3) for value in expected[: len(cells)]]
    _choose(opened, "#filter", "token SALIENCY")
    rows = opened.execute_script(
        "return [...document.querySelectorAll('#grid tbody tr')].map((one) => one.textContent)"
    )
    assert rows
    assert all("saliency" in row and "token" in row for row in rows)
    assert f"{len(rows)} of {len(rows)} rows shown" in _find(opened, "#table-state").text
    _choose(opened, "#table", "verdicts")
    _choose(opened, "#filter", "step-agreement")
    assert _find(opened, "#table-state").text.startswith("1 of 1 row shown")


def test_long_tables_show_all_rows_on_demand(opened: Any, data: Any) -> None:
    table = next(one for one in data["tables"] if one["name"] == "agreement")
    _choose(opened, "#table", "agreement")
    count = "return document.querySelectorAll('#grid tbody tr').length"
    assert opened.execute_script(count) < len(table["rows"])
    _find(opened, "#more").send_keys("\n")
    assert opened.execute_script(count) == len(table["rows"])
    assert not _find(opened, "#more").is_displayed()


def test_figures_show_one_group_at_a_time_and_tell_their_marks(opened: Any) -> None:
    figure = "#figure-frontier"
    shown = "return [...document.querySelectorAll(arguments[0] + ' .panels')].map((one) => one.offsetParent !== null)"
    assert opened.execute_script(shown, figure) == [True, False]
    _choose(opened, f"{figure} [data-groups]", "1")
    assert opened.execute_script(shown, figure) == [False, True]
    mark = _find(opened, f"{figure} .panels:not([hidden]) [data-tip^='nll: accuracy']")
    webdriver.ActionChains(opened).move_to_element(mark).perform()
    assert ": accuracy" in _find(opened, "#tip").text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_in_both_themes(opened: Any, theme: str) -> None:
    button = _find(opened, "#theme")
    while button.text != f"Theme: {theme}":
        button.click()
    script = """
      const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      function light(colour) {
        canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        const linear = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255)
          .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
      }
      function paint(probe, name) {
        probe.style.color = `var(--${name})`;
        return light(getComputedStyle(probe).color);
      }
      const probe = document.body.appendChild(document.createElement("i"));
      const grounds = ["paper", "card"].map((name) => paint(probe, name));
      return Object.fromEntries(arguments[0].map((name) => [name, Math.min(...grounds.map((ground) => {
        const [dark, bright] = [paint(probe, name), ground].sort((a, b) => a - b);
        return (bright + 0.05) / (dark + 0.05);
      }))]));
    """
    names = ["ink", "muted", "accent", "holds", "fails", "unsure"]
    contrast = opened.execute_script(script, names)
    assert all(contrast[name] >= 4.5 for name in names), contrast
    series = [
        f"s-{name}" for name in ("nll", "entropy", "saliency", "random", "reflection", "head", "tail", "middle-out")
    ]
    contrast = opened.execute_script(script, series)
    assert all(contrast[name] >= 3 for name in series), contrast
    dark = opened.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 28)"
    assert dark == (theme == "dark")


def test_the_kept_text_can_be_read_on_every_shade(opened: Any) -> None:
    shades = opened.execute_script(
        "return new Set([...document.querySelectorAll('#text .u')].map((u) => u.dataset.shade)).size"
    )
    grounds = opened.execute_script(
        "return new Set([...document.querySelectorAll('#text .u:not(.cut)')]"
        ".map((u) => getComputedStyle(u).backgroundColor)).size"
    )
    assert shades > grounds > 1  # what is cut has no ground


def test_everything_can_be_reached_with_the_keyboard(opened: Any) -> None:
    opened.execute_script("document.querySelector('[name=granularity][value=token]').click()")  # symbols: for tokens
    reached = set()
    focused = "const a = document.activeElement; return [a.id || a.className || a.tagName, getComputedStyle(a)"
    for _ in range(200):
        opened.switch_to.active_element.send_keys("\ue004")  # tab
        name, outline = opened.execute_script(f"{focused}.outlineStyle]")
        if name == "BODY":  # once around
            break
        assert outline != "none", name
        reached.add(name)
    assert {"skip", "theme", "trace", "criterion", "symbols", "only", "keep", "text", "rewrite", "table"} <= reached
    assert {"filter", "scroll", "permalink", "SUMMARY", "SELECT", "quiet"} <= reached


@pytest.mark.parametrize("width", [360, 1200])
def test_nothing_is_wider_than_the_window(opened: Any, width: int) -> None:
    opened.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    )
    try:
        assert opened.execute_script("return document.documentElement.scrollWidth") <= width
    finally:
        opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_hostile_text_does_not_run_and_adds_nothing(opened: Any, data: Any) -> None:
    count = "return document.querySelectorAll('img, a[href^=javascript], iframe, object, b b, #text :not(span)').length"
    hostile = next(place for place, one in enumerate(data["traces"]) if one["question"] == HOSTILE[1])
    for place in range(len(data["traces"])):
        _choose(opened, "#trace", str(place))
        assert opened.execute_script(count) == 0
    _choose(opened, "#trace", str(hostile))
    assert opened.execute_script("return document.getElementById('question').textContent") == HOSTILE[1]
    for table in data["tables"]:
        _choose(opened, "#table", table["name"])
        assert opened.execute_script(count) == 0
    assert opened.title.startswith(HOSTILE[0])
    assert opened.execute_script("return document.scripts.length") == 2
    assert opened.execute_script("return window.pwned") is None


def test_a_script_that_does_get_in_is_not_run(opened: Any) -> None:
    opened.execute_script(
        "const one = document.createElement('div'); one.innerHTML = arguments[0]; document.body.append(one);"
        "const two = document.createElement('script'); two.textContent = 'window.pwned = 9'; document.body.append(two)",
        HOSTILE[2],
    )
    assert opened.execute_async_script("setTimeout(() => arguments[0](window.pwned ?? null), 200)") is None
    opened.get_log("browser")  # the refusals are in the log


def test_no_errors_and_no_requests(browser: Any, page: Path) -> None:
    browser.get("about:blank")
    browser.get_log("browser"), browser.get_log("performance")
    _open(browser, page)
    _choose(browser, "#keep", "30")
    assert browser.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = {one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"}
    assert {url for url in asked if not url.startswith("data:")} == {page.as_uri()}
    refused = browser.execute_async_script("fetch('http://localhost:9/').catch(() => 0).then(arguments[0])")
    assert refused == 0


def test_print_hides_controls(opened: Any) -> None:
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not _find(opened, "#browser").is_displayed()
        assert _find(opened, "#text").is_displayed()
        assert opened.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    finally:
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
