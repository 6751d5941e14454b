"""The page of what is written names every file, column and field that an output has, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
from command import cotpress

from cotpress import Trace
from cotpress.pipeline.output import directory
from cotpress.world import sample

PAGE = (Path(__file__).parents[1] / "docs" / "outputs.md").read_text(encoding="utf-8")
OF_REWRITING = {"measures", "calls", "level", "rewriter"}


def _list_named(heading: str) -> set[str]:
    """The names in the first column of the table below a heading."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_file_is_named() -> None:
    files = (
        directory.SFT_FILE,
        directory.TRACES_FILE,
        directory.REJECTED_FILE,
        directory.SUMMARY_FILE,
        directory.CARD_FILE,
        directory.INFO_FILE,
        directory.CALLS_FILE,
    )
    assert _list_named("The folder that compress and rewrite write") == set(files)


def test_columns_and_fields_are_those_of_an_output(tmp_path: Path) -> None:
    rows = [
        *({"question": t.question, "reasoning": t.reasoning, "answer": t.gold} for t in _draw()),
        {"question": "2+3?", "reasoning": "", "answer": "5"},
    ]
    source = tmp_path / "traces.jsonl"
    source.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    assert cotpress("compress", source, "-o", tmp_path / "out", "--quiet") == 0
    assert cotpress("rewrite", source, "-o", tmp_path / "edited", "--level", "edit", "--quiet") == 0
    columns = {re.sub("^gauge_.*", "gauge_NAME", name) for name in _read_columns(tmp_path / "out")}
    assert _list_named("Columns of traces.parquet") == columns
    rejected = json.loads((tmp_path / "out" / "rejected.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert _list_named("Fields of rejected.jsonl") == set(rejected)
    named, fields = _list_named("Fields of summary.json"), _read_fields(tmp_path / "out")
    assert named - OF_REWRITING - {"conversations"} == fields
    assert _read_fields(tmp_path / "edited") - fields <= OF_REWRITING


def _draw() -> list[Trace]:
    return [drawn.trace for drawn in sample("math", "long", 3, seed=3)]


def _read_columns(output: Path) -> list[str]:
    return list(pq.read_schema(output / "traces.parquet").names)


def _read_fields(output: Path) -> set[str]:
    return set(json.loads((output / "summary.json").read_text(encoding="utf-8")))
