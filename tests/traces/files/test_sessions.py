"""Logs of agents' sessions, and other files whose lines are no rows by themselves: read together, or one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import cotpress
from layouts import R2, R3, A, Q, R, assistant, user

from cotpress.errors import InputError
from cotpress.traces import TraceReader, read
from cotpress.traces.places import replace_texts
from cotpress.types import Rejected, Trace

PIECES = R.split("\n\n")


def item(kind: str, **payload: Any) -> dict[str, Any]:
    return {"timestamp": "t", "type": "response_item", "payload": {"type": kind, **payload}}


def told(text: str) -> dict[str, Any]:
    return {"timestamp": "t", "type": "event_msg", "payload": {"type": "agent_reasoning", "text": text}}


def summary(*texts: str) -> list[dict[str, str]]:
    return [{"type": "summary_text", "text": text} for text in texts]


ROLLOUT = [
    {"timestamp": "t", "type": "session_meta", "payload": {"id": "s1", "cwd": "/repo"}},
    item("message", role="user", content=[{"type": "input_text", "text": Q}]),
    {"timestamp": "t", "type": "event_msg", "payload": {"type": "user_message", "message": Q}},
    {"timestamp": "t", "type": "turn_context", "payload": {"model": "m"}},
    *map(told, PIECES),
    item("reasoning", summary=summary(*PIECES), content=None, encrypted_content="gAAA"),
    item("function_call", name="shell", arguments='{"command":  ["ls"]}', call_id="c1"),
    item("function_call_output", call_id="c1", output="a.py"),
    item("reasoning", summary=summary(R2), content=None, encrypted_content="gAAA"),
    item("message", role="assistant", content=[{"type": "output_text", "text": A}]),
]


def logged(number: int, role: str, content: Any, session: str = "s") -> dict[str, Any]:
    return {
        "parentUuid": f"u{number - 1}" if number else None, "type": role, "sessionId": session, "uuid": f"u{number}",
        "message": {"role": role, "content": content},
    }  # fmt: skip


LOG = [
    {"type": "summary", "summary": "A sum", "leafUuid": "u4"},
    logged(0, "user", Q),
    logged(1, "assistant", [{"type": "thinking", "thinking": R, "signature": "c2ln"}]),
    logged(2, "assistant", [{"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "ls"}}]),
    {**logged(3, "user", [{"type": "tool_result", "tool_use_id": "t1", "content": "a.py"}]), "toolUseResult": {}},
    logged(4, "assistant", [{"type": "thinking", "thinking": R2, "signature": "c2ln"}]),
    logged(5, "assistant", [{"type": "text", "text": A}]),
]


def open_lines(folder: Path, events: list[dict[str, Any]]) -> TraceReader:
    path = folder / "log.jsonl"
    path.write_text("".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events), "utf-8")
    return read(path)


@pytest.mark.parametrize("events", [ROLLOUT, LOG], ids=["rollout", "log"])
def test_lines_of_a_session_are_a_conversation(events: list[dict[str, Any]], tmp_path: Path) -> None:
    reading = open_lines(tmp_path, events)
    assert reading.recognised[0]["format"] == "session"
    traces = [trace for trace in reading if isinstance(trace, Trace)]
    assert [trace.reasoning for trace in traces] == [R, R2]
    assert traces[0].question == Q
    assert "a.py" in traces[1].question
    assert [trace.answer for trace in traces][1] == A
    assert traces[0].origin is not None
    assert json.dumps(traces[0].origin.row) == json.dumps({"events": events})


def test_what_a_helper_says_is_no_context(tmp_path: Path) -> None:
    helper = [
        {**logged(10, "user", "Look for it."), "isSidechain": True},
        {**logged(11, "assistant", [{"type": "thinking", "thinking": R3}]), "isSidechain": True},
        {**logged(12, "assistant", [{"type": "text", "text": "Found."}]), "isSidechain": True},
    ]
    traces = [trace for trace in open_lines(tmp_path, [*LOG[:4], *helper, *LOG[4:]]) if isinstance(trace, Trace)]
    assert [(trace.reasoning, trace.answer) for trace in traces][1:] == [(R2, A), (R3, "Found.")]
    assert "Look for it." not in traces[1].question
    assert traces[2].question == "Look for it."


def test_items_without_payloads_are_a_session_too(tmp_path: Path) -> None:
    begin = {"id": "s1", "timestamp": "t", "instructions": None}
    items = [event["payload"] for event in ROLLOUT if event["type"] == "response_item"]
    lines = [begin, {"record_type": "state"}, *items]
    traces = [trace for trace in open_lines(tmp_path, [*lines, *lines]) if isinstance(trace, Trace)]
    assert [trace.reasoning for trace in traces] == [R, R2] * 2
    assert [trace.id for trace in traces] == ["log-1#1", "log-1#2", "log-2#1", "log-2#2"]
    assert traces[0].origin is not None
    assert traces[0].origin.row == {"events": lines}


def test_a_log_of_notes_alone_is_a_reject_and_no_foreign_file(tmp_path: Path) -> None:
    (rejected,) = open_lines(tmp_path, [LOG[0], LOG[0]])
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "missing-field"


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").symlink_to(tmp_path / "gone.jsonl")
    with pytest.raises(InputError, match="a link to a file that is not there"):
        read(tmp_path / "log.jsonl")


def test_what_a_log_says_again_is_shortened_too(tmp_path: Path) -> None:
    trace = next(iter(open_lines(tmp_path, ROLLOUT)))
    assert isinstance(trace, Trace)
    assert trace.origin is not None
    edits = [(place, trace.reasoning[slice(*place.part)][:6] if place.part else "") for place in trace.origin.places]
    written = json.dumps(replace_texts(trace.origin.row, edits), ensure_ascii=False)
    expected = json.dumps({"events": ROLLOUT})
    for piece in PIECES:
        expected = expected.replace(piece, piece[:6])
    assert written == expected


def test_each_session_is_a_row(tmp_path: Path) -> None:
    other = [{**event, "sessionId": "t"} if "sessionId" in event else event for event in LOG[1:]]
    for events in ([*LOG, *other], [*ROLLOUT, *ROLLOUT]):
        ids = [trace.id.partition("#")[0] for trace in open_lines(tmp_path, events) if isinstance(trace, Trace)]
        assert ids == ["log-1", "log-1", "log-2", "log-2"]


def test_a_bad_line_of_a_session_is_a_reject_and_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    lines = [json.dumps(event) for event in LOG]
    path.write_text("\n".join([*lines[:3], '{"type": ', *lines[3:]]) + "\n", "utf-8")
    outcomes = list(read(path))
    assert [outcome.reason for outcome in outcomes if isinstance(outcome, Rejected)] == ["invalid-json"]
    assert [outcome.reasoning for outcome in outcomes if isinstance(outcome, Trace)] == [R, R2]


def test_a_session_of_encrypted_reasoning_is_a_reject(tmp_path: Path) -> None:
    hidden = [
        {**event, "payload": {**event["payload"], "summary": []}} if "summary" in event["payload"] else event
        for event in ROLLOUT
    ]
    (rejected,) = open_lines(tmp_path, hidden)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "empty-reasoning"


@pytest.mark.parametrize("events", [ROLLOUT, LOG], ids=["rollout", "log"])
def test_a_session_is_written_again(events: list[dict[str, Any]], tmp_path: Path) -> None:
    open_lines(tmp_path, events)
    out = tmp_path / "out"
    assert cotpress("compress", tmp_path / "log.jsonl", "-o", out, "--criterion", "random", "--keep", "0.5") == 0
    (line,) = (out / "sft.jsonl").read_text("utf-8").splitlines()
    written = json.loads(line)["events"]
    assert len(written) == len(events)
    kept = [at for at, (new, old) in enumerate(zip(written, events, strict=True)) if new == old]
    assert len(kept) >= len(events) - 4


SPAN = {"name": "chat", "attributes": [
    {"key": "gen_ai.input.messages", "value": {"stringValue": json.dumps([user()])}},
    {"key": "gen_ai.output.messages", "value": {"stringValue": json.dumps([assistant(A, reasoning_content=R)])}},
]}  # fmt: skip


def test_each_span_of_an_export_is_a_row(tmp_path: Path) -> None:
    spans = [SPAN, {"name": "GET /", "attributes": [{"key": "http.status", "value": {"intValue": "200"}}]}, SPAN]
    reading = open_lines(tmp_path, [{"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}])
    assert [type(outcome) for outcome in reading] == [Trace, Rejected, Trace]


@pytest.mark.parametrize(
    "failed",
    [
        {"custom_id": "b", "response": None, "error": {"code": "expired", "message": "Too late"}},
        {
            "custom_id": "b",
            "response": {"status_code": 400, "body": {"error": {"message": "Too late"}}},
            "error": None,
        },
    ],
)
def test_a_request_of_a_batch_that_failed_is_a_reject_with_its_error(failed: dict[str, Any], tmp_path: Path) -> None:
    good = {"custom_id": "a", "response": {"body": {"choices": [{"message": assistant(A, reasoning_content=R)}]}}}
    first, second, third = open_lines(tmp_path, [failed, good, {**failed, "custom_id": "c"}])
    assert isinstance(second, Trace)
    for rejected in (first, third):
        assert isinstance(rejected, Rejected)
        assert rejected.detail == "The request failed: Too late."


@pytest.mark.parametrize(
    "row",
    [
        {"messages": [user()], "response": {"candidates": [{"content": {"parts": [{"text": A}]}}],
                                            "usageMetadata": {"thoughtsTokenCount": 90}}},
        {"messages": [user()], "response": {"choices": [{"message": assistant(A)}],
                                            "usage": {"completion_tokens_details": {"reasoning_tokens": 90}}}},
        {"messages": [user()], "response": {"output": {"message": {"role": "assistant", "content": [
            {"reasoningContent": {"redactedContent": "b3BhcXVl"}}, {"text": A}]}}}},
    ],
)  # fmt: skip
def test_reasoning_that_is_counted_and_not_shown_is_a_reject(row: dict[str, Any], tmp_path: Path) -> None:
    (rejected,) = open_lines(tmp_path, [row])
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "empty-reasoning"


def test_a_solution_without_a_chosen_end_is_cut_off(tmp_path: Path) -> None:
    steps = [{"completions": [{"text": "2 and 3 make 6.", "rating": -1}], "chosen_completion": None}]
    (rejected,) = open_lines(tmp_path, [{"question": {"problem": Q}, "label": {"steps": steps}}])
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "cut-off"


BLOCKS = [{"type": "thinking", "thinking": R}, {"type": "text", "text": A}]
THOUGHT = f"<think>{R}</think>{A}"
CONVERSE = {"role": "assistant", "content": [{"reasoningContent": {"reasoningText": {"text": R}}}, {"text": A}]}


@pytest.mark.parametrize(
    "row",
    [
        {"messages": [user()], "response": {"role": "assistant", "stop_reason": "max_tokens", "content": BLOCKS}},
        {"messages": [user()], "output": {"message": CONVERSE}, "stopReason": "max_tokens"},
        {
            "input": Q, "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"},
            "output": [{"type": "reasoning", "summary": summary(R)}],
        },
        {"prompt": Q, "text": THOUGHT, "meta_info": {"finish_reason": {"type": "length"}}},
        {"inputs": Q, "generated_text": THOUGHT, "details": {"finish_reason": "length"}},
        {
            "llm.input_messages": [user()],
            "llm.output_messages": [assistant(A, reasoning_content=R, finish_reason="length")],
        },
        {
            "inputs": {"messages": [user()]}, "outputs": {"generations": [[{"message": {
                "type": "constructor", "id": ["AIMessage"],
                "kwargs": {"content": BLOCKS, "response_metadata": {"stop_reason": "max_tokens"}},
            }}]]},
        },
    ],
)  # fmt: skip
def test_a_generation_that_was_cut_off_is_a_reject_wherever_it_is_said(row: dict[str, Any], tmp_path: Path) -> None:
    (rejected,) = open_lines(tmp_path, [row])
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "cut-off"


def test_a_content_that_keeps_both_apart(tmp_path: Path) -> None:
    row = {"messages": [user(), {"role": "assistant", "content": {"thinking": R, "answer": A, "n": 1}}]}
    (trace,) = open_lines(tmp_path, [row])
    assert isinstance(trace, Trace)
    assert (trace.reasoning, trace.answer) == (R, A)
    assert trace.origin is not None
    assert [place.path for place in trace.origin.places] == [("messages", 1, "content", "thinking")]


def test_messages_one_by_one_are_a_conversation(tmp_path: Path) -> None:
    said = [user(), assistant(f"<think>{R}</think>{A}"), user("And twice?"), assistant("84", reasoning_content=R3)]
    (tmp_path / "chat.json").write_text(json.dumps(said), "utf-8")
    for reading in (open_lines(tmp_path, said), read(tmp_path / "chat.json")):
        assert str(reading.recognised[0]["container"]).endswith("of conversations")
        first, second = (trace for trace in reading if isinstance(trace, Trace))
        assert (first.question, first.reasoning, first.answer) == (Q, R, A)
        assert (second.reasoning, second.answer) == (R3, "84")
        assert first.origin is not None
        assert first.origin.row == {"messages": said}


def test_conversations_of_messages_are_told_apart(tmp_path: Path) -> None:
    def list_questions(events: list[dict[str, Any]]) -> list[str]:
        return [trace.question for trace in open_lines(tmp_path, events) if isinstance(trace, Trace)]

    told, reply = {"role": "system", "content": "Be exact."}, assistant(f"<think>{R}</think>{A}")
    assert list_questions([told, user(), reply, told, user("17 + 25?"), reply]) == [Q, "17 + 25?"]
    named = [{**message, "chat_id": number} for number in (1, 2) for message in (told, user(), reply)]
    assert list_questions(named) == [Q, Q]


def test_replies_alone_are_no_conversation(tmp_path: Path) -> None:
    reply = assistant([{"type": "thinking", "thinking": R}, {"type": "text", "text": A}], prompt=Q)  # type: ignore[arg-type]
    traces = [trace for trace in open_lines(tmp_path, [reply, reply]) if isinstance(trace, Trace)]
    assert [(trace.question, trace.reasoning) for trace in traces] == [(Q, R), (Q, R)]


def test_a_heading_of_messages_stays_with_them(tmp_path: Path) -> None:
    heading = {"working_dir": "/repo", "message_count": 2}
    said = [user(), assistant(f"<think>{R}</think>{A}")]
    first, second = (
        trace for trace in open_lines(tmp_path, [heading, *said, heading, *said]) if isinstance(trace, Trace)
    )
    assert (first.question, first.reasoning) == (second.question, second.reasoning) == (Q, R)
    assert first.origin is not None
    assert first.origin.row == {**heading, "messages": said}
