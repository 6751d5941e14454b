"""`cotpress rate`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from cotpress.cli.options.choices import PATHS
from cotpress.cli.options.model_options import MODEL_GROUP, ModelOptions
from cotpress.cli.options.read_options import ReadOptions
from cotpress.errors import EXIT_NOTHING_LEFT, OptionError, OutputError

if TYPE_CHECKING:
    from cotpress.progress import Progress
    from cotpress.signals import RankLM
    from cotpress.traces import TraceReader
    from cotpress.types import Rejected, Trace


@Parameter(name="*")
@dataclass(frozen=True)
class RatedFileOptions:
    """Where the rated rows go and what is said about them."""

    output: Annotated[Path, Parameter(name=["--output", "-o"]), PATHS]
    "File to write, NAME.jsonl: each row as it was read, with the columns."
    force: Annotated[bool, Parameter(negative=())] = False
    "Replace the file where it exists."
    json: Annotated[bool, Parameter(negative=())] = False
    "Print the summary as JSON on standard output."
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative=())] = False
    "No progress."

    def check(self) -> None:
        """Raises OptionError for another kind of file, OutputError for one that exists."""
        if self.output.suffix != ".jsonl":
            raise OptionError(f"{self.output} is no name of a JSONL file.", "Give -o NAME.jsonl.")
        if self.output.exists() and not self.force:
            raise OutputError(f"{self.output} exists.", "Give another name with -o, or --force to replace it.")


@Parameter(name="*", group=MODEL_GROUP)
@dataclass(frozen=True)
class SuitabilityOptions:
    """Which student the traces are rated for, and how it is run."""

    student: Annotated[str, PATHS] = ""
    "Model whose rank-surprisal ratio (column rsr) is found: hub id, folder, .gguf file, or embedded model."
    context: int | None = None
    "Tokens that the student looks at together, prompt included; the model's own limit by default."
    batch_tokens: int | None = None
    "Tokens run through the student together; what suits the device by default."
    store: Path | None = None
    "Folder where the student's signals are kept; $COTPRESS_CACHE or ~/.cache/cotpress by default."
    run: ModelOptions = ModelOptions()  # noqa: RUF009 (frozen)

    def open(self) -> RankLM | None:
        """The student, None where none is named.

        Raises:
            OptionError: options of a model are given, and no model.
        """
        if not self.student:
            if self != SuitabilityOptions():
                raise OptionError("Options of a student are given, and no student.", "Add --student MODEL.")
            return None
        from cotpress.models import InferenceLimits
        from cotpress.signals import RankLM

        limits = InferenceLimits(self.context, self.batch_tokens)
        return RankLM(replace(self.run.build_spec(self.student), limits=limits))


class _TrackedRows:
    """Rows whose every reading shows as progress."""

    def __init__(self, rows: TraceReader, progress: Progress) -> None:
        self._rows, self._progress = rows, progress
        self._tasks = iter(("Finding the difficulties", "Rating"))

    def __iter__(self) -> Iterator[Trace | Rejected]:
        from cotpress.progress import track

        return track(self._rows, self._progress, next(self._tasks))


def rate(
    *inputs: Annotated[str, Parameter(required=True), PATHS],
    to: RatedFileOptions,
    read: ReadOptions = ReadOptions(),
    by: SuitabilityOptions = SuitabilityOptions(),
) -> int:
    """Add columns to each row: how hard its question is, and how well its trace suits a student.

    Parameters
    ----------
    inputs
        Files, folders, globs or Hugging Face datasets.
    """
    from cotpress.analysis.rating import rate as rate_traces
    from cotpress.analysis.rating import write_rated_rows
    from cotpress.cli.display.console_output import print_json, print_rejection_reasons
    from cotpress.cli.display.inputs_display import announce_inputs
    from cotpress.storage import get_cache_folder

    to.check()
    student, reading = by.open(), read.open_inputs(inputs)
    rows = _TrackedRows(reading, announce_inputs(reading, to.quiet))
    rated = rate_traces(rows, student, by.store or get_cache_folder())
    summary = {"student": by.student, **write_rated_rows(rated, to.output)}
    if to.json:
        print_json(summary)
    else:
        _print_summary(summary, to.output)
    if not summary["rows"]:
        print_rejection_reasons(summary["rejected_reasons"], {})
    return 0 if summary["rows"] else EXIT_NOTHING_LEFT


def _print_summary(summary: Mapping[str, Any], output: Path) -> None:
    from cotpress.number_formatting import count_noun

    without = summary["rows"] - summary["with_difficulty"]
    print(f"{count_noun(summary['rows'], 'row')} rated, {summary['rejected']:,} rejected; written to {output}")
    print(f"difficulty: {summary['with_difficulty']:,} with one, {without:,} without")
    if "ratio" in summary["rsr"]:
        figures = "{ratio:.3f} (mean rank {rank:.2f}, mean surprisal {surprisal:.3f} nats)".format(**summary["rsr"])
        print(f"rank-surprisal ratio under {summary['student']}: {figures}; lower suits the student better")
    if summary["with_difficulty"]:
        print(f"next: cotpress compress {output} -o out --keep 0.5 --budget-by difficulty")
