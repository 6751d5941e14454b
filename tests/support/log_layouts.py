"""Rows of logs in miniature: requests with their responses, evaluations, agents' runs. See `layouts`."""

from __future__ import annotations

import json
from typing import Any

from layouts import CALL, R2, A, Layout, Q, R, assistant, user

THOUGHT = f"<think>\n{R}\n</think>\n\n{A}"
MORE = "42 it is."
CHOICES = [{"index": 0, "finish_reason": "stop", "message": assistant(A, reasoning_content=R)}]
BLOCKS = [{"type": "thinking", "thinking": R, "signature": "c2ln"}, {"type": "text", "text": A}]
ITEMS: list[dict[str, Any]] = [
    {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": R}]},
    {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": A}]},
]
NO_QUESTION = [("", R, A)]
ADD = {"tool_call_id": "c1", "function_name": "add", "arguments": {"a": 17}}
RAN = "```py\nadd(17)\n```"

LOGS = [
    Layout("any-wrapper-of-choices", "response", {
        "request_id": "r1", "request_body": {"model": "m", "messages": [user()]},
        "response_body": {"choices": CHOICES}, "response_status": 200,
    }),
    Layout("output-with-choices", "response", {"prompt": Q, "output": {"choices": CHOICES}, "usage": {}}),
    Layout("inputs-and-output", "response", {
        "op_name": "create", "inputs": {"model": "m", "messages": [user()]}, "output": {"choices": CHOICES},
    }),
    Layout("model-input-and-output", "response", {
        "recordId": "r1", "modelInput": {"messages": [user()]},
        "modelOutput": {"type": "message", "role": "assistant", "content": BLOCKS, "stop_reason": "end_turn"},
    }),
    Layout("observation-with-a-message", "response", {
        "type": "GENERATION", "input": [user()], "output": assistant(A, reasoning_content=R), "usage": {"input": 1},
    }),
    Layout("observation-in-json-text", "response", {
        "type": "GENERATION", "input": json.dumps([user()]), "output": json.dumps(assistant(A, reasoning_content=R)),
    }),
    Layout("request-and-response-in-json-text", "response", {
        "request": json.dumps({"messages": [user()]}), "response": json.dumps({"choices": CHOICES}),
    }),
    Layout("outputs-with-reasoning-apart", "response", {
        "messages": [user()], "outputs": [{"text": A, "reasoning_content": R}],
    }),
    Layout("outputs-as-texts", "samples", {"problem": Q, "outputs": [THOUGHT], "gt": "42"}, gold="42"),
    Layout("responses-batch-output", "responses", {
        "id": "batch_req_1", "custom_id": "r1", "error": None,
        "response": {"status_code": 200, "body": {"object": "response", "instructions": None, "output": ITEMS}},
    }, NO_QUESTION),
    Layout("gemini-batch", "gemini", {
        "key": "r1", "request": {"contents": [{"role": "user", "parts": [{"text": Q}]}]},
        "response": {"candidates": [{
            "content": {"role": "model", "parts": [{"text": R, "thought": True}, {"text": A}]}, "finishReason": "STOP",
        }]},
    }),
    Layout("session-of-one-message-a-row", "response", {
        "type": "assistant", "uuid": "u1", "message": {"role": "assistant", "content": BLOCKS},
    }, NO_QUESTION),
    Layout("expected-answer-of-an-experiment", "samples", {
        "input": [user()], "output": [{"finish_reason": "stop", "message": assistant(A, reasoning_content=R)}],
        "expected": "42",
    }, gold="42"),
]  # fmt: skip

EVALUATIONS = [
    Layout("replies-in-lists-of-lists", "samples", {
        "doc_id": 1, "doc": {"question": Q, "answer": "Short. #### 42"}, "target": "42", "resps": [[THOUGHT]],
        "arguments": {"gen_args_0": {"arg_0": f"Question: {Q}\nAnswer:", "arg_1": {"until": ["Question:"]}}},
        "filtered_resps": ["42"], "metrics": ["exact_match"], "exact_match": 1.0,
    }, gold="42"),
    Layout("sample-with-output-and-messages", "messages", {
        "id": 1, "epoch": 1, "input": Q, "target": "42",
        "messages": [
            user(source="input"), assistant([{"type": "reasoning", "reasoning": R}, {"type": "text", "text": A}]),  # type: ignore[arg-type]
        ],
        "output": {"choices": [{"message": assistant([{"type": "reasoning", "reasoning": R}])}], "completion": A},  # type: ignore[arg-type]
        "scores": {"match": {"value": "C", "answer": "42"}},
    }, gold="42"),
    Layout("rollouts-of-training", "samples", {
        "data_source": "m", "prompt": [user()], "responses": [THOUGHT],
        "reward_model": {"style": "rule", "ground_truth": "42"},
    }, gold="42"),
    Layout("prompt-as-rendered", "columns", {
        "input": f"<|im_start|>system\nBe exact.<|im_end|>\n<|im_start|>user\n{Q}<|im_end|>\n<|im_start|>assistant\n",
        "output": THOUGHT, "gts": "42", "score": 1.0, "step": 1,
    }, gold="42", system="Be exact."),
    Layout("completions-of-several-models", "samples", {
        "instruction": Q, "completions": [
            {"model": "a", "response": THOUGHT, "score": 4.0},
            {"model": "b", "response": f"<think>{R2}</think>{MORE}", "score": 3.0},
        ],
    }, [(Q, R, A), (Q, R2, MORE)]),
]  # fmt: skip

CONVERSATIONS = [
    Layout("messages-under-another-name", "chat-anywhere", {"generated_text": [user(), assistant(THOUGHT)]}),
    Layout("messages-inside-an-object", "chat-anywhere", {
        "id": "r1", "data": {"messages": [user(), assistant(A, reasoning_content=R)], "meta": {}},
    }),
    Layout("chosen-of-a-pair", "chat-anywhere", {
        "chosen": [user(), assistant(THOUGHT)], "rejected": [user(), assistant(f"<think>{R2}</think>It is 0.")],
    }, options={"reasoning": "chosen"}),
    Layout("chosen-beside-its-prompt", "chat-anywhere", {
        "prompt": [{"role": "system", "content": "Be exact."}, user()],
        "chosen": [assistant(THOUGHT)], "rejected": [assistant("It is 0.")],
    }, options={"reasoning": "chosen"}, system="Be exact."),
    Layout("messages-with-text", "chat-anywhere", {"trajectory": [
        {"role": "system", "system_prompt": "Be exact.", "text": None},
        {"role": "user", "system_prompt": None, "text": Q}, {"role": "ai", "system_prompt": None, "text": THOUGHT},
    ]}),
    Layout("roles-in-capitals", "messages", {
        "messages": [{"role": "User", "content": Q}, {"role": "Assistant", "content": THOUGHT}],
    }),
    Layout("speakers", "messages", {"dialogue": [
        {"speaker": "user", "text": Q}, {"speaker": "assistant", "text": THOUGHT},
    ]}),
]  # fmt: skip

KEYS = [
    Layout("reasoning-in-an-object", "messages", {
        "messages": [user(), assistant(A, reasoning={"text": R, "tokens": 9})],
    }),
    Layout("reasoning-in-a-list-of-one", "messages", {"messages": [
        user(), assistant(A, reasoning=[{"type": "text", "text": R}], thinking=[]),
    ]}),
    Layout("a-key-with-a-word-of-reasoning", "messages", {"messages": [
        user(), assistant(A, inner_monologue=R, reasoning_effort="very high"),
    ]}),
    Layout("blocks-beside-reasoning", "response", {"messages": [user()], "response": {"choices": [{
        "message": assistant(A, reasoning_content=R, thinking_blocks=[{"type": "thinking", "thinking": R}]),
    }]}}),
    Layout("a-label-that-judges", "prompt-completion", {
        "prompt": [user()], "completion": [assistant(THOUGHT)], "label": True,
    }),
]  # fmt: skip

AGENTS = [
    Layout("thoughts-of-messages", "messages", {"messages": json.dumps([
        user(), assistant(f"{R}\n```\nls\n```", thought=R, action="ls"), {"role": "tool", "content": "a.py"},
        assistant(R2, thought=R2, action="submit", tool_calls=[CALL]),
    ])}, [(Q, R, "```\nls\n```"), (f"User: {Q}\n\nAssistant: ```\nls\n```\n\nTool: a.py", R2, json.dumps([CALL]))]),
    Layout("atif", "trajectory", {"schema_version": "ATIF-v1.4", "agent": {"name": "a"}, "steps": [
        {"step_id": 1, "source": "system", "message": "Be exact."}, {"step_id": 2, "source": "user", "message": Q},
        {"step_id": 3, "source": "agent", "message": "I add.", "reasoning_content": R, "tool_calls": [ADD],
         "observation": {"results": [{"source_call_id": "c1", "content": "42"}]}},
        {"step_id": 4, "source": "agent", "message": A, "reasoning_content": R2},
    ]}, [
        (Q, R, "I add.\n" + json.dumps({"tool_calls": [ADD]})),
        (
            f"User: {Q}\n\nAssistant: I add.\n{json.dumps({'tool_calls': [ADD]})}\n\n"
            'Tool: {"results": [{"source_call_id": "c1", "content": "42"}]}', R2, A,
        ),
    ], system="Be exact."),
    Layout("events", "trajectory", {"instance_id": "i1", "history": [
        {"id": 0, "source": "user", "message": Q, "action": "message", "args": {"content": Q}},
        {"id": 1, "source": "agent", "message": "Running", "action": "run", "args": {"command": "ls", "thought": R}},
        {"id": 2, "source": "agent", "message": "Ran", "observation": "run", "content": "a.py", "extras": {"code": 0}},
        {"id": 3, "source": "agent", "message": "Done", "action": "finish", "args": {"thought": R2}},
    ]}, [
        (Q, R, '{"action": "run", "args": {"command": "ls"}}'),
        (
            f'User: {Q}\n\nAssistant: {{"action": "run", "args": {{"command": "ls"}}}}\n\nTool: a.py',
            R2, '{"action": "finish", "args": {}}',
        ),
    ]),
    Layout("steps-that-think-and-code", "trajectory", {"task": Q, "steps": [
        {"step_number": 1, "model_output": f"Thought: {R}\nCode:\n{RAN}", "tool_calls": [], "observations": "42"},
        {"step_number": 2, "model_output": f"Thought: {R2}\nCode:\n{RAN}"},
    ]}, [(Q, R, f"Code:\n{RAN}"), (f"User: {Q}\n\nAssistant: Code:\n{RAN}\n\nTool: 42", R2, f"Code:\n{RAN}")]),
    Layout("think-and-act", "sharegpt", {"conversations": [
        {"from": "human", "loss": None, "value": Q}, {"from": "gpt", "loss": True, "value": f"Think: {R}\n\nAct: ls"},
        {"from": "human", "value": "a.py"}, {"from": "gpt", "loss": True, "value": f"Think: {R2}\nAct: x"},
    ]}, [(Q, R, "Act: ls"), (f"User: {Q}\n\nAssistant: Act: ls\n\nUser: a.py", R2, "Act: x")]),
    Layout("searches-between-thoughts", "columns", {
        "question": Q, "response": f"<think>{R}</think><search>sum</search><information>42</information><think>{R2}"
        "</think><answer>42</answer>", "golden_answers": ["42"],
    }, [
        (Q, R, "<search>sum</search><information>42</information>"),
        (
            f"User: {Q}\n\nAssistant: <search>sum</search><information>42</information>", R2, "<answer>42</answer>",
        ),
    ]),
    Layout("deepseek-results-of-tools", "rendered", {"text": (
        f"<｜begin▁of▁sentence｜>Be exact.<｜User｜>{Q}<｜Assistant｜><think>{R}</think>I add.<｜tool▁calls▁begin｜>"
        "<｜tool▁call▁begin｜>add<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜><｜tool▁outputs▁begin｜>"
        "<｜tool▁output▁begin｜>42<｜tool▁output▁end｜><｜tool▁outputs▁end｜>"
        f"<think>{R2}</think>{A}<｜end▁of▁sentence｜>"
    )}, [
        (Q, R, "I add.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁call▁end｜><｜tool▁calls▁end｜>"),
        (
            f"User: {Q}\n\nAssistant: I add.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁call▁end｜>"
            "<｜tool▁calls▁end｜>\n\nTool: 42", R2, A,
        ),
    ], system="Be exact."),
]  # fmt: skip

LOG_LAYOUTS = [*LOGS, *EVALUATIONS, *CONVERSATIONS, *KEYS, *AGENTS]
