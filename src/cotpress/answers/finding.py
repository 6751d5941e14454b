r"""Where a text states its final answer: `\boxed{841}`, `#### 72`, `The answer is True`, `**Answer: Ben**`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cotpress.answers.value import BOX, PAIRS, narrow, read_value
from cotpress.types import Span

HASHES = re.compile(r"(?<!#)####[ \t]*(?=[^\s#])")
NOUN = re.compile(r"answer\b|(?<=correct )(?:option|choice)\b|答案", re.IGNORECASE)
# The words before the noun; R1 models sometimes glue them ("theanswer is 156").
LEAD = re.compile(
    r"(?<!\w)(?:(?:the|my|our)\s*)?(?:(?:final|correct|right|desired|required|overall)\s+)*\Z", re.IGNORECASE
)
# The words after it: a label, a header's line end, or a verb. Only a verb leaves room for "obviously".
LINK = re.compile(
    r"[*_]{0,3}[ \t]*(?:(?P<label>[:：=])|(?P<header>\n)"
    r"|(?:(?:here|(?:to|for) (?:the|this) (?:question|problem)) )?"
    r"(?:is|are|equals|seems|(?:should|must|would|will|could|has to|have to) (?:therefore |then |thus )?be|是|为)"
    r"(?: (?:therefore|thus|then|hence|indeed|just|simply|actually|still|also|exactly)\b,?)*"
    r"(?: (?:equal to|given by|option|choice)\b)?"
    r"[ \t]*[:：]?)",
    re.IGNORECASE,
)
SUPPOSED = re.compile(
    r"\b(?:if|whether|unless|suppose|assume|assuming|why|when|check|verify|confirm)\s+\Z", re.IGNORECASE
)
ASKED = re.compile(r"[*_\"'”’]*\s*\?")
LINE_END = re.compile(r"[ \t.]*(?:\n|$)")
MOST_EMPTY_BOXES = 20  # at the end of a text; it bounds the work on nested nonsense
AFTER_BOX = re.compile(r"[\s.,;!]{0,8}")


@dataclass(frozen=True, slots=True)
class Statement:
    """One place that states an answer: the characters of its value, and of the whole statement."""

    value: Span
    whole: Span


def find_answer(text: str) -> Span | None:
    r"""The [start, end) characters of the value of the last answer that `text` states, or None.

    The value comes without its wrapping: of `\boxed{\textbf{841}}` it is the `841`.
    """
    found = _last(text)
    return found.value if found else None


def statement_span(text: str) -> Span | None:
    r"""The [start, end) characters that state the final answer and can be read alone, or None.

    `$\boxed{841}$` with the delimiters that hold nothing else, `#### 72`, `The answer is True`,
    `**Answer: 670**`. It never starts or ends inside a word.
    """
    found = _last(text)
    return found.whole if found else None


def stated_answer(text: str) -> str | None:
    """The value of the last answer that `text` states, unwrapped but not normalised, or None."""
    found = find_answer(text)
    return text[found[0] : found[1]] if found else None


def _last(text: str) -> Statement | None:
    """The statement whose value starts last; of two on the same value, the box."""
    found = [statement for statement in (_boxed(text), _hashed(text), _phrased(text)) if statement]
    return max(found, key=lambda statement: statement.value[0], default=None)


def _boxed(text: str) -> Statement | None:
    starts = {match.end() - 1: match.start() for match in BOX.finditer(text)}
    closes = _closing_braces(text) if starts else {}
    for brace in sorted(starts, reverse=True)[:MOST_EMPTY_BOXES]:
        close = closes.get(brace)
        value = narrow(text, brace + 1, close) if close else None
        if close and value:
            return Statement(value, _with_delimiters(text, starts[brace], close + 1))
    return None


def _closing_braces(text: str) -> dict[int, int]:
    """Each opening brace with its closing one, in one pass; escaped braces count for nothing."""
    closes: dict[int, int] = {}
    unclosed: list[int] = []
    for match in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if match[0] == "{":
            unclosed.append(match.start())
        elif match[0] == "}" and unclosed:
            closes[unclosed.pop()] = match.start()
    return closes


def _with_delimiters(text: str, start: int, end: int) -> Span:
    """Take in the delimiters that hold the box and nothing else: of math, then of bold face."""
    for _ in range(2):
        left = start - len(before := text[max(0, start - 8) : start]) + len(before.rstrip())
        tail = AFTER_BOX.match(text, end)
        right = tail.end() if tail else end
        for opening, closing in PAIRS:
            if text.endswith(opening, 0, left) and text.startswith(closing, right):
                start, end = left - len(opening), right + len(closing)
                break
    return start, end


def _hashed(text: str) -> Statement | None:
    """GSM8K's `#### 72`. A fourth-level Markdown heading is none: the value must fill the line."""
    for match in reversed(list(HASHES.finditer(text))):
        value = read_value(text, match.end(), label=False)
        if value and LINE_END.match(text, value.stop):
            return Statement(value.span, (match.start(), value.stop))
    return None


def _phrased(text: str) -> Statement | None:
    """The last "the answer is …", "Answer: …" or "Final Answer" header that a value follows."""
    for noun in reversed(list(NOUN.finditer(text))):
        lead = _lead(text, noun.start())
        link = LINK.match(text, noun.end())
        if lead is None or link is None or (link["header"] and "final" not in text[lead : noun.start()].lower()):
            continue
        value = read_value(text, link.end(), label=link["label"] is not None)
        if value and not ASKED.match(text, value.stop):
            return Statement(value.span, _with_marks(text, lead, value.stop))
    return None


def _lead(text: str, noun: int) -> int | None:
    """Where the phrase around the noun starts; None where it is only supposed, or part of another word."""
    floor = max(0, noun - 60)
    before = text[floor:noun]
    lead = LEAD.search(before)
    if lead is None:
        return noun if text.startswith("答", noun) else None
    return None if SUPPOSED.search(before[: lead.start()]) else floor + lead.start()


def _with_marks(text: str, start: int, end: int) -> Span:
    """Take in the bold or quote marks that the statement opens or closes, or that hold just it."""
    for mark in ("**", "__", "`", '"'):
        opens, closes = text.endswith(mark, 0, start), text.startswith(mark, end)
        odd = text.count(mark, start, end) % 2 == 1
        if closes and (odd or opens):
            end += len(mark)
        if opens and (not closes if odd else closes):
            start -= len(mark)
    return start, end
