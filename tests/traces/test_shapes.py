"""What is found by its shape: columns of an object, lists as Python shows them, pairs, reasoning that is hidden."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from layouts import R2, A, Q, R, assistant, user

from cotpress.errors import InputError
from cotpress.traces import FieldNames, TraceReader, read
from cotpress.traces.places import replace_texts
from cotpress.types import Rejected, Trace

THOUGHT = f"<think>\n{R}\n</think>\n\n{A}"
LONG = f"{R}\n\n" * 5


def open_text(folder: Path, text: str, name: str = "rows.json", **fields: Any) -> TraceReader:
    path = folder / name
    path.write_text(text, "utf-8")
    return read(path, FieldNames(**fields))


def open_row(folder: Path, row: dict[str, Any], **fields: Any) -> TraceReader:
    return open_text(folder, json.dumps(row, ensure_ascii=False) + "\n", "rows.jsonl", **fields)


def shorten(trace: Trace) -> dict[str, Any]:
    assert trace.origin is not None
    return replace_texts(trace.origin.row, [(place, "Short.") for place in trace.origin.places])


@pytest.mark.parametrize("as_lists", [True, False])
@pytest.mark.parametrize("indent", [None, 2])
def test_an_object_of_columns(tmp_path: Path, as_lists: bool, indent: int | None) -> None:
    rows = [{"question": Q, "reasoning": R, "answer": "42"}, {"question": "2+3?", "reasoning": R2, "answer": "5"}]
    columns = {
        name: values if as_lists else {str(at): value for at, value in enumerate(values)}
        for name in rows[0]
        if (values := [row[name] for row in rows])
    }
    reading = open_text(tmp_path, json.dumps(columns, indent=indent))
    assert str(reading.recognised[0]["container"]).endswith("of columns")
    traces = [trace for trace in reading if isinstance(trace, Trace)]
    assert [(trace.question, trace.reasoning, trace.gold) for trace in traces] == [(Q, R, "42"), ("2+3?", R2, "5")]
    assert shorten(traces[1]) == {**rows[1], "reasoning": "Short."}


@pytest.mark.parametrize(
    "row",
    [
        {"messages": [user(), assistant(THOUGHT)], "tools": ["a", "b"]},
        {"prompt": [user("Hi."), user()], "completion": [assistant(THOUGHT), user("Thanks!")]},
    ],
)
def test_one_row_of_lists_is_no_table(tmp_path: Path, row: dict[str, Any]) -> None:
    reading = open_row(tmp_path, row)
    assert "columns" not in str(reading.recognised[0]["container"])


@pytest.mark.parametrize("text", [THOUGHT, f'<think>It\'s "so": {R}</think>{A}'])
def test_messages_as_python_shows_them(tmp_path: Path, text: str) -> None:
    messages = [user(), assistant(text, tool_calls=None, n=1.5)]
    (trace,) = open_row(tmp_path, {"id": "1", "messages": repr(messages)})
    assert isinstance(trace, Trace)
    assert (trace.question, trace.answer) == (Q, A)
    shown = repr([user(), {**messages[1], "content": text.replace(trace.reasoning, "Short.")}])
    assert shorten(trace) == {"id": "1", "messages": shown}


@pytest.mark.parametrize(
    "text",
    [
        "['a'" + ", ['b'" * 300,
        "[{'a': __import__('os')}]",
        "['a', 1 + ]",
        "['a', {1, 2}]",
        "['a'" + ", 1" * 50_000 + "]",
    ],
)
def test_what_python_would_not_show_stays_text(tmp_path: Path, text: str) -> None:
    (trace,) = open_row(tmp_path, {"question": text, "reasoning": R, "answer": "42"})
    assert isinstance(trace, Trace)
    assert trace.question == text


def test_of_a_pair_the_message_asks_which(tmp_path: Path) -> None:
    row = {"chosen": [user(), assistant(THOUGHT)], "rejected": [user(), assistant(A)]}
    with pytest.raises(InputError, match="--reasoning chosen or --reasoning rejected"):
        open_row(tmp_path, row)
    (trace,) = open_row(tmp_path, row, reasoning="chosen")
    assert isinstance(trace, Trace)
    assert shorten(trace) == {**row, "chosen": [user(), assistant(THOUGHT.replace(R, "Short."))]}


def test_of_two_replies_neither_is_taken(tmp_path: Path) -> None:
    row = {"chosen": {"from": "gpt", "value": THOUGHT}, "rejected": {"from": "gpt", "value": THOUGHT}}
    with pytest.raises(InputError, match=r"--reasoning chosen\.value"):
        open_row(tmp_path, {"conversations": [{"from": "human", "value": Q}], **row})


@pytest.mark.parametrize(
    "row",
    [
        {"input": Q, "output": [{"type": "reasoning", "summary": [], "encrypted_content": "x"}, assistant(A)]},
        {"messages": [user(), assistant([{"type": "redacted_thinking", "data": "x"}, {"type": "text", "text": A}])]},  # type: ignore[arg-type]
        {"messages": [user(), assistant(A, reasoning_details=[{"type": "reasoning.encrypted", "data": "x"}])]},
    ],
)
def test_a_reply_whose_reasoning_is_hidden_is_no_reasoning(tmp_path: Path, row: dict[str, Any]) -> None:
    (rejected,) = open_row(tmp_path, row)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "empty-reasoning"


def test_a_long_reasoning_inside_a_rendered_text_is_a_copy(tmp_path: Path) -> None:
    row = {
        "question": Q, "reasoning": LONG.strip(), "response": A,
        "template": f"<|user|>{Q}<|reasoning|>{LONG.strip()}<|assistant|>{A}",
    }  # fmt: skip
    (trace,) = open_row(tmp_path, row)
    assert isinstance(trace, Trace)
    assert shorten(trace) == {
        **row, "reasoning": "Short.", "template": f"<|user|>{Q}<|reasoning|>Short.<|assistant|>{A}",
    }  # fmt: skip


def test_a_question_that_holds_the_reasoning_is_not_touched(tmp_path: Path) -> None:
    row = {"prompt": f"Is this right? {LONG.strip()}", "thinking": LONG.strip(), "response": A}
    (trace,) = open_row(tmp_path, row)
    assert isinstance(trace, Trace)
    assert shorten(trace) == {**row, "thinking": "Short."}


@pytest.mark.parametrize(
    ("messages", "note"),
    [
        ([user(), assistant(R), user("And?"), assistant(R2)], "no message marks its reasoning"),
        ([user(), assistant("+")], "most reasonings are a few characters"),
    ],
)
def test_conversations_that_mark_nothing_are_told(tmp_path: Path, messages: list[Any], note: str) -> None:
    reading = open_row(tmp_path, {"messages": messages})
    assert note in str(reading.recognised[0]["warnings"])


def test_the_label_of_a_class_and_a_verdict_are_no_gold_answers(tmp_path: Path) -> None:
    for more in ({"target": True}, {"correct": True}, {"correct": 1}, {"reward_model": {"ground_truth": None}}):
        (trace,) = open_row(tmp_path, {"question": Q, "reasoning": R, **more})
        assert isinstance(trace, Trace)
        assert trace.gold is None


def test_several_gold_answers_are_none(tmp_path: Path) -> None:
    rows = [{"question": Q, "solution": [R], "final_answer": golds} for golds in (["42"], ["42"], ["42", "43"])]
    reading = open_text(tmp_path, json.dumps(rows))
    assert [trace.gold for trace in reading if isinstance(trace, Trace)] == ["42", "42", None]


def test_short_options_in_the_question_by_chance_are_added(tmp_path: Path) -> None:
    (trace,) = open_row(
        tmp_path, {"question": "What is 24 / 12?", "choices": ["1", "2"], "reasoning": R, "answer": "B"}
    )
    assert isinstance(trace, Trace)
    assert trace.question == "What is 24 / 12?\n(A) 1\n(B) 2"


def test_a_tree_of_thoughts_is_no_list_of_steps(tmp_path: Path) -> None:
    thoughts = [{"text": R, "children": [{"text": R2, "children": []}]}]
    with pytest.raises(InputError, match="no field is known to hold reasoning"):
        open_row(tmp_path, {"question": Q, "thoughts": thoughts, "answer": "42"})


@pytest.mark.parametrize("question", ["Roles:\nuser\nassistant\n", "user\nassistant\n", "Who is the superuser\n\n?"])
def test_words_that_begin_turns_elsewhere_are_words_of_a_question(question: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([{"question": question, "response": "<think>2 and 3 make 5.</think>5"}]), "utf-8")
    (trace,) = read(path)
    assert isinstance(trace, Trace)
    assert trace.question == question
