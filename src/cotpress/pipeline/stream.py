"""Rows through a compressor in batches. Every row in is one outcome out, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from cotpress.answers import same_answer, stated_answer
from cotpress.errors import OptionError
from cotpress.types import Compressed, Compressor, Rejected, Trace

Row = Trace | Rejected
Outcome = Compressed | Rejected
Check = Callable[[Trace], Rejected | None]


def batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Lists of at most `size` rows."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        for row in batch:
            if not isinstance(row, Trace | Rejected):
                raise OptionError(
                    f"A {type(row).__name__} is not a trace.", "Give Trace objects, or cotpress.read(path)."
                )
        yield batch


def outcomes(batch: list[Row], compressor: Compressor, checks: Iterable[Check]) -> list[Outcome]:
    """Compress the traces of a batch that pass the checks; rejections stay where they stood.

    A trace of which nothing is left, neither reasoning nor answer, is a rejection too.
    """
    checked = [row if isinstance(row, Rejected) else _checked(row, checks) for row in batch]
    results = iter(compressor.compress([row for row in checked if isinstance(row, Trace)]))
    return [row if isinstance(row, Rejected) else _something(next(results)) for row in checked]


def _something(outcome: Outcome) -> Outcome:
    if isinstance(outcome, Rejected) or outcome.text or outcome.trace.answer:
        return outcome
    return Rejected("nothing-left", "No step or unit fits the budget, and there is no answer.", id=outcome.trace.id)


def checked(batch: Iterable[Row], checks: Iterable[Check]) -> list[Trace]:
    """The traces of a batch that pass the checks."""
    return [row for row in batch if isinstance(row, Trace) and isinstance(_checked(row, checks), Trace)]


def checks_for(drop_wrong: bool) -> list[Check]:
    """What a trace must pass before it is compressed."""
    return [usable, right_answer] if drop_wrong else [usable]


def screened(rows: Iterable[Row], checks: Sequence[Check]) -> Iterator[Row]:
    """The rows one by one, those that fail a check as rejections."""
    for [row] in batched(rows, 1):
        yield row if isinstance(row, Rejected) else _checked(row, checks)


def _checked(trace: Trace, checks: Iterable[Check]) -> Row:
    for check in checks:
        rejected = check(trace)
        if rejected is not None:
            return rejected
    return trace


def usable(trace: Trace) -> Rejected | None:
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


def right_answer(trace: Trace) -> Rejected | None:
    """Reject a trace whose stated answer is not the gold one; without a gold answer there is no verdict."""
    if trace.gold is None:
        return None
    stated = stated_answer(trace.answer) or stated_answer(trace.reasoning)
    if stated is not None and same_answer(stated, trace.gold):
        return None
    said = "states no answer" if stated is None else f"states '{stated[:200]}'"
    return Rejected("wrong-answer", f"The trace {said}; the gold answer is '{trace.gold[:200]}'.", id=trace.id)
