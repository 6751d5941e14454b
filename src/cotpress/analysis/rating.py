"""Traces rated before they are chosen: how hard their questions are, and how well they suit a student."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import add
from pathlib import Path
from typing import Any, Final

from cotpress.evaluation.rank_surprisal import (
    RankSurprisal,
    RankSurprisalMeans,
    build_trajectory,
    sum_rank_surprisal,
)
from cotpress.pipeline import make_scorer
from cotpress.pipeline.difficulty import DifficultySurvey, survey_difficulty
from cotpress.pipeline.row_outcomes import make_jsonable
from cotpress.pipeline.stream import TraceOrRejected, batch_rows
from cotpress.pruning.shared_budget import get_row
from cotpress.storage import write_atomically
from cotpress.traces import DIFFICULTY_FIELD
from cotpress.types import Rejected, SignalSource, Trace

BATCH_TRACES: Final = 32  # rated together, so that memory does not grow with the file


@dataclass(frozen=True, slots=True)
class RatedTrace:
    """A trace and what is known before it is chosen.

    Args:
        trace: the trace; its `difficulty` is what its row states, or what the samples of its question say.
        samples: traces of the same question whose answers were graded, 0 where the row states the difficulty.
        right: how many of them are right.
        suitability: its tokens' ranks and surprisals under the student; None without a student. Of a low `ratio` the
            student learns more.
    """

    trace: Trace
    samples: int = 0
    right: int = 0
    suitability: RankSurprisal | None = None


def rate(
    rows: Iterable[TraceOrRejected], student: SignalSource | None = None, store: Path | None = None
) -> Iterator[RatedTrace | Rejected]:
    """Rate traces in two passes over the rows: each with its difficulty and its rank-surprisal ratio, in order.

    Args:
        rows: traces and rejected rows; the latter go through. What cannot be read twice is held in memory.
        student: gives "nll" and "rank" of each token, such as `cotpress.RankLM`; None for the difficulty alone.
        store: a folder where the student's signals are kept for later calls.

    Raises:
        InputError: a row states a difficulty that is no number from 0 to 1.
        ModelError: the student cannot be loaded or used.

    >>> traces = [Trace(answer, "2+3?", "Hmm.", answer, gold="5") for answer in ("5", "6", "5", "5")]
    >>> [(rated.trace.difficulty, rated.right, rated.samples) for rated in rate(traces)][:1]
    [(0.25, 3, 4)]
    """
    rows = list(rows) if isinstance(rows, Iterator) else rows
    survey = survey_difficulty(rows, [], lambda trace: 1)
    return _rate_batches(rows, survey, student, store)


def _rate_batches(
    rows: Iterable[TraceOrRejected], survey: DifficultySurvey, student: SignalSource | None, store: Path | None
) -> Iterator[RatedTrace | Rejected]:
    score = None if student is None else make_scorer([student], store)
    for batch in batch_rows(rows, BATCH_TRACES):
        traces = [row for row in batch if isinstance(row, Trace)]
        scored = [None] * len(traces) if score is None else score([build_trajectory(trace) for trace in traces])
        suited = iter([sum_rank_surprisal(given[0]) if isinstance(given, Sequence) else None for given in scored])
        for row in batch:
            yield row if isinstance(row, Rejected) else _rate_trace(row, survey, next(suited))


def _rate_trace(trace: Trace, survey: DifficultySurvey, suitability: RankSurprisal | None) -> RatedTrace:
    counts, attached = survey.find_counts(trace), survey.attach(trace)
    assert isinstance(attached, Trace)
    return RatedTrace(attached, counts.samples, counts.right, suitability)


def write_rated_rows(rated: Iterable[RatedTrace | Rejected], path: Path) -> dict[str, Any]:
    """Write each row as it was read with the columns of its rating, one JSON object a line; the counts of all.

    The columns are `difficulty`, `difficulty_samples`, `difficulty_right`; with a student also `rsr`, `rsr_rank` and
    `rsr_surprisal`. Turns of one row are one trajectory. Rejected rows are not written but counted.

    Args:
        rated: what `rate` gives.
        path: the file.

    Raises:
        OutputError: it cannot be written.

    >>> traces = [Trace(answer, "2+3?", "Hmm.", answer, gold="5") for answer in ("5", "6")]
    >>> write_rated_rows(rate(traces), Path("rated.jsonl"))["with_difficulty"]
    2
    >>> json.loads(Path("rated.jsonl").read_text().splitlines()[0])["difficulty"]
    0.5
    """
    reasons, means = Counter[str](), RankSurprisalMeans()
    rows = with_difficulty = 0
    with write_atomically(path) as temporary, temporary.open("w", encoding="utf-8", errors="backslashreplace") as file:
        for _, together in groupby(_note_rejects(rated, reasons), key=lambda one: get_row(one.trace)):
            turns = list(together)
            row, suitability = build_rated_row(turns), _join_turns(turns)
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            rows += 1
            with_difficulty += row[DIFFICULTY_FIELD] is not None
            if suitability is not None:
                means.add(suitability)
    counts = {"rows": rows, "rejected": reasons.total(), "rejected_reasons": dict(sorted(reasons.items()))}
    return {**counts, "with_difficulty": with_difficulty, "rsr": means.to_dict()}


def build_rated_row(turns: Sequence[RatedTrace]) -> dict[str, Any]:
    """The row of some turns as it was read, with the columns of its rating; of a trace that was not read, its fields.

    >>> build_rated_row([RatedTrace(Trace("1", "2+3?", "2+3=5.", difficulty=0.5), 4, 2)])["difficulty_right"]
    2
    """
    last, suitability = turns[-1], _join_turns(turns)
    origin = last.trace.origin
    row = last.trace.to_dict() if origin is None else make_jsonable(origin.row)
    columns: dict[str, float | None] = {
        DIFFICULTY_FIELD: last.trace.difficulty,
        "difficulty_samples": last.samples,
        "difficulty_right": last.right,
    }
    if suitability is not None:
        named = {"rsr": suitability.ratio, "rsr_rank": suitability.rank, "rsr_surprisal": suitability.surprisal}
        columns |= {name: None if value is None else round(value, 6) for name, value in named.items()}
    return {**row, **columns}


def _join_turns(turns: Sequence[RatedTrace]) -> RankSurprisal | None:
    measured = [one.suitability for one in turns if one.suitability is not None]
    return reduce(add, measured) if measured else None


def _note_rejects(rated: Iterable[RatedTrace | Rejected], reasons: Counter[str]) -> Iterator[RatedTrace]:
    for one in rated:
        if isinstance(one, Rejected):
            reasons[one.reason] += 1
        else:
            yield one
