"""Rows in miniature whose columns have names that nobody lists, options in columns, templates, tags. See `layouts`."""

from __future__ import annotations

from layouts import R2, A, Layout, Q, R, assistant, user

THOUGHT = f"<think>\n{R}\n</think>\n\n{A}"
ALONE = [(Q, R, "")]
OPTIONS = f"{Q}\n(A) 41\n(B) 42\n(C) 43"
WHY = "Seventeen and twenty-five make 42, so that is it."

COLUMNS = [
    Layout("question-and-long-answer", "columns", {"question": Q, "answer": R, "source": "s"}, ALONE),
    Layout("orig-answer-beside-answer", "columns", {
        "orig_question": "Another?", "orig_answer": "An old answer of nine words that nobody wants.",
        "question": Q, "answer": R,
    }, ALONE),
    Layout("long-cot", "columns", {"question": Q, "answer": "42", "longCOT": R}, ALONE, gold="42"),
    Layout("cot-content", "columns", {
        "question": Q, "options": ["4", "2"], "answer": "B", "answer_index": 1, "cot_content": R, "src": "s",
    }, [(f"{Q}\n(A) 4\n(B) 2", R, "")], gold="B"),
    Layout("user-and-assistant", "columns", {"user": Q, "reasoning": R, "assistant": A}),
    Layout("names-with-prefixes", "columns", {
        "user_prompt": Q, "prompt_type": "sum of numbers", "model_thoughts": R, "model_response": A,
    }),
    Layout("long-answer", "columns", {"question": Q, "long_answer": R, "final_decision": "yes"}, ALONE),
    Layout("names-in-chinese", "columns", {
        "问题": "17加25等于多少？", "思考过程": "先把17和20相加，再加5。", "答案": "42",
    }, [("17加25等于多少？", "先把17和20相加，再加5。", "")], gold="42"),
    Layout("names-in-arabic", "columns", {
        "السؤال": "كم يساوي ١٧ + ٢٥؟", "التفكير": "نبدأ بجمع العددين معا.", "الجواب": "٤٢",
    }, [("كم يساوي ١٧ + ٢٥؟", "نبدأ بجمع العددين معا.", "")], gold="٤٢"),
    Layout("one-solution-in-a-list", "columns", {
        "question": Q, "solution": [R], "final_answer": ["42"], "is_multiple_answer": False,
    }, ALONE, gold="42"),
    Layout("rationales", "columns", {"question": Q, "rationales": [R], "answer": "42"}, ALONE, gold="42"),
    Layout("letters-that-are-no-options", "columns", {
        "question": Q, "a": "17 as text", "b": "25 as text", "solution": R, "answer": "42",
    }, ALONE, gold="42"),
    Layout("label-of-steps", "columns", {
        "problem": Q, "steps": [R], "final_answer_correct": True, "label": -1,
    }, ALONE),
    Layout("names-with-spaces", "columns", {
        "Question": Q, "Correct Answer": "42", "Incorrect Answer 1": "41", "Explanation": R,
    }, ALONE, gold="42"),
    Layout("one-of-several-solutions", "columns", {
        "question": Q, "final_answer": "42", "r1_solution_1": f"{R}\n</think>\n\n{A}",
        "r1_solution_2": f"{R2}\n</think>\n\n{A}",
    }, gold="42", options={"reasoning": "r1_solution_1"}),
    Layout("options-in-columns", "columns", {
        "question": Q, "A": "41", "B": "42", "C": "43", "answer": "B", "explanation": R,
    }, [(OPTIONS, R, "")], gold="B"),
    Layout("options-in-prefixed-columns", "columns", {
        "question": Q, "opa": "41", "opb": "42", "opc": "43", "answer": "B", "rationale": R,
    }, [(OPTIONS, R, "")], gold="B"),
    Layout("options-in-one-text", "columns", {
        "question": Q, "options": "Answer Choices:\nA. 41\nB. 42", "answer": WHY, "reasoning": R,
    }, [(f"{Q}\nAnswer Choices:\nA. 41\nB. 42", R, WHY)]),
]  # fmt: skip

TEMPLATES = [
    Layout(f"rendered-{name}", "rendered", {"text": text}, system=system) for name, text, system in (
        ("kimi", "<|im_system|>system<|im_middle|>Be exact.<|im_end|><|im_user|>user<|im_middle|>"
         f"{Q}<|im_end|><|im_assistant|>assistant<|im_middle|><think>{R}</think>{A}<|im_end|>", "Be exact."),
        ("minimax", f"]~!b[]~b]system\nBe exact.[e~[\n]~b]user\n{Q}[e~[\n]~b]ai\n{THOUGHT}[e~[", "Be exact."),
        ("granite", f"<|start_of_role|>user<|end_of_role|>{Q}<|end_of_text|>\n"
         f"<|start_of_role|>assistant<|end_of_role|>{THOUGHT}<|end_of_text|>", ""),
        ("llama-4", f"<|begin_of_text|><|header_start|>user<|header_end|>\n\n{Q}<|eot|>"
         f"<|header_start|>assistant<|header_end|>\n\n{THOUGHT}<|eot|>", ""),
        ("command", f"<BOS_TOKEN><|START_OF_TURN_TOKEN|><|USER_TOKEN|>{Q}<|END_OF_TURN_TOKEN|>"
         f"<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|><|START_THINKING|>{R}<|END_THINKING|>{A}<|END_OF_TURN_TOKEN|>", ""),
        ("seed", f"<seed:bos>user\n{Q}<seed:eos><seed:bos>assistant\n<seed:think>{R}</seed:think>{A}<seed:eos>", ""),
        ("exaone", f"[|system|]Be exact.[|endofturn|]\n[|user|]{Q}[|endofturn|]\n[|assistant|]{THOUGHT}[|endofturn|]",
         "Be exact."),
        ("nemotron", f"<SPECIAL_10>System\n\n<SPECIAL_11>User\n{Q}\n<SPECIAL_11>Assistant\n{THOUGHT}<SPECIAL_12>", ""),
        ("phi-4", f"<|im_start|>user<|im_sep|>{Q}<|im_end|><|im_start|>assistant<|im_sep|>{THOUGHT}<|im_end|>", ""),
        ("alpaca", f"Be exact.\n\n### Instruction:\n{Q}\n\n### Response:\n{THOUGHT}", "Be exact."),
    )
]  # fmt: skip

TAGS = [
    Layout(f"own-tag-{number}", "messages", {"messages": [user(), assistant(f"{opening}\n{R}\n{closing}\n\n{A}")]})
    for number, (opening, closing) in enumerate((
        ("<REASONING>", "</REASONING>"), ("<internal_reasoning>", "</internal_reasoning>"), ("<|think|>", "<|/think|>"),
        ("<thoughts>", "</thoughts>"), ("<|thinking_start|>", "<|thinking_end|>"), ("[REASONING]", "[/REASONING]"),
        ("<|begin_of_reasoning|>", "<|end_of_reasoning|>"), ("<mm:think>", "</mm:think>"), ("<cot>", "</cot>"),
        ("<|inner_prefix|>", "<|inner_suffix|>"), ("<Think>", "</Think>"), ("<|channel>thought", "<channel|>"),
        ("<start_working_out>", "<end_working_out>"),
    ))
]  # fmt: skip

OTHER_TAGS = [
    Layout("reasoning-among-other-tags", "sharegpt", {"conversations": [
        {"from": "human", "value": f"<image>\n{Q}"},
        {"from": "gpt", "value":
         f"<SUMMARY> I add. </SUMMARY>\n\n<REASONING> {R} </REASONING>\n\n<CONCLUSION> 42 </CONCLUSION>"},
    ]}, [(f"User: <image>\n{Q}\n\nAssistant: <SUMMARY> I add. </SUMMARY>", R, "<CONCLUSION> 42 </CONCLUSION>")]),
]  # fmt: skip

COLUMN_LAYOUTS = [*COLUMNS, *TEMPLATES, *TAGS, *OTHER_TAGS]
