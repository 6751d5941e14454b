"""The answer of a whole trace, and whether it is the gold one: right, wrong, or not to be told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from fractions import Fraction

from cotpress.answers.decimal_commas import read_comma_number, uses_decimal_commas
from cotpress.answers.normalisation import TRUTH_WORDS, is_same_answer, normalise_answer
from cotpress.answers.number_words import find_last_count
from cotpress.answers.restatements import states_answer
from cotpress.answers.statements import extract_answer, find_answer_span
from cotpress.answers.value import BOX, MATH, TUPLE, read_value
from cotpress.types import Span, Trace

MAX_BARE_CHARACTERS = 80  # of a reply that is nothing but its answer
MAX_END_CHARACTERS = 300  # of a text, its end, in which a gold answer is looked for
MAX_DENIAL_CHARACTERS = 25  # before a name, in which a word such as "not" denies it
MAX_NAME_WORDS = 6  # of a stated name that may have the gold one in it
_BARE_LEAD = re.compile(r"\s*(?:(?:the |my )?(?:option|choice|answer)\s*[:：]?\s+(?=\(?[A-Z0-9]))?", re.IGNORECASE)
_BRACKETED = re.compile(r"\s*\[([^\[\]]{1,60})\]\s*[.。]?\s*")
_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{3}){1,6},\d{1,30}|-?\d[\d,]*(?:\.\d+)?(?:/\d+(?![\d.]))?")
_DECIMAL = re.compile(r"-?\d[\d,]{0,30}\.(\d{2,12})")
_WORDS = re.compile(r"\w+")
_LEADING_OPTION = re.compile(r"\s*\**\(?([A-Z]|[a-h](?=\)))\)?\**(?:[.):：]\s|\s*\n)")
_LEADING_TRUTH = re.compile(r"\s*\**(yes|no|true|false)\b\**[.,;!:—-]", re.IGNORECASE)
_TRUTHS = "|".join(map(re.escape, TRUTH_WORDS))
_TRUTH_ALONE = re.compile(rf"(?P<truth>{_TRUTHS})[\s.,。，、!！।]{{0,9}}+", re.IGNORECASE)
_LEADING_FOREIGN = re.compile(rf"\s{{0,9}}+(?P<truth>{_TRUTHS})[.,!。，、！।]", re.IGNORECASE)
_TRUTH_SAID = re.compile(
    r"\b(?:statement|claim|assertion|proposition) is (?:therefore |thus )?(true|false)\b", re.IGNORECASE
)
_LETTERED = re.compile(r"^[ \t]*\(?(?P<letter>[A-Z])[).:][ \t]+(?P<text>[^\n]{1,200})$", re.MULTILINE)
_SENTENCE = re.compile(r"[^\n.!?。！？।]*(?:[.](?=\d)[^\n.!?。！？।]*)*[\n.!?。！？।]*")
_OPTION = re.compile(
    r"\((?P<round>[A-Za-h])\)|\b(?P<said>[A-H]) is (?:the )?(?:correct|right|best)\b"
    r"|\b(?:[Oo]ption|[Cc]hoice)\s+(?P<named>[A-Z])\b|\*\*(?P<bold>[A-Z])[.):]?\*\*"
    r"|(?<![\w'’])(?P<last>[A-Z])[.!\s]*\Z"
)
_REFUSALS = frozenset(("not", "no", "never", "neither", "nor", "or", "except", "isn", "without", "than"))
# A word in front of a name that makes another name of it, as North Korea is not Korea.
_OTHER_NAMES = frozenset(
    ("north", "south", "east", "west", "northern", "southern", "eastern", "western", "new", "equatorial", "non", "anti")
)


class AnswerVerdict(Enum):
    """Whether a trace's answer is the gold one; `UNRECOGNISED` where the text states none that can be compared."""

    RIGHT = "right"
    WRONG = "wrong"
    UNRECOGNISED = "unrecognised"


def extract_reply_answer(reply: str) -> str | None:
    """The answer of a reply: what it states, or the whole of it where it is nothing but an answer.

    >>> replies = "D", "[Yes]", "Option B", "It is 5. The answer is 5.", "That is hard to say."
    >>> [extract_reply_answer(text) for text in replies]
    ['D', 'Yes', 'B', '5', None]
    """
    return extract_answer(reply) or _read_bare(reply)


def _read_bare(reply: str) -> str | None:
    text = reply.strip()
    if not text or len(text) > MAX_BARE_CHARACTERS or "\n" in text:
        return None
    if truth := _TRUTH_ALONE.fullmatch(text):
        return truth["truth"]
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed and _WORDS.search(bracketed[1]) and "," not in bracketed[1]:
        return bracketed[1].strip()
    lead = _BARE_LEAD.match(text)
    value = read_value(text, lead.end() if lead else 0, label=False)
    return text[slice(*value.span)] if value and not text[value.stop :].strip(" .!。*_`\"'") else None


def find_trace_answer(trace: Trace, gold: str | None = None) -> str | None:
    """The answer of a trace: what its reply states, else the gold answer where the reply ends in it; else the same of
    its reasoning.

    Args:
        trace: the trace.
        gold: the reference answer; the trace's own by default.

    >>> find_trace_answer(Trace("1", "2+3?", "Two and three: 5.", "That makes five, I mean 5.", gold="5"))
    '5'
    """
    wanted = trace.gold if gold is None else gold
    stated = extract_reply_answer(trace.answer)
    if stated is None and wanted and trace.answer and find_gold_span(trace.answer, wanted):
        return wanted
    stated = stated or extract_answer(trace.reasoning)
    if stated is not None:
        return stated
    return wanted if wanted and not trace.answer and find_gold_span(trace.reasoning, wanted) else None


def find_gold_span(text: str, gold: str) -> Span | None:
    """[start, end) of the gold answer where the end of a text concludes in it, or None.

    A number counts where it is the last number of the last sentence that has one, or the result of a relation there; in
    words ("twelve") where it is the last one of a sentence without figures. Words count where the last 300 characters
    have them and do not deny them; "yes" where the text begins with it.

    Args:
        text: a reply or a reasoning.
        gold: the reference answer.

    >>> find_gold_span("So 17 apples and 25 pears, 42 in all.", "42")
    (27, 29)
    """
    start = max(0, len(text) - MAX_END_CHARACTERS)
    if formula := _find_last_formula(text, start, gold):
        return formula
    number = normalise_answer(gold)
    if re.fullmatch("[A-Z]", number):
        return _find_last_option(text, start, number)
    if number in ("true", "false"):
        said = (
            _LEADING_TRUTH.match(text)
            or _LEADING_FOREIGN.match(text)
            or next(reversed(list(_TRUTH_SAID.finditer(text, start))), None)
        )
        return said.span(1) if said and is_same_answer(said[1], gold) else None
    if re.fullmatch(r"-?\d+(?:/\d+)?", number):
        return _find_last_number(text, start, gold)
    if number[:1] in ("(", "[") and "," in number:
        return _find_last_pair(text, start, gold)
    words = [word.casefold() for word in _WORDS.findall(gold)]
    if not words or (len(words) == 1 and len(words[0]) < 3):
        return None
    found = list(re.finditer(rf"(?<!\w){re.escape(gold.strip())}(?!\w)", text[start:], re.IGNORECASE))
    for match in reversed(found):
        at = start + match.start()
        if not _is_denied(text, at):
            return at, start + match.end()
    return None


def _is_denied(text: str, at: int) -> bool:
    """Whether a word such as "not" stands shortly before a place."""
    return bool({word.casefold() for word in _WORDS.findall(text[max(0, at - MAX_DENIAL_CHARACTERS) : at])} & _REFUSALS)


def _find_last_formula(text: str, start: int, gold: str) -> Span | None:
    """The last formula of a text where it is the gold answer, and more than a number."""
    last = next(reversed(list(MATH.finditer(text, start))), None)
    if last is None or "\\" not in gold or BOX.search(last[0]):
        return None
    begin, end = last.span(last.lastgroup or 0)
    at = text.rfind("=", begin, end) + 1 or begin
    return (at, end) if is_same_answer(text[at:end], gold) and not _is_denied(text, last.start()) else None


def _find_last_pair(text: str, start: int, gold: str) -> Span | None:
    """The last point or interval of a text where it is the gold one."""
    last = next(reversed(list(TUPLE.finditer(text, start))), None)
    if last is None or not is_same_answer(last[0], gold) or _is_denied(text, last.start()):
        return None
    return last.span()


def _find_last_number(text: str, start: int, gold: str) -> Span | None:
    for sentence in reversed(list(_SENTENCE.finditer(text, start))):
        numbers = list(_NUMBER.finditer(sentence[0]))
        if not numbers:
            counted = find_last_count(sentence[0])
            if counted and is_same_answer(sentence[0][slice(*counted)], gold):
                at = sentence.start() + counted[0]
                return None if _is_denied(text, at) else (at, sentence.start() + counted[1])
            continue
        same = [
            number
            for number in numbers
            if is_same_answer(number[0], gold)
            or (
                sentence[0][: number.start()][-1:] not in ("(", "[", "{") and _is_same_with_comma(number[0], gold, text)
            )
        ]
        if same and (same[-1] is numbers[-1] or states_answer(sentence[0], gold)):
            if _is_denied(text, sentence.start() + same[-1].start()):
                return None
            return sentence.start() + same[-1].start(), sentence.start() + same[-1].end()
        return None
    return None


def _is_same_with_comma(stated: str, gold: str, *texts: str) -> bool:
    """Whether a number with a decimal comma is the gold one, in texts of a language that writes so."""
    read = read_comma_number(stated)
    return bool(read and read[1] and str(read[0]) == normalise_answer(gold) and uses_decimal_commas(*texts))


def _find_last_option(text: str, start: int, letter: str) -> Span | None:
    """The letter where the text begins with it ("D. Nuclei"), or where it is the last option that the text names."""
    leading = _LEADING_OPTION.match(text)
    if leading and leading[1].upper() == letter:
        return leading.span(1)
    last = next(reversed(list(_OPTION.finditer(text, start))), None)
    if last is None or last[last.lastgroup or 0].upper() != letter:
        return None
    return last.span(last.lastgroup or 0)


def matches_gold(stated: str, gold: str) -> bool:
    """Whether a stated answer is the gold one, or names it with more words: "Pacific Ocean" is "Pacific".

    >>> matches_gold("Japanese yen", "Yen"), matches_gold("North Korea", "Korea"), matches_gold("not Ben", "Ben")
    (True, False, False)
    """
    if is_same_answer(stated, gold):
        return True
    said, wanted = ([word.casefold() for word in _WORDS.findall(text)] for text in (stated, gold))
    if not wanted or len(said) > MAX_NAME_WORDS or not any(word.isalpha() and len(word) >= 3 for word in wanted):
        return False
    at = next((at for at in range(len(said)) if said[at : at + len(wanted)] == wanted), None)
    if at is None or set(said) & _REFUSALS or "and" in set(said) - set(wanted):
        return False
    return not (at and said[at - 1] in _OTHER_NAMES)


def judge_answer(trace: Trace) -> AnswerVerdict | None:
    """Whether the trace's answer is the gold one; None without a gold answer.

    An answer is wrong only where it can be compared: another number, option or truth value, or another name. All else
    that is not the gold one is unrecognised, so that nothing right is called wrong.

    >>> judge_answer(Trace("1", "2+3?", "Hmm.", "The answer is 6.", gold="5"))
    <AnswerVerdict.WRONG: 'wrong'>
    """
    if not trace.gold or not trace.gold.strip():
        return None
    stated = find_trace_answer(trace)
    if stated is None:
        return AnswerVerdict.UNRECOGNISED
    golds, texts = _list_gold_forms(trace.question, trace.gold), (trace.answer, trace.question, trace.reasoning)
    if any(matches_gold(stated, gold) for gold in golds) or _is_same_with_comma(stated, trace.gold, *texts):
        return AnswerVerdict.RIGHT
    if _is_same_with_comma(trace.gold, stated, *texts):
        return AnswerVerdict.RIGHT
    if not _is_comparable(stated, trace.gold) or _may_be_another_number(stated, trace.gold, texts):
        return AnswerVerdict.UNRECOGNISED
    return AnswerVerdict.WRONG if _is_final(trace) else AnswerVerdict.UNRECOGNISED


def _may_be_another_number(stated: str, gold: str, texts: Sequence[str]) -> bool:
    """Whether the one is the other where commas are decimal ones, as they are not in English."""
    pairs = ((stated, gold), (gold, stated))
    same = any((read := read_comma_number(one)) and str(read[0]) == normalise_answer(other) for one, other in pairs)
    return same and uses_decimal_commas(*texts) is not False


def _is_final(trace: Trace) -> bool:
    """Whether a trace states its answer in its reply; where that cannot be read, at the end of its reasoning.

    What is stated is not final where a number comes after it that is the gold answer.
    """
    replied = extract_reply_answer(trace.answer) is not None
    text = trace.answer if replied else trace.reasoning
    span = find_answer_span(text)
    if span is None:
        return replied
    if not replied and trace.answer.strip() and span[0] < len(text) - MAX_END_CHARACTERS:
        return False
    return not _holds_number(text[span[1] :], trace.gold or "")


def _holds_number(text: str, gold: str) -> bool:
    """Whether a gold answer is a number, and stands in a text by itself."""
    if _find_kind(normalise_answer(gold)) != "number":
        return False
    return re.search(rf"(?<![\w.,]){re.escape(gold.strip())}(?![\w]|[.,]\d)", text) is not None


def _list_gold_forms(question: str, gold: str) -> list[str]:
    """The gold answer, and what the question's options have for it: the text of a letter, the letter of a text."""
    forms = [gold]
    for option in _LETTERED.finditer(question):
        letter, text = option["letter"], option["text"].strip()
        if normalise_answer(gold) == letter:
            forms.append(text)
        elif is_same_answer(text, gold):
            forms.append(letter)
    return forms


def _is_comparable(stated: str, gold: str) -> bool:
    kinds = _find_kind(normalise_answer(stated)), _find_kind(normalise_answer(gold))
    return kinds[0] is not None and kinds[0] == kinds[1] and not _is_rounded(stated, gold)


def _is_rounded(stated: str, gold: str) -> bool:
    """Whether a decimal is the gold number, rounded: nobody asked for so many digits, or nobody said."""
    decimal = _DECIMAL.fullmatch(stated.strip())
    number = normalise_answer(gold)
    if decimal is None or not re.fullmatch(r"-?\d{1,30}(?:/\d{1,30})?", number):
        return False
    return round(Fraction(number), len(decimal[1])) == Fraction(stated.strip().replace(",", ""))


def _find_kind(answer: str) -> str | None:
    """What a canonical answer is: a number, an option, a truth value, one word; None for all else."""
    if re.fullmatch(r"-?\d+(?:/\d+)?", answer):
        return "number"
    if re.fullmatch(r"[A-Z]", answer):
        return "option"
    if answer in ("true", "false"):
        return "truth"
    return "name" if answer.isalpha() and answer.isascii() else None
