"""Outcomes as a data frame: rows in = rows of the frame."""

from __future__ import annotations

from pathlib import Path

import pytest

import cotpress
from cotpress import Rejected, Trace
from cotpress.errors import InputError

pytest.importorskip("pandas")
TRACES = [
    Trace("1", "2+3?", "Two and three.\n\n2+3=5.", "5"),
    Rejected("cut-off", "No end.", id="2"),
    Trace("3", "4+4?", "Well.\n\n4+4=8.", "8"),
]


def test_a_frame_has_a_row_for_every_outcome() -> None:
    frame = cotpress.to_frame(cotpress.compress(TRACES, cotpress.Method("tail"), keep=0.7))
    assert frame["id"].tolist() == ["1", "2", "3"]
    assert frame["reason"].fillna("").tolist() == ["", "cut-off", ""]
    assert "2+3=5" in frame["compressed"].tolist()[0]
    assert frame["realized_ratio"].between(0, 1).sum() == 2


def test_the_frame_of_a_folder_is_that_of_its_outcomes_with_gauges(tmp_path: Path) -> None:
    cotpress.write(cotpress.compress(TRACES), tmp_path / "out")
    frame = cotpress.to_frame(tmp_path / "out")
    assert sorted(frame["id"]) == ["1", "2", "3"]
    assert frame.set_index("id")["gauge_equations"].dropna().tolist() == [1.0, 1.0]
    assert frame.columns.tolist() == cotpress.to_frame([]).columns.tolist()


def test_counts_are_whole_numbers_beside_rejected_rows() -> None:
    frame = cotpress.to_frame(cotpress.compress([TRACES[0], Trace("2", "?", "")]))
    assert (frame["tokens_original"].dtype, frame["tokens_kept"].dtype) == ("Int64", "Int64")
    assert frame["tokens_kept"].isna().tolist() == [False, True]


def test_a_folder_without_an_output_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no output in"):
        cotpress.to_frame(tmp_path)
