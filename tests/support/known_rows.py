"""One row of every benchmark in every layout that is known, and the problem that it is."""

from __future__ import annotations

from typing import Any

SOLUTION = "She makes 9 * 2 = <<9*2=18>>18 dollars.\n#### 1,018"
CHOICES = {"label": ["A", "B", "C"], "text": ["a bank", "a mall, or two", "a desert"]}
LINES = "Where is it? Answer Choices:\nA. a bank\nB. a mall, or two\nC. a desert\n"
INLINE = "Q: Where is it? Answer choices: A: a bank, B: a mall, or two, C: a desert"
GPQA = {
    "Question": "Which one?",
    "Correct Answer": "right",
    "Incorrect Answer 1": "wrong one",
    "Incorrect Answer 2": "wrong two",
    "Incorrect Answer 3": "wrong three",
}

ROWS: dict[str, list[tuple[dict[str, Any], str]]] = {
    "gsm8k": [({"question": "How much?", "answer": SOLUTION}, "1018")],
    "math500": [
        ({"problem": "Simplify.", "solution": "", "answer": r"\frac{\pi}{2}", "subject": "Algebra"}, r"\frac{\pi}{2}"),
        ({"problem": "Simplify.", "answer": r"\text{Evelyn}", "type": "Algebra"}, r"\text{Evelyn}"),
    ],
    "amc23": [
        ({"id": 0, "question": "How far?", "answer": "27", "url": ""}, "27"),
        ({"id": 0, "problem": "How far?", "question": "How far?", "answer": 27.0}, "27"),
        ({"id": 0, "problem": "How far?", "answer": -1.0}, "-1"),
    ],
    "aime24": [
        ({"id": 60, "problem": "Find it.", "solution": "", "answer": "204", "year": "2024"}, "204"),
        ({"id": 60, "problem": "Find it.", "question": "Find it.", "answer": "025"}, "25"),
    ],
    "aime25": [({"problem": "Find it.", "answer": "70", "id": "0"}, "70"), ({"problem": "Find it.", "answer": 0}, "0")],
    "gpqa_diamond": [({**GPQA, "Record ID": "rec1", "Subdomain": "Optics"}, "shuffled")],
    "mmlu_pro": [
        ({"question": "Which?", "options": list("vwxyz"), "answer": "E", "answer_index": 4, "category": "law"}, "E"),
    ],
    "natural_reasoning": [
        ({"question": "How fast?", "reference_answer": r"$v = 3 \times 10^8$ m/s", "responses": []}, ""),
        ({"question": "Why?", "reference_answer": "The entropy increases with the temperature"}, ""),
    ],
    "csqa": [
        ({"id": "1", "question": "Where is it?", "question_concept": "it", "choices": CHOICES, "answerKey": "B"}, "B"),
        ({"instruction": LINES, "output": "", "label": "B"}, "B"),
    ],
    "openbookqa": [
        ({"id": "1", "question_stem": "Where is it?", "choices": CHOICES, "answerKey": "C"}, "C"),
        ({"instruction": INLINE, "label": "C"}, "C"),
    ],
    "strategyqa": [
        ({"qid": "1", "term": "it", "question": "Is it?", "answer": True, "facts": ""}, "True"),
        ({"instruction": "Is it?", "label": "False"}, "False"),
    ],
}
"""Rows with their gold answers: "" for the reference answer as it stands, "shuffled" for a letter that is drawn."""

SHARED = {
    "gsm8k": ("gsm8k_test.jsonl", 1319),
    "math500": ("math500.jsonl", 500),
    "amc23": ("amc23.jsonl", 40),
    "aime24": ("aime24.jsonl", 30),
    "mmlu_pro": ("mmlu_pro_993.jsonl", 993),
    "csqa": ("csqa_test.json", 1221),
    "openbookqa": ("openbookqa_test.json", 500),
    "strategyqa": ("strategyqa_test.json", 290),
}
"""Of the shared data: the file of a benchmark, and its rows."""
