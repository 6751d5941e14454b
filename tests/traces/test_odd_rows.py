"""Nothing silently odd: options, columns that are left out, rows inside objects, ids that repeat, foreign files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from timing import seconds

from cotpress.errors import InputError
from cotpress.traces import FieldNames, TraceReader, read
from cotpress.traces.fields.question_options import add_options, list_options
from cotpress.traces.places import replace_texts, resolve_field
from cotpress.types import Rejected, TextPlace, Trace

Q, R = "What is 2 + 3?", "2 and 3 make 5."


def put(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value, indent=1), "utf-8")
    return path


def open_rows(folder: Path, *rows: dict[str, Any], **fields: Any) -> TraceReader:
    return read(put(folder / "rows.json", list(rows)), FieldNames(**fields))


def get_notes(reading: TraceReader) -> str:
    return "\n".join(line for line in reading.describe() if line.startswith("Note"))


@pytest.mark.parametrize(
    "options",
    [
        ["one", "two"],
        {"A": "one", "B": "two"},
        {"label": ["A", "B"], "text": ["one", "two"]},
        [{"label": "A", "text": "one"}, {"label": "B", "text": "two"}],
        '["one", "two"]',
    ],
)
def test_options_belong_to_the_question(options: Any, tmp_path: Path) -> None:
    (trace,) = open_rows(tmp_path, {"question": Q, "options": options, "thinking": R, "content": "B"})
    assert isinstance(trace, Trace)
    assert trace.question == f"{Q}\n(A) one\n(B) two"


@pytest.mark.parametrize(
    "value", [None, "none of them", 5, ["a", ["b"]], list("abcdefghijklmnopqrstuvwxyz1"), {"long key": "x"}]
)
def test_what_is_no_list_of_options_adds_nothing(value: Any) -> None:
    assert list_options(value) == []
    assert add_options(Q, value) == Q


def test_options_that_the_question_has_are_not_said_twice() -> None:
    assert add_options("Which? (A) one (B) two", ["one", "two"]) == "Which? (A) one (B) two"
    assert add_options("Which?", ["(A) one", "(B) two"]) == "Which?\n(A) one\n(B) two"


def test_long_columns_that_are_left_out_are_named(tmp_path: Path) -> None:
    row = {"question": Q, "thinking": R, "content": "5", "notes": "long words " * 20, "short": "a b", "copy": f"{R}"}
    notes = get_notes(open_rows(tmp_path, row))
    assert "long text in 'notes' is neither question, reasoning nor answer" in notes
    assert "copy" not in notes
    assert get_notes(open_rows(tmp_path, {"question": Q, "thinking": R, "content": "5"})) == ""


def test_ids_that_repeat_suggest_numbers(tmp_path: Path) -> None:
    row = {"id": "p1", "question": Q, "solution": R}
    reading = open_rows(tmp_path, row, row)
    assert "'p1' comes more than once; --id auto" in get_notes(reading)
    assert [type(one) for one in reading] == [Trace, Rejected]
    assert len({one.id for one in open_rows(tmp_path, row, row, id="auto")}) == 2


@pytest.mark.parametrize(
    ("outer", "path"),
    [
        ({"data": [{"question": Q, "solution": R}] * 2}, "data"),
        ({"result": {"items": [{"question": Q, "solution": R}] * 2}}, "result.items"),
        ({"rows": [{"row_idx": i, "row": {"question": Q, "solution": R}} for i in range(2)]}, "rows.row"),
    ],
)
def test_rows_inside_an_object_are_suggested_and_read(outer: dict[str, Any], path: str, tmp_path: Path) -> None:
    file = put(tmp_path / "all.json", {"version": 1, **outer})
    with pytest.raises(InputError, match=re.escape(f"--rows {path}")):
        read(file)
    traces = list(read(file, FieldNames(rows=path)))
    assert [(trace.id, trace.question, trace.reasoning) for trace in traces if isinstance(trace, Trace)] == [
        ("all-1", Q, R),
        ("all-2", Q, R),
    ]


def test_an_object_of_rows_is_suggested_and_read(tmp_path: Path) -> None:
    file = put(tmp_path / "all.json", {f"p{number}": {"question": Q, "solution": R} for number in range(3)})
    with pytest.raises(InputError, match=r"--rows '\*'"):
        read(file)
    assert len([trace for trace in read(file, FieldNames(rows="*")) if isinstance(trace, Trace)]) == 3


def test_steps_may_be_objects(tmp_path: Path) -> None:
    steps = [{"title": "Step 1", "content": R, "score": 1}, {"title": "Step 2", "content": "So it is 5.", "score": 0}]
    (trace,) = open_rows(tmp_path, {"question": Q, "reasoning_steps": steps, "answer": "5"})
    assert isinstance(trace, Trace)
    assert trace.reasoning == f"Step 1: {R}\n\nStep 2: So it is 5."
    assert trace.origin is not None
    assert [(place.path, trace.reasoning[slice(*(place.part or ()))]) for place in trace.origin.places] == [
        (("reasoning_steps", 0, "content"), R),
        (("reasoning_steps", 1, "content"), "So it is 5."),
    ]


def test_a_list_of_steps_inside_an_object_is_suggested_and_read(tmp_path: Path) -> None:
    row = {"question": Q, "reasoning": {"steps": [R, "So it is 5."]}, "answer": 5}
    with pytest.raises(InputError, match=r"--reasoning reasoning\.steps --question question"):
        open_rows(tmp_path, row)
    (trace,) = open_rows(tmp_path, row, reasoning="reasoning.steps")
    assert isinstance(trace, Trace)
    assert trace.origin is not None
    edits = [(place, "Short.") for place in trace.origin.places]
    assert replace_texts(row, edits) == {**row, "reasoning": {"steps": ["Short."]}}


def test_a_name_with_a_space_is_quoted_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--reasoning 'Model Musings'"):
        open_rows(tmp_path, {"Prompt Text": Q, "Model Musings": R * 3})


def test_a_tag_that_is_not_known_is_named(tmp_path: Path) -> None:
    row = {"question": Q, "response": f"<plan>{R}</plan> It is 5."}
    assert "--think-tags '<plan>,</plan>'" in get_notes(open_rows(tmp_path, row))
    assert get_notes(open_rows(tmp_path, {"question": Q, "response": f"Let x be <b>{R}</b>."})) == ""


def test_what_is_no_list_of_rows_is_rejected_with_what_is_there(tmp_path: Path) -> None:
    file = put(tmp_path / "all.json", {"data": [{"question": Q, "solution": R}, 5], "name": "x"})
    assert [getattr(one, "reason", "") for one in read(file, FieldNames(rows="data"))] == ["", "not-an-object"]
    (rejected,) = read(file, FieldNames(rows="name"))
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "missing-field"
    assert "There is no list at 'name' (--rows)" in rejected.detail


def test_a_pretty_printed_object_needs_no_name_of_json(tmp_path: Path) -> None:
    file = put(tmp_path / "run.traj", {"task": Q, "trajectory": [{"thought": R, "action": "say 5"}]})
    (trace,) = read(file)
    assert isinstance(trace, Trace)
    assert (trace.question, trace.reasoning, trace.answer) == (Q, R, "say 5")


def test_nested_reasoning_is_read_where_tags_mark_it_and_named_where_there_is_more(tmp_path: Path) -> None:
    asked = {"prompt": [{"role": "user", "content": Q}]}
    row = {**asked, "extra": {"output": f"<think>{R}</think>5"}}
    (trace,) = open_rows(tmp_path, row)
    assert isinstance(trace, Trace)
    assert (trace.question, trace.reasoning, trace.answer) == (Q, R, "5")
    for extra in ({"output": f"<think>{R}</think>5", "draft": "<think>2+3=5.</think>5"}, {"thinking": R}):
        with pytest.raises(InputError, match=r"--reasoning extra\.(output|thinking) --question prompt"):
            open_rows(tmp_path, {**asked, "extra": extra})
    (trace,) = open_rows(tmp_path, {**asked, "extra": {"thinking": R}}, reasoning="extra.thinking")
    assert isinstance(trace, Trace)
    assert trace.reasoning == R


def test_thoughts_that_follow_one_another_are_turns_and_no_alternatives(tmp_path: Path) -> None:
    row = {"question": Q, "response": f"<think>{R}</think><think>So it is 5.</think>5", "answer": "5"}
    found = open_rows(tmp_path, row)
    assert [trace.gold for trace in found if isinstance(trace, Trace)] == [None, "5"]
    assert [trace.origin.alternative for trace in found if isinstance(trace, Trace) and trace.origin] == [False, False]


def test_a_foreign_file_is_named_and_passed_over_when_told(tmp_path: Path) -> None:
    put(tmp_path / "a.json", [{"question": Q, "solution": R}])
    put(tmp_path / "b.json", [{"zebra": "one two three"}])
    (tmp_path / "c.json").write_bytes(bytes(range(32)) * 9)
    with pytest.raises(InputError, match=r"b\.json|c\.json"):
        read(tmp_path)
    reading = read(tmp_path, skip_unreadable=True)
    assert [trace.id for trace in reading] == ["a-1"]
    assert [Path(line.partition(" ")[0]).name for line in reading.skipped] == ["c.json", "b.json"]
    assert "no field is known to hold reasoning" in reading.skipped[1]
    with pytest.raises(InputError, match="zebra"):
        read(tmp_path / "b.json", skip_unreadable=True)


def test_the_message_on_a_foreign_file_says_how_to_go_on(tmp_path: Path) -> None:
    put(tmp_path / "a.json", [{"question": Q, "solution": R}])
    put(tmp_path / "b.json", [{"zebra": "one two three"}])
    with pytest.raises(InputError, match="--skip-unreadable goes on without it"):
        read(tmp_path)


def test_a_script_without_spaces_is_text(tmp_path: Path) -> None:
    row = {"question": "17加25是多少？", "raw_response": "<think>17加25等于42。</think>答案是42。", "run": "x"}
    (trace,) = open_rows(tmp_path, row)
    assert isinstance(trace, Trace)
    assert (trace.reasoning, trace.answer) == ("17加25等于42。", "答案是42。")


@pytest.mark.parametrize("name", ["reasoning", "thinking"])
def test_a_setting_is_no_reasoning(name: str, tmp_path: Path) -> None:
    row = {"question": Q, "response": f"<think>{R}</think>5", name: "on"}
    (trace,) = open_rows(tmp_path, row)
    assert isinstance(trace, Trace)
    assert (trace.reasoning, trace.answer) == (R, "5")


@pytest.mark.parametrize("text", ["Use the <thinking> tag. It is 5.", "a [THINK] b", "see <reasoning> below"])
def test_a_rare_tag_in_prose_is_a_word(text: str, tmp_path: Path) -> None:
    (trace,) = open_rows(tmp_path, {"question": Q, "solution": text})
    assert isinstance(trace, Trace)
    assert trace.reasoning == text


def test_texts_are_replaced_at_their_places_alone() -> None:
    row = {"a": [{"b": "one two three"}], "c": '{"d":["x",1.0]}', "e": ["s", "t"]}
    edits = [
        (TextPlace(("a", 0, "b"), (0, 3)), "1"),
        (TextPlace(("a", 0, "b"), (8, 13)), "3"),
        (TextPlace(("c", "d", 0), (0, 1)), "é"),
        (TextPlace(("e",)), "only\n\nthis"),
    ]
    assert replace_texts(row, edits) == {"a": [{"b": "1 two 3"}], "c": '{"d":["é",1.0]}', "e": ["only", "this"]}
    assert row["a"] == [{"b": "one two three"}]
    assert resolve_field(row, "a.0.b") == ("a", 0, "b")


def test_many_texts_in_json_text_are_replaced_in_linear_time() -> None:
    def replace(turns: int) -> None:
        row = {"messages": json.dumps([{"role": "assistant", "content": "Two words."}] * turns)}
        places = [TextPlace(("messages", at, "content"), (0, 3)) for at in range(turns)]
        written = replace_texts(row, [(place, "2") for place in places])
        assert written["messages"].count('"2 words."') == turns

    few, many = seconds(lambda: replace(100), lambda: replace(400), rounds=3)
    assert many < 10 * few  # 16 times as long if it were quadratic
