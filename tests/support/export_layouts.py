"""Rows in miniature of what products and frameworks export: chats, spans, sessions, batches. See `layouts`."""

from __future__ import annotations

import json
from typing import Any

from layouts import R3, TOOLS, A, Layout, Q, R, assistant, user

THOUGHT = f"<think>\n{R}\n</think>\n\n{A}"
BLOCKS = [{"type": "thinking", "thinking": R, "signature": "c2ln"}, {"type": "text", "text": A}]
CHOICES = [{"index": 0, "finish_reason": "stop", "message": assistant(A, reasoning_content=R)}]
CONVERSE = {"output": {"message": {"role": "assistant", "content": [
    {"reasoningContent": {"reasoningText": {"text": R, "signature": "c2ln"}}}, {"text": A},
]}}, "stopReason": "end_turn"}  # fmt: skip
ASKED = [{"role": "user", "parts": [{"type": "text", "content": Q}]}]
REPLIED = [{"role": "assistant", "parts": [{"type": "reasoning", "content": R}, {"type": "text", "content": A}]}]
NO_QUESTION = [("", R, A)]
TWICE = [(Q, R, A), (f"User: {Q}\n\nAssistant: {A}\n\nUser: And twice?", R3, "84")]


def _built(name: str, **kwargs: Any) -> dict[str, Any]:
    return {"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", name], "kwargs": kwargs}


def _span(name: str, messages: Any) -> dict[str, Any]:
    return {"key": name, "value": {"stringValue": json.dumps(messages)}}


FRAMEWORKS = [
    Layout("langsmith-run", "response", {
        "id": "r1", "run_type": "llm",
        "inputs": {"messages": [[_built("SystemMessage", content="Be exact."), _built("HumanMessage", content=Q)]]},
        "outputs": {"generations": [[
            {"text": A, "type": "ChatGeneration", "message": _built("AIMessageChunk", content=BLOCKS, tool_calls=[])},
        ]], "llm_output": None},
    }, system="Be exact."),
    Layout("langsmith-run-with-kwargs", "response", {
        "inputs": {"messages": [_built("HumanMessage", content=Q)]},
        "outputs": {"generations": [[
            {"message": _built("AIMessage", content=A, additional_kwargs={"reasoning_content": R})},
        ]]},
    }),
    Layout("langsmith-thread", "chat-anywhere", {"outputs": {"messages": [
        _built("HumanMessage", content=Q), _built("AIMessage", content=THOUGHT),
    ]}}),
    Layout("langsmith-output", "response", {
        "inputs": {"messages": [_built("HumanMessage", content=Q)]},
        "outputs": {"output": _built("AIMessage", content=THOUGHT)},
    }),
    Layout("langchain-data", "messages", {"messages": [
        {"type": "human", "data": {"content": Q, "id": "m1"}}, {"type": "ai", "data": {"content": THOUGHT}},
    ]}),
    Layout("part-kinds", "messages", {"messages": [
        {"kind": "request", "parts": [
            {"part_kind": "system-prompt", "content": "Be exact."}, {"part_kind": "user-prompt", "content": Q},
        ]},
        {"kind": "response", "parts": [
            {"part_kind": "thinking", "content": R, "signature": None}, {"part_kind": "text", "content": A},
        ]},
    ]}, system="Be exact."),
    Layout("events-with-contents", "chat-anywhere", {"events": [
        {"author": "user", "content": {"role": "user", "parts": [{"text": Q}]}},
        {"author": "agent", "content": {"role": "model", "parts": [{"text": R, "thought": True}, {"text": A}]}},
    ]}),
    Layout("roles-in-info", "messages", {"info": {"id": "s"}, "messages": [
        {"info": {"role": "user"}, "parts": [{"type": "text", "text": Q}]},
        {"info": {"role": "assistant"}, "parts": [{"type": "reasoning", "text": R}, {"type": "text", "text": A}]},
    ]}),
    Layout("thoughts-with-subjects", "messages", {"sessionId": "s", "messages": [
        {"id": "1", "type": "user", "content": Q},
        {"id": "2", "type": "gemini", "content": A, "thoughts": [{"subject": "Adding", "description": R}]},
    ]}),
    Layout("chat-with-its-history", "chat-anywhere", {"title": "t", "chat": {
        "models": ["m"], "messages": [user(), assistant(THOUGHT)],
        "history": {"messages": {"b": assistant(THOUGHT)}},
    }}),
    Layout("senders", "chat-anywhere", {"uuid": "u", "chat_messages": [
        {"sender": "human", "text": Q, "content": [{"type": "text", "text": Q}]},
        {"sender": "assistant", "text": A, "content": [
            {"type": "thinking", "thinking": R, "summaries": []}, {"type": "text", "text": A},
        ]},
    ]}),
]  # fmt: skip

SPANS = [
    Layout("span", "spans", {"name": "chat", "attributes": {
        "gen_ai.system": "x", "gen_ai.input.messages": ASKED, "gen_ai.output.messages": REPLIED,
    }}),
    Layout("span-in-json-text", "spans", {"name": "chat", "attributes": {
        "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "Be exact."}]),
        "gen_ai.input.messages": json.dumps(ASKED), "gen_ai.output.messages": json.dumps(REPLIED),
    }}, system="Be exact."),
    Layout("span-of-keys-and-values", "spans", {"name": "chat", "attributes": [
        _span("gen_ai.input.messages", ASKED), _span("gen_ai.output.messages", REPLIED),
    ]}),
    Layout("span-with-numbers", "spans", {"attributes": {
        "llm.input_messages.0.message.role": "system", "llm.input_messages.0.message.content": "Be exact.",
        "llm.input_messages.1.message.role": "user", "llm.input_messages.1.message.content": Q,
        "llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.content": THOUGHT,
    }}, system="Be exact."),
    Layout("span-with-wrapped-messages", "spans", {"attributes": {"llm": {
        "input_messages": [{"message": user()}], "output_messages": [{"message": assistant(THOUGHT)}],
    }}}),
]  # fmt: skip

TURNS = [
    Layout("turns-of-user-and-assistant", "sharegpt", {"conversation": [
        {"user": Q, "assistant": THOUGHT}, {"user": "And twice?", "assistant": f"<think>{R3}</think>84"},
    ]}, TWICE),
    Layout("turns-with-reasoning-apart", "sharegpt", {"conversation": [{"human": Q, "assistant": A, "reasoning": R}]}),
    Layout("turns-of-input-and-output", "sharegpt", {
        "conversation": [{"system": "Be exact.", "input": Q, "output": THOUGHT}],
    }, system="Be exact."),
    Layout("turns-of-prompt-and-completion", "messages", {"turns": [{"prompt": Q, "completion": THOUGHT}]}),
    Layout("a-speaker-an-element", "sharegpt", {"conversations": [{"user": Q}, {"assistant": THOUGHT}]}),
    Layout("pairs-of-texts", "sharegpt", {"conversations": [[Q, THOUGHT]]}),
    Layout("texts-in-turns", "sharegpt", {"conversations": [Q, THOUGHT]}),
    Layout("messages-in-a-list-of-one", "messages", {"messages": [[user(), assistant(THOUGHT)]]}),
    Layout("messages-in-json-text-twice", "messages", {
        "messages": json.dumps(json.dumps([user(), assistant(THOUGHT)])),
    }),
    Layout("payload-in-json-text", "chat-anywhere", {
        "id": "1", "payload": json.dumps({"messages": [user(), assistant(THOUGHT)], "n": 1}),
    }),
    Layout("human-and-gpt", "columns", {"human": Q, "gpt": THOUGHT}),
    Layout("q-and-a", "columns", {"q": Q, "a": THOUGHT}),
    Layout("inputs-and-generated-text", "columns", {"inputs": Q, "generated_text": THOUGHT}),
    Layout("alpaca-response", "alpaca", {"instruction": Q, "input": "", "response": THOUGHT}),
    Layout("preferred-output", "chat-anywhere", {
        "input": {"messages": [user()], "tools": TOOLS}, "preferred_output": [assistant(THOUGHT)],
        "non_preferred_output": [assistant("It is 0.")],
    }, options={"reasoning": "preferred_output", "question": "input.messages"}),
]  # fmt: skip

BATCHES = [
    Layout("converse-batch", "response", {
        "recordId": "1", "modelInput": {"messages": [user([{"text": Q}])]}, "modelOutput": CONVERSE,  # type: ignore[arg-type]
    }),
    Layout("converse-log", "response", {
        "input": {"inputBodyJson": {"messages": [{"role": "user", "content": [{"text": Q}]}]}},
        "output": {"outputBodyJson": CONVERSE},
    }),
    Layout("converse-response", "response", {**CONVERSE, "usage": {}}, NO_QUESTION),
    Layout("counted-reasoning-that-is-shown", "response", {
        "messages": [user()], "response": {
            "choices": CHOICES, "usage": {"completion_tokens_details": {"reasoning_tokens": 9}},
        },
    }),
    Layout("reasoning-in-several-summaries", "responses", {"input": Q, "output": [
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": part} for part in R.split("\n\n")]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": A}]},
    ]}),
]  # fmt: skip


def _node(parent: str | None, message: Any) -> dict[str, Any]:
    return {"id": "n", "parent": parent, "children": [], "message": message}


def _said(role: str, kind: str, **content: Any) -> dict[str, Any]:
    return {"author": {"role": role}, "content": {"content_type": kind, **content}, "recipient": "all"}


TREES = [
    Layout("tree-of-messages", "conversation-tree", {"id": "c1", "current_node": "e", "mapping": {
        "r": _node(None, None), "a": _node("r", _said("user", "text", parts=[Q])),
        "b": _node("a", _said("assistant", "text", parts=["Another branch."])),
        "c": _node("a", _said("assistant", "thoughts", thoughts=[{"summary": "Adding", "content": R, "chunks": []}])),
        "d": _node("c", _said("assistant", "reasoning_recap", content="Thought for 3s")),
        "e": _node("d", _said("assistant", "text", parts=[A])),
    }}),
    Layout("tree-of-fragments", "conversation-tree", {"mapping": {
        "root": {"parent": None, "children": ["1"], "message": None},
        "1": {"parent": "root", "children": ["2"], "message": {"fragments": [{"type": "REQUEST", "content": Q}]}},
        "2": {"parent": "1", "children": [], "message": {"fragments": [
            {"type": "THINK", "content": R}, {"type": "RESPONSE", "content": A},
        ]}},
    }}),
    Layout("chosen-steps", "step-labels", {
        "labeler": "l", "question": {"problem": Q, "ground_truth_answer": "42", "pre_generated_steps": ["a b", "c d"]},
        "label": {"steps": [
            {"completions": [{"text": R.split("\n\n")[0], "rating": 1}], "chosen_completion": 0},
            {"completions": [{"text": "So 41.", "rating": -1}, {"text": R.split("\n\n")[1], "rating": 1}],
             "chosen_completion": 1},
            {"completions": [{"text": "It is 40.", "rating": -1}], "human_completion": {"text": A},
             "chosen_completion": None},
        ], "finish_reason": "solution"},
    }, [(Q, f"{R}\n\n{A}", "")], gold="42"),
]  # fmt: skip

EXPORT_LAYOUTS = [*FRAMEWORKS, *SPANS, *TURNS, *BATCHES, *TREES]
