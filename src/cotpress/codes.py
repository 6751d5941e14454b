"""Why a row was rejected, what a flag means, what became of a reply: every code that is written, with a sentence.

Codes are stable: files carry them, programs count by them. A plugin may use codes of its own.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class CodeKind(StrEnum):
    """Where a code stands: the reason of a reject, a flag of a compressed trace, or the outcome of a reply.

    A code that stands in several places, such as `empty`, is declared once for each, with a sentence of its own.
    """

    READING = "reject of reading"
    COMPRESSING = "reject of compress and rewrite"
    TRAINING = "reject of train and train-saliency"
    BENCHMARK = "fault of a benchmark's row"
    FLAG = "flag"
    EVALUATION = "outcome of a reply"


class DeclaredCode(NamedTuple):
    """A code, where it stands, and what it means."""

    code: str
    kind: CodeKind
    meaning: str


_SENTENCES = {
    CodeKind.READING: {
        "bad-turns": "The turns are no conversation: none is the assistant's, or their order is wrong.",
        "cut-off": "The generation was cut off at its length limit, so the trace has no end.",
        "damaged-file": "The file is damaged from here on.",
        "duplicate-id": "An earlier row has the same id.",
        "empty-question": "The question is empty.",
        "empty-reasoning": "There is no reasoning.",
        "format-error": "The row could not be read as its file's format, for a reason that no other code names.",
        "invalid-csv": "The row of a table does not fit its header.",
        "invalid-json": "The line is not JSON.",
        "invalid-utf8": "The row holds bytes that are not UTF-8.",
        "invalid-unicode": "The text holds what is no valid Unicode.",
        "missing-field": "A field that the layout needs is not there.",
        "missing-think": "Other rows bring their reasoning apart; this one does not.",
        "no-completion": "The completion is missing.",
        "no-join-partner": "The file to join has no row with this id.",
        "no-text": "A field that should hold text holds none.",
        "not-an-object": "The line is JSON, but no object with fields.",
        "record-too-long": "The row is longer than is read.",
        "repeated-think": "There are several think tags.",
        "text-before-think": "There is text before the think tag.",
        "too-deep": "The JSON is nested too deep.",
        "truncated-array": "The JSON array ends before it is closed.",
        "truncated-line": "The last line is cut off.",
        "unclosed-think": "A think tag is never closed.",
        "unknown-role": "A turn has a role that is not known.",
        "wrong-columns": "A record has more or fewer fields than the header names.",
        "wrong-type": "A field holds another type than text.",
    },
    CodeKind.COMPRESSING: {
        "contaminated": "The question is one of a benchmark (--decontaminate).",
        "needs-same-shape": "The row holds more than the format can, such as tool calls (--export same keeps it).",
        "no-place": "It is not known where the reasoning stands in its row (--export same).",
        "nothing-left": "No step or unit fits the budget (--allow-empty keeps the answer alone).",
        "wrong-answer": "The stated answer is not the gold one (--drop-wrong).",
        "llmlingua-fails": "The llmlingua package, which is reproduced, stops on this text.",
        "call-failed": "The model gave no answer, although it was asked as often as allowed.",
        "refused": "The model refused.",
        "longer-than-original": "Every draft was longer than the original.",
        "off-budget": "No draft came near enough to the budget.",
    },
    CodeKind.TRAINING: {
        "empty": "The original or what is left of it is empty: nothing can be learned from the pair.",
        "unknown-columns": "The row has the columns of no training-set format.",
        "alignment-gap": "The pair is among the worst by words that the alignment leaves without a place.",
        "variation-rate": "The pair is among the worst by words that the original lacks.",
        "empty-completion": "The completion is empty.",
        "empty-prompt": "The prompt is empty.",
        "too-long": "The example is longer than the recipe's limit.",
        "kept-original": "The text is the original one: nothing can be learned from the pair.",
    },
    CodeKind.BENCHMARK: {
        "no-answer": "There is no reference answer.",
        "no-answer-line": "The solution does not end in '#### NUMBER'.",
        "no-aime-answer": "The answer is no whole number from 0 to 999.",
        "no-choices": "The choices are not labels with texts.",
        "no-list": "A list of texts is needed.",
        "no-options": "There are no options to choose from.",
        "no-such-option": "The answer is none of the options.",
        "no-truth": "The answer is neither true nor false.",
    },
    CodeKind.FLAG: {
        "empty": "Nothing of the reasoning is left, only the answer.",
        "finer-steps": "Whole steps did not suit the budget: sentences or clauses were deleted.",
        "kept-original": "No draft fitted: the original stays.",
        "left-whole": "No cut suits the budget: the trace was left whole.",
        "longer-than-original": "Every draft was longer than the original: the fallback was taken.",
        "needed-longer": "All that the answer rests on is longer than the budget, and the rules leave none of it out.",
        "off-budget": "No draft came near enough to the budget: the nearest one, or the fallback, was taken.",
        "over-budget": "Protected content alone exceeds the budget, or one step of each turn that shares it.",
        "pruned": "No draft fitted, so the trace was pruned.",
        "refused": "The model refused: the fallback was taken.",
        "unrecognised-answer": "The answer could not be compared with the gold one, so nobody knows if it is right.",
        "no-phrases": "The rules know no phrases of this language: only what does not depend on words was done.",
        "single-units": "Whole steps did not suit the budget: single units were deleted, function words first.",
    },
    CodeKind.EVALUATION: {
        "right": "The stated answer is right.",
        "wrong": "The stated answer is wrong.",
        "truncated": "The reply was cut off at the token limit before it stated an answer.",
        "unparsed": "The reply states no answer.",
        "empty": "The reply is empty, or white space at most.",
        "timed-out": "The comparison of answers took too long.",
        "failed": "The model gave no reply.",
    },
}

CODES = tuple(
    DeclaredCode(code, kind, meaning) for kind, sentences in _SENTENCES.items() for code, meaning in sentences.items()
)


def explain_code(code: str, kind: CodeKind | None = None) -> str:
    """What a code means, "" for one that is not declared here. Without a kind, what it means as the reason of a reject.

    >>> explain_code("nothing-left")
    'No step or unit fits the budget (--allow-empty keeps the answer alone).'
    >>> explain_code("empty", CodeKind.EVALUATION)
    'The reply is empty, or white space at most.'
    """
    kinds = tuple(CodeKind) if kind is None else (kind,)  # the kinds of rejects come first
    return next((declared.meaning for declared in CODES if declared.code == code and declared.kind in kinds), "")


def format_code_table() -> str:
    """All codes as a Markdown table; the documentation shows it.

    >>> format_code_table().splitlines()[0]
    '| code | where | meaning |'
    """
    rows = [f"| `{declared.code}` | {declared.kind} | {declared.meaning} |" for declared in CODES]
    return "\n".join(["| code | where | meaning |", "|---|---|---|", *rows])
