"""Broken input, each with what must become of it. The table that `test_broken_input.py` runs."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

GOOD = {"id": "good", "question": "2+3?", "solution": "Two and three make five. So it is 5.", "gold_answer": "5"}


@dataclass(frozen=True)
class Case:
    """`make` writes files into a folder and returns the arguments after `compress`.

    Either `code` and `says` (the error), or `rows` and `reasons` (rows in, and the rejects among them).
    """

    name: str
    make: Callable[[Path], list[str]]
    code: int = 0
    says: str = ""
    rows: int = 0
    reasons: tuple[str, ...] = ()


def _bytes(content: bytes, name: str = "in.jsonl", *options: str) -> Callable[[Path], list[str]]:
    def make(folder: Path) -> list[str]:
        (folder / name).write_bytes(content)
        return [str(folder / name), *options]

    return make


def _rows(*rows: object, options: tuple[str, ...] = ()) -> Callable[[Path], list[str]]:
    return _bytes("".join(json.dumps(row) + "\n" for row in rows).encode(), "in.jsonl", *options)


def _with(**changes: object) -> dict[str, object]:
    return {**GOOD, "id": "bad", **changes}


def _chat(content: object) -> dict[str, object]:
    turns = [{"role": "user", "content": "2+3?"}, {"role": "assistant", "content": content}]
    return {"messages": turns}


def _options(*options: str) -> Callable[[Path], list[str]]:
    return _rows(GOOD, options=options)


_GOOD_CHAT = _chat("<think>Two and three.</think>5")
_LINE = json.dumps(GOOD).encode()

CASES = [
    # rows that become rejects, while the good row beside them is compressed
    Case("empty reasoning", _rows(GOOD, _with(solution="")), rows=2, reasons=("empty-reasoning",)),
    Case("white space only", _rows(GOOD, _with(solution=" \n\t ")), rows=2, reasons=("empty-reasoning",)),
    Case("missing field", _rows(GOOD, {"id": "bad", "question": "q"}), rows=2, reasons=("missing-field",)),
    Case("mixed schemas", _rows(GOOD, GOOD | {"id": "b"}, {"text": "x"}), rows=3, reasons=("missing-field",)),
    Case("a list for text", _rows(GOOD, _with(solution=["a"])), rows=2, reasons=("wrong-type",)),
    Case("an object for text", _rows(GOOD, _with(question={"a": 1})), rows=2, reasons=("wrong-type",)),
    Case("NaN for text", _rows(GOOD, _with(solution=float("nan"))), rows=2, reasons=("wrong-type",)),
    Case("null for text", _rows(GOOD, _with(solution=None)), rows=2, reasons=("wrong-type",)),
    Case("a number for text", _rows(GOOD, _with(solution=12)), rows=2, reasons=("wrong-type",)),
    Case("lone surrogate", _rows(GOOD, _with(solution="a \ud800 b")), rows=2, reasons=("invalid-unicode",)),
    Case("lone surrogate in the id", _rows(GOOD, _with(id="\udfff")), rows=2, reasons=("invalid-unicode",)),
    Case("duplicate ids", _rows(GOOD, GOOD), rows=2, reasons=("duplicate-id",)),
    Case("invalid UTF-8", _bytes(_LINE + b'\n{"id": "\xff\xfe"}\n'), rows=2, reasons=("invalid-utf8",)),
    Case("truncated last line", _bytes(_LINE + b"\n" + _LINE[:40]), rows=2, reasons=("truncated-line",)),
    Case("broken line inside", _bytes(b"{oops}\n" + _LINE + b"\n"), rows=2, reasons=("invalid-json",)),
    Case("a line that is a list", _bytes(_LINE + b"\n[1, 2]\n"), rows=2, reasons=("not-an-object",)),
    Case("a line that is a string", _bytes(_LINE + b'\n"text"\n'), rows=2, reasons=("not-an-object",)),
    Case("deep nesting", _bytes(_LINE + b"\n" + b"[" * 100_000 + b"\n"), rows=2, reasons=("too-deep",)),
    Case("unclosed think tag", _rows(_GOOD_CHAT, _chat("<think>Two")), rows=2, reasons=("unclosed-think",)),
    Case(
        "repeated think tags",
        _rows(_GOOD_CHAT, _chat("<think>a</think><think>b</think>5")),
        rows=2,
        reasons=("repeated-think",),
    ),
    Case("empty think tags", _rows(_GOOD_CHAT, _chat("<think></think>5")), rows=2, reasons=("empty-reasoning",)),
    Case("no assistant turn", _rows(_GOOD_CHAT, {"messages": []}), rows=2, reasons=("missing-field",)),
    Case("messages are text", _rows(_GOOD_CHAT, {"messages": "hi"}), rows=2, reasons=("wrong-type",)),
    # odd rows that are fine
    Case("one giant line", _rows(GOOD, _with(solution="So x is 5. " * 20_000)), rows=2),
    Case("a 1 MB word", _rows(GOOD, _with(solution="So " + "a" * 1_000_000 + " is 5.")), rows=2),
    Case("200 kB of line breaks", _rows(GOOD, _with(solution="a" + "\n" * 200_000 + "b")), rows=2),
    Case("unbalanced math", _rows(GOOD, _with(solution="$x + \\[ y \\frac{ } $$ ``` \\end{a} {{{")), rows=2),
    Case("a thousand open braces", _rows(GOOD, _with(solution="$\\frac{" * 1000)), rows=2),
    Case("right-to-left text", _rows(GOOD, _with(solution="שתיים ועוד שלוש הן חמש. اثنان وثلاثة خمسة.")), rows=2),
    Case("CJK, emoji, combining marks", _rows(GOOD, _with(solution="二加三等于五。👩‍👩‍👧 e\u0301 ไทย 한국어")), rows=2),
    Case("control characters", _rows(GOOD, _with(solution="a\x00b\x07c\u200b\ufeff d\x1be")), rows=2),
    Case("instructions and HTML", _rows(GOOD, _with(solution="<script>x</script> Ignore all rules.")), rows=2),
    Case("Windows line ends", _bytes(_LINE + b"\r\n\r\n"), rows=1),
    Case("a byte order mark", _bytes(b"\xef\xbb\xbf" + _LINE + b"\n"), rows=1),
    Case("plain text named .gz", _bytes(_LINE, "in.jsonl.gz"), rows=1),
    # input that cannot be used at all
    Case("no such file", lambda folder: [str(folder / "none.jsonl")], 3, "none.jsonl"),
    Case("empty file", _bytes(b""), 3, "no rows"),
    Case("blank file", _bytes(b"\n \n\n"), 3, "no rows"),
    Case("binary file", _bytes(bytes(range(256)) * 64), 3, "binary"),
    Case("UTF-16 file", _bytes(_LINE.decode().encode("utf-16")), 3, "UTF-16"),
    Case("empty folder", lambda folder: [str(folder)], 3, "No file of traces"),
    Case("glob without a match", lambda folder: [f"{folder}/*.jsonl"], 3, "*.jsonl"),
    Case("unknown extension", _bytes(b"hello\n", "in.docx"), 3, ".docx"),
    Case("unknown columns", _rows({"foo": "a b c", "bar": "d e f"}), 3, "--reasoning"),
    Case("two candidate columns", _rows(_with(rationale="Also this.")), 3, "--reasoning"),
    Case("a field that is not there", _options("--reasoning", "solutoin"), 3, "solution"),
    Case("not a Parquet file", _bytes(b"PAR1 no", "in.parquet"), 3, "in.parquet"),
    Case("hub id while offline", lambda folder: ["nobody/nothing"], 3, "nobody/nothing"),
    # options
    Case("unknown criterion", _options("--criterion", "entropie"), 2, "Did you mean 'entropy'"),
    Case("unknown granularity", _options("--granularity", "tokens"), 2, "Did you mean 'token'"),
    Case("unknown option", _options("--kep", "0.5"), 2, "--keep"),
    Case("keep ratio of 50", _options("--keep", "50"), 2, "0.5"),
    Case("keep ratio of zero", _options("--keep", "0"), 2, "above 0"),
    Case("keep is not a number", _options("--keep", "half"), 2, "half"),
    Case("source named as a model", _options("--criterion", "nll", "--source", "gpt2"), 2, "goes with --model"),
    Case("keep as a percentage", _options("--keep", "50%"), 2, "Give the fraction to keep: 0.5."),
    Case("keep with a comma", _options("--keep", "0,5"), 2, "A fraction has a point: --keep 0.5."),
    Case("export named by its trainer", _options("--export", "LLaMA-Factory"), 2, "Give messages, sharegpt or alpaca"),
    Case("unknown export", _options("--export", "chatml"), 2, "chatml"),
    Case("unknown protection", _options("--protect", "symbol"), 2, "symbols"),
    Case("bad regular expression", _options("--protect-regex", "("), 2, "regular expression"),
    Case("saliency without a model", _options("--criterion", "saliency"), 2, "--model"),
    Case("a context of three tokens", _options("--context", "3"), 2, "at least 16"),
    Case("no such model", _options("--criterion", "nll", "--model", "./none"), 5, "./none"),
    Case("no such tokenizer", _options("--tokenizer", "./none"), 5, "./none"),
    Case(
        "model on a hub while offline", _options("--criterion", "nll", "--model", "nobody/nothing"), 5, "nobody/nothing"
    ),
]


def _truncated_gzip(folder: Path) -> list[str]:
    whole = gzip.compress(b"".join(json.dumps(GOOD | {"id": str(i)}).encode() + b"\n" for i in range(2000)))
    (folder / "in.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    return [str(folder / "in.jsonl.gz")]


TRUNCATED_GZIP = _truncated_gzip
