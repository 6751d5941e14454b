"""What an answer looks like once its sentence has begun: math, a number, an option, a truth value, a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cotpress.answers.number_words import match_number_word
from cotpress.types import Span

# White space, then the marks that may open around a value.
OPENING_MARKS = re.compile(r"[ \t]*(?:\n[ \t]*){0,3}(?P<marks>(?:[*_`\"“‘'>✅]\s?){0,6})")
MATH = re.compile(
    r"\$\$(?P<double>[^$]{1,400})\$\$|\$(?P<single>[^$\n]{1,300})\$"
    r"|\\\((?P<round>.{1,300}?)\\\)|\\\[(?P<square>.{1,400}?)\\\]",
    re.DOTALL,
)
# "$5 and not $6" is no math, though it stands between two dollar signs.
MONEY = re.compile(
    r"\$\s?\d++(?:,++\d++)*+(?:\.\d++)?(?:[.,;:!?)]*+(?:[^\S\n]*+\n|\s*+$)|[.,;:!?)]++\s|\s++[A-Za-z]{2})"
)
BOX = re.compile(r"\\(?:boxed|fbox)\s*\{")
# Thousands stand apart by a comma or by any space, two times or more by a stop. Figures that commas join otherwise are
# one value, too: a decimal comma ("3,5", "1.234,50"), or a list.
NUMERAL = (
    r"(?:\d{1,3}(?:\.\d{3}){1,9},\d+(?![\d,])|\d{1,3}(?:\.\d{3}){2,9}(?![\d.]\d)"
    r"|(?:\d{1,3}(?:[, \u00a0\u2009\u202f]\d{3})+(?!\d)|\d+)(?:\.\d+)?(?!,\d)|\d+(?:,\d+)+|\.\d+)"
)
ATOM = rf"[-+−–]?[$€£¥]?(?:{NUMERAL}[%°]?[A-Za-z]?|[A-Za-z])(?![A-Za-z0-9_])"
EXPRESSION = re.compile(rf"{ATOM}(?:\s?[-+−*/×·÷^=:]\s?{ATOM}){{0,12}}(?:\s\d+/\d+)?(?!\w)")
# A number that goes on like this is the middle of a sentence ("the answer is 3 more than …").
NUMBER_CONTINUATION = re.compile(
    r"\s*(?:[-+*/^=<>×·]\s*[\d(\\$]|\\(?![)\]])|\(\d)|\s+(?:more|less|fewer|times|or|of|plus|minus|to|choose|digits?)\b"
)
OPTION = re.compile(r"\((?P<letter>[A-Z])\)|(?P<bare>[A-Z])(?![\w'’])")
TRUTH_VALUE = re.compile(r"(?:true|false|yes|no)\b", re.IGNORECASE)
TUPLE = re.compile(r"[(\[](?=[^()\[\]\n]*\d)[^()\[\]\n]{1,80}[)\]](?!\w)")
CAPITALISED = r"[^\W\d_a-z][\w'’-]*"
NAME = re.compile(rf"(?:the )?{CAPITALISED}(?: (?:{CAPITALISED}|\d+|of|the|and|de|van|von)){{0,6}}")
NON_NAME = re.compile(
    r"(?:the )?(?:an?|he|if?|in|it|not|she|so|that|there|they|this|to|we|what|when|you)\b", re.IGNORECASE
)
# What may follow a word for it to have been the whole answer.
ANSWER_END = re.compile(
    r"[*_`\"”’']*(?:[.,;:!)](?!\w)|\s*(?:\n|$|[—–(])|\s+(?:because|since|as|and so|which|who|in|at|finished)\b)"
)
LINE = re.compile(r"[^\n]{1,120}")
SENTENCE_END = re.compile(r"(?<=\S)[.!;?](?=\s|[*\"”’`]|$)|[*_\"”`]{1,3}(?=\s|$|[.,;:!?])|,? (?:because|since)\b")
PLACEHOLDER = re.compile(r"<[^<>]*>['\"”]*|\[[A-Za-z ]+\]|\{[A-Za-z ]+\}|[\s!-/:-@\[-`{-~…]*|x{2,}", re.IGNORECASE)
WRAPPER = re.compile(
    r"(?:\\(?:text|textbf|textit|textrm|mathbf|mathrm|mbox|emph|boxed|fbox|boldsymbol|underline)\s*)?\{|\\bf\s"
)
FACTORIAL = re.compile(r"(?:[\d)]|(?<![^\W\d_])[a-z])\Z")  # what a factorial may be of
DELIMITER_PAIRS = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"), ("**", "**"), ("__", "__"))
QUOTE_PAIRS = (("*", "*"), ("`", "`"), ('"', '"'), ("“", "”"), ("‘", "’"), ("'", "'"))
MAX_LABELLED_WORDS = 12
MAX_UNWRAPPED_CHARACTERS = 2000  # characters of an answer that may still be unwrapped


@dataclass(frozen=True, slots=True)
class AnswerValue:
    """An answer's characters, and where the wrapping around them ends."""

    span: Span
    stop: int


def read_value(text: str, start: int, label: bool) -> AnswerValue | None:
    """The answer that begins at `start`, white space and opening marks aside.

    A `label` ("Answer:") takes any short text up to the end of its sentence or line. A verb ("is")
    takes only what looks like an answer, so that "the answer is obvious" states none; and a value on
    a later line must fill that line.
    """
    opening = OPENING_MARKS.match(text, start)
    at = opening.end() if opening else start
    same_line = "\n" not in text[start:at]
    if label and same_line and (value := _read_rest_of_line(text, at)):
        return value
    for begin, end, stop in _generate_candidates(text, at, marked=at > start and not text[at - 1].isspace()):
        span = narrow_span(text, begin, end)
        if span and (same_line or re.compile(r"[.,;!*_ \t]*(?:\n|$)").match(text, stop)):
            return AnswerValue(span, stop)
    return None


def narrow_span(text: str, start: int, end: int) -> Span | None:
    """Shrink a span past white space, a final period and whatever wraps all of it; None where nothing is left."""
    while True:
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - _measure_without_stop(piece) if piece.strip() else 0
        inner = _unwrap(text[start:end]) if end - start <= MAX_UNWRAPPED_CHARACTERS else None
        if inner is None:
            break
        start, end = start + inner[0], start + inner[1]
    return (start, end) if start < end and not PLACEHOLDER.fullmatch(text, start, end) else None


def _measure_without_stop(piece: str) -> int:
    """How long `piece` is without the stops and spaces that it ends in; the mark of `5!` and `n!` belongs to it."""
    bare = piece.rstrip().rstrip(".,;:!").rstrip()
    return len(bare) + (FACTORIAL.search(bare[-2:]) is not None and piece.startswith("!", len(bare)))


def _unwrap(piece: str) -> Span | None:
    """The inside of the one pair that wraps all of `piece`."""
    wrapper = WRAPPER.match(piece)
    if wrapper and not wrapper[0].endswith("{"):
        return wrapper.end(), len(piece)
    if wrapper and _is_closed_at_end(piece, wrapper.end()):
        return wrapper.end(), len(piece) - 1
    for opening, closing in DELIMITER_PAIRS + QUOTE_PAIRS:
        if len(piece) > len(opening + closing) and piece.startswith(opening) and piece.endswith(closing):
            inside = piece[len(opening) : -len(closing)]
            if opening not in inside and closing not in inside:
                return len(opening), len(piece) - len(closing)
    return None


def _is_closed_at_end(piece: str, after: int) -> bool:
    """Whether the brace opened just before `after` closes with the last character."""
    depth = 1
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(piece, after):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end() == len(piece)
    return False


def _generate_candidates(text: str, at: int, marked: bool) -> Iterator[tuple[int, int, int]]:
    """Every way to read an answer at `at`, the surest first: start, end, end of its wrapping."""
    math = MATH.match(text, at)
    if math and BOX.search(math[0]):
        return
    if math and not MONEY.match(text, at):
        start, end = math.span(math.lastgroup or 0)
        yield _find_last_side(text, start, end), end, math.end()
        return
    option = OPTION.match(text, at)
    if option and (option["letter"] or ANSWER_END.match(text, option.end())):
        yield *option.span(option.lastgroup or 0), option.end()
    for pattern in (TRUTH_VALUE, NAME):
        word = pattern.match(text, at)
        if word and not NON_NAME.match(word[0]) and ANSWER_END.match(text, word.end()):
            yield *word.span(), word.end()
    if (counted := match_number_word(text, at)) and ANSWER_END.match(text, counted[1]):
        yield *counted, counted[1]
    expression = EXPRESSION.match(text, at)
    if expression and re.search(r"\d", expression[0]) and not NUMBER_CONTINUATION.match(text, expression.end()):
        yield _find_last_side(text, *expression.span()), expression.end(), expression.end()
    pair = TUPLE.match(text, at)
    if pair:
        yield *pair.span(), pair.end()
    quoted = re.compile(r"[^\n*_`\"”]{1,80}(?=[*_`\"”])").match(text, at) if marked else None
    if quoted:
        yield *quoted.span(), quoted.end()


def _find_last_side(text: str, start: int, end: int) -> int:
    """Where the last side of `a + b = c` begins; an equals sign inside braces is none."""
    equals = text.rfind("=", start, end) + 1
    right = text[equals:end]
    return equals if equals > start and right.count("{") == right.count("}") and right.strip() else start


def _read_rest_of_line(text: str, at: int) -> AnswerValue | None:
    """The text after a label, up to the end of its sentence, line or bold face."""
    line = LINE.match(text, at)
    if line is None:
        return None
    cut = SENTENCE_END.search(line[0])
    end = at + cut.start() if cut else line.end()
    ended = cut is not None or text[end : end + 1] in ("", "\n")
    span = narrow_span(text, at, end)
    if span is None or not ended or len(text[at:end].split()) > MAX_LABELLED_WORDS:
        return None
    return AnswerValue(span, end)
