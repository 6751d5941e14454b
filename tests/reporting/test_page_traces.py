"""The trace browser's map, gauges and links, in a browser."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from hostile_study import CONDITION

WebDriverWait = pytest.importorskip("selenium.webdriver.support.ui", reason="selenium is not installed").WebDriverWait

RIGHT = "\ue014"
_CHOOSE = (
    "const one = document.querySelector(arguments[0]); one.value = arguments[1];"
    "for (const name of ['input', 'change']) one.dispatchEvent(new Event(name, {bubbles: true}))"
)


@pytest.fixture(scope="module")
def data(page: Path) -> Any:
    text = page.read_text(encoding="utf-8").partition('id="data">')[2].partition("</script>")[0]
    return json.loads(text)


def _open(browser: Any, page: Path, **link: str) -> Any:
    browser.get("about:blank")
    browser.get_log("browser")  # of the tests before
    browser.get(page.as_uri() + (f"#{urlencode(link)}" if link else ""))
    drawn = "return document.readyState === 'complete' && document.querySelectorAll('#map circle').length > 0"
    WebDriverWait(browser, 60).until(lambda driver: driver.execute_script(drawn))
    return browser


@pytest.fixture
def opened(browser: Any, page: Path) -> Any:
    """The page, freshly loaded."""
    return _open(browser, page)


def _text(browser: Any, selector: str) -> str:
    return browser.execute_script("return document.querySelector(arguments[0]).textContent", selector)


def _count(browser: Any, selector: str) -> int:
    return browser.execute_script("return document.querySelectorAll(arguments[0]).length", selector)


def _address(browser: Any) -> dict[str, str]:
    hash_part = browser.execute_script("return location.hash").removeprefix("#")
    return {name: value for name, (value,) in parse_qs(hash_part).items()}


def test_the_map_has_every_step_and_link_and_shows_what_is_cut(opened: Any, data: Any) -> None:
    trace = data["traces"][0]
    method = next(one for one in trace["methods"] if (one["criterion"], one["granularity"]) == ("nll", "step"))
    least = base64.b64decode(method["percents"])
    for keep in (100, 30):
        opened.execute_script(_CHOOSE, "#keep", str(keep))
        kept = {step for step, percent in zip(trace["steps"], least, strict=True) if percent <= keep}
        broken = [link for link in trace["links"] if link[1] in kept and link[0] not in kept]
        assert _count(opened, "#map circle") == len(trace["need"])
        assert _count(opened, "#map .arc") == len(trace["links"]) > 0
        assert _count(opened, "#map circle.cut") == len(trace["need"]) - len(kept)
        assert _count(opened, "#map .arc.broken") == len(broken)
        assert f"{len(broken)} come" in _text(opened, "#map-state")
    assert broken  # of something the last one was made


def test_the_arrow_keys_go_through_the_map_too(opened: Any, data: Any) -> None:
    trace = data["traces"][0]
    target = trace["links"][0][1]
    opened.find_element("css selector", "#text").send_keys(*[RIGHT] * (trace["steps"].index(target) + 1))
    sources = sorted(source + 1 for source, step, _ in trace["links"] if step == target)
    assert f"It rests on step{'s' * (len(sources) > 1)} {', '.join(map(str, sources))}." in _text(opened, "#unit")
    assert _count(opened, "#map .arc.source") == len(sources)
    assert _count(opened, "#map circle.here") == 1


def test_a_click_on_the_map_goes_to_the_step(opened: Any, data: Any) -> None:
    last = data["traces"][0]["steps"][-1]
    opened.execute_script(
        "const map = document.getElementById('map'), box = map.getBoundingClientRect();"
        "map.dispatchEvent(new MouseEvent('click', {clientX: box.right - 17, clientY: box.top + 9, bubbles: true}))"
    )
    assert f"step {last + 1}" in _text(opened, "#unit")
    within = (
        "const [a, b] = ['#text .here', '#text'].map((one) => document.querySelector(one).getBoundingClientRect());"
        "return a.top >= b.top && a.bottom <= b.bottom"
    )
    assert opened.execute_script(within)


def test_the_gauges_stand_beside_the_text(opened: Any, data: Any) -> None:
    trace, names = data["traces"][0], [gauge["name"] for gauge in data["gauges"]]
    method = next(one for one in trace["methods"] if (one["criterion"], one["granularity"]) == ("nll", "step"))
    rows = opened.execute_script(
        "return [...document.querySelectorAll('#gauges tr')].map((row) => [...row.cells].map((one) => one.textContent))"
    )
    assert _text(opened, "#gauge-ratio") == "kept 0.50"
    assert len(rows) > 5
    for name, whole, kept, rewritten in rows:
        at = names.index(name)
        stored = (trace["original"], method["gauges"][0], trace["rewrites"][0]["gauges"])
        for shown, held in zip((whole, kept, rewritten), stored, strict=True):
            value = held[at] if held else None
            assert shown == "" if value is None else float(shown) == pytest.approx(value, abs=0.006)


def test_the_address_keeps_up_and_opens_the_same_again(opened: Any, data: Any, page: Path) -> None:
    assert _address(opened) == {}  # as long as nothing was chosen
    opened.execute_script(_CHOOSE, "#trace", "1")
    opened.execute_script(_CHOOSE, "#criterion", "entropy")
    opened.find_element("css selector", "[name=granularity][value=token]").click()
    opened.find_element("css selector", "#symbols").click()
    opened.execute_script(_CHOOSE, "#keep", "30")
    trace = data["traces"][1]
    wanted = {"trace": trace["id"], "condition": trace["condition"], "criterion": "entropy", "granularity": "token"}
    wanted |= {"symbols": "1", "keep": "0.30"}
    WebDriverWait(opened, 10).until(lambda driver: _address(driver) == wanted)
    state = _text(opened, "#state")
    opened.get("about:blank")
    _open(opened, page, **wanted)
    assert _text(opened, "#state") == state
    assert _text(opened, "#text") == "".join(trace["units"])
    assert opened.execute_script("return document.getElementById('traces').getBoundingClientRect().top") < 450


def test_a_link_may_name_the_trace_alone(browser: Any, data: Any, page: Path) -> None:
    trace = next(one for one in data["traces"] if one["condition"] == CONDITION)
    _open(browser, page, trace=trace["id"])
    assert _text(browser, "#text") == "".join(trace["units"])
    assert _text(browser, "#kept") == "0.50"


@pytest.mark.parametrize("name", ["gone", "<img src=x onerror='window.pwned = 8'>"])
def test_a_link_to_what_is_not_there_says_so(browser: Any, page: Path, name: str) -> None:
    _open(browser, page, trace=name, keep="NaN", criterion="no", granularity="no")
    assert _text(browser, "#link-state") == f"This page has no trace {name}."
    assert browser.execute_script("return window.pwned ?? null") is None
    assert _count(browser, "#text .u") > 0


def test_nonsense_in_a_link_changes_nothing(browser: Any, data: Any, page: Path) -> None:
    trace = data["traces"][0]
    _open(browser, page, trace=trace["id"], keep="1e9", criterion="<b>", granularity="]", symbols="maybe")
    assert _text(browser, "#kept") == "1.00"
    assert browser.execute_script("return document.getElementById('criterion').value") == "nll"
    assert _count(browser, "#text .u.cut") == 0
    assert browser.get_log("browser") == []


def test_what_a_trace_has_not_is_not_shown(browser: Any, page: Path, tmp_path: Path) -> None:
    shown = "return ['rewrites', 'gauge-rewritten', 'answer-entry'].map((id) => "
    shown += "document.getElementById(id).checkVisibility())"
    assert _open(browser, page).execute_script(shown) == [True, True, True]
    text = page.read_text(encoding="utf-8")
    text = text.replace('"rewrites":[{', '"rewrites":[],"was":[{').replace('"answer":"', '"answer":"","was_answer":"')
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    assert _open(browser, tmp_path / "page.html").execute_script(shown) == [False, False, False]
    cells = "return [...document.querySelectorAll('#gauges tr')].map((row) => row.cells.length)"
    assert set(browser.execute_script(cells)) == {3}


def test_the_first_gauges_are_of_the_text_beside_them(browser: Any, page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert '"gauged":[50]' in text
    (tmp_path / "page.html").write_text(text.replace('"gauged":[50]', '"gauged":[30]'), encoding="utf-8")
    _open(browser, tmp_path / "page.html")
    assert (_text(browser, "#kept"), _text(browser, "#gauge-ratio")) == ("0.30", "kept 0.30")
