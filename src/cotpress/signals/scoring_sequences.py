"""The windows in which a trace is scored: token ids, and from which one on they count.

They are the same for a model in this process and for one behind an endpoint, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cotpress.signals.trace_encoding import TracePromptEncoder
from cotpress.signals.windows import plan_causal_windows
from cotpress.types import Trace


@dataclass(frozen=True, slots=True)
class ScoringSequence:
    """One sequence to run. Its tokens from `first_scored` on, 1 at least, are scored; those before are context."""

    ids: Sequence[int]
    first_scored: int


def plan_sequences(
    prompter: TracePromptEncoder, trace: Trace, ids: Sequence[int], context: int
) -> Iterator[ScoringSequence]:
    """The windows of one trace, in order; together they score each of its tokens once.

    Args:
        prompter: makes the prompt that comes before the reasoning.
        trace: the trace.
        ids: the token ids of its reasoning.
        context: the most tokens of a window, the prompt included. Where prompt and reasoning do not fit together, the
            prompt is cut to a quarter of it, and each window repeats a quarter of it.
    """
    if not ids:
        return
    prompt = prompter.encode(trace)
    if len(prompt) + len(ids) > context:
        prompt = prompter.encode(trace, context // 4)
    for window in plan_causal_windows(len(ids), context - len(prompt), context // 4):
        piece = [*prompt, *ids[window.begin : window.end]]
        yield ScoringSequence(piece, len(prompt) + window.first - window.begin)
