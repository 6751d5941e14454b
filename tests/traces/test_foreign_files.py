"""What is no file of traces says what it is; tables as Excel writes them are read."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from cotpress.errors import InputError
from cotpress.traces import read
from cotpress.types import Rejected, Trace

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


def build_tar() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("000001.json"))
    return packed.getvalue()


def build_archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("rows.jsonl", "{}")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rows.jsonl", POINTER, "pointer of Git LFS"),
        ("rows.parquet", POINTER, "pointer of Git LFS"),
        ("rows.jsonl.zip", build_archive(), "ZIP archive"),
        ("rows.jsonl", build_archive(), "ZIP archive"),
        ("rows.json", b"\n<!DOCTYPE html><html><body>401</body></html>", "page of HTML"),
        ("shard-0000.tar", build_tar(), "TAR archive"),
        ("rows.tar.gz", gzip.compress(build_tar(), mtime=0), "TAR archive"),
        ("logs.db", b"SQLite format 3\0" + bytes(100), "SQLite database"),
        ("rows.json", b"<html><body>401</body></html>", "page of HTML"),
    ],
    ids=lambda value: value if isinstance(value, str) else "bytes",  # an archive has the time of its making in it
)
def test_what_a_download_left_is_named(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        read(tmp_path / name)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"question": "2+3?", "response": "5"},\n', "a comma ends the row; sed 's/,$//' takes it off"),
        (b'{"question": "2+3?", "response": "5",}\n', "a comma stands before the closing bracket"),
        (b"// made by hand\n", "JSON has no comments"),
        (b"# made by hand\n", "JSON has no comments"),
        (b'{"question": "caf\xe9?"}\n', "iconv -f WINDOWS-1252 -t UTF-8"),
    ],
)
def test_a_row_that_is_nearly_right_says_what_to_do(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_bytes(content * 2)
    rejected = list(read(tmp_path / "rows.jsonl"))
    assert rejected
    assert all(isinstance(row, Rejected) and said in row.detail for row in rejected)


@pytest.mark.parametrize("mark", [";", "|", "\t", ","])
@pytest.mark.parametrize("lead", ["", "sep={}\r\n"])
def test_tables_with_other_separators(mark: str, lead: str, tmp_path: Path) -> None:
    lines = mark.join(("question", "response")) + "\r\n" + mark.join(("2+3?", '"<think>It is 5.</think>5"')) + "\r\n"
    (tmp_path / "rows.csv").write_text("\ufeff" + lead.format(mark) + lines, "utf-8", newline="")
    (trace,) = read(tmp_path / "rows.csv")
    assert isinstance(trace, Trace)
    assert (trace.question, trace.reasoning, trace.answer) == ("2+3?", "It is 5.", "5")
