r"""Mathematical answers: where a text states one, and what can be decided about it without algebra."""

from __future__ import annotations

import re

from cotpress.answers import same_answer, stated_answer
from cotpress.grading.endings import last_line, without_lead
from cotpress.grading.latex import as_latex
from cotpress.grading.numerals import same_based, same_number
from cotpress.grading.units import split_unit
from cotpress.grading.words import same_words

LONGEST = 600  # characters of an answer that algebra is tried on
Pair = tuple[str, str]

DISPLAY = re.compile(r"(?:\$\$|\\\[)\s*([^$]{1,400}?)[\s.]*(?:\$\$|\\\])\s*\Z")
INLINE = re.compile(r"(?:\$([^$]+)\$|\\\((.+?)\\\))")
NAMED = re.compile(r"(?:[a-zA-Z](?:\([a-z]\))?)\s*(?:=|\\in\b)\s*([^=]+)")
# What is left of an expression without its commands: no word, and something that counts.
COMMANDS = re.compile(r"\\(?:begin|end)\s*\{[a-z]+\}|\\(?:text|mbox)\s*\{[^{}]*\}|\\[a-zA-Z]+")
WORD = re.compile(r"[a-zA-Z]{3,}|[a-zA-Z]\s+[a-zA-Z]")
EXPRESSION = re.compile(r"[\w\s.,+\-−*/^=(){}\[\]|!:%$°±√π∞≤≥<>∪\\&;']+")

WORDY = re.compile(
    r"\\(?:text|mbox|textbf|textit|textrm|mathrm)\s*\{[^{}]*\}|[A-Z]?[a-z]{3,}(?:[ -][\w.,'’]+)*|\d{1,2}:\d\d.*"
)
STATED_NUMBER = re.compile(r"-?\\?\$?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:/\d+)?(?:\\?%)?")
SENTENCE = re.compile(r"[a-zA-Z]{2,} [a-zA-Z]+ ")


def read_math(text: str) -> str | None:
    r"""The answer that `text` states last; where it states none, a last line or display that is nothing but one.

    "72", "**$\frac12$**", "Thus x = 5." are bare answers; "9*8=72" is a step and "So she has 72 clips." a
    sentence, neither of which says that it is the answer.
    """
    stated = stated_answer(text)
    if stated is not None:
        return stated
    display = DISPLAY.search(text[-LONGEST:])
    line = display[1] if display else without_lead(last_line(text))
    inside = INLINE.fullmatch(line)
    line = (inside[1] or inside[2]) if inside else line
    named = NAMED.fullmatch(line)
    line = (named[1] if named else line).strip()
    return line if _is_bare(line) else None


def decide(stated: str, gold: str) -> bool | Pair | None:
    """Whether an answer is the gold one, or the two in LaTeX where that takes algebra; None where it is too long for
    algebra to be tried on it.

    Different units are different answers (none is converted), a unit that only one of them names is forgiven; words
    are compared as words.
    """
    if same_answer(stated, gold):
        return True
    if max(len(stated), len(gold)) > LONGEST:
        return None
    if _is_wordy(gold):
        return same_words(stated, gold)
    based = same_based(stated, gold)
    return _decide_value(_core(stated), gold) if based is None else based


def _decide_value(stated: str, gold: str) -> bool | Pair:
    right, right_unit = split_unit(gold)
    left, left_unit = split_unit(stated, letters=bool(right_unit))
    if left_unit and right_unit and left_unit != right_unit:
        return False
    number = same_number(left, right)
    if number is not None:
        return number
    if same_answer(left, right):
        return True
    return not _is_wordy(as_latex(left)) and _brackets_agree(left, right) and (as_latex(left), as_latex(right))


def _is_bare(line: str) -> bool:
    plain = COMMANDS.sub(" ", split_unit(line, letters=True)[0])
    counts = re.search(r"\d|\\(?:pi|infty|frac|sqrt|begin)", line) or re.fullmatch(r"[a-zA-Z]", line.strip())
    equation = "=" in plain
    return bool(counts and not equation and not WORD.search(plain) and EXPRESSION.fullmatch(line))


def _is_wordy(answer: str) -> bool:
    return WORDY.fullmatch(answer.strip()) is not None and not re.search(r"\d\s*[+*/^=<>]", answer)


def _core(stated: str) -> str:
    """Of a statement that is a sentence ("12 of them are left"), the only formula or number in it."""
    if not SENTENCE.search(COMMANDS.sub(" ", stated)):
        return stated
    formulas = [one or other for one, other in INLINE.findall(stated)]
    numbers = STATED_NUMBER.findall(stated)
    only = formulas if formulas else numbers
    return only[0] if len(only) == 1 else stated


def _brackets_agree(stated: str, gold: str) -> bool:
    r"""Whether neither, or both, are a set in braces: `(1,2)` and `[1,2]` are not `\{1,2\}`."""
    one, other = (re.sub(r"\\left|\\right|\s", "", answer) for answer in (stated, gold))
    sets = {one.startswith(r"\{"), other.startswith(r"\{")}
    return len(sets) == 1 or (one if other.startswith(r"\{") else other)[:1] not in "(["
