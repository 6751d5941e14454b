"""What notebooks show: what was deleted is struck out, everything is escaped, nothing is long; and short reprs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cotpress
from cotpress import Compressed, Rejected, Trace
from cotpress.criteria import CRITERIA
from cotpress.evaluation import EvaluationResult
from cotpress.notebook import MAX_SHOWN_CHARACTERS, MAX_SHOWN_ROWS, render
from cotpress.notebook_view import RunSummary
from cotpress.tables import build_study_tables

HOSTILE = "<script>alert(1)</script> & $x$ <img src=x onerror='y'>"
TAGS = {"p", "b", "div", "del", "ins", "table", "thead", "tbody", "tr", "th", "td", "pre"}


class _Reader(HTMLParser):
    """The text of a page by the tag that it is directly in, and the tags and attributes that it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: dict[str, str] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        tag = self.open[-1] if self.open else ""
        self.texts[tag] = self.texts.get(tag, "") + data


def _read(html: str) -> _Reader:
    page = _Reader(html)
    assert not page.open
    assert page.tags <= TAGS
    assert page.attributes <= {"style", "class"}
    return page


def _outcomes() -> Iterator[Compressed | Rejected]:
    return cotpress.compress([Trace("<1>", "2+3?", f"Well. {HOSTILE}\n\n2+3=5.\n\nWait, no.", "5")], keep=0.6)


def test_what_was_deleted_is_struck_out_and_the_gauges_are_there() -> None:
    trace = Trace("7", "2+3?", "Let me see.\n\n2 + 3 = 5.\n\nSo the answer is 5.", "5")
    outcome = Compressed(trace, "2 + 3 = 5.", np.array([[13, 23]]), 20, 6, 0.5)
    page = _read(outcome._repr_html_())
    assert page.texts["del"] == "Let me see.\n\n\n\nSo the answer is 5."
    assert page.texts["div"] == "2 + 3 = 5."
    assert "20 → 6 tokens, 0.30 kept" in page.texts["p"]
    assert "equations" in page.texts["td"]


def test_a_rewritten_trace_shows_what_was_inserted() -> None:
    outcome = Compressed(Trace("7", "2+3?", "Well, x is 3."), "x = 3.", None, 5, 4, None)
    assert _read(outcome._repr_html_()).texts["ins"] == "="


@settings(max_examples=40, deadline=None)
@given(st.text(st.sampled_from("<>&'\"/ab $\n="), min_size=1, max_size=40))
def test_no_text_becomes_a_tag(text: str) -> None:
    trace = Trace(text, text, f"{text} 2 + 3 = 5.", text)
    for value in (trace, Rejected(text, text, id=text), Compressed(trace, text, None, 9, 3, None, (text,))):
        _read(value._repr_html_())
    _read(RunSummary({text: text, "more": {text: {text: text}}})._repr_html_())


def test_a_long_trace_is_cut() -> None:
    trace = Trace("7", "2+3?", "word " * MAX_SHOWN_CHARACTERS, "5")
    html = Compressed(trace, trace.reasoning, np.array([[0, len(trace.reasoning)]]), 9, 9, None)._repr_html_()
    assert len(html) < 1.5 * MAX_SHOWN_CHARACTERS
    assert "more characters" in html


def test_a_long_table_is_cut() -> None:
    page = _read(RunSummary({f"name{number}": number for number in range(99)})._repr_html_())
    assert f"and {99 - MAX_SHOWN_ROWS} more" in page.texts["p"]


def test_a_gauge_that_fails_is_said_and_the_text_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(outcome: Compressed) -> None:
        raise cotpress.CotpressError("The gauge broke.")

    monkeypatch.setattr("cotpress.notebook.measure_gauges", fail)
    page = _read(next(_outcomes())._repr_html_())
    assert "The gauge broke." in page.texts["p"]
    assert "2+3=5" in page.texts["div"]


def test_readings_summaries_and_results_are_tables(tmp_path: Path) -> None:
    reading = cotpress.read([{"question": "2+3?", "reasoning": "2+3=5.", "answer": "5"}])
    assert "question=question" in _read(reading._repr_html_()).texts["td"]
    summary = cotpress.write(_outcomes(), tmp_path / "out")
    assert "equations" in _read(summary._repr_html_()).texts["td"]
    assert isinstance(cotpress.measure(tmp_path / "out"), RunSummary)
    assert "tokens_per_trace" in _read(cotpress.inspect(reading)._repr_html_()).texts["td"]
    result = cotpress.evaluate("world-llama", ["world_math"], limit=1)
    assert isinstance(result, EvaluationResult)
    assert "world_math" in _read(result._repr_html_()).texts["td"]


def test_advice_shows_the_command_and_what_it_rests_on() -> None:
    advice = cotpress.advise("math", "long")
    page = _read(advice._repr_html_())
    assert page.texts["pre"] == advice.command
    assert "warnings" in page.texts["td"]


def test_tables_of_a_study_say_how_long_they_are() -> None:
    pytest.importorskip("pandas")
    tables = build_study_tables({})
    assert "compressions" in _read(tables._repr_html_()).texts["td"]
    assert "compressions: 0 rows" in repr(tables)


@pytest.mark.parametrize(
    ("value", "most"),
    [
        (Trace("7", "q " * 500, "word " * 5000), 200),
        (Compressed(Trace("7", "q", "word " * 5000), "word " * 900, np.zeros((500, 2), int), 9, 3, 0.5), 140),
        (cotpress.Signals(np.zeros((5000, 2), int), {"nll": np.zeros(5000)}), 60),
        (RunSummary(warnings=["a" * 500] * 50, gauges={f"g{n}": {} for n in range(50)}), 60),
        (cotpress.read([{"question": "2+3?", "reasoning": "2+3=5.", "answer": "5"}]), 140),
        (EvaluationResult({}, ()), 60),
        (cotpress.LM("world-llama"), 20),
        (cotpress.Saliency("world-saliency"), 30),
        (cotpress.NGram.fit([Trace("7", "q", "word " * 500)]), 50),
        (cotpress.load_counter("world-llama"), 50),
        (CRITERIA, 250),
        (cotpress.LLMLingua2("world-saliency"), 40),
        (cotpress.make_chat_writer("any-model", base_url="http://localhost:9/v1"), 40),
        (cotpress.advise("math", "long"), 200),
    ],
)
def test_a_repr_is_short_and_one_line(value: object, most: int) -> None:
    assert len(repr(value)) <= most
    assert " object at " not in repr(value)
    assert "\n" not in repr(value)


def test_what_is_not_known_is_shown_as_its_repr() -> None:
    assert re.fullmatch(r"<pre>.*&lt;object.*</pre>", render(object()))
