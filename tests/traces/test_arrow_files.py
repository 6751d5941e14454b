"""Arrow files: of any size of batches, as files and as streams, and damaged ones: no row is lost in silence."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import feather

from cotpress.errors import InputError
from cotpress.traces import read
from cotpress.types import Rejected, Trace

ROWS = [{"question": f"What is {at} + 2?", "reasoning": f"It is {at} + 2. So {at + 2}.", "n": at} for at in range(300)]
TABLE = pa.Table.from_pylist(ROWS)


def write_file(path: Path, table: Any = TABLE, stream: bool = False, each: int = 70) -> Path:
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(str(path), table.schema) as writer:
        writer.write_table(table, max_chunksize=each)
    return path


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", ["rows.arrow", "rows.ipc", "rows.feather"])
def test_files_and_streams(name: str, stream: bool, tmp_path: Path) -> None:
    reading = read(write_file(tmp_path / name, stream=stream))
    assert reading.recognised[0]["container"] == "Arrow"
    assert [trace.question for trace in reading if isinstance(trace, Trace)] == [row["question"] for row in ROWS]


def test_a_feather_file_with_any_name(tmp_path: Path) -> None:
    feather.write_feather(TABLE, str(tmp_path / "rows.jsonl"), compression="zstd")
    assert len(list(read(tmp_path / "rows.jsonl"))) == len(ROWS)


def test_a_row_that_is_no_text_costs_no_other(tmp_path: Path) -> None:
    texts = [row["reasoning"].encode() for row in ROWS[:5]]
    texts[2] = b"It is \xff + 2."
    column = pa.array(texts, pa.binary()).view(pa.string())
    table = pa.table({"question": [row["question"] for row in ROWS[:5]], "reasoning": column})
    outcomes = list(read(write_file(tmp_path / "rows.arrow", table)))
    assert [type(outcome) for outcome in outcomes] == [Trace, Trace, Rejected, Trace, Trace]
    assert isinstance(outcomes[2], Rejected)
    assert outcomes[2].reason == "invalid-utf8"


def test_a_cut_file_is_an_error(tmp_path: Path) -> None:
    path = write_file(tmp_path / "rows.arrow")
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(InputError, match="as Arrow"):
        read(path)


def test_a_cut_stream_gives_what_is_before_the_cut(tmp_path: Path) -> None:
    path = write_file(tmp_path / "rows.arrow", stream=True)
    path.write_bytes(path.read_bytes()[:-400])
    *traces, last = read(path)
    assert len(traces) == 280
    assert isinstance(last, Rejected)
    assert last.reason == "damaged-file"


def test_flipped_bytes_never_end_the_program(tmp_path: Path) -> None:
    whole = write_file(tmp_path / "whole.arrow", TABLE.slice(0, 40), each=10).read_bytes()
    draw, ends = random.Random(0), set()
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(draw.choice((1, 3, 20))):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        (tmp_path / "rows.arrow").write_bytes(damaged)
        try:
            ends |= {type(outcome) for outcome in read(tmp_path / "rows.arrow")}
        except InputError:
            ends.add(InputError)
    assert ends == {Trace, Rejected, InputError}
