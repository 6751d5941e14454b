"""The page of pairs: bounded, of nothing but itself, and its list does what its controls say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hostile_study import HOSTILE

from cotpress.analysis.pairs import OutputPairs, order_pairs
from cotpress.reporting import build_pair_page
from cotpress.reporting.page_assets import build_security_policy
from cotpress.reporting.pair_page import build_pair_entry

DOM = Path(__file__).resolve().parents[1] / "support" / "page_dom.js"


def _get_script(page: str, kind: str = "") -> str:
    found = re.search(f"<script{kind}>(.*?)</script>", page, re.DOTALL)
    assert found
    return found[1]


def test_only_its_own_scripts_may_run_and_texts_stay_texts(pair_page: Path) -> None:
    text = pair_page.read_text(encoding="utf-8")
    style = text.partition("<style>")[2].partition("</style>")[0]
    policy = build_security_policy(_get_script(text), style).replace("'", "&#x27;")
    assert f'content="{policy}"' in text
    assert text.count("<script") == 2
    assert "<img" not in text
    assert "&lt;b&gt;out:" in text
    assert "&lt;script&gt;window.pwned = 1" in text  # the warning
    assert not re.search(r'(?:src|srcset|action|formaction)="|href="(?!#|data:,)', text)


def test_a_pair_has_its_texts_figures_and_steps(pairs: OutputPairs) -> None:
    [pair] = pairs.read([pairs.figures[0]])
    entry = build_pair_entry(pair)
    assert "".join(text for kind, text, _ in entry["parts"] if kind != 2) == pair.original
    assert "".join(text for kind, text, _ in entry["parts"] if kind != 1) == pair.compressed
    assert [step for _, _, step in entry["parts"]] == [0, 1, 1, 2, 3, 4]  # the first kept step leaves its line break
    assert entry["values"]["equations"] == 1.0
    assert entry["values"]["code_blocks"] is None


def test_the_page_is_bounded_and_says_what_it_left_out(pairs: OutputPairs, tmp_path: Path) -> None:
    ordered = order_pairs(pairs, "realized")[:3]
    made = build_pair_page(pairs, ordered, tmp_path / "page.html", order="the worst by realized first", room=1500)
    text = made.path.read_text(encoding="utf-8")
    assert made.pairs < 3
    assert f"{made.pairs} of 4 traces" in text
    assert "the worst by realized first." in text
    assert "did not fit" in text
    assert len(_get_script(text, ' type="application/json" id="data"')) < 1500 + 6000  # with the figures


def _act(page: Path, tmp_path: Path, steps: str) -> Any:
    """What JavaScript gives that acts on the page."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    text = page.read_text(encoding="utf-8")
    (tmp_path / "page.js").write_text(_get_script(text), encoding="utf-8")
    (tmp_path / "data.json").write_text(_get_script(text, ' type="application/json" id="data"'), encoding="utf-8")
    command = [node, str(DOM), str(tmp_path / "page.js"), str(tmp_path / "data.json"), steps]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_list_is_searched_sorted_and_read(pair_page: Path, pairs: OutputPairs, tmp_path: Path) -> None:
    steps = """
      const listed = () => at("list").children.map((entry) => entry.children[0].children[0]);
      const set = (id, what, event) => { Object.assign(at(id), what); fire(id, event); return listed(); };
      const sorts = at("sort").children.map((option) => option.textContent);
      const equations = String(sorts.indexOf("equations") - 1);
      ({
        all: listed(),
        before: at("before").textContent,
        after: at("after").textContent,
        roles: at("before").children.map((part) => part.attributes.role ?? "kept"),
        worst: set("sort", { value: equations }, "change"),
        open: at("pair-title").textContent,
        best: set("best", { checked: true }, "change"),
        few: set("sort", { value: String(sorts.indexOf("restructuring") - 1) }, "change"),
        unsorted: set("sort", { value: "-1" }, "change"),
        flagged: set("flag", { value: "off-budget" }, "change"),
        text: at("before").textContent,
        unflagged: set("flag", { value: "" }, "change"),
        found: set("search", { value: "reALLY? wait" }, "input"),
        state: at("choice-state").textContent,
        hidden: at("pair").hidden,
        again: set("search", { value: "5 * 2" }, "input"),
        next: (fire("next", "click"), at("pair-title").textContent),
        worse: at("values").querySelectorAll(".worse").map((entry) => entry.children[0].textContent),
      });
    """
    told = _act(pair_page, tmp_path, steps)
    [first, hostile] = pairs.read([pairs.figures[0], pairs.figures[3]])
    assert told["all"] == ["some", "none", "all", "<img src=x>"]
    assert (told["before"], told["after"]) == (first.original, first.compressed)
    assert told["roles"] == ["deletion", "deletion", "kept", "deletion", "kept", "deletion"]
    assert told["worst"] == ["none", "some", "all", "<img src=x>"]
    assert told["open"] == "some"  # what was open stays open
    assert told["best"] == ["some", "all", "<img src=x>", "none"]
    assert told["few"] == ["<img src=x>", "some", "none", "all"]  # the others were not rewritten
    assert told["flagged"] == ["<img src=x>"]
    assert told["text"] == hostile.original
    assert told["found"] == []
    assert told["state"] == "0 of 4 traces listed."
    assert told["hidden"] is True
    assert told["again"] == ["some", "none", "all"]
    assert told["next"] == "none"
    assert "equations" in told["worse"]


def test_a_pair_worse_than_random_pruning_is_marked(pair_page: Path, tmp_path: Path) -> None:
    steps = """fire("next", "click");
      [at("pair-title").textContent, at("values-note").hidden,
       at("values").querySelectorAll(".worse").map((entry) => entry.textContent)]"""
    title, hidden, worse = _act(pair_page, tmp_path, steps)
    assert (title, hidden) == ("none", False)
    assert "equations0.000 (mean 0.750, random 0.600)" in worse
    assert not any(entry.startswith("realized") for entry in worse)


def test_a_figure_that_is_not_compared_is_never_marked(pairs: OutputPairs, tmp_path: Path) -> None:
    gauges = {name: {**means, "random": -1.0} for name, means in pairs.summary["gauges"].items()}
    worse = replace(pairs, summary={**pairs.summary, "gauges": gauges})
    page = build_pair_page(worse, worse.figures, tmp_path / "page.html", order="all").path
    steps = 'at("values").querySelectorAll(".worse").map((entry) => entry.children[0].textContent)'
    marked = _act(page, tmp_path, steps)
    assert marked == ["hanging openers", "reflective share"]  # not answer restatements, nor the delimiters: 0 is fine


def test_the_page_in_a_browser(browser: Any, pair_page: Path) -> None:
    browser.get("about:blank")
    browser.get_log("browser"), browser.get_log("performance")
    browser.get(pair_page.as_uri())
    assert browser.execute_script("return document.getElementById('pair-title').textContent") == "some"
    browser.execute_script("document.querySelectorAll('#list button')[3].click()")
    assert browser.execute_script("return document.getElementById('pair-title').textContent") == "<img src=x>"
    text = browser.execute_script("return document.getElementById('after').textContent")
    assert text == " ".join(HOSTILE)
    assert browser.execute_script("return window.pwned ?? null") is None
    assert browser.execute_script("return document.querySelectorAll('#before :not(span), img, iframe').length") == 0
    browser.execute_script("document.querySelector('#list button').click(); document.getElementById('only').click()")
    shown = "return [...document.querySelectorAll('#before .u')].map((part) => part.offsetParent !== null)"
    assert browser.execute_script(shown) == [False, False, True, False, True, False]
    assert browser.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = {event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"}
    assert {url for url in asked if not url.startswith("data:")} == {pair_page.as_uri()}
    for width in (360, 1200):
        sizes = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", sizes)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_before_and_after_share_the_width_and_what_is_absent_is_not_shown(
    browser: Any, pair_page: Path, tmp_path: Path
) -> None:
    browser.get(pair_page.as_uri())
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 1400, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    widths = "return [...document.querySelectorAll('.reader, .reader > article')].map((one) => one.offsetWidth)"
    whole, before, after = browser.execute_script(widths)
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert before == after > 0.45 * whole
    shown = "return ['answer-entry', 'added-key'].map((id) => document.getElementById(id).checkVisibility())"
    assert browser.execute_script(shown) == [True, False]  # pruned: nothing was inserted
    text = pair_page.read_text(encoding="utf-8").replace('"parts":[[1,', '"parts":[[2,')
    (tmp_path / "page.html").write_text(text.replace('"answer":"#### 10"', '"answer":""'), encoding="utf-8")
    browser.get((tmp_path / "page.html").as_uri())
    assert browser.execute_script(shown) == [False, True]
