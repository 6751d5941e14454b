"""The frozen dataclasses that every room speaks in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

IntArray: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Trace:
    """One example of a teacher's work. Only `reasoning` is ever compressed.

    `answer` is the text that follows the reasoning, verbatim ("#### 72", "The answer is True", the
    reply after `</think>`); it is empty where the reasoning itself ends in the final answer. `gold`
    is the reference answer. `id` is unique within a run. `tagged` says that the source kept the
    reasoning apart from the reply, in think tags or in a field of its own.
    """

    id: str
    question: str
    reasoning: str
    answer: str = ""
    gold: str | None = None
    system: str = ""
    domain: str | None = None
    regime: str | None = None
    tagged: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a language model on behalf of a trace, and what it took.

    `key` is the content key of the request as sent; `verdict` is "ok", or the code of the check or refusal
    that the answer failed; `finish` is why the model stopped. Tokens are the endpoint's own count (0 for a
    call that was never answered); `cost` is in US dollars, None where no prices are known. A `cached` answer was
    paid for earlier, or by another trace that asked the same.
    """

    key: str
    verdict: str
    finish: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    cost: float | None = None
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that did not become a compressed trace, and why. No row is ever dropped without one.

    `reason` is a short stable code such as "unclosed-think"; `detail` is a sentence for people.
    `line` counts lines (or records, where a format has no lines) of `source` from 1.
    """

    reason: str
    detail: str
    source: str = ""
    line: int | None = None
    id: str | None = None
    row: str = ""
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """What a model says about each token of one trace's reasoning.

    `offsets` has shape [tokens, 2]: the [start, end) characters of each token in the reasoning, in
    text order. `values` maps a signal's name ("nll" and "entropy" in nats, "keep_probability" in
    0..1) to a float array of shape [tokens].
    """

    offsets: IntArray
    values: Mapping[str, FloatArray]

    def __len__(self) -> int:
        return len(self.offsets)


@runtime_checkable
class SignalSource(Protocol):
    """Anything that can score traces: a causal LM, an n-gram model, a token classifier."""

    @property
    def provides(self) -> frozenset[str]:
        """The names of the signals that `score` returns."""

    @property
    def identity(self) -> Mapping[str, str]:
        """All that the numbers depend on besides the trace: model, revision, tokenizer, dtype, context policy."""

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        """One `Signals` a trace, in the order given."""


@dataclass(frozen=True, slots=True, eq=False)
class Compressed:
    """A trace with its shortened reasoning.

    `kept_spans` [spans, 2] are [start, end) characters of the original reasoning, ascending and
    disjoint; None for a compressor that writes new text. Token counts are of the reasoning alone. `target_ratio` is
    the fraction that was asked for, None where the budget is not a ratio of this trace. `measures` are
    figures of a rewrite by name, such as "restructuring"; `calls` are what it took to get it.
    """

    trace: Trace
    text: str
    kept_spans: IntArray | None
    tokens_original: int
    tokens_kept: int
    target_ratio: float | None
    flags: tuple[str, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()

    @property
    def realized_ratio(self) -> float:
        """Kept / original reasoning tokens, 0..1 (a rewriter may exceed 1)."""
        return self.tokens_kept / self.tokens_original


class Compressor(Protocol):
    """A pruner or a rewriter: traces in, for each one a compressed trace or a rejection."""

    def compress(self, traces: Sequence[Trace]) -> Iterable[Compressed | Rejected]:
        """One outcome a trace, in the order given."""
