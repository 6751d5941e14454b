"""Rows of many layouts in miniature, each with the traces that are in it. Texts of reasoning are all different."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

Q = "What is 17 + 25?"
R = "17 plus 20 is 37.\n\nHmm, then 5 more: 37 + 5 = 42."
R2 = "The tool says 42.\n\nThat is what I had, so I can say it."
R3 = "Now the double.\n\n2 * 42 = 84, which is even."
A = "The answer is 42."
TOOLS = [{"type": "function", "function": {"name": "add", "parameters": {"type": "object", "properties": {}}}}]
CALL = {"id": "call_1", "type": "function", "function": {"name": "add", "arguments": '{"a": 17,  "b": 25}'}}


@dataclass(frozen=True)
class Layout:
    """One layout: a row, what is in it as (question, reasoning, answer), and what else it takes to read it."""

    name: str
    format: str
    row: dict[str, Any]
    traces: list[tuple[str, str, str]] = field(default_factory=lambda: [(Q, R, A)])
    gold: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    system: str = ""


def user(text: str = Q, **more: Any) -> dict[str, Any]:
    return {"role": "user", "content": text, **more}


def assistant(text: str | None, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text, **more}


def _chat(text: str | None, **more: Any) -> dict[str, Any]:
    return {"messages": [user(), assistant(text, **more)]}


def _tags(opening: str, closing: str) -> dict[str, Any]:
    return {"question": Q, "response": f"{opening}\n{R}\n{closing}\n\n{A}"}


BEFORE_RESULT = f'User: {Q}\n\nAssistant: {json.dumps([CALL])}\n\nTool: {{"sum": 42}}'
HARMONY = (
    "<|start|>system<|message|>You are ChatGPT.\nReasoning: high<|end|><|start|>developer<|message|># Tools\nadd"
    f"<|end|><|start|>user<|message|>{Q}<|end|>"
    f"<|start|>assistant<|channel|>analysis<|message|>{R}<|end|>"
    '<|start|>assistant<|channel|>commentary to=functions.add <|constrain|>json<|message|>{"a": 17}<|call|>'
    '<|start|>functions.add to=assistant<|channel|>commentary<|message|>{"sum": 42}<|end|>'
    f"<|start|>assistant<|channel|>analysis<|message|>{R2}<|end|>"
    f"<|start|>assistant<|channel|>final<|message|>{A}<|return|>"
)

TAGGED = [
    Layout("think", "columns", _tags("<think>", "</think>")),
    Layout("thinking", "columns", _tags("<thinking>", "</thinking>")),
    Layout("reasoning", "columns", _tags("<reasoning>", "</reasoning>")),
    Layout("begin-of-thought", "columns", _tags("<|begin_of_thought|>", "<|end_of_thought|>")),
    Layout("mistral-think", "columns", _tags("[THINK]", "[/THINK]")),
    Layout("seed-think", "columns", _tags("<seed:think>", "</seed:think>")),
    Layout("kimi-think", "columns", _tags("◁think▷", "◁/think▷")),
    Layout("closing-tag-alone", "columns", {"question": Q, "response": f"{R}\n</think>\n\n{A}"}),
    Layout("own-tags", "columns", _tags("<ponder>", "</ponder>"), options={"think_tags": ("<ponder>", "</ponder>")}),
]

MESSAGES = [
    Layout("messages-think", "messages", _chat(f"<think>\n{R}\n</think>\n\n{A}")),
    Layout("messages-reasoning-content", "messages", _chat(A, reasoning_content=R)),
    Layout("messages-reasoning", "messages", _chat(A, reasoning=R)),
    Layout("messages-reasoning-twice", "messages", _chat(f"<think>\n{R}\n</think>\n\n{A}", reasoning_content=R)),
    Layout("messages-thinking", "messages", _chat(A, thinking=R)),
    Layout(
        "messages-tool-call-beside-text",
        "messages",
        {
            "id": "c1",
            "tools": TOOLS,
            "messages": [
                {"role": "system", "content": "Be exact."},
                user(name="ann", extra={"lang": "en"}),
                assistant("I add.", reasoning_content=R, tool_calls=[CALL]),
                {"role": "tool", "tool_call_id": "call_1", "name": "add", "content": '{"sum": 42}'},
                assistant(A, reasoning_content=R2),
                user("And the double?"),
                assistant("84", reasoning_content=R3),
            ],
        },
        [
            (Q, R, f"I add.\n{json.dumps([CALL])}"),
            (f'User: {Q}\n\nAssistant: I add.\n{json.dumps([CALL])}\n\nTool: {{"sum": 42}}', R2, A),
            (
                f'User: {Q}\n\nAssistant: I add.\n{json.dumps([CALL])}\n\nTool: {{"sum": 42}}\n\n'
                f"Assistant: {A}\n\nUser: And the double?",
                R3,
                "84",
            ),
        ],
        system="Be exact.",
    ),
    Layout(
        "messages-call-without-text",
        "messages",
        {
            "messages": [
                user(),
                assistant(None, reasoning=R, tool_calls=[CALL]),
                {"role": "tool", "tool_call_id": "call_1", "content": '{"sum": 42}'},
                assistant(f"<think>\n{R2}\n</think>\n\n{A}"),
            ],
        },
        [(Q, R, json.dumps([CALL])), (BEFORE_RESULT, R2, A)],
    ),
    Layout(
        "messages-turn-without-thinking",
        "messages",
        {"messages": [user("Hello"), assistant("Hi."), user(), assistant(f"<think>{R}</think>{A}")]},
        [(f"User: Hello\n\nAssistant: Hi.\n\nUser: {Q}", R, A)],
    ),
    Layout(
        "messages-first-turn-thinks-alone",
        "messages",
        {"messages": [user(), assistant(f"<think>{R}</think>{A}"), user("Thanks!"), assistant("You are welcome.")]},
    ),
    Layout(
        "messages-ending-in-a-user-turn",
        "messages",
        {"messages": [user(), assistant(A, reasoning_content=R), user("Thanks!")]},
    ),
    Layout(
        "messages-image",
        "messages",
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
                        {"type": "text", "text": Q},
                    ],
                },
                assistant(f"<think>\n{R}\n</think>\n\n{A}"),
            ]
        },
        [(f"[image_url]\n{Q}", R, A)],
    ),
    Layout("messages-thinking-part", "messages", _chat(None) | {
        "messages": [user(), assistant([{"type": "thinking", "thinking": R}, {"type": "text", "text": A}])]  # type: ignore[arg-type]
    }),
    Layout(
        "messages-mistral-chunks",
        "messages",
        {
            "messages": [
                user(),
                assistant([  # type: ignore[arg-type]
                    {"type": "thinking", "thinking": [{"type": "text", "text": R}]},
                    {"type": "text", "text": A},
                ]),
            ]
        },
    ),
    Layout("messages-json-text", "messages", {"messages": json.dumps(_chat(A, reasoning_content=R)["messages"])}),
    Layout(
        "sharegpt", "sharegpt",
        {"conversations": [{"from": "human", "value": Q}, {"from": "gpt", "value": f"<think>\n{R}\n</think>\n{A}"}]},
    ),
    Layout(
        "sharegpt-tools",
        "sharegpt",
        {
            "tools": json.dumps(TOOLS),
            "system": "Be exact.",
            "conversations": [
                {"from": "human", "value": Q},
                {"from": "function_call", "value": f'<think>{R}</think>{{"name": "add"}}'},
                {"from": "observation", "value": '{"sum": 42}'},
                {"from": "gpt", "value": f"<think>{R2}</think>{A}", "weight": 1},
            ],
        },
        [
            (Q, R, '{"name": "add"}'),
            (f'User: {Q}\n\nAssistant: {{"name": "add"}}\n\nTool: {{"sum": 42}}', R2, A),
        ],
        system="Be exact.",
    ),
    Layout("prompt-completion", "prompt-completion", {"prompt": Q, "completion": f"<think>{R}</think>{A}"}),
    Layout(
        "prompt-completion-messages",
        "prompt-completion",
        {"prompt": [user()], "completion": [assistant(A, reasoning_content=R)], "chat_template_kwargs": {"a": 1}},
    ),
    Layout("input-messages-output", "prompt-completion", {
        "input": [user()], "output": f"<think>\n{R}\n</think>\n\n{A}", "category": "math", "license": "cc-by-4.0",
        "reasoning": "on", "generator": "DeepSeek-R1", "used_in_training": "yes",
        "system_prompt": "detailed thinking on",
    }, system="detailed thinking on"),
    Layout("messages-and-columns", "columns", {
        "messages": [{"role": "system", "content": "Be exact."}, user()], "reasoning": R, "model": "R1",
        "answer": "Seventeen and twenty-five make 42, so that is it.",
    }, [(Q, R, "Seventeen and twenty-five make 42, so that is it.")], system="Be exact."),
]  # fmt: skip

API = [
    Layout(
        "anthropic-blocks",
        "messages",
        {
            "model": "claude",
            "system": [{"type": "text", "text": "Be exact."}],
            "tools": [{"name": "add", "input_schema": {"type": "object"}}],
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": Q, "cache_control": {"type": "ephemeral"}}]},
                assistant([  # type: ignore[arg-type]
                    {"type": "thinking", "thinking": R, "signature": "c2ln"},
                    {"type": "redacted_thinking", "data": "b3BhcXVl"},
                    {"type": "text", "text": "I add."},
                    {"type": "tool_use", "id": "toolu_1", "name": "add", "input": {"b": 25, "a": 17}},
                ]),
                {"role": "user", "content": [
                    {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "42"}]}
                ]},
                assistant([{"type": "thinking", "thinking": R2, "signature": "bW9y"}, {"type": "text", "text": A}]),  # type: ignore[arg-type]
            ],
        },
        [
            (Q, R, 'I add.\n{"type": "tool_use", "id": "toolu_1", "name": "add", "input": {"b": 25, "a": 17}}'),
            (
                f'User: {Q}\n\nAssistant: I add.\n{{"type": "tool_use", "id": "toolu_1", "name": "add", '
                '"input": {"b": 25, "a": 17}}\n\nTool: 42',
                R2, A,
            ),
        ],
        system="Be exact.",
    ),
    Layout("anthropic-response", "response", {
        "prompt": Q,
        "id": "msg_1", "type": "message", "role": "assistant", "stop_reason": "end_turn", "usage": {"output_tokens": 9},
        "content": [{"type": "thinking", "thinking": R, "signature": "c2ln"}, {"type": "text", "text": A}],
    }),
    Layout("gemini-contents", "gemini", {
        "systemInstruction": {"parts": [{"text": "Be exact."}]},
        "contents": [
            {"role": "user", "parts": [{"text": Q}]},
            {"role": "model", "parts": [
                {"text": R, "thought": True},
                {"functionCall": {"name": "add", "args": {"a": 17}}, "thoughtSignature": "c2ln"},
            ]},
            {"role": "user", "parts": [{"functionResponse": {"name": "add", "response": {"sum": 42}}}]},
            {"role": "model", "parts": [{"text": R2, "thought": True}, {"text": A}]},
        ],
    }, [
        (Q, R, '{"functionCall": {"name": "add", "args": {"a": 17}}}'),
        (
            f'User: {Q}\n\nAssistant: {{"functionCall": {{"name": "add", "args": {{"a": 17}}}}}}\n\n'
            'Tool: {"functionResponse": {"name": "add", "response": {"sum": 42}}}',
            R2, A,
        ),
    ], system="Be exact."),
    Layout("gemini-response", "gemini", {
        "question": Q,
        "candidates": [{"content": {"role": "model", "parts": [{"text": R, "thought": True}, {"text": A}]},
                        "finishReason": "STOP", "index": 0}],
    }),
    Layout("openai-responses", "responses", {
        "instructions": "Be exact.", "input": Q, "id": "resp_1", "tools": TOOLS,
        "output": [
            {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": R}]},
            {"type": "function_call", "call_id": "call_1", "name": "add", "arguments": '{"a": 17}'},
            {"type": "function_call_output", "call_id": "call_1", "output": "42"},
            {"type": "reasoning", "id": "rs_2", "summary": [], "content": [{"type": "reasoning_text", "text": R2}]},
            {"type": "message", "role": "assistant", "content": [
                {"type": "output_text", "text": A, "annotations": []}
            ]},
        ],
    }, [
        (Q, R, '{"type": "function_call", "call_id": "call_1", "name": "add", "arguments": "{\\"a\\": 17}"}'),
        (
            f'User: {Q}\n\nAssistant: {{"type": "function_call", "call_id": "call_1", "name": "add", '
            '"arguments": "{\\"a\\": 17}"}\n\nTool: 42',
            R2, A,
        ),
    ], system="Be exact."),
    Layout("openai-responses-items", "responses", {
        "input": [
            {"role": "developer", "content": "Be exact."},
            {"role": "user", "content": [{"type": "input_text", "text": Q}]},
            {"type": "reasoning", "id": "rs_1", "summary": [], "content": [{"type": "reasoning_text", "text": R}],
             "encrypted_content": "Z2Vo"},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": A}]},
        ],
    }, system="Be exact."),
    Layout("openai-choices", "response", {
        "prompt": Q, "id": "chatcmpl-1", "object": "chat.completion", "usage": {"total_tokens": 9},
        "choices": [{"index": 0, "finish_reason": "stop", "message": assistant(A, reasoning_content=R)}],
    }),
    Layout("openai-batch", "response", {
        "custom_id": "r1", "request": {"messages": [user()]},
        "response": {"status_code": 200, "body": {
            "choices": [{"index": 0, "message": assistant(f"<think>\n{R}\n</think>\n\n{A}"), "finish_reason": "stop"}],
        }},
    }),
    Layout("openai-two-choices", "response", {
        "messages": [user()],
        "choices": [
            {"index": 0, "message": assistant(A, reasoning=R), "finish_reason": "stop"},
            {"index": 1, "message": assistant("42", reasoning=R2), "finish_reason": "stop"},
        ],
    }, [(Q, R, A), (Q, R2, "42")]),
    Layout("vllm-outputs", "response", {
        "request_id": "7", "prompt": Q,
        "outputs": [{"index": 0, "text": f"<think>\n{R}\n</think>\n\n{A}", "finish_reason": "stop", "token_ids": [1]}],
    }),
    Layout("harmony-text", "harmony", {"text": HARMONY}, [
        (Q, R, 'functions.add: {"a": 17}'),
        (f'User: {Q}\n\nAssistant: functions.add: {{"a": 17}}\n\nTool: {{"sum": 42}}', R2, A),
    ], system="You are ChatGPT.\nReasoning: high\n\n# Tools\nadd"),
    Layout("harmony-completion", "prompt-completion", {
        "prompt": Q,
        "completion": f"<|channel|>analysis<|message|>{R}<|end|>"
        f"<|start|>assistant<|channel|>final<|message|>{A}<|return|>",
    }),
    Layout("harmony-messages", "messages", {"messages": [
        {"role": "system", "content": "Reasoning: high"},
        user(),
        assistant(R, channel="analysis"),
        assistant('{"a": 17}', channel="commentary", recipient="functions.add", content_type="json"),
        {"role": "tool", "name": "functions.add", "channel": "commentary", "content": '{"sum": 42}'},
        assistant(R2, channel="analysis"),
        assistant(A, channel="final"),
    ]}, [
        (Q, R, '{"a": 17}'),
        (f'User: {Q}\n\nAssistant: {{"a": 17}}\n\nTool: {{"sum": 42}}', R2, A),
    ], system="Reasoning: high"),
]  # fmt: skip

MESSAGE_LAYOUTS = [*TAGGED, *MESSAGES, *API]
