"""`cotpress compress`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cotpress.cli.auto import advised, chosen
from cotpress.cli.options import ChooseOptions, ReadOptions, ScoreOptions, WordOptions

if TYPE_CHECKING:
    from cotpress.advice import Advice
    from cotpress.cli.rewrite import EndpointOptions, LevelOptions


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
    from cotpress.cli.rewrite import rewrite
    from cotpress.cli.show import report
    from cotpress.pipeline import Place, run

    if choose.auto.auto:
        advice = advised(choose.auto, inputs, read)
        if advice.kind == "level":
            return rewrite(inputs, to=to, read=read, what=_level(advice, score), who=_rules(score), write=write)
        choose = chosen(advice, choose)
    job = write.job(choose, score)
    reading = read.reading(inputs)
    place = Place(to.output, score.place(), to.force)
    return report(run(reading, job, place, announced(reading, to.quiet)), to.output, to.json)


def _level(advice: Advice, score: ScoreOptions) -> LevelOptions:
    """Rewriting as advised, by the rules; `cotpress rewrite` has a model do it."""
    from cotpress.cli.rewrite import LevelOptions

    keep = () if advice.keep is None else (f"{advice.keep:g}",)
    return LevelOptions(level=advice.method, keep=keep, tokenizer=score.tokenizer)


def _rules(score: ScoreOptions) -> EndpointOptions:
    from cotpress.cli.rewrite import CallOptions, EndpointOptions

    return EndpointOptions(calls=CallOptions(store=score.store))
