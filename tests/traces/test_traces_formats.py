"""Contracts that every registered format keeps, and what each makes of a row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cotpress.errors import InputError, OptionError
from cotpress.traces import TRACE_FORMATS, FieldNames, TraceFormat, list_formats, read
from cotpress.traces.recognition import recognise_format
from cotpress.types import Rejected, Trace

every_format = pytest.mark.parametrize("form", TRACE_FORMATS.values(), ids=TRACE_FORMATS)
Q, R = "What is 2 + 3?", "2 and 3 make 5."


def read_rows(folder: Path, *rows: dict[str, Any], **options: Any) -> list[Trace | Rejected]:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return list(read(path, **options))


def one(folder: Path, row: dict[str, Any], **options: Any) -> Trace:
    (found,) = read_rows(folder, row, **options)
    assert isinstance(found, Trace), found
    return found


@every_format
def test_example_is_recognised_as_itself(form: TraceFormat, tmp_path: Path) -> None:
    assert recognise_format([form.example] * 3, FieldNames(), "x")[0] is form
    trace = one(tmp_path, dict(form.example))
    assert trace.question
    assert trace.reasoning
    assert trace.id == "rows-1"


@every_format
def test_example_fits_no_other_format_of_its_own(form: TraceFormat) -> None:
    others = [each for each in TRACE_FORMATS.values() if each is not form and each.name != "columns"]
    assert [each.name for each in others if each.recognise([form.example], FieldNames())] == []


@every_format
def test_format_says_what_it_is(form: TraceFormat) -> None:
    assert TRACE_FORMATS[form.name] is form
    assert form.description
    json.dumps(form.example)


def test_the_most_specific_format_is_tried_first_and_columns_last() -> None:
    names = [form.name for form in list_formats()]
    assert names[0] == "trace"
    assert names[-1] == "columns"
    assert names.index("gsm8k") < names.index("alpaca")


@every_format
def test_a_format_can_be_named_and_refuses_what_it_is_not(form: TraceFormat, tmp_path: Path) -> None:
    assert one(tmp_path, dict(form.example), format=form.name).reasoning
    with pytest.raises(InputError, match="Fields: zebra"):
        read_rows(tmp_path, {"zebra": "one two three"}, format=form.name)


@every_format
def test_rows_of_another_shape_are_rejected_not_lost(form: TraceFormat, tmp_path: Path) -> None:
    found = read_rows(tmp_path, *[dict(form.example)] * 5, {"zebra": 1}, fields=FieldNames(id="auto"))
    assert [type(each) for each in found] == [Trace] * 5 + [Rejected]
    assert isinstance(found[-1], Rejected)
    assert (found[-1].reason, found[-1].line) == ("missing-field", 6)
    assert "zebra" in found[-1].row


PARSED: list[tuple[str, dict[str, Any], tuple[str, str, str, str | None]]] = [
    ("think", {"prompt": Q, "completion": f"<think>\n{R}\n</think>\n\nIt is 5."}, (Q, R, "It is 5.", None)),
    ("think opened by the prompt", {"prompt": Q, "completion": f"{R}</think>5"}, (Q, R, "5", None)),
    (
        "OpenThoughts tags",
        {"prompt": Q, "completion": f"<|begin_of_thought|>{R}<|end_of_thought|>5"},
        (Q, R, "5", None),
    ),
    ("no tags: all is reasoning", {"prompt": Q, "completion": R}, (Q, R, "", None)),
    (
        "prompt and completion as messages",
        {"prompt": [{"role": "user", "content": Q}], "completion": [{"role": "assistant", "content": R}]},
        (Q, R, "", None),
    ),
    (
        "reasoning_content",
        {
            "messages": [
                {"role": "user", "content": Q},
                {"role": "assistant", "reasoning_content": R, "content": "5"},
            ],
            "answer": 5,
        },
        (Q, R, "5", "5"),
    ),
    (
        "parts",
        {
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": Q}]},
                {"role": "assistant", "content": [{"type": "thinking", "thinking": R}, {"type": "text", "text": "5"}]},
            ]
        },
        (Q, R, "5", None),
    ),
    (
        "null reasoning_content",
        {
            "messages": [
                {"role": "user", "content": Q, "reasoning_content": None},
                {"role": "assistant", "content": f"<think>{R}</think>5", "reasoning_content": None},
            ]
        },
        (Q, R, "5", None),
    ),
    (
        "several turns",
        {
            "conversations": [
                {"from": "human", "value": "Hi"},
                {"from": "gpt", "value": "Hello"},
                {"from": "human", "value": Q},
                {"from": "gpt", "value": f"<think>{R}</think>5"},
                {"from": "human", "value": "Thanks"},
            ]
        },
        (f"User: Hi\n\nAssistant: Hello\n\nUser: {Q}", R, "5", None),
    ),
    (
        "thought apart and again in tags",
        {"prompt": Q, "reasoning_content": R, "content": f"<think>{R}</think>5"},
        (Q, R, "5", None),
    ),
    (
        "alpaca with input",
        {"instruction": "Add.", "input": "2 and 3", "output": R},
        ("Add.\n\n2 and 3", R, "", None),
    ),
    (
        "alpaca with history",
        {"instruction": Q, "input": "", "output": R, "history": [["Hi", "Hello"]]},
        (f"User: Hi\n\nAssistant: Hello\n\nUser: {Q}", R, "", None),
    ),
    (
        "gsm8k marks stay",
        {"question": Q, "answer": "2+3=<<2+3=5>>5.\nDone.  \n#### 5"},
        (Q, "2+3=<<2+3=5>>5.\nDone.", "#### 5", "5"),
    ),
    (
        "gsm8k thousands",
        {"question": Q, "answer": "Add.\n#### 1,005\n"},
        (Q, "Add.", "#### 1,005", "1,005"),
    ),
    (
        "answer is",
        {"instruction": Q, "output": "It is prime. So the answer is 3.5."},
        (Q, "It is prime.", "So the answer is 3.5.", "3.5"),
    ),
    (
        "answer is, with a gold field",
        {"question": Q, "response": "It is prime. The answer is (B).", "label": True},
        (Q, "It is prime.", "The answer is (B).", "True"),
    ),
    (
        "LIMO",
        {"problem": Q, "solution": R, "gold_answer": 27.0},
        (Q, R, "", "27.0"),
    ),
    ("solution and answer", {"question": Q, "solution": R, "answer": 72}, (Q, R, "", "72")),
    ("other spelling", {"Question": Q, "Complex_CoT": R, "Response": "Five."}, (Q, R, "Five.", None)),
    ("no gold", {"query": Q, "rationale": R}, (Q, R, "", None)),
    ("null gold", {"query": Q, "rationale": R, "answer": None}, (Q, R, "", None)),
    ("thinking in tags", {"prompt": Q, "thinking": f"<think>{R}</think>", "content": "5"}, (Q, R, "5", None)),
    ("\\r\\n stays", {"question": Q, "solution": "a\r\nb", "answer": "5"}, (Q, "a\r\nb", "", "5")),
]


@pytest.mark.parametrize(("row", "parts"), [case[1:] for case in PARSED], ids=[case[0] for case in PARSED])
def test_what_goes_where(row: dict[str, Any], parts: tuple[str, str, str, str | None], tmp_path: Path) -> None:
    trace = one(tmp_path, row)
    assert (trace.question, trace.reasoning, trace.answer, trace.gold) == parts


def test_system_domain_and_regime_are_carried(tmp_path: Path) -> None:
    chat = [{"role": "system", "content": "Be brief."}, *TRACE_FORMATS["messages"].example["messages"]]
    trace = one(tmp_path, {"messages": chat, "domain": "math", "regime": "long"})
    assert (trace.system, trace.domain, trace.regime) == ("Be brief.", "math", "long")
    trace = one(tmp_path, {**TRACE_FORMATS["sharegpt"].example, "system": "Be kind.", "domain": 3})
    assert (trace.system, trace.domain) == ("Be kind.", None)


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        (FieldNames(reasoning="b"), ("", "two words", "", None)),
        (FieldNames(question="a", reasoning="b", answer="c", gold="d"), ("one word", "two words", "three words", "4")),
        (FieldNames(question="a", reasoning="e.deep.0.text"), ("one word", "inner words", "after", None)),
    ],
)
def test_named_fields(fields: FieldNames, parts: tuple[str, str, str, str | None], tmp_path: Path) -> None:
    deep = {"deep": [{"text": "<think>inner words</think>after"}]}
    row = {"a": "one word", "b": "two words", "c": "three words", "d": 4, "e": deep}
    trace = one(tmp_path, row, fields=fields)
    assert (trace.question, trace.reasoning, trace.answer, trace.gold) == parts


def test_a_named_field_overrides_one_role_of_a_known_format(tmp_path: Path) -> None:
    row = {"question": Q, "thinking": R, "content": "5", "answer": "five", "truth": 5, "hint": "Add 2 to 3."}
    assert one(tmp_path, row).gold == "five"
    trace = one(tmp_path, row, fields=FieldNames(gold="truth", question="hint"))
    assert (trace.question, trace.reasoning, trace.answer, trace.gold) == ("Add 2 to 3.", R, "5", "5")
    chat = {**TRACE_FORMATS["messages"].example, "key": "5"}
    assert one(tmp_path, chat, fields=FieldNames(gold="key")).gold == "5"


AMBIGUOUS: list[tuple[dict[str, Any], str, str]] = [
    (
        {"question": Q, "solution": R, "rationale": R},
        "'rationale' and 'solution' could each be the reasoning",
        "--reasoning rationale or --reasoning solution",
    ),
    (
        {"question": Q, "text_a": R, "n": 1},
        "no field is known to hold reasoning",
        "--reasoning text_a --question question",
    ),
    ({"problem": Q, "question": R, "solution": R}, "could each be the question", "--question question or"),
    (
        {"question": Q, "solution": R, "deepseek_thinking_trajectory": R},
        "could each be the reasoning",
        "--reasoning deepseek_thinking_trajectory",
    ),
    (
        {"question": Q, "thinking": R, "content": "5", "response": "five"},
        "could each be what follows the reasoning",
        "--reasoning thinking --answer content or --reasoning thinking --answer response",
    ),
    ({"id": 1, "prompt": Q, "answer": "5"}, "no field is known to hold reasoning", "goes with --join"),
]


@pytest.mark.parametrize(("row", "problem", "flags"), AMBIGUOUS)
def test_ambiguous_rows_stop_with_the_fields_and_the_flags(
    row: dict[str, Any], problem: str, flags: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        read_rows(tmp_path, row)
    assert problem in caught.value.message
    assert all(f"{name} (" in caught.value.message for name in row)
    assert flags in caught.value.hint
    assert "\n" not in str(caught.value)


def test_the_flags_that_an_error_names_resolve_it(tmp_path: Path) -> None:
    row = {"question": Q, "thinking": R, "content": "5", "response": "five"}
    trace = one(tmp_path, row, fields=FieldNames(reasoning="thinking", answer="content"))
    assert (trace.question, trace.reasoning, trace.answer) == (Q, R, "5")
    row = {"question": Q, "solution": "other", "rationale": R, "answer": "5"}
    trace = one(tmp_path, row, fields=FieldNames(reasoning="rationale"))
    assert (trace.question, trace.reasoning, trace.gold) == (Q, R, "5")


def test_two_names_for_the_same_question_are_no_choice(tmp_path: Path) -> None:
    assert one(tmp_path, {"problem": Q, "question": Q, "solution": R}).question == Q


def test_a_field_that_is_not_there_gets_a_guess(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no field 'soluton' .--reasoning.. Did you mean 'solution'"):
        read_rows(tmp_path, {"question": Q, "solution": R}, fields=FieldNames(reasoning="soluton"))


def test_an_unknown_format_gets_a_guess(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="Did you mean 'alpaca'"):
        read_rows(tmp_path, {"question": Q, "solution": R}, format="aplaca")


def test_no_question_is_accepted_and_said(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"item_id": "a", "thinking": R, "content": "5"}) + "\n")
    reading = read(path)
    (trace,) = reading
    assert isinstance(trace, Trace)
    assert (trace.id, trace.question) == ("a", "")
    assert any("--question" in line and "--join" in line for line in reading.describe())


def test_a_file_of_which_nothing_can_be_used_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"question": Q, "thinking": "", "content": "5"}) + "\n")
    reading = read(path)
    assert [each.reason for each in reading if isinstance(each, Rejected)] == ["empty-reasoning"]
    assert any("'empty-reasoning'" in line and "--reasoning FIELD" in line for line in reading.describe())


def test_tagged_says_that_the_source_kept_reasoning_and_reply_apart(tmp_path: Path) -> None:
    apart = {name for name, form in TRACE_FORMATS.items() if one(tmp_path, dict(form.example)).tagged}
    assert apart == set(TRACE_FORMATS) - {"trace", "gsm8k", "answer-is", "columns"}
    assert not one(tmp_path, {"prompt": Q, "completion": R}).tagged
    assert one(tmp_path, {"a": Q, "b": R, "c": "5"}, fields=FieldNames("a", "b", "c")).tagged
