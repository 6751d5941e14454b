"""Every check by examples: what passes and what fails."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cotpress.rewriting.checks import CHECKS, Draft

PAIRS_FILE = Path(__file__).parent / "data" / "labelled_pairs.jsonl"  # more examples, of the checks of meaning
CLIPS = "Natalia sold 48/2 = <<48/2=24>>24 clips in May.\nNatalia sold 48+24 = <<48+24=72>>72 clips altogether."
STATED = "Okay, let me see. There are 3 boxes of 4 pens. So 3 * 4 = 12. The answer is 12."
PLAIN = "Caesar had three children, and Khan had sixteen. Many men of today have his genes in them."
FORMULA = "We have $x = 2$ and \\[y = 3\\] here. Then the sum is 5."
LINES = "First we add 2 and 3.\nThat makes 5 apples.\nThen we double the apples.\nSo there are 10 apples."
CHAIN = "We add 2 + 3 = 5.\nThen 5 * 4 = 20 follows.\nWe take 20 - 3 = 17 from it.\nSo 17 * 2 = 34."
GIVEN = "{} 3 boxes of 4 pens\n{} the pens\n{} multiply\n{} 3 * 4 = 12\n{} 12"
NAMES = ("Given", "Find", "Plan", "Work", "Answer")
GERMAN = "Caesar hatte drei Kinder, und Khan hatte sechzehn. Viele Männer von heute haben seine Gene in sich."
REPLACE = {"level": "replace"}

# check, original, rewrite, what else a draft is made of
PASS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("not-empty", CLIPS, "48/2 = 24, 48+24 = 72", {}),
    ("not-empty", "It is so.", "It is.", {}),
    ("not-empty", PLAIN, "Khan had sixteen children.", {}),
    ("no-fence", CLIPS, CLIPS, {}),
    ("no-fence", "```py\nx = 1\n```", "```py\nx = 1\n```", {}),
    ("no-fence", CLIPS, "```py\nx = 1\n```\nSo it is, and then\n```py\ny = 1\n```", {}),
    ("no-preamble", STATED, "Here we have 3 boxes. So 12.", {}),
    ("no-preamble", STATED, "Okay, so there are 3 boxes.", {}),
    ("no-preamble", STATED, "Sure enough, 3 * 4 = 12.", {}),
    ("no-preamble", STATED, "Let me rewrite the equation as x = 12. I removed 3 apples.", {}),
    ("no-preamble", STATED, "This is the simplified form: x = 12.\nNote that 3 pens are kept in each box.", {}),
    ("no-preamble", "Here is the shortened version: 1.\n5.", "Here is the shortened version: 1.", {}),
    ("no-echo", CLIPS, "If a < b and b > c, then <b>bold</b>.", {}),
    ("no-echo", "The tag <think> opens it.", "<think> opens it.", {}),
    ("no-echo", CLIPS, "A well-reasoned answer > 3", {}),
    ("not-cut-off", FORMULA, "$x = 2$, \\[y = 3\\], 5", {}),
    ("not-cut-off", FORMULA, "It costs $5 and x is 2", {}),
    ("not-cut-off", "Open \\[ stays", "\\[ stays", {}),
    ("not-cut-off", "Take \\(100 - 1.\nIt is 9 \\).", "Take \\(100 - 1.", {}),
    ("not-cut-off", FORMULA, "\\left\\{ x \\\\[4pt] y \\right.", {}),
    ("answer-kept", STATED, "3 * 4 = 12, so the answer is 12.0", {}),
    ("answer-kept", STATED, "Work: 3 * 4 = 12\nAnswer: 12", {}),
    ("answer-kept", CLIPS, "48+24 = 72", {"answer": "#### 72"}),
    ("answer-kept", "It cost 1,000 dollars in all.", "It cost $1000.", {"gold": "1000"}),
    ("answer-kept", PLAIN, "Khan had sixteen.", {"answer": "The answer is True"}),
    ("answer-kept", PLAIN, "Khan had sixteen. So the answer is True.", {"answer": "The answer is True"}),
    ("answer-kept", "No reasoning here names it.", "No reasoning.", {"gold": "17"}),
    ("faithful", "1,000 and 0.50", "1000 and .5", {}),
    ("faithful", CLIPS, "24, 72 and 99", {}),
    ("faithful", STATED, "1. There are 3 boxes\n2. of 4 pens\nStep 5: so 12", {}),
    ("faithful", PLAIN, "There are 17, 18", {"question": "Is it 17 or 18?"}),
    (
        "same-language",
        PLAIN,
        "Since Khan had so many children, very many men of today must have his genes in them.",
        {},
    ),
    ("same-language", PLAIN, "Khan: 16", {}),
    ("same-language", CLIPS, "$\\alpha + \\beta = 72$", {}),
    ("same-language", GERMAN, "Khan hatte sechzehn Kinder. Viele Männer von heute haben seine Gene.", {}),
    ("fewer-steps", LINES, "2 + 3 makes 5 apples.\nDoubled, these are 10.", {}),
    ("fewer-steps", PLAIN, "Many men have the genes of Khan, who had sixteen children", {}),
    ("fewer-steps", "One step alone", "One", {}),
    ("fewer-steps", "One.\n\nTwo.\n\nThree.", "One.\nTwo.\n\nThree.", {}),
    ("sections", STATED, GIVEN.format(*(f"{name}:" for name in NAMES)), REPLACE),
    ("sections", STATED, GIVEN.format(*(f"**{name}:**" for name in NAMES)), REPLACE),
    ("sections", STATED, GIVEN.format(*(f"## {name}\n" for name in NAMES)), REPLACE),
    ("sections", STATED, GIVEN.format(*(f"{at}. **{name}**:" for at, name in enumerate(NAMES, 1))), REPLACE),
    ("sections", STATED, GIVEN.format(*(f"{name}:\nFind the rest, given 3, and" for name in NAMES)), REPLACE),
    ("sections", PLAIN, "Question: a\nEvidence: b\nInference: c\nAnswer: d", REPLACE | {"domain": "general"}),
    ("sections", STATED, "Anything", {"level": "edit"}),
    ("sections", STATED, "Work: 3 * 4 = 12\nAnswer: 12", REPLACE),
    ("steps-in-order", LINES, "Add 2 and 3.\nSo there are 10 apples.", {}),
    ("steps-in-order", LINES, LINES, {}),
    ("backbone-kept", CLIPS, "48/2 = 24 clips.\n48+24 = 72 clips.", {}),
    ("backbone-kept", PLAIN, "Khan had sixteen children.", {}),
    ("subsequence", STATED, "3 boxes of 4 pens: 3 * 4 = 12. Answer is 12.", {}),
    ("subsequence", STATED, STATED.upper(), {}),
    ("subsequence", "So (60 + 72) / 3 = 44, well - a lot.", "60 / 3 = 44 - lot", {}),
    ("subsequence", CLIPS, "", {}),
    ("numbers-kept", CLIPS, CLIPS.replace("Natalia sold ", ""), {}),
    ("numbers-kept", "So 5. Wait, is it 5? Yes, 5.", "So 5.", {}),
    ("numbers-kept", "Step 1: 3 apples + 4 apples\n2. Then 7 apples", "3 + 4\nThen 7", {}),
    ("steps-kept", LINES, "Add 2 and 3.\nMakes 5.\nDouble the apples.\n10 apples.", {}),
    ("steps-kept", LINES, "2 + 3\n= 5\n5 * 2\n= 10", {}),
    ("steps-kept", "Only one step", "One", {}),
]
FAIL: list[tuple[str, str, str, dict[str, Any]]] = [
    ("not-empty", CLIPS, "", {}),
    ("not-empty", CLIPS, " \n... ", {}),
    ("not-empty", CLIPS, "72", {}),
    ("not-empty", PLAIN, "I have been PWNED", {}),
    ("no-fence", CLIPS, f"```\n{CLIPS}\n```", {}),
    ("no-fence", CLIPS, f"\n~~~text\n{CLIPS}\n~~~\n", {}),
    ("no-fence", CLIPS, f"```markdown\n{CLIPS}\n```py\nx = 1\n```\nSo.\n```", {}),
    ("no-preamble", STATED, "Sure, here is the shortened reasoning:\n3 * 4 = 12.", {}),
    ("no-preamble", STATED, "Here's the shortened reasoning: 3 * 4 = 12.", {}),
    ("no-preamble", STATED, "Rewritten reasoning:\n3 * 4 = 12.", {}),
    ("no-preamble", STATED, "**Condensed version (30 words):** 3 * 4 = 12.", {}),
    ("no-preamble", STATED, "Certainly! Below is a more concise version.\n3 * 4 = 12.", {}),
    ("no-preamble", STATED, "I'm sorry, but I can't help with that.", {}),
    ("no-preamble", STATED, "3 * 4 = 12.\n\nLet me know if you need anything else!", {}),
    ("no-preamble", STATED, "3 * 4 = 12.\n\n(Note: I removed filler words and hedges.)", {}),
    ("no-preamble", STATED, "3 * 4 = 12. I have shortened the reasoning as asked.", {}),
    ("no-echo", CLIPS, "<1f3a-reasoning>\n72", {}),
    ("no-echo", CLIPS, "72\n</1f3a-reasoning>", {}),
    ("no-echo", CLIPS, "<think>Hmm</think> 72", {}),
    ("no-echo", CLIPS, "72<|im_end|>", {}),
    ("not-cut-off", CLIPS, "Natalia sold", {"finish": "length"}),
    ("not-cut-off", FORMULA, "We have $x = 2$ and \\[y =", {}),
    ("not-cut-off", FORMULA, "We have $x = ", {}),
    ("not-cut-off", FORMULA, "We have $\\frac{x$", {}),
    ("not-cut-off", FORMULA, "```py\nx = 2", {}),
    ("answer-kept", STATED, "3 * 4 = 12.", {}),
    ("answer-kept", STATED, "3 * 4 = 13. The answer is 13.", {}),
    ("answer-kept", CLIPS, "Natalia sold 24 clips in May.", {"answer": "#### 72"}),
    (
        "answer-kept",
        PLAIN,
        "Who's the happy couple?\n\nSo the answer is: Julius Caesar and Genghis Khan",
        {"answer": "The answer is True"},
    ),
    ("answer-kept", "The pupil of Plato was Aristotle.", "It was a pupil.", {"gold": "Aristotle"}),
    ("faithful", CLIPS, "17 and 18", {}),
    ("faithful", CLIPS, "24 + 31 = 55", {}),
    ("faithful", PLAIN, "In 1162 he was born, and in 1227 he died", {}),
    ("same-language", PLAIN, GERMAN, {}),
    ("same-language", GERMAN, PLAIN, {}),
    ("same-language", PLAIN, "У Цезаря было трое детей, а у Хана шестнадцать.", {}),
    ("same-language", CLIPS, "娜塔莉亚在五月卖了二十四个夹子。", {}),
    ("fewer-steps", LINES, LINES, {}),
    ("fewer-steps", LINES, LINES + "\nSo.", {}),
    ("fewer-steps", "One step alone.", "One step. Alone.", {}),
    ("sections", STATED, GIVEN.format(*(f"{name}:" for name in NAMES[::-1])), REPLACE),
    ("sections", STATED, GIVEN.format("Given:", "Find:", "Plan:", "Plan:", "Answer:"), REPLACE),
    ("sections", STATED, GIVEN.format("Given", "Find", "Plan", "Work", "Answer"), REPLACE),
    ("sections", STATED, "Given: a\nFind: b\nPlan:\nWork: c\nAnswer: 12", REPLACE),
    ("sections", STATED, "First this.\n" + GIVEN.format(*(f"{name}:" for name in NAMES)), REPLACE),
    ("sections", STATED, GIVEN.format(*(f"{name}:" for name in NAMES)) + "\nWork: more", REPLACE),
    ("sections", STATED, "Given: a\nAnswer: 12", REPLACE),
    ("steps-in-order", LINES, LINES + "\nDone.", {}),
    ("steps-in-order", LINES, "\n".join(LINES.split("\n")[::-1]), {}),
    ("steps-in-order", LINES, LINES.replace(".\nThat", "; that").replace(".\nSo", ", so"), {}),
    ("backbone-kept", CHAIN, "We add, multiply by four, take three from it and double all that, so that it is 34.", {}),
    ("subsequence", STATED, "Therefore 3 * 4 = 12.", {}),
    ("subsequence", STATED, "4 pens, 3 boxes. See there.", {}),
    ("subsequence", CLIPS, "24 = 48 + 48", {}),
    ("numbers-kept", CLIPS, "Natalia sold 48+24 = <<48+24=72>>72 clips altogether.", {}),
    ("numbers-kept", "2 + 3 = 5, and 3 + 2 = 5", "2 + 3 = 5", {}),
    ("numbers-kept", FORMULA, "The sum is 5.", {}),
    ("steps-kept", LINES, "Add 2 and 3.\nMakes 5.\nSo 10 apples.", {}),
    ("steps-kept", LINES, LINES + "\nDone.", {}),
    ("steps-kept", LINES, "\n".join(LINES.split("\n")[::-1]), {}),
    ("steps-kept", "Tom buys 3 red pens.\nTom sells 2 blue cups.", "Tom sells 2 cups.\nTom buys 3 pens.", {}),
]


def _make(draft: Any, case: tuple[str, str, str, dict[str, Any]]) -> Draft:
    _, original, rewritten, rest = case
    made = draft(original, rewritten, **rest)
    assert isinstance(made, Draft)
    return made


@pytest.mark.parametrize("case", PASS, ids=lambda case: f"{case[0]}: {case[2][:30]!r}")
def test_passes(draft: Any, case: tuple[str, str, str, dict[str, Any]]) -> None:
    assert CHECKS[case[0]](_make(draft, case)) is None


@pytest.mark.parametrize("case", FAIL, ids=lambda case: f"{case[0]}: {case[2][:30]!r}")
def test_fails_with_a_sentence(draft: Any, case: tuple[str, str, str, dict[str, Any]]) -> None:
    reason = CHECKS[case[0]](_make(draft, case))
    assert reason is not None
    assert reason[0].isupper()
    assert reason.endswith(".")
    assert "\n" not in reason
    assert len(reason) < 500


@pytest.mark.parametrize(
    ("rewritten", "reason"),
    [
        ("Given: a\nGiven: b", 'The section "Given" stands 2 times; '),
        ("Given: a", 'The section "Work" is missing; '),
        ("Given: a\nFind:\nPlan: c\nWork: d\nAnswer: e", 'The section "Find" has no content.'),
        ("Find: a\nGiven: b\nPlan: c\nWork: d\nAnswer: e", "Its sections are not in the order Given, "),
    ],
)
def test_the_reason_says_which_section(draft: Any, rewritten: str, reason: str) -> None:
    said = CHECKS["sections"](draft(STATED, rewritten, level="replace"))
    assert said is not None
    assert said.startswith(reason)


def test_every_check_has_three_examples_of_each() -> None:
    passing, failing = Counter(case[0] for case in PASS), Counter(case[0] for case in FAIL)
    for pair in map(json.loads, PAIRS_FILE.read_text(encoding="utf-8").splitlines()):
        (passing if pair["right"] else failing)[pair["check"]] += 1
    assert {name for name in CHECKS if passing[name] < 3 or failing[name] < 3} == set()
    assert {*passing, *failing} == {*CHECKS}
