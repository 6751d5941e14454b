"""`cotpress compress`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cotpress.cli.options import ChooseOptions, ReadOptions, ScoreOptions, WordOptions


@Parameter(name="*")
@dataclass(frozen=True)
class OutputOptions:
    """Where the output goes and what is said about it."""

    output: Annotated[Path, Parameter(name=["--output", "-o"])]
    "Folder to write; an interrupted run is continued there."
    force: Annotated[bool, Parameter(negative=())] = False
    "Replace a finished output."
    json: Annotated[bool, Parameter(negative=())] = False
    "Print the summary as JSON on standard output."
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative=())] = False
    "No progress."


def compress(
    inputs: Annotated[list[str], Parameter(negative=())],
    /,
    *,
    to: OutputOptions,
    read: ReadOptions = ReadOptions(),
    choose: ChooseOptions = ChooseOptions(),
    score: ScoreOptions = ScoreOptions(),
    write: WordOptions = WordOptions(),
) -> int:
    """Prune traces to a budget and write a training set.

    Parameters
    ----------
    inputs
        Files, folders, globs or Hugging Face datasets.
    """
    from cotpress.cli.progress import announced
    from cotpress.cli.show import report
    from cotpress.pipeline import Place, run

    job = write.job(choose, score)
    reading = read.reading(inputs)
    place = Place(to.output, score.place(), to.force)
    return report(run(reading, job, place, announced(reading, to.quiet)), to.output, to.json)
