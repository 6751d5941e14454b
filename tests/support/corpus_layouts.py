"""Rows of published corpora in miniature, and of people's own columns: see `layouts`."""

from __future__ import annotations

from layouts import R2, A, Layout, Q, R, assistant, user

CORPUS_LAYOUTS = [
    Layout("s1k", "columns", {
        "solution": "42", "question": Q, "cot_type": "math", "source_type": "arith", "metadata": "{'x': 1}",
        "cot": None, "thinking_trajectories": [R], "attempt": A,
    }, gold="42"),
    Layout("s1k-1.1", "columns", {
        "solution": "42", "question": Q, "deepseek_thinking_trajectory": R, "deepseek_attempt": A,
        "gemini_thinking_trajectory": R2, "gemini_attempt": "It is 42.", "deepseek_grade": "Yes",
    }, gold="42", options={"reasoning": "deepseek_thinking_trajectory"}),
    Layout("openthoughts", "sharegpt", {"system": "Your role is to think.", "conversations": [
        {"from": "user", "value": Q},
        {"from": "assistant", "value": (
            f"<|begin_of_thought|>\n\n{R}\n\n<|end_of_thought|>\n\n<|begin_of_solution|>\n\n{A}\n\n<|end_of_solution|>"
        )},
    ]}, [(Q, R, f"<|begin_of_solution|>\n\n{A}\n\n<|end_of_solution|>")], system="Your role is to think."),
    Layout("openthoughts-metadata", "columns", {
        "problem": Q, "deepseek_reasoning": R, "deepseek_solution": A, "ground_truth_solution": "17 + 25 = 42",
        "domain": "math", "source": "numina", "test_cases": None, "starter_code": None,
    }),
    Layout("openr1", "messages", {
        "problem": Q, "solution": "Add the tens, then the ones, and see.", "answer": "42", "uuid": "u-1",
        "generations": [f"<think>\nAnother way to go.\n</think>\n\n{A}"], "correctness_math_verify": [True],
        "finish_reasons": ["stop"], "messages": [user(), assistant(f"<think>\n{R}\n</think>\n\n{A}")],
    }, gold="42"),
    Layout("am-thinking", "sharegpt", {"system": None, "conversations": [
        {"from": "human", "value": Q, "info": {"reference_answer": "42", "think_content": None}},
        {"from": "assistant", "value": f"<think>{R}</think>\n\n<answer>{A}</answer>", "info": {"ppl": 1.25}},
    ]}, [(Q, R, f"<answer>{A}</answer>")]),
    Layout("nemotron", "messages", {
        "uuid": "u-1", "license": "cc-by-4.0", "generator": "R1", "version": "v1", "category": "math",
        "reasoning": "on", "messages": [
            {"role": "user", "content": Q, "tool_calls": []},
            {"role": "assistant", "content": f"<think>\n{R}\n</think>\n\n{A}", "tool_calls": []},
        ], "metadata": '{"expected_answer": "42"}',
    }),
    Layout("openmathreasoning", "columns", {
        "expected_answer": "42", "problem_type": "has_answer_extracted", "problem_source": "aops",
        "generation_model": "DeepSeek-R1", "pass_rate_72b_tir": "0.5", "problem": Q,
        "generated_solution": f"<think>\n{R}\n</think>\n\n{A}", "inference_mode": "cot", "used_in_kaggle": True,
    }, gold="42"),
    Layout("opencodereasoning", "columns", {
        "id": "p1", "input": Q, "output": f"<think>\n{R}\n</think>\n\n```python\nprint(17 + 25)\n```",
        "source": "taco", "license": "mit", "difficulty": "easy", "solution": "```python\nprint(17 + 25)\n```",
    }, [(Q, R, "```python\nprint(17 + 25)\n```")]),
    Layout("limo", "columns", {"question": Q, "solution": R, "answer": "42"}, [(Q, R, "")], gold="42"),
    Layout("tokenskip", "columns", {"question": Q, "cot": R, "answer": "42"}, [(Q, R, "")], gold="42"),
    Layout("medical-o1", "thinking-content", {"Question": Q, "Complex_CoT": R, "Response": A}),
    Layout("general-thought", "columns", {
        "question_id": 7, "question_url": "https://example.org/7", "question": Q, "reference_answer": "42",
        "prev_messages": None, "model_name": "R1", "model_answer": A, "model_reasoning": R, "task": "sum",
    }, gold="42"),
    Layout("synthetic-1", "columns", {
        "problem_id": "p1", "prompt": Q, "llm_response": f"<think>\n{R}\n</think>\n\n{A}",
        "gold_standard_solution": "17 + 25 = 42", "score": 1.0, "verification_info": '{"ground_truth": "42"}',
    }),
    Layout("reply-by-shape", "columns", {"query": Q, "raw_response": f"<think>\n{R}\n</think>\n\n{A}", "run": "x"}),
    Layout("reply-beside-thinking", "columns", {"prompt": Q, "thinking": R, "generated_answer_text": A, "seed": 3}),
    Layout("mmlu-options", "thinking-content", {
        "question": "Which is 17 + 25?", "options": ["41", "42"], "answer": "B", "answer_index": 1,
        "reasoning": R, "response": "The answer is (B).",
    }, [("Which is 17 + 25?\n(A) 41\n(B) 42", R, "The answer is (B).")], gold="B"),
    Layout("arc-choices", "columns", {
        "question": "Which is 17 + 25?", "choices": {"text": ["41", "42"], "label": ["A", "B"]}, "answerKey": "B",
        "rationale": R,
    }, [("Which is 17 + 25?\n(A) 41\n(B) 42", R, "")], gold="B"),
    Layout("steps-list", "columns", {
        "question": Q, "steps": ["17 plus 20 is 37.", "Then 37 + 5 = 42."], "answer": "42",
    }, [(Q, "17 plus 20 is 37.\n\nThen 37 + 5 = 42.", "")], gold="42"),
    Layout("swe-trajectory", "trajectory", {
        "environment": "main",
        "problem_statement": Q,
        "trajectory": [
            {"thought": R, "action": "add 17 25", "observation": "42\r\n",
             "response": f"{R}\n```\nadd 17 25\n```", "state": {"d": "/"}},
            {"thought": R2, "action": "submit", "observation": "", "execution_time": 0.5},
        ],
        "info": {"exit_status": "submitted"},
        "history": [
            {"role": "user", "content": "Other."},
            {"role": "assistant", "content": R, "thought": R, "agent": "main"},
            {"role": "assistant", "content": f"{R2}\nsubmit", "thought": R2},
        ],
    }, [(Q, R, "add 17 25"), (f"User: {Q}\n\nAssistant: add 17 25\n\nTool: 42\r\n", R2, "submit")]),
    Layout("react-steps", "trajectory", {
        "task": Q, "steps": [
            {"thought": R, "tool": "add", "tool_input": {"a": 17}, "observation": "42"}, {"thought": R2, "answer": A},
        ],
    }, [
        (Q, R, '{"tool": "add", "tool_input": {"a": 17}}'),
        (f'User: {Q}\n\nAssistant: {{"tool": "add", "tool_input": {{"a": 17}}}}\n\nTool: 42', R2, A),
    ]),
    Layout("dotted-paths", "columns", {"data": {"q": Q, "out": {"text": R}, "gold": "42"}, "meta": 1}, [(Q, R, "")],
           options={"question": "data.q", "reasoning": "data.out.text", "gold": "data.gold"}, gold="42"),
    Layout("alpaca", "alpaca", {"instruction": Q, "input": "", "output": f"<think>{R}</think>{A}", "history": []}),
    Layout("gsm8k", "gsm8k", {"question": Q, "answer": f"{R}\n#### 42"}, [(Q, R, "#### 42")], gold="42"),
    Layout("tool-calls-in-text", "messages", {
        "data_source": "rlla", "messages": [
            {"role": "system", "content": "Use <think> and <tool_call>."}, user(),
            assistant(f"<think> {R} </think>\n<tool_call>\n{{\"name\": \"add\"}}\n</tool_call>"),
        ],
    }, [(Q, R, '<tool_call>\n{"name": "add"}\n</tool_call>')], system="Use <think> and <tool_call>."),
]  # fmt: skip
