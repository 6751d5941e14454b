"""Rows in miniature of late agents' logs, servers and chat programs, and of short answers beside thoughts."""

from __future__ import annotations

import json

from layouts import CALL, R2, R3, A, Layout, Q, R, assistant, user

THOUGHT = f"<think>\n{R}\n</think>\n\n{A}"
CALLS = json.dumps([CALL])
ACTION = {"kind": "TerminalAction", "command": "ls"}
SHOWN = json.dumps({"tool_name": "terminal", "action": ACTION})
BLOCKED = "```bash\nexpr 17 + 25\n```"


def _block(text: str, thinks: bool) -> dict[str, object]:
    style = {"style": {"type": "thinking", "ended": True}} if thinks else {}
    return {"type": "contentBlock", "content": [{"type": "text", "text": text, "tokensCount": 9}], **style}


SHORT_ANSWERS = [
    Layout("answer-beside-a-thought", "columns", {"question": Q, "thinking": R, "answer": "42"}, [(Q, R, "42")]),
    Layout("number-beside-a-thought", "columns", {"question": Q, "thoughts": R, "final_answer": 42}, [(Q, R, "42")]),
    Layout("answer-beside-a-thought-and-gold", "columns", {
        "question": Q, "reasoning": R, "answer": "The answer is 43.", "ground_truth": "42",
    }, [(Q, R, "The answer is 43.")], gold="42"),
    Layout("answer-to-compare-with", "columns", {"id": "1", "question": Q, "thinking": R, "answer": "42"},
           [(Q, R, "")], gold="42", options={"gold": "answer"}),
    Layout("answer-beside-a-reasoning", "columns", {"question": Q, "reasoning": R, "answer": "42"}, [(Q, R, "")],
           gold="42"),
    Layout("number-of-an-option", "columns", {
        "question": "Which?", "choices": ["4 2", "24"], "answer": 0, "solution": R,
    }, [("Which?\n(A) 4 2\n(B) 24", R, "")], gold="A"),
    Layout("source-and-target", "columns", {"source": Q, "target": "42", "rationale": R}, [(Q, R, "")], gold="42"),
]  # fmt: skip

TAGS = [
    Layout("tags-as-markdown-escapes-them", "columns", {
        "question": Q, "response": f"\\<think\\>\n{R}\n\\</think\\>\n\n{A}",
    }),
    Layout("tags-half-escaped", "columns", {"question": Q, "response": f"\\<think>\n{R}\n\\</think>\n\n{A}"}),
    Layout("tags-with-spaces", "messages", {"messages": [user(), assistant(f"< think >\n{R}\n< /think >\n\n{A}")]}),
    Layout("tags-with-more-spaces", "messages", {"messages": [user(), assistant(f"< think > {R} </ think > {A}")]}),
    Layout("harmony-in-any-column", "harmony", {
        "prompt": Q,
        "text": f"<|channel|>analysis<|message|>{R}<|end|><|start|>assistant<|channel|>final<|message|>{A}",
    }),
]  # fmt: skip

AGENTS = [
    Layout("thought-and-a-block-of-code", "messages", {"trajectory_format": "mini-swe-agent-1", "messages": [
        user(), assistant(f"THOUGHT: {R}\n\n{BLOCKED}"), user("<output>42</output>"),
        assistant(f"THOUGHT: {R2}\n\n```bash\necho done\n```"),
    ]}, [
        (Q, R, BLOCKED),
        (f"User: {Q}\n\nAssistant: {BLOCKED}\n\nUser: <output>42</output>", R2, "```bash\necho done\n```"),
    ]),
    Layout("discussion-and-a-block-of-code", "messages", {
        "messages": [user(), assistant(f"DISCUSSION\n{R}\n```\nls\n```")],
    }, [(Q, R, "```\nls\n```")]),
    Layout("events-of-a-named-kind", "trajectory", {"instance_id": "i1", "history": [
        {"kind": "SystemPromptEvent", "source": "agent", "system_prompt": {"type": "text", "text": "Be exact."}},
        {"kind": "MessageEvent", "source": "user", "llm_message": user([{"type": "text", "text": Q}])},  # type: ignore[arg-type]
        {"kind": "ActionEvent", "source": "agent", "thought": [{"type": "text", "text": "I look."}],
         "reasoning_content": R, "thinking_blocks": [{"type": "thinking", "thinking": R, "signature": "c2ln"}],
         "action": ACTION, "tool_name": "terminal"},
        {"kind": "ObservationEvent", "source": "environment", "tool_name": "terminal",
         "observation": {"kind": "TerminalObservation", "content": [{"type": "text", "text": "a.py"}]}},
        {"kind": "ActionEvent", "source": "agent", "thought": [{"type": "text", "text": R2}], "action": ACTION,
         "tool_name": "terminal"},
        {"kind": "AgentErrorEvent", "source": "agent", "error": "No such tool."},
        {"kind": "MessageEvent", "source": "agent", "llm_message": assistant([{"type": "text", "text": A}])},  # type: ignore[arg-type]
    ]}, [
        (Q, R, f"I look.\n{SHOWN}"),
        (f"User: {Q}\n\nAssistant: I look.\n{SHOWN}\n\nTool: a.py", R2, SHOWN),
    ], system="Be exact."),
    Layout("reasoning-in-raw-data", "messages", {"messages": [
        user(), assistant(None, tool_calls=[CALL], raw_data={"message": {"reasoning_content": R}}),
        {"role": "tool", "id": "call_1", "content": "42"},
        assistant(A, provider_specific_fields={"reasoning_content": R2}),
    ]}, [(Q, R, CALLS), (f"User: {Q}\n\nAssistant: {CALLS}\n\nTool: 42", R2, A)]),
]  # fmt: skip

PROGRAMS = [
    Layout("versions-of-messages", "messages", {"name": "c", "messages": [
        {"versions": [{"type": "singleStep", "role": "user", "content": [{"type": "text", "text": "Old?"}]},
                      {"type": "singleStep", "role": "user", "content": [{"type": "text", "text": Q}]}],
         "currentlySelected": 1},
        {"versions": [{"type": "multiStep", "role": "assistant", "steps": [
            _block(R, True), _block(A, False), {"type": "debugInfoBlock", "debugInfo": "named"},
        ]}], "currentlySelected": 0},
    ]}),
    Layout("flat-messages-of-a-span", "spans", {
        "context.span_id": "s", "attributes.llm.input_messages": [{"message.role": "user", "message.content": Q}],
        "attributes.llm.output_messages": [{"message.role": "assistant", "message.content": THOUGHT}],
    }),
    Layout("generated-texts-in-outputs", "response", {
        "inputs": Q, "outputs": [{"generated_text": THOUGHT, "details": {"finish_reason": "eos_token"}}],
    }),
    Layout("prompt-in-an-object", "columns", {"prompt": {"raw": Q, "label": "l"}, "response": {"output": THOUGHT}}),
    Layout("replies-that-mark-nothing", "samples", {
        "question": Q, "reference_answer": "42", "responses": [{"response_model": "m", "response": R}],
    }, [(Q, R, "")], gold="42", options={"reasoning": "responses"}),
    Layout("axolotl-reflection", "alpaca", {
        "instruction": Q, "input": "", "output": "It is 43.", "reflection": R, "corrected": A,
    }, [(f"User: {Q}\n\nAssistant: It is 43.", R, A)]),
]  # fmt: skip

OBJECTS = [
    Layout("reply-in-json-text", "columns", {
        "question": Q, "response": json.dumps({"reasoning": R, "answer": 42}),
    }, [(Q, R, "42")]),
    Layout("message-in-json-text", "messages", {
        "messages": [user(), assistant(json.dumps({"thinking": R, "final_answer": A}))],
    }),
    Layout("message-that-acts-in-json-text", "messages", {
        "messages": [user(), assistant(json.dumps({"thought": R, "action": {"name": "ls"}}))],
    }, [(Q, R, '{"action": {"name": "ls"}}')]),
    Layout("message-with-an-answer-in-an-object", "messages", {
        "messages": [user(), assistant({"answer": THOUGHT})],  # type: ignore[arg-type]
    }),
    Layout("steps-in-json-text", "columns", {
        "question": Q, "reasoning": json.dumps([R2, R3]), "answer": "42",
    }, [(Q, f"{R2}\n\n{R3}", "")], gold="42"),
    Layout("think-column", "thinking-content", {"input": Q, "think": R, "output": A}),
    Layout("sources-that-speak", "messages", {"messages": [
        {"source": "user", "content": Q, "type": "TextMessage"},
        {"source": "helper", "content": R, "type": "ThoughtEvent"},
        {"source": "helper", "content": A, "type": "TextMessage"},
    ]}),
    Layout("types-of-messages", "messages", {"messages": [
        {"id": "1", "message_type": "user_message", "content": Q},
        {"id": "2", "message_type": "reasoning_message", "source": "reasoner_model", "reasoning": R},
        {"id": "3", "message_type": "assistant_message", "content": A},
    ]}),
    Layout("steps-of-a-browser", "trajectory", {"task": Q, "history": [
        {"model_output": {"thinking": R, "memory": "", "action": [{"go": "x"}]}, "result": [{"content": "42"}]},
        {"model_output": {"thinking": R2, "action": [{"done": "42"}]}, "result": []},
    ]}, [
        (Q, R, '{"action": [{"go": "x"}]}'),
        (
            f'User: {Q}\n\nAssistant: {{"action": [{{"go": "x"}}]}}\n\nTool: [{{"content": "42"}}]', R2,
            '{"action": [{"done": "42"}]}',
        ),
    ]),
]  # fmt: skip

TURNS = [
    Layout("turns-of-s1", "rendered", {"text": (
        f"<|im_start|>system\nBe exact.<|im_end|>\n<|im_start|>user\n{Q}<|im_end|>\n<|im_start|>assistant\n"
        f"<|im_start|>think\n{R}\n<|im_start|>answer\n{A}<|im_end|>"
    )}, system="Be exact."),
    Layout("reply-of-s1", "columns", {"question": Q, "output": f"<|im_start|>think\n{R}\n<|im_start|>answer\n{A}"}),
]  # fmt: skip

HEADINGS = [
    Layout(f"headings-{number}", "messages", {"messages": [user(), assistant(f"{first}\n{R}\n\n{last}\n\n{A}")]})
    for number, (first, last) in enumerate((
        ("## Thinking\n", "## Final Response"), ("**Reasoning:**", "**Answer:**"), ("# Thoughts", "# Answer"),
    ))
]  # fmt: skip

FRESH_LAYOUTS = [*SHORT_ANSWERS, *TAGS, *AGENTS, *PROGRAMS, *OBJECTS, *TURNS, *HEADINGS]
