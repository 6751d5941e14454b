"""Rows in miniature of trainers' files, of replies that think several times, and of solutions beside reasoning."""

from __future__ import annotations

from layouts import R2, R3, A, Layout, Q, R, assistant, user

IN_CHATML = [
    {"label": False, "text": "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n"},
    {"label": True, "text": f"<think>{R2}</think>Hi<|im_end|>\n"},
    {"label": False, "text": f"<|im_start|>user\n{Q}<|im_end|>\n<|im_start|>assistant\n"},
    {"label": True, "text": f"<think>\n{R}\n</think>\n\n{A}<|im_end|>\n"},
]
AFTER_HELLO = f"User: Hello\n\nAssistant: Hi\n\nUser: {Q}"
LONG = f"{R} The check by subtraction says the same: 42 - 25 = 17, and that is where we came from."

LATE_LAYOUTS = [
    Layout("axolotl-segments", "segments", {"segments": [
        {"label": False, "text": f"<s>{Q}\n"}, {"label": True, "text": f"<think>\n{R}\n</think>\n\n{A}</s>"},
    ]}),
    Layout("axolotl-segments-unmarked", "segments", {"segments": [
        {"label": False, "text": Q}, {"label": True, "text": R},
    ]}, [(Q, R, "")]),
    Layout("axolotl-segments-chatml", "segments", {"segments": IN_CHATML}, [("Hello", R2, "Hi"), (AFTER_HELLO, R, A)]),
    Layout("axolotl-segments-masked-tag", "segments", {"segments": [
        {"label": False, "text": f"{Q}\n<think>\n"}, {"label": True, "text": f"{R}\n</think>\n\n{A}<|im_end|>"},
    ]}),
    Layout("axolotl-segments-within-a-thought", "segments", {"segments": [
        {"label": False, "text": f"{Q}\n"}, {"label": True, "text": f"<think>\n{R2} "},
        {"label": True, "text": f"\n{R}\n</think>\n\n"}, {"label": True, "text": f"{A}</s>"},
    ]}, [(Q, f"{R2} \n{R}", A)]),
    Layout("axolotl-chat-template", "messages", {"messages": [
        {"role": "user", "content": Q, "train": False},
        {"role": "assistant", "content": f"<think>{R}</think>{A}", "train": True,
         "train_detail": [{"begin_offset": 0, "end_offset": 5, "train": False}]},
    ]}),
    Layout("axolotl-explainchoice", "columns", {
        "question": Q, "choices": ["41", "42"], "solution": "B", "explanation": R,
    }, [(f"{Q}\n(A) 41\n(B) 42", R, "")], gold="B"),
    Layout("two-thoughts-on-one-line", "columns", {
        "question": Q, "response": f"<think>{R2}</think><think>{R}</think>{A}",
    }, [(Q, R2, ""), (Q, R, A)]),
    Layout("thoughts-between-sentences", "messages", {"messages": [
        {"role": "user", "content": Q},
        {"role": "assistant", "content": f"Let me see. <think>{R2}</think>It is 42. <think>{R3}</think>{A}"},
    ]}, [
        (f"User: {Q}\n\nAssistant: Let me see.", R2, "It is 42."),
        (f"User: {Q}\n\nAssistant: Let me see.\nIt is 42.", R3, A),
    ]),
    Layout("opened-twice", "columns", {"question": Q, "response": f"<think>\n<think>\n{R}\n</think>\n\n{A}"}),
    Layout("closed-twice", "columns", {"question": Q, "response": f"<think>{R}</think>\n</think>\n{A}"}),
    Layout("reasoning-and-solution", "columns", {
        "problem": Q, "reasoning": LONG, "solution": A, "answer": "42",
    }, [(Q, LONG, A)], gold="42"),
    Layout("reasoning-and-tagged-solution", "columns", {
        "problem": Q, "reasoning": LONG, "solution": f"<think>{LONG}</think>{A}", "answer": "42",
    }, [(Q, LONG, A)], gold="42"),
    Layout("thinking-and-generated-solution", "columns", {
        "problem": Q, "thinking": LONG, "generated_solution": A, "expected_answer": "42",
    }, [(Q, LONG, A)], gold="42"),
    Layout("labelled-steps", "columns", {
        "prompt": Q, "completions": [R2, R3], "labels": [True, False],
    }, [(Q, f"{R2}\n\n{R3}", "")]),
    Layout("prime-rl", "prompt-completion", {
        "prompt_messages": [user()], "completion_messages": [assistant(f"<think>{R}</think>{A}")], "advantage": 0.3,
    }),
    Layout("nemo-rl-messages", "chat-anywhere", {
        "message_log": [[user(token_ids=[1]), assistant(f"<think>{R}</think>{A}", token_ids=[2])]], "rewards": [1.0],
    }),
    Layout("nemo-rl-texts", "chat-anywhere", {"content": [Q, f"<think>{R}</think>{A}"], "rewards": 1.0}),
    Layout("prompt-that-opens-the-tag", "prompt-completion", {
        "prompt": f"<|im_start|>user\n{Q}<|im_end|>\n<|im_start|>assistant\n<think>\n",
        "completion": f"{R}\n</think>\n\n{A}<|im_end|>\n<|endoftext|>",
    }),
    Layout("deepseek-prompt-that-opens-the-tag", "columns", {
        "prompt": f"<｜begin▁of▁sentence｜><｜User｜>{Q}<｜Assistant｜><think>\n",
        "response": f"{R}\n</think>\n\n{A}<｜end▁of▁sentence｜>",
    }),
    Layout("verl-dump", "columns", {
        "input": f"system\nBe exact.\nuser\n{Q}\nassistant\n<think>\n", "output": f"{R}\n</think>\n\n{A}",
        "gts": "42", "score": 1.0, "step": 3,
    }, gold="42", system="Be exact."),
    Layout("verl-dump-of-llama", "columns", {
        "input": f"system\n\nBe exact.\n\nuser\n\n{Q}assistant\n\n", "output": f"<think>\n{R}\n</think>\n\n{A}",
        "gts": "42", "score": 1.0, "step": 3,
    }, gold="42", system="Be exact."),
    Layout("plain-prompt-that-opens-the-tag", "prompt-completion", {
        "prompt": f"{Q}\nThink first.\n<think>", "completion": f"{R}</think><answer>42</answer>",
    }, [(f"{Q}\nThink first.\n", R, "<answer>42</answer>")]),
    Layout("glm-with-its-last-token", "rendered", {
        "text": f"[gMASK]<sop><|user|>\n{Q}<|assistant|>\n<think>{R}</think>\n{A}<|user|>",
    }),
    Layout("deepseek-thinks-after-tools", "rendered", {"text": (
        f"<｜begin▁of▁sentence｜><｜User｜>{Q}<｜Assistant｜><think>{R}</think>\n\nI call.<｜end▁of▁sentence｜>\n\n"
        f"<function_results>42</function_results>\n\n<think>{R2}</think>{A}<｜end▁of▁sentence｜>"
    )}, [
        (Q, R, "I call."),
        (f"User: {Q}\n\nAssistant: I call.\n\nTool: <function_results>42</function_results>", R2, A),
    ]),
    Layout("harmony-without-its-tokens", "prompt-completion", {
        "prompt": Q, "completion": f"analysis{R}assistantfinal{A}",
    }),
    Layout("harmony-calls-without-its-tokens", "columns", {
        "prompt": Q, "response": f"analysis{R}assistantcommentary to=functions.add json{{}}assistantanalysis{R2}"
        f"assistantfinal{A}",
    }, [
        (Q, R, "assistantcommentary to=functions.add json{}"),
        (f"User: {Q}\n\nAssistant: assistantcommentary to=functions.add json{{}}", R2, A),
    ]),
    Layout("parallel-lists", "parallel-samples", {
        "question": Q, "reasoning": [R, R2], "response": [A, "It is 42."], "answer": "42",
    }, [(Q, R, A), (Q, R2, "It is 42.")], gold="42"),
    Layout("parallel-lists-with-tags", "parallel-samples", {
        "problem": Q, "reasoning_content": [R], "generations": [f"<think>\n{R}\n</think>\n{A}"],
    }),
    Layout("lighteval", "samples", {
        "doc": {"query": Q, "choices": ["42"], "gold_index": 0},
        "model_response": {"text": [f"<think>{R}</think>{A}"], "text_post_processed": [A], "reasonings": [None]},
    }),
    Layout("lighteval-of-before", "samples", {
        "example": Q, "instruction": "", "full_prompt": Q, "gold": ["42"], "predictions": [f"<think>{R}</think>{A}"],
    }, gold="42"),
    Layout("argilla", "columns", {
        "id": "r1", "status": "pending", "fields": {"instruction": Q, "response": f"<think>{R}</think>{A}"},
    }),
    Layout("samples-that-think-and-answer", "samples", {
        "question": Q, "gold": "42",
        "answers": [{"thinking": R, "answer": A, "correct": True}, {"thinking": R2, "answer": "It is 42."}],
    }, [(Q, R, A), (Q, R2, "It is 42.")], gold="42"),
    Layout("harmony-channels-with-parts", "messages", {"messages": [
        {"role": "user", "content": [{"type": "text", "text": Q}]},
        {"role": "assistant", "channel": "analysis", "content": [{"type": "text", "text": R}]},
        {"role": "assistant", "channel": "final", "content": [{"type": "text", "text": A}]},
    ]}),
    Layout("columns-by-speaker", "columns", {"human": Q, "thinking": R, "gpt": A}),
    Layout("process-beside-output", "columns", {"instruction": Q, "thinking_process": R, "output": A}),
    Layout("trace-beside-completion", "columns", {"prompt": Q, "reasoning_trace": R, "completion": A}),
    Layout("trace-beside-stated-answer", "columns", {"question": Q, "model_reasoning": LONG, "response": f"42.\n{A}"},
        [(Q, LONG, f"42.\n{A}")]),
    Layout("analysis-beside-response", "columns", {"question": Q, "analysis": LONG, "response": A}, [(Q, LONG, A)]),
    Layout("label-that-is-a-verdict", "columns", {
        "question": Q, "response": f"<think>{R}</think>{A}", "label": 1, "is_correct": True,
    }),
]  # fmt: skip
