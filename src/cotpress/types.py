"""The data classes and protocols that all packages share.

Five words have one meaning in the whole package. A *step* is a piece of reasoning such as a sentence or a paragraph.
A *unit* is a word, a number, an operator or a LaTeX command; granularity "token" deletes units. A *segment* is what is
ranked: a step or a unit. A *token* is what a budget counts: a token of the tokenizer that the run counts with, or a
unit where it has none; `counted_with` names it. An *outcome* is a `Compressed` or a `Rejected`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Any, Final, Literal, Protocol, TypeAlias, get_args, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from cotpress.errors import OptionError
from cotpress.notebook_view import NotebookView

IntArray: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
Span: TypeAlias = tuple[int, int]
RowPath: TypeAlias = tuple[str | int, ...]
Domain: TypeAlias = Literal["math", "general"]
Regime: TypeAlias = Literal["long", "short"]
THINK_TAGS: Final = ("<think>", "</think>")  # what is written, and looked for in what a model wrote
DOMAINS: Final[tuple[str, ...]] = get_args(Domain)
REGIMES: Final[tuple[str, ...]] = get_args(Regime)


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where a text stands in a row: `path` is keys and indices, `span` the [start, end) characters of the text there.

    A path goes on inside text that is JSON. Where `span` is None, the path ends in a list of texts. `part` is what of
    the reasoning stands there, [start, end) characters of it, where it is kept in pieces; None: all of it. A piece of
    which nothing is left goes with its element of a list, or where `stays` is left empty there.
    """

    path: RowPath
    span: Span | None = None
    part: Span | None = None
    stays: bool = False


@dataclass(frozen=True, slots=True)
class TraceOrigin:
    """The row that a trace was read from. A row may hold several traces, such as the turns of a conversation.

    Args:
        source: the file or dataset.
        line: its line or record there, from 1.
        row_id: the id of the whole row.
        row: the row as it was read.
        places: where the reasoning stands in it, every copy; none where the layout does not say.
        turn: which of the row's traces this is, from 1.
        turns: how many traces the row has.
        structured: whether the row holds what a question, a reasoning and an answer cannot say, such as tool calls.
        alternative: whether the row's traces are several replies to one question, and not the turns of a conversation.
    """

    source: str
    line: int
    row_id: str
    row: Mapping[str, Any]
    places: tuple[TextPlace, ...] = ()
    turn: int = 1
    turns: int = 1
    structured: bool = False
    alternative: bool = False


@dataclass(frozen=True, slots=True)
class Trace(NotebookView):
    """One example of a teacher's work. Only `reasoning` is ever compressed.

    `answer` is the text that follows the reasoning, verbatim ("#### 72", "The answer is True", the
    reply after `</think>`); it is empty where the reasoning itself ends in the final answer. `gold`
    is the reference answer. `id` is unique within a run. `tagged` says that the source kept the
    reasoning apart from the reply, in think tags or in a field of its own. `reference` is a second solution of the
    problem, natively short: what is left of the reasoning is measured against it, and nothing else looks at it.
    `difficulty` is how hard the question is, from 0 (every sample of it is right) to 1 (none is), None where nobody
    knows; budgets may depend on it. `origin` is the row that it was read from, so that a row of the same shape can be
    written; equality leaves it out.

    Raises:
        OptionError: on construction, for a field that holds no text, or a difficulty outside 0 to 1.

    >>> Trace("7", "2+3?", "Two and three make 5. " * 100)
    Trace(id='7', question='2+3?', reasoning='Two and three make 5. Two and three make... (2,200 characters)')
    >>> Trace("7", "2+3?", None)
    Traceback (most recent call last):
    cotpress.errors.OptionError: Trace(reasoning=...) must be text; it is None. Give a str.
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
    reference: str = ""
    difficulty: float | None = None
    origin: TraceOrigin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("id", "question", "reasoning", "answer", "system", "reference"):
            _check_text(self, name)
        for name in ("gold", "domain", "regime"):
            if getattr(self, name) is not None:
                _check_text(self, name)
        if self.difficulty is not None and not 0 <= self.difficulty <= 1:
            raise OptionError(f"Trace(difficulty={self.difficulty}) is no number from 0 to 1.", "Give such a number.")

    def __repr__(self) -> str:
        return _format_record(self)

    def to_dict(self) -> dict[str, Any]:
        """Its texts as JSON-able data, and its difficulty where that is known, without where it was read.

        >>> Trace("7", "2+3?", "2+3=5.", gold="5").to_dict()["gold"]
        '5'
        """
        left_out = {"origin", "difficulty"} if self.difficulty is None else {"origin"}
        return {entry.name: getattr(self, entry.name) for entry in fields(self) if entry.name not in left_out}


@dataclass(frozen=True, slots=True)
class ModelCall:
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
class Rejected(NotebookView):
    """A row that did not become a compressed trace, and why. No row is ever dropped without one.

    `reason` is a short stable code such as "unclosed-think"; `detail` is a sentence for people.
    `line` counts lines (or records, where a format has no lines) of `source` from 1. `conversation` is the id of the
    row where that holds several traces, of which this is one. `origin` is the row that its trace was read from, where a
    trace was read; equality leaves it out.

    Raises:
        OptionError: on construction, for a reason or a detail that is no text.
    """

    reason: str
    detail: str
    source: str = ""
    line: int | None = None
    id: str | None = None
    row: str = ""
    calls: tuple[ModelCall, ...] = ()
    conversation: str | None = None
    origin: TraceOrigin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        _check_text(self, "reason")
        _check_text(self, "detail")

    def of_trace(self, trace: Trace) -> Rejected:
        """The same rejection, which says what row the trace was read from, and which conversation it is of.

        >>> origin = TraceOrigin("a.jsonl", 3, "7", {}, turn=2, turns=2)
        >>> Rejected("refused", "It was.").of_trace(Trace("7#2", "2+3?", "5.", origin=origin)).conversation
        '7'
        """
        origin = trace.origin
        if origin is None:
            return self
        conversation = origin.row_id if origin.turns > 1 else None
        line = origin.line if self.line is None else self.line
        source = self.source or origin.source
        return replace(self, source=source, line=line, conversation=conversation, origin=origin)

    def __repr__(self) -> str:
        return _format_record(self)


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

    def __repr__(self) -> str:
        return f"Signals({', '.join(self.values)} of {len(self):,} tokens)"


@runtime_checkable
class SignalSource(Protocol):
    """Anything that can score traces: a causal LM, an n-gram model, a token classifier.

    A source should also have `reads`: which of "system", "question", "reasoning", "answer" and "gold" its signals
    depend on. Stored signals are found by exactly these; of a source that does not say, by all five. Where signals of
    a trace depend on more, such as where its steps are, a method `find_dependencies(trace)` gives that, JSON-able.
    """

    @property
    def provides(self) -> frozenset[str]:
        """The names of the signals that `score` returns."""

    @property
    def identity(self) -> Mapping[str, str]:
        """All that the numbers depend on besides the trace: model, revision, tokenizer, dtype, context policy."""

    def score(self, traces: Sequence[Trace]) -> Sequence[Signals | Rejected]:
        """One `Signals` a trace, in the order given; a `Rejected` for a trace that could not be scored."""


@dataclass(frozen=True, slots=True)
class GaugeValues:
    """One gauge's figures for a trace: of what is left of it, of random pruning to the same length, of the original.

    None where the gauge means nothing for that text.
    """

    compressed: float | None
    random: float | None
    original: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Compressed(NotebookView):
    """A trace with its shortened reasoning.

    `kept_spans` [spans, 2] are [start, end) characters of the original reasoning, ascending and
    disjoint; None for a compressor that writes new text. Token counts are of the reasoning alone. `target_ratio` is
    the fraction that was asked for, None where the budget is not a ratio of this trace. `measures` are
    figures of a rewrite by name, such as "restructuring"; `calls` are what it took to get it; `gauges` are figures of
    the text by the name of the gauge, empty before they are measured.

    >>> Compressed(Trace("7", "2+3?", "Two and three. 2+3=5."), "2+3=5.", None, 11, 6, 0.6)
    Compressed(id='7', 6 of 11 tokens, text='2+3=5.')
    """

    trace: Trace
    text: str
    kept_spans: IntArray | None
    tokens_original: int
    tokens_kept: int
    target_ratio: float | None
    flags: tuple[str, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)
    calls: tuple[ModelCall, ...] = ()
    gauges: Mapping[str, GaugeValues] = field(default_factory=dict)

    @property
    def realized_ratio(self) -> float:
        """Kept / original reasoning tokens, 0..1 (a rewriter may exceed 1)."""
        return self.tokens_kept / self.tokens_original

    def __repr__(self) -> str:
        flags = f", flags={self.flags}" if self.flags else ""
        counts = f"{self.tokens_kept:,} of {self.tokens_original:,} tokens"
        return f"Compressed(id={self.trace.id!r}, {counts}, text={_format_value(self.text)}{flags})"


class Compressor(Protocol):
    """A pruner or a rewriter: traces in, for each one a compressed trace or a rejection."""

    def compress(self, traces: Sequence[Trace]) -> Iterable[Compressed | Rejected]:
        """One outcome a trace, in the order given."""


_SHOWN_CHARACTERS = 60  # a longer text is cut in a repr
_CUT_CHARACTERS = 40  # what is shown of it


def _check_text(record: object, name: str) -> None:
    value = getattr(record, name)
    if not isinstance(value, str):
        kind = "None" if value is None else f"of type {type(value).__name__}"
        raise OptionError(f"{type(record).__name__}({name}=...) must be text; it is {kind}.", "Give a str.")


def _format_record(record: Any) -> str:
    """The repr of a record: fields that hold their default are left out, long texts are cut."""
    shown = []
    for entry in filter(lambda entry: entry.repr, fields(record)):
        value = getattr(record, entry.name)
        if entry.default is MISSING or value != entry.default:
            shown.append(f"{entry.name}={_format_value(value)}")
    return f"{type(record).__name__}({', '.join(shown)})"


def _format_value(value: object) -> str:
    if not isinstance(value, str) or len(value) <= _SHOWN_CHARACTERS:
        return repr(value)
    beginning = repr(value[:_CUT_CHARACTERS])
    return f"{beginning[:-1]}... ({len(value):,} characters){beginning[-1]}"
