"""The pairs of an output: all rows of all shards, in the order that is asked for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pair_outputs import make_pruned, write_pruned

from cotpress import write
from cotpress.analysis.pairs import find_pairs, list_sort_figures, open_pairs, order_pairs, read_rejected_rows
from cotpress.errors import InputError, OptionError


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pruned(tmp_path_factory.mktemp("pairs") / "out")


def test_pairs_hold_what_the_table_holds(output: Path) -> None:
    pairs = open_pairs(output)
    rows = {row["id"]: row for row in pq.read_table(output / "traces.parquet").to_pylist()}
    for pair in pairs.read(order_pairs(pairs)):
        row = rows.pop(pair.figures.id)
        assert (pair.original, pair.compressed, pair.kept_spans) == (
            row["original"],
            row["compressed"],
            row["kept_spans"],
        )
        assert pair.figures.gauges["equations"] == row["gauge_equations"]
    assert rows == {}


def test_shards_are_one_output(output: Path, tmp_path: Path) -> None:
    (tmp_path / "traces").mkdir()
    (tmp_path / "rejected").mkdir()
    shutil.copy(output / "summary.json", tmp_path)
    shutil.copy(output / "rejected.jsonl", tmp_path / "rejected" / "b.jsonl")
    (tmp_path / "rejected" / "a.jsonl").write_text("")
    table = pq.read_table(output / "traces.parquet")
    pq.write_table(table.slice(0, 1), tmp_path / "traces" / "a.parquet")
    pq.write_table(table.slice(1), tmp_path / "traces" / "b.parquet", row_group_size=1)
    pairs = open_pairs(tmp_path)
    assert [pair.figures.id for pair in pairs.read(find_pairs(pairs, ["none", "some", "all"]))] == [
        "none",
        "some",
        "all",
    ]
    assert [row["id"] for row in read_rejected_rows(tmp_path)] == ["lost"]


def test_the_worst_come_first_and_pairs_without_the_figure_are_left_out(output: Path) -> None:
    pairs = open_pairs(output)

    def order(name: str, best: bool = False) -> list[str]:
        return [figures.id for figures in order_pairs(pairs, name, best)]

    assert order("equations") == ["none", "some", "all"]
    assert order("equations", best=True) == ["some", "all", "none"]  # equal ones in the order of the output
    assert order("tokens") == ["none", "some", "all"]
    assert "none" not in order("reflective_share")  # of an empty text nobody can say
    assert order("reflective_share") == ["all", "some"]  # high is worse


def test_every_gauge_says_what_it_means(output: Path) -> None:
    figures = list_sort_figures(open_pairs(output))
    assert all(figure.about for figure in figures)
    assert not next(figure for figure in figures if figure.name == "undefined_on_use").low_is_worse


def test_a_figure_that_applies_to_no_trace_is_refused(output: Path) -> None:
    with pytest.raises(OptionError, match="'code_blocks' applies to no trace"):
        order_pairs(open_pairs(output), "code_blocks")
    with pytest.raises(OptionError, match="Did you mean 'equations'"):
        order_pairs(open_pairs(output), "equation")


@pytest.mark.parametrize(("received", "nearest"), [("som", "some"), ("nonne", "none")])
def test_an_unknown_id_names_the_nearest(output: Path, received: str, nearest: str) -> None:
    with pytest.raises(OptionError, match=f"Did you mean '{nearest}'"):
        find_pairs(open_pairs(output), [received])


def test_a_table_without_gauges_and_summary_can_be_read(output: Path, tmp_path: Path) -> None:
    table = pq.read_table(output / "traces.parquet")
    old = [name for name in table.column_names if not name.startswith("gauge_") and name != "faithfulness"]
    pq.write_table(table.select(old), tmp_path / "old.parquet")
    pairs = open_pairs(tmp_path / "old.parquet")
    assert pairs.gauge_names == ()
    assert [figure.name for figure in list_sort_figures(pairs)] == ["realized", "tokens"]
    assert len(list(pairs.read(pairs.figures))) == 3


def test_what_is_no_output_is_refused(tmp_path: Path) -> None:
    for name in ("nothing", "empty", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "empty" / "traces.parquet").write_bytes(b"")
    pq.write_table(pa.table({"id": ["1"]}), tmp_path / "other" / "traces.parquet")
    for name in ("nothing", "empty", "other"):
        with pytest.raises(InputError, match="is no finished output"):
            open_pairs(tmp_path / name)


def test_an_output_of_no_traces_is_empty(tmp_path: Path) -> None:
    write([], tmp_path / "out")
    pairs = open_pairs(tmp_path / "out")
    assert order_pairs(pairs) == []
    assert list(pairs.read([])) == []


def test_the_run_says_how_it_cut_steps(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write([make_pruned("a", "10101")], folder)
    summary = json.loads((folder / "summary.json").read_text())
    assert open_pairs(folder).step_mode == "auto"
    summary["method"] = {"method": {"steps": "sentence"}}
    (folder / "summary.json").write_text(json.dumps(summary))
    assert open_pairs(folder).step_mode == "sentence"
