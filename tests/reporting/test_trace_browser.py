"""What the trace browser is given: texts that tile, shades that rank, percentages that decide as the ratios do."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_study import synthetic_study

from cotpress.analysis.bisection_order import order_by_bisection
from cotpress.reporting.trace_browser import (
    build_browser_data,
    choose_traces,
    encode_percents,
    encode_shades,
    split_text,
)
from cotpress.reporting.trace_gauges import describe_gauges
from cotpress.tables import StudyTables


@pytest.fixture(scope="module")
def tables() -> StudyTables:
    return synthetic_study(traces=5, problems=1, keeps=(0.5,), seeds=(0, 1))


@given(st.lists(st.text(max_size=3), min_size=1))
def test_cut_units_join_to_the_text(parts: list[str]) -> None:
    assert split_text("".join(parts), np.cumsum([len(part) for part in parts])) == parts


@given(st.integers(1, 60).flatmap(lambda total: st.tuples(st.just(total), st.lists(st.integers(0, total), min_size=1))))
def test_a_unit_stays_at_the_same_keep_ratios_as_stored(case: tuple[int, list[int]]) -> None:
    total, kept = case
    stored = (np.array(kept) / total).astype(np.float32)
    least = np.frombuffer(base64.b64decode(encode_percents(stored)), np.uint8)
    for percent in range(101):
        assert (least <= percent).tolist() == [100 * one <= percent * total for one in kept]


def test_what_is_never_kept_stays_out() -> None:
    least = base64.b64decode(encode_percents([np.inf, np.nan, 1.7, 0.0]))
    assert list(least) == [101, 101, 101, 0]


@given(st.lists(st.floats(width=32), min_size=1, max_size=50))
def test_shades_follow_the_order_of_importance(values: list[float]) -> None:
    found = [int(shade) for shade in encode_shades(values)]
    known = [(value, shade) for value, shade in zip(values, found, strict=True) if not np.isnan(value)]
    for value, shade in known:
        assert all(shade <= other for more, other in known if value < more)
        assert all(shade == other for same, other in known if value == same)


def test_shades_use_the_whole_scale() -> None:
    assert encode_shades(range(100))[::10] == "0123456789"


@given(st.integers(0, 200))
def test_spread_visits_every_place_once_from_the_middle(count: int) -> None:
    places = order_by_bisection(count)
    assert sorted(places) == list(range(count))
    assert places[:1] == ([count // 2] if count else [])


def test_conditions_take_turns_and_lengths_are_spread(tables: StudyTables) -> None:
    chosen = choose_traces(tables, 8)
    assert [sum(row["condition"] == name for row in chosen) for name in set(tables.traces["condition"])] == [2] * 4
    assert len(choose_traces(tables, 100)) == len(tables.traces)
    assert choose_traces(tables, 0) == []
    name = chosen[0]["condition"]
    lengths = sorted(tables.traces[tables.traces["condition"] == name]["tokens"])
    assert chosen[0]["tokens"] == lengths[len(lengths) // 2]


def test_a_trace_has_its_methods_and_rewritings(tables: StudyTables) -> None:
    entry = build_browser_data(tables, 1, 10**9, lambda entry: len(json.dumps(entry)))[0]
    row = tables.traces[tables.traces["trace"] == entry["id"]].iloc[0]
    assert "".join(entry["units"]) == row["reasoning"]
    count = len(entry["units"])
    assert all(len(one["shades"]) == len(base64.b64decode(one["percents"])) == count for one in entry["methods"])
    random = [one for one in entry["methods"] if one["criterion"] == "random"]
    assert [(one["granularity"], one["symbols"]) for one in random] == [("step", False), ("token", False)]
    assert entry["essential"] == "".join(str(int(flag)) for flag in row["unit_essential"])
    assert {one["level"] for one in entry["rewrites"]} == {"preserve", "edit", "fuse", "replace"}
    assert {one["target"] for one in entry["rewrites"]} == {0.5}
    assert len(entry["classes"]) == count


def test_realized_ratios_are_those_of_the_study(tables: StudyTables) -> None:
    entries = build_browser_data(tables, 100, 10**9, lambda entry: 1)
    held = tables.compressions[
        (tables.compressions["method"] == "nll") & (tables.compressions["granularity"] == "step")
    ]
    for _, row in held.iterrows():
        kept = 0
        for entry in (one for one in entries if one["condition"] == row["condition"]):
            method = next(one for one in entry["methods"] if (one["criterion"], one["granularity"]) == ("nll", "step"))
            least = np.frombuffer(base64.b64decode(method["percents"]), np.uint8)
            kept += int(np.array(entry["weights"])[least <= 50].sum())
        assert kept == row["tokens_kept"]


def test_without_the_truth_nothing_is_marked() -> None:
    entry = build_browser_data(
        synthetic_study(traces=1, problems=1, keeps=(0.5,), truth=False), 1, 10**9, lambda entry: 1
    )[0]
    assert entry["essential"] == ""


def test_a_giant_is_passed_over(tables: StudyTables) -> None:
    ids = [entry["id"] for entry in build_browser_data(tables, 6, 10**9, lambda entry: 1)]
    giant = ids[2]
    sizes = build_browser_data(tables, 6, 50, lambda entry: 100 if entry["id"] == giant else 1)
    assert [entry["id"] for entry in sizes] == [one for one in ids if one != giant]
    assert build_browser_data(tables, 6, 0, lambda entry: 1) == []


def test_a_trace_has_its_gauges_and_its_map() -> None:
    tables = synthetic_study(traces=2, problems=1, keeps=(0.3, 0.6), levels=("edit",))
    entry = build_browser_data(tables, 1, 10**9, lambda entry: 1)[0]
    assert entry["gauged"] == [30, 60]
    names = describe_gauges()
    assert len(entry["original"]) == len(names)
    assert all([len(figures) for figures in one["gauges"]] == [len(names)] * 2 for one in entry["methods"])
    assert all(len(one["gauges"]) == (len(names) if one["text"] else 0) for one in entry["rewrites"])
    count = entry["steps"][-1] + 1
    assert len(entry["need"]) == count
    assert entry["links"]
    assert all(0 <= source < step < count and 0 < share <= 100 for source, step, share in entry["links"])
