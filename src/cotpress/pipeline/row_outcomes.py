"""Outcomes of the rows that they are of: what is left of a row that holds several traces, and its training example.

A conversation is one row with a trace for every turn that thinks. Its turns are compressed one by one, and stay
together in one part of the output. A turn that is rejected keeps its reasoning as it was, as long as another turn is
compressed; one with a wrong answer (--drop-wrong) or a benchmark's question takes the whole conversation with it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from cotpress.errors import CotpressError, OptionError, describe_failure
from cotpress.export import SAME_SHAPE, ExampleStyle, ExportExample, ExportFormat, build_example, get_export_format
from cotpress.pipeline.stream import Outcome, TraceCheck, get_origin
from cotpress.pruning.reassembly import reassemble
from cotpress.traces.places import replace_texts
from cotpress.types import Compressed, Rejected, TextPlace, Trace, TraceOrigin

WHOLE_ROW_REASONS = {  # a turn that is rejected for one of these takes its row with it
    "wrong-answer": "The conversation ends in a wrong answer.",
    "contaminated": "Another turn of the conversation has a benchmark's question.",
}
ExampleFormatter = Callable[[Compressed], Mapping[str, Any] | None]


def select_export_checks(format_name: str) -> list[TraceCheck]:
    """What a trace must pass to be written in a format: no format but the row's own holds calls, or several turns.

    >>> [check.__name__ for check in select_export_checks("messages")]
    ['reject_structured']
    """
    return [reject_unplaced] if format_name == SAME_SHAPE else [reject_structured]


def reject_structured(trace: Trace) -> Rejected | None:
    """Reject a trace of a row that says more than a question, a reasoning and an answer."""
    if trace.origin is None or not trace.origin.structured:
        return None
    detail = "The row has several turns, tool calls or other parts, which this format would lose; give --export same."
    return Rejected("needs-same-shape", detail, id=trace.id)


def reject_unplaced(trace: Trace) -> Rejected | None:
    """Reject a trace of which nobody knows where it stands in its row, or which a longer text there has in it."""
    if trace.origin is not None and trace.origin.places:
        return None
    detail = (
        "It is not known where the reasoning stands in its row, or another text there has it and more, so that the row "
        "cannot be written in its own shape; another --export writes it."
    )
    return Rejected("no-place", detail, id=trace.id)


def settle_rows(part: Sequence[Outcome], format_name: str = SAME_SHAPE) -> list[Outcome]:
    """The outcomes with all turns of a conversation rejected of which one was rejected for a reason that concerns all.

    Args:
        part: outcomes, with all turns of each conversation.
        format_name: what they are written in. In other formats than the row's own each of several replies to a question
            is an example by itself, and a wrong one takes no other with it.

    >>> origins = [TraceOrigin("a.jsonl", 3, "7", {}, turn=turn, turns=2) for turn in (1, 2)]
    >>> first, second = (Trace(f"7#{origin.turn}", "2+3?", "5.", origin=origin) for origin in origins)
    >>> wrong = Rejected("wrong-answer", "It is 5.", id=second.id).of_trace(second)
    >>> [outcome.reason for outcome in settle_rows([Compressed(first, "5.", None, 2, 2, None), wrong])]
    ['wrong-answer', 'wrong-answer']
    """
    lost = {
        outcome.conversation: outcome.reason
        for outcome in part
        if isinstance(outcome, Rejected)
        and outcome.reason in WHOLE_ROW_REASONS
        and outcome.conversation
        and not (format_name != SAME_SHAPE and _is_alternative(outcome))
    }
    reasons = (lost.get(get_conversation(outcome) or "") for outcome in part)
    return [_reject_turn(outcome, reason) if reason else outcome for outcome, reason in zip(part, reasons, strict=True)]


def _is_alternative(outcome: Outcome) -> bool:
    origin = get_origin(outcome)
    return origin is not None and origin.alternative


def _reject_turn(outcome: Outcome, reason: str) -> Rejected:
    if isinstance(outcome, Rejected):
        return outcome
    rejected = Rejected(reason, WHOLE_ROW_REASONS[reason], id=outcome.trace.id, calls=outcome.calls)
    return rejected.of_trace(outcome.trace)


def get_conversation(outcome: Outcome) -> str | None:
    """The id of the row that has several traces, of which this is one; None where it is the only one.

    >>> get_conversation(Rejected("nothing-left", "No step fits.", id="7#2", conversation="7"))
    '7'
    """
    if isinstance(outcome, Rejected):
        return outcome.conversation
    origin = outcome.trace.origin
    return origin.row_id if origin and origin.turns > 1 else None


def _build_row(name: str, entry: ExportFormat, example: ExportExample) -> Mapping[str, Any]:
    try:
        return entry.build_row(example)
    except CotpressError:
        raise
    except Exception as error:  # whatever somebody's function raises
        why = describe_failure(error)
        raise OptionError(
            f"The export format '{name}' failed on trace '{example.id}' ({why}).",
            "It takes an ExportExample (id, system, prompt, completion, reasoning, answer), and gives a dictionary.",
        ) from error


def make_example_formatter(format_name: str, style: ExampleStyle, outcomes: Iterable[Outcome]) -> ExampleFormatter:
    """A function from an outcome to its training example; None where an example of its row comes with a later outcome.

    Args:
        format_name: the export format, or "same" for rows of the input's own shape.
        style: how examples are worded.
        outcomes: all that are to be written, with all turns of each conversation.

    Raises:
        OptionError: there is no such format.
    """
    if format_name != SAME_SHAPE:
        entry = get_export_format(format_name)
        return lambda outcome: _build_row(format_name, entry, build_example(outcome, style))
    turns: dict[tuple[str, int], list[Compressed]] = {}
    for outcome in outcomes:
        if isinstance(outcome, Compressed):
            turns.setdefault(_get_row_key(outcome), []).append(outcome)

    def restore_row(outcome: Compressed) -> Mapping[str, Any] | None:
        together = turns[_get_row_key(outcome)]
        return _restore_row(together) if outcome is together[-1] else None

    return restore_row


def _get_row_key(outcome: Compressed) -> tuple[str, int]:
    origin = _get_origin(outcome)
    return origin.source, origin.line


def _get_origin(outcome: Compressed) -> TraceOrigin:
    origin = outcome.trace.origin
    assert origin is not None  # `reject_unplaced` let it through
    return origin


def _restore_row(together: Sequence[Compressed]) -> Mapping[str, Any]:
    """The row of some turns with their shortened reasoning in its place, and all else as it was read."""
    edits = [edit for outcome in together for edit in _build_edits(outcome)]
    return {key: make_jsonable(value) for key, value in replace_texts(_get_origin(together[0]).row, edits).items()}


def _build_edits(outcome: Compressed) -> Iterator[tuple[TextPlace, str | None]]:
    """What stands at each place of a reasoning: the new text, or what is left of the piece that was there.

    A piece of which nothing is left goes, or stays as an empty text (see `TextPlace`). Where no part of the new text is
    known to be of a piece, as in a rewrite, the first piece holds all of it.
    """
    places = _get_origin(outcome).places
    first = min((place.part for place in places if place.part is not None), default=None)
    for place in places:
        nothing = "" if place.stays else None
        if place.part is None:
            yield place, outcome.text
        elif outcome.kept_spans is None:
            yield place, outcome.text if place.part == first else nothing
        else:
            spans = np.clip(outcome.kept_spans, *place.part)
            left = reassemble(outcome.trace.reasoning, spans[spans[:, 0] < spans[:, 1]]).strip()
            yield place, left or nothing


def make_jsonable(value: Any) -> Any:
    """What JSON cannot hold, such as the bytes and dates of a Parquet file, as text.

    >>> make_jsonable({1: b"ab", "n": 2})
    {'1': 'YWI=', 'n': 2}
    """
    if isinstance(value, Mapping):
        return {str(key): make_jsonable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [make_jsonable(part) for part in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value if value is None or isinstance(value, str | int | float) else str(value)
