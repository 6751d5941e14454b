"""Rows in miniature of trainers' files, of replies that think several times, and of solutions beside reasoning."""

from __future__ import annotations

from layouts import R2, R3, A, Layout, Q, R

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
]  # fmt: skip
