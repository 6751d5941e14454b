"""Tables: intervals join their values, and special signs are escaped in every form."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hostile_study import HOSTILE
from known_results import empty_results, known_results
from synthetic_study import synthetic_study

from cotpress.reporting.report_tables import (
    ReportTable,
    build_page_data,
    build_report_tables,
    format_csv,
    format_latex,
    format_markdown,
    format_parquet,
    format_value,
)
from cotpress.reporting.results import analyze_tables


@pytest.fixture
def sheet() -> ReportTable:
    frame = pd.DataFrame(
        {
            "name": ["a|b", "c_d & 50%"],
            "rate": [0.25, None],
            "low": [0.1, None],
            "high": [0.4, None],
            "gap": [1234.5, -0.5],
            "gap_low": [1000.0, -1.0],
            "gap_high": [2000.0, 0.0],
            "traces": [16, 1200],
            "symbols": [True, False],
        }
    )
    return ReportTable("known", "Known", "What is known.", "rate", frame)


def test_intervals_stand_with_their_values(sheet: ReportTable) -> None:
    assert sheet.columns == ("name", "rate", "gap", "traces", "symbols")
    assert sheet.list_values()[0] == ["a|b", (0.25, 0.1, 0.4), (1234.5, 1000.0, 2000.0), 16, True]


def test_bounds_without_a_value_are_columns_of_their_own() -> None:
    assert ReportTable("n", "t", "c", "", pd.DataFrame({"a": [1], "low": [0], "high": [2]})).columns == (
        "a",
        "low",
        "high",
    )


def test_how_cells_are_written() -> None:
    assert format_value((0.25, 0.1, 0.4)) == "0.250 [0.100, 0.400]"
    assert format_value((0.25, None, None)) == "0.250"
    assert format_value((None, None, None)) == ""
    assert [format_value(cell) for cell in (True, 1200, 1234.5, None, "x")] == ["yes", "1,200", "1,234", "", "x"]


def test_csv_has_every_column_and_full_precision(sheet: ReportTable) -> None:
    rows = list(csv.DictReader(io.StringIO(format_csv(sheet))))
    assert list(rows[0]) == list(sheet.frame.columns)
    assert float(rows[0]["low"]) == 0.1


def test_parquet_has_every_column_with_its_type(sheet: ReportTable) -> None:
    read = pd.read_parquet(io.BytesIO(format_parquet(sheet)))
    pd.testing.assert_frame_equal(read, sheet.frame)


def test_markdown_keeps_pipes_out_of_the_way(sheet: ReportTable) -> None:
    lines = format_markdown(sheet).splitlines()
    assert lines[0] == "| name | rate | gap | traces | symbols |"
    assert lines[2] == "| a\\|b | 0.250 [0.100, 0.400] | 1,234 [1,000, 2,000] | 16 | yes |"
    assert len(lines) == 4


def test_latex_escapes_its_special_signs(sheet: ReportTable) -> None:
    text = format_latex(sheet)
    assert "c\\_d \\& 50\\%" in text
    assert text.count("\\\\\n") == 1 + 1 + 2  # caption, head, rows
    hostile = format_latex(ReportTable("n", "t", "c", "", pd.DataFrame({"a": list(HOSTILE)})))
    body = hostile.partition("\\endhead")[2].partition("\\bottomrule")[0]
    assert not {"$7", " & "} & {body[at : at + 3].strip("\\") for at in range(len(body)) if body[at - 1] != "\\"}


def test_the_page_gets_no_more_rows_than_asked_for(sheet: ReportTable) -> None:
    data = build_page_data(sheet, 1)
    assert (len(data["rows"]), data["total"]) == (1, 2)
    assert data["rows"][0][1] == [0.25, 0.1, 0.4]


def test_all_frames_with_rows_become_sheets() -> None:
    sheets = build_report_tables(known_results())
    assert [sheet.name for sheet in sheets] == [
        *("verdicts", "accuracy", "plateaus", "restructuring", "monotonicity", "cost", "agreement", "deletions"),
        *("redundancy", "recovery"),
    ]
    assert all(sheet.list_values() for sheet in sheets)
    assert sheets[0].list_values()[0][:3] == ["step-agreement", "Criteria agree on which steps to keep.", "holds"]
    assert build_report_tables(empty_results()) == ()


def test_the_plateau_the_knee_and_the_drop_stand_with_their_intervals() -> None:
    (sheet,) = [one for one in build_report_tables(known_results()) if one.name == "plateaus"]
    told = dict(zip(sheet.columns, map(format_value, sheet.list_values()[0]), strict=True))
    assert told["width"] == "0.600 [0.500, 0.700]"
    assert told["knee"] == "0.400 [0.300, 0.500]"
    assert told["drop"] == "0.100"


def test_no_column_of_an_analysis_is_lost_on_its_way_to_paper() -> None:
    tables = synthetic_study(traces=3, problems=6, keeps=(0.3, 0.7), conditions=(("math-long", "math", "long"),))
    sheets = build_report_tables(analyze_tables(tables))
    assert len(sheets) == 10
    for sheet in sheets:
        ends = [end for column in sheet.columns for end in sheet.find_interval_columns(column) or ()]
        assert sorted([*sheet.columns, *ends]) == sorted(sheet.frame.columns), sheet.name


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "+1", "-1", "\t=1"])
def test_no_text_is_a_formula_of_a_spreadsheet(name: str) -> None:
    written = format_csv(ReportTable("t", "T", "", "", pd.DataFrame({"name": [name], "gap": [-0.5]})))
    [_, (cell, gap)] = list(csv.reader(io.StringIO(written)))
    assert cell == f"'{name}"
    assert float(gap) == -0.5


def test_html_in_a_markdown_table_is_text() -> None:
    written = format_markdown(
        ReportTable("t", "T", "", "", pd.DataFrame({"name": ["<img src=x onerror=alert(1)> & <b>"]}))
    )
    assert "<" not in written
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; &lt;b&gt;" in written
