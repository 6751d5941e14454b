"""Answers: found where they are stated, spelled one way, compared exactly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import seconds

from cotpress.answers import extract_answer, find_answer_span, find_statement_span, is_same_answer, normalise_answer

STATED = [
    # text, value, statement
    (r"so $m+n = \boxed{\textbf{841}}$ ~anon", "841", r"\boxed{\textbf{841}}"),
    (r"The answer is \(\boxed{29}\).", "29", r"\(\boxed{29}\)"),
    ("Thus\n\\[\n\\boxed{841}.\n\\]\n", "841", "\\[\n\\boxed{841}.\n\\]"),
    (r"which gives $\boxed{049}.$", "049", r"$\boxed{049}.$"),
    (r"**Final Answer**: $\boxed{\frac{1}{2}}$", r"\frac{1}{2}", r"$\boxed{\frac{1}{2}}$"),
    (r"first \boxed{11}, no: \boxed{12}", "12", r"\boxed{12}"),
    (r"\boxed{7} and then \boxed{", "7", r"\boxed{7}"),
    (r"it is \fbox{192}", "192", r"\fbox{192}"),
    ("9*8=72\n#### 72", "72", "#### 72"),
    ("so\n#### 1,080\n", "1,080", "#### 1,080"),
    ("It is musical. The answer is True", "True", "The answer is True"),
    ("Hence the answer is no.", "no", "the answer is no"),
    ("439 + 231 = 670\n\n**Answer: 670**", "670", "**Answer: 670**"),
    ("### Answer: Ben", "Ben", "Answer: Ben"),
    ("**Final Answer**\n\n841", "841", "**Final Answer**\n\n841"),
    ("**Answer:** 12 kilograms of lead.", "12 kilograms of lead", "**Answer:** 12 kilograms of lead"),
    ("Therefore, theanswer is 156.", "156", "theanswer is 156"),
    ("So the answer should be W.", "W", "the answer should be W"),
    ("the answer is (2, 3).", "(2, 3)", "the answer is (2, 3)"),
    ("The correct option is (B) because it is far.", "B", "The correct option is (B)"),
    ("The answer is 17 + 32 = 49.", "49", "The answer is 17 + 32 = 49"),
    ("Thus the answer is $60 + 12 = 072$.", "072", "the answer is $60 + 12 = 072$"),
    ("The answer is $5 and not $6.", "$5", "The answer is $5"),
    ("the answer is **blue whale**.", "blue whale", "the answer is **blue whale**"),
    ("The answer is the Amazon River.", "the Amazon River", "The answer is the Amazon River"),
    ("答案是 42。", "42", "答案是 42"),
    ("The answer is 3. Wait, no. The answer is 4.", "4", "The answer is 4"),
]
UNSTATED = [
    "",
    "She has 72 clips.",
    "the answer is obvious because it is symmetric",
    "The answer is that nobody knows.",
    "The answer is 3 more than the question suggests",
    "the answer is no longer clear",
    "The answer is A dog",
    "if the answer is 5, then we stop",
    "Could it be that the answer is 5?",
    "End with a line of the form 'Answer: <answer>'",
    "#### Step 4: Add the boxes",
    "**Final Answer**\nThe smallest such prime is rather small.",
    r"\boxed{} and \boxed{ and",
    "the answers are in the back",
    "Let us check our answer: $17 = 17$",
]


@pytest.mark.parametrize(("text", "value", "statement"), STATED)
def test_finds_the_value_and_its_statement(text: str, value: str, statement: str) -> None:
    found, whole = find_answer_span(text), find_statement_span(text)
    assert found is not None
    assert whole is not None
    assert (text[slice(*found)], text[slice(*whole)]) == (value, statement)


@pytest.mark.parametrize("text", UNSTATED)
def test_ordinary_sentences_state_nothing(text: str) -> None:
    assert (find_answer_span(text), find_statement_span(text), extract_answer(text)) == (None, None, None)


@pytest.mark.parametrize(("text", "value", "statement"), STATED)
def test_a_statement_can_be_read_alone(text: str, value: str, statement: str) -> None:
    assert extract_answer(statement) == value
    assert find_statement_span(statement) == (0, len(statement))


FRAGMENTS = [
    "the answer is ",
    "Answer: ",
    "#### ",
    r"\boxed{",
    "}",
    "$",
    r"\(",
    r"\)",
    "**",
    "42",
    "B",
    "cat",
    ".",
    "\n",
    " ",
    "?",
    "{",
    "é",
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))
def test_spans_are_sound_for_any_text(text: str) -> None:
    found, whole = find_answer_span(text), find_statement_span(text)
    assert (found is None) == (whole is None)
    if found and whole:
        assert 0 <= whole[0] <= found[0] < found[1] <= whole[1] <= len(text)
        assert extract_answer(text) == text[slice(*found)].strip()
        assert not (text[whole[0] - 1 : whole[0]].isalnum() and text[whole[0]].isalnum())
        assert not (text[whole[1] - 1].isalnum() and text[whole[1] : whole[1] + 1].isalnum())


EQUAL = [
    ("1,000", "1000"),
    ("27.0", "27"),
    ("063", "63"),
    (r"\frac{1}{2}", "1/2"),
    (r"\dfrac12", "0.5"),
    (r"\frac{2}{4}", ".5"),
    (r"1\frac{4}{5}", "9/5"),
    (r"\frac{-35}{9}", r"-\frac{35}{9}"),
    (r"\text{(C)}", "C"),
    ("(B)", "b."),
    ("yes", "True"),
    ("No.", "false"),
    (r"90^\circ", "90 degrees"),
    (r"\$32,\!348", "$32348"),
    ("50\\%", "50"),
    (r"3 \times 10^{8}", "300,000,000"),
    ("5 million", "5000000"),
    (r"\left( \frac{3}{2}, -13 \right)", "(1.5,-13.0)"),
    (r"\frac{11+9a}{20}", "(11+9a)/20"),
    (r"12 \pi", "12*pi"),
    (r"(-\infty, 0]", "(−∞,0]"),
    (r"3\sqrt{5}", "3 √5"),
    (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", r"\begin{pmatrix}1\\2\end{pmatrix}"),
    ("The Amazon River", "amazon river"),
    ("42 apples", "42"),
    ("x = 5", "5"),
    (r"x \in [-2,7]", "[-2, 7]"),
    ("(B) a bank", "B"),
    ("Indian Rupee (INR)", "Indian rupee"),
    (r"864 \mbox{ inches}^2", "864"),
]
UNEQUAL = [
    ("", ""),
    ("1", "2"),
    ("-5", "5"),
    ("1/3", "0.333"),
    ("5x", "5"),
    (r"2\pi", "2"),
    ("2k", "2"),
    ("42 apples", "42 pears"),
    ("x = 5", "y = 5"),
    ("(1,2)", "(2,1)"),
    ("5 mod 7", "5"),
    ("1/0", "0"),
    ("A", "B"),
    ("9**9**9", "9"),
]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal_answers(one: str, other: str) -> None:
    assert is_same_answer(one, other)
    assert is_same_answer(other, one)


@pytest.mark.parametrize(("one", "other"), UNEQUAL)
def test_unequal_answers(one: str, other: str) -> None:
    assert not is_same_answer(one, other)
    assert not is_same_answer(other, one)


@given(st.fractions(), st.integers(1, 9))
def test_numbers_compare_exactly(value: object, scale: int) -> None:
    top, bottom = value.numerator, value.denominator  # type: ignore[attr-defined]
    assert (
        normalise_answer(f"{top}/{bottom}")
        == normalise_answer(rf"\frac{{{top * scale}}}{{{bottom * scale}}}")
        == str(value)
    )
    assert not is_same_answer(f"{top}/{bottom}", f"{top + 1}/{bottom}")


@given(st.integers(-(10**12), 10**12))
def test_thousands_and_decimals_are_spelling(value: int) -> None:
    assert (
        normalise_answer(f"{value:,}")
        == normalise_answer(f"{value}.00")
        == normalise_answer(f"${value}$")
        == str(value)
    )


@given(st.text(max_size=60))
def test_normalising_never_fails_and_equals_itself(text: str) -> None:
    assert is_same_answer(text, text) == bool(normalise_answer(text))


HOSTILE = [
    "answer is " * 20_000,
    r"\boxed{" * 50_000,
    r"\boxed{" * 20_000 + "}" * 20_000,
    r"\frac{" * 50_000,
    r"\boxed{" + "{" * 50_000 + "}" * 50_001,
    "#### " * 50_000,
    "$" * 200_000,
    "{" * 200_000,
    "answer: " + "x" * 200_000,
    "answer is " + "1" * 200_000,
    "the final " * 20_000,
    "answer" + " " * 200_000,
    "9**9**9",
    "9^{999}",
    "9" * 300 + "^{999}",
    "1e999",
    "(" * 999,
    r"\frac{" * 100 + "1" + "}{2}" * 100,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_hostile_text_takes_linear_time(text: str) -> None:
    assert seconds(lambda: (find_statement_span(text), is_same_answer(text, text + " 1")), rounds=1)[0] < 3


def _rows(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("name", "text", "gold", "rate"),
    [
        ("traces/limo_r1_distill_qwen_32b.jsonl", "solution", "gold_answer", 1.0),
        ("traces/limo_qwen2.5_32b_instruct.jsonl", "solution", "gold_answer", 290 / 291),  # one is wrong
        ("traces/limo_human.jsonl", "solution", "gold_answer", 275 / 291),  # 14 state none, 2 end in another solution's
        ("benchmarks/math500.jsonl", "solution", "answer", 1.0),
        ("benchmarks/aime24.jsonl", "solution", "answer", 29 / 30),  # one states none
    ],
)
def test_rate_on_real_traces(shared_data: Path, name: str, text: str, gold: str, rate: float) -> None:
    rows = _rows(shared_data / name)
    right = sum(is_same_answer(extract_answer(row[text]) or "", row[gold]) for row in rows)
    assert right / len(rows) >= rate


@pytest.mark.parametrize("name", ["gsm8k_train_2000.jsonl", "strategyqa_human.json"])
def test_every_short_trace_states_its_last_word(shared_data: Path, name: str) -> None:
    for row in _rows(shared_data / "traces" / name):
        output = row.get("answer") or row["output"]
        assert extract_answer(output) == output.split()[-1]
        assert find_statement_span(output) == (output.rindex("####" if "answer" in row else "The answer"), len(output))
