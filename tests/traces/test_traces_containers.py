"""What is written in any format and container is read back as it was."""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cotpress.traces import TRACE_FORMATS, read
from cotpress.traces.files import json_rows
from cotpress.traces.rows import MalformedRowError
from cotpress.traces.think_tags import THINK_TAG_PAIRS
from cotpress.types import Rejected, Trace

Write = Callable[[Path, Sequence[dict[str, Any]]], Path]

# control characters make CSV binary; marks would be read as marks
text = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\r\t\"',;{}[]\\#"), max_size=60)
TAGS = ["<|", *(tag for pair in THINK_TAG_PAIRS for tag in pair)]  # a text with one of them is split there, or rejected
plain = text.filter(lambda one: "####" not in one and not any(tag in one for tag in TAGS))
some = plain.map(str.strip).filter(lambda one: bool(one) and not one.endswith("#"))
short = st.text("0123456789abc./-", min_size=1, max_size=8).filter(lambda one: not one.startswith("."))
traces = st.builds(Trace, st.just(""), some, some, plain.map(str.strip), short)


def _chat(one: Trace, role: str, content: str, names: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {role: names[0], content: one.question},
        {role: names[1], content: f"<think>\n{one.reasoning}\n</think>\n\n{one.answer}"},
    ]


def _fragments(**texts: str) -> dict[str, Any]:
    return {"fragments": [{"type": name, "content": text} for name, text in texts.items()]}


# how a trace is written in each format, and what of it the format cannot hold
WRITERS: dict[str, tuple[Callable[[Trace], dict[str, Any]], Callable[[Trace], dict[str, Any]]]] = {
    "trace": (
        lambda one: {"question": one.question, "reasoning": one.reasoning, "answer": one.answer, "gold": one.gold},
        lambda one: {},
    ),
    "messages": (
        lambda one: {"messages": _chat(one, "role", "content", ("user", "assistant")), "gold": one.gold},
        lambda one: {},
    ),
    "sharegpt": (
        lambda one: {"conversations": _chat(one, "from", "value", ("human", "gpt")), "gold": one.gold},
        lambda one: {},
    ),
    "prompt-completion": (
        lambda one: {"prompt": one.question, "completion": f"<think>{one.reasoning}</think>{one.answer}"},
        lambda one: {"gold": None},
    ),
    "alpaca": (
        lambda one: {"instruction": one.question, "input": "", "output": f"<think>{one.reasoning}</think>{one.answer}"},
        lambda one: {"gold": None},
    ),
    "gsm8k": (
        lambda one: {"question": one.question, "answer": f"{one.reasoning}\n#### {one.gold}"},
        lambda one: {"answer": f"#### {one.gold}"},
    ),
    "answer-is": (
        lambda one: {"instruction": one.question, "output": f"{one.reasoning} The answer is {one.gold}"},
        lambda one: {"answer": f"The answer is {one.gold}"},
    ),
    "harmony": (
        lambda one: {
            "text": f"<|start|>user<|message|>{one.question}<|end|><|start|>assistant<|channel|>analysis<|message|>"
            f"{one.reasoning}<|end|><|start|>assistant<|channel|>final<|message|>{one.answer}<|return|>"
        },
        lambda one: {"gold": None},
    ),
    "session": (
        lambda one: {
            "events": [
                {"type": "session_meta", "payload": {"id": "s"}},
                *(
                    {"type": "response_item", "payload": payload}
                    for payload in (
                        {"type": "message", "role": "user", "content": one.question},
                        {"type": "reasoning", "summary": [{"type": "summary_text", "text": one.reasoning}]},
                        {"type": "message", "role": "assistant", "content": one.answer},
                    )
                ),
            ]
        },
        lambda one: {"gold": None},
    ),
    "spans": (
        lambda one: {
            "attributes": {
                "llm.input_messages": [{"role": "user", "content": one.question}],
                "llm.output_messages": [{"role": "assistant", "content": one.answer, "reasoning": one.reasoning}],
            },
            "gold": one.gold,
        },
        lambda one: {},
    ),
    "conversation-tree": (
        lambda one: {
            "mapping": {
                "a": {"parent": None, "children": ["b"], "message": _fragments(REQUEST=one.question)},
                "b": {"parent": "a", "children": [], "message": _fragments(THINK=one.reasoning, RESPONSE=one.answer)},
            },
            "gold": one.gold,
        },
        lambda one: {},
    ),
    "step-labels": (
        lambda one: {
            "question": {"problem": one.question, "ground_truth_answer": one.gold},
            "label": {"steps": [{"completions": [{"text": one.reasoning}], "chosen_completion": 0}]},
        },
        lambda one: {"answer": ""},
    ),
    "response": (
        lambda one: {
            "prompt": one.question,
            "choices": [{"message": {"role": "assistant", "reasoning_content": one.reasoning, "content": one.answer}}],
        },
        lambda one: {"gold": None},
    ),
    "responses": (
        lambda one: {
            "input": one.question,
            "output": [
                {"type": "reasoning", "summary": [{"type": "summary_text", "text": one.reasoning}]},
                {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": one.answer}]},
            ],
        },
        lambda one: {"gold": None},
    ),
    "gemini": (
        lambda one: {
            "contents": [
                {"role": "user", "parts": [{"text": one.question}]},
                {"role": "model", "parts": [{"text": one.reasoning, "thought": True}, {"text": one.answer}]},
            ]
        },
        lambda one: {"gold": None},
    ),
    "trajectory": (
        lambda one: {
            "task": one.question,
            "steps": [{"thought": one.reasoning, "action": one.answer, "observation": "done"}],
        },
        lambda one: {"gold": None},
    ),
    "samples": (
        lambda one: {"question": one.question, "samples": [f"<think>{one.reasoning}</think>{one.answer}"]},
        lambda one: {"gold": None},
    ),
    "chat-anywhere": (
        lambda one: {
            "trajectory": [
                {"role": "user", "content": one.question},
                {"role": "assistant", "content": one.answer, "reasoning_content": one.reasoning},
            ]
        },
        lambda one: {"gold": None},
    ),
    "rendered": (
        lambda one: {
            "text": f"<|im_start|>user\n{one.question}<|im_end|>\n"
            f"<|im_start|>assistant\n<think>\n{one.reasoning}\n</think>\n\n{one.answer}<|im_end|>"
        },
        lambda one: {"gold": None},
    ),
    "segments": (
        lambda one: {
            "segments": [
                {"label": False, "text": f"{one.question}\n"},
                {"label": True, "text": f"<think>\n{one.reasoning}\n</think>\n\n{one.answer}</s>"},
            ]
        },
        lambda one: {"gold": None},
    ),
    "parallel-samples": (
        lambda one: {"question": one.question, "reasoning": [one.reasoning], "response": [one.answer]},
        lambda one: {"gold": None},
    ),
    "thinking-content": (
        lambda one: {"question": one.question, "thinking": one.reasoning, "content": one.answer, "gold": one.gold},
        lambda one: {},
    ),
    "columns": (
        lambda one: {"question": one.question, "solution": one.reasoning, "gold_answer": one.gold},
        lambda one: {"answer": ""},
    ),
}


def test_every_format_has_a_writer_here() -> None:
    assert set(WRITERS) == set(TRACE_FORMATS)


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(originals=st.lists(traces.filter(lambda one: not one.gold.endswith(".")), min_size=1, max_size=5))
def test_read_back_equal(form: str, originals: list[Trace], write_everywhere: Write) -> None:
    writer, lost = WRITERS[form]
    rows = [{**writer(one), "id": f"r{index}"} for index, one in enumerate(originals)]
    expected = [_without(form, one, index, lost(one)) for index, one in enumerate(originals)]
    with tempfile.TemporaryDirectory() as folder:
        for path in write_everywhere(Path(folder), rows):
            reading = read(path)
            assert reading.recognised[0]["format"] == form
            assert list(reading) == expected


def _without(form: str, one: Trace, index: int, lost: dict[str, Any]) -> Trace:
    whole = {"question": one.question, "reasoning": one.reasoning, "answer": one.answer, "gold": one.gold, **lost}
    return Trace(f"r{index}", **whole, tagged=form not in ("trace", "gsm8k", "answer-is", "columns"))


ROWS = [
    {"id": "a", "question": 'Quote " and, comma\nline', "solution": "é漢字🎉 \\frac{1}{2}\r\n\tx", "answer": "1"},
    {"id": "b", "question": "[{}]", "solution": 'A "]}" in text, \\" and \\\\', "answer": "2"},
    {"id": "c", "question": "wide", "solution": "word " * 500, "answer": "3"},
]


def test_every_container_and_compression(container: Write, tmp_path: Path) -> None:
    path = container(tmp_path, ROWS)
    reading = read(path)
    assert list(reading) == [
        Trace(row["id"], row["question"], row["solution"].strip(), "", row["answer"]) for row in ROWS
    ]
    said = reading.recognised[0]["container"]
    assert {".gz": "gzip", ".zst": "zstd"}.get(path.suffix, "") in said
    assert said.split(",")[0] == {"rows": {"jsonl": "JSONL", "csv": "CSV", "parquet": "Parquet", "arrow": "Arrow"}}.get(
        path.name.split(".")[0], {"json": "JSON array"}
    ).get(path.name.split(".")[1])


def test_compression_is_told_by_content_not_by_name(container: Write, tmp_path: Path) -> None:
    path = container(tmp_path, ROWS)
    bare = path.rename(tmp_path / ("bare" + [part for part in path.suffixes if part not in (".gz", ".zst")][-1]))
    assert [one.id for one in read(bare)] == ["a", "b", "c"]


def test_chat_in_csv_is_json_text(tmp_path: Path, write_everywhere: Write) -> None:
    rows = [{"id": "x", "messages": TRACE_FORMATS["messages"].example["messages"]}]
    expected = [Trace("x", "What is 2 + 3?", "2 and 3 make 5.", "5", tagged=True)]
    for path in write_everywhere(tmp_path, rows):
        assert list(read(path)) == expected


@pytest.mark.parametrize(("delimiter", "name", "said"), [(";", "x.csv", "CSV (;)"), ("\t", "x.tsv", "TSV")])
def test_delimiters(delimiter: str, name: str, said: str, tmp_path: Path) -> None:
    lines = [("question", "solution"), ("a, b", "c; d"), ("e", "f")]
    quoted = [delimiter.join(f'"{cell}"' for cell in line) for line in lines]
    (tmp_path / name).write_text("\r\n".join(quoted) + "\r\n")
    reading = read(tmp_path / name)
    assert [(one.question, one.reasoning) for one in reading] == lines[1:]
    assert reading.recognised[0]["container"] == said


def test_csv_counts_lines_not_records(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('question,solution\n"a\nb",c\n\nd,\ne,f\n')
    found = list(read(tmp_path / "x.csv"))
    assert [one.id for one in found] == ["x-2", "x-5", "x-6"]
    assert isinstance(found[1], Rejected)
    assert (found[1].line, found[1].reason) == (5, "empty-reasoning")


ROW = '{"question": "q", "solution": "r"}'


@pytest.mark.parametrize(
    ("name", "content", "container", "good", "bad"),
    [
        ("a.json", ROW, "JSONL", 1, 0),
        ("a.json", '{\n "question": "q",\n "solution": "r"\n}\n', "JSON object", 1, 0),
        ("a.json", f"{ROW}\n{ROW}\n", "JSONL", 2, 0),
        ("a.json", f'{{"question": "q", \n{ROW}\n', "JSON object", 0, 1),
        ("a.json", f'{{"question": "q", }}\n{ROW}\n', "JSONL", 1, 1),
        ("a.jsonl", f"[{ROW}]", "JSON array", 1, 0),
        ("a.jsonl", f"\n\n{ROW}", "JSONL", 1, 0),
        ("a.jsonl", f"[1, 2]\n{ROW}\n", "JSONL", 1, 1),
        ("traces", f"{ROW}\n", "JSONL", 1, 0),
        ("traces.txt", f"[{ROW}]", "JSON array", 1, 0),
        ("bom.jsonl", f"\ufeff{ROW}\n\ufeff{ROW}\n", "JSONL", 2, 0),
        ("bom.json", f"\ufeff[{ROW}]", "JSON array", 1, 0),
        ("bom.csv", "\ufeffquestion,solution\nq,r\n", "CSV", 1, 0),
    ],
)
def test_what_a_file_is_told_by_its_beginning(
    name: str, content: str, container: str, good: int, bad: int, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    reading = read(tmp_path / name)
    assert reading.recognised[0]["container"] == container
    found = list(reading)
    assert [(one.question, one.reasoning) for one in found if isinstance(one, Trace)] == [("q", "r")] * good
    assert sum(isinstance(one, Rejected) for one in found) == bad


def test_a_long_element_is_not_scanned_again_for_every_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "CHUNK_BYTES", 1000)
    reads: list[int] = []

    class Counted(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            reads.append(size or 0)
            return super().read1(size)

    (row,) = json_rows.read_json_array(Counted(json.dumps([{"text": "x" * 2_000_000}]).encode()))
    assert not isinstance(row.data, MalformedRowError)
    assert len(reads) < 20


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@given(
    rows=st.lists(st.dictionaries(st.text(max_size=6), json_values, max_size=4), max_size=6),
    indent=st.sampled_from([None, 0, 2]),
    escape=st.booleans(),
    chunk=st.integers(1, 40),
)
@settings(max_examples=100, deadline=None)
def test_arrays_are_cut_into_their_elements(
    rows: list[dict[str, Any]], indent: int | None, escape: bool, chunk: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_rows, "CHUNK_BYTES", chunk)
        stream = io.BytesIO(json.dumps(rows, indent=indent, ensure_ascii=escape).encode())
        assert [row.data for row in json_rows.read_json_array(stream)] == rows


@given(
    st.lists(st.sampled_from(['{"a":1}', '"', "\\", "[", "]", "{", "}", ",", " ", "\n", "x", "\ufffd"]), max_size=30)
)
@settings(max_examples=200, deadline=None)
def test_a_broken_array_gives_a_rejection_and_never_an_error(parts: list[str]) -> None:
    whole = "[" + "".join(parts)
    rows = list(json_rows.read_json_array(io.BytesIO(whole.encode())))
    assert [row.line for row in rows] == list(range(1, len(rows) + 1))
    try:
        # a comma before the closing bracket is the one thing that is forgiven
        good = json.loads(re.sub(r"\}\s*,\s*\]\s*$", "}]", whole))
    except ValueError:
        assert any(isinstance(row.data, MalformedRowError) for row in rows)
    else:
        assert len(rows) == len(good)
