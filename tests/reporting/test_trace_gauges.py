"""The gauges of one trace: those that a run would write, of the text as the page shows it."""

from __future__ import annotations

import logging
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.gauges import GAUGES, TextPair, analyze_text, measure_text_pair
from cotpress.gauges.registry import Gauge
from cotpress.reporting.trace_gauges import TraceGauges, choose_ratios, describe_gauges, find_kept_spans
from cotpress.tables import build_study_tables
from cotpress.types import Trace

UNITS = ("Wait.", " 2 + 3 = 5.", " It rains.", " 5 * 4 = 20.")


@pytest.fixture
def gauges() -> TraceGauges:
    row = {"trace": "1", "question": "How many?", "reasoning": "".join(UNITS), "answer": "20"}
    return TraceGauges({**row, "unit_ends": np.cumsum([len(unit) for unit in UNITS]), "unit_tokens": [1, 5, 3, 5]})


def _read(figures: list[float | None]) -> dict[str, float | None]:
    return dict(zip((gauge["name"] for gauge in describe_gauges()), figures, strict=True))


def test_what_is_kept_is_gauged(gauges: TraceGauges) -> None:
    whole, left = _read(gauges.measure_original()), _read(gauges.measure_kept(np.array([False, True, False, False])))
    assert whole["reflective share"] == 0.25
    assert left["reflective share"] == 0
    assert left["equations"] == 0.5
    text, spans = " 2 + 3 = 5.", np.array([[5, 16]])
    trace = Trace("1", "How many?", "".join(UNITS), "20")
    expected = measure_text_pair(TextPair(trace, analyze_text(trace.reasoning), text, spans, 5 / 14))
    assert list(left.values()) == [None if value is None else round(value, 3) for value in expected.values()]


def test_a_rewriting_is_gauged(gauges: TraceGauges) -> None:
    assert _read(gauges.measure_rewritten("2 + 3 = 5, and 5 * 4 = 20.", 0.8))["equations"] == 1
    assert _read(gauges.measure_rewritten("2 + 3 = 6.", 0.3))["false equalities"] == 1


def test_a_gauge_that_fails_is_one_warning(
    gauges: TraceGauges, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(pair: Any) -> float:
        raise ValueError("no figure")

    monkeypatch.setitem(GAUGES._entries, "numbers", Gauge("numbers", fail))
    with caplog.at_level(logging.WARNING, "cotpress"):
        assert gauges.measure_kept(np.array([True] * 4)) == []
    assert "The gauge 'numbers' failed on trace '1'" in caplog.text


@given(st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=12))
def test_spans_hold_what_is_kept_and_nothing_else(units: list[tuple[int, bool]]) -> None:
    ends = np.cumsum([size for size, _ in units], dtype=np.int64)
    spans = find_kept_spans(ends, [kept for _, kept in units])
    held = {at for start, end in spans.tolist() for at in range(start, end)}
    starts = [0, *ends.tolist()]
    assert held == {at for (_, kept), *span in zip(units, starts, ends, strict=False) if kept for at in range(*span)}
    assert all(first[1] < second[0] for first, second in pairwise(spans))  # none touch


def test_long_traces_are_gauged_at_fewer_ratios() -> None:
    rows = [{"condition": "m", "kind": "criterion", "keep": keep} for keep in (0.9, 0.1, 0.3, 0.5, 0.7)]
    tables = build_study_tables({"compressions": [*rows, {"condition": "n", "kind": "criterion", "keep": 0.2}]})
    found = {size: choose_ratios(tables, "m", size) for size in (10, 100_000, 150_000, 300_000, 300_001)}
    assert list(found.values()) == [[0.1, 0.5, 0.9], [0.1, 0.5, 0.9], [0.1, 0.5], [0.5], []]
    assert choose_ratios(tables, "n", 10) == [0.2]
    assert choose_ratios(tables, "other", 10) == []
