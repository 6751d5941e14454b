"""Outcomes from anywhere as an output folder: what `cotpress compress` writes, from Python."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from cotpress._version import __version__
from cotpress.errors import OptionError
from cotpress.export import AUTO_EXPORT, DEFAULT_EXPORT, SAME_SHAPE, ExampleStyle
from cotpress.notebook_view import RunSummary
from cotpress.pipeline.compression_spec import check_export
from cotpress.pipeline.execution import build_companion_files
from cotpress.pipeline.gauging import add_gauges
from cotpress.pipeline.output import open_output_directory
from cotpress.pipeline.part_writing import PartWriter
from cotpress.pipeline.row_outcomes import reject_structured, select_export_checks
from cotpress.pipeline.stream import Outcome, TraceCheck
from cotpress.token_counting import UNIT_COUNTER_NAME
from cotpress.types import Compressed, Rejected

PART_ROWS = 512


def write(
    outcomes: Iterable[Outcome],
    output: str | Path,
    *,
    export: str = AUTO_EXPORT,
    style: ExampleStyle | None = None,
    counted_with: str = UNIT_COUNTER_NAME,
    force: bool = False,
) -> RunSummary:
    """Write outcomes as `cotpress compress` does: training set, traces, rejects, card and summary.

    The folder appears whole: `summary.json` is the last file. Outcomes are taken one part at a time, so their number
    may exceed the memory.

    Args:
        outcomes: what `compress`, `rewrite` or a compressor of your own gave: Compressed and Rejected.
        output: a folder that does not exist or is empty.
        export: the format of the training set: a name that `cotpress compress --help` lists, "module:object", "same"
            for rows of the input's own shape, or "auto": "same" where the first rows have several turns, tool calls or
            other parts that a format would lose, else "messages".
        style: think tags and the sentence on the ratio.
        counted_with: what counted the tokens of the outcomes: a tokenizer's name.
        force: whether a finished output is replaced.

    Returns:
        The content of summary.json.

    Raises:
        OptionError: no such format, or something that is no outcome.
        OutputError: the folder is finished (and not `force`), or cannot be written.

    >>> from cotpress import Method, Trace, compress
    >>> traces = [Trace("1", "2+3?", "Two and three. Let me see. 2+3=5.", "5")]
    >>> summary = write(compress(traces, Method("head"), keep=0.5), "out")
    >>> summary["compressed"], sorted(path.name for path in Path("out").iterdir())[:3]
    (1, ['README.md', 'dataset_info.json', 'rejected.jsonl'])
    """
    began, style = time.monotonic(), style or ExampleStyle()
    outcomes, export = _choose_export(_check_outcomes(outcomes), export)
    check_export(export, style)
    with open_output_directory(Path(output), uuid.uuid4().hex, force) as directory:
        passing = (_check_export(outcome, select_export_checks(export)) for outcome in outcomes)
        parts = PartWriter(directory, export, style, PART_ROWS)
        for outcome in add_gauges(passing, None):
            parts.add(outcome)
        parts.finish()
        about: dict[str, Any] = {
            "target_ratio": None,
            "counted_with": counted_with,
            "seconds": round(time.monotonic() - began, 3),
            "format": export,
            "recognised": [],
            "input": [],
            "method": {},
            "cotpress": __version__,
        }
        return RunSummary(directory.finish(about, lambda summary: build_companion_files(export, summary)))


def _choose_export(outcomes: Iterator[Outcome], export: str) -> tuple[Iterator[Outcome], str]:
    """The outcomes, and the format that "auto" means: by whether the first of them are of rows with structure."""
    if export != AUTO_EXPORT:
        return outcomes, export
    first = list(islice(outcomes, PART_ROWS))
    structured = any(isinstance(outcome, Compressed) and reject_structured(outcome.trace) for outcome in first)
    return chain(first, outcomes), SAME_SHAPE if structured else DEFAULT_EXPORT


def _check_export(outcome: Outcome, checks: Sequence[TraceCheck]) -> Outcome:
    if isinstance(outcome, Rejected):
        return outcome
    rejected = next(filter(None, (check(outcome.trace) for check in checks)), None)
    return outcome if rejected is None else replace(rejected.of_trace(outcome.trace), calls=outcome.calls)


def _check_outcomes(outcomes: Iterable[Any]) -> Iterator[Outcome]:
    if not isinstance(outcomes, Iterable):
        raise OptionError(f"A {type(outcomes).__name__} is not a list of outcomes.", "Give [outcome].")
    for outcome in outcomes:
        if not isinstance(outcome, Compressed | Rejected):
            raise OptionError(
                f"A {type(outcome).__name__} is no outcome.", "Give Compressed and Rejected, as cotpress.compress does."
            )
        yield outcome
