r"""Mathematical answers: where a text states one, and what can be decided about it without algebra."""

from __future__ import annotations

import re
import string

from cotpress.answers import extract_answer, is_same_answer
from cotpress.evaluation.grading.latex_conversion import convert_to_latex
from cotpress.evaluation.grading.measurement_units import split_measurement_unit
from cotpress.evaluation.grading.number_answers import compare_based_numbers, compare_numbers
from cotpress.evaluation.grading.text_endings import find_last_line, strip_lead
from cotpress.evaluation.grading.word_answers import has_same_words

MAX_ALGEBRA_CHARACTERS = 600  # characters of an answer that algebra is tried on
ExpressionPair = tuple[str, str]

DISPLAY_FORMULA = re.compile(r"(?:\$\$|\\\[)\s*+([^$]{1,400}+)\Z")  # without the delimiter that closes it
INLINE_FORMULA = re.compile(r"(?:\$([^$]+)\$|\\\((.+?)\\\))")
NAMED_VALUE = re.compile(r"(?:[a-zA-Z](?:\([a-z]\))?)\s*(?:=|\\in\b)\s*([^=]+)")
# What is left of an expression without its commands: no word, and something that counts.
COMMANDS = re.compile(r"\\(?:begin|end)\s*\{[a-z]+\}|\\(?:text|mbox)\s*\{[^{}]*\}|\\[a-zA-Z]+")
WORD = re.compile(r"[a-zA-Z]{3,}|[a-zA-Z]\s+[a-zA-Z]")
EXPRESSION = re.compile(r"[\w\s.,+\-−*/^=(){}\[\]|!:%$°±√π∞≤≥<>∪\\&;']+")

WORDY_ANSWER = re.compile(
    r"\\(?:text|mbox|textbf|textit|textrm|mathrm)\s*\{[^{}]*\}|[A-Z]?[a-z]{3,}(?:[ -][\w.,'’]+)*|\d{1,2}:\d\d.*"
)
STATED_NUMBER = re.compile(r"-?\\?\$?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:/\d+)?(?:\\?%)?")
SENTENCE = re.compile(r"[a-zA-Z]{2} [a-zA-Z]++ ")


def read_math(text: str) -> str | None:
    r"""The answer that `text` states last; where it states none, a last line or display that is nothing but one.

    "72", "**$\frac12$**", "Thus x = 5." are bare answers; "9*8=72" is a step and "So she has 72 clips." a
    sentence, neither of which says that it is the answer.
    """
    stated = extract_answer(text)
    if stated is not None:
        return stated
    display = _find_closing_display(text[-MAX_ALGEBRA_CHARACTERS:].rstrip())
    line = display[1] if display else strip_lead(find_last_line(text))
    inside = INLINE_FORMULA.fullmatch(line)
    line = (inside[1] or inside[2]) if inside else line
    named = NAMED_VALUE.fullmatch(line)
    line = (named[1] if named else line).strip()
    return line if _is_bare(line) else None


def _find_closing_display(text: str) -> re.Match[str] | None:
    """The display formula that a text ends in."""
    if not text.endswith(("$$", r"\]")):
        return None
    return DISPLAY_FORMULA.search(text[:-2].rstrip(string.whitespace + "."))


def compare_math(stated: str, gold: str) -> bool | ExpressionPair | None:
    """Whether an answer is the gold one, or the two in LaTeX where that takes algebra; None where it is too long for
    algebra to be tried on it.

    Different units are different answers (none is converted), a unit that only one of them names is forgiven; words
    are compared as words.
    """
    if is_same_answer(stated, gold):
        return True
    if max(len(stated), len(gold)) > MAX_ALGEBRA_CHARACTERS:
        return None
    if _is_wordy(gold):
        return has_same_words(stated, gold)
    based = compare_based_numbers(stated, gold)
    return _compare_values(_extract_core(stated), gold) if based is None else based


def _compare_values(stated: str, gold: str) -> bool | ExpressionPair:
    right, right_unit = split_measurement_unit(gold)
    left, left_unit = split_measurement_unit(stated, letters=bool(right_unit))
    if left_unit and right_unit and left_unit != right_unit:
        return False
    number = compare_numbers(left, right)
    if number is not None:
        return number
    if is_same_answer(left, right):
        return True
    return (
        not _is_wordy(convert_to_latex(left))
        and _has_agreeing_brackets(left, right)
        and (convert_to_latex(left), convert_to_latex(right))
    )


def _is_bare(line: str) -> bool:
    plain = COMMANDS.sub(" ", split_measurement_unit(line, letters=True)[0])
    counts = re.search(r"\d|\\(?:pi|infty|frac|sqrt|begin)", line) or re.fullmatch(r"[a-zA-Z]", line.strip())
    equation = "=" in plain
    return bool(counts and not equation and not WORD.search(plain) and EXPRESSION.fullmatch(line))


def _is_wordy(answer: str) -> bool:
    return WORDY_ANSWER.fullmatch(answer.strip()) is not None and not re.search(r"\d\s*[+*/^=<>]", answer)


def _extract_core(stated: str) -> str:
    """Of a statement that is a sentence ("12 of them are left"), the only formula or number in it."""
    if not SENTENCE.search(COMMANDS.sub(" ", stated)):
        return stated
    formulas = [in_dollars or in_brackets for in_dollars, in_brackets in INLINE_FORMULA.findall(stated)]
    numbers = STATED_NUMBER.findall(stated)
    only = formulas if formulas else numbers
    return only[0] if len(only) == 1 else stated


def _has_agreeing_brackets(stated: str, gold: str) -> bool:
    r"""Whether neither, or both, are a set in braces: `(1,2)` and `[1,2]` are not `\{1,2\}`."""
    one, other = (re.sub(r"\\left|\\right|\s", "", answer) for answer in (stated, gold))
    sets = {one.startswith(r"\{"), other.startswith(r"\{")}
    return len(sets) == 1 or (one if other.startswith(r"\{") else other)[:1] not in "(["
