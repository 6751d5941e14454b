"""How much of second, natively short solutions an output's compressed traces still have, beside what chance keeps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq

from cotpress.analysis.bootstrap_draws import compute_interval, draw_totals, quotient
from cotpress.errors import InputError
from cotpress.gauges.reference import ReferenceContent, find_reference_content, measure_reference_recall
from cotpress.number_formatting import count_noun
from cotpress.pipeline.gauging import make_baseline
from cotpress.pipeline.output import SUMMARY_FILE, build_unreadable_output_error, list_trace_tables
from cotpress.pruning import GRANULARITIES, Method, apply_budget, build_token_cap, prepare_trace, rank_trace
from cotpress.text import STEP_MODES
from cotpress.traces import ReferenceSolutions
from cotpress.types import Trace

KINDS: Final = ("formal", "words")
_RANDOM_DRAWS: Final = 4  # of each trace, so that chance is known better than what it is held against
_COLUMNS: Final = ["id", "question", "original", "compressed", "answer", "gold", "realized_ratio"]
_BATCH_ROWS: Final = 256


@dataclass(frozen=True, slots=True)
class _TraceRecall:
    """What one trace kept of its reference by kind of content, and what random pruning does; only kinds that it has."""

    kept: Mapping[str, float]
    at_random: Mapping[str, float]


def measure_output_references(folder: Path, references: ReferenceSolutions) -> dict[str, Any]:
    """How much of each trace's reference solution its compressed text has.

    Args:
        folder: an output of compress or rewrite, sharded or not.
        references: other solutions of the same problems, natively short ones.

    Returns:
        `traces`, how many have a reference; for `formal` (numbers of two digits and more, sides of formulas) and
        `words` (content words and numbers) a mapping, None where no trace has any. In it, as means over traces:
        `recall`, the share kept, 0..1, of what the whole trace has of the reference beyond question and gold answer,
        and its 95% interval `low`, `high`; `random`, the same where random pruning leaves as many tokens of each trace;
        `gain`, recall - random, with `gain_low`, `gain_high`; and `traces` that have such content.

    Raises:
        InputError: it is no output, or none of its traces has a reference.

    >>> from cotpress import Method, compress, write
    >>> trace = Trace("1", "Half of 46?", "Hmm, half of 46.\\n\\n40 / 2 = 20.\\n\\nSo 20 + 3 = 23.", "23", gold="23")
    >>> _ = write(compress([trace], Method("tail"), keep=0.7), "out")
    >>> references = ReferenceSolutions([Trace("1", "Half of 46?", "$40/2 = 20$, $20 + 3 = 23$", "")])
    >>> measure_output_references(Path("out"), references)["formal"]["recall"]
    1.0
    """
    recalls = OutputRecalls(folder, references)
    for row in _read_rows(folder):
        recalls.add(row)
    return recalls.summarize()


class OutputRecalls:
    """The same, row by row of `traces.parquet`, for whoever reads the rows for other figures, too.

    Args:
        folder: an output of compress or rewrite, sharded or not.
        references: other solutions of the same problems.
    """

    def __init__(self, folder: Path, references: ReferenceSolutions) -> None:
        self._folder, self._references = folder, references
        self._method = _read_baseline(folder)
        self._recalls: list[_TraceRecall] = []
        self._total = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Measure one row."""
        self._total += 1
        reference = self._references.find(row["id"], row["question"])
        if reference is not None:
            self._recalls.append(_measure_row(row, reference, self._method))

    def summarize(self) -> dict[str, Any]:
        """What `measure_output_references` returns of the rows so far. Raises InputError: none has a reference."""
        if not self._recalls:
            raise InputError(
                f"None of the {count_noun(self._total, 'trace')} of {self._folder} has a reference.",
                "References are found by the question, word for word, or by the id where one of the two has no "
                "question.",
            )
        return {"traces": len(self._recalls), **{kind: _summarize(self._recalls, kind) for kind in KINDS}}


def prune_at_random(trace: Trace, ratio: float, baseline: Method, draws: int = _RANDOM_DRAWS) -> list[str]:
    """Texts that random pruning leaves of a reasoning at a ratio, above 0.

    >>> baseline = make_baseline(Method("nll", steps="sentence"))
    >>> texts = prune_at_random(Trace("1", "2+3?", "Two. Three. Four. Five."), 0.5, baseline, draws=2)
    >>> [len(text.split()) for text in texts]
    [2, 2]
    """
    prepared = prepare_trace(trace, baseline.steps)
    cap = build_token_cap(max(1, round(ratio * prepared.tokens)))
    seeded = (replace(baseline, seed=seed) for seed in range(draws))
    return [apply_budget(rank_trace(prepared, method), cap).text for method in seeded]


def _measure_row(row: Mapping[str, Any], reference: str, method: Method) -> _TraceRecall:
    known = f"{row['question']}\n{row['gold'] or ''}"
    content = find_reference_content(reference, row["original"], known)
    if not content.formal and not content.words:
        return _TraceRecall({}, {})
    trace = Trace(row["id"], row["question"], row["original"], row["answer"], row["gold"])
    drawn = [_measure_text(content, text) for text in prune_at_random(trace, row["realized_ratio"], method)]
    kept = _measure_text(content, row["compressed"])
    return _TraceRecall(kept, {kind: sum(draw[kind] for draw in drawn) / len(drawn) for kind in kept})


def _measure_text(content: ReferenceContent, text: str) -> dict[str, float]:
    recall = measure_reference_recall(content, text)
    shares = {"formal": recall.formal, "words": recall.words}
    return {kind: share for kind, share in shares.items() if share is not None}


def _summarize(recalls: Iterable[_TraceRecall], kind: str) -> dict[str, Any] | None:
    pairs = [(recall.kept[kind], recall.at_random[kind]) for recall in recalls if kind in recall.kept]
    if not pairs:
        return None
    kept, at_random = np.array(pairs).T
    drawn = draw_totals({"kept": kept, "random": at_random, "traces": np.ones(len(pairs))})
    mean, low, high = compute_interval(quotient(drawn["kept"], drawn["traces"]))
    gain, gain_low, gain_high = compute_interval(quotient(drawn["kept"] - drawn["random"], drawn["traces"]))
    figures = {"recall": mean, "low": low, "high": high, "random": float(at_random.mean())}
    gains = {"gain": gain, "gain_low": gain_low, "gain_high": gain_high}
    return {**{name: round(value, 4) for name, value in {**figures, **gains}.items()}, "traces": len(pairs)}


def _read_baseline(folder: Path) -> Method:
    """Random pruning as the run pruned, by whole steps where it did not."""
    try:
        described = json.loads((folder / SUMMARY_FILE).read_text(encoding="utf-8"))["method"].get("method", {})
    except (OSError, ValueError, KeyError):
        described = {}
    granularity, steps = described.get("granularity"), described.get("steps")
    return make_baseline(
        Method(
            "random",
            granularity if granularity in GRANULARITIES else "step",
            steps=steps if steps in STEP_MODES else "auto",
        )
    )


def _read_rows(folder: Path) -> Iterator[dict[str, Any]]:
    paths = list_trace_tables(folder)
    try:
        for path in paths:
            with pq.ParquetFile(path) as table:
                for batch in table.iter_batches(_BATCH_ROWS, columns=_COLUMNS):
                    yield from batch.to_pylist()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise build_unreadable_output_error(folder) from error
