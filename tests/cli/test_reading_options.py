"""What the command line says of rows that are odd, and how it writes conversations."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import cotpress

CALL = {"id": "1", "function": {"name": "add", "arguments": "{}"}}


def put(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def chat(**more: Any) -> dict[str, Any]:
    reply = {"role": "assistant", "content": "5", "reasoning_content": "Two and three. Hmm, wait. 2+3=5.", **more}
    return {"id": "c", "messages": [{"role": "user", "content": "2+3?"}, reply]}


@pytest.mark.parametrize(
    ("more", "options", "form"),
    [
        ({"tool_calls": [CALL]}, [], "same"),
        ({}, [], "messages"),
        ({}, ["--export", "same"], "same"),
        ({}, ["--export", "harmony"], "harmony"),
    ],
)
@pytest.mark.parametrize("verb", ["compress", "rewrite"])
def test_the_format_follows_what_the_rows_hold(
    verb: str, more: dict[str, Any], options: list[str], form: str, tmp_path: Path
) -> None:
    path = put(tmp_path / "rows.jsonl", chat(**more))
    assert cotpress(verb, path, "-o", tmp_path / "out", "-q", *options) == 0
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["format"] == form
    row = json.loads((tmp_path / "out" / "sft.jsonl").read_text())
    if form == "same":
        assert {**row["messages"][1], "reasoning_content": ""} == {
            **chat(**more)["messages"][1],
            "reasoning_content": "",
        }
        assert "2+3=5." in (text := row["messages"][1]["reasoning_content"])
        assert "Hmm" not in text


def test_a_format_that_would_lose_calls_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = put(tmp_path / "rows.jsonl", chat(tool_calls=[CALL]))
    assert cotpress("compress", path, "-o", tmp_path / "out", "-q", "--export", "sharegpt") == 3
    said = capsys.readouterr()
    assert "--export same keeps them" in said.out
    assert "1 needs-same-shape: line 1 of" in said.err


@pytest.mark.parametrize("verb", [["inspect"], ["compress", "-q", "-o"]])
def test_where_no_row_can_be_used_the_reasons_are_named(
    verb: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"question": "q", "thinking": thinking, "content": "a"} for thinking in ("", "", "r")]
    path = put(tmp_path / "rows.jsonl", *rows[:2], {**rows[2], "question": ""})
    assert cotpress(*verb, *([tmp_path / "out"] if len(verb) > 1 else []), path) == 3
    said = capsys.readouterr().err
    assert "none of the 3 rows could be used" in said
    assert said.index(f"2 empty-reasoning: line 1 of {path}") < said.index("1 empty-question: line 3")


def test_rows_and_tags_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "all.json"
    path.write_text(json.dumps({"data": [{"question": "2+3?", "reply": "<hm>2 + 3 = 5.</hm>5"}]}))
    options = ["--rows", "data", "--think-tags", "<hm>,</hm>", "--json"]
    assert cotpress("inspect", path, *options) == 0
    assert json.loads(capsys.readouterr().out)["traces"] == 1


def test_what_json_cannot_hold_becomes_text(tmp_path: Path) -> None:
    row = {"question": "2+3?", "thinking": "Two. Three. 2+3=5.", "content": "5", "image": b"\x00\xff",
           "made": datetime.date(2026, 1, 2)}  # fmt: skip
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "rows.parquet")
    assert cotpress("compress", tmp_path / "rows.parquet", "-o", tmp_path / "out", "-q", "--export", "same") == 0
    written = json.loads((tmp_path / "out" / "sft.jsonl").read_text())
    assert (written["image"], written["made"], written["content"]) == ("AP8=", "2026-01-02", "5")
