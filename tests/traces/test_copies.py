"""Copies of the reasoning elsewhere in its row: no export keeps the long one, and nothing else is touched."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from timing import seconds

import cotpress
from cotpress import BudgetConfig, FieldNames, Method
from cotpress.traces import read
from cotpress.traces.copies import find_copies, find_marked_texts, find_tagged_spans
from cotpress.types import Compressed, Rejected, TextPlace

LONG = (
    "Two and three. Hmm, wait, let me think again about it.\n\nWhat is 2+3? It is 2+3=5.\n\nNothing else is to be done."
)
LONGER = LONG.replace("Hmm,", "I write it down slowly, so that it is long. " * 3 + "Hmm,")
TAGGED = f"<think>\n{LONG}\n</think>\n\nIt is 5."
METHOD = Method("head", steps="paragraph", protect=())
BUDGET = BudgetConfig(("0.8",), shortfall="accept")
PAIRS = (("<think>", "</think>"), ("[THINK]", "[/THINK]"))
ROWS: dict[str, dict[str, Any]] = {
    "a reply column": {"question": "2+3?", "reasoning": LONG, "response": TAGGED, "answer": "5"},
    "a reply column in CSV's white space": {
        "question": "2+3?", "reasoning": LONG, "response": TAGGED.replace("\n", "\r\n"), "answer": "5",
    },
    "a column that nobody reads": {"question": "2+3?", "cot": LONG, "meta": {"raw": f"Q: 2+3? A: {TAGGED}"}},
    "generations beside messages": {
        "problem": "2+3?",
        "generations": [TAGGED, "<think>Another way.</think>5"],
        "messages": [{"role": "user", "content": "2+3?"}, {"role": "assistant", "content": TAGGED}],
    },
    "steps": {"question": "2+3?", "steps": LONG.split("\n\n"), "response": TAGGED, "answer": "5"},
    "a column beside messages": {
        "messages": [{"role": "user", "content": "2+3?"}, {"role": "assistant", "content": TAGGED}],
        "thinking": LONG,
    },
    "a long column of any name": {  # as in Multilingual-Thinking
        "messages": [{"role": "user", "content": "2+3?"}, {"role": "assistant", "content": "5", "thinking": LONGER}],
        "analysis": LONGER,
    },
    "JSON in a cell": {
        "messages": [{"role": "user", "content": "2+3?"}, {"role": "assistant", "content": TAGGED}],
        "meta": json.dumps({"raw": {"text": TAGGED}, "n": 1}),
    },
    "an answer inside": {
        "question": "2+3?", "cot": f"{LONG}\n\nThe answer is 5.", "gold": "5",
        "raw_text": f"<think>{LONG}\n\nThe answer is 5.</think> 5",
    },
    "no opening tag": {"question": "2+3?", "reasoning": LONG, "response": f"{LONG}\n</think>\nIt is 5.", "answer": "5"},
}  # fmt: skip


def compress(row: dict[str, Any], folder: Path, export: str, **fields: Any) -> tuple[dict[str, Any] | None, list[Any]]:
    """The row that is written, and the outcomes."""
    path = folder / "rows.jsonl"
    path.write_text(json.dumps(row) + "\n")
    outcomes = list(cotpress.compress(read(path, FieldNames(**fields)), METHOD, keep=BUDGET))
    cotpress.write(outcomes, folder / "out", export=export)
    text = (folder / "out" / "sft.jsonl").read_text()
    return (json.loads(text) if text else None), outcomes


@pytest.mark.parametrize("case", ROWS)
@pytest.mark.parametrize("export", ["same", "messages", "reasoning-content"])
def test_no_export_keeps_the_long_copy(case: str, export: str, tmp_path: Path) -> None:
    written, [outcome] = compress(ROWS[case], tmp_path, export)
    assert isinstance(outcome, Compressed)
    assert "Nothing else" not in outcome.text
    text = json.dumps(written)
    assert "Two and three" in text
    assert "Nothing else" not in text.replace("Nothing else is to be done. The", "")
    if export == "same":
        count = json.dumps(ROWS[case]).count("Two and three")
        assert text.count("Two and three") == count
        assert hide(written, outcome.text) == hide(ROWS[case], outcome.trace.reasoning)


def hide(value: Any, reasoning: str) -> Any:
    """The value without the reasoning, however its white space is."""
    if isinstance(value, dict):
        return {key: hide(part, reasoning) for key, part in value.items()}
    if isinstance(value, list):
        return [text for text in (hide(part, reasoning) for part in value) if text]
    text = str(value).replace("\\n", "\n").replace("\r\n", "\n")
    for piece in (reasoning, *reasoning.split("\n\n")):
        text = text.replace(piece.strip(), "")
    return text


def test_a_reply_that_says_the_reasoning_again_stays(tmp_path: Path) -> None:
    again = LONG.replace("Two", "Now two") * 3
    messages = [
        {"role": "user", "content": "2+3?"},
        {"role": "assistant", "content": again, "reasoning_content": again},
    ]
    written, [outcome] = compress({"messages": messages}, tmp_path, "same")
    assert written is not None
    assert outcome.text != again
    assert written["messages"][1]["content"] == again


def test_another_reasoning_in_the_reply_is_a_reject(tmp_path: Path) -> None:
    row = {"question": "2+3?", "reasoning": LONG, "response": "<think>Quite another.</think>5", "answer": "5"}
    written, [outcome] = compress(row, tmp_path, "same")
    assert written is None
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "repeated-think"


def test_the_answer_that_the_user_names_loses_its_copy(tmp_path: Path) -> None:
    written, [outcome] = compress(
        {"question": "2+3?", "notes": LONG, "reply": TAGGED}, tmp_path, "same", reasoning="notes", answer="reply"
    )
    assert outcome.trace.answer == "It is 5."
    assert "Nothing else" not in json.dumps(written)


@pytest.mark.parametrize("other", [f"{LONG} " * 3 + "And more of it.", (f"{LONG} " * 3)[:250]])
def test_a_text_with_more_or_less_than_the_reasoning_is_no_copy(other: str, tmp_path: Path) -> None:
    row = {"question": "2+3?", "cot": f"{LONG} " * 3, "others": [f"<think>{other}</think>"], "gold": "5"}
    compress(row, tmp_path, "same")
    [rejected] = (tmp_path / "out" / "rejected.jsonl").read_text().splitlines()
    assert json.loads(rejected)["reason"] == "no-place"
    (tmp_path / "again").mkdir()
    written, _ = compress(row, tmp_path / "again", "messages")
    assert written is not None


def test_what_others_say_is_not_touched(tmp_path: Path) -> None:
    row = {
        "messages": [
            {"role": "system", "content": f"Think as here: {TAGGED}"},
            {"role": "user", "content": TAGGED},
            {"role": "assistant", "content": "5", "reasoning_content": LONG},
        ]
    }
    written, _ = compress(row, tmp_path, "same")
    assert written is not None
    assert written["messages"][:2] == row["messages"][:2]
    assert "Nothing else" not in written["messages"][2]["reasoning_content"]


def test_turns_that_say_the_same_stay_two_places(tmp_path: Path) -> None:
    turn = [{"role": "user", "content": "2+3?"}, {"role": "assistant", "content": TAGGED}]
    written, outcomes = compress({"messages": turn + turn, "raw": [TAGGED]}, tmp_path, "same")
    assert [len(outcome.trace.origin.places) for outcome in outcomes] == [2, 1]
    assert "Nothing else" not in json.dumps(written)


def test_only_what_is_marked_counts() -> None:
    marked = find_marked_texts({"answer": "5", "label": "5", "n": 5, "cot": "5"}, PAIRS)
    assert [one.place.path for one in marked] == [("cot",)]


def test_tags_in_a_text() -> None:
    text = "a</think>b<think> c </think>d<think>e"
    assert [text[start:end] for start, end in find_tagged_spans(text, PAIRS)] == ["a", "c"]
    assert list(find_tagged_spans("[THINK]x[/THINK]", PAIRS)) == [(7, 8)]


def test_many_turns_take_linear_time() -> None:
    def find(turns: int) -> None:
        thoughts = [f"Thought {number} is here." for number in range(turns)]
        row = {"a": thoughts, "text": "".join(f"<think>{thought}</think>x" for thought in thoughts)}
        places = [(TextPlace(("a", number), (0, len(thought))),) for number, thought in enumerate(thoughts)]
        turns_found = [(thought, "", place) for thought, place in zip(thoughts, places, strict=True)]
        assert all(len(one) == 2 for one in find_copies(turns_found, find_marked_texts(row, PAIRS)))

    few, many = seconds(partial(find, 500), partial(find, 4000))
    assert many < 30 * few  # 64 times as long if it were quadratic
