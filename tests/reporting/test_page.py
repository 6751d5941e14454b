"""The page as a file: whole, light, the same every time, and of nothing but itself."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hostile_study import hostile_study
from known_results import KnownVerdict, empty_results, known_verdicts

from cotpress.errors import OptionError
from cotpress.reporting.page import count_study_items, place_interval
from cotpress.reporting.page_assets import build_security_policy
from cotpress.reporting.report_writer import slugify, write_report
from cotpress.tables import build_study_tables


class _Elements(HTMLParser):
    """All elements of a page with their attributes, and the text within script and style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] in self.raw and data.strip():
            self.raw[self.found[-1][0]].append(data)


@pytest.fixture(scope="module")
def elements(page: Path) -> _Elements:
    return _Elements(page.read_text(encoding="utf-8"))


def test_everything_is_written(page: Path) -> None:
    names = {path.relative_to(page.parent).as_posix() for path in page.parent.rglob("*") if path.is_file()}
    assert {"report.html", "figures/frontier-tiny-a-bench.svg", "figures/frontier-tiny-b-bench.png"} <= names
    assert {f"tables/accuracy.{ending}" for ending in ("parquet", "csv", "md", "tex")} <= names
    assert page.stat().st_size < 5_000_000


def test_the_page_loads_nothing(elements: _Elements) -> None:
    for tag, attributes in elements.found:
        assert not {"src", "srcset", "action", "formaction", "data", "xlink:href"} & set(attributes), tag
        assert (attributes.get("href") or "#").startswith(("#", "data:,")), tag
        assert not [name for name in attributes if name.startswith("on")], tag
        assert tag not in ("img", "iframe", "object", "embed", "base"), tag


def test_the_policy_fits_the_script_and_the_style(elements: _Elements) -> None:
    told = next(a["content"] for tag, a in elements.found if a.get("http-equiv") == "Content-Security-Policy")
    data, script = elements.raw["script"]
    assert told == build_security_policy(script, elements.raw["style"][0])
    assert len(json.loads(data)["traces"]) == 4
    assert not [attributes for _, attributes in elements.found if "style" in attributes]  # the policy forbids them


def test_controls_have_labels_and_ids_are_unique(elements: _Elements) -> None:
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {tag for tag, _ in elements.found} >= {"main", "nav", "header", "footer", "h1", "h2", "h3"}
    assert all(a.get("aria-label") for tag, a in elements.found if tag == "svg" and a.get("role") == "img")


def test_answers_differ_in_words_and_signs(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    shown = re.findall(r'class="answer"><span aria-hidden="true">(.)</span> ([a-z ]+)</p>', text)
    told = [("✗", "does not hold"), ("✓", "holds")]
    assert shown == [*told, ("?", "cannot tell"), ("?", "cannot tell")]  # answers first


def test_findings_of_which_nothing_could_be_measured_are_folded_up(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    told, folded, _ = re.split(r'<details class="open-findings">|</section>\s*<section id="figures"', text)
    assert "1 finding has no measured effect" in folded
    assert (told.count('id="finding-'), folded.count('id="finding-')) == (3, 1)


def test_a_gauge_puts_zero_and_the_interval_in_order() -> None:
    positive, negative, across, nothing = known_verdicts()
    at = place_interval(positive)
    assert at is not None
    assert 0 < at["zero"] < at["low"] < at["effect"] < at["high"] < 200
    at = place_interval(negative)
    assert at is not None
    assert at["low"] < at["effect"] < at["high"] < at["zero"]
    at = place_interval(across)
    assert at is not None
    assert at["low"] < at["zero"] < at["effect"]
    assert place_interval(nothing) is None
    assert place_interval(KnownVerdict("f", "c", "holds", float("nan"))) is None


def test_the_same_study_gives_the_same_files(page: Path, tmp_path: Path) -> None:
    first = write_report(hostile_study(), empty_results(), tmp_path / "a", "t", 4)
    again = write_report(hostile_study(), empty_results(), tmp_path / "b", "t", 4)
    assert first.read_bytes() == again.read_bytes() != page.read_bytes()


def test_an_empty_study_has_a_page_that_says_so(tmp_path: Path) -> None:
    text = write_report(build_study_tables({}), empty_results(), tmp_path, "Nothing", 12).read_text(encoding="utf-8")
    for said in ("No finding was tested", "nothing to draw", "carries no traces", "There are no tables"):
        assert said in text


def test_a_negative_sample_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="-1"):
        write_report(build_study_tables({}), empty_results(), tmp_path, "t", -1)


def test_names_of_files_are_plain() -> None:
    assert slugify("Qwen/Qwen2.5 7B, <gsm8k>") == "qwen-qwen2.5-7b-gsm8k"
    assert slugify("../../etc") == "etc"


def test_one_of_a_kind_is_no_plural() -> None:
    rows = {name: [{"condition": "a"}] for name in ("compressions", "traces")}
    tables = build_study_tables(
        {**rows, "cells": [{"student": "s", "state": "done"}], "answers": [{"cell": "c"}] * 1200}
    )
    assert count_study_items(tables) == [
        *(("1", name) for name in ("condition", "trace", "way to shorten", "student", "trained cell")),
        ("1,200", "graded answers"),
    ]
