r"""Where a text states its final answer: `\boxed{841}`, `#### 72`, `The answer is True`, `**Answer: Ben**`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cotpress.answers.phrases import find_foreign_statement, find_tagged_statement
from cotpress.answers.value import BOX, DELIMITER_PAIRS, narrow_span, read_value
from cotpress.types import Span

HASH_MARK = re.compile(r"####(?<!#####)[ \t]*(?=[^\s#])")
# It begins with the characters that a noun can begin with: no flag for the whole, or the search tries every character.
ANSWER_NOUN = re.compile(r"[AaOoCc答](?i:(?<=a)nswers?\b|(?<=correct o)ption\b|(?<=correct c)hoice\b|(?<=答)案)")
# The words before the noun; R1 models sometimes glue them ("theanswer is 156").
LEAD_WORDS = re.compile(
    r"(?<!\w)(?:(?:the|my|our)\s*)?(?:(?:final|correct|right|desired|required|overall)\s+)*\Z", re.IGNORECASE
)
# The words after it: a label, a header's line end, or a verb. Only after a verb may "obviously" stand.
LINK_WORDS = re.compile(
    r"[*_]{0,3}[ \t]*(?:(?P<label>[:：=])|(?P<header>\n)"
    r"|(?:(?:here|(?:to|for) (?:the|this) (?:question|problem)) )?"
    r"(?:is|are|equals|seems|(?:should|must|would|will|could|has to|have to) (?:therefore |then |thus )?be|是|为)"
    r"(?: (?:therefore|thus|then|hence|indeed|just|simply|actually|still|also|exactly)\b,?)*"
    r"(?: (?:equal to|given by|option|choice)\b)?"
    r"[ \t]*[:：]?)",
    re.IGNORECASE,
)
HYPOTHETICAL_WORDS = re.compile(
    r"\b(?:if|whether|unless|suppose|assume|assuming|why|when|check|verify|confirm)\s+\Z", re.IGNORECASE
)
QUESTION_MARK = re.compile(r"[*_\"'”’]*\s*\?")
HEADING_MARK = re.compile(r"(?:\n|\A)[ \t]{0,3}#{1,6}[ \t]{1,3}\**\Z")
LINE_END = re.compile(r"[ \t.]*(?:\n|$)")
MAX_EMPTY_BOXES = 20  # at the end of a text; it bounds the work on nested nonsense
AFTER_BOX = re.compile(r"[\s.,;!]{0,8}")


@dataclass(frozen=True, slots=True)
class AnswerStatement:
    """One place that states an answer: the characters of its value, and of the whole statement."""

    value: Span
    whole: Span


def find_answer_span(text: str) -> Span | None:
    r"""The [start, end) characters of the value of the last answer that `text` states, or None.

    The value comes without its wrapping: of `\boxed{\textbf{841}}` it is the `841`.

    >>> find_answer_span('2+3=5. The answer is 5.')
    (21, 22)
    """
    statement = _find_last_statement(text)
    return statement.value if statement else None


def find_statement_span(text: str) -> Span | None:
    r"""The [start, end) characters that state the final answer and can be read alone, or None.

    `$\boxed{841}$` with the delimiters that hold nothing else, `#### 72`, `The answer is True`,
    `**Answer: 670**`. It never starts or ends inside a word.

    >>> find_statement_span('2+3=5. #### 5')
    (7, 13)
    """
    statement = _find_last_statement(text)
    return statement.whole if statement else None


def extract_answer(text: str) -> str | None:
    """The value of the last answer that `text` states, unwrapped but not normalised, or None.

    >>> extract_answer('2+3=5. The answer is 5.'), extract_answer('2+3=5.')
    ('5', None)
    """
    span = find_answer_span(text)
    return text[slice(*span)] if span else None


@lru_cache(maxsize=4)
def _find_last_statement(text: str) -> AnswerStatement | None:
    """The statement whose value starts last; of two on the same value, the box. Protections, criteria and gauges ask of
    the same text one after the other."""
    others = (find_foreign_statement(text), find_tagged_statement(text))
    found = (AnswerStatement(*spans) for spans in others if spans)
    candidates = (_find_boxed(text), _find_hash_mark(text), _find_phrase(text), *found)
    return max(filter(None, candidates), key=lambda statement: statement.value[0], default=None)


def _find_boxed(text: str) -> AnswerStatement | None:
    starts = {match.end() - 1: match.start() for match in BOX.finditer(text)}
    closes = _match_braces(text) if starts else {}
    for brace in sorted(starts, reverse=True)[:MAX_EMPTY_BOXES]:
        close = closes.get(brace)
        value = narrow_span(text, brace + 1, close) if close else None
        if close and value:
            return AnswerStatement(value, _extend_over_delimiters(text, starts[brace], close + 1))
    return None


def _match_braces(text: str) -> dict[int, int]:
    """Each opening brace with its closing one, in one pass; escaped braces count for nothing."""
    closes: dict[int, int] = {}
    unclosed: list[int] = []
    for match in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if match[0] == "{":
            unclosed.append(match.start())
        elif match[0] == "}" and unclosed:
            closes[unclosed.pop()] = match.start()
    return closes


def _extend_over_delimiters(text: str, start: int, end: int) -> Span:
    """Take in the delimiters that hold the box and nothing else: of math, then of bold face."""
    for _ in range(2):
        left = start - len(before := text[max(0, start - 8) : start]) + len(before.rstrip())
        tail = AFTER_BOX.match(text, end)
        right = tail.end() if tail else end
        for opening, closing in DELIMITER_PAIRS:
            if text.endswith(opening, 0, left) and text.startswith(closing, right):
                start, end = left - len(opening), right + len(closing)
                break
    return start, end


def _find_hash_mark(text: str) -> AnswerStatement | None:
    """GSM8K's `#### 72`. A fourth-level Markdown heading is none: the value must fill the line."""
    for match in reversed(list(HASH_MARK.finditer(text))):
        value = read_value(text, match.end(), label=False)
        if value and LINE_END.match(text, value.stop):
            return AnswerStatement(value.span, (match.start(), value.stop))
    return None


def _find_phrase(text: str) -> AnswerStatement | None:
    """The last "the answer is …", "Answer: …" or "Final Answer" header that a value follows."""
    for noun in reversed(list(ANSWER_NOUN.finditer(text))):
        lead = _find_lead(text, noun.start())
        link = LINK_WORDS.match(text, noun.end())
        if lead is None or link is None or (link["header"] and not _is_header(text, lead, noun.start())):
            continue
        value = read_value(text, link.end(), label=link["label"] is not None)
        if value and not QUESTION_MARK.match(text, value.stop):
            return AnswerStatement(value.span, _extend_over_marks(text, lead, value.stop))
    return None


def _is_header(text: str, lead: int, noun: int) -> bool:
    """Whether words that fill a line are the heading of an answer: "Final Answer", or "### Answer"."""
    before = text[max(0, lead - 20) : lead]
    return "final" in text[lead:noun].lower() or HEADING_MARK.search(before) is not None


def _find_lead(text: str, noun: int) -> int | None:
    """Where the phrase around the noun starts; None where it is only supposed, or part of another word."""
    earliest = max(0, noun - 60)
    before = text[earliest:noun]
    lead = LEAD_WORDS.search(before)
    if lead is None:
        return noun if text.startswith("答", noun) else None
    return None if HYPOTHETICAL_WORDS.search(before[: lead.start()]) else earliest + lead.start()


def _extend_over_marks(text: str, start: int, end: int) -> Span:
    """Take in the bold or quote marks that the statement opens or closes, or that hold just it."""
    for mark in ("**", "__", "`", '"'):
        opens, closes = text.endswith(mark, 0, start), text.startswith(mark, end)
        odd = text.count(mark, start, end) % 2 == 1
        if closes and (odd or opens):
            end += len(mark)
        if opens and (not closes if odd else closes):
            start -= len(mark)
    return start, end
