"""More rows in miniature: logs of vendors' APIs, lists of replies, rendered templates, tags in odd places."""

from __future__ import annotations

import json
from typing import Any

from layouts import CALL, R2, A, Layout, Q, R, assistant, user

THOUGHT = f"<think>\n{R}\n</think>\n\n{A}"
MORE = "42 it is."
CONVERSE_CALL: dict[str, Any] = {"toolUse": {"toolUseId": "t1", "name": "add", "input": {"a": 17}}}
BOTH = [(Q, R, A), (Q, R2, MORE)]
CODE = f"{R}\n\n```html\n<think>a tag of the page</think>\n```\n\nSo `<think>` is a word here."


REACT = f'Thought: {R}\nAction: add\nAction Input: {{"a": 17}}\nObservation: 42\nThought: {R2}\nFinal Answer: {A}'
REACT_TRACES = [
    (Q, R, 'Action: add\nAction Input: {"a": 17}'),
    (f'User: {Q}\n\nAssistant: Action: add\nAction Input: {{"a": 17}}\n\nTool: 42', R2, A),
]


def _turns(*turns: tuple[str, str]) -> str:
    return "".join(f"<|im_start|>{role}\n{text}<|im_end|>\n" for role, text in turns)


VENDORS = [
    Layout("bedrock-converse", "messages", {"messages": [
        {"role": "user", "content": [{"text": Q}]},
        {"role": "assistant", "content": [
            {"reasoningContent": {"reasoningText": {"text": R, "signature": "c2ln"}}},
            {"text": "I add."}, CONVERSE_CALL,
        ]},
        {"role": "user", "content": [{"toolResult": {"toolUseId": "t1", "content": [{"json": {"sum": 42}}]}}]},
        {"role": "assistant", "content": [
            {"reasoningContent": {"redactedContent": "b3BhcXVl"}},
            {"reasoningContent": {"reasoningText": {"text": R2}}}, {"text": A},
        ]},
    ]}, [
        (Q, R, f"I add.\n{json.dumps(CONVERSE_CALL)}"),
        (
            f"User: {Q}\n\nAssistant: I add.\n{json.dumps(CONVERSE_CALL)}\n\n"
            'Tool: {"toolResult": {"toolUseId": "t1", "content": [{"json": {"sum": 42}}]}}',
            R2, A,
        ),
    ]),
    Layout("langchain", "messages", {"messages": [
        {"type": "human", "content": Q},
        {"type": "ai", "content": A, "additional_kwargs": {"reasoning_content": R}, "tool_calls": []},
    ]}),
    Layout("vercel-parts", "messages", {"messages": [
        {"role": "user", "parts": [{"type": "text", "text": Q}]},
        {"role": "assistant", "parts": [
            {"type": "step-start"}, {"type": "reasoning", "text": R, "state": "done"}, {"type": "text", "text": A},
        ]},
    ]}, [(f"User: {Q}\n\nAssistant: [step-start]", R, A)]),
    Layout("image-placeholder", "messages", {
        "messages": [user([{"type": "image"}, {"type": "text", "text": Q}]), assistant(THOUGHT)], "images": ["a.png"],  # type: ignore[arg-type]
    }, [(f"[image]\n{Q}", R, A)]),
    Layout("openrouter-details", "messages", {"messages": [user(), assistant(A, reasoning=R, reasoning_details=[
        {"type": "reasoning.text", "text": R, "signature": "c2ln", "index": 0},
        {"type": "reasoning.encrypted", "data": "b3BhcXVl"},
    ])]}),
    Layout("openrouter-details-alone", "messages", {
        "messages": [user(), assistant(A, reasoning_details=[{"type": "reasoning.summary", "summary": R}])]
    }),
    Layout("anthropic-batch", "response", {
        "custom_id": "r1", "params": {"messages": [user()]},
        "result": {"type": "succeeded", "message": {"role": "assistant", "stop_reason": "end_turn", "content": [
            {"type": "thinking", "thinking": R, "signature": "c2ln"}, {"type": "text", "text": A},
        ]}},
    }),
    Layout("openai-responses-logged", "responses", {
        "request": {"input": Q, "instructions": "Be exact."},
        "response": {"id": "resp_1", "status": "completed", "output": [
            {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": R}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": A}]},
        ]},
    }, system="Be exact."),
    Layout("ollama-logged", "response", {
        "request": {"messages": [user()]},
        "response": {"model": "m", "message": assistant(A, thinking=R), "done": True, "done_reason": "stop"},
    }),
]  # fmt: skip

REPLIES = [
    Layout("generations", "samples", {
        "problem": Q, "solution": "It is 42, as the book says.",
        "generations": [THOUGHT, f"<think>\n{R2}\n</think>\n\n{MORE}"], "is_reasoning_complete": [True, True],
    }, BOTH),
    Layout("samples-with-scores", "samples", {
        "question": Q,
        "samples": [{"text": THOUGHT, "score": 1.0}, {"text": f"<think>{R2}</think>{MORE}", "score": 0.5}],
    }, BOTH),
    Layout("samples-as-messages", "samples", {
        "question": Q, "rollouts": [{"content": A, "reasoning": R}, {"content": MORE, "reasoning": R2}],
    }, BOTH),
    Layout("samples-json-text", "samples", {
        "question": Q, "responses": json.dumps([THOUGHT, f"<think>{R2}</think>{MORE}"]),
    }, BOTH),
]  # fmt: skip

RENDERED = [
    Layout("rendered-chatml", "rendered", {"text": _turns(
        ("system", "Be exact."), ("user", Q), ("assistant", f"<think>\n{R}\n</think>\n\nI add."), ("tool", "42"),
        ("assistant", f"<think>\n{R2}\n</think>\n\n{A}"),
    )}, [(Q, R, "I add."), (f"User: {Q}\n\nAssistant: I add.\n\nTool: 42", R2, A)], system="Be exact."),
    Layout("rendered-llama", "rendered", {"text": (
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe exact.<|eot_id|>"
        f"<|start_header_id|>user<|end_header_id|>\n\n{Q}<|eot_id|>"
        f"<|start_header_id|>assistant<|end_header_id|>\n\n{THOUGHT}<|eot_id|>"
    )}, system="Be exact."),
    Layout("rendered-deepseek", "rendered", {"text": (
        f"<｜begin▁of▁sentence｜>Be exact.<｜User｜>{Q}<｜Assistant｜>{THOUGHT}<｜end▁of▁sentence｜>"
    )}, system="Be exact."),
    Layout("rendered-gemma", "rendered", {"text": (
        f"<bos><start_of_turn>user\n{Q}<end_of_turn>\n<start_of_turn>model\n{THOUGHT}<end_of_turn>\n"
    )}),
    Layout("rendered-mistral", "rendered", {
        "text": f"<s>[SYSTEM_PROMPT]Be exact.[/SYSTEM_PROMPT][INST]{Q}[/INST][THINK]{R}[/THINK]{A}</s>",
    }, system="Be exact."),
    Layout("rendered-glm", "rendered", {
        "text": f"[gMASK]<sop><|system|>\nBe exact.<|user|>\n{Q}<|assistant|>\n{THOUGHT}",
    }, system="Be exact."),
]  # fmt: skip

ODD_TAGS = [
    Layout("tag-with-attributes", "messages", {
        "messages": [user(), assistant(f'<think lang="en">\n{R}\n</think>\n\n{A}')]
    }),
    Layout("tags-as-a-page-writes-them", "messages", {
        "messages": [user(), assistant(f"&lt;think&gt;\n{R}\n&lt;/think&gt;\n\n{A}")],
    }),
    Layout("folded-thoughts", "messages", {"messages": [user(), assistant(
        f'<details type="reasoning" done="true">\n<summary>Thought for 3 seconds</summary>\n{R}\n</details>\n{A}',
    )]}),
    Layout("invisible-marks-before-the-tag", "columns", {
        "question": Q, "response": f"\ufeff\u200b<think>\n{R}\n</think>\n\n{A}",
    }),
    Layout("react-column", "columns", {"question": Q, "output": REACT}, REACT_TRACES),
    Layout("react-message", "messages", {"messages": [user(), assistant(REACT)]}, REACT_TRACES),
    *(
        Layout(f"tags-{opening.strip('<|>').lower()}-{number}", "messages", {
            "messages": [user(), assistant(f"{opening}\n{R}\n{closing}\n\n{A}")]
        })
        for number, (opening, closing) in enumerate((
            ("<THINK>", "</THINK>"), ("<thought>", "</thought>"), ("<Thought>", "</Thought>"),
            ("<scratchpad>", "</scratchpad>"), ("<longcat_think>", "</longcat_think>"),
            ("<|START_THINKING|>", "<|END_THINKING|>"), ("<unused94>thought", "<unused95>"),
        ))
    ),
    Layout("tags-in-code-of-the-reply", "messages", {
        "messages": [user(), assistant(f"{THOUGHT}\n\n```html\n<think>a tag of the page</think>\n```")],
    }, [(Q, R, f"{A}\n\n```html\n<think>a tag of the page</think>\n```")]),
    Layout("tags-in-code-of-the-reasoning", "messages", {
        "messages": [user(), assistant(f"<think>\n{CODE}\n</think>\n\n{A}")],
    }, [(Q, CODE, A)]),
    Layout("tags-in-code-of-reasoning-apart", "messages", {
        "messages": [user(), assistant(A, reasoning_content=CODE)],
    }, [(Q, CODE, A)]),
    Layout("tags-quoted-in-a-result", "messages", {"messages": [
        user(), assistant(None, reasoning_content=R, tool_calls=[CALL]),
        {"role": "tool", "tool_call_id": "call_1", "content": "a log: <think>not of this model</think>"},
        assistant("The log has `<think>` in it."),
    ]}, [(Q, R, json.dumps([CALL]))]),
    Layout("two-thoughts-in-a-message", "messages", {
        "messages": [user(), assistant(f"<think>\n{R}\n</think>\n\nI ask.\n\n<think>\n{R2}\n</think>\n\n{A}")],
    }, [(Q, R, "I ask."), (f"User: {Q}\n\nAssistant: I ask.", R2, A)]),
    Layout("two-thoughts-in-a-column", "columns", {
        "question": Q, "response": f"<think>\n{R}\n</think>\n\nI ask.\n\n<think>\n{R2}\n</think>\n\n{A}",
    }, [(Q, R, "I ask."), (f"User: {Q}\n\nAssistant: I ask.", R2, A)]),
    Layout("text-before-the-thought", "messages", {
        "messages": [user(), assistant(f"Sure!\n<think>\n{R}\n</think>\n\n{A}")],
    }, [(f"User: {Q}\n\nAssistant: Sure!", R, A)]),
]  # fmt: skip

VENDOR_LAYOUTS = [*VENDORS, *REPLIES, *RENDERED, *ODD_TAGS]
