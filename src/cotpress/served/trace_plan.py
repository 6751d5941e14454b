"""What is asked about one trace, and how the answers make its signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cotpress.served.score_request import ScoreRequest
from cotpress.served.token_scores import TokenScores
from cotpress.types import FloatArray, IntArray, Signals

NLL, TOP_K_ENTROPY = "nll", "top_k_entropy"


@dataclass(frozen=True, slots=True, eq=False)
class TracePlan:
    """The requests of one trace, in order.

    Args:
        requests: the windows; together they score each token once.
        offsets: the characters of each token, [tokens, 2]; None where the answers say them.
        shifts: of each request, where its text begins in the reasoning; none with token ids.
    """

    requests: tuple[ScoreRequest, ...]
    offsets: IntArray | None = None
    shifts: tuple[int, ...] = ()

    def build_signals(self, answers: Sequence[TokenScores]) -> Signals:
        """The signals of the trace, from one answer a request."""
        values = {NLL: _join_values([answer.nll for answer in answers])}
        entropies = [answer.top_k_entropy for answer in answers if answer.top_k_entropy is not None]
        if any(request.top_k for request in self.requests) or not self.requests:
            values[TOP_K_ENTROPY] = _join_values(entropies)
        return Signals(self._join_offsets(answers) if self.offsets is None else self.offsets, values)

    def _join_offsets(self, answers: Sequence[TokenScores]) -> IntArray:
        spans = [
            answer.spans + shift for answer, shift in zip(answers, self.shifts, strict=True) if answer.spans is not None
        ]
        return np.concatenate([np.empty((0, 2), dtype=np.int64), *spans])


def _join_values(parts: Sequence[FloatArray]) -> FloatArray:
    joined: FloatArray = np.concatenate([np.empty(0), *parts])
    return joined
