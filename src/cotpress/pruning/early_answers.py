"""The control without restatements: what a budget keeps, less the steps that state the answer early.

A student may learn an answer from being told it again and again. A cell whose traces state their answer at the end
alone shows how much of its accuracy that is.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from cotpress.answers import extract_answer, find_statement_span, list_known_answers, states_answer
from cotpress.pruning.reassembly import compute_kept_spans, render_spans
from cotpress.pruning.trace_ranking import PreparedTrace, get_layout
from cotpress.types import BoolArray, Compressed, IntArray


def find_early_statements(prepared: PreparedTrace) -> BoolArray:
    """The steps that state the answer before its final statement, shape [steps].

    The final statement is the text after the reasoning where that states an answer, else the last statement of the
    reasoning, else the last step that states the answer in any way.

    >>> from cotpress.pruning.trace_ranking import prepare_trace
    >>> from cotpress.types import Trace
    >>> trace = Trace("1", "2+3?", "It is 5.\\n\\n2 and 3.\\n\\nThe answer is 5.")
    >>> find_early_statements(prepare_trace(trace)).tolist()
    [True, False, False]
    """
    trace, steps = prepared.trace, prepared.segmentation.steps
    answers = list_known_answers(trace)
    pieces = [trace.reasoning[start:end] for start, end in pairwise(steps.tolist())]
    stating = np.array([any(states_answer(piece, answer) for answer in answers) for piece in pieces], dtype=bool)
    if trace.answer and extract_answer(trace.answer) is not None:
        return stating
    final = find_statement_span(trace.reasoning)
    if final:
        last = int(np.searchsorted(steps, final[0], side="right")) - 1
    else:
        last = int(np.flatnonzero(stating)[-1]) if stating.any() else len(pieces)
    return stating & (np.arange(len(pieces)) < last)


def remove_early_statements(prepared: PreparedTrace, outcome: Compressed) -> Compressed:
    """The outcome without the steps that state the answer early, whatever protects them.

    Tokens are counted again, so the realized ratio is that of what is left.

    Args:
        prepared: the trace, cut and counted.
        outcome: what a budget kept of it, by deletion.

    >>> from cotpress.pruning.trace_ranking import prepare_trace
    >>> from cotpress.types import Trace
    >>> prepared = prepare_trace(Trace("1", "2+3?", "It is 5.\\n\\n2 and 3.\\n\\nThe answer is 5."))
    >>> whole = Compressed(prepared.trace, prepared.trace.reasoning, np.array([[0, 36]]), 12, 12, 1.0)
    >>> remove_early_statements(prepared, whole).text
    '2 and 3.\\n\\nThe answer is 5.'
    """
    early = find_early_statements(prepared)
    if not early.any() or outcome.kept_spans is None:
        return outcome
    cut, layout = prepared.segmentation, get_layout(prepared, "token")
    step_of = np.searchsorted(cut.steps, cut.units[:-1], side="right") - 1
    kept = _find_kept_units(layout.content_starts, outcome.kept_spans) & ~early[step_of]
    spans = compute_kept_spans(layout, kept)
    text = render_spans(layout, spans)
    counter = prepared.counter
    tokens = int(prepared.costs[kept].sum()) if counter is None else counter.count([text])[0]
    flags = outcome.flags if len(spans) else tuple(dict.fromkeys((*outcome.flags, "empty")))
    return replace(outcome, text=text, kept_spans=spans, tokens_kept=tokens, flags=flags)


def _find_kept_units(content_starts: IntArray, spans: IntArray) -> BoolArray:
    """Which units a text of these spans holds, [units]: those whose first character other than white space it holds."""
    if not len(spans):
        return np.zeros(len(content_starts), dtype=bool)
    span = np.searchsorted(spans[:, 0], content_starts, side="right") - 1
    return np.asarray((span >= 0) & (content_starts < spans[np.maximum(span, 0), 1]))
