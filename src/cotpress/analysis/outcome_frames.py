"""Outcomes as a data frame: a row for every row that came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.analysis.frames import DataFrame, build_frame
from cotpress.analysis.pairs import read_rejected_rows
from cotpress.errors import InputError
from cotpress.pipeline.output import build_trace_row, build_traces_schema, list_trace_tables
from cotpress.types import Compressed, Rejected

_COUNTS: Final = ("tokens_original", "tokens_kept")


def to_frame(outcomes: Iterable[Compressed | Rejected] | str | Path) -> DataFrame:
    """Outcomes, or a finished output, as a pandas data frame.

    A compressed trace has the columns of `traces.parquet` without `kept_spans`: texts, token counts, ratios, flags, and
    the gauges where they were measured. A rejected row has `id`, `reason` and `detail`, which the others have not.

    Args:
        outcomes: what `compress` or `rewrite` gave, or the folder that `write` or the command line wrote.

    Raises:
        MissingExtraError: pandas is not installed.
        InputError: the folder holds no output.

    >>> from cotpress import Trace, compress
    >>> frame = to_frame(compress([Trace("1", "2+3?", "Two and three. 2+3=5.", "5"), Trace("2", "?", "")]))
    >>> frame[["id", "reason"]].fillna("").values.tolist()
    [['1', ''], ['2', 'empty-reasoning']]
    """
    rows = _read_rows(Path(outcomes)) if isinstance(outcomes, str | Path) else map(_build_row, outcomes)
    names = [name for name in build_traces_schema().names if name != "kept_spans"]
    frame = build_frame(rows, [*names, "reason", "detail"])
    return frame.astype(dict.fromkeys(_COUNTS, "Int64"))  # whole numbers, although rejected rows have none


def _build_row(outcome: Compressed | Rejected) -> dict[str, Any]:
    if isinstance(outcome, Rejected):
        return {"id": outcome.id, "reason": outcome.reason, "detail": outcome.detail}
    return {**build_trace_row(outcome), "flags": list(outcome.flags)}


def _read_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """The rows of an output folder, those that were rejected last."""
    try:
        kept = [pq.read_table(table).to_pylist() for table in list_trace_tables(folder)]
    except (OSError, pa.ArrowException) as error:
        raise InputError(
            f"There is no output in {folder} ({type(error).__name__}).",
            "Give the folder that compress or rewrite wrote with -o.",
        ) from error
    return chain(chain.from_iterable(kept), read_rejected_rows(folder))
