"""Broken rows are rejected one by one, with line and reason; broken files end in one clear error."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cotpress.errors import InputError
from cotpress.traces import FieldNames, read
from cotpress.traces.files import json_rows
from cotpress.types import Rejected, Trace

GOOD = b'{"question": "q", "solution": "r", "answer": "1"}\n'
THINK = b'{"prompt": "q", "completion": "<think>r</think>a"}\n'
PAIR = b'{"question": "q", "thinking": "r", "content": "a"}\n'
CHAT = b'{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "<think>r</think>a"}]}\n'
HASH = b'{"question": "q", "answer": "r\\n#### 1"}\n'


def column(value: str) -> bytes:
    return b'{"question": "q", "solution": ' + value.encode() + b', "answer": "1"}\n'


def think(value: str) -> bytes:
    return json.dumps({"prompt": "q", "completion": value}).encode() + b"\n"


def chat(*messages: Any) -> bytes:
    return json.dumps({"messages": list(messages)}).encode() + b"\n"


USER, REPLY = {"role": "user", "content": "q"}, {"role": "assistant", "content": "<think>r</think>a"}

# (what, good row of the file, bad row, reason, part of the detail)
LINES: list[tuple[str, bytes, bytes, str, str]] = [
    ("unclosed think", THINK, think("<think>r"), "unclosed-think", "never closed"),
    ("closed before opened", THINK, think("r</think>a<think>"), "unclosed-think", "never closed"),
    ("two thinks", THINK, think("<think>r</think>a<think>s</think>b"), "repeated-think", "2 of <think>"),
    ("nested think", THINK, think("<think>r<think>s</think>b"), "repeated-think", "2 of <think>"),
    ("closed twice", THINK, think("r</think>a</think>b"), "repeated-think", "2 of </think>"),
    ("nothing inside", THINK, think("<think>\n\n</think>a"), "empty-reasoning", "empty"),
    ("text before", THINK, think("Well. <think>r</think>a"), "text-before-think", "'Well.'"),
    ("no think at all", THINK, think("just a"), "missing-think", "most rows"),
    ("empty reasoning", GOOD, column('""'), "empty-reasoning", "empty"),
    ("blank reasoning", GOOD, column('" \\n\\t\\u3000"'), "empty-reasoning", "empty"),
    ("empty thinking", PAIR, PAIR.replace(b'"r"', b'""'), "empty-reasoning", "empty"),
    ("empty question", GOOD, GOOD.replace(b'"q"', b'" "'), "empty-question", "question is empty"),
    (
        "missing reasoning",
        GOOD,
        b'{"question": "q", "answer": "1"}\n',
        "missing-field",
        "'solution'; the row has: question",
    ),
    ("missing question", GOOD, b'{"solution": "r"}\n', "missing-field", "no field 'question'"),
    ("missing reply", PAIR, b'{"question": "q", "thinking": "r"}\n', "missing-field", "no field 'content'"),
    ("no mark", HASH, HASH.replace(b"####", b"so"), "missing-field", "does not end in '#### ...'"),
    ("empty object", GOOD, b"{}\n", "missing-field", "no field"),
    ("other schema", CHAT, GOOD, "missing-field", "no field 'messages'"),
    ("null", GOOD, column("null"), "wrong-type", "it holds null"),
    ("number", GOOD, column("72"), "wrong-type", "it holds the number 72"),
    ("NaN", GOOD, column("NaN"), "wrong-type", "it holds the number NaN"),
    ("infinity", GOOD, column("-Infinity"), "wrong-type", "-Infinity"),
    ("huge float", GOOD, column("1e999"), "wrong-type", "Infinity"),
    ("true", GOOD, column("true"), "wrong-type", "it holds true"),
    ("list", GOOD, column('["r", "s"]'), "wrong-type", 'a list ["r", "s"]'),
    ("object", GOOD, column('{"text": "r"}'), "wrong-type", "an object"),
    ("gold is an object", GOOD, GOOD.replace(b'"1"', b'{"1": 1}'), "wrong-type", "text or a number"),
    ("messages is text", CHAT, b'{"messages": "hello"}\n', "wrong-type", "no JSON list"),
    ("messages is a number", CHAT, b'{"messages": 3}\n', "wrong-type", "list of messages"),
    ("messages is empty", CHAT, chat(), "missing-field", "No message is the assistant's"),
    ("message is text", CHAT, chat(USER, "hello"), "wrong-type", "'messages.1' must be a message"),
    ("no assistant", CHAT, chat(USER), "missing-field", "No message is the assistant's"),
    ("no user", CHAT, chat(REPLY), "missing-field", "user's"),
    ("no role", CHAT, chat({"content": "q"}, REPLY), "missing-field", "'messages.0' has neither 'role'"),
    ("odd role", CHAT, chat(USER, {**REPLY, "role": "wizard"}), "unknown-role", '"wizard"; known are'),
    ("role is a list", CHAT, chat(USER, {**REPLY, "role": ["a"]}), "unknown-role", "a list"),
    ("no content", CHAT, chat(USER, {"role": "assistant"}), "missing-field", "neither 'content' nor"),
    ("content is a number", CHAT, chat(USER, {**REPLY, "content": 5}), "wrong-type", "it holds the number 5"),
    ("a part without its text", CHAT, chat({**USER, "content": [{"type": "text"}]}, REPLY), "wrong-type", "text"),
    ("thought is a list", CHAT, chat(USER, {**REPLY, "reasoning_content": [5]}), "wrong-type", "must be text"),
    ("thought twice", CHAT, chat(USER, {**REPLY, "reasoning": "s"}), "repeated-think", "think tags as well"),
    ("cut off", PAIR, PAIR.replace(b"}", b', "done_reason": "length"}'), "cut-off", "done_reason is 'length'"),
    ("cut off by tokens", PAIR, PAIR.replace(b"}", b', "stop_reason": "max_tokens"}'), "cut-off", "max_tokens"),
    ("bad UTF-8", GOOD, column('"r?"').replace(b"?", b"\xff"), "invalid-utf8", "0xff"),
    ("Latin-1", GOOD, column('"caf?"').replace(b"?", b"\xe9"), "invalid-utf8", "0xe9"),
    ("overlong UTF-8", GOOD, column('"?"').replace(b"?", b"\xc0\x80"), "invalid-utf8", "0xc0"),
    ("lone surrogate", GOOD, column('"r \\ud800 s"'), "invalid-unicode", "\\ud800"),
    ("lone surrogate, capitals", GOOD, column('"r \\uDC00 s"'), "invalid-unicode", "\\udc00"),
    ("lone surrogate in a name", GOOD, GOOD.replace(b"}", b', "\\ud800": 1}'), "invalid-unicode", "surrogate"),
    ("no JSON", GOOD, b"hello\n", "invalid-json", "Expecting value"),
    ("trailing comma", GOOD, GOOD.replace(b"}", b",}"), "invalid-json", "Not valid JSON"),
    ("Python's dict", GOOD, b"{'question': 'q', 'solution': 'r'}\n", "invalid-json", "double quotes"),
    ("raw line break", GOOD, b'{"question": "q", "solution": "r\n', "invalid-json", "breaks off after character 32"),
    ("cut off between values", GOOD, b'{"question": "q",\n', "invalid-json", "breaks off after character 17"),
    ("raw NUL", GOOD, column('"\x00"'), "invalid-json", "control character at character"),
    ("two objects", GOOD, GOOD.strip() + GOOD, "invalid-json", "Extra data"),
    ("endless number", GOOD, column("9" * 5000), "invalid-json", "digits"),
    ("deep nesting", GOOD, column("[" * 100_000), "too-deep", "deeply"),
    ("list", GOOD, b"[1, 2]\n", "not-an-object", "a list [1, 2]"),
    ("text", GOOD, b'"hello"\n', "not-an-object", 'the text "hello"'),
    ("null row", GOOD, b"null\n", "not-an-object", "null"),
]


@pytest.mark.parametrize(
    ("good", "bad", "reason", "detail"), [case[1:] for case in LINES], ids=[case[0] for case in LINES]
)
def test_bad_line(good: bytes, bad: bytes, reason: str, detail: str, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(good * 3 + b"\n" + bad + good * 2)
    found = list(read(path))
    assert [type(one) for one in found] == [Trace] * 3 + [Rejected] + [Trace] * 2
    rejected = found[3]
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.line, rejected.source) == (reason, 5, str(path))
    assert detail in rejected.detail
    assert rejected.row == bad.decode("utf-8", "replace").rstrip()[:10_000]
    rejected.detail.encode()


@pytest.mark.parametrize("cut", [-2, -10, -20, -45])
def test_truncated_last_line(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(GOOD * 2 + GOOD.replace(b'"r"', '"é漢🎉"'.encode())[:cut])
    *good, last = read(path)
    assert len(good) == 2
    assert isinstance(last, Rejected)
    assert (last.reason, last.line) == ("truncated-line", 3)


def test_truncated_inside_a_character(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(GOOD + '{"question": "é'.encode()[:-1])
    assert [one.reason for one in read(path) if isinstance(one, Rejected)] == ["truncated-line"]


def test_a_whole_last_line_needs_no_newline(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes((GOOD * 2).rstrip())
    assert [type(one) for one in read(path)] == [Trace, Trace]


ELEMENT = GOOD.strip().decode()


def three(value: str) -> str:
    """An array whose second element holds `value` where the reasoning belongs."""
    return f"[{ELEMENT},{column(value).strip().decode()},{ELEMENT}]"


ARRAYS: list[tuple[str, str, int, list[str]]] = [
    ("cut inside an element", f"[{ELEMENT},{ELEMENT[:20]}", 1, ["truncated-array"]),
    ("cut inside a string", f'[{ELEMENT},{{"question": "q', 1, ["truncated-array"]),
    ("cut after a comma", f"[{ELEMENT},", 1, ["truncated-array"]),
    ("never closed", f"[{ELEMENT},{ELEMENT}", 2, ["truncated-array"]),
    ("text after it", f"[{ELEMENT}] and more", 1, ["invalid-json"]),
    ("two arrays", f"[{ELEMENT}]\n[{ELEMENT}]", 1, ["invalid-json"]),
    ("comma missing", f"[{ELEMENT},{ELEMENT} {ELEMENT},{ELEMENT}]", 2, ["invalid-json"]),
    ("comma twice", f"[{ELEMENT},,{ELEMENT}]", 2, ["invalid-json"]),
    ("comma at the end", f"[{ELEMENT},{ELEMENT},]", 2, []),
    ("stray brace", f"[{ELEMENT}}},{ELEMENT}]", 1, ["invalid-json"]),
    ("not objects", f'[{ELEMENT},1,"x",null,[],{ELEMENT}]', 2, ["not-an-object"] * 4),
    ("NaN", three("NaN"), 2, ["wrong-type"]),
    ("huge integer", three("9" * 40), 2, ["wrong-type"]),
    (
        "lone surrogate",
        three('"\\ud800"'),
        2,
        ["invalid-unicode"],
    ),
    ("deep nesting", f"[{ELEMENT},{'[' * 100_000}{']' * 100_000},{ELEMENT}]", 2, ["too-deep"]),
    ("unbalanced nesting", f"[{ELEMENT},{'[' * 100_000},{ELEMENT}]", 1, ["truncated-array"]),
    ("unclosed quote", f'[{ELEMENT},{{"question": "q, "solution": "r"}},{ELEMENT}]', 1, ["truncated-array"]),
]


@pytest.mark.parametrize(("text", "good", "reasons"), [case[1:] for case in ARRAYS], ids=[case[0] for case in ARRAYS])
def test_broken_array(text: str, good: int, reasons: list[str], tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    found = list(read(path))
    assert sum(isinstance(one, Trace) for one in found) == good
    assert [one.reason for one in found if isinstance(one, Rejected)] == reasons


def test_an_element_that_is_not_utf8_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b"[\n" + b",\n".join([GOOD.strip(), GOOD.strip().replace(b"r", b"\xff"), GOOD.strip()]) + b"\n]\n")
    found = list(read(path))
    assert [type(one) for one in found] == [Trace, Rejected, Trace]
    assert isinstance(found[1], Rejected)
    assert (found[1].reason, found[1].line) == ("invalid-utf8", 2)
    assert "line 3" in found[1].detail


CSVS: list[tuple[str, bytes, int, list[tuple[str, int]]]] = [
    ("too few fields", b"a,b\nc\nd,e\n", 2, [("wrong-columns", 3)]),
    ("too many fields", b"a,b\nc,d,e\n", 1, [("wrong-columns", 3)]),
    ("unclosed quote", b'a,b\nc,"d\ne,f\n', 1, [("truncated-line", 3)]),
    ("text after a quote", b'a,b\n"c"d,e\nf,g\n', 2, [("invalid-csv", 3)]),
    ("not UTF-8", b"a,b\nc,\xff\nd,e\n", 2, [("invalid-utf8", 3)]),
    ("empty cell", b"a,b\nc,\n", 1, [("empty-reasoning", 3)]),
    ("line breaks in quotes", b'a,"b\nb"\nc,\n', 1, [("empty-reasoning", 4)]),
    ("blank lines", b"a,b\n\n\r\nc,d\n", 2, []),
]


@pytest.mark.parametrize(("body", "good", "rejects"), [case[1:] for case in CSVS], ids=[case[0] for case in CSVS])
def test_broken_csv(body: bytes, good: int, rejects: list[tuple[str, int]], tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"question,solution\n" + body)
    found = list(read(path))
    assert sum(isinstance(one, Trace) for one in found) == good
    assert [(one.reason, one.line) for one in found if isinstance(one, Rejected)] == rejects


def test_parquet_row_that_is_not_utf8(tmp_path: Path) -> None:
    texts = pa.array([b"r", b"\xff\xfe", b"s"]).cast(pa.string(), safe=False)
    pq.write_table(pa.table({"question": pa.array(["q"] * 3), "solution": texts}), tmp_path / "x.parquet")
    found = list(read(tmp_path / "x.parquet"))
    assert [type(one) for one in found] == [Trace, Rejected, Trace]
    assert isinstance(found[1], Rejected)
    assert (found[1].reason, found[1].line) == ("invalid-utf8", 2)


def many(count: int) -> bytes:
    return b"".join(GOOD.replace(b'"r"', f'"reason {index * 7919}"'.encode()) for index in range(count))


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_cut_compression_keeps_the_rows_before_it(packing: str, tmp_path: Path) -> None:
    plain = many(5_000)
    packed = bytearray(gzip.compress(plain) if packing == "gzip" else pa.compress(plain, "zstd", asbytes=True))
    del packed[len(packed) // 2 :]
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(packed)
    *good, last = read(path)
    assert len(good) > 1000
    assert all(isinstance(one, Trace) for one in good)
    assert isinstance(last, Rejected)
    assert (last.reason, last.line) == ("damaged-file", len(good) + 1)


def test_a_csv_or_array_in_damaged_compression(tmp_path: Path) -> None:
    table = b"question,solution\n" + b"".join(b"q,r%d\n" % (index * 7919) for index in range(15_000))
    array = b"[" + b",".join(many(6_000).splitlines()) + b"]"
    for name, plain in (("x.csv.gz", table), ("x.json.gz", array)):
        packed = gzip.compress(plain)
        (tmp_path / name).write_bytes(packed[: len(packed) // 2])
        *good, last = read(tmp_path / name)
        assert len(good) > 1000
        assert isinstance(last, Rejected)
        assert last.reason == "damaged-file"


FILES: list[tuple[str, str, bytes, str]] = [
    ("empty", "x.jsonl", b"", "nothing to read"),
    ("blank", "x.jsonl", b"\n \n\t\n", "nothing to read"),
    ("empty array", "x.json", b"[]", "nothing to read"),
    ("empty .json", "x.json", b"", "nothing to read"),
    ("empty CSV", "x.csv", b"", "nothing to read"),
    ("header alone", "x.csv", b"question,solution\n", "nothing to read"),
    ("header twice", "x.csv", b"question,question\na,b\n", "names the column 'question' twice"),
    ("empty gzip", "x.jsonl.gz", gzip.compress(b""), "nothing to read"),
    ("binary", "x.jsonl", bytes(range(256)) * 20, "binary data"),
    ("binary CSV", "x.csv", b"\x00\x01\x02" * 100, "binary data"),
    ("UTF-16", "x.jsonl", GOOD.decode().encode("utf-16"), "UTF-16"),
    ("UTF-16, no mark", "x.jsonl", GOOD.decode().encode("utf-16-le"), "binary data"),
    ("UTF-32", "x.jsonl", GOOD.decode().encode("utf-32"), "UTF-32"),
    ("no Parquet", "x.parquet", GOOD, "as Parquet"),
    ("empty Parquet", "x.parquet", b"", "as Parquet"),
    ("cut Parquet", "x.parquet", b"PAR1" + b"\x00" * 50, "as Parquet"),
    ("a picture", "x.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "binary data"),
    ("prose", "x.txt", b"Once upon a time.\n", "not a kind of file"),
    ("prose as JSONL", "x.jsonl", b"Once upon a time.\n" * 5000, "none of the first 4096 rows"),
]


@pytest.mark.parametrize(("name", "content", "message"), [case[1:] for case in FILES], ids=[case[0] for case in FILES])
def test_a_file_without_traces_is_one_error(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        list(read(path))
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_an_empty_parquet_table(tmp_path: Path) -> None:
    pq.write_table(pa.table({"question": pa.array([], pa.string())}), tmp_path / "x.parquet")
    with pytest.raises(InputError, match="nothing to read"):
        read(tmp_path / "x.parquet")


def test_a_file_of_bad_lines_only_is_all_rejects(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(b"hello\nworld\n")
    reading = read(tmp_path / "x.jsonl")
    assert [one.reason for one in reading if isinstance(one, Rejected)] == ["invalid-json"] * 2
    assert "unreadable" in reading.describe()[0]


def test_one_giant_line(tmp_path: Path) -> None:
    word = "x" * 1_000_000
    for name in ("x.jsonl", "x.json"):
        rows = [{"question": "q", "solution": word + " " + word * 4}, {"question": "q", "solution": "r"}]
        (tmp_path / name).write_text(json.dumps(rows) if name == "x.json" else "\n".join(map(json.dumps, rows)))
        assert [len(one.reasoning) for one in read(tmp_path / name) if isinstance(one, Trace)] == [5_000_001, 1]


def test_a_row_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "MAX_ROW_BYTES", 1000)
    monkeypatch.setattr(json_rows, "CHUNK_BYTES", 100)
    big = GOOD.replace(b'"r"', b'"' + b"x" * 5000 + b'"')
    (tmp_path / "x.jsonl").write_bytes(GOOD + big + GOOD)
    assert [getattr(one, "reason", "") for one in read(tmp_path / "x.jsonl")] == ["", "record-too-long", ""]
    (tmp_path / "x.json").write_bytes(b"[" + GOOD + b"," + big + b"]")
    assert [getattr(one, "reason", "") for one in read(tmp_path / "x.json")] == ["", "record-too-long"]
    (tmp_path / "y.json").write_bytes(b"{\n" + big[1:])
    assert [getattr(one, "reason", "") for one in read(tmp_path / "y.json")] == ["record-too-long"]


def test_rejected_rows_are_cut(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(GOOD + column('["' + "漢" * 50_000 + '"]'))
    rejected = list(read(tmp_path / "x.jsonl"))[1]
    assert isinstance(rejected, Rejected)
    assert len(rejected.row) == 10_000
    assert len(rejected.detail) < 300


def test_right_to_left_and_odd_text_survive(tmp_path: Path) -> None:
    texts = ["שלום \u202eעולם\u202c", "e\u0301 \u200d\ufeff x", "a\u2028b\u2029c\x85d", "🧑‍🔬 = 1"]
    rows = [{"question": "q", "solution": text, "answer": None} for text in texts]
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    assert [one.reasoning for one in read(tmp_path / "x.jsonl") if isinstance(one, Trace)] == texts


def test_nan_gold_and_empty_id(tmp_path: Path) -> None:
    rows = b'{"id": 1, "question": "q", "solution": "r", "answer": "1"}\n' * 1 + (
        b'{"id": 2, "question": "q", "solution": "r", "answer": NaN}\n'
        b'{"id": null, "question": "q", "solution": "r", "answer": "1"}\n'
    )
    (tmp_path / "x.jsonl").write_bytes(rows)
    first, second, third = read(tmp_path / "x.jsonl")
    assert isinstance(first, Trace)
    assert isinstance(second, Trace)
    assert (first.gold, second.gold) == ("1", None)
    assert isinstance(third, Rejected)
    assert third.reason == "missing-field"
    assert "--id auto" in third.detail
    assert all(isinstance(one, Trace) for one in read(tmp_path / "x.jsonl", FieldNames(id="auto")))


def test_damage_inside_compression_is_noticed(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(many(20_000)))
    packed[len(packed) // 2 : len(packed) // 2 + 60] = b"\xff" * 60
    (tmp_path / "x.jsonl.gz").write_bytes(packed)
    found = list(read(tmp_path / "x.jsonl.gz"))
    last = found[-1]
    assert sum(isinstance(one, Trace) for one in found) > 1000
    assert isinstance(last, Rejected)
    assert last.reason == "damaged-file"
