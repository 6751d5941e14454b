"""Rows through a compressor in batches. Every row in is one outcome out, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from cotpress.answers import AnswerVerdict, find_trace_answer, judge_answer
from cotpress.errors import OptionError
from cotpress.types import Compressed, Compressor, Rejected, Trace, TraceOrigin

UNRECOGNISED_ANSWER = "unrecognised-answer"
TraceOrRejected = Trace | Rejected
Outcome = Compressed | Rejected
TraceCheck = Callable[[Trace], Rejected | None]


def batch_rows(rows: Iterable[TraceOrRejected], size: int, whole: bool = False) -> Iterator[list[TraceOrRejected]]:
    """Lists of at most `size` rows; with `whole` of more, where the last row of the input has more traces.

    >>> [len(batch) for batch in batch_rows([Trace("1", "2+3?", "2+3=5.")] * 3, 2)]
    [2, 1]
    """
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        while whole and not ends_row(batch[-1]) and (following := next(iterator, None)) is not None:
            batch.append(following)
        for row in batch:
            if not isinstance(row, Trace | Rejected):
                raise OptionError(
                    f"A {type(row).__name__} is not a trace.",
                    "Give dictionaries, Trace objects or cotpress.read(path).",
                )
        yield batch


def get_origin(row: TraceOrRejected | Outcome) -> TraceOrigin | None:
    """The row that a trace, or what became of it, was read from; None where it was not read.

    >>> get_origin(Trace("1", "2+3?", "2+3=5.")) is None
    True
    """
    return row.trace.origin if isinstance(row, Compressed) else row.origin


def ends_row(row: TraceOrRejected | Outcome) -> bool:
    """Whether the row of the input that this is of has no further traces.

    >>> ends_row(Trace("1", "2+3?", "2+3=5."))
    True
    """
    origin = get_origin(row)
    if origin is not None:
        return origin.turn == origin.turns
    return not isinstance(row, Rejected) or row.conversation is None


def compress_rows(
    rows: Iterable[TraceOrRejected],
    compressor: Compressor,
    checks: Sequence[TraceCheck],
    size: int,
    *,
    whole: bool = False,
    allow_empty: bool = False,
) -> Iterator[Outcome]:
    """Rows through a compressor, in batches: an outcome a row, in their order.

    A trace of whose reasoning nothing is left is a rejection; with `allow_empty` only where no answer follows.

    Args:
        rows: traces and rejected rows; the latter go through.
        compressor: compresses the traces of a batch that pass the checks.
        checks: what a trace must pass.
        size: how many rows are a batch.
        whole: whether a batch has all traces of its last row.
        allow_empty: whether the answer alone is enough, where one follows.

    >>> from cotpress.pruning import Method, Pruner, parse_budget
    >>> trace = Trace("1", "2+3?", "Two and three.\\n\\n2+3=5.", "5")
    >>> pruner = Pruner(Method("head"), lambda trace: parse_budget("0.5"))
    >>> [outcome.text for outcome in compress_rows([trace], pruner, [reject_unusable], 64)]
    ['Two and three.']
    """
    for batch in batch_rows(rows, size, whole):
        checked = [row if isinstance(row, Rejected) else _check_trace(row, checks) for row in batch]
        outcomes = iter(compressor.compress([row for row in checked if isinstance(row, Trace)]))
        for row in checked:
            outcome = row if isinstance(row, Rejected) else reject_if_empty(next(outcomes), allow_empty)
            yield outcome.of_trace(row) if isinstance(outcome, Rejected) and isinstance(row, Trace) else outcome


def reject_if_empty(outcome: Outcome, allow_empty: bool = False) -> Outcome:
    """The outcome itself, or a rejection where nothing of the reasoning is left.

    Args:
        outcome: rejections go through.
        allow_empty: whether the answer alone is enough, where one follows.

    >>> trace = Trace("1", "2+3?", "2+3=5.", answer="")
    >>> reject_if_empty(Compressed(trace, "", None, 6, 0, 0.1)).reason
    'nothing-left'
    """
    if isinstance(outcome, Rejected) or outcome.text or (allow_empty and outcome.trace.answer):
        return outcome
    return Rejected("nothing-left", "No step or unit fits the budget.", id=outcome.trace.id)


def select_passing_traces(batch: Iterable[TraceOrRejected], checks: Iterable[TraceCheck]) -> list[Trace]:
    """The traces of a batch that pass the checks."""
    return [row for row in batch if isinstance(row, Trace) and isinstance(_check_trace(row, checks), Trace)]


def select_trace_checks(drop_wrong: bool) -> list[TraceCheck]:
    """What a trace must pass before it is compressed.

    >>> [check.__name__ for check in select_trace_checks(drop_wrong=True)]
    ['reject_unusable', 'reject_wrong_answer']
    """
    return [reject_unusable, reject_wrong_answer] if drop_wrong else [reject_unusable]


def screen_rows(rows: Iterable[TraceOrRejected], checks: Sequence[TraceCheck]) -> Iterator[TraceOrRejected]:
    """The rows one by one, those that fail a check as rejections."""
    for [row] in batch_rows(rows, 1):
        yield row if isinstance(row, Rejected) else _check_trace(row, checks)


def _check_trace(trace: Trace, checks: Iterable[TraceCheck]) -> TraceOrRejected:
    for check in checks:
        rejected = check(trace)
        if rejected is not None:
            return rejected.of_trace(trace)
    return trace


def reject_unusable(trace: Trace) -> Rejected | None:
    """Reject what no reader would have let through: no text, empty reasoning, invalid Unicode."""
    texts = (trace.id, trace.question, trace.reasoning, trace.answer, trace.system, trace.gold or "")
    if not all(isinstance(text, str) for text in texts):
        return Rejected("wrong-type", "A field of the trace is not text.", id=str(trace.id))
    if not trace.reasoning.strip():
        return Rejected("empty-reasoning", "The trace has no reasoning.", id=trace.id)
    try:
        "".join(texts).encode("utf-8")
    except UnicodeEncodeError:
        return Rejected("invalid-unicode", "The trace holds a lone surrogate, which no file can.", id=trace.id)
    return None


def reject_wrong_answer(trace: Trace) -> Rejected | None:
    """Reject a trace whose answer is another than the gold one; one that cannot be compared with it is no wrong one."""
    if judge_answer(trace) is not AnswerVerdict.WRONG:
        return None
    stated, gold = find_trace_answer(trace) or "", trace.gold or ""
    return Rejected(
        "wrong-answer", f"The trace states '{stated[:200]}'; the gold answer is '{gold[:200]}'.", id=trace.id
    )


def flag_unrecognised(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes; those of traces whose answer cannot be compared with the gold one have the flag that says so.

    >>> trace = Trace("1", "Why?", "Light scatters.", "Because of the air.", gold="Rayleigh scattering")
    >>> [outcome.flags for outcome in flag_unrecognised([Compressed(trace, "Light scatters.", None, 3, 3, 1.0)])]
    [('unrecognised-answer',)]
    """
    for outcome in outcomes:
        if isinstance(outcome, Compressed) and judge_answer(outcome.trace) is AnswerVerdict.UNRECOGNISED:
            yield replace(outcome, flags=(*outcome.flags, UNRECOGNISED_ANSWER))
        else:
            yield outcome
