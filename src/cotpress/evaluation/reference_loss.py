"""What a student learned, read from the loss on solutions that it has not seen: for students too small to solve.

A student that was trained on a solution's steps gives the next step of another solution more probability. So the mean
negative log-likelihood of held-out problems' solutions tells students apart long before any of them gets an answer
right. It says nothing of whether they would: that is what benchmarks are for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.errors import InputError, ModelError, OptionError
from cotpress.evaluation.bootstrap import Statistic, estimate_statistics
from cotpress.storage import build_write_error, write_atomically
from cotpress.text import segment
from cotpress.text.markers import classify_unit
from cotpress.types import BoolArray, FloatArray, Rejected, Signals, SignalSource, Trace

LOSS_FILE, LOSS_SUMMARY_FILE = "loss.parquet", "loss.json"
BATCH_TRACES: Final = 32  # scored together, so that memory does not grow with the file


@dataclass(frozen=True, slots=True)
class ReferenceLoss:
    """The loss on one solution: sums over its tokens, in nats, apart for what is formal and what is words.

    Formal are numbers, operators, names in formulas and LaTeX; words are all else.
    """

    id: str
    formal_tokens: int
    formal_nll: float
    word_tokens: int
    word_nll: float


def measure_reference_loss(source: SignalSource, traces: Sequence[Trace]) -> list[ReferenceLoss]:
    """The loss of a model on the reasoning of each trace, given its question, in order.

    Args:
        source: a source that gives "nll", such as `cotpress.LM` of the student.
        traces: problems with their solutions as reasoning.

    Raises:
        ModelError: the model cannot be loaded or used.

    >>> from cotpress import NGram
    >>> traces = [Trace("1", "2+3?", "Two and three: 2 + 3 = 5.", "5")]
    >>> [loss] = measure_reference_loss(NGram.fit(traces), traces)
    >>> loss.formal_tokens, loss.word_tokens
    (8, 5)
    """
    batches = (traces[start : start + BATCH_TRACES] for start in range(0, len(traces), BATCH_TRACES))
    return [
        _sum_losses(trace, signals)
        for batch in batches
        for trace, signals in zip(batch, source.score(batch), strict=True)
    ]


def _sum_losses(trace: Trace, signals: Signals | Rejected) -> ReferenceLoss:
    if isinstance(signals, Rejected):
        raise ModelError(f"The trace '{trace.id}' could not be scored: {signals.detail}")
    formal = _find_formal_tokens(trace.reasoning, signals)
    nll = signals.values["nll"]
    return ReferenceLoss(
        trace.id, int(formal.sum()), float(nll[formal].sum()), int((~formal).sum()), float(nll[~formal].sum())
    )


def _find_formal_tokens(text: str, signals: Signals) -> BoolArray:
    """Whether the unit is formal that a token's last character is in, [tokens]."""
    cut = segment(text)
    units = [text[start:end] for start, end in pairwise(cut.units.tolist())]
    formal = np.array([classify_unit(unit) == "symbol" for unit in units], bool) | cut.formal
    last = np.maximum(signals.offsets[:, 1] - 1, 0)
    return np.asarray(formal[np.searchsorted(cut.units, last, side="right") - 1])


def summarize_losses(
    losses: Sequence[ReferenceLoss], baseline: Sequence[ReferenceLoss] | None = None
) -> dict[str, Any]:
    """Mean loss in nats a token, with 95% intervals over problems; beside a baseline the paired difference.

    Args:
        losses: of one student.
        baseline: of another with the same tokenizer; problems that only one has are left out.

    Raises:
        OptionError: no problem, none in common with the baseline, or another tokenizer's tokens.

    >>> summarize_losses([ReferenceLoss("1", 2, 1.0, 4, 8.0)])["formal"]["value"]
    0.5
    """
    if not losses:
        raise OptionError("There is no solution to measure the loss on.", "Check the file that --loss-on names.")
    summary = {"problems": len(losses), **_estimate(_make_columns(losses), _average)}
    if baseline is not None:
        pairs = _pair_losses(losses, baseline)
        columns = {
            **_make_columns([ours for ours, _ in pairs]),
            **_make_columns([other for _, other in pairs], "base_"),
        }
        summary["difference"] = {"problems": len(pairs), **_estimate(columns, _subtract)}
    return summary


def _pair_losses(
    losses: Sequence[ReferenceLoss], baseline: Sequence[ReferenceLoss]
) -> list[tuple[ReferenceLoss, ReferenceLoss]]:
    theirs = {loss.id: loss for loss in baseline}
    pairs = [(loss, theirs[loss.id]) for loss in losses if loss.id in theirs]
    if not pairs:
        raise OptionError("The baseline has no problem in common.", "Measure both on the same file.")
    if any((a.formal_tokens, a.word_tokens) != (b.formal_tokens, b.word_tokens) for a, b in pairs):
        raise OptionError("The baseline counts other tokens.", "Compare students of one tokenizer, on one file.")
    return pairs


_Kinds = tuple[str, ...]
_MEANS: Final[Mapping[str, _Kinds]] = {"formal": ("formal",), "words": ("word",), "all": ("formal", "word")}


def _make_columns(losses: Sequence[ReferenceLoss], prefix: str = "") -> dict[str, FloatArray]:
    names = [field.name for field in fields(ReferenceLoss) if field.name != "id"]
    return {prefix + name: np.array([getattr(loss, name) for loss in losses], np.float64) for name in names}


def _estimate(columns: Mapping[str, FloatArray], make: Callable[[_Kinds], Statistic]) -> dict[str, Any]:
    estimates = estimate_statistics(columns, {name: make(kinds) for name, kinds in _MEANS.items()})
    return {name: estimate.to_dict() for name, estimate in estimates.items()}


def _average(kinds: _Kinds, prefix: str = "") -> Statistic:
    """The mean over tokens of some kinds."""

    def average(sums: Mapping[str, FloatArray]) -> FloatArray:
        nll = np.sum([sums[f"{prefix}{kind}_nll"] for kind in kinds], axis=0)
        return np.asarray(nll / np.sum([sums[f"{prefix}{kind}_tokens"] for kind in kinds], axis=0))

    return average


def _subtract(kinds: _Kinds) -> Statistic:
    ours, theirs = _average(kinds), _average(kinds, "base_")
    return lambda sums: ours(sums) - theirs(sums)


def write_reference_losses(folder: Path, losses: Sequence[ReferenceLoss], summary: Mapping[str, Any]) -> None:
    """Write `loss.parquet` and `loss.json`; what an earlier run left is replaced.

    Raises:
        OutputError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with write_atomically(folder / LOSS_FILE) as path:
            pq.write_table(pa.Table.from_pylist([asdict(loss) for loss in losses]), path, compression="zstd")
        with write_atomically(folder / LOSS_SUMMARY_FILE) as path:
            path.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise build_write_error(folder, error) from error


def read_reference_losses(folder: Path) -> list[ReferenceLoss]:
    """What `write_reference_losses` wrote.

    Raises:
        InputError: the folder holds no such file.
    """
    try:
        return list(_read_rows(folder / LOSS_FILE))
    except (OSError, TypeError, pa.ArrowInvalid) as error:
        raise InputError(
            f"{folder} holds no measured loss.", "Run cotpress evaluate --loss-on FILE -o there."
        ) from error


def _read_rows(path: Path) -> Iterator[ReferenceLoss]:
    return (ReferenceLoss(**row) for row in pq.read_table(path).to_pylist())
