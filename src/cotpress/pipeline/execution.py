"""A run from rows to a finished output directory, whatever compresses them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from cotpress._version import __version__
from cotpress.export import ExampleStyle, format_dataset_card, format_dataset_info
from cotpress.number_formatting import count_noun, inflect
from cotpress.pipeline.gauging import add_gauges
from cotpress.pipeline.output import OutputDirectory, open_output_directory
from cotpress.pipeline.part_writing import PartWriter
from cotpress.pipeline.row_outcomes import select_export_checks
from cotpress.pipeline.stream import Outcome, TraceOrRejected, screen_rows
from cotpress.pipeline.worker_pool import process_in_order
from cotpress.progress import Progress
from cotpress.pruning import Method
from cotpress.storage import compute_content_key
from cotpress.token_counting import UNIT_COUNTER_NAME

RETRIED_REASON = (
    "call-failed"  # a reject for which an interrupted run's part is done again: an outage is not the trace's fault
)


class TraceInput(Protocol):
    """Traces that can be read again from the start, and named."""

    @property
    def identity(self) -> Any:
        """JSON-able data that changes when the input does."""

    @property
    def how(self) -> Any:
        """How the user wants it read, JSON-able."""

    @property
    def recognised(self) -> Any:
        """What the reader took the input for, JSON-able."""

    def __iter__(self) -> Iterator[TraceOrRejected]: ...


class RunSpec(Protocol):
    """A job, as far as every run looks at it."""

    @property
    def format(self) -> str:
        """The export format's name."""

    @property
    def style(self) -> ExampleStyle:
        """How examples are worded."""

    @property
    def target(self) -> float | None:
        """The one keep ratio that was asked for, None for none, a cap or a mix."""

    def to_dict(self) -> dict[str, Any]:
        """The job as JSON-able data, for the summary."""

    def to_key(self) -> dict[str, Any]:
        """What the outcomes depend on, as JSON-able data: an output directory belongs to one such key."""


@dataclass(frozen=True, slots=True)
class RunPaths:
    """Where a run writes and where it keeps signals and replies (None: nowhere)."""

    output: Path
    store: Path | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What turns rows into outcomes, one for one and in order, and how many of them make a part.

    `total` is the number of rows where it is known; `summary_fields` says more of the finished run for its summary.
    `prepare_row` adds to a row what the whole input told, before the rows are shared out.
    `baseline` says what random pruning, with which every outcome is compared, deletes and protects. `workers` is how
    many processes of this machine share the rows out; more than one only where no row's outcome depends on another.
    """

    task: str
    process_rows: Callable[[Iterable[TraceOrRejected]], Iterator[Outcome]]
    part_size: int
    total: int | None
    counted_with: str
    summary_fields: Mapping[str, Any] = field(default_factory=dict)
    baseline: Method = field(default_factory=lambda: Method("random"))
    workers: int = 1
    prepare_row: Callable[[TraceOrRejected], TraceOrRejected] | None = None


def execute_run(
    rows: TraceInput, spec: RunSpec, prepare: Callable[[], RunPlan], paths: RunPaths, progress: Progress
) -> dict[str, Any]:
    """Take the output directory, `prepare` the work, do it on every row, and return the summary.

    Raises:
        CotpressError: it cannot be done as asked; what was finished stays and is continued.
    """
    started = time.monotonic()
    key = compute_content_key(__version__, spec.to_key(), rows.identity, rows.how)
    with open_output_directory(paths.output, key, paths.force) as output:
        plan = prepare()
        write_rows(rows, plan, spec, output, progress)
        facts = {
            "counted_with": plan.counted_with,
            "recognised": rows.recognised,
            "input": rows.identity,
            **_describe_selection(rows.how),
            **plan.summary_fields,
        }
        about = describe_run(spec, time.monotonic() - started, facts)
        return output.finish(about, lambda summary: build_companion_files(spec.format, summary))


def _describe_selection(how: Any) -> dict[str, Any]:
    """Which rows were read, where not all of them were, in their order."""
    selection = how.get("select") if isinstance(how, Mapping) else None
    return {"selection": selection} if selection else {}


def describe_run(spec: RunSpec, seconds: float, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a summary says of a run besides its figures; `facts` are what the run alone can know.

    >>> from cotpress.pipeline.compression_spec import CompressionSpec
    >>> describe_run(CompressionSpec(), 1.5, {"shards": 2})["shards"]
    2
    """
    about: dict[str, Any] = {
        "target_ratio": spec.target,
        "counted_with": UNIT_COUNTER_NAME,
        "seconds": round(seconds, 3),
        "format": spec.format,
        "recognised": [],
        "input": [],
        "method": spec.to_dict(),
        "cotpress": __version__,
    }
    return {**about, **facts}


def write_rows(
    rows: Iterable[TraceOrRejected], plan: RunPlan, spec: RunSpec, output: OutputDirectory, progress: Progress
) -> None:
    """Do the work on all rows that no finished part of an interrupted run holds.

    Args:
        rows: the rows from the start; those of finished parts are passed over.
        plan: what turns rows into outcomes.
        spec: names the export format and the style.
        output: the directory that holds the parts.
        progress: receives what happens.

    >>> from cotpress.pipeline.compression_spec import CompressionSpec
    >>> from cotpress.progress import Silent
    >>> from cotpress.types import Rejected
    >>> plan = RunPlan("Compressing", iter, 64, None, UNIT_COUNTER_NAME)
    >>> with open_output_directory(Path("out"), "key") as directory:
    ...     write_rows([Rejected("empty-reasoning", "The row has none.")], plan, CompressionSpec(), directory, Silent())
    ...     directory.read_counts()[0].reasons
    {'empty-reasoning': 1}
    """
    finished = output.count_finished_parts(RETRIED_REASON)
    done = output.count_rows(finished)
    if finished:
        kept = f"{count_noun(finished, 'finished part')} {inflect(finished, 'is', 'are')} kept"
        progress.say(f"Continuing an interrupted run: {kept}.")
    progress.start(plan.task, plan.total, done)
    checks = select_export_checks(spec.format)

    def process_rows(taken: Iterable[TraceOrRejected]) -> Iterator[Outcome]:
        return add_gauges(plan.process_rows(screen_rows(taken, checks)), plan.baseline)

    remaining = islice(rows, done, None)
    prepared = remaining if plan.prepare_row is None else map(plan.prepare_row, remaining)
    parts = PartWriter(output, spec.format, spec.style, plan.part_size, finished)
    for outcome in process_in_order(prepared, process_rows, plan.workers):
        parts.add(outcome)
        progress.advance(1)
    parts.finish()
    progress.done()


def build_companion_files(format_name: str, summary: Mapping[str, Any], sharded: bool = False) -> dict[str, str]:
    """The files that go beside a training set, which is one file, or a folder of files where it is `sharded`.

    >>> from cotpress.pipeline.output import OutcomeCounts
    >>> from cotpress.pipeline.compression_spec import CompressionSpec
    >>> facts = describe_run(CompressionSpec(format="alpaca"), 1.5, {})
    >>> sorted(build_companion_files("alpaca", {**OutcomeCounts(compressed=1).to_summary(), **facts}))
    ['README.md', 'dataset_info.json']
    """
    info = format_dataset_info(format_name, sharded)
    return {"README.md": format_dataset_card(summary, sharded), **({"dataset_info.json": info} if info else {})}
