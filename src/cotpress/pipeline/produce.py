"""A run from rows to a finished output directory, whatever compresses them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any, Protocol

from cotpress._version import __version__
from cotpress.export import Style, dataset_card, dataset_info, example, get_format
from cotpress.output import OutputDirectory, opened
from cotpress.pipeline.progress import Progress
from cotpress.pipeline.stream import Outcome, Row
from cotpress.store import content_key
from cotpress.tokens import UNITS
from cotpress.wording import agreeing, counted

REDONE = "call-failed"  # a reject for which an interrupted run's part is done again: an outage is not the trace's fault


class Input(Protocol):
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

    def __iter__(self) -> Iterator[Row]: ...


class Asked(Protocol):
    """A job, as far as every run looks at it."""

    @property
    def format(self) -> str:
        """The export format's name."""

    @property
    def style(self) -> Style:
        """How examples are worded."""

    @property
    def target(self) -> float | None:
        """The one keep ratio that was asked for, None for none, a cap or a mix."""

    def described(self) -> dict[str, Any]:
        """The job as JSON-able data: another job, another description."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run writes and where it keeps signals and replies (None: nowhere)."""

    output: Path
    store: Path | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """What turns rows into outcomes, one for one and in order, and how many of them make a part.

    `total` is the number of rows where it is known; `about` says more of the finished run for its summary.
    """

    task: str
    outcomes: Callable[[Iterable[Row]], Iterator[Outcome]]
    part: int
    total: int | None
    counted_with: str
    about: Mapping[str, Any] = field(default_factory=dict)


def produce(rows: Input, job: Asked, prepare: Callable[[], Work], place: Place, progress: Progress) -> dict[str, Any]:
    """Take the output directory, `prepare` the work, do it on every row, and return the summary.

    Raises:
        CotpressError: it cannot be done as asked; what was finished stays and is continued.
    """
    started = time.monotonic()
    key = content_key(__version__, job.described(), rows.identity, rows.how)
    with opened(place.output, key, place.force) as output:
        work = prepare()
        write_rows(rows, work, job, output, progress)
        said = {"counted_with": work.counted_with, "recognised": rows.recognised, "input": rows.identity, **work.about}
        about = about_run(job, time.monotonic() - started, said)
        return output.finish(about, lambda summary: beside(job.format, summary))


def about_run(job: Asked, seconds: float, said: Mapping[str, Any]) -> dict[str, Any]:
    """What a summary says of a run besides its figures; `said` is what the run alone can know."""
    about: dict[str, Any] = {
        "target_ratio": job.target,
        "counted_with": UNITS,
        "seconds": round(seconds, 3),
        "format": job.format,
        "recognised": [],
        "input": [],
        "method": job.described(),
        "cotpress": __version__,
    }
    return {**about, **said}


def write_rows(rows: Iterable[Row], work: Work, job: Asked, output: OutputDirectory, progress: Progress) -> None:
    """Do the work on all rows that no finished part of an interrupted run holds."""
    row = get_format(job.format).row
    finished = output.finished_parts(REDONE)
    if finished:
        kept = f"{counted(finished, 'finished part')} {agreeing(finished, 'is', 'are')} kept"
        progress.say(f"Continuing an interrupted run: {kept}.")
    progress.start(work.task, work.total, finished * work.part)
    outcomes = _counted(work.outcomes(islice(rows, finished * work.part, None)), progress)
    for index in count(finished):
        part = list(islice(outcomes, work.part))
        if not part:
            break
        output.write_part(index, part, lambda one: row(example(one, job.style)))
    progress.done()


def _counted(outcomes: Iterable[Outcome], progress: Progress) -> Iterator[Outcome]:
    for outcome in outcomes:
        yield outcome
        progress.advance(1)


def beside(format_name: str, summary: Mapping[str, Any], sharded: bool = False) -> dict[str, str]:
    """The files that go beside a training set, which is one file, or a folder of files where it is `sharded`."""
    info = dataset_info(format_name, sharded)
    return {"README.md": dataset_card(summary, sharded), **({"dataset_info.json": info} if info else {})}
